"""The window: what it is made of, how it is divided, its menus and actions."""

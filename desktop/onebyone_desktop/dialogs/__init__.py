"""What opens over the window: the command palette, preferences, help."""

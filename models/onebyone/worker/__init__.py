"""The measuring process: its messages, its loop, and the client of the command line."""

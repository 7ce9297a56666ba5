"""Exit codes of the command line."""

FINE = 0
DESIGN_HAS_ERRORS = 1
UNREADABLE = 2
INTERRUPTED = 130
BROKEN_PIPE = 141

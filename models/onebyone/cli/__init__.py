"""The command line: `onebyone` and its commands, one file each."""

COMMANDS = (
    "gallery", "import", "check", "summary", "compare", "sweep", "measure", "roofline", "history", "export", "devices",
    "selftest",
)  # fmt: skip

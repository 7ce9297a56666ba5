"""The command line: `onebyone` and its commands, one file each."""

COMMANDS = ("gallery", "check", "summary", "compare", "measure", "roofline", "history", "export", "devices", "selftest")

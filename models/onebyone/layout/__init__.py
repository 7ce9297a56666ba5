"""Where nodes and groups are drawn: layers, few crossings, alignment."""

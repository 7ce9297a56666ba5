"""The inspector: forms for nodes, groups and modules."""

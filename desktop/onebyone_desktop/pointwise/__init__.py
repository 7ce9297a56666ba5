"""What a 1×1 buys, in the window: the form, twins, merges."""

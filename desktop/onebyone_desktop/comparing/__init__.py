"""Designs side by side: which are compared, the panel that sets them out, canvases that move together."""

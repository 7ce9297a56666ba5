"""The Roofline panel."""

"""Generated source to module to measurement; the only place that imports torch, always inside functions."""

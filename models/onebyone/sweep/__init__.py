"""Sweeps: one to three fields of a design through ranges of values, what every variant costs and what some take."""

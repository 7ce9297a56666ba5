"""How a time is taken and what it is worth: rounds, evidence, statistics, waiting for quiet; no torch here."""

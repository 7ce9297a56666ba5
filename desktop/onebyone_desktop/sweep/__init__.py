"""The Sweep panel, its figures, its measuring and its journal."""

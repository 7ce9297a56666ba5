"""The history of measurements: every finished run with all it was made of, in an SQLite database of the user's."""

"""Lessons in the window: the panel that leads through one, and what follows the reader."""

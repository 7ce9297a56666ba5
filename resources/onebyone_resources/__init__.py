"""Data files of OneByOne, found with `path`."""

from pathlib import Path


def path(name: str) -> Path:
    """The file of this name, such as "icons/conv2d.svg"."""
    return Path(__file__).parent / name

"""The published blocks and networks, built by code from the papers' tables."""

from collections.abc import Callable

import msgspec

from onebyone.design import Design
from onebyone.errors import StorageError
from onebyone.gallery import inception
from onebyone.gallery.modules import Module, modules
from onebyone.strict_json import shown

__all__ = ["Entry", "Module", "entries", "entry", "load", "modules", "names"]


class Entry(msgspec.Struct, frozen=True):
    """One bundled design: the name it is asked for by, what to call it, a sentence on it, and its builder."""

    name: str
    title: str
    description: str
    build: Callable[[], Design]


_ENTRIES = (
    Entry(
        "inception-3a",
        "Inception 3a",
        "GoogLeNet's first module: 1×1 convolutions reduce the channels before the 3×3 and the 5×5.",
        inception.inception_3a,
    ),
    Entry(
        "inception-3a-naive",
        "Inception 3a, naive",
        "The same branches without reductions; the pool passes all its channels on.",
        inception.inception_3a_naive,
    ),
)


def entries() -> tuple[Entry, ...]:
    """All bundled designs, in the order to show them."""
    return _ENTRIES


def names() -> tuple[str, ...]:
    """The names of the bundled designs, as `load` and `gallery:NAME` take them."""
    return tuple(known.name for known in _ENTRIES)


def entry(name: str) -> Entry:
    """The bundled design with this name.

    Raises:
        StorageError: There is none.
    """
    for known in _ENTRIES:
        if known.name == name:
            return known
    raise StorageError(f"The gallery has no {shown(name)}; it has {', '.join(names())}.")


def load(name: str) -> Design:
    """The bundled design with this name.

    Raises:
        StorageError: There is none.
    """
    return entry(name).build()

"""Designs as the command line names them: a path, or gallery:NAME."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from onebyone import gallery
from onebyone.design import Design
from onebyone.errors import DesignFileError, ModelFileError
from onebyone.files.strict_json import shown
from onebyone.formats import read_design

GALLERY = "gallery:"


class Source(msgspec.Struct, frozen=True):
    """A design and what it was asked for by."""

    word: str
    design: Design

    @property
    def title(self) -> str:
        """What to call it: its name, or the file's where it has none."""
        return self.design.name or Path(self.word).stem


def load_source(word: str) -> Source:
    """The design that a word of the command line names.

    Raises:
        DesignFileError: The file holds none.
        StorageError: There is no such file or bundled design.
    """
    if word.startswith(GALLERY):
        return Source(word, gallery.load(word.removeprefix(GALLERY)))
    try:
        return Source(word, read_design(Path(word)))
    except (DesignFileError, ModelFileError) as error:
        raise type(error)(f"{shown(word)} does not open. {error}") from error


def load_sources(words: Sequence[str]) -> tuple[Source, ...]:
    """All designs, in order; see `load_source`."""
    return tuple(load_source(word) for word in words)

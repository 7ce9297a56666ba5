"""Older format versions of a design file, brought up to the present one a version at a time."""

from collections.abc import Callable
from typing import Any

from onebyone.design import FORMAT_VERSION
from onebyone.errors import DesignFileError
from onebyone.strict_json import shown

Document = dict[str, Any]

#: From a format version to the function that turns its plain document into one of the next version.
#: Version 1 is the first there is.
MIGRATIONS: dict[int, Callable[[Document], Document]] = {}


def check_version(version: Any) -> int:
    """The format version of a file, once it is one that this program reads.

    Raises:
        DesignFileError: It is newer than this program, older than any release, or no whole number.
    """
    if isinstance(version, bool) or not isinstance(version, int):
        raise DesignFileError(f'The format version "onebyone" is a whole number, not {shown(version)}.')
    if version > FORMAT_VERSION:
        raise DesignFileError(
            f"It has format version {version}, and this OneByOne reads up to {FORMAT_VERSION};"
            " a newer OneByOne opens it."
        )
    if version < FORMAT_VERSION and version not in MIGRATIONS:
        raise DesignFileError(f"It has format version {version}, which no OneByOne has written; the first is 1.")
    return version


def migrate(document: Document) -> Document:
    """The document as the present version has it.

    Raises:
        DesignFileError: Its version cannot be migrated.
    """
    while (version := check_version(document.get("onebyone"))) < FORMAT_VERSION:
        document = {**MIGRATIONS[version](document), "onebyone": version + 1}
    return document

"""Older format versions of a design file, brought up to the present one a version at a time."""

from collections.abc import Callable
from typing import Any

from onebyone.design import FORMAT_VERSION
from onebyone.errors import DesignFileError
from onebyone.files.strict_json import shown
from onebyone.layers import CATALOGUE

Document = dict[str, Any]

#: The fields that came with version 2: of a design, of a node, of a group.
ADDED_BY_2 = ("direction", "bypassed", "colour")


def _to_2(document: Document) -> Document:
    """Version 2 adds fields and changes none, so a document of version 1 is one of version 2 already.

    One that has a field of version 2 is refused: no OneByOne wrote it, and those that read version 1 would not open it.
    """
    of_design, of_node, of_group = ADDED_BY_2
    _refuse_field("A design", document, of_design)
    for key, field, word in (("nodes", of_node, "Node"), ("groups", of_group, "Group")):
        members = document.get(key)
        for member in members if isinstance(members, list) else ():
            if isinstance(member, dict):
                _refuse_field(f"{word} {shown(member.get('id'))}", member, field)
    return document


def _to_3(document: Document) -> Document:
    """Version 3 adds kinds of layers and changes nothing else."""
    return document


def _refuse_later_kinds(document: Document, version: int) -> None:
    """A document with a kind that came after its version is refused, for the reasons that later fields are."""
    nodes = document.get("nodes")
    for node in nodes if isinstance(nodes, list) else ():
        layer = node.get("layer") if isinstance(node, dict) else None
        tag = layer.get("kind") if isinstance(layer, dict) else None
        kind = CATALOGUE.get(tag) if isinstance(tag, str) else None
        if kind is not None and kind.since > version:
            raise DesignFileError(
                f"Node {shown(node.get('id'))}: there is no layer kind {tag!r} in format version {version};"
                f" it came with version {kind.since}."
            )


def _refuse_field(label: str, plain: Document, field: str) -> None:
    if field in plain:
        raise DesignFileError(f"{label} has no field {field!r} in format version 1; it came with version 2.")


#: From a format version to the function that turns its plain document into one of the next version.
#: Version 1 is the first there is.
MIGRATIONS: dict[int, Callable[[Document], Document]] = {1: _to_2, 2: _to_3}


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
        DesignFileError: Its version cannot be migrated, or does not have all that is in the document.
    """
    _refuse_later_kinds(document, check_version(document.get("onebyone")))
    while (version := check_version(document.get("onebyone"))) < FORMAT_VERSION:
        document = {**MIGRATIONS[version](document), "onebyone": version + 1}
    return document

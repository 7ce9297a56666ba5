"""Design files: bytes to a design and back, strict in what is read and stable in what is written."""

import json
from collections.abc import Sized
from functools import cache
from os import PathLike
from pathlib import Path
from typing import Any

import msgspec

from onebyone.design import FORMAT_VERSION, MAX_GROUPS, MAX_NODES, Design, Direction, Group, Node, is_valid_id
from onebyone.errors import DesignFileError
from onebyone.files import safe_file
from onebyone.files.malformed import explain, node_label, too_many_nodes
from onebyone.files.migrations import ADDED_BY_2, check_version, migrate
from onebyone.files.strict_json import decode_text, parse, shown
from onebyone.layers import AnyLayer
from onebyone.layers.versions import later_value, least_version
from onebyone.text import NOTES_LENGTH, TITLE_LENGTH, clean_line, clean_notes

MAX_BYTES = 32 * 2**20
#: Enough for a densely connected network; each wire costs the analysis time.
MAX_WIRES = 500_000
#: A name is only shown; this keeps a megabyte of it out of the window's title.
MAX_NAME_LENGTH = 1_000

_ID_RULE = "an id is a letter, then letters, digits and underscores, at most 64 in all, and no Python keyword"


class _Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    onebyone: int
    name: str = ""
    notes: str = ""
    direction: Direction = "down"
    nodes: tuple[Node, ...] = ()
    groups: tuple[Group, ...] = ()


class _Outline(msgspec.Struct, frozen=True):
    nodes: tuple[msgspec.Raw, ...] = ()


#: The versions that only added to the one before: what the decoder does not like in one is not right in another.
_SAME_FORM = (1, 2, 3)
_DECODER = msgspec.json.Decoder(_Document)
_OUTLINE_DECODER = msgspec.json.Decoder(_Outline)
# A design of 20,000 usual nodes; above it, counting before decoding saves seconds where there are a million.
_LARGE_BYTES = 2 * 2**20


def load(path: str | PathLike[str]) -> Design:
    """Reads a design file.

    Raises:
        DesignFileError: The file does not hold a design.
        StorageError: The file cannot be read.
    """
    target = Path(path)
    design = loads(safe_file.read(target, MAX_BYTES))
    safe_file.sweep(target)
    return design


def save(design: Design, path: str | PathLike[str]) -> None:
    """Writes a design file so that the old one stays whole until the new one is safe on the disk.

    Raises:
        DesignFileError: The design holds values that could not be read back.
        StorageError: The file cannot be written; the old one is as it was.
    """
    data = dumps(design)
    loads(data)
    target = Path(path)
    safe_file.write(target, data)
    safe_file.sweep(target)


def loads(data: bytes) -> Design:
    """The design that the bytes of a file stand for; a wrong design is fine, a malformed one is not.

    Raises:
        DesignFileError: The bytes are malformed; the text says where and what would be right.
    """
    if len(data) > MAX_BYTES:
        raise DesignFileError(f"It has {len(data):,} bytes, and a design file has at most {MAX_BYTES:,}.")
    text = decode_text(data)
    try:
        if len(data) > _LARGE_BYTES:
            _check_count(_OUTLINE_DECODER.decode(data).nodes)
        document = _DECODER.decode(data)
        if not _is_read_directly(document, text) or _may_repeat_keys(data, text, document):
            document = _read_slowly(text)
    except (msgspec.DecodeError, RecursionError) as error:
        document = _read_slowly(text, error)
    return _checked(document)


def dumps(design: Design) -> bytes:
    """The bytes of a design's file: pretty, in a fixed order, without what is at its default.

    Raises:
        DesignFileError: A number in the design is not finite.
    """
    parts = [f'  "onebyone": {_least_version(design)}']
    if name := clean_line(design.name, MAX_NAME_LENGTH):
        parts.append(f'  "name": {_encode(name)}')
    if notes := clean_notes(design.notes):
        parts.append(f'  "notes": {_encode(notes)}')
    if design.direction != "down":
        parts.append(f'  "direction": {_encode(design.direction)}')
    for key, members in (
        ("nodes", [_plain_node(node) for node in design.nodes]),
        ("groups", [_plain_group(group) for group in design.groups]),
    ):
        if members:
            lines = ",\n".join(f"    {_encode(member)}" for member in members)
            parts.append(f'  "{key}": [\n{lines}\n  ]')
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def _least_version(design: Design) -> int:
    """The oldest format version that can hold the design, so that older programs open what they can."""
    uses_additions = (
        design.direction != "down"
        or any(node.bypassed for node in design.nodes)
        or any(group.colour for group in design.groups)
    )
    return max(2 if uses_additions else 1, _least_version_of_layers(design.nodes))


def _least_version_of_layers(nodes: tuple[Node, ...]) -> int:
    return max((least_version(node.layer) for node in nodes), default=1)


def _encode(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError:
        raise DesignFileError(f"A number that is not finite cannot be saved: {shown(value)}.") from None


def _plain_node(node: Node) -> dict[str, Any]:
    plain: dict[str, Any] = {"id": node.id}
    if title := clean_line(node.title):
        plain["title"] = title
    plain["layer"] = _plain_layer(node.layer)
    if node.inputs:
        plain["inputs"] = node.inputs
    if node.position is not None:
        plain["position"] = [_plain(number) for number in node.position]
    if node.bypassed:
        plain["bypassed"] = True
    return plain


def _plain_layer(layer: AnyLayer) -> dict[str, Any]:
    plain: dict[str, Any] = {"kind": layer.kind}
    for name, default in _defaults(type(layer)):
        value = getattr(layer, name)
        if value != default:
            plain[name] = _plain(value)
    return plain


@cache
def _defaults(kind: type[AnyLayer]) -> tuple[tuple[str, Any], ...]:
    return tuple((field.name, field.default) for field in msgspec.structs.fields(kind))


def _plain_group(group: Group) -> dict[str, Any]:
    plain: dict[str, Any] = {"id": group.id}
    if title := clean_line(group.title):
        plain["title"] = title
    if group.nodes:
        plain["nodes"] = group.nodes
    if group.groups:
        plain["groups"] = group.groups
    if group.collapsed:
        plain["collapsed"] = True
    if group.colour:
        plain["colour"] = group.colour
    return plain


def _plain(value: Any) -> Any:
    """The value as it is written: a whole number without a fraction, whatever type the design holds it in.

    Numbers inside of data keep their type, on which the result of an operator may depend.
    """
    if isinstance(value, tuple):
        return msgspec.to_builtins(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _is_read_directly(document: _Document, text: str) -> bool:
    """Whether a document that was decoded as one of the present version is certainly right as it is.

    An older one is, unless it has a kind or a value of a layer that came later, or may have such a field of a design, a
    node or a group, in plain letters or in escapes.
    """
    version = document.onebyone
    if version == FORMAT_VERSION:
        return True
    if version == 1 and ("\\u00" in text or any(f'"{field}"' in text for field in ADDED_BY_2)):
        return False
    return version in _SAME_FORM and _least_version_of_layers(document.nodes) <= version


def _may_repeat_keys(data: bytes, text: str, document: _Document) -> bool:
    """Whether a key may stand twice in an object; a no is certain.

    Every key is followed by a colon. If there are as many colons outside texts as there are different keys, no key
    repeats. This takes a third of the time of a parser that looks at the pairs.
    """
    if "\\u003" in text:
        return True
    plain = msgspec.json.decode(data)
    nodes, groups = plain.get("nodes", ()), plain.get("groups", ())
    keys = len(plain) + sum(map(len, nodes)) + sum([len(node["layer"]) for node in nodes]) + sum(map(len, groups))
    imported = [place for place, node in enumerate(document.nodes) if node.layer.is_imported]
    keys += sum(_keys_within(value) for place in imported for value in nodes[place]["layer"].values())
    texts = [document.name, document.notes]
    texts += [node.title for node in document.nodes if node.title]
    texts += [group.title for group in document.groups if group.title]
    return text.count(":") != keys + sum(part.count(":") for part in texts)


def _keys_within(value: Any) -> int:
    """How many keys the objects within a plain value have."""
    if isinstance(value, dict):
        return len(value) + sum(map(_keys_within, value.values()))
    return sum(map(_keys_within, value)) if isinstance(value, list) else 0


def _read_slowly(text: str, error: Exception | None = None) -> _Document:
    """The document by way of plain values: for older versions, and to find words for what is wrong."""
    plain = parse(text)
    version = FORMAT_VERSION
    if isinstance(plain, dict):
        if "onebyone" not in plain:
            raise DesignFileError('It is no OneByOne design: the key "onebyone" with the format version is missing.')
        version = check_version(plain["onebyone"])
        plain = migrate(plain)
        if version in _SAME_FORM and error is not None:
            explain(plain, str(error))
    try:
        document = msgspec.convert(plain, _Document)
    except msgspec.ValidationError as problem:
        explain(plain, str(problem))
    if version < FORMAT_VERSION:
        _refuse_later_values(document.nodes, version)
    return document


def _refuse_later_values(nodes: tuple[Node, ...], version: int) -> None:
    """A value that came after the version of its file is refused, for the reasons that later fields are."""
    for index, node in enumerate(nodes):
        if later := later_value(node.layer, version):
            raise DesignFileError(
                f"{node_label(node.id, index)}: the kind {node.layer.kind} has no {later.words}"
                f" in format version {version}; it came with version {later.since}."
            )


def _checked(document: _Document) -> Design:
    _check_count(document.nodes)
    nodes = _checked_nodes(document.nodes)
    groups = _checked_groups(document.groups, nodes) if document.groups else ()
    return Design(
        name=_checked_text("The name", clean_line(document.name, len(document.name)), MAX_NAME_LENGTH),
        notes=_checked_text("The notes", _whole_notes(document.notes), NOTES_LENGTH),
        direction=document.direction,
        nodes=nodes,
        groups=groups,
    )


def _check_count(nodes: Sized) -> None:
    if len(nodes) > MAX_NODES:
        raise too_many_nodes(len(nodes))


def _whole_notes(notes: str) -> str:
    if len(notes) > NOTES_LENGTH:
        _checked_text("The notes", notes.strip(), NOTES_LENGTH)
    return clean_notes(notes)


def _checked_text(label: str, text: str, limit: int) -> str:
    if len(text) > limit:
        raise DesignFileError(f"{label} may have {limit:,} characters at most, not {len(text):,}.")
    return text


def _checked_nodes(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    ids: set[str] = set()
    sources: set[str] = set()
    wires = 0
    titled = False
    for index, node in enumerate(nodes):
        node_id = node.id
        if not is_valid_id(node_id):
            raise DesignFileError(f"{node_label(node_id, index)}: {_ID_RULE}.")
        flaw = node.layer.flaw()
        if flaw is not None:
            raise DesignFileError(f"{node_label(node_id, index)}: {flaw}.")
        if node_id in ids:
            raise DesignFileError(f"Node {shown(node_id)} stands twice; every id is used once.")
        ids.add(node_id)
        sources.update(node.inputs)
        wires += len(node.inputs)
        titled = titled or node.title != ""
    if wires > MAX_WIRES:
        raise DesignFileError(f"It has {wires:,} wires, and a design has at most {MAX_WIRES:,}.")
    if not sources <= ids:
        _check_unknown_sources(nodes)
    return tuple(_with_clean_title(node) for node in nodes) if titled else nodes


def _check_unknown_sources(nodes: tuple[Node, ...]) -> None:
    """An input may name a node that is not there, as work in progress does, but nothing that could never be a node."""
    for index, node in enumerate(nodes):
        for source in node.inputs:
            if not is_valid_id(source):
                raise DesignFileError(f"{node_label(node.id, index)}: {shown(source)} cannot be an input: {_ID_RULE}.")


def _with_clean_title(node: Node) -> Node:
    title = _clean_title(f"Node {shown(node.id)}: the title", node.title) if node.title else ""
    return node if title == node.title else msgspec.structs.replace(node, title=title)


def _clean_title(label: str, title: str) -> str:
    return _checked_text(label, clean_line(title, len(title)), TITLE_LENGTH)


def _checked_groups(groups: tuple[Group, ...], nodes: tuple[Node, ...]) -> tuple[Group, ...]:
    if len(groups) > MAX_GROUPS:
        raise DesignFileError(f"It has {len(groups):,} groups, and a design has at most {MAX_GROUPS:,}.")
    group_ids: set[str] = set()
    for index, group in enumerate(groups):
        if not is_valid_id(group.id):
            raise DesignFileError(f"Group number {index + 1:,}, {shown(group.id)}: {_ID_RULE}.")
        if group.id in group_ids:
            raise DesignFileError(f"Group {shown(group.id)} stands twice; every id is used once.")
        group_ids.add(group.id)
    node_ids = {node.id for node in nodes}
    if shared := group_ids & node_ids:
        raise DesignFileError(f"A group and a node are both called {shown(min(shared))}; every id is used once.")
    _parents(groups, "node", node_ids)
    _check_no_cycle(_parents(groups, "group", group_ids))
    return tuple(
        msgspec.structs.replace(group, title=_clean_title(f"Group {shown(group.id)}: the title", group.title))
        for group in groups
    )


def _parents(groups: tuple[Group, ...], member_type: str, known: set[str]) -> dict[str, str]:
    """The group that each member belongs to, where every member exists and belongs to one group only."""
    parents: dict[str, str] = {}
    for group in groups:
        for member in group.nodes if member_type == "node" else group.groups:
            if member not in known:
                raise DesignFileError(
                    f"Group {shown(group.id)} holds the {member_type} {shown(member)}, which is missing."
                )
            if member in parents:
                raise DesignFileError(
                    f"The {member_type} {shown(member)} is in group {shown(parents[member])}"
                    f" and in group {shown(group.id)}; it may be in one."
                )
            parents[member] = group.id
    return parents


def _check_no_cycle(parents: dict[str, str]) -> None:
    settled: set[str] = set()
    for start in parents:
        trail: list[str] = []
        on_trail: set[str] = set()
        group = start
        while group in parents and group not in settled:
            if group in on_trail:
                raise DesignFileError(f"Group {shown(group)} holds itself, directly or through other groups.")
            trail.append(group)
            on_trail.add(group)
            group = parents[group]
        settled.update(trail)

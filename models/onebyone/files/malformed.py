"""What is wrong with a document that is not a design, as one sentence that names the node."""

import math
from difflib import get_close_matches
from typing import Any, NoReturn, get_args

from onebyone.design import COLOURS, FORMAT_VERSION, MAX_COORDINATE, MAX_NODES, Direction, Node
from onebyone.errors import DesignFileError
from onebyone.files.strict_json import shown
from onebyone.layers import CATALOGUE
from onebyone.layers.fields import fields_of

_DOCUMENT_KEYS = ("onebyone", "name", "notes", "direction", "nodes", "groups")
_LONGEST_KIND = 60
_GROUP_KEYS = ("id", "title", "nodes", "groups", "collapsed", "colour")


def node_label(node_id: Any, index: int) -> str:
    """How a message names a node: by its id, or by its place where the id is no help."""
    return f"Node {shown(node_id)}" if isinstance(node_id, str) and node_id else f"Node number {index + 1:,}"


def explain(document: Any, fallback: str) -> NoReturn:
    """Says why a document, as plain values, is not a design of the present format version.

    Args:
        document: The plain document.
        fallback: What the decoder said about it, for the case that nothing better is found.

    Raises:
        DesignFileError: Always.
    """
    if not isinstance(document, dict):
        raise DesignFileError(f"It holds {_kind_of(document)}, not a design, which is an object in braces.")
    _check_keys("A design", document, _DOCUMENT_KEYS, ())
    for key in ("name", "notes"):
        _check_text(f"The {key}", document.get(key, ""))
    _check_choice("The key 'direction'", document.get("direction", "down"), get_args(Direction))
    nodes = _list("The key 'nodes'", document.get("nodes", []))
    if len(nodes) > MAX_NODES:
        raise too_many_nodes(len(nodes))
    for index, node in enumerate(nodes):
        _explain_node(node, index)
    for index, group in enumerate(_list("The key 'groups'", document.get("groups", []))):
        _explain_group(group, index)
    raise DesignFileError(f"It is not a design of format version {FORMAT_VERSION}: {fallback}.")


def too_many_nodes(found: int) -> DesignFileError:
    """The refusal of a design that is too large."""
    return DesignFileError(f"It has {found:,} nodes, and a design has at most {MAX_NODES:,}.")


def _explain_node(node: Any, index: int) -> None:
    if not isinstance(node, dict):
        raise DesignFileError(f"Node number {index + 1:,} is {_kind_of(node)}; a node is an object in braces.")
    label = node_label(node.get("id"), index)
    _check_keys(label, node, Node.__struct_fields__, ("id", "layer"))
    _check_text(f"{label}: the id", node["id"])
    _check_text(f"{label}: the title", node.get("title", ""))
    for source in _list(f"{label}: 'inputs'", node.get("inputs", [])):
        _check_text(f"{label}: an input", source)
    if node.get("position") is not None:
        _check_position(label, node["position"])
    _check_flag(f"{label}: 'bypassed'", node.get("bypassed", False))
    _explain_layer(label, node["layer"])


def _explain_layer(label: str, layer: Any) -> None:
    if not isinstance(layer, dict):
        raise DesignFileError(f"{label}: the layer is {_kind_of(layer)}; it is an object in braces.")
    kind = layer.get("kind")
    if not isinstance(kind, str) or kind not in CATALOGUE:
        raise DesignFileError(f"{label}: {_unknown_kind(layer)}.")
    fields = fields_of(kind)
    known = ("kind", *(field.name for field in fields))
    required = tuple(field.name for field in fields if field.required)
    _check_keys(f"{label}: a {kind}", layer, known, required)
    for field in fields:
        if field.name in layer:
            value = layer[field.name]
            reason = field.problem_with(tuple(value) if isinstance(value, list) else value)
            if reason is not None:
                raise DesignFileError(f"{label}: {field.title} {reason}.")


def _unknown_kind(layer: dict[str, Any]) -> str:
    if "kind" not in layer:
        return "the layer has no kind, such as conv2d or concat"
    kind = layer["kind"]
    near = get_close_matches(kind[:_LONGEST_KIND], CATALOGUE, cutoff=0.5) if isinstance(kind, str) else []
    advice = f"there is {' and '.join(near)}" if near else "a newer OneByOne may know it"
    return f"there is no layer kind {shown(kind)}; {advice}"


def _explain_group(group: Any, index: int) -> None:
    label = f"Group number {index + 1:,}"
    if not isinstance(group, dict):
        raise DesignFileError(f"{label} is {_kind_of(group)}; a group is an object in braces.")
    if isinstance(group.get("id"), str):
        label = f"Group {shown(group['id'])}"
    _check_keys(label, group, _GROUP_KEYS, ("id",))
    _check_text(f"{label}: the id", group["id"])
    _check_text(f"{label}: the title", group.get("title", ""))
    for key in ("nodes", "groups"):
        for member in _list(f"{label}: {key!r}", group.get(key, [])):
            _check_text(f"{label}: a member of {key!r}", member)
    _check_flag(f"{label}: 'collapsed'", group.get("collapsed", False))
    _check_choice(f"{label}: 'colour'", group.get("colour", ""), ("", *COLOURS))


def _check_keys(label: str, value: dict[str, Any], known: tuple[str, ...], required: tuple[str, ...]) -> None:
    for key in value:
        if key not in known:
            raise DesignFileError(f"{label} has no field {shown(key)}; it may have {', '.join(known)}.")
    for key in required:
        if key not in value:
            raise DesignFileError(f"{label} needs the field {key!r}.")


def _check_text(label: str, value: Any) -> None:
    if not isinstance(value, str):
        raise DesignFileError(f"{label} is {_kind_of(value)}; it must be text.")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise DesignFileError(f"{label} holds half of a character, {shown(value)}; write both halves or none.")


def _check_flag(label: str, value: Any) -> None:
    if not isinstance(value, bool):
        raise DesignFileError(f"{label} is true or false, not {shown(value)}.")


def _check_choice(label: str, value: Any, choices: tuple[str, ...]) -> None:
    if value not in choices:
        words = ", ".join(choice for choice in choices if choice)
        raise DesignFileError(f"{label} is one of {words}, not {shown(value)}.")


def _check_position(label: str, value: Any) -> None:
    fits = isinstance(value, list) and len(value) == 2 and all(_is_coordinate(number) for number in value)
    if not fits:
        raise DesignFileError(
            f"{label}: the position needs two numbers from -1,000,000 to 1,000,000, but got {shown(value)}."
        )


def _is_coordinate(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and abs(value) <= MAX_COORDINATE


def _list(label: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise DesignFileError(f"{label} is {_kind_of(value)}; it must be a list.")
    return value


def _kind_of(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    names: dict[type, str] = {dict: "an object", list: "a list", str: "text"}
    return names.get(type(value), "a number")

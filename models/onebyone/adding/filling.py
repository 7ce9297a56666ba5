"""Fills what was typed into the fields of a layer, with defaults that fit what stands before it."""

from collections.abc import Mapping
from typing import Any

from onebyone.adding.query import Query
from onebyone.layers import AnyLayer
from onebyone.layers.fields import Field, changed_layer, fields_of
from onebyone.shape import Shape

# Words that are no choice of a field themselves, and the choice they stand for.
_CHOICE_WORDS = {
    "bn": "batch", "batchnorm": "batch", "plain": "none", "swish": "silu", "leaky": "leaky_relu",
    "leakyrelu": "leaky_relu", "hswish": "hardswish", "hsigmoid": "hardsigmoid",
}  # fmt: skip
_SWITCHES = {"nobias": {"bias": False}, "ceil": {"ceil_mode": True}}
_DEPTHWISE = {"depthwise", "dw"}
#: Stands among the changes where every channel is to have its own group.
DEPTHWISE = "depthwise"

Changes = dict[str, Any]


def changes_by_word(layer: AnyLayer, word: str, is_open: bool) -> Changes | None:
    """What a word such as "relu", "bn" or "nobias" changes in a layer, or None where it is no such word.

    Args:
        is_open: The word may still be incomplete.
    """
    fields = _fields(layer)
    if word in _DEPTHWISE:
        return {DEPTHWISE: True} if {"groups", "out_channels"} <= fields.keys() else None
    if word in _SWITCHES:
        return _SWITCHES[word] if _SWITCHES[word].keys() <= fields.keys() else None
    wanted = _CHOICE_WORDS.get(word, word)
    choices = [(name, choice) for name in ("activation", *fields) if name in fields for choice in fields[name].choices]
    exact = [{name: choice} for name, choice in choices if choice == wanted]
    begun = [{name: choice} for name, choice in choices if is_open and choice.startswith(wanted)]
    return next(iter(exact + begun), None)


def filled(layer: AnyLayer, query: Query, chosen: Changes, shape: Shape | None) -> AnyLayer | None:
    """The layer with what was typed, or None where it has no field for a number.

    Args:
        chosen: What the words change.
        shape: What feeds the layer, where that is known.

    Raises:
        EditError: A number is beyond the limits of its field.
    """
    fields = _fields(layer)
    changes = _without_defaults(fields, chosen)
    layer = changed_layer(layer, {name: value for name, value in changes.items() if name in fields})
    idle = layer.idle_fields
    numbers = _numbers(layer, {name: field for name, field in fields.items() if name not in idle}, query)
    if numbers is None:
        return None
    changes |= numbers
    _follow_shape(fields, changes, shape)
    if {"kernel", "stride", "dilation"} & changes.keys():
        changes |= layer.following(changes)
    if changes.pop(DEPTHWISE, False):
        changes["groups"] = changes.get("out_channels", getattr(layer, "out_channels", 1))
    return changed_layer(layer, changes)


def _fields(layer: AnyLayer) -> dict[str, Field]:
    return {field.name: field for field in fields_of(layer.kind)}


def _without_defaults(fields: Mapping[str, Field], chosen: Changes) -> Changes:
    """Who names a norm or an activation names all that there is to be."""
    if {"norm", "activation"} & chosen.keys() and {"norm", "activation"} <= fields.keys():
        return {"norm": "none", "activation": "none", **chosen}
    return dict(chosen)


def _numbers(layer: AnyLayer, fields: Mapping[str, Field], query: Query) -> Changes | None:
    changes: Changes = {}
    for name, value in query.settings.items():
        if name in fields:
            changes[name] = value if fields[name].type == "pair" else value[0]
        elif found := layer.setting(name, value):
            changes |= found
        else:
            return None
    parts = (_window(fields, query), _integers(layer, fields, query), _decimals(fields, query.decimals))
    for part in parts:
        if part is None:
            return None
        changes |= part
    return changes


def _window(fields: Mapping[str, Field], query: Query) -> Changes | None:
    if query.window is None:
        return {}
    name = _first(fields, "pair")
    return None if name is None else {name: query.window}


def _integers(layer: AnyLayer, fields: Mapping[str, Field], query: Query) -> Changes | None:
    values = query.integers
    if not values:
        return {}
    names = [name for name, field in fields.items() if field.type == "integer" and field.required]
    if names:
        return _required_integers(names, values)
    integer, pair, number = (_first(fields, kind) for kind in ("integer", "pair", "number"))
    if len(values) > 1:
        return None
    if found := layer.setting("", (values[0], values[0])):
        return found
    if integer is not None:
        return {integer: values[0]}
    if pair is not None:
        return None if query.window is not None else {pair: (values[0], values[0])}
    return None if number is None else {number: values[0]}


def _required_integers(names: list[str], values: list[int]) -> Changes | None:
    if len(values) > len(names):
        return None
    if names == ["start", "stop"] and len(values) == 1:
        return {"start": 0, "stop": values[0]}
    if names == ["channels", "height", "width"]:
        if len(values) == 2:
            values = [values[0], values[1], values[1]]
        elif len(values) == 3 and values[0] == values[1] != values[2]:
            # As shapes are written on the canvas and in the papers: height, width, channels.
            values = [values[2], values[0], values[1]]
    return dict(zip(names, values, strict=False))


def _decimals(fields: Mapping[str, Field], values: list[float]) -> Changes | None:
    if not values:
        return {}
    name = _first(fields, "number")
    return None if name is None or len(values) > 1 else {name: values[0]}


def _first(fields: Mapping[str, Field], kind: str) -> str | None:
    return next((name for name, field in fields.items() if field.type == kind), None)


def _follow_shape(fields: Mapping[str, Field], changes: Changes, shape: Shape | None) -> None:
    """As many channels come out as go in, where nothing else was typed."""
    if shape is None:
        return
    if "out_channels" in fields:
        changes.setdefault("out_channels", shape[0])
    if "stop" in fields and "stop" not in changes:
        changes |= {"start": 0, "stop": max(shape[0] // 2, 1)}

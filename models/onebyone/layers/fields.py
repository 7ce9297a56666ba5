"""The fields of a kind as data: limits, defaults and words, for forms and for checking edits."""

import math
from functools import cache
from typing import Any, Literal

import msgspec
from msgspec import inspect

from onebyone.errors import EditError
from onebyone.layers import CATALOGUE, AnyLayer
from onebyone.layers.activation import ACTIVATION_TITLES

FieldType = Literal["integer", "pair", "boolean", "number", "choice"]

FIELD_TITLES = {
    "out_channels": "Output channels",
    "kernel": "Kernel",
    "stride": "Stride",
    "padding": "Padding",
    "dilation": "Dilation",
    "groups": "Groups",
    "bias": "Bias",
    "norm": "Norm",
    "activation": "Activation",
    "channels": "Channels",
    "height": "Height",
    "width": "Width",
    "ceil_mode": "Round sizes up",
    "count_include_pad": "Count padding",
    "output_size": "Output size",
    "value": "Factor",
    "eps": "Epsilon",
    "size": "Size",
    "alpha": "Alpha",
    "beta": "Beta",
    "k": "k",
    "function": "Function",
    "p": "Probability",
    "out_features": "Output features",
    "start": "First channel",
    "stop": "Stop before channel",
    "scale_factor": "Scale factor",
    "mode": "Mode",
}


class Field(msgspec.Struct, frozen=True):
    """One hyper-parameter: what may be typed into it.

    `minimum` and `maximum` are included, except where `minimum_excluded`; a pair's limits hold for both numbers.
    """

    name: str
    title: str
    type: FieldType
    default: Any = None
    required: bool = False
    optional: bool = False
    minimum: float | None = None
    maximum: float | None = None
    minimum_excluded: bool = False
    choices: tuple[str, ...] = ()

    def problem_with(self, value: Any) -> str | None:
        """Why the value cannot stand here, as the end of a sentence; None where it can."""
        if value is None:
            return None if self.optional else "needs a value"
        if self.type == "pair":
            numbers = value if isinstance(value, tuple) else ()
            fits = len(numbers) == 2 and all(self._holds_integer(number) for number in numbers)
            return None if fits else f"needs two whole numbers, each {self._range()}, but got {_shown(value)}"
        if self.type == "integer":
            return None if self._holds_integer(value) else f"needs a whole number {self._range()}, not {_shown(value)}"
        if self.type == "number":
            return None if self._holds_number(value) else f"needs a number {self._range()}, not {_shown(value)}"
        if self.type == "boolean":
            return None if isinstance(value, bool) else f"is on or off, not {_shown(value)}"
        return None if value in self.choices else f"is one of {', '.join(self.choices)}, not {_shown(value)}"

    def _holds_integer(self, value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and self._in_range(value)

    def _holds_number(self, value: Any) -> bool:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and math.isfinite(value) and self._in_range(value)

    def _in_range(self, value: float) -> bool:
        if self.minimum is not None and (value < self.minimum or (self.minimum_excluded and value == self.minimum)):
            return False
        return self.maximum is None or value <= self.maximum

    def _range(self) -> str:
        least = f"{self.minimum:,g}" if self.type == "number" else f"{self.minimum:,}"
        most = f"{self.maximum:,g}" if self.type == "number" else f"{self.maximum:,}"
        return f"over {least} and up to {most}" if self.minimum_excluded else f"from {least} to {most}"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}…"


@cache
def fields_of(kind: str) -> tuple[Field, ...]:
    """The fields of a kind in the order they are saved and shown."""
    info = inspect.type_info(CATALOGUE[kind])
    assert isinstance(info, inspect.StructType)
    return tuple(_field(field) for field in info.fields)


def _field(field: inspect.Field) -> Field:
    default = None if field.default is msgspec.NODEFAULT else field.default
    title = FIELD_TITLES[field.name]
    kind = field.type
    optional = False
    choices: tuple[Any, ...] = kind.values if isinstance(kind, inspect.LiteralType) else ()
    if isinstance(kind, inspect.UnionType):
        members = [member for member in kind.types if not isinstance(member, inspect.NoneType)]
        optional = len(members) < len(kind.types)
        kind = members[0]
        choices = tuple(
            value for member in members if isinstance(member, inspect.LiteralType) for value in member.values
        )
    common = {"name": field.name, "title": title, "default": default, "required": field.required, "optional": optional}
    if isinstance(kind, inspect.TupleType):
        item = kind.item_types[0]
        assert isinstance(item, inspect.IntType)
        return Field(**common, type="pair", minimum=item.ge, maximum=item.le)  # type: ignore[arg-type]
    if isinstance(kind, inspect.IntType):
        return Field(**common, type="integer", minimum=kind.ge, maximum=kind.le)  # type: ignore[arg-type]
    if isinstance(kind, inspect.FloatType):
        least = kind.gt if kind.ge is None else kind.ge
        return Field(**common, type="number", minimum=least, maximum=kind.le, minimum_excluded=kind.ge is None)  # type: ignore[arg-type]
    if isinstance(kind, inspect.BoolType):
        return Field(**common, type="boolean")  # type: ignore[arg-type]
    return Field(**common, type="choice", choices=_ordered_choices(choices))  # type: ignore[arg-type]


def _ordered_choices(values: tuple[Any, ...]) -> tuple[str, ...]:
    # msgspec sorts the values of a literal; a form shows them in the order of the vocabulary.
    order = [*ACTIVATION_TITLES, "batch", "nearest", "bilinear"]
    return tuple(sorted(values, key=order.index))


def checked_layer(layer: AnyLayer) -> AnyLayer:
    """The layer itself, once every field holds a value of its type within its limits.

    Raises:
        EditError: A field does not; the text names it and says what would.
    """
    for field in fields_of(layer.kind):
        reason = field.problem_with(getattr(layer, field.name))
        if reason is not None:
            raise EditError(f"{field.title} {reason}.")
    return layer


def changed_layer(layer: AnyLayer, changes: dict[str, Any]) -> AnyLayer:
    """The layer with new field values.

    Raises:
        EditError: The kind has no such field, or a value does not fit it.
    """
    known = {field.name for field in fields_of(layer.kind)}
    for name in changes:
        if name not in known:
            raise EditError(f"{layer.label} has no field {name!r}.")
    plain = {name: tuple(value) if isinstance(value, list) else value for name, value in changes.items()}
    return checked_layer(msgspec.structs.replace(layer, **plain))

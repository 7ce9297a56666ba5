"""The fields of a kind as data: limits, defaults and words, for forms and for checking edits."""

import math
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import inspect

from onebyone.errors import EditError
from onebyone.layers import CATALOGUE, AnyLayer
from onebyone.layers.base import Layer

FieldType = Literal["integer", "pair", "boolean", "number", "choice", "data"]


class Field(msgspec.Struct, frozen=True):
    """One hyper-parameter: what may be typed into it.

    `minimum` and `maximum` are included, except where `minimum_excluded`; a pair's limits hold for both numbers.
    `absent` says what it means that an optional field has no value; `choice_titles` are in the order of `choices`.
    What is data is not typed, and its kind says what is wrong with it.
    `since` is the format version that first knew the field, `choices_since` those of choices that came after it.
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
    choice_titles: tuple[str, ...] = ()
    unit: str = ""
    absent: str = ""
    since: int = 1
    choices_since: dict[str, int] = {}

    def title_of(self, choice: str) -> str:
        """What a choice is called in a form."""
        return self.choice_titles[self.choices.index(choice)]

    def problem_with(self, value: Any) -> str | None:
        """Why the value cannot stand here, as the end of a sentence; None where it can."""
        if self.type == "data":
            return None
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


class _Note(msgspec.Struct):
    """What the annotation of a field says beside its type."""

    title: str = ""
    unit: str = ""
    absent: str = ""
    titles: dict[str, str] = {}
    since: int = 1
    choices_since: dict[str, int] = {}
    is_data: bool = False


@cache
def fields_of(kind: str) -> tuple[Field, ...]:
    """The fields of a kind in the order they are saved and shown."""
    return described(CATALOGUE[kind])


def described(kind: type[Layer]) -> tuple[Field, ...]:
    """The fields of a class, of the catalogue or not, as its annotations say."""
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)
    hints = get_type_hints(kind, include_extras=True)
    return tuple(_field(field, hints[field.name]) for field in info.fields)


def _field(field: inspect.Field, hint: Any) -> Field:
    note = _Note()
    types = list(_plain_types(field.type, note))
    kind = types[0]
    common: dict[str, Any] = {
        "name": field.name,
        "title": note.title,
        "default": None if field.default is msgspec.NODEFAULT else field.default,
        "required": field.required,
        "optional": any(isinstance(each, inspect.NoneType) for each in types),
        "unit": note.unit,
        "absent": note.absent,
        "since": note.since,
        "choices_since": note.choices_since,
    }
    if note.is_data:
        return Field(**common, type="data")
    if isinstance(kind, inspect.TupleType):
        item = next(_plain_types(kind.item_types[0], _Note()))
        assert isinstance(item, inspect.IntType)
        return Field(**common, type="pair", minimum=item.ge, maximum=item.le)
    if isinstance(kind, inspect.IntType):
        return Field(**common, type="integer", minimum=kind.ge, maximum=kind.le)
    if isinstance(kind, inspect.FloatType):
        least = kind.gt if kind.ge is None else kind.ge
        return Field(**common, type="number", minimum=least, maximum=kind.le, minimum_excluded=kind.ge is None)
    if isinstance(kind, inspect.BoolType):
        return Field(**common, type="boolean")
    choices = tuple(_choices(hint))
    titles = tuple(note.titles.get(choice, choice.replace("_", " ")) for choice in choices)
    return Field(**common, type="choice", choices=choices, choice_titles=titles)


def _plain_types(kind: inspect.Type, note: _Note) -> Iterator[inspect.Type]:
    """The types that a field may have, without notes and unions; what the notes say is taken down, the outer first."""
    if isinstance(kind, inspect.Metadata):
        extra = kind.extra or {}
        note.title = note.title or (kind.extra_json_schema or {}).get("title", "")
        note.unit = note.unit or extra.get("unit", "")
        note.absent = note.absent or extra.get("absent", "")
        note.titles = {**extra.get("titles", {}), **note.titles}
        note.is_data = note.is_data or extra.get("is_data", False)
        note.since = max(note.since, extra.get("since", 1))
        note.choices_since = {**extra.get("choices_since", {}), **note.choices_since}
        yield from _plain_types(kind.type, note)
    elif isinstance(kind, inspect.UnionType):
        for member in sorted(kind.types, key=lambda member: isinstance(member, inspect.NoneType)):
            yield from _plain_types(member, note)
    else:
        yield kind


def _choices(hint: Any) -> Iterator[str]:
    """The values of the literals in an annotation as they are written there; msgspec sorts them."""
    if get_origin(hint) is Literal:
        yield from get_args(hint)
    elif get_origin(hint) is Annotated:
        yield from _choices(get_args(hint)[0])
    else:
        for member in get_args(hint):
            yield from _choices(member)


def checked_layer(layer: AnyLayer) -> AnyLayer:
    """The layer itself, once every field holds a value of its type within its limits.

    Raises:
        EditError: A field does not, or the layer has a flaw; the text says which and what would be right.
    """
    for field in fields_of(layer.kind):
        reason = field.problem_with(getattr(layer, field.name))
        if reason is not None:
            raise EditError(f"{field.title} {reason}.")
    flaw = layer.flaw()
    if flaw is not None:
        raise EditError(f"{layer.label}: {flaw}.")
    return layer


def without_idle_fields(layer: AnyLayer) -> AnyLayer:
    """The layer with every field that has no say at its default."""
    idle = layer.idle_fields
    defaults = {field.name: field.default for field in fields_of(layer.kind) if field.name in idle} if idle else {}
    changes = {name: default for name, default in defaults.items() if getattr(layer, name) != default}
    return msgspec.structs.replace(layer, **changes) if changes else layer


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

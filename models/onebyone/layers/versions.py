"""Which format version a layer needs: that of its kind, or of a value that came later."""

from functools import cache
from typing import Any

import msgspec

from onebyone.layers import AnyLayer
from onebyone.layers.fields import described


class LaterValue(msgspec.Struct, frozen=True):
    """A value that came after its kind: the words for it, and the format version that first knew it."""

    words: str
    since: int


class _LaterField(msgspec.Struct, frozen=True):
    """A field with values that came later: all but the default, or some of its choices."""

    name: str
    default: Any
    since: int
    choices_since: dict[str, int]

    def version_of(self, value: Any) -> int:
        """The format version that first knew a value of this field other than its default."""
        return self.choices_since.get(value, self.since) if isinstance(value, str) else self.since


@cache
def _later_fields(kind: type[AnyLayer]) -> tuple[_LaterField, ...]:
    return tuple(
        _LaterField(field.name, field.default, field.since, field.choices_since)
        for field in described(kind)
        if field.since > 1 or field.choices_since
    )


def least_version(layer: AnyLayer) -> int:
    """The oldest format version that can hold a layer."""
    version = layer.since
    for field in _later_fields(type(layer)):
        value = getattr(layer, field.name)
        if value != field.default:
            version = max(version, field.version_of(value))
    return version


def later_value(layer: AnyLayer, version: int) -> LaterValue | None:
    """The first value of a layer that a format version does not know; None where it knows all."""
    for field in _later_fields(type(layer)):
        value = getattr(layer, field.name)
        if value != field.default and (since := field.version_of(value)) > version:
            words = f"{field.name} {value!r}" if field.since <= version else f"field {field.name!r}"
            return LaterValue(words, since)
    return None

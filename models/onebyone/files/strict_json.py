"""JSON read strictly: no duplicate keys, no NaN, no endless numbers or nesting; every refusal is a sentence."""

import json
from typing import Any, NoReturn

from onebyone.errors import DesignFileError

# The longest integer that a field of a design could ever hold has 7 digits; beyond this they are read as floats,
# which are bounded, so that a number of a million digits costs nothing.
_INTEGER_DIGITS = 20


def decode_text(data: bytes) -> str:
    """The text of a file in UTF-8.

    Raises:
        DesignFileError: The bytes are no UTF-8.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DesignFileError(f"It is not text in UTF-8: byte {error.start:,} does not belong there.") from None


def parse(text: str) -> Any:
    """The plain value a JSON text stands for.

    Raises:
        DesignFileError: It is not JSON, or says something twice, or holds a number that JSON does not know.
    """
    try:
        return json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
            parse_int=_integer,
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno:,}, column {error.colno:,}"
        raise DesignFileError(f"It is not valid JSON: {_lowered(error.msg)} at {place}.") from None
    except RecursionError:
        raise DesignFileError("It is nested too deeply to be a design.") from None


def shown(value: Any) -> str:
    """A value as a short quotation without control characters, for a message."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}…"


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                owner = f" in {shown(found['id'])}" if isinstance(found.get("id"), str) else ""
                raise DesignFileError(f"The key {shown(key)} stands twice{owner}; keep one of them.")
            seen.add(key)
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise DesignFileError(f"{name} is not a number that JSON knows; write a finite number.")


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _INTEGER_DIGITS else float(digits)


def _lowered(message: str) -> str:
    return message[:1].lower() + message[1:]

"""The number types that tensors of foreign models may have, by torch's names, and their numbers in JSON."""

import math
from typing import Any

ITEM_BYTES = {
    "bool": 1,
    "uint8": 1,
    "int8": 1,
    "uint16": 2,
    "int16": 2,
    "float16": 2,
    "bfloat16": 2,
    "uint32": 4,
    "int32": 4,
    "float32": 4,
    "uint64": 8,
    "int64": 8,
    "float64": 8,
}

FLOATING = frozenset({"float16", "bfloat16", "float32", "float64"})

#: The largest number of elements that a tensor may say it has; beyond this a shape is a mistake or an attack.
MAX_ELEMENTS = 2**40

#: Constants with at most so many numbers carry them in the graph.
MAX_SHOWN_VALUES = 64


def shortest(number: float) -> float:
    """The shortest decimal that is this number in float32: 1e-05, where the file has 9.999999747378752e-06."""
    import numpy

    return float(str(numpy.float32(number)))


def finite(numbers: tuple[float | int | bool, ...] | None) -> Any:
    """Numbers as an argument may hold them: those that are not finite as texts."""
    if numbers is None:
        return None
    return tuple(
        each if not isinstance(each, float) or math.isfinite(each) else "nan" if math.isnan(each) else f"{each:g}"
        for each in numbers
    )

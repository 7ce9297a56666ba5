"""Feature-map and vector shapes, window arithmetic, and the receptive field along one axis."""

from enum import Enum
from fractions import Fraction
from typing import Final

# Axes are C, H, W for a feature map and (F,) for a vector; the batch is never part of a shape.
Shape = tuple[int, ...]
Pair = tuple[int, int]

MAX_CHANNELS = 2**20
MAX_SIZE = 65_536
MAX_KERNEL = 1_023
MAX_ELEMENTS = 2**31
MAX_PARAMETERS = 2**31

FEATURE_MAP_RANK = 3
VECTOR_RANK = 1


def elements(shape: Shape) -> int:
    """Number of values in one sample of this shape."""
    if len(shape) == FEATURE_MAP_RANK:
        return shape[0] * shape[1] * shape[2]
    return shape[0]


def window_output(size: int, kernel: int, stride: int, padding: int, dilation: int = 1, ceil_mode: bool = False) -> int:
    """Positions a window takes along one axis; zero or less where it does not fit.

    Shape: floor((size + 2·padding − dilation·(kernel − 1) − 1) / stride) + 1, or its ceiling with `ceil_mode`,
        where the last window must start inside the input or the left padding.

    Source: torch.nn.Conv2d and torch.nn.MaxPool2d, section "Shape".
    """
    span = size + 2 * padding - dilation * (kernel - 1) - 1
    if span < 0:
        return 0
    if not ceil_mode:
        return span // stride + 1
    positions = -(-span // stride) + 1
    if (positions - 1) * stride >= size + padding:
        positions -= 1
    return positions


class Whole(Enum):
    """The receptive field after a global pool, a flatten or a linear layer: the whole input."""

    WHOLE = "whole"


class Mixed(Enum):
    """The step between neighbours where merged inputs disagree on it."""

    MIXED = "mixed"


WHOLE: Final = Whole.WHOLE
MIXED: Final = Mixed.MIXED

Step = int | Fraction | Mixed
# Receptive field along one axis: its size in input pixels and the step between neighbouring outputs,
# or the whole input.
Field = tuple[int | Fraction, Step] | Whole
# What a layer does to a field: its window's (size, stride) along one axis, or the whole input.
Window = tuple[int, int | Fraction] | Whole

START: Field = (1, 1)


def widen(field: Field, window: Window) -> Field:
    """The field after a window layer: r' = r + (window − 1)·j and j' = j·stride."""
    if field is WHOLE or window is WHOLE:
        return WHOLE
    size, step = field
    span, stride = window
    if step is MIXED:
        return size, MIXED
    return size + (span - 1) * step, step * stride


def merge_fields(fields: tuple[Field, ...]) -> Field:
    """The field after a merge: the largest size; the step is mixed unless all inputs agree on it."""
    first = fields[0]
    if first is WHOLE:
        return WHOLE
    size, step = first
    for field in fields:
        if field is WHOLE:
            return WHOLE
        size = field[0] if field[0] > size else size
        if field[1] != step:
            step = MIXED
    return size, step


def field_size(field: Field) -> int | str | None:
    """The size to show: whole pixels, None for the whole input, "mixed" where the step is not one number."""
    if field is WHOLE:
        return None
    if field[1] is MIXED:
        return "mixed"
    return -(-field[0].numerator // field[0].denominator)

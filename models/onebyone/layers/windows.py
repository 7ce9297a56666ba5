"""What convolutions and poolings share: words for windows, and the window that does not fit."""

from collections.abc import Iterator
from typing import Any

import msgspec

from onebyone.layers.finding import Finding, Repair
from onebyone.shape import Pair, Shape


class Window(msgspec.Struct, frozen=True):
    """How a layer walks over its input; `stride` is the one in force."""

    kernel: Pair
    stride: Pair
    padding: Pair
    dilation: Pair = (1, 1)

    @property
    def is_odd(self) -> bool:
        """Whether both sides of its kernel have a middle."""
        return bool(self.kernel[0] % 2 and self.kernel[1] % 2)

    @property
    def even_padding(self) -> Pair:
        """The padding that keeps the size of a map at stride 1, where the kernel is odd."""
        return self.dilation[0] * (self.kernel[0] - 1) // 2, self.dilation[1] * (self.kernel[1] - 1) // 2


def resizings(window: Window, shape: Shape, wanted: Pair) -> Iterator[dict[str, Any]]:
    """A padding and a stride with which a window may give a map of the wanted height and width."""
    kernel, stride, dilation = window.kernel, window.stride, window.dilation
    padding = tuple(
        max(0, -(-((wanted[axis] - 1) * stride[axis] + dilation[axis] * (kernel[axis] - 1) + 1 - size) // 2))
        for axis, size in enumerate(shape[1:])
    )
    yield {"padding": padding}
    yield {"stride": tuple(max(1, round(size / wanted[axis])) for axis, size in enumerate(shape[1:]))}


def source_pair(value: Pair) -> str:
    """A pair as torch takes it: "3" where both are equal, "(1, 7)" otherwise."""
    return str(value[0]) if value[0] == value[1] else f"({value[0]}, {value[1]})"


def shown_window(kernel: Pair, stride: Pair, padding: Pair, usual_stride: Pair = (1, 1)) -> str:
    """Kernel, stride and padding in the canvas's words: "3×3 / 2 pad 1"."""
    words = f"{kernel[0]}×{kernel[1]}"
    if stride != usual_stride:
        words += f" / {_shown_pair(stride)}"
    if padding != (0, 0):
        words += f" pad {_shown_pair(padding)}"
    return words


def _shown_pair(value: Pair) -> str:
    return str(value[0]) if value[0] == value[1] else f"{value[0]}×{value[1]}"


def window_fits(shape: Shape, kernel: Pair, padding: Pair, dilation: Pair) -> bool:
    """Whether the padded input has room for the window."""
    _, height, width = shape
    return (
        dilation[0] * (kernel[0] - 1) < height + 2 * padding[0]
        and dilation[1] * (kernel[1] - 1) < width + 2 * padding[1]
    )


def too_large_window(shape: Shape, kernel: Pair, padding: Pair, dilation: Pair) -> Finding:
    """The finding for a window that is larger than the padded input."""
    spans = (dilation[0] * (kernel[0] - 1) + 1, dilation[1] * (kernel[1] - 1) + 1)
    room = (shape[1] + 2 * padding[0], shape[2] + 2 * padding[1])
    fitting = (_fitting_kernel(room[0], kernel[0], dilation[0]), _fitting_kernel(room[1], kernel[1], dilation[1]))
    where = "the padded input" if padding != (0, 0) else "the input"
    return Finding(
        "window-larger-than-input",
        f"its window of {spans[0]}×{spans[1]} is larger than {where} of {room[0]}×{room[1]};"
        f" use a kernel of at most {fitting[0]}×{fitting[1]}, or more padding.",
        (Repair(f"Set kernel to {fitting[0]}×{fitting[1]}", {"kernel": fitting}),),
    )


def _fitting_kernel(room: int, kernel: int, dilation: int) -> int:
    return min(kernel, (room - 1) // dilation + 1)

"""Windows of convolutions and pools as ONNX describes them: strides, dilations, padding of each side, or automatic."""

from dataclasses import dataclass

from onebyone.errors import ModelFileError
from onebyone.interchange.from_onnx.conversion import Conversion, Value
from onebyone.interchange.from_onnx.node import OnnxNode
from onebyone.layers.operators import Argument


@dataclass(frozen=True)
class Window:
    """A window along each spatial axis; `before` and `after` are the padding in front and behind."""

    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    ceil_mode: bool = False

    @property
    def is_even_sided(self) -> bool:
        """Whether the padding in front equals that behind, and none is negative."""
        return self.before == self.after and min(self.before, default=0) >= 0

    def output(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The number of places of the window along each axis.

        Shape: floor((in + before + after - dilation·(kernel - 1) - 1) / stride) + 1, or its ceiling with `ceil_mode`,
            where the last window must start inside the input or the padding in front: what onnxruntime does too.
        """
        result = []
        for axis, size in enumerate(sizes):
            reach = self.dilation[axis] * (self.kernel[axis] - 1) + 1
            span = size + self.before[axis] + self.after[axis] - reach
            if span < 0:
                raise ModelFileError(
                    f"A window of {reach} is larger than what it slides over, {span + reach}; open the file with a "
                    "larger input."
                )
            stride = self.stride[axis]
            count = -(-span // stride) + 1 if self.ceil_mode else span // stride + 1
            if self.ceil_mode and (count - 1) * stride >= size + self.before[axis]:
                count -= 1
            result.append(count)
        return tuple(result)

    def rounded_up(self, sizes: tuple[int, ...]) -> "Window | None":
        """The same places with `ceil_mode` instead of more padding behind than in front, where that can be."""
        found = Window(self.kernel, self.stride, self.dilation, self.before, self.before, ceil_mode=True)
        more = all(behind >= front for front, behind in zip(self.before, self.after, strict=True))
        reaches = (spread * (extent - 1) for spread, extent in zip(self.dilation, self.kernel, strict=True))
        more &= all(reach < size + 2 * front for reach, size, front in zip(reaches, sizes, self.before, strict=True))
        return found if more and found.output(sizes) == self.output(sizes) else None

    def filled(self, sizes: tuple[int, ...]) -> "Window":
        """The same places without `ceil_mode`: the padding behind ends where the last window ends."""
        reaches = zip(self.output(sizes), self.stride, self.kernel, self.dilation, self.before, sizes, strict=True)
        after = tuple(
            (count - 1) * stride + (kernel - 1) * dilation + 1 - before - size
            for count, stride, kernel, dilation, before, size in reaches
        )
        return Window(self.kernel, self.stride, self.dilation, self.before, after)


def window_of(node: OnnxNode, sizes: tuple[int, ...], kernel: tuple[int, ...]) -> Window:
    """The window of a node over an input of these spatial sizes.

    Raises:
        ModelFileError: Its attributes do not fit the number of axes.
    """
    axes = len(sizes)
    kernel = node.get("kernel_shape", kernel)
    stride = node.get("strides", (1,) * axes)
    dilation = node.get("dilations", (1,) * axes)
    pads = node.get("pads", (0,) * 2 * axes)
    fits = len(kernel) == len(stride) == len(dilation) == axes and len(pads) == 2 * axes
    if not fits or min((*kernel, *stride, *dilation, 1)) < 1:
        raise ModelFileError(
            f"{node.place} has a kernel {kernel}, strides {stride}, dilations {dilation} and pads {pads} over {axes} "
            "axes, which cannot be; the file is damaged."
        )
    before, after = pads[:axes], pads[axes:]
    match node.get("auto_pad", "NOTSET"):
        case "VALID":
            before = after = (0,) * axes
        case "SAME_UPPER" | "SAME_LOWER" as same:
            needed = [
                max((-(-size // step) - 1) * step + (extent - 1) * spread + 1 - size, 0)
                for size, step, extent, spread in zip(sizes, stride, kernel, dilation, strict=True)
            ]
            less, more = tuple(each // 2 for each in needed), tuple(each - each // 2 for each in needed)
            before, after = (less, more) if same == "SAME_UPPER" else (more, less)
    return Window(kernel, stride, dilation, before, after, bool(node.get("ceil_mode", 0)))


def padded(c: Conversion, value: Value, window: Window, filling: float | str = 0.0) -> Value:
    """The input with the window's padding around it."""
    pad = [side for pair in zip(reversed(window.before), reversed(window.after), strict=True) for side in pair]
    around = [before + after for before, after in zip(window.before, window.after, strict=True)]
    leading = value.rank - len(around)
    shape = (*value.shape[:leading], *(a + b for a, b in zip(value.shape[leading:], around, strict=True)))
    arguments: dict[str, Argument] = {"self": c.tensor(value), "pad": tuple(pad), "value": filling}
    return c.emit("aten.constant_pad_nd.default", arguments, shape)

"""Pools: over windows and over everything."""

from onebyone.interchange.from_onnx.conversion import Conversion, Converter, UnknownOperatorError, Value
from onebyone.interchange.from_onnx.node import OnnxNode
from onebyone.interchange.from_onnx.windows import Window, padded, window_of
from onebyone.layers.operators import Argument

_MOST_AXES = 3


def _axes(value: Value) -> int:
    axes = value.rank - 2
    if not 1 <= axes <= _MOST_AXES:
        raise UnknownOperatorError
    return axes


def _fits_torch(window: Window) -> bool:
    """Whether torch takes the padding: the same on both sides, and at most half the kernel."""
    return window.is_even_sided and all(
        2 * side <= size for side, size in zip(window.before, window.kernel, strict=True)
    )


def max_pool(c: Conversion, node: OnnxNode) -> Value:
    """MaxPool; padding that torch does not take becomes -inf around the input."""
    if c.reads_more_than_one():
        raise UnknownOperatorError
    input = c.input(0)
    axes = _axes(input)
    window = window_of(node, input.shape[2:], ())
    shape = (*input.shape[:2], *window.output(input.shape[2:]))
    if not window.is_even_sided:
        window = window.rounded_up(input.shape[2:]) or window
    if not _fits_torch(window):
        window = window.filled(input.shape[2:])
        input = padded(c, input, window, "-inf")
        window = Window(window.kernel, window.stride, window.dilation, (0,) * axes, (0,) * axes)
    arguments: dict[str, Argument] = {
        "self": c.tensor(input),
        "kernel_size": window.kernel,
        "stride": window.stride,
        "padding": window.before,
        "dilation": window.dilation,
        "ceil_mode": window.ceil_mode,
    }
    return c.emit(f"aten.max_pool{axes}d.default", arguments, shape)


def average_pool(c: Conversion, node: OnnxNode) -> Value:
    """AveragePool; ONNX leaves the padding out of the mean unless it is told to count it."""
    input = c.input(0)
    axes = _axes(input)
    window = window_of(node, input.shape[2:], ())
    if set(window.dilation) != {1}:
        raise UnknownOperatorError
    counted = bool(node.get("count_include_pad", 0))
    if not any(window.before + window.after) and not window.ceil_mode:
        counted = True
    shape = (*input.shape[:2], *window.output(input.shape[2:]))
    if not counted and not window.is_even_sided:
        window = window.rounded_up(input.shape[2:]) or window
    if _fits_torch(window):
        return _averaged(c, input, window, counted, shape)
    if counted and not window.ceil_mode:
        input = padded(c, input, window)
        return _averaged(
            c, input, Window(window.kernel, window.stride, window.dilation, *_no_padding(axes)), True, shape
        )
    if counted:
        raise UnknownOperatorError
    return _averaged_inside(c, input, window.filled(input.shape[2:]), shape)


def _no_padding(axes: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return (0,) * axes, (0,) * axes


def _averaged(c: Conversion, input: Value, window: Window, counted: bool, shape: tuple[int, ...]) -> Value:
    arguments: dict[str, Argument] = {
        "self": c.tensor(input),
        "kernel_size": window.kernel,
        "stride": window.stride,
        "padding": window.before,
        "ceil_mode": window.ceil_mode,
        "count_include_pad": counted,
    }
    return c.emit(f"aten.avg_pool{input.rank - 2}d.default", arguments, shape)


def _averaged_inside(c: Conversion, input: Value, window: Window, shape: tuple[int, ...]) -> Value:
    """The mean over what of each window lies inside: the mean with zeros around, times what it counted too many."""
    import numpy

    sizes = input.shape[2:]
    around = padded(c, input, window)
    bare = Window(window.kernel, window.stride, window.dilation, *_no_padding(len(sizes)))
    mean = _averaged(c, around, bare, True, shape)
    factor = numpy.ones((1, 1, *(1 for _ in sizes)), numpy.float32)
    for axis, size in enumerate(sizes):
        kernel, step, before = window.kernel[axis], window.stride[axis], window.before[axis]
        starts = numpy.arange(shape[2 + axis], dtype=numpy.int64) * step - before
        inside = numpy.minimum(starts + kernel, size) - numpy.maximum(starts, 0)
        if (inside < 1).any():
            raise UnknownOperatorError
        along = [1] * (2 + len(sizes))
        along[2 + axis] = -1
        factor = factor * (kernel / inside).astype(numpy.float32).reshape(along)
    return c.emit("aten.mul.Tensor", {"self": c.tensor(mean), "other": c.tensor(c.known(factor))}, shape)


def global_average_pool(c: Conversion, node: OnnxNode) -> Value:
    """GlobalAveragePool."""
    input = c.input(0)
    axes = _axes(input)
    arguments: dict[str, Argument] = {"self": c.tensor(input), "output_size": (1,) * axes}
    return c.emit(f"aten.adaptive_avg_pool{axes}d.default", arguments, (*input.shape[:2], *(1,) * axes))


def global_max_pool(c: Conversion, node: OnnxNode) -> Value:
    """GlobalMaxPool; the places of the largest values, which torch gives too, are not read."""
    input = c.input(0)
    axes = _axes(input)
    arguments: dict[str, Argument] = {"self": c.tensor(input), "output_size": (1,) * axes}
    shape = (*input.shape[:2], *(1,) * axes)
    return c.emit_many(f"aten.adaptive_max_pool{axes}d.default", arguments, [shape], unread=1)[0]


CONVERTERS: dict[str, Converter] = {
    "MaxPool": max_pool,
    "AveragePool": average_pool,
    "GlobalAveragePool": global_average_pool,
    "GlobalMaxPool": global_max_pool,
}

"""Convolutions and matrix products."""

from onebyone.errors import ModelFileError
from onebyone.interchange.from_onnx.conversion import Conversion, Converter, UnknownOperatorError, Value
from onebyone.interchange.from_onnx.node import OnnxNode
from onebyone.interchange.from_onnx.sizes import broadcast
from onebyone.interchange.from_onnx.windows import Window, padded, window_of
from onebyone.layers.operators import Argument

_MOST_AXES = 3


def convolution(c: Conversion, node: OnnxNode) -> Value:
    """Conv over one to three axes; padding that differs from side to side goes before it."""
    input, weight, bias = c.input(0), c.input(1), c.optional(2)
    groups = node.get("group", 1)
    axes = _axes(node, input, weight)
    if groups < 1 or input.shape[1] != weight.shape[1] * groups or weight.shape[0] % groups:
        raise ModelFileError(
            f"{node.place} has weights of shape {weight.shape} in {groups} groups, which do not fit its input of "
            f"{input.shape[1]} channels; the file is damaged."
        )
    window = window_of(node, input.shape[2:], weight.shape[2:])
    _require_kernel(node, window, weight)
    shape = (input.shape[0], weight.shape[0], *window.output(input.shape[2:]))
    padding = window.before
    if not window.is_even_sided:
        input, padding = padded(c, input, window), (0,) * axes
    arguments = _weighted(c, input, weight, bias) | {
        "stride": window.stride,
        "padding": padding,
        "dilation": window.dilation,
        "groups": groups,
    }
    return c.emit(f"aten.conv{axes}d.default", arguments, shape)


def transposed_convolution(c: Conversion, node: OnnxNode) -> Value:
    """ConvTranspose; what ONNX pads more on one side is cropped afterwards."""
    input, weight, bias = c.input(0), c.input(1), c.optional(2)
    groups = node.get("group", 1)
    axes = _axes(node, input, weight)
    if groups < 1 or input.shape[1] != weight.shape[0]:
        raise ModelFileError(
            f"{node.place} has weights of shape {weight.shape}, which do not fit its input of {input.shape[1]} "
            "channels; the file is damaged."
        )
    window = window_of(node, input.shape[2:], weight.shape[2:])
    _require_kernel(node, window, weight)
    extra = node.get("output_padding", (0,) * axes)
    before, after = _transposed_pads(node, window, input.shape[2:], extra)
    padding = tuple(max(min(pair), 0) for pair in zip(before, after, strict=True))
    sizes = [
        (size - 1) * window.stride[axis]
        - 2 * padding[axis]
        + window.dilation[axis] * (window.kernel[axis] - 1)
        + extra[axis]
        + 1
        for axis, size in enumerate(input.shape[2:])
    ]
    arguments = _weighted(c, input, weight, bias) | {
        "stride": window.stride,
        "padding": padding,
        "output_padding": extra,
        "groups": groups,
        "dilation": window.dilation,
    }
    overload = "input" if axes > 1 else "default"
    shape = (input.shape[0], weight.shape[1] * groups, *sizes)
    result = c.emit(f"aten.conv_transpose{axes}d.{overload}", arguments, shape)
    crop = Window(
        window.kernel,
        window.stride,
        window.dilation,
        tuple(own - side for own, side in zip(padding, before, strict=True)),
        tuple(own - side for own, side in zip(padding, after, strict=True)),
    )
    return padded(c, result, crop) if any(crop.before + crop.after) else result


def _transposed_pads(
    node: OnnxNode, window: Window, sizes: tuple[int, ...], extra: tuple[int, ...]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The padding in front and behind, computed where the node says the size of its result instead."""
    automatic = node.get("auto_pad", "NOTSET")
    wanted = node.get("output_shape", None)
    if len(extra) != len(sizes) or (wanted is not None and len(wanted) < len(sizes)):
        raise ModelFileError(f"{node.place} has sizes that do not fit its {len(sizes)} axes; the file is damaged.")
    if wanted is None and not automatic.startswith("SAME"):
        return window.before, window.after
    if wanted is None:
        wanted = tuple(size * step for size, step in zip(sizes, window.stride, strict=True))
    total = [
        window.stride[axis] * (size - 1)
        + extra[axis]
        + (window.kernel[axis] - 1) * window.dilation[axis]
        + 1
        - wanted[axis - len(sizes)]
        for axis, size in enumerate(sizes)
    ]
    less, more = tuple(each // 2 for each in total), tuple(each - each // 2 for each in total)
    return (less, more) if automatic == "SAME_UPPER" else (more, less)


def product_with_bias(c: Conversion, node: OnnxNode) -> Value:
    """Gemm: a linear layer where the second matrix is a constant."""
    left, right, bias = c.input(0), c.input(1), c.optional(2)
    if left.rank != 2 or right.rank != 2:
        raise ModelFileError(f"{node.place} multiplies tensors that are no matrices; the file is damaged.")
    if node.get("transA", 0):
        left = transposed(c, left)
    rows, inner = left.shape
    features, own = right.shape if node.get("transB", 0) else right.shape[::-1]
    if inner != own:
        raise ModelFileError(f"{node.place} multiplies by {own} rows what has {inner} columns; the file is damaged.")
    alpha, beta = node.get("alpha", 1.0), node.get("beta", 1.0)
    fits = bias is None or (beta == 1.0 and bias.shape in {(features,), (1, features)})
    if right.is_constant and fits and alpha == 1.0:
        weight = right if node.get("transB", 0) else transposed(c, right)
        if bias is not None and bias.rank == 2:
            bias = c.emit("aten.reshape.default", {"self": c.tensor(bias), "shape": (features,)}, (features,))
        return _linear(c, left, weight, bias)
    if node.get("transB", 0):
        right = transposed(c, right)
    result = c.emit("aten.matmul.default", {"self": c.tensor(left), "other": c.tensor(right)}, (rows, features))
    if alpha != 1.0:
        result = c.emit("aten.mul.Tensor", {"self": c.tensor(result), "other": alpha}, result.shape)
    if bias is None:
        return result
    added: dict[str, Argument] = {"self": c.tensor(result), "other": c.operand(bias)}
    if beta != 1.0:
        added["alpha"] = beta
    return c.emit("aten.add.Tensor", added, broadcast(result.shape, bias.shape))


def product(c: Conversion, node: OnnxNode) -> Value:
    """MatMul: a linear layer where the second is a constant matrix."""
    left, right = c.input(0), c.input(1)
    if not left.rank or not right.rank:
        raise ModelFileError(f"{node.place} multiplies a single number; the file is damaged.")
    inner, own = left.shape[-1], right.shape[max(right.rank - 2, 0)]
    if inner != own:
        raise ModelFileError(f"{node.place} multiplies by {own} rows what has {inner} columns; the file is damaged.")
    if right.is_constant and right.rank == 2:
        return _linear(c, left, transposed(c, right), None)
    rows = left.shape[-2:-1] if left.rank > 1 else ()
    columns = right.shape[-1:] if right.rank > 1 else ()
    shape = (*broadcast(left.shape[:-2], right.shape[:-2], ()), *rows, *columns)
    return c.emit("aten.matmul.default", {"self": c.tensor(left), "other": c.tensor(right)}, shape)


def transposed(c: Conversion, value: Value) -> Value:
    """A matrix with its axes exchanged."""
    return c.emit("aten.permute.default", {"self": c.tensor(value), "dims": (1, 0)}, value.shape[::-1])


def _linear(c: Conversion, input: Value, weight: Value, bias: Value | None) -> Value:
    return c.emit("aten.linear.default", _weighted(c, input, weight, bias), (*input.shape[:-1], weight.shape[0]))


def _weighted(c: Conversion, input: Value, weight: Value, bias: Value | None) -> dict[str, Argument]:
    """The arguments that all sums of weighted inputs have."""
    return {
        "input": c.tensor(input),
        "weight": c.tensor(weight),
        "bias": None if bias is None else c.tensor(bias),
    }


def _axes(node: OnnxNode, input: Value, weight: Value) -> int:
    axes = input.rank - 2
    if axes < 1 or weight.rank != input.rank:
        raise ModelFileError(
            f"{node.place} has weights of shape {weight.shape} for an input of shape {input.shape}; the file is "
            "damaged."
        )
    if axes > _MOST_AXES:
        raise UnknownOperatorError
    return axes


def _require_kernel(node: OnnxNode, window: Window, weight: Value) -> None:
    if window.kernel != weight.shape[2:]:
        raise ModelFileError(
            f"{node.place} says that its kernel is {window.kernel}, and has weights of {weight.shape[2:]}; the file is "
            "damaged."
        )


CONVERTERS: dict[str, Converter] = {
    "Conv": convolution,
    "ConvTranspose": transposed_convolution,
    "Gemm": product_with_bias,
    "MatMul": product,
}

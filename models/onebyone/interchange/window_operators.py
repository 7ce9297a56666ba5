"""Convolutions, norms and poolings as nodes."""

from collections.abc import Callable
from math import prod

import msgspec

from onebyone.interchange.drafts import Call, Draft, Fixed, Value, Wire
from onebyone.interchange.layout import Layout, Part, axis_of
from onebyone.interchange.settling import settled
from onebyone.layers import (
    AdaptiveAvgPool2d,
    AdaptiveMaxPool2d,
    AnyLayer,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    GroupNorm,
    LayerNorm,
    Linear,
    LocalResponseNorm,
    MaxPool2d,
)
from onebyone.layers.norms import USUAL_EPS


def conv2d(call: Call) -> Wire:
    """A convolution with a weight of the network's own."""
    source, weight, bias = call.map("input"), call.fixed("weight"), call.fixed("bias")
    if weight is None or len(weight.type.shape) != 4:
        raise call.refused()
    out_channels, _, *kernel = weight.type.shape
    dilation = call.pair("dilation", 1)
    padding = call.plain("padding", 0)
    if isinstance(padding, str):
        spans = [dilation[axis] * (kernel[axis] - 1) for axis in (0, 1)]
        if padding == "same" and any(span % 2 for span in spans):
            raise call.refused()
        pads = (spans[0] // 2, spans[1] // 2) if padding == "same" else (0, 0)
    else:
        pads = call.pair("padding", 0)
    layer = Conv2d(
        out_channels, (kernel[0], kernel[1]), call.pair("stride", 1), pads, dilation, call.plain("groups", 1),
        bias is not None,
    )  # fmt: skip
    constants = {"weight": weight, "bias": bias}
    return call.whole(call.draft(layer, [source], constants, takes_norm=True, takes_activation=True))


def conv_transpose2d(call: Call) -> Wire:
    """A transposed convolution with a weight of the network's own."""
    source, weight, bias = call.map("input"), call.fixed("weight"), call.fixed("bias")
    if weight is None or len(weight.type.shape) != 4:
        raise call.refused()
    groups = call.plain("groups", 1)
    layer = ConvTranspose2d(
        weight.type.shape[1] * groups, weight.type.shape[2:], call.pair("stride", 1), call.pair("padding", 0),
        call.pair("output_padding", 0), call.pair("dilation", 1), groups, bias is not None,
    )  # fmt: skip
    constants = {"weight": weight, "bias": bias}
    return call.whole(call.draft(layer, [source], constants, takes_norm=True, takes_activation=True))


def batch_norm(call: Call) -> Wire:
    """Batch norm with running statistics: part of the convolution before it where nothing else reads that."""
    source, weight, bias = call.map("input"), call.fixed("weight"), call.fixed("bias")
    mean, variance = call.fixed("running_mean"), call.fixed("running_var")
    if call.plain("training", False) or mean is None or (weight is None) != (bias is None):
        raise call.refused()
    eps, own = call.plain("eps", USUAL_EPS), source.draft
    constants = {"weight": weight, "bias": bias, "running_mean": mean, "running_var": variance}
    if source.is_sole and own.takes_norm and weight is not None:
        _take_norm(own, "batch", eps, constants)
        return source
    layer = BatchNorm2d(eps=eps, affine=weight is not None)
    return call.whole(call.draft(layer, [source], constants))


def layer_norm(call: Call) -> Wire:
    """Layer norm over the channels, wherever they stand, or over the features of a vector."""
    source, weight, bias = call.wire("input"), call.fixed("weight"), call.fixed("bias")
    shape = source.draft.shape
    if len(call.plain("normalized_shape")) != 1 or axis_of(source.layout[-1], shape) != "C":
        raise call.refused()
    if (weight is None) != (bias is None):
        raise call.refused()
    eps = call.plain("eps", USUAL_EPS)
    constants = {"weight": weight, "bias": bias}
    if source.is_sole and source.draft.takes_norm and weight is not None:
        _take_norm(source.draft, "layer", eps, constants)
        return source
    draft = call.draft(LayerNorm(eps=eps, affine=weight is not None), [source], constants)
    return msgspec.structs.replace(source, draft=draft, is_sole=True)


def group_norm(call: Call) -> Wire:
    """Group norm."""
    source, weight, bias = call.map("input"), call.fixed("weight"), call.fixed("bias")
    if (weight is None) != (bias is None):
        raise call.refused()
    layer = GroupNorm(groups=call.plain("num_groups"), eps=call.plain("eps", USUAL_EPS), affine=weight is not None)
    return call.whole(call.draft(layer, [source], {"weight": weight, "bias": bias}))


def _take_norm(own: Draft, norm: str, eps: float, constants: dict[str, Fixed | None]) -> None:
    own.layer = msgspec.structs.replace(own.layer, norm=norm, norm_eps=eps)
    own.norm_constants = {key: fixed.constant.name for key, fixed in constants.items() if fixed and fixed.constant}
    own.takes_norm = False


def local_response_norm(call: Call) -> Wire:
    """Local response norm, which ONNX has as one operator."""
    numbers = {name: call.plain(name) for name in ("size", "alpha", "beta", "k")}
    return call.whole(call.draft(LocalResponseNorm(**numbers), [call.map("self")]))


def linear(call: Call) -> Wire:
    """A linear layer: of a vector, or of the channels at every place of a map, which is a 1×1 convolution."""
    source, weight, bias = call.wire("input"), call.fixed("weight"), call.fixed("bias")
    shape = source.draft.shape
    axis = axis_of(source.layout[-1], shape)
    is_single = axis == "" and shape[0] == 1
    if weight is None or len(weight.type.shape) != 2 or not (axis == "C" or is_single):
        raise call.refused()
    width = weight.type.shape[0]
    constants = {"weight": weight, "bias": bias}
    if len(shape) == 1:
        draft = call.draft(Linear(width, bias is not None), [source], constants)
        return call.whole(draft, source.entries)
    draft = call.draft(
        Conv2d(width, bias=bias is not None), [source], constants, takes_norm=True, takes_activation=True
    )
    return Wire(draft, _with_channels(source.layout, width), is_sole=True)


def _with_channels(layout: Layout, channels: int) -> Layout:
    return (*layout[:-1], (Part("C", channels),) if channels > 1 else ())


def max_pool2d(call: Call) -> Wire:
    """Max pooling."""
    kernel = call.pair("kernel_size", 1)
    stride = call.pair("stride", 0) if call.plain("stride", ()) else kernel
    layer = MaxPool2d(
        kernel, None if stride == kernel else stride, call.pair("padding", 0), call.pair("dilation", 1),
        bool(call.plain("ceil_mode", False)),
    )  # fmt: skip
    return call.whole(call.draft(layer, [call.map("self")]))


def avg_pool2d(call: Call) -> Wire:
    """Average pooling."""
    if call.plain("divisor_override") is not None:
        raise call.refused()
    kernel = call.pair("kernel_size", 1)
    stride = call.pair("stride", 0) if call.plain("stride", ()) else kernel
    layer = AvgPool2d(
        kernel, None if stride == kernel else stride, call.pair("padding", 0), bool(call.plain("ceil_mode", False)),
        bool(call.plain("count_include_pad", True)),
    )  # fmt: skip
    return call.whole(call.draft(layer, [call.map("self")]))


def adaptive_pool(kind: Callable[[tuple[int, int]], AnyLayer]) -> Callable[[Call], Value]:
    """Pooling to a size."""

    def lowered(call: Call) -> Wire:
        return call.whole(call.draft(kind(call.pair("output_size", 1)), [call.map("self")]))

    return lowered


def mean(call: Call) -> Wire:
    """The mean over all positions, which is a global average pool."""
    source = call.wire("self")
    rank = len(source.layout)
    dims = call.plain("dim", ())
    places = {place % rank for place in ((dims,) if isinstance(dims, int) else dims)}
    parts = [part for place in places for part in source.layout[place]]
    shape = source.draft.shape
    is_spatial = all(part.axis in {"H", "W"} for part in parts)
    if len(shape) != 3 or not places or not is_spatial or prod(part.size for part in parts) != shape[1] * shape[2]:
        raise call.refused()
    draft = call.draft(AdaptiveAvgPool2d(), [source])
    left = [() if place in places else each for place, each in enumerate(source.layout)]
    if not call.plain("keepdim", False):
        left = [each for place, each in enumerate(left) if place not in places]
    return settled(call, Wire(draft, tuple(left), is_sole=True))


WINDOW_OPERATORS: dict[str, Callable[[Call], Value]] = {
    "conv2d": conv2d,
    "conv_transpose2d": conv_transpose2d,
    "batch_norm": batch_norm,
    "layer_norm": layer_norm,
    "group_norm": group_norm,
    "local_response_norm": local_response_norm,
    "linear": linear,
    "max_pool2d": max_pool2d,
    "avg_pool2d": avg_pool2d,
    "adaptive_avg_pool2d": adaptive_pool(AdaptiveAvgPool2d),
    "adaptive_max_pool2d": adaptive_pool(AdaptiveMaxPool2d),
    "mean": mean,
}

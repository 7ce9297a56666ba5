"""Activations, merges and what only reshapes, as nodes or as layouts."""

from collections.abc import Callable
from typing import Literal

import msgspec

from onebyone.interchange.drafts import Call, Fixed, MapsWantedError, Value, Wire
from onebyone.interchange.layout import (
    Layout,
    axis_of,
    permuted,
    reshaped,
    sizes,
)
from onebyone.interchange.settling import settled
from onebyone.layers import (
    Activation,
    Add,
    AnyLayer,
    ChannelScale,
    Concat,
    Dropout,
    Multiply,
    Pad2d,
    Scale,
    Slice,
    Subtract,
    Upsample,
)

_SAME_VALUES = frozenset({"contiguous", "clone", "alias", "detach", "to", "_to_copy", "lift_fresh_copy"})


def _unary(call: Call, source: Wire, layer: AnyLayer) -> Wire:
    return msgspec.structs.replace(source, draft=call.draft(layer, [source]), is_sole=True)


def activation(name: str) -> Callable[[Call], Value]:
    """A function of every value: part of the convolution before it where nothing else reads that."""

    def lowered(call: Call) -> Wire:
        source = call.wire("input" if call.value("self") is None else "self")
        if call.plain("beta", 1) != 1 or call.plain("threshold", 20) != 20:
            # Softplus of another steepness.
            raise call.refused()
        return _activated(call, source, name)

    return lowered


def _activated(call: Call, source: Wire, name: str) -> Wire:
    if source.is_sole and source.draft.takes_activation:
        own = source.draft
        own.layer = msgspec.structs.replace(own.layer, activation=name)
        own.takes_norm = own.takes_activation = False
        return source
    return _unary(call, source, Activation(name))  # type: ignore[arg-type]


def leaky_relu(call: Call) -> Wire:
    """Leaky ReLU; with the usual slope it may be part of a convolution."""
    slope, source = float(call.plain("negative_slope", 0.01)), call.wire("self")
    if slope == 0.01:
        return _activated(call, source, "leaky_relu")
    return _unary(call, source, Activation("leaky_relu", slope=slope))


def gelu(call: Call) -> Wire:
    """GELU, exact or by tanh."""
    is_exact = call.plain("approximate", "none") == "none"
    return _activated(call, call.wire("self"), "gelu" if is_exact else "gelu_tanh")


def elu(call: Call) -> Wire:
    """ELU."""
    if call.plain("scale", 1) != 1 or call.plain("input_scale", 1) != 1:
        raise call.refused()
    return _unary(call, call.wire("self"), Activation("elu", alpha=float(call.plain("alpha", 1.0))))


def prelu(call: Call) -> Wire:
    """PReLU, with one slope or one a channel."""
    source, weight = call.map("self"), call.fixed("weight")
    if weight is None:
        raise call.refused()
    several = weight.type.shape != (1,)
    layer = Activation("prelu", per_channel=several)
    return msgspec.structs.replace(source, draft=call.draft(layer, [source], {"weight": weight}), is_sole=True)


def clamp(call: Call) -> Wire:
    """A clamp; that to 0 and 6 is ReLU6."""
    names = ("min_val", "max_val") if call.base == "hardtanh" else ("min", "max")
    usual = (-1, 1) if call.base == "hardtanh" else (None, None)
    least, most = (call.plain(name, default) for name, default in zip(names, usual, strict=True))
    bounds = [None if bound is None else float(bound) for bound in (least, most)]
    source = call.wire("self")
    if (least, most) == (0, 6):
        return _activated(call, source, "relu6")
    return _unary(call, source, Activation("clamp", minimum=bounds[0], maximum=bounds[1]))


def softmax(call: Call) -> Wire:
    """Softmax over the channels."""
    source = call.wire("self")
    if axis_of(source.layout[call.plain("dim")], source.draft.shape) != "C":
        raise call.refused()
    return _unary(call, source, Activation("softmax"))


def dropout(call: Call) -> Wire:
    """Dropout, which does nothing when it runs."""
    if call.plain("train", False):
        raise call.refused()
    source = call.wire("input" if call.value("self") is None else "self")
    return _unary(call, source, Dropout(float(call.plain("p", 0.5)))) if call.plain("p", 0.5) else source


def unchanged(call: Call) -> Wire:
    """What gives the same values."""
    return call.wire("self")


def merge(kind: Callable[[], AnyLayer] | None) -> Callable[[Call], Value]:
    """The sum, difference or product of two tensors, value by value, or what there is of a tensor and a number."""

    def lowered(call: Call) -> Wire:
        first, second = call.value("self"), call.value("other")
        if call.plain("alpha", 1) != 1 or call.plain("rounding_mode") is not None:
            raise call.refused()
        if kind is not None and isinstance(first, Wire) and isinstance(second, Wire):
            return _merged(call, kind(), first, second)
        is_swapped = isinstance(second, Wire)
        source, other = (second, first) if is_swapped else (first, second)
        if not isinstance(source, Wire) or source.spread:
            raise call.refused()
        number = call.plain("other") if other is None else other.number if isinstance(other, Fixed) else None
        if isinstance(number, int | float):
            return _unary(call, source, _with_number(call, float(number), is_swapped))
        if isinstance(other, Fixed) and call.base in {"mul", "add"}:
            return _with_channel_numbers(call, source, other)
        raise call.refused()

    return lowered


def reverse_difference(call: Call) -> Wire:
    """A tensor or a number less another tensor."""
    source, other = call.wire("self"), call.value("other")
    if call.plain("alpha", 1) != 1 or isinstance(other, Fixed):
        raise call.refused()
    if isinstance(other, Wire):
        return _merged(call, Subtract(), other, source)
    return _unary(call, source, Scale(-1.0, float(call.plain("other"))))


def _with_number(call: Call, number: float, is_swapped: bool) -> AnyLayer:
    """The layer that adds, subtracts, multiplies by or divides by a number."""
    if call.base == "mul":
        return Scale(number)
    if call.base == "div" and not is_swapped and number:
        return Scale(1 / number)
    if call.base == "add":
        return Scale(1.0, number)
    if call.base == "sub":
        return Scale(-1.0, number) if is_swapped else Scale(1.0, -number)
    raise call.refused()


def _with_channel_numbers(call: Call, source: Wire, numbers: Fixed) -> Wire:
    """A learned factor for each channel, wherever the channels stand, or the offset that follows such factors."""
    channels, rank = source.draft.shape[0], len(source.layout)
    given = (*(1,) * (rank - len(numbers.type.shape)), *numbers.type.shape)
    place = next((place for place, each in enumerate(source.layout) if axis_of(each, source.draft.shape) == "C"), None)
    if place is None or given != tuple(channels if place == each else 1 for each in range(rank)):
        raise call.refused()
    if call.base == "mul":
        draft = call.draft(ChannelScale(), [source], {"weight": numbers})
        draft.takes_offset = True
        return msgspec.structs.replace(source, draft=draft, is_sole=True)
    own = source.draft
    if not source.is_sole or not own.takes_offset:
        raise call.refused()
    own.layer, own.takes_offset = ChannelScale(bias=True), False
    if numbers.constant is not None:
        own.constants["bias"] = numbers.constant.name
    return source


def _merged(call: Call, layer: AnyLayer, first: Wire, second: Wire) -> Wire:
    if len(first.layout) != len(second.layout) or not _agree(first.layout, second.layout):
        raise call.refused()
    draft = call.draft(layer, [first, second])
    layout = tuple(one or other for one, other in zip(first.layout, second.layout, strict=True))
    return Wire(draft, layout, is_sole=True, entries=first.entries | second.entries)


def _agree(first: Layout, second: Layout) -> bool:
    return all(not one or not other or one == other for one, other in zip(first, second, strict=True))


def concat(call: Call) -> Wire:
    """Tensors one after the other along the channels."""
    wires = [value for value in call.values("tensors") if isinstance(value, Wire)]
    fits = len(wires) == len(call.values("tensors")) and all(
        wire.is_whole and call.plain("dim", 0) % len(wire.layout) == 1 for wire in wires
    )
    if not fits:
        raise call.refused()
    draft = call.draft(Concat(), wires)
    return call.whole(draft, frozenset().union(*(wire.entries for wire in wires)))


def _channels(call: Call, source: Wire, start: int, stop: int) -> Wire:
    if not source.is_whole:
        raise call.refused()
    if (start, stop) == (0, source.draft.shape[0]):
        return source
    return call.whole(call.draft(Slice(start, stop), [source]))


def split(call: Call) -> list[Value]:
    """Parts of the channels; each is a node where anything reads it."""
    source = call.wire("self")
    place = call.plain("dim", 0) % len(source.layout)
    if axis_of(source.layout[place], source.draft.shape) != "C":
        raise call.refused()
    found: list[Value] = []
    start = 0
    for index in range(len(call.results)):
        stop = start + call.type_of(index).shape[place]
        found.append(_channels(call, source, start, stop))
        start = stop
    return found


def sliced(call: Call) -> Wire:
    """Some of the channels, or a part of a map."""
    source = call.wire("self")
    place = call.plain("dim", 0) % len(source.layout)
    size = sizes(source.layout)[place]
    start, stop = call.plain("start", 0), call.plain("end", size)
    start, stop = max(0, start + size if start < 0 else start), min(size, stop + size if stop < 0 else stop)
    if (start, stop, call.plain("step", 1)) == (0, size, 1):
        return source
    if call.plain("step", 1) != 1 or axis_of(source.layout[place], source.draft.shape) != "C":
        raise call.refused()
    return _channels(call, source, start, stop)


def pad(call: Call) -> Wire:
    """Rows and columns around a map, or cut off from it."""
    sides = call.plain("pad") if call.plain("pad") is not None else call.plain("padding")
    modes = {"reflection_pad2d": "reflect", "replication_pad2d": "replicate"}
    mode = modes.get(call.base, call.plain("mode", "constant"))
    if not any(sides):
        return call.wire("self")
    if len(sides) > 4 and any(sides[4:]):
        raise call.refused()
    left, right, top, bottom = (*sides, 0, 0)[:4]
    value = float(call.plain("value", 0)) if mode == "constant" else 0.0
    return call.whole(call.draft(Pad2d(left, right, top, bottom, mode, value), [call.map("self")]))


def upsample(mode: Literal["nearest", "bilinear", "bicubic"]) -> Callable[[Call], Value]:
    """A map of another size: larger by whole factors, or of a size that is said."""

    def lowered(call: Call) -> Wire:
        source = call.map("input") if call.value("self") is None else call.map("self")
        height, width = call.type_of().shape[2:]
        given, aligned = source.draft.shape[1:], bool(call.plain("align_corners", False))
        factors = call.plain("scale_factors") or (call.plain("scales_h"), call.plain("scales_w"))
        if factors == (None, None):
            layer = Upsample(size=(height, width), mode=mode, align_corners=aligned)
        elif (factors[0] * given[0], factors[1] * given[1]) != (height, width):
            # What such a factor looks at is not what the rounded size looks at.
            raise call.refused()
        elif factors[0] % 1 or factors[1] % 1:
            layer = Upsample(size=(height, width), mode=mode, align_corners=aligned)
        else:
            layer = Upsample((int(factors[0]), int(factors[1])), mode, align_corners=aligned)
        return call.whole(call.draft(layer, [source]))

    return lowered


def reshape(call: Call) -> Wire:
    """The same values in other dimensions: a layout, a flatten, or the end of a channel shuffle."""
    source = call.wire("self")
    shape = call.type_of().shape
    if len(source.draft.shape) == 1 and len(shape) == 4 and shape[2:] == (1, 1) and source.entries:
        raise MapsWantedError(source.entries)
    layout = reshaped(source.layout, shape)
    if layout is None:
        raise call.refused()
    return settled(call, msgspec.structs.replace(source, layout=layout))


def expand(call: Call) -> Wire:
    """A tensor read over and over along axes of size 1."""
    source, shape = call.wire("self"), call.type_of().shape
    if len(shape) != len(source.layout):
        raise call.refused()
    return source if shape == source.shape else msgspec.structs.replace(source, spread=shape)


def permute(call: Call) -> Wire:
    """The dimensions in another order."""
    source = call.wire("self")
    rank = len(source.layout)
    if call.base == "permute":
        order = [place % rank for place in call.plain("dims")]
    else:
        first, second = (call.plain("dim0", 0), call.plain("dim1", 1)) if call.base == "transpose" else (0, 1)
        order = list(range(rank))
        order[first], order[second] = order[second], order[first]
    return settled(call, msgspec.structs.replace(source, layout=permuted(source.layout, tuple(order))))


_FUNCTIONS = (
    "relu", "relu6", "sigmoid", "tanh", "silu", "hardswish", "hardsigmoid", "mish", "selu", "softplus",
)  # fmt: skip

VALUE_OPERATORS: dict[str, Callable[[Call], Value | list[Value]]] = {
    **{name: activation(name) for name in _FUNCTIONS},
    **dict.fromkeys(_SAME_VALUES, unchanged),
    **dict.fromkeys(("dropout", "feature_dropout"), dropout),
    **dict.fromkeys(("hardtanh", "clamp", "clamp_min", "clamp_max"), clamp),
    **dict.fromkeys(("view", "reshape", "_unsafe_view", "flatten", "unsqueeze", "squeeze", "unflatten"), reshape),
    **dict.fromkeys(("permute", "transpose", "t"), permute),
    **dict.fromkeys(("chunk", "split", "split_with_sizes"), split),
    **dict.fromkeys(("constant_pad_nd", "pad", "reflection_pad2d", "replication_pad2d"), pad),
    "leaky_relu": leaky_relu,
    "gelu": gelu,
    "elu": elu,
    "prelu": prelu,
    "softmax": softmax,
    "add": merge(Add),
    "mul": merge(Multiply),
    "sub": merge(Subtract),
    "div": merge(None),
    "rsub": reverse_difference,
    "expand": expand,
    "expand_as": expand,
    "cat": concat,
    "slice": sliced,
    "upsample_nearest2d": upsample("nearest"),
    "upsample_bilinear2d": upsample("bilinear"),
    "upsample_bicubic2d": upsample("bicubic"),
}

"""Activations, merges and what only reshapes, as nodes or as layouts."""

from collections.abc import Callable
from math import prod

import msgspec

from onebyone.interchange.drafts import Call, Fixed, MapsWantedError, Value, Wire
from onebyone.interchange.layout import (
    Layout,
    axis_of,
    map_layout,
    permuted,
    reshaped,
    sizes,
    vector_layout,
)
from onebyone.interchange.settling import settled
from onebyone.layers import (
    Activation,
    Add,
    AnyLayer,
    Concat,
    Dropout,
    Multiply,
    Pad2d,
    Scale,
    Slice,
    Upsample,
)

_SAME_VALUES = frozenset({"contiguous", "clone", "alias", "detach", "to", "_to_copy", "lift_fresh_copy"})


def _unary(call: Call, source: Wire, layer: AnyLayer) -> Wire:
    return msgspec.structs.replace(source, draft=call.draft(layer, [source]), is_sole=True)


def activation(name: str) -> Callable[[Call], Value]:
    """A function of every value: part of the convolution before it where nothing else reads that."""

    def lowered(call: Call) -> Wire:
        source = call.wire("input" if call.value("self") is None else "self")
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
    """Leaky ReLU with the usual slope."""
    if call.plain("negative_slope", 0.01) != 0.01:
        raise call.refused()
    return _activated(call, call.wire("self"), "leaky_relu")


def gelu(call: Call) -> Wire:
    """GELU, exact."""
    if call.plain("approximate", "none") != "none":
        raise call.refused()
    return _activated(call, call.wire("self"), "gelu")


def hardtanh(call: Call) -> Wire:
    """A clamp to 0 and 6, which is ReLU6."""
    names = ("min_val", "max_val") if call.base == "hardtanh" else ("min", "max")
    if [call.plain(name) for name in names] != [0, 6]:
        raise call.refused()
    return _activated(call, call.wire("self"), "relu6")


def softmax(call: Call) -> Wire:
    """Softmax over the channels."""
    source = call.wire("self")
    if axis_of(source.layout[call.plain("dim")], source.draft.shape) != "C":
        raise call.refused()
    return _unary(call, source, Activation("softmax"))


def dropout(call: Call) -> Wire:
    """Dropout, which does nothing when it runs."""
    source = call.wire("input" if call.value("self") is None else "self")
    return _unary(call, source, Dropout(float(call.plain("p", 0.5)))) if call.plain("p", 0.5) else source


def unchanged(call: Call) -> Wire:
    """What gives the same values."""
    return call.wire("self")


def merge(kind: Callable[[], AnyLayer]) -> Callable[[Call], Value]:
    """The sum or product of two tensors, value by value."""

    def lowered(call: Call) -> Wire:
        first, second = call.value("self"), call.value("other")
        is_product = call.base == "mul"
        for one, other in ((first, second), (second, first)):
            number = other.number if isinstance(other, Fixed) else call.plain("other") if other is None else None
            if isinstance(one, Wire) and is_product and isinstance(number, int | float):
                return _unary(call, one, Scale(float(number)))
        if not (isinstance(first, Wire) and isinstance(second, Wire)) or call.plain("alpha", 1) != 1:
            raise call.refused()
        draft = call.draft(kind(), [first, second])
        larger = first if prod(sizes(first.layout)) >= prod(sizes(second.layout)) else second
        if len(first.layout) != len(second.layout) or not _agree(first.layout, second.layout):
            raise call.refused()
        entries = first.entries | second.entries
        return Wire(draft, larger.layout, is_sole=True, entries=entries)

    return lowered


def _agree(first: Layout, second: Layout) -> bool:
    return all(not one or not other or one == other for one, other in zip(first, second, strict=True))


def concat(call: Call) -> Wire:
    """Tensors one after the other along the channels."""
    wires = [value for value in call.values("tensors") if isinstance(value, Wire)]
    place = call.plain("dim", 0)
    fits = len(wires) == len(call.values("tensors")) and all(
        axis_of(wire.layout[place], wire.draft.shape) in {"C", ""} and len(wire.layout) == len(wires[0].layout)
        for wire in wires
    )
    if not fits or not all(wire.is_map or len(wire.draft.shape) == 1 for wire in wires):
        raise call.refused()
    draft = call.draft(Concat(), wires)
    rank = len(draft.shape)
    layout = vector_layout(call.batch, draft.shape) if rank == 1 else map_layout(call.batch, draft.shape)
    return Wire(draft, layout, is_sole=True, entries=frozenset().union(*(wire.entries for wire in wires)))


def _channels(call: Call, source: Wire, start: int, stop: int) -> Wire:
    if not (source.is_map or len(source.draft.shape) == 1):
        raise call.refused()
    if (start, stop) == (0, source.draft.shape[0]):
        return source
    draft = call.draft(Slice(start, stop), [source])
    rank = len(draft.shape)
    layout = vector_layout(call.batch, draft.shape) if rank == 1 else map_layout(call.batch, draft.shape)
    return Wire(draft, layout, is_sole=True)


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
    """Zeros around a map."""
    sides = call.plain("pad")
    if call.plain("value", 0) != 0 or call.plain("mode", "constant") != "constant":
        raise call.refused()
    if not any(sides):
        return call.wire("self")
    if (len(sides) > 4 and any(sides[4:])) or min(sides) < 0:
        raise call.refused()
    left, right, top, bottom = (*sides, 0, 0)[:4]
    draft = call.draft(Pad2d(left, right, top, bottom), [call.map("self")])
    return Wire(draft, map_layout(call.batch, draft.shape), is_sole=True)


def upsample(mode: str) -> Callable[[Call], Value]:
    """A map larger by whole factors."""

    def lowered(call: Call) -> Wire:
        source = call.map("input") if call.value("self") is None else call.map("self")
        if call.plain("align_corners", False):
            raise call.refused()
        wanted, given = call.type_of().shape[2:], source.draft.shape[1:]
        if any(one % other for one, other in zip(wanted, given, strict=True)):
            raise call.refused()
        factors = (wanted[0] // given[0], wanted[1] // given[1])
        draft = call.draft(Upsample(factors, mode), [source])  # type: ignore[arg-type]
        return Wire(draft, map_layout(call.batch, draft.shape), is_sole=True)

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


VALUE_OPERATORS: dict[str, Callable[[Call], Value | list[Value]]] = {
    **{name: activation(name) for name in ("relu", "relu6", "sigmoid", "tanh", "silu", "hardswish", "hardsigmoid")},
    **dict.fromkeys(_SAME_VALUES, unchanged),
    **dict.fromkeys(("dropout", "feature_dropout"), dropout),
    **dict.fromkeys(("hardtanh", "clamp"), hardtanh),
    **dict.fromkeys(("view", "reshape", "_unsafe_view", "flatten", "unsqueeze", "squeeze", "unflatten"), reshape),
    **dict.fromkeys(("permute", "transpose", "t"), permute),
    **dict.fromkeys(("chunk", "split", "split_with_sizes"), split),
    **dict.fromkeys(("constant_pad_nd", "pad"), pad),
    "leaky_relu": leaky_relu,
    "gelu": gelu,
    "softmax": softmax,
    "add": merge(Add),
    "mul": merge(Multiply),
    "cat": concat,
    "slice": sliced,
    "upsample_nearest2d": upsample("nearest"),
    "upsample_bilinear2d": upsample("bilinear"),
}

"""Reductions over axes."""

from onebyone.interchange.from_onnx.conversion import Conversion, Converter, UnknownOperatorError, Value
from onebyone.interchange.from_onnx.node import OnnxNode
from onebyone.interchange.from_onnx.sizes import axes_of, axis_of, without
from onebyone.layers.operators import Argument

_TARGETS = {
    "ReduceMean": "aten.mean.dim",
    "ReduceSum": "aten.sum.dim_IntList",
    "ReduceMax": "aten.amax.default",
    "ReduceMin": "aten.amin.default",
    "ReduceLogSumExp": "aten.logsumexp.default",
    "ReduceL1": "aten.linalg_vector_norm.default",
    "ReduceL2": "aten.linalg_vector_norm.default",
}
_ORDERS = {"ReduceL1": 1, "ReduceL2": 2}


def reduction(c: Conversion, node: OnnxNode) -> Value:
    """A reduction; its axes are an attribute or an input, and all where there are none."""
    input, given = c.input(0), c.optional(1)
    named = node.get("axes", ()) if given is None else c.integers(given)
    if not named and node.get("noop_with_empty_axes", 0):
        return input
    axes = axes_of(named, input.rank) if named else tuple(range(input.rank))
    keep = bool(node.get("keepdims", 1))
    arguments: dict[str, Argument] = {"self": c.tensor(input), "dim": axes, "keepdim": keep}
    if node.kind in _ORDERS:
        arguments["ord"] = _ORDERS[node.kind]
    return c.emit(_TARGETS[node.kind], arguments, without(input.shape, axes, keep))


def largest_place(c: Conversion, node: OnnxNode) -> Value:
    """ArgMax and ArgMin."""
    if node.get("select_last_index", 0):
        raise UnknownOperatorError
    input = c.input(0)
    axis, keep = axis_of(node.get("axis", 0), input.rank), bool(node.get("keepdims", 1))
    arguments: dict[str, Argument] = {"self": c.tensor(input), "dim": axis, "keepdim": keep}
    target = f"aten.{node.kind.lower()}.default"
    return c.emit(target, arguments, without(input.shape, (axis,), keep), "int64")


def running_sum(c: Conversion, node: OnnxNode) -> Value:
    """CumSum from the front."""
    if node.get("exclusive", 0) or node.get("reverse", 0):
        raise UnknownOperatorError
    input = c.input(0)
    axis = axis_of(c.integers(c.input(1))[0], input.rank)
    return c.emit("aten.cumsum.default", {"self": c.tensor(input), "dim": axis}, input.shape)


CONVERTERS: dict[str, Converter] = {
    **dict.fromkeys(_TARGETS, reduction),
    "ArgMax": largest_place,
    "ArgMin": largest_place,
    "CumSum": running_sum,
}

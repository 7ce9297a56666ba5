"""What is computed while reading: shapes, and the small arithmetic that exporters do with them."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from onebyone.errors import ModelFileError
from onebyone.interchange.from_onnx.conversion import MAX_FOLDED_VALUES, Conversion, UnknownOperatorError, Value
from onebyone.interchange.from_onnx.node import OnnxNode
from onebyone.interchange.from_onnx.sizes import axes_of, axis_of, broadcast
from onebyone.interchange.from_onnx.sources import NUMBER_TYPES, Filled, Stored, array_of, is_external, stored_type
from onebyone.interchange.graph import TensorType
from onebyone.interchange.number_types import FLOATING, ITEM_BYTES, MAX_ELEMENTS

MAX_KNOWN_FLOATS = 64
#: An array of more floats in an operator `Constant` is a weight, not arithmetic on sizes.
MAX_ARITHMETIC_FLOATS = 8


def stored_value(proto: Any, key: str) -> Value:
    """A tensor of the file; its numbers are known where they are few, or whole and not many."""
    type = stored_type(proto)
    floats = type.dtype in FLOATING
    few = math.prod(type.shape) <= (MAX_KNOWN_FLOATS if floats else MAX_FOLDED_VALUES)
    array = array_of(proto) if few and not is_external(proto) and type.dtype != "bfloat16" else None
    return Value(key, type, array, Stored(proto), is_constant=True, is_weight=floats and len(type.shape) > 0)


def constant(c: Conversion, node: OnnxNode) -> Value:
    """Constant."""
    import numpy

    attributes = node.attributes
    if "value" in attributes:
        value = stored_value(attributes["value"], c.fresh())
        return replace(value, is_weight=value.is_weight and math.prod(value.shape) > MAX_ARITHMETIC_FLOATS)
    for name, kind in (("value_float", "float32"), ("value_floats", "float32"), ("value_int", "int64")):
        if name in attributes:
            return c.known(numpy.array(attributes[name], kind))
    if "value_ints" in attributes:
        return c.known(numpy.array(attributes["value_ints"], "int64"))
    raise UnknownOperatorError


def constant_of_shape(c: Conversion, node: OnnxNode) -> Value:
    """ConstantOfShape: known where it is small, else one number that is repeated when it is wanted."""
    import numpy

    shape = c.integers(c.input(0))
    proto = node.get("value", None)
    item = numpy.zeros(1, "float32") if proto is None else array_of(proto).reshape(-1)[:1]
    type = TensorType(shape, item.dtype.name)
    if type.dtype not in ITEM_BYTES or item.size != 1:
        raise UnknownOperatorError
    count = math.prod(shape)
    if any(size < 0 for size in shape) or count > MAX_ELEMENTS:
        raise ModelFileError(
            f"{node.place} makes a tensor of shape {shape[:16]}, which cannot be; the file is damaged."
        )
    floats = type.dtype in FLOATING
    few = count <= (MAX_KNOWN_FLOATS if floats else MAX_FOLDED_VALUES)
    array = numpy.full(shape, item[0]) if few else None
    is_weight = floats and len(shape) > 0
    return Value(c.fresh(), type, array, Filled(item.tobytes()), is_constant=True, is_weight=is_weight)


def shape_of(c: Conversion, node: OnnxNode) -> Value:
    """Shape, or a part of it."""
    import numpy

    shape = c.input(0).shape
    return c.known(numpy.array(shape[node.get("start", 0) : node.get("end", None)], "int64"))


def size_of(c: Conversion, node: OnnxNode) -> Value:
    """Size: the number of elements."""
    import numpy

    return c.known(numpy.array(math.prod(c.input(0).shape), "int64"))


ALWAYS_FOLDED: dict[str, Callable[[Conversion, OnnxNode], Value]] = {
    "Constant": constant,
    "ConstantOfShape": constant_of_shape,
    "Shape": shape_of,
    "Size": size_of,
}


def folded(c: Conversion, node: OnnxNode) -> Value | None:
    """The result of a node whose inputs are all known and small, or None."""
    folder = _FOLDERS.get(node.kind)
    values = [c.optional(place) for place in range(len(node.inputs))]
    given = [value for value in values if value is not None]
    if folder is None or not given or any(value.array is None or value.is_weight for value in given):
        return None
    import numpy

    with numpy.errstate(all="ignore"):
        result = numpy.asarray(folder(node, *(None if value is None else value.array for value in values)))
    if result.size > MAX_FOLDED_VALUES or result.dtype.name not in ITEM_BYTES:
        return None
    return c.known(result)


def _require_few(shape: tuple[int, ...]) -> None:
    """Raises where an array would be too large to be computed here, before there is one."""
    if any(size < 0 for size in shape) or math.prod(shape) > MAX_FOLDED_VALUES:
        raise UnknownOperatorError


def _numpy(name: str) -> Callable[..., Any]:
    def fold(node: OnnxNode, *arrays: Any) -> Any:
        import numpy

        _require_few(broadcast(*(array.shape for array in arrays)))
        return getattr(numpy, name)(*arrays)

    return fold


def _divided(node: OnnxNode, left: Any, right: Any) -> Any:
    import numpy

    _require_few(broadcast(left.shape, right.shape))
    if left.dtype.kind == "f":
        return numpy.divide(left, right)
    # Whole numbers lose their fraction towards zero, as in C.
    quotient = abs(left) // abs(right)
    return (numpy.sign(left) * numpy.sign(right) * quotient).astype(left.dtype)


def _powered(node: OnnxNode, base: Any, exponent: Any) -> Any:
    import numpy

    _require_few(broadcast(base.shape, exponent.shape))
    return numpy.power(base, exponent).astype(base.dtype)


def _modulo(node: OnnxNode, left: Any, right: Any) -> Any:
    import numpy

    _require_few(broadcast(left.shape, right.shape))
    return numpy.fmod(left, right) if node.get("fmod", 0) else numpy.mod(left, right)


def _cast(node: OnnxNode, array: Any) -> Any:
    return array.astype(NUMBER_TYPES.get(node.get("to", 0), "float32"))


def _clipped(node: OnnxNode, array: Any, low: Any = None, high: Any = None) -> Any:
    low = node.get("min", None) if low is None else low
    high = node.get("max", None) if high is None else high
    return array if low is None and high is None else array.clip(low, high).astype(array.dtype)


def _gathered(node: OnnxNode, array: Any, index: Any) -> Any:
    import numpy

    return numpy.take(array, index, axis=axis_of(node.get("axis", 0), array.ndim))


def _joined(node: OnnxNode, *arrays: Any) -> Any:
    import numpy

    return numpy.concatenate(arrays, axis=node.get("axis", 0))


def _unsqueezed(node: OnnxNode, array: Any, axes: Any = None) -> Any:
    import numpy

    named = node.get("axes", ()) if axes is None else tuple(int(axis) for axis in axes.reshape(-1))
    return numpy.expand_dims(array, axes_of(named, array.ndim + len(named)))


def _squeezed(node: OnnxNode, array: Any, axes: Any = None) -> Any:
    named = node.get("axes", None) if axes is None else tuple(int(axis) for axis in axes.reshape(-1))
    return array.squeeze() if named is None else array.squeeze(axes_of(named, array.ndim))


def _sliced(
    node: OnnxNode, array: Any, starts: Any = None, ends: Any = None, axes: Any = None, steps: Any = None
) -> Any:
    if starts is None:
        first, last = node.get("starts", ()), node.get("ends", ())
        along, jumps = node.get("axes", range(len(first))), [1] * len(first)
    else:
        first, last = starts.tolist(), ends.tolist()
        along = range(len(first)) if axes is None else axes.tolist()
        jumps = [1] * len(first) if steps is None else steps.tolist()
    for start, end, axis, step in zip(first, last, along, jumps, strict=True):
        places: list[slice] = [slice(None)] * array.ndim
        places[axis] = slice(start, end, step)
        array = array[tuple(places)]
    return array


def _viewed(node: OnnxNode, array: Any, shape: Any = None) -> Any:
    wanted = [int(size) for size in (node.get("shape", ()) if shape is None else shape)]
    return array.reshape([array.shape[axis] if size == 0 else size for axis, size in enumerate(wanted)])


def _expanded(node: OnnxNode, array: Any, shape: Any) -> Any:
    import numpy

    wanted = broadcast(array.shape, [int(size) for size in shape])
    _require_few(wanted)
    return numpy.broadcast_to(array, wanted)


def _tiled(node: OnnxNode, array: Any, repeats: Any) -> Any:
    import numpy

    times = tuple(int(each) for each in repeats)
    _require_few(tuple(size * each for size, each in zip(array.shape, times, strict=True)))
    return numpy.tile(array, times)


def _range(node: OnnxNode, start: Any, limit: Any, delta: Any) -> Any:
    import numpy

    _require_few((max(0, math.ceil((limit.item() - start.item()) / delta.item())),))
    return numpy.arange(start.item(), limit.item(), delta.item(), dtype=start.dtype)


def _chosen(node: OnnxNode, condition: Any, yes: Any, no: Any) -> Any:
    import numpy

    _require_few(broadcast(condition.shape, yes.shape, no.shape))
    return numpy.where(condition, yes, no)


def _reduced(name: str) -> Callable[..., Any]:
    def fold(node: OnnxNode, array: Any, axes: Any = None) -> Any:
        named = node.get("axes", ()) if axes is None else tuple(int(axis) for axis in axes.reshape(-1))
        over = axes_of(named, array.ndim) if named else None
        return getattr(array, name)(axis=over, keepdims=bool(node.get("keepdims", 1))).astype(array.dtype)

    return fold


def _transposed(node: OnnxNode, array: Any) -> Any:
    return array.transpose(node.get("perm", None))


def _same(node: OnnxNode, array: Any, *rest: Any) -> Any:
    return array


_FOLDERS: dict[str, Callable[..., Any]] = {
    "Add": _numpy("add"),
    "Sub": _numpy("subtract"),
    "Mul": _numpy("multiply"),
    "Div": _divided,
    "Mod": _modulo,
    "Pow": _powered,
    "Sqrt": _numpy("sqrt"),
    "Reciprocal": _numpy("reciprocal"),
    "Neg": _numpy("negative"),
    "Abs": _numpy("abs"),
    "Floor": _numpy("floor"),
    "Ceil": _numpy("ceil"),
    "Max": _numpy("maximum"),
    "Min": _numpy("minimum"),
    "Equal": _numpy("equal"),
    "Less": _numpy("less"),
    "LessOrEqual": _numpy("less_equal"),
    "Greater": _numpy("greater"),
    "GreaterOrEqual": _numpy("greater_equal"),
    "And": _numpy("logical_and"),
    "Or": _numpy("logical_or"),
    "Not": _numpy("logical_not"),
    "Cast": _cast,
    "Clip": _clipped,
    "Gather": _gathered,
    "Concat": _joined,
    "Unsqueeze": _unsqueezed,
    "Squeeze": _squeezed,
    "Slice": _sliced,
    "Reshape": _viewed,
    "Expand": _expanded,
    "Tile": _tiled,
    "Range": _range,
    "Where": _chosen,
    "ReduceProd": _reduced("prod"),
    "ReduceSum": _reduced("sum"),
    "ReduceMax": _reduced("max"),
    "ReduceMin": _reduced("min"),
    "Transpose": _transposed,
    "Identity": _same,
}

"""Arithmetic, comparisons and activations, element by element."""

import math
from collections.abc import Callable

from onebyone.interchange.from_onnx.conversion import Conversion, Converter, UnknownOperatorError, Value
from onebyone.interchange.from_onnx.node import OnnxNode
from onebyone.interchange.from_onnx.sizes import axis_of, broadcast
from onebyone.interchange.from_onnx.sources import number_type
from onebyone.layers.operators import Argument, TensorName

_Single = Callable[[Conversion, OnnxNode], Value]

_NUMPY_BROADCAST_OPSET = 7

_PLAIN = {
    "Abs": "abs",
    "Ceil": "ceil",
    "Cos": "cos",
    "Erf": "erf",
    "Exp": "exp",
    "Floor": "floor",
    "HardSwish": "hardswish",
    "Log": "log",
    "Mish": "mish",
    "Neg": "neg",
    "Reciprocal": "reciprocal",
    "Relu": "relu",
    "Round": "round",
    "Sigmoid": "sigmoid",
    "Sign": "sign",
    "Sin": "sin",
    "Softplus": "softplus",
    "Sqrt": "sqrt",
    "Tanh": "tanh",
}
_COMPARISONS = {"Equal": "eq", "Greater": "gt", "GreaterOrEqual": "ge", "Less": "lt", "LessOrEqual": "le"}
_LOGIC = {"And": "logical_and", "Or": "logical_or", "Xor": "logical_xor"}


def _plain(target: str) -> _Single:
    def convert(c: Conversion, node: OnnxNode) -> Value:
        input = c.input(0)
        return c.emit(f"aten.{target}.default", {"self": c.tensor(input)}, input.shape)

    return convert


def _operands(c: Conversion, node: OnnxNode) -> tuple[Value, Value]:
    """Both operands; before opset 7 the second may be aligned at an axis of the first."""
    left, right = c.input(0), c.input(1)
    if c.opset < _NUMPY_BROADCAST_OPSET and node.get("broadcast", 0) and "axis" in node.attributes:
        behind = left.rank - axis_of(node.get("axis", 0), left.rank) - right.rank
        shape = (*right.shape, *(1,) * behind)
        right = c.emit("aten.reshape.default", {"self": c.tensor(right), "shape": shape}, shape)
    return left, right


def _both(target: str, c: Conversion, left: Value, right: Value, dtype: str | None = None, **more: Argument) -> Value:
    arguments = {"self": c.tensor(left), "other": c.operand(right), **more}
    return c.emit(target, arguments, broadcast(left.shape, right.shape), dtype)


def _commuting(target: str) -> _Single:
    def convert(c: Conversion, node: OnnxNode) -> Value:
        left, right = _operands(c, node)
        # A number stands second, where it can be written as one.
        if left.number is not None and right.number is None and left.rank <= 1:
            left, right = right, left
        return _both(target, c, left, right)

    return convert


def subtraction(c: Conversion, node: OnnxNode) -> Value:
    """Sub; a number less a tensor is `rsub`."""
    left, right = _operands(c, node)
    if left.number is not None and right.number is None and left.rank <= 1 <= right.rank:
        arguments: dict[str, Argument] = {"self": c.tensor(right), "other": c.operand(left)}
        return c.emit("aten.rsub.Scalar", arguments, right.shape)
    return _both("aten.sub.Tensor", c, left, right)


def division(c: Conversion, node: OnnxNode) -> Value:
    """Div; of whole numbers, the quotient without its fraction."""
    left, right = _operands(c, node)
    if left.is_floating:
        return _both("aten.div.Tensor", c, left, right)
    overload = "Tensor_mode" if isinstance(c.operand(right), TensorName) else "Scalar_mode"
    return _both(f"aten.div.{overload}", c, left, right, rounding_mode="trunc")


def power(c: Conversion, node: OnnxNode) -> Value:
    """Pow."""
    base, exponent = _operands(c, node)
    if exponent.number is not None and exponent.rank <= base.rank:
        arguments: dict[str, Argument] = {"self": c.tensor(base), "exponent": exponent.number}
        return c.emit("aten.pow.Tensor_Scalar", arguments, base.shape)
    arguments = {"self": c.tensor(base), "exponent": c.tensor(exponent)}
    return c.emit("aten.pow.Tensor_Tensor", arguments, broadcast(base.shape, exponent.shape))


def _comparison(target: str) -> _Single:
    def convert(c: Conversion, node: OnnxNode) -> Value:
        left, right = _operands(c, node)
        overload = "Tensor" if isinstance(c.operand(right), TensorName) else "Scalar"
        return _both(f"aten.{target}.{overload}", c, left, right, dtype="bool")

    return convert


def _logic(target: str) -> _Single:
    def convert(c: Conversion, node: OnnxNode) -> Value:
        left, right = _operands(c, node)
        arguments: dict[str, Argument] = {"self": c.tensor(left), "other": c.tensor(right)}
        return c.emit(f"aten.{target}.default", arguments, broadcast(left.shape, right.shape), "bool")

    return convert


def negation(c: Conversion, node: OnnxNode) -> Value:
    """Not."""
    input = c.input(0)
    return c.emit("aten.logical_not.default", {"self": c.tensor(input)}, input.shape, "bool")


def _several(target: str) -> _Single:
    def convert(c: Conversion, node: OnnxNode) -> Value:
        result = c.input(0)
        for place in range(1, len(node.inputs)):
            other = c.input(place)
            arguments: dict[str, Argument] = {"self": c.tensor(result), "other": c.tensor(other)}
            result = c.emit(target, arguments, broadcast(result.shape, other.shape))
        return result

    return convert


def mean_of_several(c: Conversion, node: OnnxNode) -> Value:
    """Mean: the sum of the inputs over their number."""
    result = _several("aten.add.Tensor")(c, node)
    return c.emit("aten.div.Tensor", {"self": c.tensor(result), "other": len(node.inputs)}, result.shape)


def choice(c: Conversion, node: OnnxNode) -> Value:
    """Where."""
    condition, yes, no = c.input(0), c.input(1), c.input(2)
    arguments: dict[str, Argument] = {"condition": c.tensor(condition), "self": c.tensor(yes), "other": c.tensor(no)}
    return c.emit("aten.where.self", arguments, broadcast(condition.shape, yes.shape, no.shape), yes.type.dtype)


def clip(c: Conversion, node: OnnxNode) -> Value:
    """Clip; its limits are attributes before opset 11."""
    input = c.input(0)
    limits: dict[str, Argument] = {"self": c.tensor(input)}
    for place, name in ((1, "min"), (2, "max")):
        limit = c.optional(place)
        if limit is not None and limit.number is None:
            raise UnknownOperatorError
        number = node.get(name, None) if limit is None else limit.number
        # The exporters write the largest float where there is no limit.
        limits[name] = number if number is not None and abs(number) < 3e38 else None
    if limits["min"] is None and limits["max"] is None:
        return input
    return c.emit("aten.clamp.default", limits, input.shape)


def hard_sigmoid(c: Conversion, node: OnnxNode) -> Value:
    """HardSigmoid: torch has it for the slope 1/6 alone; any other is written out."""
    input = c.input(0)
    alpha, beta = node.get("alpha", 0.2), node.get("beta", 0.5)
    if math.isclose(alpha, 1 / 6, rel_tol=1e-4) and beta == 0.5:
        return c.emit("aten.hardsigmoid.default", {"self": c.tensor(input)}, input.shape)
    scaled = c.emit("aten.mul.Tensor", {"self": c.tensor(input), "other": alpha}, input.shape)
    moved = c.emit("aten.add.Tensor", {"self": c.tensor(scaled), "other": beta}, input.shape)
    return c.emit("aten.clamp.default", {"self": c.tensor(moved), "min": 0.0, "max": 1.0}, input.shape)


def leaky_relu(c: Conversion, node: OnnxNode) -> Value:
    """LeakyRelu."""
    input = c.input(0)
    arguments: dict[str, Argument] = {"self": c.tensor(input), "negative_slope": node.get("alpha", 0.01)}
    return c.emit("aten.leaky_relu.default", arguments, input.shape)


def learned_leaky_relu(c: Conversion, node: OnnxNode) -> Value:
    """PRelu with one slope, or one a channel."""
    input, slope = c.input(0), c.input(1)
    size = math.prod(slope.shape)
    channels = input.rank > 1 and slope.rank and slope.shape == (input.shape[1], *(1,) * (slope.rank - 1))
    aligned = slope.rank == input.rank - 1 or (slope.rank == 1 and input.rank == 2)
    batched = slope.rank == input.rank and slope.shape == (1, size, *(1,) * (input.rank - 2))
    if size != 1 and not (channels and aligned) and not (batched and size == input.shape[1]):
        raise UnknownOperatorError
    if slope.shape != (size,):
        slope = c.emit("aten.reshape.default", {"self": c.tensor(slope), "shape": (size,)}, (size,))
    return c.emit("aten.prelu.default", {"self": c.tensor(input), "weight": c.tensor(slope)}, input.shape)


def elu(c: Conversion, node: OnnxNode) -> Value:
    """Elu, Selu with its own numbers, and Celu."""
    input = c.input(0)
    arguments: dict[str, Argument] = {"self": c.tensor(input), "alpha": node.get("alpha", 1.0)}
    if node.kind == "Celu":
        return c.emit("aten.celu.default", arguments, input.shape)
    if node.kind == "Selu":
        arguments["alpha"] = node.get("alpha", 1.6732632)
        arguments["scale"] = node.get("gamma", 1.050701)
    return c.emit("aten.elu.default", arguments, input.shape)


def gelu(c: Conversion, node: OnnxNode) -> Value:
    """Gelu, exact or by tanh."""
    input = c.input(0)
    arguments: dict[str, Argument] = {"self": c.tensor(input), "approximate": node.get("approximate", "none")}
    return c.emit("aten.gelu.default", arguments, input.shape)


def swish(c: Conversion, node: OnnxNode) -> Value:
    """Swish with the factor 1: SiLU."""
    if node.get("alpha", 1.0) != 1.0:
        raise UnknownOperatorError
    input = c.input(0)
    return c.emit("aten.silu.default", {"self": c.tensor(input)}, input.shape)


def softsign(c: Conversion, node: OnnxNode) -> Value:
    """Softsign: x / (1 + |x|)."""
    input = c.input(0)
    size = c.emit("aten.abs.default", {"self": c.tensor(input)}, input.shape)
    more = c.emit("aten.add.Tensor", {"self": c.tensor(size), "other": 1}, input.shape)
    return c.emit("aten.div.Tensor", {"self": c.tensor(input), "other": c.tensor(more)}, input.shape)


def thresholded_relu(c: Conversion, node: OnnxNode) -> Value:
    """ThresholdedRelu: zero up to the threshold."""
    input = c.input(0)
    arguments: dict[str, Argument] = {"self": c.tensor(input), "threshold": node.get("alpha", 1.0), "value": 0.0}
    return c.emit("aten.threshold.default", arguments, input.shape)


def cast(c: Conversion, node: OnnxNode) -> Value:
    """Cast, to a type that is named, and CastLike, to that of another tensor."""
    input = c.input(0)
    dtype = c.input(1).type.dtype if node.kind == "CastLike" else number_type(node.get("to", 0), node.place)
    if dtype == input.type.dtype:
        return input
    return c.emit("aten.to.dtype", {"self": c.tensor(input), "dtype": dtype}, input.shape, dtype)


def unchanged(c: Conversion, node: OnnxNode) -> Value:
    """Identity, and Dropout, which does nothing once a network is trained."""
    return c.input(0)


CONVERTERS: dict[str, Converter] = {
    **{kind: _plain(target) for kind, target in _PLAIN.items()},
    **{kind: _comparison(target) for kind, target in _COMPARISONS.items()},
    **{kind: _logic(target) for kind, target in _LOGIC.items()},
    "Add": _commuting("aten.add.Tensor"),
    "Mul": _commuting("aten.mul.Tensor"),
    "Sub": subtraction,
    "Div": division,
    "Pow": power,
    "Not": negation,
    "Sum": _several("aten.add.Tensor"),
    "Max": _several("aten.maximum.default"),
    "Min": _several("aten.minimum.default"),
    "Mean": mean_of_several,
    "Where": choice,
    "Clip": clip,
    "HardSigmoid": hard_sigmoid,
    "LeakyRelu": leaky_relu,
    "PRelu": learned_leaky_relu,
    "Elu": elu,
    "Selu": elu,
    "Celu": elu,
    "Gelu": gelu,
    "Swish": swish,
    "Softsign": softsign,
    "ThresholdedRelu": thresholded_relu,
    "Cast": cast,
    "CastLike": cast,
    "Identity": unchanged,
    "Dropout": unchanged,
}

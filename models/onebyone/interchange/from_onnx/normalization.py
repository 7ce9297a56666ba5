"""Norms, and softmax."""

import math

from onebyone.errors import ModelFileError
from onebyone.interchange.from_onnx.conversion import Conversion, Converter, UnknownOperatorError, Value
from onebyone.interchange.from_onnx.node import OnnxNode
from onebyone.interchange.from_onnx.sizes import axis_of
from onebyone.layers.operators import Argument

#: What torch has where nothing is said; it plays no part in inference.
_MOMENTUM = 0.1
_GROUPS_PER_CHANNEL_OPSET = 21
_SOFTMAX_ALONG_ONE_AXIS_OPSET = 13


def _require_channels(node: OnnxNode, input: Value, *vectors: Value) -> None:
    if input.rank < 2 or any(vector.shape != (input.shape[1],) for vector in vectors):
        raise ModelFileError(
            f"{node.place} has factors that are not one for each channel of its input of shape {input.shape}; the file "
            "is damaged."
        )


def batch_norm(c: Conversion, node: OnnxNode) -> Value:
    """BatchNormalization with the running statistics, or with those of the input, as weights are standardised."""
    if c.reads_more_than_one() or not node.get("spatial", 1):
        raise UnknownOperatorError
    input, weight, bias, mean, variance = (c.input(place) for place in range(5))
    _require_channels(node, input, weight, bias, mean, variance)
    own = bool(node.get("training_mode", 0))
    arguments: dict[str, Argument] = {
        "input": c.tensor(input),
        "weight": c.tensor(weight),
        "bias": c.tensor(bias),
        "running_mean": None if own else c.as_buffer(mean),
        "running_var": None if own else c.as_buffer(variance),
        "training": own,
        "momentum": _MOMENTUM,
        "eps": node.get("epsilon", 1e-5),
        "cudnn_enabled": True,
    }
    return c.emit("aten.batch_norm.default", arguments, input.shape)


def instance_norm(c: Conversion, node: OnnxNode) -> Value:
    """InstanceNormalization."""
    input, weight, bias = c.input(0), c.input(1), c.input(2)
    _require_channels(node, input, weight, bias)
    arguments: dict[str, Argument] = {
        "input": c.tensor(input),
        "weight": c.tensor(weight),
        "bias": c.tensor(bias),
        "running_mean": None,
        "running_var": None,
        "use_input_stats": True,
        "momentum": _MOMENTUM,
        "eps": node.get("epsilon", 1e-5),
        "cudnn_enabled": True,
    }
    return c.emit("aten.instance_norm.default", arguments, input.shape)


def group_norm(c: Conversion, node: OnnxNode) -> Value:
    """GroupNormalization; before opset 21 its factors are one a group, and are spread over the channels."""
    input, weight, bias = c.input(0), c.input(1), c.input(2)
    groups = node.get("num_groups", 0)
    if input.rank < 2 or groups < 1 or input.shape[1] % groups:
        raise ModelFileError(f"{node.place} divides {input.shape} into {groups} groups, which cannot be.")
    if c.opset < _GROUPS_PER_CHANNEL_OPSET:
        weight, bias = (_spread(c, each, groups, input.shape[1]) for each in (weight, bias))
    _require_channels(node, input, weight, bias)
    arguments: dict[str, Argument] = {
        "input": c.tensor(input),
        "num_groups": groups,
        "weight": c.tensor(weight),
        "bias": c.tensor(bias),
        "eps": node.get("epsilon", 1e-5),
        "cudnn_enabled": True,
    }
    return c.emit("aten.group_norm.default", arguments, input.shape)


def _spread(c: Conversion, value: Value, groups: int, channels: int) -> Value:
    column = c.emit("aten.reshape.default", {"self": c.tensor(value), "shape": (groups, 1)}, (groups, 1))
    size = (groups, channels // groups)
    wide = c.emit("aten.expand.default", {"self": c.tensor(column), "size": size}, size)
    return c.emit("aten.reshape.default", {"self": c.tensor(wide), "shape": (channels,)}, (channels,))


def layer_norm(c: Conversion, node: OnnxNode) -> Value:
    """LayerNormalization over the last axes."""
    if c.reads_more_than_one():
        raise UnknownOperatorError
    input, weight, bias = c.input(0), c.input(1), c.optional(2)
    sizes = input.shape[axis_of(node.get("axis", -1), input.rank) :]
    if weight.shape != sizes or (bias is not None and bias.shape != sizes):
        raise UnknownOperatorError
    arguments: dict[str, Argument] = {
        "input": c.tensor(input),
        "normalized_shape": sizes,
        "weight": c.tensor(weight),
        "bias": None if bias is None else c.tensor(bias),
        "eps": node.get("epsilon", 1e-5),
    }
    return c.emit("aten.layer_norm.default", arguments, input.shape)


def local_response_norm(c: Conversion, node: OnnxNode) -> Value:
    """LRN, which is an operator of its own here: aten has none. Of even size it is not torch's, which looks back."""
    input = c.input(0)
    size = node.get("size", 0)
    if size < 1 or not size % 2 or input.rank < 3:
        raise UnknownOperatorError
    arguments: dict[str, Argument] = {
        "self": c.tensor(input),
        "size": size,
        "alpha": node.get("alpha", 1e-4),
        "beta": node.get("beta", 0.75),
        "k": node.get("bias", 1.0),
    }
    return c.emit("onebyone.local_response_norm.default", arguments, input.shape)


def softmax(c: Conversion, node: OnnxNode) -> Value:
    """Softmax and LogSoftmax; before opset 13 over all axes from the given one on, as if they were one."""
    input = c.input(0)
    target = "aten.softmax.int" if node.kind == "Softmax" else "aten.log_softmax.int"
    if c.opset >= _SOFTMAX_ALONG_ONE_AXIS_OPSET:
        axis = axis_of(node.get("axis", -1), input.rank)
        return c.emit(target, {"self": c.tensor(input), "dim": axis}, input.shape)
    axis = axis_of(node.get("axis", 1), input.rank)
    if math.prod(input.shape[axis + 1 :]) == 1:
        return c.emit(target, {"self": c.tensor(input), "dim": axis}, input.shape)
    flat = (math.prod(input.shape[:axis]), math.prod(input.shape[axis:]))
    rows = c.emit("aten.reshape.default", {"self": c.tensor(input), "shape": flat}, flat)
    result = c.emit(target, {"self": c.tensor(rows), "dim": 1}, flat)
    return c.emit("aten.reshape.default", {"self": c.tensor(result), "shape": input.shape}, input.shape)


CONVERTERS: dict[str, Converter] = {
    "BatchNormalization": batch_norm,
    "InstanceNormalization": instance_norm,
    "GroupNormalization": group_norm,
    "LayerNormalization": layer_norm,
    "LRN": local_response_norm,
    "Softmax": softmax,
    "LogSoftmax": softmax,
}

"""Runs a neutral graph operator by operator: proves a front end, and finds where two networks first differ."""

from collections.abc import Collection, Mapping
from typing import Any

from onebyone.errors import ModelFileError
from onebyone.interchange.graph import Graph
from onebyone.layers.operators import Argument, BatchSize, Item, Operator, TensorName

#: What torch writes out in ten operators and ONNX has in one.
LOCAL_RESPONSE_NORM = "onebyone.local_response_norm.default"


def run(
    graph: Graph,
    constants: Mapping[str, Any],
    inputs: Mapping[str, Any],
    allowed: Collection[str],
) -> dict[str, Any]:
    """Every tensor of the graph (of torch) by its name, as it was when it was made.

    Args:
        graph: What to run.
        constants: The network's constants by the names of `Constant.name`.
        inputs: The inputs by their names in the graph.
        allowed: The operators that may be called, such as "aten.conv2d.default".

    Raises:
        ModelFileError: An operator may not be called, or torch does not take its arguments.
    """
    import torch

    for step in graph.steps:
        if step.operator.target not in allowed:
            raise ModelFileError(f"The operator {step.operator.target} cannot be run here.")
    writes = any(step.operator.base.endswith("_") for step in graph.steps)
    live = {key: constants[constant.name] for key, constant in graph.constants.items()} | dict(inputs)
    if writes:
        live = {name: tensor.clone() for name, tensor in live.items()}
    seen = {name: tensor.clone() if writes else tensor for name, tensor in live.items()}
    with torch.no_grad():
        for step in graph.steps:
            for name, tensor in _results(step.operator, live, graph.batch):
                live[name] = tensor
                # What is written into later stays in the record as it was.
                seen[name] = tensor.clone() if writes else tensor
    return seen


def _results(operator: Operator, live: Mapping[str, Any], batch: int) -> list[tuple[str, Any]]:
    try:
        made = _called(operator, live, batch)
    except (RuntimeError, TypeError, ValueError, IndexError, NotImplementedError) as error:
        first = str(error).partition("\n")[0].rstrip(".")
        raise ModelFileError(f"torch cannot run {operator.target}: {first[:300]}.") from error
    tensors = list(made) if isinstance(made, tuple | list) else [made]
    return [(name, tensor) for name, tensor in zip(operator.results, tensors, strict=False) if name]


def _called(operator: Operator, live: Mapping[str, Any], batch: int) -> Any:
    import torch

    if operator.target == LOCAL_RESPONSE_NORM:
        plain = {name: _plain(argument, live, batch) for name, argument in operator.arguments.items()}
        return torch.nn.functional.local_response_norm(plain.pop("self"), **plain)
    space, name, overload = operator.target.split(".")
    function = getattr(getattr(getattr(torch.ops, space), name), overload)
    kinds = {argument.name: str(argument.real_type) for argument in function._schema.arguments}
    return function(
        **{
            name: _typed(_plain(argument, live, batch), kinds.get(name, ""))
            for name, argument in operator.arguments.items()
        }
    )


def _plain(argument: Argument, live: Mapping[str, Any], batch: int) -> Any:
    if isinstance(argument, tuple):
        return [_item(each, live, batch) for each in argument]
    return _item(argument, live, batch)


def _item(item: Item, live: Mapping[str, Any], batch: int) -> Any:
    if isinstance(item, TensorName):
        return live[item.name]
    if isinstance(item, BatchSize):
        return item.times * batch
    return item


def _typed(value: Any, kind: str) -> Any:
    """A text as what the schema of an operator means by it."""
    if not isinstance(value, str):
        return value
    import torch

    match kind.removeprefix("Optional[").rstrip("]"):
        case "ScalarType" | "Layout" | "MemoryFormat":
            return getattr(torch, value)
        case "Device":
            return torch.device(value)
        case "number" | "float" | "Scalar" | "Tensor":
            return float(value)
        case _:
            return value

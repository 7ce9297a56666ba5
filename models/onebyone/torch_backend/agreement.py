"""Whether the module of a design that was imported computes what the original computed, with the original's tensors."""

from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

import msgspec

from onebyone.analysis import Analysis
from onebyone.design import Design
from onebyone.errors import MeasurementError
from onebyone.interchange.lowering import Constants, Lowered
from onebyone.interchange.report import Equal, Report
from onebyone.pytorch_source import torch_module
from onebyone.torch_backend import build
from onebyone.torch_backend.capture.tensors import INPUT, OUTPUT, OUTPUT_64, is_varied, varied
from onebyone.torch_backend.capture.writer import CONSTANT

#: How far two answers in float64 may be apart, as a share of the largest value: the order of sums may differ.
TOLERANCE = 1e-9


def compared(lowered: Lowered, tensors: Mapping[str, Any]) -> Report:
    """The report, with how the module of the design agrees with the original.

    Args:
        lowered: The design of the original.
        tensors: The tensors of the original, and what the capture keeps beside them.
    """
    report = lowered.report
    if lowered.constants is None:
        return _not_compared(report, "some of its weights are computed from others")
    try:
        found = compare(lowered.design, lowered.constants, tensors)
    except (MeasurementError, RuntimeError) as error:
        return _not_compared(report, str(error).partition("\n")[0].rstrip("."))
    if found is None:
        return _not_compared(report, "a copy of it with other values in its norms could not be run")
    return msgspec.structs.replace(report, equal=found[0], largest_difference=found[1])


def compared_with_file(lowered: Lowered, path: Path) -> Report:
    """As `compared`, with the tensors of a safetensors file."""
    from safetensors.torch import load_file

    return compared(lowered, load_file(path))


def _not_compared(report: Report, reason: str) -> Report:
    sentence = f"It was not compared with the original: {reason}."
    return msgspec.structs.replace(report, assumed=(*report.assumed, sentence))


def compare(design: Design, constants: Constants, tensors: Mapping[str, Any]) -> tuple[Equal, float] | None:
    """How the module agrees with the original, and the largest difference as a share of the largest value.

    Args:
        design: The design of the original.
        constants: The names of the original's tensors, by node and name in the node's state_dict.
        tensors: Those tensors, and what the capture keeps beside them.

    Returns:
        None where the capture has no answer to compare with.

    Raises:
        MeasurementError: The design cannot be run, or a tensor does not fit.
    """
    import torch

    analysis = build.checked(design, "The imported design")
    module = build.build(torch_module(design, analysis))
    module.load_state_dict(state_of(design, analysis, constants, _varied(constants, tensors)))
    entries = [node.id for node in design.nodes if node.layer.is_entry]
    answer: tuple[Equal, float] | None = None
    for prefix, dtype in ((OUTPUT, torch.float32), (OUTPUT_64, torch.float64)):
        expected = _numbered(tensors, prefix)
        if not expected:
            continue
        inputs = dict(zip(entries, _numbered(tensors, INPUT), strict=True))
        with torch.inference_mode():
            found = module.to(dtype)(*(inputs[name].to(dtype) for name in analysis.input_ids))
        found = found if isinstance(found, tuple) else (found,)
        if [one.shape for one in found] != [one.shape for one in expected]:
            return "no", float("inf")
        if all(torch.equal(one, other) for one, other in zip(found, expected, strict=True)):
            return ("bit", 0.0) if dtype is torch.float32 else ("float64", 0.0)
        worst = max(_share(one, other) for one, other in zip(found, expected, strict=True))
        answer = ("float64" if dtype is torch.float64 and worst <= TOLERANCE else "no", worst)
    return answer


def state_of(design: Design, analysis: Analysis, constants: Constants, tensors: Mapping[str, Any]) -> dict[str, Any]:
    """The original's tensors as a state_dict of the design's module: a linear layer may be a 1×1 convolution there.

    Raises:
        MeasurementError: A tensor has not as many values as its layer needs.
    """
    attributes = torch_module(design, analysis).attributes
    state = {}
    for node_id, names in constants.items():
        shapes = analysis.node(node_id).layer.tensors(*analysis.nodes[node_id].inputs)
        for key, name in names.items():
            tensor = tensors[name].detach()
            if tensor.numel() != prod(shapes[key]):
                raise MeasurementError(f"The tensor {name} has another size than its layer needs.")
            state[f"{attributes[node_id]}.{key}"] = tensor.reshape(shapes[key])
    return state


def _varied(constants: Constants, tensors: Mapping[str, Any]) -> dict[str, Any]:
    """The tensors as they were when the original ran for the comparison."""
    names = {name for each in constants.values() for name in each.values()}
    return {
        name: varied(name, tensors[name])
        if is_varied(tensors[name]) and not name.startswith(CONSTANT)
        else tensors[name]
        for name in names
    }


def _numbered(tensors: Mapping[str, Any], prefix: str) -> list[Any]:
    found: list[Any] = []
    while f"{prefix}{len(found)}" in tensors:
        found.append(tensors[f"{prefix}{len(found)}"])
    return found


def _share(one: Any, other: Any) -> float:
    largest = float(other.abs().max())
    difference = float((one - other).abs().max())
    return difference / largest if largest else difference

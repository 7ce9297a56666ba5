"""Whether the module of a design that was imported computes what the original computed, with the original's tensors."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from onebyone.design import Design
from onebyone.errors import MeasurementError
from onebyone.interchange.report import Equal
from onebyone.pytorch_source import torch_module
from onebyone.torch_backend import build
from onebyone.torch_backend.capture import INPUT, OUTPUT, OUTPUT_64, is_varied, varied

#: How far two answers in float64 may be apart, as a share of the largest value: the order of sums may differ.
TOLERANCE = 1e-9


def compare(design: Design, constants: Mapping[str, str], tensors: Mapping[str, Any]) -> tuple[Equal, float] | None:
    """How the module agrees with the original, and the largest difference as a share of the largest value.

    Args:
        design: The design of the original.
        constants: The names of the original's tensors by the keys of the state_dict of the design's module.
        tensors: Those tensors, and what `onebyone.torch_backend.capture` keeps beside them.

    Returns:
        None where the capture has no answer to compare with.

    Raises:
        MeasurementError: The design cannot be run.
    """
    import torch

    analysis = build.checked(design, "The imported design")
    module = build.build(torch_module(design, analysis))
    state = module.state_dict()
    for key, name in constants.items():
        tensor = tensors[name]
        value = varied(name, tensor) if is_varied(tensor) else tensor
        if value.numel() != state[key].numel():
            raise MeasurementError(f"The tensor {name} has another size than its layer needs.")
        state[key].copy_(value.reshape(state[key].shape))
    answer = None
    for prefix, dtype in ((OUTPUT, torch.float32), (OUTPUT_64, torch.float64)):
        expected = _numbered(tensors, prefix)
        if not expected:
            continue
        inputs = [value.to(dtype) for value in _numbered(tensors, INPUT)]
        with torch.inference_mode():
            found = module.to(dtype)(*inputs)
        found = found if isinstance(found, tuple) else (found,)
        if [one.shape for one in found] != [one.shape for one in expected]:
            return "no", float("inf")
        if all(torch.equal(one, other) for one, other in zip(found, expected, strict=True)):
            return ("bit", 0.0) if dtype is torch.float32 else ("float64", 0.0)
        worst = max(_share(one, other) for one, other in zip(found, expected, strict=True))
        is_close = dtype is torch.float64 and worst <= TOLERANCE
        answer = ("float64" if is_close else "no", worst)
    return answer  # type: ignore[return-value]


def _numbered(tensors: Mapping[str, Any], prefix: str) -> list[Any]:
    found: list[Any] = []
    while f"{prefix}{len(found)}" in tensors:
        found.append(tensors[f"{prefix}{len(found)}"])
    return found


def _share(one: Any, other: Any) -> float:
    largest = float(other.abs().max())
    difference = float((one - other).abs().max())
    return difference / largest if largest else difference


def compared_with_file(design: Design, constants: Mapping[str, str], path: Path) -> tuple[Equal, float] | None:
    """As `compare`, with the tensors of a safetensors file."""
    from safetensors.torch import load_file

    return compare(design, constants, load_file(path))

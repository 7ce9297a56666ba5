"""Reads a PyTorch module into a neutral graph: the operators that it runs, and its tensors.

This package stands alone: the user's own interpreter runs `script.py` in it, which has torch 2.6 or newer and may have
no OneByOne. So its imports are relative.

Source: torch.export.
"""

import copy
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from .tensors import BATCH, SEED, references, seeded_inputs, write_tensors
from .words import CaptureError, a_or_an, reason_of
from .writer import Writer

__all__ = [
    "BATCH", "SEED", "CaptureError", "a_or_an", "capture", "reason_of", "seeded_inputs", "unwrapped", "write_tensors",
]  # fmt: skip


def capture(
    module: Any, inputs: Sequence[Any], name: str = "", progress: Callable[[str], None] = lambda phase: None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The neutral graph of a module as plain values, and its tensors by name.

    Among the tensors are the inputs, and what the module makes of them once small tensors are varied as `varied` says,
    in float32 and where it can in float64. The module is as it was afterwards, training modes included.

    Args:
        module: A torch.nn.Module.
        inputs: Its arguments, with a batch.
        name: What to call the network.
        progress: Is told what is done now.

    Raises:
        CaptureError: It is no module that can be read, or it cannot run on these inputs.
    """
    import torch

    module = unwrapped(module)
    modes = [(each, each.training) for each in module.modules()]
    module.eval()
    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module, assumed = _in_float32(module)
            arguments = _fitting(module, tuple(inputs))
            progress("tracing")
            writer, way = _traced(module, arguments)
            graph = writer.graph(module, name or type(module).__name__)
            graph["assumed"] = [*assumed, *way]
            graph["origin"] = f"PyTorch {torch.__version__.partition('+')[0]}"
            progress("running")
            return graph, writer.tensors | references(module, arguments)
    finally:
        for each, was_training in modes:
            each.training = was_training


def unwrapped(module: Any) -> Any:
    """The module within wrappers that only run it.

    Raises:
        CaptureError: It is no module, or one that holds nothing to read.
    """
    import torch

    while True:
        if isinstance(module, torch.nn.DataParallel | torch.nn.parallel.DistributedDataParallel):
            module = module.module
        elif isinstance(getattr(module, "_orig_mod", None), torch.nn.Module):
            module = module._orig_mod
        else:
            break
    if isinstance(module, torch.jit.ScriptModule):
        raise CaptureError("A ScriptModule holds no Python to read; import the code that builds the module instead.")
    if not isinstance(module, torch.nn.Module):
        raise CaptureError(f"A torch.nn.Module is needed, and this is {a_or_an(type(module).__name__)}.")
    if any(tensor.is_meta for tensor in (*module.parameters(), *module.buffers())):
        raise CaptureError("The module is on the meta device and has no values; build it on the CPU.")
    return module


def _in_float32(module: Any) -> tuple[Any, list[str]]:
    """The module, or a copy in float32 where it is in another number type, and what to say of that."""
    import torch

    others = {p.dtype for p in module.parameters() if p.is_floating_point() and p.dtype != torch.float32}
    if not others:
        return module, []
    names = ", ".join(sorted(str(dtype).removeprefix("torch.") for dtype in others))
    return copy.deepcopy(module).float(), [f"Its parameters are in {names}; it was read in float32."]


def _fitting(module: Any, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    """The inputs with a batch of two, or as they are where the module insists on that."""
    import torch

    reason = ""
    for candidate in (tuple(map(_doubled, inputs)), inputs, tuple(map(_first_sample, inputs))):
        try:
            module(*candidate)
        except Exception as error:  # noqa: BLE001 - whatever the user's code raises
            reason = reason or reason_of(error)
            continue
        return candidate
    sizes = " and ".join("×".join(map(str, value.shape)) for value in inputs if isinstance(value, torch.Tensor))
    raise CaptureError(f"The module does not run on an input of {sizes or 'nothing'}: {reason}.")


def _first_sample(value: Any) -> Any:
    import torch

    return value[:1] if isinstance(value, torch.Tensor) and value.dim() else value


def _doubled(value: Any) -> Any:
    import torch

    if not isinstance(value, torch.Tensor) or not value.dim() or value.shape[0] != 1:
        return value
    other = torch.randn_like(value) if value.is_floating_point() else value
    return torch.cat((value, other))


def _traced(module: Any, inputs: tuple[Any, ...]) -> "tuple[Writer, list[str]]":
    """What the module runs, by the first of three ways that works, and what to say of the way."""
    import torch

    reasons = []
    for strict in (False, True):
        try:
            return Writer.of_program(torch.export.export(module, inputs, strict=strict), module, inputs), []
        except Exception as error:  # noqa: BLE001 - whatever tracing meets in the user's code
            reasons.append(reason_of(error))
    try:
        return Writer.of_run(module, inputs), [
            "It was recorded while it ran once; what it would do otherwise with other inputs is not in the design."
        ]
    except Exception as error:  # noqa: BLE001 - as above
        reasons.append(reason_of(error))
    if any("data-dependent" in reason.lower() or "datadependent" in reason.lower() for reason in reasons):
        raise CaptureError(
            "It decides by the values of its input what to compute, which a design cannot show; import a part of it"
            " that does not."
        )
    raise CaptureError(f"PyTorch could not trace the module: {reasons[0]}.")

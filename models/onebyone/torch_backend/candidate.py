"""One design made ready to be timed: built, placed, called once, and its answer checked."""

import time
from collections.abc import Callable
from typing import Any

import msgspec

from onebyone.analysis import Analysis
from onebyone.clock import machine
from onebyone.errors import MeasurementError
from onebyone.measurement.records import BYTES_PER_ELEMENT, MeasurementRequest
from onebyone.pytorch_source import torch_module
from onebyone.torch_backend import build
from onebyone.torch_backend.devices import CPU, Device, Marks
from onebyone.torch_backend.node_times import Clocked

#: How far an answer may be from the plain float32 one, as a share of the largest value.
TOLERANCE = 1e-4
_BYTES_OF_FLOAT32 = 4
_FEATURE_MAP_AXES = 4


class Candidate(msgspec.Struct, frozen=True):
    """A design that has been called once and gave the right answer.

    `call` runs it as it is timed; `largest_error` is the largest difference from plain float32 on the CPU, as a share
    of the largest value.
    """

    label: str
    analysis: Analysis
    module: Any
    inputs: tuple[Any, ...]
    call: Callable[[], object]
    first_call: float
    largest_error: float

    @property
    def input_bytes(self) -> int:
        """Bytes of the inputs as they are given to the timed call."""
        return sum(tensor.numel() * tensor.element_size() for tensor in self.inputs)

    def clocked(self, marks: Marks) -> Clocked:
        """The forward pass with clocks between its statements, on the same weights."""
        source = torch_module(self.analysis.design, self.analysis, clocked=True)
        module = build.build(source)
        module.load_state_dict(self.module.state_dict(), assign=True)
        module.clock = marks.mark
        inputs = self.inputs
        return Clocked(lambda: module(*inputs), marks, source.statements)


def make(label: str, analysis: Analysis, request: MeasurementRequest, device: Device) -> Candidate:
    """Builds a design, calls it once as it will be timed and checks the answer.

    Raises:
        MeasurementError: It needs more memory than there is, or its answer is wrong.
    """
    _refuse_if_too_large(label, analysis, request, device)
    reference = build.build(torch_module(analysis.design, analysis))
    build.seed_weights(reference)
    plain_inputs = build.seeded_inputs(analysis, request.batch)
    expected = _tensors(reference(*plain_inputs))
    module = placed(reference, request, device)
    inputs = tuple(placed(tensor, request, device) for tensor in plain_inputs)
    timed = _compiled(module) if request.mode == "compile" else module
    device.synchronize()
    start = time.perf_counter()
    found = timed(*inputs)
    device.synchronize()
    first_call = time.perf_counter() - start
    error = largest_error(_tensors(found), expected)
    _refuse_if_wrong(label, error, request)
    return Candidate(label, analysis, module, inputs, lambda: timed(*inputs), first_call, error)


def placed(value: Any, request: MeasurementRequest, device: Device) -> Any:
    """A module or tensor on the device, in the number type and the layout of the request; vectors have no layout."""
    import torch

    moved = device.place(value).to(getattr(torch, request.dtype))
    if request.layout == "nchw":
        return moved
    if isinstance(value, torch.nn.Module):
        return moved.to(memory_format=torch.channels_last)
    return moved.contiguous(memory_format=torch.channels_last) if moved.dim() == _FEATURE_MAP_AXES else moved


def _compiled(module: Any) -> Any:
    import torch

    torch._dynamo.reset()
    return torch.compile(module, dynamic=False)


def _tensors(result: Any) -> tuple[Any, ...]:
    return result if isinstance(result, tuple) else (result,)


def largest_error(found: tuple[Any, ...], expected: tuple[Any, ...]) -> float:
    """The largest difference of two answers as a share of the largest value; infinite where a value is not finite."""
    import torch

    worst = 0.0
    for one, other in zip(found, expected, strict=True):
        plain = one.to(device="cpu", dtype=torch.float32)
        if plain.shape != other.shape or not torch.isfinite(plain).all():
            return float("inf")
        largest = float(other.abs().max())
        difference = float((plain - other).abs().max())
        worst = max(worst, difference / largest if largest else difference)
    return worst


def _refuse_if_wrong(label: str, error: float, request: MeasurementRequest) -> None:
    how = f"{request.mode} mode, {request.layout}, {request.dtype} on {request.device}"
    if error == float("inf"):
        raise MeasurementError(
            f"The answer of {label} in {how} is not finite or has another shape than it should;"
            " no latency is given for a wrong answer."
        )
    if request.dtype == "float32" and error > TOLERANCE:
        raise MeasurementError(
            f"The answer of {label} in {how} is off by {error:.2g} of its largest value, and {TOLERANCE:g} is allowed;"
            " no latency is given for a wrong answer."
        )


def _refuse_if_too_large(label: str, analysis: Analysis, request: MeasurementRequest, device: Device) -> None:
    """Asks before the system does: where memory is promised freely, running out kills instead of failing."""
    totals = analysis.totals
    values = (totals.parameters or 0) + request.batch * (
        totals.peak_activation_bytes or 0
    ) // analysis.bytes_per_element
    # The plain float32 module is on the CPU in any case, beside the timed one where that is there too.
    plain, timed = values * _BYTES_OF_FLOAT32, values * BYTES_PER_ELEMENT[request.dtype]
    needs = {CPU: (plain + timed if device.name == CPU else plain, machine.available_bytes())}
    if device.name != CPU:
        needs[device.name] = (timed, device.available_bytes())
    for name, (needed, available) in needs.items():
        if available is not None and needed > available:
            where = "" if name == CPU else f" on {name}"
            raise MeasurementError(
                f"{label} with a batch of {request.batch} needs about {needed / 2**30:,.1f} GiB of memory{where}, and"
                f" {max(available, 0) / 2**30:,.1f} GiB are free; use a smaller batch."
            )

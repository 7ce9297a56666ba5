"""Every node by itself, with hot and with cold caches, on inputs of the shape it has in the graph; never summed."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from onebyone.analysis import Analysis, analyze
from onebyone.clock.protocol import Check, Timer, calls_per_sample
from onebyone.clock.statistics import Sample, median
from onebyone.clock.stopwatch import Call
from onebyone.edits.bypass import effective
from onebyone.measurement.records import IsolatedTime, MeasurementRequest
from onebyone.pytorch_source import torch_module
from onebyone.torch_backend import roofs
from onebyone.torch_backend.build import SEED
from onebyone.torch_backend.candidate import placed
from onebyone.torch_backend.devices import Device

#: Undisturbed samples from which a median is given.
LEAST_CLEAN = 3
MAX_SAMPLES = 50
WARM_UP_CALLS = 3
_HOT_SHARE = 0.5


class Step(msgspec.Struct, frozen=True):
    """One statement of the forward pass, ready to be called alone."""

    node: str
    call: Call


def steps(analysis: Analysis, module: Any, request: MeasurementRequest, device: Device) -> Iterator[Step]:
    """Every statement of the forward pass with inputs of its own, of the shape that they have in the graph.

    Args:
        analysis: Of the design.
        module: The generated module, placed as it is timed; its layers are called.
        request: Number type, layout and batch.
        device: Where it runs.
    """
    import torch

    active = effective(analysis.design)
    known = analysis if active is analysis.design else analyze(active)
    source = torch_module(active, known)
    generator = torch.Generator().manual_seed(SEED)
    for name in source.statements:
        shapes = known.nodes[name].inputs
        names = tuple(f"x{place}" for place in range(len(shapes)))
        expression = known.node(name).layer.torch_expression(source.attributes.get(name, name), names)
        # Made of validated numbers and names, like the generated source.
        run = eval(f"lambda self, {', '.join(names)}: {expression}", {"torch": torch, "nn": torch.nn})
        values = (torch.randn(request.batch, *shape, generator=generator) for shape in shapes)
        yield Step(name, _bound(run, module, tuple(placed(value, request, device) for value in values)))


def _bound(run: Callable[..., object], module: Any, inputs: tuple[Any, ...]) -> Call:
    return lambda: run(module, *inputs)


class Flusher:
    """Fills the caches with something else, outside of what is timed.

    Args:
        device: Whose caches.
    """

    def __init__(self, device: Device) -> None:
        import torch

        # Twice the last-level cache, at most half of the roofs' copy: a cache larger than that keeps something.
        size = max(roofs.copy_bytes() // 2, 2**20)
        self._target = device.place(torch.zeros(size // 4))
        self._device = device

    def flush(self) -> None:
        """Writes and reads all of it."""
        self._target.add_(1.0)
        self._device.synchronize()


def measure(
    steps: Iterator[Step], count: int, timer: Timer, device: Device, seconds: float, check: Check
) -> tuple[IsolatedTime, ...]:
    """The times of all steps that the budget reaches, in order; None for those behind.

    Args:
        steps: The nodes, each made ready when its turn comes.
        count: How many they are.
        timer: Takes the samples.
        device: Where they run.
        seconds: For all of them together; each has an equal part of what is left.
        check: Called before every sample; raises `CancelledError` to end it.
    """
    flusher = Flusher(device)
    deadline = timer.now() + seconds
    found = []
    for place, step in enumerate(steps):
        left = deadline - timer.now()
        part = left / (count - place)
        if part <= 0:
            found.append(IsolatedTime(step.node, None, None))
            continue
        hot = _hot(step.call, timer, part * _HOT_SHARE, check)
        cold = _cold(step.call, timer, flusher, part * (1 - _HOT_SHARE), check)
        found.append(IsolatedTime(step.node, hot, cold))
    return tuple(found)


def _hot(call: Call, timer: Timer, seconds: float, check: Check) -> float | None:
    """Called again and again: what it needs is in the caches, as far as it fits."""
    start = timer.now()
    first = [timer.sample(call).seconds for _ in range(WARM_UP_CALLS)]
    calls = calls_per_sample(min(first))
    return _median(_samples(lambda: timer.sample(call, calls), timer, start + seconds, check))


def _cold(call: Call, timer: Timer, flusher: Flusher, seconds: float, check: Check) -> float | None:
    """Called after the caches were filled with something else; one call a sample, since the next one is hot."""

    def sample() -> Sample:
        flusher.flush()
        return timer.sample(call)

    return _median(_samples(sample, timer, timer.now() + seconds, check))


def _samples(sample: Callable[[], Sample], timer: Timer, deadline: float, check: Check) -> list[Sample]:
    taken: list[Sample] = []
    while len(taken) < LEAST_CLEAN or (timer.now() < deadline and len(taken) < MAX_SAMPLES):
        check()
        taken.append(sample())
    return taken


def _median(samples: Sequence[Sample]) -> float | None:
    clean = [sample.seconds for sample in samples if sample.is_clean]
    return median(clean) if len(clean) >= LEAST_CLEAN else None

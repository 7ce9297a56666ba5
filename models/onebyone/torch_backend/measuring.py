"""A measurement from the request to the answer."""

import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

import msgspec

from onebyone.clock import machine, protocol
from onebyone.clock.evidence import Evidence
from onebyone.clock.protocol import Subject, WarmUp
from onebyone.clock.statistics import Round, interval_over, median, round_medians
from onebyone.clock.stopwatch import Stopwatch
from onebyone.errors import CancelledError, MeasurementError
from onebyone.measurement.records import Measurement, MeasurementRequest, Phase, RunProgress
from onebyone.torch_backend import answer, build, candidate, devices, environment, isolated, roofs
from onebyone.torch_backend.candidate import Candidate
from onebyone.torch_backend.faults import said_plainly
from onebyone.torch_backend.node_times import NodeClocks
from onebyone.torch_backend.timed import Timed

NO_COMPILE_IN_BUNDLE = (
    "torch.compile does not work in the bundled program; install OneByOne with pip to use it, or measure in eager mode."
)

IsCancelled = Callable[[], bool]

#: How many samples of one design a message of progress carries at most.
MAX_LATEST = 400
#: How many calls are timed on the device's own clock.
DEVICE_CALLS = 20
#: How much of the time of the rounds goes, between them, to calls with clocks.
CLOCKED_SHARE = 0.2
#: Shares of the whole at which the phases begin; rounds take most of it.
_CHECKED, _WARM, _MEASURED, _CLOCKED, _ROOFS = 0.1, 0.25, 0.8, 0.9, 0.95


class Report(Protocol):
    """Told the phase, how much of the whole is done (0 to 1), what is known of each design, and how long it takes."""

    def __call__(
        self,
        phase: Phase,
        fraction: float,
        runs: tuple[RunProgress, ...] = (),
        note: str = "",
        seconds_left: float | None = None,
    ) -> None:
        """Passes it on."""


def measure(request: MeasurementRequest, report: Report, is_cancelled: IsCancelled) -> Measurement:
    """Measures the designs of a request.

    Args:
        request: What is measured, and how.
        report: Told how far it is.
        is_cancelled: Asked between samples.

    Raises:
        MeasurementError: It cannot be measured; the text says why.
        CancelledError: It was given up.
    """
    import torch

    if request.mode == "compile" and getattr(sys, "frozen", False):
        raise MeasurementError(NO_COMPILE_IN_BUNDLE)
    device = devices.find(request.device)
    threads = request.threads or machine.physical_cores()
    if threads > machine.logical_cores():
        raise MeasurementError(
            f"{threads} threads cannot run side by side on {machine.logical_cores()} cores; ask for fewer."
        )
    start = environment.before()
    evidence = Evidence()
    try:
        with torch.inference_mode(), _settings(threads, device):
            runs = _Bench(request, device, Stopwatch(evidence, device.synchronize), report, is_cancelled).run()
        record = environment.record(start, device.description, threads, evidence.source, build.SEED)
    except MeasurementError:
        device.release()
        raise
    finally:
        evidence.close()
    found = answer.measurement(request, threads, record, runs)
    if not request.has_roofs:
        return found
    # Last, so that the first figure does not wait for them.
    report("roofs", _ROOFS)
    try:
        return msgspec.structs.replace(found, roofs=roofs.measure_roofs(request.device, request.dtype, threads))
    except MeasurementError as error:
        # What has been measured stands without them.
        return msgspec.structs.replace(found, environment=record | {"roofs": str(error)})


@contextmanager
def _settings(threads: int, device: devices.Device) -> Iterator[None]:
    """What is fixed while it is measured: threads, denormals, float32 that is float32, no garbage collection."""
    import torch

    threads_before = torch.get_num_threads()
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    if device.name != devices.CPU:
        torch.backends.cudnn.allow_tf32 = False
        torch.set_float32_matmul_precision("highest")
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        torch.set_flush_denormal(False)
        torch.set_num_threads(threads_before)


class _Bench:
    """Takes the candidates of one request through the phases, side by side."""

    def __init__(
        self,
        request: MeasurementRequest,
        device: devices.Device,
        timer: Stopwatch,
        report: Report,
        is_cancelled: IsCancelled,
    ) -> None:
        self._request = request
        self._device = device
        self._timer = timer
        self._report = report
        self._is_cancelled = is_cancelled

    def run(self) -> list[Timed]:
        """The designs in order; where there are several, a copy of the first comes last and tells the resolution."""
        candidates = self._candidates()
        warm = self._warmed_up(candidates)
        subjects = [
            Subject(one.call, protocol.calls_per_sample(own.seconds)) for one, own in zip(candidates, warm, strict=True)
        ]
        clocks = self._clocks(candidates)
        rounds = self._rounds(candidates, subjects, clocks)
        timed = [
            Timed(one, own, subject.calls_per_sample, samples)
            for one, own, subject, samples in zip(candidates, warm, subjects, rounds, strict=True)
        ]
        return self._with_isolated(self._with_peaks(self._with_device_times(self._with_nodes(timed, clocks))))

    def _check(self) -> None:
        if self._is_cancelled():
            raise CancelledError

    def _candidates(self) -> list[Candidate]:
        designs = self._request.designs
        names = build.labels(designs)
        analyses = [build.checked(design, label) for design, label in zip(designs, names, strict=True)]
        made = []
        for place, (label, analysis) in enumerate(zip(names, analyses, strict=True)):
            self._check()
            self._report("checking", _CHECKED * place / len(designs), ())
            with said_plainly(label, self._request):
                made.append(candidate.make(label, analysis, self._request, self._device))
        if len(designs) > 1:
            with said_plainly(names[0], self._request):
                made.append(candidate.make(f"{names[0]} (copy)", analyses[0], self._request, self._device))
        return made

    def _warmed_up(self, candidates: Sequence[Candidate]) -> list[WarmUp]:
        warm = []
        for place, one in enumerate(candidates):
            self._report("warming up", _CHECKED + (_WARM - _CHECKED) * place / len(candidates), ())
            with said_plainly(one.label, self._request):
                warm.append(protocol.warm_up(self._timer, one.call, self._check))
        return warm

    def _clocks(self, candidates: Sequence[Candidate]) -> NodeClocks:
        """The clocked forward passes of the designs; a compiled graph has none."""
        count = len(self._request.designs) if self._request.mode == "eager" else 0
        with said_plainly(candidates[0].label, self._request):
            clocked = [one.clocked(self._device.marks()) for one in candidates[:count]]
            clocks = NodeClocks(self._timer, clocked, [one.call for one in candidates[count:]], self._check)
            clocks.warm_up()
        return clocks

    def _rounds(
        self, candidates: Sequence[Candidate], subjects: Sequence[Subject], clocks: NodeClocks
    ) -> list[list[Round]]:
        """The rounds of all candidates; clocked calls take a share of the time between them."""
        budget = self._request.budget
        shown = candidates[: len(self._request.designs)]
        is_clocked = self._request.mode == "eager"

        def tell(rounds: Sequence[Sequence[Round]], elapsed: float) -> None:
            known = tuple(_progress(one.label, own) for one, own in zip(shown, rounds, strict=False))
            share = min(1.0, elapsed / budget)
            self._report("measuring", _WARM + (_MEASURED - _WARM) * share, known, seconds_left=budget * (1 - share))
            if is_clocked:
                clocks.spend(CLOCKED_SHARE * sum(sample.span for own in rounds for sample in own[-1]))

        self._report("measuring", _WARM, tuple(_progress(one.label, ()) for one in shown))
        with said_plainly(candidates[0].label, self._request):
            return protocol.run_rounds(self._timer, subjects, budget, self._check, tell)

    def _with_nodes(self, timed: list[Timed], clocks: NodeClocks) -> list[Timed]:
        """The designs with the times of their nodes."""
        self._report("per node", _MEASURED, ())
        with said_plainly(timed[0].candidate.label, self._request):
            found = clocks.result()
        return [
            msgspec.structs.replace(one, nodes=own.nodes, unattributed=own.unattributed)
            for one, own in zip(timed, found, strict=False)
        ] + timed[len(found) :]

    def _with_device_times(self, timed: list[Timed]) -> list[Timed]:
        """The designs with the time on the device's own clock, where it has one."""
        found = []
        for one in timed:
            self._check()
            with said_plainly(one.candidate.label, self._request):
                own = self._device.own_times(one.candidate.call, DEVICE_CALLS)
            found.append(msgspec.structs.replace(one, device_median=median(own) if own else None))
        return found

    def _with_peaks(self, timed: list[Timed]) -> list[Timed]:
        """The designs with their peak memory, each from a call of its own."""
        count = len(self._request.designs)
        found = []
        for place, one in enumerate(timed[:count]):
            self._check()
            self._report("memory", _CLOCKED + (_ROOFS - _CLOCKED) * place / count, ())
            with said_plainly(one.candidate.label, self._request):
                peak = self._device.peak_bytes(one.candidate.call)
            total = None if peak is None else peak + one.candidate.input_bytes
            found.append(msgspec.structs.replace(one, peak_bytes=total))
        return found + timed[count:]

    def _with_isolated(self, timed: list[Timed]) -> list[Timed]:
        """The designs with the times of every node alone, where they were asked for; a compiled graph has no nodes."""
        if not self._request.is_isolated or self._request.mode != "eager":
            return timed
        designs = timed[: len(self._request.designs)]
        found = []
        for one in designs:
            self._report("single nodes", _CLOCKED)
            with said_plainly(one.candidate.label, self._request):
                steps = isolated.steps(one.candidate.analysis, one.candidate.module, self._request, self._device)
                times = isolated.measure(
                    steps, len(one.nodes), self._timer, self._device, self._request.budget / len(designs), self._check
                )
            found.append(msgspec.structs.replace(one, isolated=times))
        return found + timed[len(designs) :]


def _progress(label: str, rounds: Sequence[Round]) -> RunProgress:
    medians = round_medians(rounds)
    latest = rounds[-1][:: -(-len(rounds[-1]) // MAX_LATEST)] if rounds else ()
    known = interval_over(medians) if medians else None
    return RunProgress(
        label,
        len(rounds),
        sum(map(len, rounds)),
        known.value if known is not None else None,
        (known.low, known.high) if known is not None else None,
        tuple(sample.seconds for sample in latest),
        tuple(sample.is_clean for sample in latest),
    )

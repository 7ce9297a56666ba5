"""The trusted form: the same measurement in several fresh processes, one after the other."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from onebyone.clock import machine, merging, protocol, quiet
from onebyone.errors import CancelledError, WorkerError
from onebyone.measurement.records import Measurement, MeasurementRequest, RunProgress
from onebyone.worker.client import WorkerProcess
from onebyone.worker.messages import Finished, Measure, Progress

if TYPE_CHECKING:
    from onebyone.torch_backend.measuring import Report

#: How long each process waits for a quiet machine at most.
PATIENCE_S = 10.0


def measure(request: MeasurementRequest, report: "Report", is_cancelled: Callable[[], bool]) -> Measurement:
    """Measures in fresh processes until the medians of the processes are known well or the budget is spent.

    Args:
        request: What is measured; its budget is for all processes, their starts included. Three are run in any case.
        report: Told how far it is.
        is_cancelled: Asked about twenty times a second.

    Raises:
        MeasurementError: It cannot be measured; the text says why.
        CancelledError: It was given up.
        WorkerError: A process died.
    """
    return _Series(request, report, is_cancelled).run()


class _Series:
    def __init__(self, request: MeasurementRequest, report: "Report", is_cancelled: Callable[[], bool]) -> None:
        self._request = request
        self._report = report
        self._is_cancelled = is_cancelled
        self._answers: list[Measurement] = []
        self._start = time.monotonic()
        self._waited = 0.0

    def run(self) -> Measurement:
        longest = 0.0
        while not self._is_enough(longest):
            self._wait_for_quiet()
            begun = time.monotonic()
            self._answers.append(self._one())
            # The first also looks at roofs and single nodes; the others are a better guess of what one takes.
            longest = time.monotonic() - begun if len(self._answers) < 3 else max(longest, time.monotonic() - begun)
        return merging.merge(self._request, self._answers)

    @property
    def _elapsed(self) -> float:
        """Seconds since the start that count: waiting for others is nobody's budget."""
        return time.monotonic() - self._start - self._waited

    def _is_enough(self, next_takes: float) -> bool:
        if len(self._answers) < merging.LEAST_PROCESSES:
            return False
        return merging.is_known_well(self._answers) or self._elapsed + next_takes > self._request.budget

    def _one(self) -> Measurement:
        """The answer of one fresh process."""
        request = self._request
        is_first = not self._answers
        subjects = len(request.designs) + (len(request.designs) > 1)
        own = msgspec.structs.replace(
            request,
            form="quick",
            budget=protocol.LEAST_ROUNDS * protocol.ROUND_S * subjects,
            is_isolated=request.is_isolated and is_first,
            has_roofs=request.has_roofs and is_first,
        )
        with WorkerProcess() as process:
            reply = process.ask(Measure(1, own, has_turn=True), self._tell, self._check)
        if not isinstance(reply, Finished):
            raise WorkerError("The measuring process answered something else than was asked.")
        return reply.measurement

    def _check(self) -> bool:
        # Raised through the context, which ends the process at once; a message would wait for its next sample.
        self._raise_if_cancelled()
        return False

    def _raise_if_cancelled(self) -> None:
        if self._is_cancelled():
            raise CancelledError

    def _wait_for_quiet(self) -> None:
        begun = time.monotonic()
        threads = self._request.threads or machine.physical_cores()
        quiet.wait_for_quiet(threads, PATIENCE_S, self._tell_waiting, self._raise_if_cancelled)
        self._waited += time.monotonic() - begun

    def _tell_waiting(self, words: str, seconds: float) -> None:
        self._report(
            "waiting for quiet", self._fraction(0.0), self._known(()), note=words, seconds_left=self._left() + seconds
        )

    def _tell(self, progress: Progress) -> None:
        place = len(self._answers) + 1
        is_due = place <= merging.LEAST_PROCESSES
        note = f"process {place} of at least {merging.LEAST_PROCESSES}" if is_due else f"process {place}"
        self._report(progress.phase, self._fraction(progress.fraction), self._known(progress.runs), note, self._left())

    def _fraction(self, of_process: float) -> float:
        """How much is done: of the budget or of the three processes, whatever is less."""
        of_processes = (len(self._answers) + of_process) / merging.LEAST_PROCESSES
        return min(1.0, of_processes, max(self._elapsed / self._request.budget, of_processes / 2))

    def _left(self) -> float:
        return max(0.0, self._request.budget - self._elapsed)

    def _known(self, runs: tuple[RunProgress, ...]) -> tuple[RunProgress, ...]:
        """What is known over the finished processes; of the running one while none is finished."""
        if not self._answers:
            return runs
        latest = {run.design: run for run in runs}
        known = []
        for place, last in enumerate(self._answers[-1].runs):
            own = [answer.runs[place] for answer in self._answers]
            found = merging.over_processes(own)
            now = latest.get(last.design)
            known.append(
                RunProgress(
                    last.design,
                    sum(len(run.rounds) for run in own) + (now.rounds if now is not None else 0),
                    sum(run.samples for run in own) + (now.samples if now is not None else 0),
                    found.value if found is not None else None,
                    (found.low, found.high) if found is not None and len(own) > 1 else None,
                    now.latest if now is not None else (),
                    now.latest_clean if now is not None else (),
                )
            )
        return tuple(known)

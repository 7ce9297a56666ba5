"""Measuring the points of a sweep from the window: one after the other, in the process that measures everything."""

import time
from collections import deque
from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from onebyone.measurement.records import Measurement
from onebyone.sweep.measured import Job, MeasuredPoint, answered, failed
from onebyone.sweep.measuring import progress_words
from onebyone.worker.messages import Progress
from onebyone_desktop.worker.measuring_client import WorkerClient

# So many points in a row without an answer, and the rest will have none either.
_MOST_FAILURES = 3


class SweepProgress(msgspec.Struct, frozen=True):
    """How far it is: points with an answer, points asked for, the part of all, what is going on, and what is left."""

    done: int
    total: int
    fraction: float
    words: str
    seconds_left: float


class SweepMeasuring(QObject):
    """One sweep at a time; what is finished stays, whatever comes later."""

    #: How far it is: a `SweepProgress`.
    progressed = Signal(SweepProgress)
    #: A point has an answer, or a reason why not: a `MeasuredPoint`.
    point_ended = Signal(MeasuredPoint)
    #: Nothing is measured any more; the text says why where not all points have an answer.
    ended = Signal(str)

    def __init__(self, client: WorkerClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._waiting: deque[Job] = deque()
        self._job: Job | None = None
        self._number = 0
        self._total = 0
        self._done = 0
        self._failures = 0
        self._began = 0.0
        client.progressed.connect(self._on_client_progressed)
        client.finished.connect(self._on_client_finished)
        client.failed.connect(self._on_client_failed)

    @property
    def is_running(self) -> bool:
        """Whether an answer is awaited."""
        return self._job is not None

    def start(self, jobs: Sequence[Job]) -> None:
        """Measures these points, one after the other."""
        if self.is_running or not jobs:
            return
        self._waiting = deque(jobs)
        self._total, self._done, self._failures = len(jobs), 0, 0
        self._began = time.monotonic()
        self._next()

    def cancel(self, reason: str) -> None:
        """Stops; the points that are finished stay."""
        if self._job is not None:
            self._client.cancel(self._number)
            self._end(reason)

    def _next(self) -> None:
        self._job = self._waiting.popleft()
        self._number = self._client.submit(self._job.request)

    def _end(self, reason: str) -> None:
        self._job = None
        self._waiting.clear()
        self.ended.emit(reason)

    def _take(self, point: MeasuredPoint) -> None:
        self._done += 1
        self._failures = self._failures + 1 if point.failure else 0
        job = self._job
        self.point_ended.emit(point)
        # A listener may have cancelled it.
        if self._job is not job:
            return
        if self._failures >= _MOST_FAILURES:
            self._end(point.failure)
        elif self._waiting:
            self._next()
        else:
            self._end("")

    @Slot(int, object)
    def _on_client_progressed(self, number: int, message: Progress) -> None:
        job = self._job
        if job is None or number != self._number:
            return
        so_far = self._done + message.fraction
        spent = time.monotonic() - self._began
        each = spent / so_far if self._done else job.request.budget
        words = progress_words(job.request, message)
        left = each * (self._total - so_far)
        self.progressed.emit(SweepProgress(self._done, self._total, so_far / self._total, words, left))

    @Slot(int, object)
    def _on_client_finished(self, number: int, measurement: Measurement) -> None:
        if self._job is None or number != self._number:
            return
        if len(measurement.runs) == 2 and len(measurement.ratios) == 1:
            self._take(answered(self._job, measurement))
        else:
            self._take(failed(self._job, self.tr("The measuring process answered something else than was asked.")))

    @Slot(int, str)
    def _on_client_failed(self, number: int, reason: str) -> None:
        if self._job is not None and number == self._number:
            self._take(failed(self._job, reason))

"""The measuring process as the window uses it: asks, goes on painting, hears the answer as a signal."""

import time
from collections import deque
from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot

from onebyone.measurement.records import MeasurementRequest
from onebyone.worker import launch
from onebyone.worker.messages import Cancel, Devices, Failed, Finished, ListDevices, Measure, Progress, Reply
from onebyone_desktop.worker.process import WorkerProcess

MAX_DEATHS = 3
DEATHS_WITHIN_S = 60.0


class _Job(msgspec.Struct, frozen=True):
    """What was asked for under an id; a list of devices where there is no request."""

    id: int
    request: MeasurementRequest | None

    @property
    def message(self) -> Measure | ListDevices:
        """The message that asks the worker for it."""
        return ListDevices(self.id) if self.request is None else Measure(self.id, self.request)


class _Death(msgspec.Struct, frozen=True):
    """When a worker died, and what it was doing."""

    moment: float
    request: MeasurementRequest | None


class WorkerClient(QObject):
    """Keeps one worker, started on first need and again after its end; does one job after the other.

    Every job ends with exactly one of `finished`, `devices_listed` and `failed`, and never within the call that asked
    for it.
    """

    #: How far a job is: its id and a `Progress` message.
    progressed = Signal(int, object)
    #: A job is done: its id and the `Measurement`.
    finished = Signal(int, object)
    #: What can be measured on: the id of the job and a `Devices` message.
    devices_listed = Signal(int, object)
    #: A job has no answer: its id and a sentence.
    failed = Signal(int, str)

    def __init__(self, parent: QObject | None = None, command: Sequence[str] | None = None) -> None:
        super().__init__(parent)
        self._command = list(command or launch.command())
        self._last_id = 0
        self._waiting: deque[_Job] = deque()
        self._given_up: deque[_Job] = deque()
        self._current: _Job | None = None
        self._is_cancelled = False
        self._process: WorkerProcess | None = None
        self._deaths: deque[_Death] = deque(maxlen=20)
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._on_next_timeout)
        self._grace = QTimer(self, singleShot=True)
        self._grace.timeout.connect(self._on_grace_timeout)
        self._is_terminated = False
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.stop)

    @property
    def pid(self) -> int:
        """The id of the worker's process, 0 where there is none."""
        return self._process.pid if self._process is not None else 0

    @property
    def is_busy(self) -> bool:
        """Whether a job is being done, or waits for its turn."""
        return self._current is not None or bool(self._waiting)

    def submit(self, request: MeasurementRequest) -> int:
        """Asks for a measurement and returns the id of the job."""
        return self._add(request)

    def submit_devices(self) -> int:
        """Asks what can be measured on and returns the id of the job."""
        return self._add(None)

    def cancel(self, job_id: int) -> None:
        """Gives a job up: by a message, then by terminating the worker, then by killing it."""
        for job in self._waiting:
            if job.id == job_id:
                self._waiting.remove(job)
                self._given_up.append(job)
                self._next.start()
                return
        if self._current is not None and self._current.id == job_id and not self._is_cancelled:
            self._is_cancelled = True
            if self._process is not None:
                self._process.send(Cancel(job_id))
            self._grace.start(round(launch.CANCEL_GRACE_S * 1000))

    @Slot()
    def stop(self) -> None:
        """Ends the worker and forgets all jobs; the next one starts a new worker."""
        self._waiting.clear()
        self._given_up.clear()
        self._next.stop()
        self._forget_current()
        self._abandon()
        # Killed ones that are still on their way out would otherwise be destroyed while they run.
        for process in self.findChildren(WorkerProcess):
            process.wait_until_gone()

    def _add(self, request: MeasurementRequest | None) -> int:
        self._last_id += 1
        self._waiting.append(_Job(self._last_id, request))
        self._next.start()
        return self._last_id

    @Slot()
    def _on_next_timeout(self) -> None:
        while self._given_up:
            self.failed.emit(self._given_up.popleft().id, launch.CANCELLED)
        if self._current is not None or not self._waiting:
            return
        job = self._waiting.popleft()
        if self._has_died_too_often(job):
            self.failed.emit(job.id, self._too_often())
            self._next.start()
            return
        self._current = job
        self.progressed.emit(job.id, Progress(job.id, "starting", 0.0))
        if self._current is job:
            self._running_process().send(job.message)

    def _running_process(self) -> WorkerProcess:
        if self._process is None:
            self._process = WorkerProcess(self._command, self)
            self._process.replied.connect(self._on_process_replied)
            self._process.ended.connect(self._on_process_ended)
            self._process.start()
        return self._process

    def _has_died_too_often(self, job: _Job) -> bool:
        since = time.monotonic() - DEATHS_WITHIN_S
        recent = [death for death in self._deaths if death.moment > since]
        return sum(death.request == job.request for death in recent) >= MAX_DEATHS

    def _too_often(self) -> str:
        return self.tr(
            "The measuring process has died {} times within a minute on this; change the design or the settings,"
            " or wait a minute."
        ).format(MAX_DEATHS)

    @Slot(object)
    def _on_process_replied(self, reply: Reply) -> None:
        job = self._current
        # Late answers of an earlier process or job are dropped here.
        if job is None or self.sender() is not self._process or getattr(reply, "id", None) not in {job.id, 0}:
            return
        if isinstance(reply, Progress):
            if not self._is_cancelled:
                self.progressed.emit(job.id, reply)
            return
        if not isinstance(reply, Finished | Devices | Failed):
            return
        was_cancelled = self._is_cancelled
        self._forget_current()
        self._next.start()
        if was_cancelled:
            self.failed.emit(job.id, launch.CANCELLED)
        elif isinstance(reply, Finished):
            self.finished.emit(job.id, reply.measurement)
        elif isinstance(reply, Devices):
            self.devices_listed.emit(job.id, reply)
        else:
            self.failed.emit(job.id, reply.message)

    @Slot(str)
    def _on_process_ended(self, sentence: str) -> None:
        if self.sender() is not self._process:
            return
        job, was_cancelled = self._current, self._is_cancelled
        self._forget_current()
        self._process = None
        self._next.start()
        if job is None:
            return
        if was_cancelled:
            self.failed.emit(job.id, launch.CANCELLED)
            return
        self._deaths.append(_Death(time.monotonic(), job.request))
        self.failed.emit(job.id, sentence)

    @Slot()
    def _on_grace_timeout(self) -> None:
        """The worker has not heeded a cancel: terminates it, and then kills it."""
        if self._process is not None and not self._is_terminated:
            self._is_terminated = True
            self._process.terminate()
            self._grace.start(round(launch.TERMINATE_GRACE_S * 1000))
            return
        job = self._current
        self._forget_current()
        self._abandon()
        self._next.start()
        if job is not None:
            self.failed.emit(job.id, launch.CANCELLED)

    def _forget_current(self) -> None:
        self._current = None
        self._is_cancelled = False
        self._is_terminated = False
        self._grace.stop()

    def _abandon(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.end()

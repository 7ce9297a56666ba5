"""Measuring from the window: asks the worker for one cell after the other and hands the answers to the sessions."""

import time
from collections.abc import Sequence
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from onebyone.computation import computes_same
from onebyone.design import Design
from onebyone.errors import MeasurementError
from onebyone.measurement.cells import Matrix, requests, telling_words
from onebyone.measurement.records import MAX_DESIGNS, QUICK_BUDGET_S, Form, Measurement, MeasurementRequest
from onebyone.worker.messages import Devices, Progress
from onebyone_desktop.preferences import ALL_CORES, ONE_AND_ALL, Preferences
from onebyone_desktop.session import FailedCell, Measured, Session
from onebyone_desktop.worker.measuring_client import WorkerClient


class MeasuringChoices(msgspec.Struct, frozen=True):
    """What to measure with, as chosen in the window; `budget` is for each cell."""

    matrix: Matrix = Matrix()
    form: Form = "quick"
    budget: float | None = QUICK_BUDGET_S
    is_isolated: bool = False


class CellProgress(msgspec.Struct, frozen=True):
    """How far a run of the matrix is: the cell at `place` has sent a message; an estimate of what is left of all."""

    requests: tuple[MeasurementRequest, ...]
    place: int
    message: Progress
    seconds_left: float


class _Matrix:
    """A run of the matrix on its way: what is asked for, and the answers so far."""

    def __init__(self, requests: Sequence[MeasurementRequest], sessions: Sequence[Session | None]) -> None:
        self.requests = tuple(requests)
        self.sessions = list(sessions)
        self.answers: list[Measurement | str] = []
        self.job = 0
        self._began = time.monotonic()
        self._spent = 0.0

    @property
    def place(self) -> int:
        """The place of the cell that is being measured."""
        return len(self.answers)

    @property
    def request(self) -> MeasurementRequest:
        """The cell that is being measured."""
        return self.requests[self.place]

    @property
    def is_done(self) -> bool:
        """Whether every cell has an answer."""
        return self.place == len(self.requests)

    @property
    def is_answered(self) -> bool:
        """Whether at least one cell has been measured."""
        return any(isinstance(answer, Measurement) for answer in self.answers)

    def take(self, answer: Measurement | str) -> None:
        """Keeps the answer to the present cell: a measurement, or why there is none."""
        self.answers.append(answer)
        self._spent = time.monotonic() - self._began

    def progress(self, message: Progress) -> CellProgress:
        """What to tell of a message: a cell takes what the ones before took, or at least its budget."""
        budget = self.request.budget
        each = max(self._spent / self.place, budget) if self.place else budget
        this = message.seconds_left if message.seconds_left is not None else each * (1 - message.fraction)
        return CellProgress(self.requests, self.place, message, this + each * (len(self.requests) - self.place - 1))

    def cells(self, place: int) -> list[Measured | FailedCell]:
        """All answers so far, as the session that holds the design at `place` keeps them."""
        pairs = zip(self.requests, self.answers, strict=False)
        return [
            FailedCell(request, answer, place) if isinstance(answer, str) else Measured(request, answer, place)
            for request, answer in pairs
        ]

    def reasons(self) -> str:
        """Why cells have no answer, each reason once, with the cells it is about where it is not about all."""
        cells: dict[str, list[str]] = {}
        for words, answer in zip(telling_words(self.requests), self.answers, strict=False):
            if isinstance(answer, str):
                cells.setdefault(answer, []).append(words)
        if len(cells) == 1:
            return next(iter(cells))
        return "\n".join(f"{', '.join(words)}: {reason}" for reason, words in cells.items())


class Measuring(QObject):
    """One run of the matrix at a time, one cell after the other; what is finished stays, whatever comes later."""

    #: A run of the matrix has been asked for: its requests.
    started = Signal(object)
    #: How far it is: a `CellProgress`.
    progressed = Signal(CellProgress)
    #: A cell has its answer, or none.
    cell_ended = Signal()
    #: The run is over, and there is an answer for one cell at least: all `Measured` and `FailedCell` of it.
    finished = Signal(object)
    #: There is no answer at all; the text says why.
    failed = Signal(str)
    #: The user has cancelled it; the number of the cells that were finished.
    cancelled = Signal(int)
    #: What can be measured on: pairs of a name and a description.
    devices_listed = Signal(object)
    #: It is to be measured with something else.
    choices_changed = Signal()
    #: A cell is measured: what was asked, and the answer, to be kept.
    answered = Signal(MeasurementRequest, Measurement)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = WorkerClient(self)
        self._run: _Matrix | None = None
        self._choices = MeasuringChoices()
        self._client.progressed.connect(self._on_client_progressed)
        self._client.finished.connect(self._on_client_finished)
        self._client.failed.connect(self._on_client_failed)
        self._client.devices_listed.connect(self._on_client_devices_listed)

    @property
    def client(self) -> WorkerClient:
        """The measuring process, for others that measure as well."""
        return self._client

    @property
    def is_running(self) -> bool:
        """Whether an answer is awaited."""
        return self._run is not None

    @property
    def requests(self) -> tuple[MeasurementRequest, ...]:
        """What is being asked for."""
        return () if self._run is None else self._run.requests

    @property
    def choices(self) -> MeasuringChoices:
        """What to measure with."""
        return self._choices

    def choose(self, choices: MeasuringChoices) -> None:
        """Measures with something else from now on."""
        if choices != self._choices:
            self._choices = choices
            self.choices_changed.emit()

    def choose_by(self, preferences: Preferences, before: Preferences | None = None) -> None:
        """Takes over the preferred choices, those that differ from `before` if that is given."""
        changes: dict[str, tuple[Any, ...]] = {}
        for name, field in (("device", "devices"), ("dtype", "dtypes"), ("threads", "threads")):
            value = getattr(preferences, name)
            if before is None or value != getattr(before, name):
                changes[field] = threads_meant(value) if name == "threads" else (value,)
        matrix = msgspec.structs.replace(self._choices.matrix, **changes)
        self.choose(msgspec.structs.replace(self._choices, matrix=matrix))

    def start(self, sessions: Sequence[Session]) -> None:
        """Measures the designs of these sessions in all chosen cells, interleaved call by call in each."""
        together = sessions[:MAX_DESIGNS]
        if self.is_running or not self._can_run(together):
            return
        designs = [_named(session) for session in together]
        try:
            asked = requests(
                designs,
                self._choices.matrix,
                form=self._choices.form,
                budget=self._choices.budget,
                is_isolated=self._choices.is_isolated,
            )
        except MeasurementError as error:
            self.failed.emit(str(error))
            return
        self._begin(_Matrix(asked, together))

    def repeat(self, session: Session, others: Sequence[Session]) -> None:
        """Measures the cells of a session again, with the same settings and the same designs.

        Args:
            session: The one whose cells are measured.
            others: All open ones; those that hold another of the designs get their answer too.
        """
        cells = session.cells
        if self.is_running or not cells:
            return
        holders: list[Session | None] = [
            next((other for other in others if other is not session and computes_same(other.design, design)), None)
            for design in cells[0].request.designs
        ]
        holders[cells[0].place] = session
        self._begin(_Matrix([cell.request for cell in cells], holders))

    @Slot()
    def cancel(self) -> None:
        """Stops what is running; the cells that are finished stay."""
        run, self._run = self._run, None
        if run is not None:
            self._client.cancel(run.job)
            self.cancelled.emit(run.place)

    @Slot()
    def list_devices(self) -> None:
        """Asks the worker what can be measured on; it is warm afterwards."""
        self._client.submit_devices()

    def stop(self) -> None:
        """Ends the worker, at the end of the program."""
        self._run = None
        self._client.stop()

    @Slot(object)
    def forget(self, session: Session) -> None:
        """Keeps the answers for this session from it: its tab was closed."""
        if self._run is not None:
            self._run.sessions = [None if kept is session else kept for kept in self._run.sessions]

    def _can_run(self, sessions: Sequence[Session]) -> bool:
        for session in sessions:
            if not session.analysis.is_valid:
                first = next(p for p in session.analysis.problems if p.severity == "error")
                self.failed.emit(self.tr("'{}' has an error and cannot run. {}").format(session.title, first.message))
                return False
        return bool(sessions)

    def _begin(self, run: _Matrix) -> None:
        self._run = run
        self.started.emit(run.requests)
        run.job = self._client.submit(run.request)

    def _take(self, answer: Measurement | str) -> None:
        """Keeps an answer and goes on with the next cell, or ends."""
        run = self._run
        assert run is not None
        request = run.request
        run.take(answer)
        if run.is_answered:
            for place, session in enumerate(run.sessions):
                if session is not None:
                    session.set_measurement(*run.cells(place))
        if isinstance(answer, Measurement):
            self.answered.emit(request, answer)
        self.cell_ended.emit()
        if self._run is not run:
            return
        if not run.is_done:
            run.job = self._client.submit(run.request)
            return
        self._run = None
        if run.is_answered:
            self.finished.emit(tuple(run.cells(0)))
        else:
            self.failed.emit(run.reasons())

    @Slot(int, object)
    def _on_client_progressed(self, job: int, message: Progress) -> None:
        if self._run is not None and job == self._run.job:
            self.progressed.emit(self._run.progress(message))

    @Slot(int, object)
    def _on_client_finished(self, job: int, measurement: Measurement) -> None:
        if self._run is not None and job == self._run.job:
            self._take(measurement)

    @Slot(int, object)
    def _on_client_devices_listed(self, _job_id: int, devices: Devices) -> None:
        self.devices_listed.emit([(device.name, device.description) for device in devices.devices])

    @Slot(int, str)
    def _on_client_failed(self, job: int, reason: str) -> None:
        if self._run is not None and job == self._run.job:
            self._take(reason)


def _named(session: Session) -> Design:
    """The design under the name of its tab, so that a report can tell designs apart."""
    design = session.design
    return design if design.name else msgspec.structs.replace(design, name=session.title)


def threads_meant(number: int) -> tuple[int | None, ...]:
    """The threads to measure with that a preference stands for; None stands for all cores."""
    if number == ONE_AND_ALL:
        return (1, None)
    return (None if number == ALL_CORES else number,)

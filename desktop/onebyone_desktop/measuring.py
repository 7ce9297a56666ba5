"""Measuring from the window: asks the worker, follows its progress, hands the answer to the sessions."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from onebyone.design import Design
from onebyone.measurement import MAX_DESIGNS, Measurement, MeasurementRequest
from onebyone.worker.messages import Devices
from onebyone_desktop.session import Measured, Session
from onebyone_desktop.worker_client import WorkerClient


class MeasuringChoices(msgspec.Struct, frozen=True):
    """What to measure with, as chosen in the window."""

    dtype: str = "float32"
    layout: str = "nchw"
    batch: int = 1
    threads: int | None = None
    device: str = "cpu"
    mode: str = "eager"
    budget: float = 3.0


class Measuring(QObject):
    """One measurement at a time."""

    #: A measurement has been asked for; the names of its designs.
    started = Signal(object)
    #: How far it is: a message of the worker.
    progressed = Signal(object)
    #: It is finished.
    finished = Signal(object)
    #: It could not be made; the text says why.
    failed = Signal(str)
    #: It was cancelled by the user.
    cancelled = Signal()
    #: What can be measured on: pairs of a name and a description.
    devices_listed = Signal(object)
    #: A measurement is finished: what was asked, and the answer, to be kept.
    answered = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = WorkerClient(self)
        self._request_id: int | None = None
        self._request: MeasurementRequest | None = None
        self._sessions: list[Session | None] = []
        self._client.progressed.connect(self._on_client_progressed)
        self._client.finished.connect(self._on_client_finished)
        self._client.failed.connect(self._on_client_failed)
        self._client.devices_listed.connect(self._on_client_devices_listed)

    @property
    def is_running(self) -> bool:
        """Whether an answer is awaited."""
        return self._request_id is not None

    def start(self, sessions: Sequence[Session], choices: MeasuringChoices) -> None:
        """Measures the designs of these sessions, interleaved."""
        if self.is_running:
            return
        for session in sessions:
            if not session.analysis.is_valid:
                first = next(p for p in session.analysis.problems if p.severity == "error")
                self.failed.emit(self.tr("'{}' has an error and cannot run. {}").format(session.title, first.message))
                return
        self._sessions = list(sessions[:MAX_DESIGNS])
        designs = tuple(_named(session) for session in sessions[:MAX_DESIGNS])
        self._request = MeasurementRequest(designs, **msgspec.structs.asdict(choices))
        self.started.emit(tuple(design.name for design in designs))
        self._request_id = self._client.submit(self._request)

    def cancel(self) -> None:
        """Stops what is running."""
        if self._request_id is not None:
            self._client.cancel(self._request_id)
            self._request_id = None
            self.cancelled.emit()

    @Slot()
    def list_devices(self) -> None:
        """Asks the worker what can be measured on; it is warm afterwards."""
        self._client.submit_devices()

    def stop(self) -> None:
        """Ends the worker, at the end of the program."""
        self._request_id = None
        self._client.stop()

    def forget(self, session: Session) -> None:
        """Keeps the answer for this session from it: its tab was closed."""
        self._sessions = [None if kept is session else kept for kept in self._sessions]

    @Slot(int, object)
    def _on_client_progressed(self, request_id: int, message: object) -> None:
        if request_id == self._request_id:
            self.progressed.emit(message)

    @Slot(int, object)
    def _on_client_finished(self, request_id: int, measurement: Measurement) -> None:
        if request_id != self._request_id:
            return
        self._request_id = None
        for place, session in enumerate(self._sessions):
            if session is not None and self._request is not None:
                session.set_measurement(Measured(self._request, measurement, place))
        self.answered.emit(self._request, measurement)
        self.finished.emit(measurement)

    @Slot(int, object)
    def _on_client_devices_listed(self, _job_id: int, devices: Devices) -> None:
        self.devices_listed.emit([(device.name, device.description) for device in devices.devices])

    @Slot(int, str)
    def _on_client_failed(self, request_id: int, reason: str) -> None:
        if request_id == self._request_id:
            self._request_id = None
            self.failed.emit(reason)


def _named(session: Session) -> Design:
    """The design under the name of its tab, so that a report can tell designs apart."""
    design = session.design
    return design if design.name else msgspec.structs.replace(design, name=session.title)

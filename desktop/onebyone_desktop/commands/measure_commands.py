"""The Measure menu, and what follows a measurement."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from onebyone.measurement.records import MeasurementRequest
from onebyone_desktop.commands.commands import Commands
from onebyone_desktop.latency.measuring import Measuring
from onebyone_desktop.session import FailedCell, Measured, Session

if TYPE_CHECKING:
    from onebyone_desktop.window.main_window import MainWindow


class MeasureCommands(Commands):
    """Starts and cancels measurements and shows their course in the Latency panel."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._panel = window.latency
        self._count = 0
        self.measuring = Measuring(window)
        self._panel.measuring_wished.connect(self.start)
        self._panel.repeating_wished.connect(self.again)
        self._panel.cancel_wished.connect(self.cancel)
        self._panel.devices_wished.connect(self.measuring.list_devices)
        self.measuring.devices_listed.connect(self._panel.offer_devices)
        self.measuring.started.connect(self._on_measuring_started)
        self.measuring.progressed.connect(self._panel.show_progress)
        self.measuring.finished.connect(self._on_measuring_finished)
        self.measuring.failed.connect(self._on_measuring_failed)
        self.measuring.cancelled.connect(self._on_measuring_cancelled)

    @property
    def is_running(self) -> bool:
        """Whether a measurement is under way."""
        return self.measuring.is_running

    def forget(self, session: Session) -> None:
        """Drops a session whose tab is closed."""
        self.measuring.forget(session)

    def stop(self) -> None:
        """Ends the worker."""
        self.measuring.stop()

    @Slot()
    def start(self) -> None:
        self.window.show_panel(self._panel)
        self.measuring.start(self._panel.sessions, self._panel.choices)

    @Slot()
    def again(self) -> None:
        self.measuring.repeat(self.window.session, self.window.workspace.sessions)

    @Slot()
    def cancel(self) -> None:
        self.measuring.cancel()

    @Slot()
    def sweep(self) -> None:
        self.window.sweeping.begin_with_selection()

    @Slot()
    def history(self) -> None:
        self.window.workspace.show_designs()
        self.window.show_panel(self.window.history)

    @Slot(object)
    def _on_measuring_started(self, requests: tuple[MeasurementRequest, ...]) -> None:
        self._count = len(requests)
        self._panel.show_started(requests)
        self.window.follow_session()

    @Slot(object)
    def _on_measuring_finished(self, cells: tuple[Measured | FailedCell, ...]) -> None:
        failed = sum(isinstance(cell, FailedCell) for cell in cells)
        words = self.tr("{} of {} cells have no answer; the table says why.").format(failed, len(cells))
        self._panel.show_ended(words if failed else "")
        self.window.follow_session()

    @Slot(str)
    def _on_measuring_failed(self, reason: str) -> None:
        self._panel.show_ended(reason)
        self.window.follow_session()

    @Slot(int)
    def _on_measuring_cancelled(self, done: int) -> None:
        words = self.tr("Cancelled. {} of {} cells were finished.").format(done, self._count)
        self._panel.show_ended(words if done else self.tr("Cancelled."))
        self.window.follow_session()

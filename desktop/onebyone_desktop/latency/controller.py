"""Stands between the Latency panel and the process that measures."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from onebyone.measurement.records import MeasurementRequest
from onebyone_desktop.latency.latency_panel import Latency
from onebyone_desktop.panels.panel import Panel
from onebyone_desktop.preferences import Preferences
from onebyone_desktop.session import FailedCell, Measured

if TYPE_CHECKING:
    from onebyone_desktop.window.desk import Desk


def open_panel(desk: "Desk", parent: QWidget) -> Panel:
    """The panel for a place in the window, with its controller."""
    panel = Latency(parent)
    LatencyController(desk, panel)
    return panel


class LatencyController(QObject):
    """Passes the panel's wishes on, and shows it the course of measurements, whoever began them."""

    def __init__(self, desk: "Desk", panel: Latency) -> None:
        super().__init__(panel)
        self._desk = desk
        self._panel = panel
        self._count = 0
        self._preferences = desk.settings.preferences
        panel.begin_with(self._preferences)
        self._on_workspace_sessions_changed()
        self._connect()
        if desk.measuring.is_running:
            self._on_measuring_started(desk.measuring.requests)

    def _connect(self) -> None:
        desk, panel, measuring = self._desk, self._panel, self._desk.measuring
        panel.measuring_wished.connect(self._on_panel_measuring_wished)
        panel.repeating_wished.connect(self._on_panel_repeating_wished)
        panel.cancel_wished.connect(measuring.cancel)
        panel.devices_wished.connect(measuring.list_devices)
        panel.report_wished.connect(self._on_panel_report_wished)
        panel.controls.changed.connect(self._on_controls_changed)
        desk.workspace.sessions_changed.connect(self._on_workspace_sessions_changed)
        desk.settings.preferences_changed.connect(self._on_settings_preferences_changed)
        measuring.devices_listed.connect(panel.offer_devices)
        measuring.started.connect(self._on_measuring_started)
        measuring.progressed.connect(panel.show_progress)
        measuring.finished.connect(self._on_measuring_finished)
        measuring.failed.connect(panel.show_ended)
        measuring.cancelled.connect(self._on_measuring_cancelled)

    @Slot()
    def _on_panel_measuring_wished(self) -> None:
        self._desk.measuring.start(self._panel.sessions)

    @Slot()
    def _on_panel_repeating_wished(self) -> None:
        self._desk.measuring.repeat(self._desk.session, self._desk.workspace.sessions)

    @Slot()
    def _on_panel_report_wished(self) -> None:
        self._desk.command_wished.emit("file.export_report")

    @Slot()
    def _on_controls_changed(self) -> None:
        self._desk.measuring.choose(self._panel.choices)

    @Slot()
    def _on_workspace_sessions_changed(self) -> None:
        self._panel.offer_sessions(self._desk.workspace.sessions)

    @Slot(object)
    def _on_settings_preferences_changed(self, preferences: Preferences) -> None:
        before, self._preferences = self._preferences, preferences
        self._panel.begin_with(preferences, before)

    @Slot(object)
    def _on_measuring_started(self, requests: tuple[MeasurementRequest, ...]) -> None:
        self._count = len(requests)
        self._panel.show_started(requests)

    @Slot(object)
    def _on_measuring_finished(self, cells: tuple[Measured | FailedCell, ...]) -> None:
        failed = sum(isinstance(cell, FailedCell) for cell in cells)
        words = self.tr("{} of {} cells have no answer; the table says why.").format(failed, len(cells))
        self._panel.show_ended(words if failed else "")

    @Slot(int)
    def _on_measuring_cancelled(self, done: int) -> None:
        words = self.tr("Cancelled. {} of {} cells were finished.").format(done, self._count)
        self._panel.show_ended(words if done else self.tr("Cancelled."))

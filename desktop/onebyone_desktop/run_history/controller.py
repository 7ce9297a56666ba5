"""Opens what is chosen in the History panel."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from onebyone.run_store.records import StoredMeasurement
from onebyone_desktop.panels.panel import Panel
from onebyone_desktop.run_history.history_panel import History
from onebyone_desktop.session import Measured

if TYPE_CHECKING:
    from onebyone_desktop.window.desk import Desk


def open_panel(desk: "Desk", parent: QWidget) -> Panel:
    """The panel for a place in the window, with its controller."""
    panel = History(desk.history, parent)
    panel.said.connect(desk.said)
    HistoryController(desk, panel)
    return panel


class HistoryController(QObject):
    """Opens designs as they were measured."""

    def __init__(self, desk: "Desk", panel: History) -> None:
        super().__init__(panel)
        self._desk = desk
        panel.opening_wished.connect(self._on_panel_opening_wished)

    @Slot(object, int)
    def _on_panel_opening_wished(self, stored: StoredMeasurement, place: int) -> None:
        self._desk.documents.open_measured(Measured(stored.request, stored.measurement, place))

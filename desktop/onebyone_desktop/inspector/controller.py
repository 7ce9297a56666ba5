"""Links the inspector with the canvas and with what opens twins."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QWidget

from onebyone.pointwise.counterfactual import Counterfactual
from onebyone_desktop.inspector.inspector import Inspector
from onebyone_desktop.panels.panel import Panel
from onebyone_desktop.pointwise import twins

if TYPE_CHECKING:
    from onebyone_desktop.window.desk import Desk


def open_panel(desk: "Desk", parent: QWidget) -> Panel:
    """The panel for a place in the window, with its controller."""
    panel = Inspector(parent)
    InspectorController(desk, panel)
    return panel


class InspectorController(QObject):
    """Does what the inspector wishes for beyond the design that it shows."""

    def __init__(self, desk: "Desk", panel: Inspector) -> None:
        super().__init__(panel)
        self._desk = desk
        panel.left.connect(self._on_panel_left)
        panel.bought.twin_wished.connect(self._on_bought_twin_wished)
        panel.bought.clock_wished.connect(self._on_bought_clock_wished)

    @Slot()
    def _on_panel_left(self) -> None:
        self._desk.canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(object)
    def _on_bought_twin_wished(self, found: Counterfactual) -> None:
        twins.open_twin(self._desk, found.design)

    @Slot(object)
    def _on_bought_clock_wished(self, found: Counterfactual) -> None:
        twins.clock_twin(self._desk, found.design)

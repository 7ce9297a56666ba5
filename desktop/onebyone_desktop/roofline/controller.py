"""Links the Roofline panel with the canvas."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from onebyone_desktop.panels.panel import Panel
from onebyone_desktop.roofline.roofline_panel import Roofline

if TYPE_CHECKING:
    from onebyone_desktop.window.desk import Desk


def open_panel(desk: "Desk", parent: QWidget) -> Panel:
    """The panel for a place in the window, with its controller."""
    panel = Roofline(parent)
    RooflineController(desk, panel)
    return panel


class RooflineController(QObject):
    """Marks on the canvas what the pointer is over in the plot, and in the plot what it is over on the canvas."""

    def __init__(self, desk: "Desk", panel: Roofline) -> None:
        super().__init__(panel)
        self._desk = desk
        panel.node_pointed_at.connect(self._on_panel_node_pointed_at)
        panel.measuring_wished.connect(self._on_panel_measuring_wished)
        desk.workspace.node_pointed_at.connect(panel.point_at)

    @Slot(str)
    def _on_panel_node_pointed_at(self, node_id: str) -> None:
        canvas = self._desk.canvas
        canvas.pointing.mark(canvas.design_scene.nodes.get(node_id))

    @Slot()
    def _on_panel_measuring_wished(self) -> None:
        self._desk.command_wished.emit("measure.start")

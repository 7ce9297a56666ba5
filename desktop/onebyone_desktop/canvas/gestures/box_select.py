"""Selecting the nodes that a rectangle touches."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from onebyone_desktop.canvas.gestures.gesture import Gesture

if TYPE_CHECKING:
    from onebyone_desktop.canvas.surface import Surface


class BoxSelectGesture(Gesture):
    """Draws a rectangle; what it touches is selected, in addition to `kept`."""

    scrolls = True

    def __init__(self, canvas: "Surface", start: QPointF, kept: tuple[str, ...]) -> None:
        super().__init__(canvas, start)
        self._kept = kept
        self._before = canvas.session.selection

    def move(self, point: QPointF) -> None:
        rect = QRectF(self.start, point).normalized()
        scene = self.canvas.design_scene
        scene.show_band(rect)
        touched = scene.nodes_within(rect)
        self.canvas.select((*self._kept, *(name for name in touched if name not in self._kept)))

    def end(self, point: QPointF) -> None:
        self.canvas.design_scene.hide_band()

    def cancel(self) -> None:
        self.canvas.design_scene.hide_band()
        self.canvas.select(self._before)

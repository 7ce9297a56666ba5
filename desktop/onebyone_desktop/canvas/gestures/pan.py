"""Moving the view by hand."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from onebyone_desktop.canvas.gestures.gesture import Gesture

if TYPE_CHECKING:
    from onebyone_desktop.canvas.surface import Surface


class PanGesture(Gesture):
    """Drags the scene under the pointer."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, canvas: "Surface", start: QPointF) -> None:
        super().__init__(canvas, start)
        self._centre = canvas.camera.centre

    def move(self, point: QPointF) -> None:
        # The scene has moved with the last motion, so the same point is under the pointer again.
        self.canvas.camera.scroll_by(self.start - point)

    def cancel(self) -> None:
        self.canvas.camera.look_at(self._centre)

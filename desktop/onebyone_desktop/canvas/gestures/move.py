"""Moving the selected nodes, snapped to the grid; one undo step a drag."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from onebyone import edits
from onebyone_desktop.canvas.gestures.gesture import Gesture
from onebyone_desktop.canvas.placement import snapped

if TYPE_CHECKING:
    from onebyone_desktop.canvas.view import DesignCanvas


class MoveGesture(Gesture):
    """Drags the selection by one of its nodes. The items move at once; the design changes at the end."""

    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(self, canvas: "DesignCanvas", start: QPointF, grabbed: str, ids: tuple[str, ...]) -> None:
        super().__init__(canvas, start)
        self._before = {name: canvas.design_scene.nodes[name].pos() for name in ids}
        self._grabbed = self._before[grabbed]
        self._offset = QPointF()

    def move(self, point: QPointF) -> None:
        wanted = self._grabbed + point - self.start
        offset = QPointF(snapped(wanted.x()), snapped(wanted.y())) - self._grabbed
        if offset != self._offset:
            self._show(offset)

    def end(self, point: QPointF) -> None:
        self.move(point)
        if self._offset.isNull():
            return
        positions = {}
        for name, at in self._before.items():
            place = at + self._offset
            positions[name] = (place.x(), place.y())
        if not self.canvas.apply(self.canvas.words_for(self.canvas.tr("Move"), positions), edits.move, positions):
            self.cancel()

    def cancel(self) -> None:
        self._show(QPointF())

    def _show(self, offset: QPointF) -> None:
        self._offset = offset
        scene = self.canvas.design_scene
        for name, at in self._before.items():
            if name in scene.nodes:
                scene.nodes[name].setPos(at + offset)
        scene.reroute(self._before)

"""A hand on the mouse: presses, drags and drops on a canvas, in points of the scene."""

from PySide6.QtCore import QByteArray, QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest

from onebyone.adding.entries import LAYER_MIME
from onebyone_desktop.canvas.view import DesignCanvas

LEFT = Qt.MouseButton.LeftButton
NO_KEY = Qt.KeyboardModifier.NoModifier
COPY = Qt.DropAction.CopyAction


class Hand:
    """Works on one canvas."""

    def __init__(self, canvas: DesignCanvas) -> None:
        self._canvas = canvas

    def at(self, point: QPointF) -> QPoint:
        """A point of the scene in the viewport."""
        return self._canvas.mapFromScene(point)

    def body(self, name: str) -> QPointF:
        """A place on a node that is no port."""
        return self._canvas.design_scene.nodes[name].box.center()

    def output(self, name: str) -> QPointF:
        """A node's output port."""
        return self._canvas.design_scene.nodes[name].output_port()

    def input(self, name: str, index: int = 0) -> QPointF:
        """One of a node's input ports."""
        return self._canvas.design_scene.nodes[name].input_port(index)

    def on_wire(self, target: str, index: int = 0) -> QPointF:
        """The middle of a wire."""
        return self._canvas.design_scene.wires[target, index].path().pointAtPercent(0.5)

    def click(self, point: QPointF, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        QTest.mouseClick(self._canvas.viewport(), LEFT, keys, self.at(point))

    def press(self, point: QPointF, keys: Qt.KeyboardModifier = NO_KEY, button: Qt.MouseButton = LEFT) -> None:
        QTest.mousePress(self._canvas.viewport(), button, keys, self.at(point))

    def move(self, point: QPointF) -> None:
        QTest.mouseMove(self._canvas.viewport(), self.at(point))

    def release(self, point: QPointF, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        QTest.mouseRelease(self._canvas.viewport(), button, keys, self.at(point))

    def drag(
        self, start: QPointF, end: QPointF, keys: Qt.KeyboardModifier = NO_KEY, button: Qt.MouseButton = LEFT
    ) -> None:
        """Presses, moves in steps, releases."""
        positions = [self.at(start + (end - start) * part) for part in (0.3, 0.7, 1.0)]
        viewport = self._canvas.viewport()
        QTest.mousePress(viewport, button, keys, self.at(start))
        for position in positions:
            QTest.mouseMove(viewport, position)
        QTest.mouseRelease(viewport, button, keys, positions[-1])

    def drag_over(self, data: QMimeData, point: QPointF, keys: Qt.KeyboardModifier = NO_KEY) -> bool:
        """Drags something from elsewhere over the canvas; whether it is welcome."""
        position = self.at(point)
        enter = QDragEnterEvent(position, COPY, data, LEFT, keys)
        self._canvas.dragEnterEvent(enter)
        if enter.isAccepted():
            move = QDragMoveEvent(position, COPY, data, LEFT, keys, QEvent.Type.DragMove)
            self._canvas.dragMoveEvent(move)
        return enter.isAccepted()

    def drop(self, data: QMimeData, point: QPointF, keys: Qt.KeyboardModifier = NO_KEY) -> bool:
        """Drags something from elsewhere to a point and lets it go."""
        if not self.drag_over(data, point, keys):
            return False
        drop = QDropEvent(QPointF(self.at(point)), COPY, data, LEFT, keys, QEvent.Type.Drop)
        self._canvas.dropEvent(drop)
        return drop.isAccepted()


def layer_data(text: str) -> QMimeData:
    """Data as the palette gives it."""
    data = QMimeData()
    data.setData(LAYER_MIME, QByteArray(text.encode()))
    return data

"""Pulling a new wire from an output port, or the end of a wire off an input port."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from onebyone import edits
from onebyone_desktop.canvas.additions import is_possible
from onebyone_desktop.canvas.gestures.gesture import Gesture
from onebyone_desktop.canvas.node_item import NodeItem

if TYPE_CHECKING:
    from onebyone_desktop.canvas.view import DesignCanvas

_CLICK_REACH = 5.0


class ConnectGesture(Gesture):
    """Pulls a wire from a node's output to the node that is to take it."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, canvas: "DesignCanvas", start: QPointF, source: str) -> None:
        super().__init__(canvas, start)
        self._source = source
        self._target: NodeItem | None = None

    def move(self, point: QPointF) -> None:
        scene = self.canvas.design_scene
        target = scene.drop_target(point)
        if target is not None and not is_possible(self.canvas.session.design, self._source, target.node.id):
            target = None
        if self._target is not None and self._target is not target:
            self._target.show_target(None)
        self._target = target
        end = point
        if target is not None:
            index = self.index_at(target, point)
            target.show_target(index)
            end = target.input_port(index)
        scene.show_preview(self._source, end)

    def end(self, point: QPointF) -> None:
        self.cancel()
        target = self.canvas.design_scene.drop_target(point)
        if target is not None and (point - self.start).manhattanLength() > _CLICK_REACH:
            self.drop(target, self.index_at(target, point))

    def cancel(self) -> None:
        if self._target is not None:
            self._target.show_target(None)
        self.canvas.design_scene.hide_preview()

    def index_at(self, target: NodeItem, point: QPointF) -> int:
        """The input number that the wire would get."""
        return target.input_for_new(point)

    def drop(self, target: NodeItem, index: int) -> None:
        """Wires the node that the end was dropped on."""
        name = target.node.id
        self.canvas.apply(self.canvas.words_for_wire(self._source, name), edits.connect, self._source, name, index)


class ReconnectGesture(ConnectGesture):
    """Pulls the end of a wire off: to another node, to another place on the same one, or to nothing."""

    def __init__(self, canvas: "DesignCanvas", start: QPointF, target: str, index: int) -> None:
        super().__init__(canvas, start, canvas.design_scene.wires[target, index].source)
        self._key = (target, index)

    def move(self, point: QPointF) -> None:
        if (point - self.start).manhattanLength() > _CLICK_REACH:
            self._show_wire(False)
            super().move(point)

    def end(self, point: QPointF) -> None:
        self.cancel()
        if (point - self.start).manhattanLength() <= _CLICK_REACH:
            self.canvas.select((), (self._key,))
            return
        target = self.canvas.design_scene.drop_target(point)
        if target is None:
            self.canvas.apply(self.canvas.tr("Disconnect {}").format(self._key[0]), edits.disconnect, *self._key)
        else:
            self.drop(target, self.index_at(target, point))

    def cancel(self) -> None:
        super().cancel()
        self._show_wire(True)

    def index_at(self, target: NodeItem, point: QPointF) -> int:
        index = target.input_for(point)
        name, old = self._key
        # Its own end does not count among the wires to the left of it.
        return index - 1 if target.node.id == name and index > old else index

    def drop(self, target: NodeItem, index: int) -> None:
        name = target.node.id
        if (name, index) != self._key:
            words = self.canvas.words_for_wire(self._source, name)
            self.canvas.apply(words, edits.rewire, *self._key, name, index)

    def _show_wire(self, is_shown: bool) -> None:
        wire = self.canvas.design_scene.wires.get(self._key)
        if wire is not None:
            wire.setVisible(is_shown)

"""Moving all wires of an output to another one."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainterPath

from onebyone.edits import rewiring
from onebyone.errors import EditError
from onebyone.reach import reached
from onebyone_desktop.appearance import theme
from onebyone_desktop.canvas.gestures.dimming import Dimming
from onebyone_desktop.canvas.gestures.gesture import Gesture
from onebyone_desktop.canvas.gestures.overlay import Overlay
from onebyone_desktop.canvas.gestures.targets import target_near
from onebyone_desktop.canvas.items.node_item import NodeItem
from onebyone_desktop.canvas.items.wire_courses import wire_path

if TYPE_CHECKING:
    from onebyone_desktop.canvas.surface import Surface

_WIDTH = 2.5
_GIVING_WAY = 0.35


class MoveOutputsGesture(Gesture):
    """Pulls all wires that leave a node to another one, which then feeds what the first fed."""

    cursor = Qt.CursorShape.CrossCursor
    scrolls = True

    def __init__(self, canvas: "Surface", start: QPointF, source: str) -> None:
        super().__init__(canvas, start)
        scene = canvas.design_scene
        self._source = source
        self._wires = [wire for wire in scene.wires.values() if wire.source == source]
        self._overlay = Overlay(scene, theme.current().accent, _WIDTH)
        self._dimming: Dimming | None = None
        for wire in self._wires:
            wire.setOpacity(_GIVING_WAY)

    def move(self, point: QPointF) -> None:
        scene = self.canvas.design_scene
        if self._dimming is None:
            self._dimming = Dimming(scene, self._unfit())
        target = self._target_at(point)
        refusal = "" if target is None else self._refusal(target.node.id)
        start = point if target is None or refusal else target.output_port()
        path = QPainterPath()
        for wire in self._wires:
            end = wire.path().currentPosition()
            path.addPath(wire_path(start, end, direction=scene.direction))
        self._overlay.show(path)
        self.canvas.note.show_at(self.canvas.mapFromScene(point), refusal, is_refusal=True)

    def end(self, point: QPointF) -> None:
        target = self._target_at(point)
        self.cancel()
        if target is not None:
            name = target.node.id
            words = self.canvas.tr("Move the wires of {} to {}").format(self._source, name)
            self.canvas.apply(words, rewiring.move_outputs, self._source, name)

    def cancel(self) -> None:
        self._overlay.remove()
        self.canvas.note.hide()
        if self._dimming is not None:
            self._dimming.lift()
            self._dimming = None
        for wire in self._wires:
            wire.setOpacity(1.0)

    def _target_at(self, point: QPointF) -> NodeItem | None:
        unfit = self._dimming.names if self._dimming is not None else frozenset()
        found = target_near(self.canvas.design_scene, point, self.canvas.zoom, lambda name: name not in unfit)
        return None if found is None or found.node.id == self._source else found

    def _refusal(self, name: str) -> str:
        try:
            rewiring.move_outputs(self.canvas.session.design, self._source, name)
        except EditError as error:
            return str(error)
        return ""

    def _unfit(self) -> set[str]:
        """Outputs of the design, and what depends on the wires' targets: these would feed themselves."""
        analysis = self.canvas.session.analysis
        users = analysis.topology.users
        exits = {node.id for node in analysis.design.nodes if node.layer.is_exit}
        return exits | reached((wire.target for wire in self._wires), lambda name: users.get(name, ()))

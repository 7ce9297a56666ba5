"""Cutting wires by drawing a line across them."""

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath

from onebyone.edits import rewiring
from onebyone_desktop.appearance import theme
from onebyone_desktop.canvas.gestures.gesture import Gesture
from onebyone_desktop.canvas.gestures.overlay import Overlay
from onebyone_desktop.canvas.items.wire_item import WireItem

if TYPE_CHECKING:
    from onebyone.edits.wires import WireKey
    from onebyone_desktop.canvas.surface import Surface

_LINE = 1.5
_WIRE = 4.0


class CutGesture(Gesture):
    """Draws a line; the wires that it crosses light up and are cut at the end, in one step."""

    cursor = Qt.CursorShape.CrossCursor
    scrolls = True

    def __init__(self, canvas: "Surface", start: QPointF) -> None:
        super().__init__(canvas, start)
        scene, colour = canvas.design_scene, theme.current().error
        self._last = start
        self._line = QPainterPath(start)
        self._crossed: dict[WireKey, WireItem] = {}
        self._overlays = Overlay(scene, colour, _WIRE), Overlay(scene, colour, _LINE, is_dashed=True)

    def move(self, point: QPointF) -> None:
        if point == self._last:
            return
        for wire in self._wires_between(self._last, point):
            self._crossed[wire.key] = wire
        self._last = point
        self._line.lineTo(point)
        lit = QPainterPath()
        for wire in self._crossed.values():
            lit.addPath(wire.path())
        self._overlays[0].show(lit)
        self._overlays[1].show(self._line)

    def end(self, point: QPointF) -> None:
        self.move(point)
        self.cancel()
        count = len(self._crossed)
        if count:
            canvas = self.canvas
            words = canvas.tr("Cut wire") if count == 1 else canvas.tr("Cut {} wires").format(count)
            canvas.apply(words, rewiring.disconnect_many, tuple(self._crossed))

    def cancel(self) -> None:
        for overlay in self._overlays:
            overlay.remove()

    def _wires_between(self, start: QPointF, end: QPointF) -> list[WireItem]:
        area = QRectF(start, end).normalized().adjusted(-1, -1, 1, 1)
        near = (item for item in self.canvas.design_scene.items(area) if isinstance(item, WireItem))
        return [wire for wire in near if wire.key not in self._crossed and crosses(wire.path(), start, end)]


def crosses(path: QPainterPath, start: QPointF, end: QPointF) -> bool:
    """Whether a straight line crosses the course of a wire."""
    for polygon in path.toSubpathPolygons():
        points = polygon.toList()
        if any(_meet(a, b, start, end) for a, b in pairwise(points)):
            return True
    return False


def _meet(a: QPointF, b: QPointF, c: QPointF, d: QPointF) -> bool:
    return _side(a, b, c) * _side(a, b, d) <= 0 and _side(c, d, a) * _side(c, d, b) <= 0 and (a != b) and (c != d)


def _side(a: QPointF, b: QPointF, point: QPointF) -> float:
    """On which side of the line from a to b a point lies: the sign of the cross product."""
    return (b.x() - a.x()) * (point.y() - a.y()) - (b.y() - a.y()) * (point.x() - a.x())

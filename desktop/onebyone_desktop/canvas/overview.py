"""The flat overview for small scales: all wires and boxes in a few calls, no item is painted."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem

from onebyone_desktop.canvas.painting import FAMILIES, Tools
from onebyone_desktop.canvas.scene import DesignScene

OVERVIEW_BELOW_SCALE = 0.3
_CURVE_DATA = QPainterPath.ElementType.CurveToDataElement


class Overview:
    """Lines and rectangles of a scene, gathered once after each change."""

    def __init__(self, scene: DesignScene) -> None:
        self._scene = scene
        self._lines: list[QLineF] | None = None
        self._boxes: dict[str, list[QRectF]] = {}

    def forget(self) -> None:
        """Something moved, came or went."""
        self._lines = None

    def paint(self, painter: QPainter, tools: Tools, selection: Iterable[str]) -> None:
        """Paints the scene; the painter's transform leads from the scene to the device."""
        if self._lines is None:
            self._gather()
        painter.setPen(_thin(tools.tokens.wire))
        painter.drawLines(self._lines or [])
        painter.setPen(Qt.PenStyle.NoPen)
        for family in FAMILIES:
            if family in self._boxes:
                painter.setBrush(tools.families[family])
                painter.drawRects(self._boxes[family])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        nodes = self._scene.nodes
        self._outline(
            painter, tools.tokens.error, (item.box for item in nodes.values() if item.look.severity == "error")
        )
        self._outline(painter, tools.tokens.accent, (nodes[name].box for name in selection if name in nodes))

        for overlay in self._scene.overlays:
            painter.save()
            overlay.paint(painter, QStyleOptionGraphicsItem())
            painter.restore()

    @staticmethod
    def _outline(painter: QPainter, colour: str, boxes: Iterable[QRectF]) -> None:
        shown = list(boxes)
        if shown:
            pen = QPen(QColor(colour), 2.0)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawRects(shown)

    def _gather(self) -> None:
        nodes = self._scene.nodes
        self._boxes = {}
        for item in nodes.values():
            self._boxes.setdefault(item.look.family, []).append(item.box)
        self._lines = [line for wire in self._scene.wires.values() for line in _straight(wire.path())]


def _straight(path: QPainterPath) -> Iterator[QLineF]:
    """The path as straight lines between the ends of its curves."""
    elements = [path.elementAt(place) for place in range(path.elementCount())]
    points = [elements[0]] if elements else []
    points += [
        element
        for element, following in zip(elements[1:], [*elements[2:], None], strict=True)
        if element.isLineTo() or (not element.isCurveTo() and (following is None or following.type != _CURVE_DATA))
    ]
    for start, end in pairwise(points):
        yield QLineF(start.x, start.y, end.x, end.y)


def _thin(colour: str) -> QPen:
    pen = QPen(QColor(colour), 1.0)
    pen.setCosmetic(True)
    return pen

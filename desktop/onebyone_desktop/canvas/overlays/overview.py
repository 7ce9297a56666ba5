"""The flat overview for small scales: all wires and boxes in a few calls, no item is painted."""

from collections.abc import Iterable

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem

from onebyone_desktop.canvas.items.group_items import Frame
from onebyone_desktop.canvas.items.painting import FAMILIES, Tools
from onebyone_desktop.canvas.scene import DesignScene

OVERVIEW_BELOW_SCALE = 0.3


class Overview:
    """Lines and rectangles of a scene, gathered once after each change."""

    def __init__(self, scene: DesignScene) -> None:
        self._scene = scene
        self._lines: list[QLineF] | None = None
        self._boxes: dict[str, list[QRectF]] = {}

    def forget(self) -> None:
        """Something moved, came or went."""
        self._lines = None

    def paint(self, painter: QPainter, tools: Tools) -> None:
        """Paints the scene; the painter's transform leads from the scene to the device."""
        if self._lines is None:
            self._gather()
        for frame in sorted(self._scene.frames.values(), key=Frame.zValue):
            frame.paint(painter, QStyleOptionGraphicsItem())
        painter.setPen(_thin(tools.tokens.wire))
        painter.drawLines(self._lines or [])
        painter.setPen(Qt.PenStyle.NoPen)
        for family in FAMILIES:
            if family in self._boxes:
                painter.setBrush(tools.families[family])
                painter.drawRects(self._boxes[family])
        warm = [item for item in self._scene.shown_boxes() if item.warmth is not None]
        painter.setPen(_thin(tools.tokens.node_border))
        for item in warm:
            painter.setBrush(tools.ground(item.warmth))
            painter.drawRect(item.box)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        shown = list(self._scene.shown_boxes())
        self._outline(painter, tools.tokens.error, (item.box for item in shown if item.look.severity == "error"))
        self._outline(painter, tools.tokens.accent, (item.box for item in shown if item.is_selected))

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
        self._boxes = {}
        for item in self._scene.shown_boxes():
            self._boxes.setdefault(item.look.family, []).append(item.box)
        self._lines = [line for wire in self._scene.wires.values() if wire.isVisible() for line in wire.lines]


def _thin(colour: str) -> QPen:
    pen = QPen(QColor(colour), 1.0)
    pen.setCosmetic(True)
    return pen

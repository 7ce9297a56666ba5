"""Glyphs of layer kinds and actions, read from the program's own SVG files and painted in the theme's colours.

The files keep to a small part of SVG (paths with M, L, H, V, C and Z, and circles), so that they become painter paths:
these are drawn at any size and in any colour, on the screen and in vector files, without an SVG renderer.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple
from xml.etree import ElementTree

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPainterPath, QPen, QPixmap, QTransform

import onebyone_resources
from onebyone.layers import AnyLayer
from onebyone_desktop.appearance import theme

_BOX = 24.0
_STROKE = 1.75
_LEAST_STROKE = 1.05
_TOKEN = re.compile(r"[MLHVCZ]|-?[0-9.]+")
_NUMBERS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Z": 0}


class Glyph(NamedTuple):
    """The lines and the filled parts of a glyph in a box of 24 by 24."""

    lines: QPainterPath
    filled: QPainterPath


def kind_glyph(layer: AnyLayer) -> str:
    """The name of the glyph of a layer's kind; a 1×1 convolution has its own."""
    return "conv1x1" if layer.is_pointwise else layer.kind


def paint_glyph(painter: QPainter, name: str, x: float, y: float, size: float, colour: QColor) -> None:
    """Paints a glyph into a square."""
    shapes = _placed(name, x, y, size)
    painter.setPen(_pen(colour.rgba(), max(_STROKE * size / _BOX, _LEAST_STROKE)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(shapes.lines)
    if not shapes.filled.isEmpty():
        painter.fillPath(shapes.filled, colour)


@lru_cache(maxsize=256)
def _placed(name: str, x: float, y: float, size: float) -> Glyph:
    transform = QTransform(size / _BOX, 0, 0, size / _BOX, x, y)
    shapes = glyph(name)
    return Glyph(transform.map(shapes.lines), transform.map(shapes.filled))


@lru_cache(maxsize=64)
def _pen(rgba: int, width: float) -> QPen:
    pen = QPen(QColor.fromRgba(rgba), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def icon(name: str, primary: bool = False) -> QIcon:
    """An icon that follows the theme; a `primary` one stands on the accent colour."""
    return QIcon(_Engine(name, primary))


@cache
def glyph(name: str) -> Glyph:
    """The shapes of a glyph."""
    lines, filled = QPainterPath(), QPainterPath()
    root = ElementTree.fromstring(onebyone_resources.path(f"icons/{name}.svg").read_text("utf-8"))
    for element in root:
        into = filled if element.get("fill") else lines
        if element.tag.endswith("circle"):
            radius = float(element.attrib["r"])
            into.addEllipse(QPointF(float(element.attrib["cx"]), float(element.attrib["cy"])), radius, radius)
        else:
            _add_path(into, element.attrib["d"])
    return Glyph(lines, filled)


def _add_path(path: QPainterPath, data: str) -> None:
    tokens = _TOKEN.findall(data)
    place = 0
    while place < len(tokens):
        command = tokens[place]
        end = place + 1 + _NUMBERS[command]
        numbers = [float(token) for token in tokens[place + 1 : end]]
        at = path.currentPosition()
        match command:
            case "M":
                path.moveTo(*numbers)
            case "L":
                path.lineTo(*numbers)
            case "H":
                path.lineTo(numbers[0], at.y())
            case "V":
                path.lineTo(at.x(), numbers[0])
            case "C":
                path.cubicTo(*numbers)
            case "Z":
                path.closeSubpath()
        place = end


class _Engine(QIconEngine):
    def __init__(self, name: str, primary: bool) -> None:
        super().__init__()
        self._name = name
        self._primary = primary

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        tokens = theme.current()
        colour = tokens.accent_text if self._primary else tokens.text
        if mode == QIcon.Mode.Disabled:
            colour = tokens.control_border
        side = min(rect.width(), rect.height())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_glyph(painter, self._name, rect.x(), rect.y(), side, QColor(colour))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._primary)

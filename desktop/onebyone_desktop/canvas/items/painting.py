"""Paints nodes: the same strokes for the canvas and for exported diagrams."""

from functools import cache
from typing import Literal

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen

from onebyone.layers import Family
from onebyone.problem import Severity
from onebyone_desktop.appearance.icons import paint_glyph
from onebyone_desktop.appearance.theme import Theme
from onebyone_desktop.canvas.items.look import (
    BAR_WIDTH,
    HEADER_HEIGHT,
    MARGIN,
    NAME_X,
    SIGN,
    SIGN_GAP,
    NodeLook,
    name_font,
    number_font,
    small_font,
    text_font,
    text_width,
)

TEXT_FROM_SCALE = 0.45
_RADIUS = 8.0
_BAR_HEIGHT = 5.0
_BAR_Y = 43.5
_GLYPH = 13.0
_PORT = 3.5
_HEAT_STEPS = 20
BYPASSED = "bypassed"
# Faint enough to be told from a node at work, strong enough for its name to be read.
BYPASSED_OPACITY = 0.28
_SUMMARY_Y = 35.0
_SHAPE_Y = 50.0

# Where the number of channels stands: beside the wire, or at the lower right of the node.
LabelSide = Literal["left", "right", "corner"]
FAMILIES: tuple[Family, ...] = ("tensor", "pointwise", "convolution", "pooling", "merge", "normalization", "head")


class Tools:
    """Pens and brushes of one theme, made once."""

    def __init__(self, tokens: Theme) -> None:
        self.tokens = tokens
        self.text = QPen(QColor(tokens.text))
        self.muted = QPen(QColor(tokens.muted_text))
        self.surface = QBrush(QColor(tokens.surface))
        self.track = QBrush(QColor(tokens.heat_track))
        self.bypassed = QPen(QColor(tokens.control_border), 1.2, Qt.PenStyle.DashLine)
        self.outline = QPen(QColor(tokens.node_border), 1.0)
        self.selection = QPen(QColor(tokens.accent), 2.2)
        self.halo = QPen(QColor(tokens.selection), 5.0)
        self.port = QPen(QColor(tokens.wire), 1.4)
        self.pulled = QPen(QColor(tokens.accent), 2.5)
        self.replacing = QPen(QColor(tokens.warning), 2.5, Qt.PenStyle.DashLine)
        self.target = QPen(QColor(tokens.accent), 2.0)
        self.trouble = {"error": QPen(QColor(tokens.error), 1.8), "warning": QPen(QColor(tokens.warning), 1.4)}
        self.families = {family: QBrush(QColor(tokens.family(family))) for family in FAMILIES}
        self.on_family = {family: QPen(QColor(tokens.text_on(family))) for family in FAMILIES}
        self.heat = [QBrush(QColor(tokens.heat(step / _HEAT_STEPS))) for step in range(_HEAT_STEPS + 1)]
        self.wire = QColor(tokens.wire)
        self.accent = QColor(tokens.accent)
        self.path = QColor(tokens.wire_on_path)

    def ground(self, warmth: float | None) -> QBrush:
        """The ground of a box: coloured by heat, or plain."""
        return self.surface if warmth is None else self.heat[round(min(max(warmth, 0.0), 1.0) * _HEAT_STEPS)]


@cache
def tools_of(tokens: Theme) -> Tools:
    """The tools of a theme."""
    return Tools(tokens)


def paint_flat_node(
    painter: QPainter, look: NodeLook, tools: Tools, is_selected: bool = False, warmth: float | None = None
) -> None:
    """Paints a node without text, for small scales."""
    painter.fillRect(look.rect, tools.ground(warmth))
    if not look.is_bypassed:
        painter.fillRect(QRectF(0, 0, look.width, HEADER_HEIGHT), tools.families[look.family])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_edge(look, tools, is_selected))
    painter.drawRect(look.rect)


def paint_node(
    painter: QPainter,
    look: NodeLook,
    tools: Tools,
    time: str = "",
    share: float | None = None,
    is_selected: bool = False,
    warmth: float | None = None,
) -> None:
    """Paints a node with its texts.

    Args:
        time: Its measured time, or nothing.
        share: Its share of the current heat, 0 to 1.
        warmth: Its place on the heat's ramp, 0 to 1.
    """
    outline = _outline(look.width, look.height)
    if is_selected:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(tools.halo)
        painter.drawPath(outline)
    painter.setPen(_edge(look, tools, is_selected))
    painter.setBrush(tools.ground(warmth))
    painter.drawPath(outline)
    if look.is_bypassed:
        painter.setOpacity(BYPASSED_OPACITY)
    painter.fillPath(_header(look.width), tools.families[look.family])
    painter.setOpacity(1.0)
    _paint_header_texts(painter, look, tools, time)
    painter.setFont(text_font())
    painter.setPen(tools.text)
    painter.drawText(QPointF(MARGIN, _SUMMARY_Y), look.summary)
    if look.shape:
        painter.setFont(number_font())
        painter.setPen(tools.muted if warmth is None else tools.text)
        painter.drawText(QPointF(MARGIN, _SHAPE_Y), look.shape)
    if look.severity is not None:
        _paint_trouble(painter, look, tools, look.severity, warmth is not None)
    elif look.is_bypassed:
        painter.setPen(tools.muted if warmth is None else tools.text)
        painter.setFont(small_font())
        painter.drawText(QPointF(look.width - MARGIN - text_width(BYPASSED, small_font()), _SHAPE_Y), BYPASSED)
    elif look.trouble:
        painter.setPen(tools.muted if warmth is None else tools.text)
        painter.setFont(small_font())
        painter.drawText(QPointF(MARGIN, _SHAPE_Y), look.trouble)
    elif share is not None:
        _paint_bar(painter, look, tools, share)


def paint_ports(painter: QPainter, look: NodeLook, tools: Tools, wired: int, is_used: bool) -> None:
    """Paints the open ports; where a wire is, the wire says it."""
    painter.setPen(tools.port)
    painter.setBrush(tools.surface)
    for index in range(wired, look.ports):
        painter.drawEllipse(look.input_port(index), _PORT, _PORT)
    if look.has_output and not is_used:
        painter.drawEllipse(look.output_port, _PORT, _PORT)


def paint_target(painter: QPainter, look: NodeLook, tools: Tools, port: QPointF | None) -> None:
    """Marks a node that a wire could be dropped on, and the port it would take."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(tools.target)
    painter.drawPath(_outline(look.width, look.height))
    if port is not None:
        painter.setBrush(tools.accent)
        painter.drawEllipse(port, _PORT + 1, _PORT + 1)


def paint_channels(painter: QPainter, look: NodeLook, tools: Tools, wire: float, side: LabelSide) -> None:
    """Writes the number of channels beside the wire that leaves a node, or at the corner above a fan of wires."""
    painter.setFont(small_font())
    painter.setPen(tools.muted)
    room = wire / 2 + 6
    if look.direction == "right":
        # Above the wire, or below the node where wires fan out.
        y = look.height + 11 if side == "corner" else look.output_port.y() - room
        at = QPointF(look.width - text_width(look.channels, small_font()) if side == "corner" else look.width + 5, y)
    elif side == "corner":
        at = QPointF(look.width + 4, look.height + 9)
    elif side == "left":
        at = QPointF(look.width / 2 - room - text_width(look.channels, small_font()), look.height + 15)
    else:
        at = QPointF(look.width / 2 + room, look.height + 15)
    painter.drawText(at, look.channels)


def _paint_header_texts(painter: QPainter, look: NodeLook, tools: Tools, time: str) -> None:
    pen = tools.text if look.is_bypassed else tools.on_family[look.family]
    paint_glyph(painter, look.glyph, 7, (HEADER_HEIGHT - _GLYPH) / 2, _GLYPH, pen.color())
    painter.setPen(pen)
    painter.setFont(name_font())
    painter.drawText(QPointF(NAME_X, 14.5), look.name)
    if time:
        painter.setFont(number_font())
        painter.drawText(QPointF(look.width - 8 - text_width(time, number_font()), 14), time)


def _paint_bar(painter: QPainter, look: NodeLook, tools: Tools, share: float) -> None:
    track = QRectF(look.width - MARGIN - BAR_WIDTH, _BAR_Y, BAR_WIDTH, _BAR_HEIGHT)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tools.track)
    painter.drawRoundedRect(track, 2.5, 2.5)
    if share > 0:
        # Less than a pixel is still something.
        track.setWidth(max(BAR_WIDTH * min(share, 1.0), 1.5))
        painter.setBrush(tools.families[look.family])
        painter.drawRoundedRect(track, min(2.5, track.width() / 2), min(2.5, track.width() / 2))


def _paint_trouble(painter: QPainter, look: NodeLook, tools: Tools, severity: Severity, is_warm: bool) -> None:
    """Paints the sign and its words; on the heat's colours both stand out as text does."""
    pen = tools.trouble[severity]
    left = MARGIN
    if look.shape:
        words = SIGN_GAP + text_width(look.trouble, small_font()) if look.trouble else 0.0
        left = look.width - MARGIN - SIGN - words
    centre = QPointF(left + SIGN / 2, _SHAPE_Y - 3.5)
    painter.setPen(tools.text if is_warm else QPen(Qt.PenStyle.NoPen))
    painter.setBrush(pen.color())
    painter.drawEllipse(centre, SIGN / 2, SIGN / 2)
    painter.setPen(QPen(QColor(tools.tokens.surface), 1.4))
    painter.drawLine(QLineF(centre.x(), centre.y() - 2.6, centre.x(), centre.y() + 0.6))
    painter.drawLine(QLineF(centre.x(), centre.y() + 2.4, centre.x(), centre.y() + 2.7))
    painter.setPen(tools.text if is_warm else pen)
    painter.setFont(small_font())
    painter.drawText(QPointF(left + SIGN + SIGN_GAP, _SHAPE_Y), look.trouble)


def _edge(look: NodeLook, tools: Tools, is_selected: bool) -> QPen:
    if is_selected:
        return tools.selection
    if look.is_bypassed and look.severity is None:
        return tools.bypassed
    return tools.trouble[look.severity] if look.severity is not None else tools.outline


@cache
def _outline(width: float, height: float) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(0, 0, width, height), _RADIUS, _RADIUS)
    return path


@cache
def _header(width: float) -> QPainterPath:
    # Half a pixel within the outline, which is painted before it.
    radius, edge = _RADIUS - 0.5, 0.5
    path = QPainterPath(QPointF(edge, HEADER_HEIGHT))
    path.lineTo(edge, _RADIUS)
    path.arcTo(QRectF(edge, edge, 2 * radius, 2 * radius), 180, -90)
    path.lineTo(width - _RADIUS, edge)
    path.arcTo(QRectF(width - edge - 2 * radius, edge, 2 * radius, 2 * radius), 90, -90)
    path.lineTo(width - edge, HEADER_HEIGHT)
    path.closeSubpath()
    return path

"""What lies behind the design: a raster of faint dots, and a hint where there is nothing yet."""

from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from onebyone_desktop.canvas.look import hint_font
from onebyone_desktop.canvas.painting import Tools

_SPACING = 24.0
_DOT = 1.6
_DOTS_FROM_SCALE = 0.5


def paint_grid(painter: QPainter, rect: QRectF, zoom: float, tools: Tools) -> None:
    """Paints the dots within a rectangle of the scene; none where they would lie close together."""
    if zoom < _DOTS_FROM_SCALE:
        return
    columns = [column * _SPACING for column in range(ceil(rect.left() / _SPACING), ceil(rect.right() / _SPACING))]
    rows = [row * _SPACING for row in range(ceil(rect.top() / _SPACING), ceil(rect.bottom() / _SPACING))]
    pen = QPen(QColor(tools.tokens.grid), _DOT)
    pen.setCosmetic(True)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawPoints([QPointF(x, y) for y in rows for x in columns])


def paint_hint(painter: QPainter, rect: QRectF, text: str, tools: Tools) -> None:
    """Writes a quiet line into the middle of a rectangle."""
    painter.setFont(hint_font())
    painter.setPen(tools.muted)
    painter.drawText(rect.adjusted(24, 0, -24, 0), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)

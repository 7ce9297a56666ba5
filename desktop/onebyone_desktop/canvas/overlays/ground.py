"""What lies behind the design: a raster of faint dots, and a hint where there is nothing yet."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from onebyone_desktop.canvas.items.look import hint_font
from onebyone_desktop.canvas.items.painting import Tools

_SPACING = 24.0
_DOT = 0.8
_DOTS_FROM_SCALE = 0.5


def paint_ground(painter: QPainter, rect: QRect, origin: QPointF, zoom: float, tools: Tools) -> None:
    """Fills a rectangle of the device, with dots in step with the scene's `origin` where they would not be dense.

    The spacing is rounded to whole pixels: one tile, repeated, takes a fiftieth of the time of single dots.
    """
    if zoom < _DOTS_FROM_SCALE:
        painter.fillRect(rect, QColor(tools.tokens.canvas))
        return
    ratio = painter.device().devicePixelRatio()
    tile = _tile(round(_SPACING * zoom), ratio, tools.tokens.canvas, tools.tokens.grid)
    period = tile.deviceIndependentSize().width()
    offset = QPointF((rect.left() - origin.x()) % period, (rect.top() - origin.y()) % period)
    painter.drawTiledPixmap(QRectF(rect), tile, offset)


def paint_hint(painter: QPainter, rect: QRectF, text: str, tools: Tools) -> None:
    """Writes a quiet line into the middle of a rectangle."""
    painter.setFont(hint_font())
    painter.setPen(tools.muted)
    painter.drawText(rect.adjusted(24, 0, -24, 0), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)


@lru_cache(maxsize=8)
def _tile(period: int, ratio: float, ground: str, dots: str) -> QPixmap:
    side = max(round(period * ratio), 1)
    tile = QPixmap(side, side)
    tile.fill(QColor(ground))
    tile.setDevicePixelRatio(ratio)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(dots))
    painter.drawEllipse(QPointF(_DOT, _DOT), _DOT, _DOT)
    painter.end()
    return tile

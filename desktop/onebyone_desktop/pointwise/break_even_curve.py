"""The weights of a reduction over its width, beside what the convolutions behind it would weigh without it."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from onebyone.pointwise.counterfactual import BreakEven
from onebyone.quantity import count, rate
from onebyone_desktop.appearance import theme

_HEIGHT = 112
_LEFT, _RIGHT, _TOP, _BOTTOM = 8.0, 10.0, 18.0, 18.0
_DOT = 4.0


class BreakEvenCurve(QWidget):
    """A small drawing: the line with the reduction, the one without, the width now and the one that breaks even."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector.curve")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._found: BreakEven | None = None
        self._width = 1

    def show_widths(self, found: BreakEven, width: int) -> None:
        """Shows the arithmetic of a reduction, and its width now."""
        self._found, self._width = found, width
        words = self.tr("Weights over the width: {} at {} now, {} without; equal at {:,.1f}").format(
            count(round(found.weights(width))), width, count(found.weights_without), found.width
        )
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        found = self._found
        if found is None or self.width() < _LEFT + _RIGHT:
            return
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 0.85)
        painter.setFont(font)
        area = QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)
        widest = max(found.channels, self._width, 1.25 * found.width)
        most = max(found.weights(widest), found.weights_without)

        def at(width: float, weights: float) -> QPointF:
            return QPointF(area.left() + area.width() * width / widest, area.bottom() - area.height() * weights / most)

        painter.setPen(QPen(QColor(tokens.border), 1.0))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setPen(QPen(QColor(tokens.family("convolution")), 1.6, Qt.PenStyle.DashLine))
        painter.drawLine(at(0, found.weights_without), at(widest, found.weights_without))
        painter.setPen(QPen(QColor(tokens.family("pointwise")), 2.0))
        painter.drawLine(at(0, 0), at(widest, found.weights(widest)))
        star, now = at(found.width, found.weights_without), at(self._width, found.weights(self._width))
        painter.setPen(QPen(QColor(tokens.muted_text), 1.0, Qt.PenStyle.DotLine))
        painter.drawLine(star, QPointF(star.x(), area.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.family("pointwise")))
        painter.drawEllipse(now, _DOT, _DOT)
        painter.setPen(QColor(tokens.muted_text))
        self._write(painter, star.x(), area.bottom() + 13, f"r* {found.width:,.1f}")
        self._write(painter, area.left() + 40, star.y() - 5, self.tr("without {}").format(rate(found.weights_without)))
        painter.setPen(QColor(tokens.text))
        self._write(painter, now.x(), min(now.y() + 16, area.bottom() - 3), f"{self._width:,}")
        painter.end()

    def _write(self, painter: QPainter, middle: float, base: float, words: str) -> None:
        """Words with their middle at a place, moved so that they stay inside."""
        wide = painter.fontMetrics().horizontalAdvance(words)
        left = min(max(middle - wide / 2, 0.0), self.width() - wide)
        painter.drawText(QPointF(left, base), words)

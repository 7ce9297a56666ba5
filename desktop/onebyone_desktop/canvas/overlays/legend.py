"""The legend of the heat's colours in a corner of the canvas."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from onebyone import quantity
from onebyone_desktop.canvas.heat import HeatShown
from onebyone_desktop.canvas.heat_choice import Heat
from onebyone_desktop.canvas.items.look import elided, name_font, small_font
from onebyone_desktop.canvas.items.painting import Tools

_SIZE = QSize(196, 58)
_REMARK_HEIGHT = 16
_EDGE = 12
_STOPS = 8
_TITLES: dict[Heat, str] = {
    "parameters": "Parameters",
    "macs": "MACs",
    "memory": "Activation memory",
    "latency": "Latency",
}


class HeatLegend(QWidget):
    """Says which quantity the colours show, and how much the hottest colour stands for."""

    def __init__(self, parent: QWidget, tools: Tools) -> None:
        super().__init__(parent)
        self._tools = tools
        self._heat: Heat = "macs"
        self._shown = HeatShown()
        self.setObjectName("canvas.legend")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(_SIZE)
        self.hide()

    def show_heat(self, heat: Heat, shown: HeatShown) -> None:
        """Follows the heat on the nodes."""
        self._heat, self._shown = heat, shown
        bottom = self.geometry().bottom()
        self.setFixedHeight(_SIZE.height() + (_REMARK_HEIGHT if shown.remarked else 0))
        self.move(self.x(), bottom - self.height() + 1)
        self.setAccessibleName(self._words())
        self.update()

    def show_theme(self, tools: Tools) -> None:
        """Follows a new theme."""
        self._tools = tools
        self.update()

    def follow(self, height: int) -> None:
        """Keeps to the lower left corner of a view of this height."""
        self.move(_EDGE, height - self.height() - _EDGE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._tools.tokens
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(tokens.control_border), 1.0))
        painter.setBrush(self._tools.surface)
        painter.drawRoundedRect(rect, 6, 6)
        painter.setPen(self._tools.text)
        painter.setFont(name_font())
        painter.drawText(QPointF(10, 17), self.tr(_TITLES[self._heat]))
        painter.setFont(small_font())
        painter.setPen(self._tools.muted)
        if self._shown.most <= 0:
            painter.drawText(QPointF(10, 38), self._nothing())
            return
        bar = QRectF(10, 24, self.width() - 20, 9)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        for step in range(_STOPS + 1):
            gradient.setColorAt(step / _STOPS, QColor(tokens.heat(step / _STOPS)))
        painter.fillRect(bar, gradient)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens.control_border), 1.0))
        painter.drawRect(bar)
        painter.setPen(self._tools.muted)
        painter.drawText(QPointF(10, 48), "0 %")
        most = QRectF(50, 37, self.width() - 60, 14)
        words = elided(self._most(), small_font(), most.width())
        painter.drawText(most, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
        if self._shown.remarked:
            painter.setPen(QColor(tokens.warning))
            painter.drawText(QPointF(10, 66), elided(self._remark(), small_font(), self.width() - 20))

    def _most(self) -> str:
        return f"{quantity.percent(self._shown.most)} {self._shown.hottest}"

    def _remark(self) -> str:
        return self.tr("Few MACs, much time: {}").format(", ".join(self._shown.remarked))

    def _nothing(self) -> str:
        return self.tr("Not measured yet") if self._heat == "latency" else self.tr("Nothing to show")

    def _words(self) -> str:
        title = self.tr(_TITLES[self._heat])
        if self._shown.most <= 0:
            return f"{title}: {self._nothing()}"
        words = f"{title}: {self._most()}"
        return f"{words}. {self._remark()}" if self._shown.remarked else words

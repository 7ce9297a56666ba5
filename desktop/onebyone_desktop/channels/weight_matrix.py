"""The weight matrix of a 1×1 convolution as a heat map: a row for each output channel, a column for each input."""

import sys
from array import array

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from onebyone.channels import WeightedSum, WeightMatrix
from onebyone_desktop.appearance import theme
from onebyone_desktop.channels.channels_words import figure

_LEGEND = 32
_EDGE = 26
_LARGEST_CELL = 26


class MatrixView(QWidget):
    """Negative weights in blue, positive ones in amber, nothing at 0. Clicks and arrows choose a row."""

    #: A row was chosen: the number of its output channel.
    output_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("channels.matrix")
        self.setAccessibleName(self.tr("Weight matrix: output channels by input channels"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._matrix: WeightMatrix | None = None
        self._values = array("f")
        self._image = QImage()
        self._output = -1

    def show_sum(self, taken: WeightedSum) -> None:
        """Shows the matrix of a convolution, with the row of its output marked."""
        is_new = taken.matrix is not self._matrix
        self._matrix, self._output = taken.matrix, taken.output
        if is_new:
            self._values = array("f")
            self._values.frombytes(taken.matrix.values)
            if sys.byteorder == "big":
                self._values.byteswap()
            self.refresh_colours()
        self.setAccessibleDescription(self.tr("Row of output {}").format(taken.output))
        self.update()

    def refresh_colours(self) -> None:
        """Paints the matrix anew, after a new one or a new theme."""
        if self._matrix is None:
            return
        rows, columns = self._size()
        tokens = theme.current()
        ground = QColor(tokens.surface)
        ends = (QColor(tokens.convolution), QColor(tokens.pointwise))
        # 255 steps are more than can be told apart, and a look-up is quick.
        shades = [_between(ground, ends[step > 127], abs(step - 127) / 127) for step in range(255)]
        largest = self._matrix.largest or 1.0
        image = QImage(columns, rows, QImage.Format.Format_Indexed8)
        image.setColorTable(shades)
        stride = image.bytesPerLine()
        bits = memoryview(image.bits())
        steps = bytes(round(min(max(value / largest, -1.0), 1.0) * 127) + 127 for value in self._values)
        for row in range(rows):
            bits[row * stride : row * stride + columns] = steps[row * columns : (row + 1) * columns]
        self._image = image.convertToFormat(QImage.Format.Format_RGB32)
        self.update()

    def frame(self) -> QRect:
        """Where the weights are painted."""
        room = self.rect().adjusted(_EDGE, 16, -2, -_LEGEND)
        rows, columns = self._size()
        width = min(room.width(), columns * _LARGEST_CELL)
        height = min(room.height(), rows * _LARGEST_CELL)
        # Cells keep their proportions within a factor of four: long rows stay readable.
        cell = min(width / columns, height / rows)
        wide, high = min(width, cell * 4 * columns), min(height, cell * 4 * rows)
        return QRect(room.topLeft(), QSize(max(1, int(wide)), max(1, int(high))))

    def words_at(self, point: QPoint) -> str:
        """The weight below a point, in words; nothing beside the matrix."""
        place = self._cell_at(point)
        if place is None or self._matrix is None:
            return ""
        row, column = place
        _, columns = self._size()
        value = self._values[row * columns + column]
        output = row * self._matrix.row_step
        first = output // (self._matrix.rows // self._matrix.groups) * self._matrix.columns
        return self.tr("weight {} from input {} to output {}").format(
            figure(value), first + column * self._matrix.column_step, output
        )

    def _size(self) -> tuple[int, int]:
        matrix = self._matrix
        if matrix is None:
            return 1, 1
        return -(-matrix.rows // matrix.row_step), -(-matrix.columns // matrix.column_step)

    def _cell_at(self, point: QPoint) -> tuple[int, int] | None:
        frame = self.frame()
        if self._matrix is None or not frame.contains(point):
            return None
        rows, columns = self._size()
        return (
            min((point.y() - frame.top()) * rows // frame.height(), rows - 1),
            min((point.x() - frame.left()) * columns // frame.width(), columns - 1),
        )

    def sizeHint(self) -> QSize:
        return QSize(260, 200)

    def minimumSizeHint(self) -> QSize:
        return QSize(140, 110)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._matrix is not None:
            self._paint(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.current().accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _paint(self, painter: QPainter) -> None:
        matrix = self._matrix
        assert matrix is not None
        tokens = theme.current()
        frame = self.frame()
        painter.drawImage(frame, self._image)
        painter.setPen(QPen(QColor(tokens.control_border), 1))
        painter.drawRect(frame.adjusted(0, 0, -1, -1))
        painter.setFont(theme.ui_font(theme.SMALL_POINTS))
        rows, _ = self._size()
        high = frame.height() / rows
        top = frame.top() + self._output // matrix.row_step * high
        painter.setPen(QPen(QColor(tokens.text), 1.5))
        painter.drawRect(QRectF(frame.left() - 1, top - 1, frame.width() + 1, max(high, 2.0) + 1))
        painter.setPen(QColor(tokens.muted_text))
        above = QRect(frame.left(), 0, max(frame.width(), self.width() - frame.left()), 15)
        painter.drawText(above, Qt.AlignmentFlag.AlignLeft, self._heading())
        painter.setPen(QColor(tokens.text))
        middle = QRectF(0, top + high / 2 - 8, _EDGE - 4, 16)
        painter.drawText(middle, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(self._output))
        self._paint_legend(painter, frame)

    def _heading(self) -> str:
        matrix = self._matrix
        assert matrix is not None
        if matrix.groups > 1:
            return self.tr("{} inputs a group").format(f"{matrix.columns:,}")
        return self.tr("{} inputs").format(f"{matrix.columns:,}")

    def _paint_legend(self, painter: QPainter, frame: QRect) -> None:
        matrix = self._matrix
        assert matrix is not None
        tokens = theme.current()
        bar = QRectF(frame.left(), frame.bottom() + 6, 96, 8)
        ramp = QLinearGradient(bar.topLeft(), bar.topRight())
        for place, colour in ((0.0, tokens.convolution), (0.5, tokens.surface), (1.0, tokens.pointwise)):
            ramp.setColorAt(place, QColor(colour))
        painter.fillRect(bar, ramp)
        painter.setPen(QPen(QColor(tokens.border), 1))
        painter.drawRect(bar)
        painter.setPen(QColor(tokens.muted_text))
        words = f"{figure(-matrix.largest)}   0   {figure(matrix.largest)}"
        metrics = QFontMetrics(painter.font())
        wide = metrics.horizontalAdvance(words)
        painter.drawText(int(bar.center().x() - wide / 2), int(bar.bottom()) + 13, words)
        thinned = ""
        if matrix.row_step > 1 or matrix.column_step > 1:
            thinned = self.tr(" · row {} and column {} of each").format(matrix.row_step, matrix.column_step)
        note = f"{matrix.rows:,} × {matrix.columns:,}{thinned}"
        painter.drawText(int(bar.right()) + 10, int(bar.bottom()) + 1, note)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._cell_at(event.position().toPoint())
        if place is not None and self._matrix is not None and event.button() == Qt.MouseButton.LeftButton:
            self.output_chosen.emit(place[0] * self._matrix.row_step)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}
        step = steps.get(Qt.Key(event.key()))
        if step is None or self._matrix is None:
            super().keyPressEvent(event)
            return
        goal = min(max(self._output + step, 0), self._matrix.rows - 1)
        if goal != self._output:
            self.output_chosen.emit(goal)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.words_at(event.pos()), self)
            return True
        return super().event(event)


def _between(first: QColor, second: QColor, part: float) -> int:
    """The colour at a part of the way from one to the other."""
    mixed = QColor.fromRgbF(
        first.redF() + (second.redF() - first.redF()) * part,
        first.greenF() + (second.greenF() - first.greenF()) * part,
        first.blueF() + (second.blueF() - first.blueF()) * part,
    )
    return mixed.rgb()

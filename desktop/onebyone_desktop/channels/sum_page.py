"""One output of a 1×1 convolution as the weighted sum of its input maps, beside the weights of all outputs."""

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QSpinBox, QSplitter, QVBoxLayout, QWidget

from onebyone.channels import FeatureMap, WeightedSum
from onebyone.layers import Layer
from onebyone.quantity import percent
from onebyone_desktop.appearance import theme
from onebyone_desktop.channels.channels_words import figure, range_words, signed, sum_words, term_words
from onebyone_desktop.channels.maps_page import fitted
from onebyone_desktop.channels.pictures import as_image
from onebyone_desktop.channels.weight_matrix import MatrixView
from onebyone_desktop.panels.flow import FlowLayout
from onebyone_desktop.panels.plain import plain_words

TERM_SIDE = 64
_CAPTION = 16
_RESULT_WIDTH = 100


class Tile(QWidget):
    """A caption over a map; the tip and the accessible name say what it is and its range."""

    def __init__(self, caption: str, shown: FeatureMap | None, side: int, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        text = QLabel(caption, self)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 0, 2, 0)
        column.setSpacing(2)
        column.addWidget(text)
        if shown is not None:
            picture = QLabel(self)
            picture.setPixmap(map_pixmap(shown, side))
            picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
            picture.setAccessibleName(words)
            picture.setToolTip(words)
            column.addWidget(picture)
        column.addStretch(1)


class ResultView(QWidget):
    """The sum, and below it what the node makes of it, as large as there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("channels.result")
        self.setMinimumWidth(_RESULT_WIDTH)
        self._parts: tuple[tuple[str, FeatureMap], ...] = ()

    def show_parts(self, *parts: tuple[str, FeatureMap]) -> None:
        """Shows captions and maps."""
        self._parts = parts
        words = "\n".join(f"{caption}: {range_words(shown)}" for caption, shown in parts)
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_RESULT_WIDTH, 180)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.ui_font(theme.SMALL_POINTS))
        height = self.height() // max(len(self._parts), 1)
        for place, (caption, shown) in enumerate(self._parts):
            top = place * height
            text = QRect(0, top, self.width(), _CAPTION)
            painter.setPen(QColor(theme.current().text))
            painter.drawText(text, Qt.AlignmentFlag.AlignCenter, caption)
            side = max(8, min(self.width(), height - _CAPTION - 4))
            frame = QRect((self.width() - side) // 2, top + _CAPTION, side, side)
            image = as_image(shown)
            target = fitted(image.size(), frame)
            painter.drawImage(target, image)
            painter.setPen(QColor(theme.current().border))
            painter.drawRect(target.adjusted(0, 0, -1, -1))
        painter.end()


def map_pixmap(shown: FeatureMap, side: int) -> QPixmap:
    """A map in a square frame."""
    picture = QPixmap(side, side)
    picture.fill(QColor(theme.current().surface))
    painter = QPainter(picture)
    image = as_image(shown)
    painter.drawImage(fitted(image.size(), picture.rect()), image)
    painter.setPen(QColor(theme.current().border))
    painter.drawRect(picture.rect().adjusted(0, 0, -1, -1))
    painter.end()
    return picture


class SumPage(QWidget):
    """The matrix on the left, on the right the terms, the sum and what the node makes of it."""

    #: Another output channel is to be taken apart.
    output_wished = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[WeightedSum, Layer] | None = None
        self.matrix = MatrixView(self)
        self.matrix.output_chosen.connect(self.output_wished)
        self._output = QSpinBox(self)
        self._output.setObjectName("channels.output")
        self._output.setAccessibleName(self.tr("Output channel"))
        self._output.setKeyboardTracking(False)
        self._output.valueChanged.connect(self._on_output_value_changed)
        self._result = ResultView(self)
        self._formula = plain_words(self, "channels.formula", "muted")
        self._formula.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._check = plain_words(self, "channels.sum_check", "muted")
        self._strip = QWidget(self)
        self._flow = FlowLayout(self._strip, 8)
        self._area = QScrollArea(self)
        self._area.setObjectName("channels.strip")
        self._area.setAccessibleName(self.tr("Weighted sum"))
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._make_content())
        self._arrange()

    def show_sum(self, taken: WeightedSum, layer: Layer) -> None:
        """Shows a sum; `layer` is the convolution that makes it."""
        self._shown = (taken, layer)
        self.matrix.show_sum(taken)
        self._output.blockSignals(True)
        self._output.setRange(0, taken.matrix.rows - 1)
        self._output.setValue(taken.output)
        self._output.blockSignals(False)
        self._formula.setText(sum_words(taken))
        self._check.setText(self._check_words(taken))
        self._fill(taken, layer)

    def refresh_colours(self) -> None:
        """Follows a new theme."""
        self.matrix.refresh_colours()
        if self._shown is not None:
            self._fill(*self._shown)

    def _fill(self, taken: WeightedSum, layer: Layer) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, term in enumerate(taken.terms):
            words = self.tr("Input map {}: {}; times {}, {} on average").format(
                term.channel, range_words(term.map), figure(term.weight), figure(term.contribution)
            )
            self._add(term_words(term, place == 0).replace(" × ", "\n× "), term.map, TERM_SIDE, words)
        if taken.others:
            share = self.tr("{} of all").format(percent(taken.others_share))
            self._add(self.tr("+ {} more\n{}").format(f"{taken.others:,}", share), None, 0, "")
        if taken.bias is not None:
            self._add(f"{signed(taken.bias)}\n{self.tr('bias')}", None, 0, "")
        after = self.tr(" and ").join(layer.followers)
        if not after:
            self._result.show_parts((self.tr("= sum = map {}").format(taken.output), taken.total))
            return
        # Two lines would leave less room for the pictures; the words beside them say what is between the two.
        named = self.tr("{}: map {}").format(after, taken.output)
        self._result.show_parts((self.tr("= sum {}").format(taken.output), taken.total), (named, taken.result))

    def _add(self, caption: str, shown: FeatureMap | None, side: int, words: str) -> None:
        tile = Tile(caption, shown, side, words, self._strip)
        tile.show()
        self._flow.addWidget(tile)

    def _check_words(self, taken: WeightedSum) -> str:
        words = self.tr(
            "All {} terms and the bias, added here one by one, differ from torch's convolution by {} at most."
        )
        if taken.bias is None:
            words = self.tr("All {} terms, added here one by one, differ from torch's convolution by {} at most.")
        return words.format(f"{taken.matrix.columns:,}", figure(taken.difference))

    def _make_content(self) -> QWidget:
        content = QWidget(self._area)
        column = QVBoxLayout(content)
        column.setContentsMargins(6, 0, 6, 0)
        column.setSpacing(6)
        column.addWidget(self._strip)
        column.addWidget(self._formula)
        column.addWidget(self._check)
        column.addStretch(1)
        return content

    def _arrange(self) -> None:
        label = QLabel(self.tr("Output"), self)
        label.setBuddy(self._output)
        head = QHBoxLayout()
        head.addWidget(label)
        head.addWidget(self._output)
        head.addSpacing(6)
        head.addStretch(1)
        right = QWidget(self)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._area, 1)
        whole = QHBoxLayout(right)
        whole.setContentsMargins(6, 0, 0, 0)
        whole.addLayout(column, 3)
        whole.addWidget(self._result, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setObjectName("channels.splitter")
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.matrix)
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([210, 500])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 0, 0)
        layout.addWidget(splitter, 1)

    @Slot(int)
    def _on_output_value_changed(self, output: int) -> None:
        self.output_wished.emit(output)

    def sizeHint(self) -> QSize:
        return QSize(640, 220)

"""The equivalence card: one function computed in three ways, with the largest differences."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from onebyone.channels import Channels
from onebyone_desktop.channels.channels_words import equivalence_words, figure
from onebyone_desktop.panels.plain import plain_words


class WaysPage(QWidget):
    """Three columns: the convolution, nn.Linear at every pixel, and a cccp layer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures = [plain_words(self, f"channels.way_{name}", "figure") for name in ("conv", "linear", "cccp")]
        self._words = plain_words(self, "channels.ways_words", "")
        self._compared = plain_words(self, "channels.ways_compared", "muted")
        content = QWidget(self)
        grid = QGridLayout(content)
        grid.setContentsMargins(4, 4, 8, 4)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(3)
        for column, (title, meaning, below) in enumerate(self._columns()):
            heading = QLabel(title, content)
            heading.setProperty("role", "card-title")
            heading.setWordWrap(True)
            grid.addWidget(heading, 0, column, Qt.AlignmentFlag.AlignTop)
            text = plain_words(content, "", "muted")
            text.setText(meaning)
            grid.addWidget(text, 1, column, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._figures[column], 2, column)
            label = plain_words(content, "", "muted")
            label.setText(below)
            grid.addWidget(label, 3, column, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(column, 1)
        line = QFrame(content)
        line.setProperty("role", "separator")
        grid.addWidget(line, 4, 0, 1, 3)
        grid.addWidget(self._words, 5, 0, 1, 3)
        grid.addWidget(self._compared, 6, 0, 1, 3)
        grid.setRowStretch(7, 1)
        area = QScrollArea(self)
        area.setObjectName("channels.ways")
        area.setAccessibleName(self.tr("One function, three ways"))
        area.setWidgetResizable(True)
        area.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 0, 0)
        layout.addWidget(area)

    def show_answer(self, answer: Channels) -> None:
        """Shows the differences of a 1×1 convolution."""
        if answer.sum is None:
            return
        found = answer.sum.equivalence
        for label, value in zip(self._figures, (found.largest, found.linear, found.cccp), strict=True):
            label.setText(figure(value))
        self._words.setText(equivalence_words(found, (answer.channels, answer.height, answer.width)))
        self._compared.setText(self._compared_words(found.compared))

    def _compared_words(self, compared: str) -> str:
        words = self.tr(
            "Compared before norm and activation; the cccp layer, which ends in ReLU, with ReLU of the sum."
        )
        return f"{words} {compared[0].upper()}{compared[1:]}." if compared else words

    def _columns(self) -> tuple[tuple[str, str, str], ...]:
        return (
            (
                self.tr("1×1 convolution"),
                self.tr("nn.Conv2d with a kernel of 1×1, as the design runs it."),
                self.tr("largest absolute value"),
            ),
            (
                self.tr("nn.Linear at every pixel"),
                self.tr("The same weights; each pixel's channels are one vector."),
                self.tr("largest absolute difference to the convolution"),
            ),
            (
                self.tr("cccp layer"),
                self.tr("Lin et al. 2013: at each pixel a weighted sum over the channels, then ReLU."),
                self.tr("largest absolute difference to ReLU of the convolution"),
            ),
        )

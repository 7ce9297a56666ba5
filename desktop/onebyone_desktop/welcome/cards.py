"""The cards of the welcome page: buttons with a picture and words, in as many columns as there is room for."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from onebyone.quantity import count, macs
from onebyone.text import visible
from onebyone_desktop.appearance import theme
from onebyone_desktop.appearance.icons import icon

if TYPE_CHECKING:
    from onebyone_desktop.welcome.reading import Read
    from onebyone_desktop.welcome.sketch import Sketch

_COLUMN = 216
_GAP = 10
_PICTURE_HEIGHT = 104
_PICTURE_MARGIN = 8.0
_RADIUS = 6.0


class Card(QPushButton):
    """A button as high as what is laid out in it."""

    def __init__(self, title: str, description: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAccessibleName(title)
        self.setAccessibleDescription(description)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(12, 10, 12, 10)
        self.column.setSpacing(3)

    def add_words(self, text: str, role: str) -> QLabel:
        """Writes a paragraph below what is there."""
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("role", role)
        label.setWordWrap(True)
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.column.addWidget(label)
        return label

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        column = self.column
        return column.totalHeightForWidth(width) if column.hasHeightForWidth() else column.totalSizeHint().height()

    def sizeHint(self) -> QSize:
        return QSize(_COLUMN, self.heightForWidth(_COLUMN))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)


class Line(QLabel):
    """One line of text, cut in the middle where there is no room for all of it."""

    def __init__(self, text: str, role: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._whole = text
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._cut()

    def _cut(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideMiddle, max(self.width(), 40)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._cut()


class StepCard(Card):
    """One of the first steps: its number, what it does, and what there is to see."""

    def __init__(self, number: int, title: str, description: str, parent: QWidget) -> None:
        super().__init__(title, description, parent)
        self.add_words(str(number), "figure")
        self.add_words(title, "card-title")
        self.add_words(description, "muted")
        self.column.addStretch(1)


class DesignCard(Card):
    """A design: its picture, its name, what it is, and its totals. The last two may come later."""

    def __init__(self, title: str, description: str, parent: QWidget) -> None:
        super().__init__(title, description, parent)
        self._description = description
        self.picture = Picture(self)
        self.column.addWidget(self.picture)
        self.column.addSpacing(5)
        self._head = QHBoxLayout()
        self._head.setSpacing(0)
        self._head.addWidget(Line(title, "card-title", self), 1)
        self.column.addLayout(self._head)
        self._describe(description)
        self._totals = self.add_words("", "totals")
        self._totals.hide()
        self.column.addStretch(1)

    @property
    def totals(self) -> str:
        """The figures below the picture, or what is wrong with the file."""
        return self._totals.text()

    def show_read(self, read: "Read") -> None:
        """Shows what was read of the design."""
        self.picture.show_sketch(read.sketch)
        if read.trouble:
            self._say(_trouble_words(self, read), "error")
        elif read.analysis is not None:
            self._say(_totals_words(self, read), "totals")
        else:
            self._say(self.tr("A large file, without a preview"), "muted")

    def _describe(self, description: str) -> None:
        self.add_words(description, "muted")

    def _say(self, words: str, role: str) -> None:
        self._totals.setProperty("role", role)
        self._totals.setText(words)
        self._totals.show()
        self._totals.style().unpolish(self._totals)
        self._totals.style().polish(self._totals)
        self.setAccessibleDescription(f"{self._description}. {words}".replace("..", "."))
        self.updateGeometry()


class RecentCard(DesignCard):
    """A file that was opened lately; it can be taken off the list."""

    #: The file is to be taken off the list.
    forget_wished = Signal(Path)

    def __init__(self, path: Path, parent: QWidget) -> None:
        super().__init__(visible(path.name), visible(str(path.parent)), parent)
        self.path = path
        self.setToolTip(visible(str(path)))
        forget = self._forget = QToolButton(self)
        forget.setObjectName("welcome.forget")
        forget.setIcon(icon("close"))
        forget.setProperty("role", "small")
        forget.setAutoRaise(True)
        forget.setCursor(Qt.CursorShape.ArrowCursor)
        forget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        forget.setAccessibleName(self.tr("Take {} off the list").format(visible(path.name)))
        forget.setToolTip(self.tr("Take off this list; the file stays"))
        forget.setStatusTip(forget.toolTip())
        forget.clicked.connect(self._on_forget_clicked)
        self._head.addWidget(forget, 0, Qt.AlignmentFlag.AlignTop)

    def _describe(self, description: str) -> None:
        self.column.addWidget(Line(description, "muted", self))

    def follow_focus(self, before: QWidget) -> QWidget:
        """Is reached by Tab after another widget; the last of its own widgets that are."""
        QWidget.setTabOrder(before, self)
        QWidget.setTabOrder(self, self._forget)
        return self._forget

    def _on_forget_clicked(self, _checked: bool = False) -> None:
        self.forget_wished.emit(self.path)


class Picture(QWidget):
    """The small picture of a design; plain ground until it is known."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(_PICTURE_HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._sketch: Sketch | None = None
        self._drawn: QPixmap | None = None
        self._drawn_in = ""

    @property
    def sketch(self) -> "Sketch | None":
        """What is shown."""
        return self._sketch

    def show_sketch(self, sketch: "Sketch | None") -> None:
        """Shows a drawing, or nothing."""
        self._sketch = sketch
        self._drawn = None
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens, ratio = theme.current(), self.devicePixelRatioF()
        if self.size().isEmpty():
            return
        if self._drawn is None or self._drawn.size() != self.size() * ratio or self._drawn_in != tokens.name:
            self._drawn, self._drawn_in = self._draw(ratio), tokens.name
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._drawn)

    def _draw(self, ratio: float) -> QPixmap:
        tokens = theme.current()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.border), 1.0))
        painter.setBrush(QColor(tokens.canvas))
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
        if self._sketch is not None:
            from onebyone_desktop.canvas.items.painting import tools_of

            margin = _PICTURE_MARGIN
            self._sketch.paint(painter, rect.adjusted(margin, margin, -margin, -margin), tools_of(tokens))
        painter.end()
        return picture


class CardGrid(QWidget):
    """Cards side by side, of equal width, in as many columns as fit."""

    def __init__(self, most_columns: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._most = most_columns
        self._cards: list[QWidget] = []
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP)

    def show_cards(self, cards: list[QWidget]) -> None:
        """Shows these cards in place of those before."""
        for card in self._cards:
            self._grid.removeWidget(card)
            if card not in cards:
                card.hide()
                card.deleteLater()
        self._cards = cards
        self._columns = 0
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def event(self, event: QEvent) -> bool:
        # A row that was laid out for other words keeps its old height unless the page is asked again.
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)

    def _lay_out(self) -> None:
        columns = max(1, min(self._most, (self.width() + _GAP) // (_COLUMN + _GAP)))
        if columns == self._columns:
            return
        for column in range(self._most):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
        for place, card in enumerate(self._cards):
            self._grid.addWidget(card, place // columns, place % columns)
            card.show()


def _totals_words(parent: QWidget, read: "Read") -> str:
    from onebyone.description import shape_change

    assert read.analysis is not None
    totals = read.analysis.totals
    if not read.analysis.design.nodes:
        return parent.tr("Empty")
    if totals.macs is None:
        return parent.tr("Has errors to be mended")
    lines = (
        parent.tr("{} parameters").format(count(totals.parameters)),
        parent.tr("{} MACs").format(macs(totals.macs)),
        shape_change(read.analysis),
    )
    return "\n".join(line for line in lines if line)


def _trouble_words(parent: QWidget, read: "Read") -> str:
    if read.trouble == "gone":
        return parent.tr("This file is not there any more.")
    return parent.tr("This file is damaged: {}").format(read.reason)

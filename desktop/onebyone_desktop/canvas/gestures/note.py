"""A few words beside the pointer, while a gesture is under way."""

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QLabel, QWidget

_BESIDE = QPoint(18, 16)
_WIDEST = 320
_EDGE = 4


class PointerNote(QLabel):
    """Says why something cannot be dropped here, or what else a drop does; it takes no clicks."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = parent
        self.setObjectName("canvas.note")
        self.setAccessibleName(self.tr("Note at the pointer"))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_at(self, point: QPoint, text: str, is_refusal: bool = False) -> None:
        """Shows a text beside a point of the parent, within its bounds; no text hides the note."""
        if not text:
            self.hide()
            return
        if text != self.text() or self.property("refused") != is_refusal:
            self.setText(text)
            self.setProperty("refused", is_refusal)
            self.style().unpolish(self)
            self.style().polish(self)
            self._fit()
        room = self._room.rect()
        at = point + _BESIDE
        if at.y() + self.height() > room.bottom():
            at.setY(point.y() - _BESIDE.y() - self.height())
        at.setX(max(min(at.x(), room.right() - self.width() - _EDGE), _EDGE))
        self.move(at)
        self.show()
        self.raise_()

    def _fit(self) -> None:
        """As wide as the text on one line, up to a limit; then as high as it takes."""
        self.setWordWrap(False)
        size = self.sizeHint()
        if size.width() > _WIDEST:
            self.setWordWrap(True)
            size = QSize(_WIDEST, self.heightForWidth(_WIDEST))
        self.resize(size)

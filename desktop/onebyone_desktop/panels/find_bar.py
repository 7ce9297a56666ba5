"""Find a node: a bar above the canvas that goes from match to match."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from onebyone.design import Node
from onebyone_desktop.appearance.icons import icon

if TYPE_CHECKING:
    from onebyone_desktop.session import Session


class FindBar(QFrame):
    """A field, the count of matches, and buttons to the next and the previous one."""

    #: A node was found; its id.
    node_found = Signal(str)
    #: The bar was closed: the focus goes back to the canvas.
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._found: list[str] = []
        self._place = -1
        self.setObjectName("find")
        self.setProperty("role", "bar")
        self._text = QLineEdit(self)
        self._text.setObjectName("find.text")
        self._text.setAccessibleName(self.tr("Find a node"))
        self._text.setPlaceholderText(self.tr("Name, id or kind of a node"))
        self._text.setClearButtonEnabled(True)
        self._text.installEventFilter(self)
        self._count = QLabel(self)
        self._count.setObjectName("find.count")
        self._count.setProperty("role", "muted")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._count)
        for name, words, glyph, slot in (
            ("find.previous", self.tr("Previous match (Shift+Enter)"), "chevron_up", self.show_previous),
            ("find.next", self.tr("Next match (Enter)"), "chevron_down", self.show_next),
            ("find.close", self.tr("Close (Escape)"), "close", self.close_bar),
        ):
            button = QToolButton(self)
            button.setObjectName(name)
            button.setAccessibleName(words)
            button.setToolTip(words)
            button.setIcon(icon(glyph))
            button.setAutoRaise(True)
            button.clicked.connect(slot)
            layout.addWidget(button)
        self.hide()
        self._text.textChanged.connect(self._on_text_text_changed)

    def set_session(self, session: "Session | None") -> None:
        """Searches in another design."""
        self._session = session
        if self.isVisible():
            self._search()

    def open(self) -> None:
        """Shows the bar with the cursor in its field."""
        self.show()
        self._text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._text.selectAll()
        self._search()

    @Slot()
    def show_next(self) -> None:
        """Goes to the next match, and from the last to the first."""
        self._go(1)

    @Slot()
    def show_previous(self) -> None:
        """Goes to the previous match."""
        self._go(-1)

    @Slot()
    def close_bar(self) -> None:
        """Hides the bar."""
        self.hide()
        self.closed.emit()

    @Slot(str)
    def _on_text_text_changed(self, _text: str) -> None:
        self._search()
        if self._found:
            self._go(1)

    def _search(self) -> None:
        words = self._text.text().casefold().split()
        nodes = self._session.design.nodes if self._session is not None and words else ()
        self._found = [node.id for node in nodes if _fits(node, words)]
        self._place = -1
        selection = self._session.selection if self._session is not None else ()
        if selection and selection[0] in self._found:
            # So that the match that is shown stays while more of its name is typed.
            self._place = self._found.index(selection[0]) - 1
        self._say()

    def _go(self, steps: int) -> None:
        if self._session is not None:
            known = {node.id for node in self._session.design.nodes}
            if not known.issuperset(self._found):
                self._search()
        if not self._found:
            self._say()
            return
        self._place = (self._place + steps) % len(self._found)
        self._say()
        self.node_found.emit(self._found[self._place])

    def _say(self) -> None:
        if not self._text.text().strip():
            self._count.setText("")
        elif not self._found:
            self._count.setText(self.tr("No node is called that"))
        elif self._place < 0:
            self._count.setText(self.tr("{} found").format(len(self._found)))
        else:
            self._count.setText(self.tr("{} of {}").format(self._place + 1, len(self._found)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._text and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = event.key()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._go(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
                return True
            if key == Qt.Key.Key_Escape:
                self.close_bar()
                return True
        return super().eventFilter(watched, event)


def _fits(node: Node, words: list[str]) -> bool:
    text = f"{node.title} {node.id} {node.layer.type_name} {node.layer.kind}".casefold().replace("×", "x")
    return all(word.replace("×", "x") in text for word in words)

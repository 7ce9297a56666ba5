"""The search at the pointer: a field and the list of what it finds."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from onebyone.adding.entries import PaletteEntry
from onebyone.adding.search import Place, Suggestion, search
from onebyone_desktop.canvas.search.suggestion_row import ROW_HEIGHT, SUGGESTION, SuggestionRow

_WIDTH = 500
_ROWS = 9
_LONGEST_TEXT = 120
_EDGE = 4
_STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Tab: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Backtab: -1,
    Qt.Key.Key_PageDown: _ROWS - 1,
    Qt.Key.Key_PageUp: 1 - _ROWS,
}


class _Field(QLineEdit):
    """The field; keys that move in the list do so from here."""

    #: So many rows down, or up where it is negative.
    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(step)

    def focusNextPrevChild(self, _is_next: bool) -> bool:
        # The field keeps the focus as long as the search is open; Tab moves in the list.
        return False


class SearchPopup(QFrame):
    """Offers what fits what is typed; closes on Escape, on a choice, and on a click beside it."""

    #: A suggestion was chosen with Enter or a click.
    chosen = Signal(Suggestion)
    #: The search was closed, with a choice or without.
    closed = Signal()

    def __init__(self, entries: Sequence[PaletteEntry], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._entries = entries
        self._place = Place()
        self._recent: Sequence[str] = ()
        self._connections: Callable[[str], tuple[Suggestion, ...]] | None = None
        self.setObjectName("search")
        self.setAccessibleName(self.tr("Add a layer"))
        self._field = _Field(self)
        self._field.setObjectName("search.field")
        self._field.setAccessibleName(self.tr("Layer to add"))
        self._field.setPlaceholderText(self.tr("A layer, such as concat or 3x3 128"))
        self._field.setMaxLength(_LONGEST_TEXT)
        self._list = QListWidget(self)
        self._list.setObjectName("search.list")
        self._list.setAccessibleName(self.tr("Layers found"))
        self._list.setItemDelegate(SuggestionRow(self._list))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setUniformItemSizes(True)
        self._list.setMouseTracking(True)
        # As on the canvas: Qt keeps an object for every viewport that had this.
        self._list.viewport().ungrabGesture(Qt.GestureType.PanGesture)
        self._message = QLabel(self)
        self._message.setObjectName("search.message")
        self._message.setWordWrap(True)
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        layout = self._column = QVBoxLayout(self)
        layout.setContentsMargins(7, 7, 7, 7)
        layout.setSpacing(6)
        layout.addWidget(self._field)
        layout.addWidget(self._list)
        layout.addWidget(self._message)
        self.setFixedWidth(_WIDTH)
        self._field.textChanged.connect(self._on_field_text_changed)
        self._field.returnPressed.connect(self._on_field_return_pressed)
        self._field.stepped.connect(self._on_field_stepped)
        self._list.itemClicked.connect(self._on_list_item_clicked)
        self._list.itemEntered.connect(self._list.setCurrentItem)
        self._list.currentItemChanged.connect(self._on_list_current_item_changed)

    def open(
        self,
        corner: QPoint,
        place: Place,
        recent: Sequence[str],
        connections: Callable[[str], tuple[Suggestion, ...]] | None = None,
    ) -> None:
        """Shows the search with its corner at a point of the screen, or as near as it fits.

        Args:
            connections: Finds the nodes of the design that could be wired instead of adding one.
        """
        self._place, self._recent, self._connections = place, recent, connections
        self._field.clear()
        self._fill()
        room = self.screen().availableGeometry()
        height = self.sizeHint().height()
        left = min(max(corner.x(), room.left() + _EDGE), room.right() - _WIDTH - _EDGE)
        top = min(max(corner.y(), room.top() + _EDGE), room.bottom() - height - _EDGE)
        self.move(left, top)
        self.show()
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _fill(self) -> None:
        text = self._field.text()
        answer = search(self._entries, text, self._place, self._recent)
        found = [suggestion for suggestion in answer.suggestions if not suggestion.reason]
        found += self._connections(text) if self._connections is not None else ()
        first = found[0] if found else next(iter(answer.suggestions), None)
        found += [suggestion for suggestion in answer.suggestions if suggestion.reason]
        self._list.clear()
        for suggestion in found:
            item = QListWidgetItem()
            item.setData(SUGGESTION, suggestion)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, suggestion.sentence)
            item.setToolTip(suggestion.reason)
            if suggestion.reason:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self._list.addItem(item)
        rows = min(len(found), _ROWS)
        self._list.setFixedHeight(rows * ROW_HEIGHT + 2 * self._list.frameWidth())
        self._list.setVisible(rows > 0)
        self._step(1)
        message = "" if found else answer.message
        if first is not None and first.reason:
            message = f"{first.title}: {first.reason}"
        self._message.setText(message)
        self._message.setVisible(bool(message))
        self._column.invalidate()
        self._column.activate()
        self.adjustSize()

    def _step(self, step: int) -> None:
        """Moves to the next row that can be chosen, and stays where there is none."""
        row, end = self._list.currentRow(), self._list.count()
        rows = range(row + 1, end) if step > 0 else range(row - 1, -1, -1)
        possible = [place for place in rows if self._list.item(place).flags() & Qt.ItemFlag.ItemIsEnabled]
        if possible:
            self._list.setCurrentRow(possible[min(abs(step), len(possible)) - 1])

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is None or not item.flags() & Qt.ItemFlag.ItemIsEnabled:
            return
        suggestion: Suggestion = item.data(SUGGESTION)
        self.hide()
        self.chosen.emit(suggestion)

    @Slot()
    def _on_field_text_changed(self) -> None:
        self._fill()

    @Slot()
    def _on_field_return_pressed(self) -> None:
        self._choose(self._list.currentItem())

    @Slot(int)
    def _on_field_stepped(self, step: int) -> None:
        self._step(step)

    @Slot(QListWidgetItem)
    def _on_list_item_clicked(self, item: QListWidgetItem) -> None:
        self._choose(item)

    @Slot()
    def _on_list_current_item_changed(self) -> None:
        item = self._list.currentItem()
        words = "" if item is None else item.data(SUGGESTION).sentence
        self._field.setAccessibleDescription(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()

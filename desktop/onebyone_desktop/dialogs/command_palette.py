"""The command palette: every action of the window by its name."""

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QMainWindow,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from onebyone_desktop.appearance import theme
from onebyone_desktop.dialogs.window_commands import WindowCommand, find_commands, window_commands

_NOWHERE = QModelIndex()
_COMMAND = Qt.ItemDataRole.UserRole
_WIDTH = 560
_ROW_HEIGHT = 28
_MOST_ROWS = 11
_TOP = 64
_GAP = 12
_TURNS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}
_LEAPS = {Qt.Key.Key_PageDown: _MOST_ROWS, Qt.Key.Key_PageUp: -_MOST_ROWS}


class CommandPalette(QFrame):
    """A field and a list over the window. Enter runs what is chosen, Escape and a click elsewhere close it."""

    #: A command was run; what it is remembered by.
    command_run = Signal(str)

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._commands: tuple[WindowCommand, ...] = ()
        self._recent: list[str] = []
        self._focus_before: QWidget | None = None
        self.setObjectName("command_palette")
        self.setProperty("role", "popup")
        self.setAccessibleName(self.tr("Command palette"))
        self._search = QLineEdit(self)
        self._search.setObjectName("command_palette.search")
        self._search.setAccessibleName(self.tr("Command"))
        self._search.setPlaceholderText(self.tr("What do you want to do?"))
        self._search.installEventFilter(self)
        self._model = _Model(self)
        self._list = QListView(self)
        self._list.setObjectName("command_palette.list")
        self._list.setAccessibleName(self.tr("Commands"))
        self._list.setModel(self._model)
        self._list.setItemDelegate(_Delegate(self._list))
        self._list.setUniformItemSizes(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._nothing = QLabel(self.tr("No command is called that."), self)
        self._nothing.setObjectName("command_palette.nothing")
        self._nothing.setProperty("role", "muted")
        self._nothing.setContentsMargins(8, 4, 8, 6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        for widget in (self._search, self._list, self._nothing):
            layout.addWidget(widget)
        self.hide()
        window.installEventFilter(self)
        self._search.textChanged.connect(self._on_search_text_changed)
        self._list.clicked.connect(self._on_list_clicked)

    def open(self, recent: list[str], reasons: dict[str, str]) -> None:
        """Shows itself with the commands of the window.

        Args:
            recent: What was run lately, the last first.
            reasons: Why an action is off, by its name.
        """
        self._recent = recent
        if not self.isVisible():
            self._focus_before = QApplication.focusWidget()
        self._commands = window_commands(self._window, reasons)
        self._search.clear()
        self._on_search_text_changed("")
        self._place()
        self.show()
        self.raise_()
        self._search.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_and_return(self) -> None:
        """Hides itself; the focus goes back to where it was."""
        self.hide()
        if self._focus_before is not None:
            self._focus_before.setFocus(Qt.FocusReason.PopupFocusReason)
        self._focus_before = None

    @Slot(str)
    def _on_search_text_changed(self, text: str) -> None:
        found = find_commands(self._commands, text, self._recent)
        self._model.show_commands(found)
        self._list.setCurrentIndex(self._model.index(0))
        self._list.setVisible(bool(found))
        self._nothing.setVisible(not found)
        self._list.setFixedHeight(min(max(len(found), 1), _MOST_ROWS) * _ROW_HEIGHT + 2)
        self.adjustSize()

    @Slot(QModelIndex)
    def _on_list_clicked(self, _index: QModelIndex | QPersistentModelIndex) -> None:
        self._run()

    def _run(self) -> None:
        command = self._list.currentIndex().data(_COMMAND)
        if command is None or command.reason:
            return
        self.close_and_return()
        self.command_run.emit(command.key)
        command.action.trigger()

    def _turn(self, steps: int, is_round: bool) -> None:
        rows = self._model.rowCount()
        if rows:
            row = self._list.currentIndex().row() + steps
            row = row % rows if is_round else min(max(row, 0), rows - 1)
            self._list.setCurrentIndex(self._model.index(row))

    def _place(self) -> None:
        width = min(_WIDTH, self._window.width() - 40)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move((self._window.width() - width) // 2, _TOP)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        if watched is self._search:
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._take_key(event)
            if event.type() == QEvent.Type.FocusOut and self._window.isActiveWindow() and self.isVisible():
                self._focus_before = None
                self.hide()
        return super().eventFilter(watched, event)

    def _take_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in _TURNS:
            self._turn(_TURNS[key], True)
        elif key in _LEAPS:
            self._turn(_LEAPS[key], False)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._run()
        elif key == Qt.Key.Key_Escape:
            self.close_and_return()
        else:
            return False
        return True


class _Model(QAbstractListModel):
    """The commands that were found."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._found: tuple[WindowCommand, ...] = ()

    def show_commands(self, found: tuple[WindowCommand, ...]) -> None:
        self.beginResetModel()
        self._found = found
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._found)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        command = self._found[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return command.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return command.sentence
        if role == Qt.ItemDataRole.ToolTipRole:
            return command.reason or command.action.statusTip() or command.action.toolTip()
        return command if role == _COMMAND else None


class _Delegate(QStyledItemDelegate):
    """Paints a command: its title and menu at the left, its keys at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, _ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        command: WindowCommand = index.data(_COMMAND)
        tokens = theme.current()
        painter.save()
        state = QStyle.StateFlag
        if option.state & (state.State_Selected | state.State_MouseOver):
            is_chosen = bool(option.state & state.State_Selected)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.selection if is_chosen else tokens.hover))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawRoundedRect(option.rect, 5, 5)
        room = option.rect.adjusted(10, 0, -10, 0)
        aside = QColor(tokens.text if option.state & state.State_Selected else tokens.muted_text)
        room = self._word(painter, room, command.keys, aside, Qt.AlignmentFlag.AlignRight)
        colour = aside if command.reason else QColor(tokens.text)
        room = self._word(painter, room, command.title, colour, Qt.AlignmentFlag.AlignLeft)
        self._word(painter, room, command.reason or command.path, aside, Qt.AlignmentFlag.AlignLeft)
        painter.restore()

    def _word(self, painter: QPainter, room: QRect, text: str, colour: QColor, side: Qt.AlignmentFlag) -> QRect:
        """Writes at one side; what is left of the room."""
        metrics = QFontMetrics(painter.font())
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room.width())
        painter.setPen(colour)
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, shown)
        used = metrics.horizontalAdvance(shown) + _GAP if shown else 0
        return room.adjusted(0, 0, -used, 0) if side == Qt.AlignmentFlag.AlignRight else room.adjusted(used, 0, 0, 0)

"""The shortcuts sheet: every action with its keys, and every gesture, to search in."""

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QAction, QColor, QFontMetrics, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
)

from onebyone.adding.matching import plain
from onebyone_desktop.appearance import theme
from onebyone_desktop.dialogs.gesture_table import GESTURES
from onebyone_desktop.panels.plain import choose_item, items_below, top_items
from onebyone_desktop.window.actions import SPECS

_SIZE = QSize(720, 620)
_LEAST = QSize(480, 320)
_ROW_HEIGHT = 26
_HEADING_HEIGHT = 34
_CAP_ROOM = 6.0
_CAP_HEIGHT = 19.0


class Shortcut(NamedTuple):
    """One line of the sheet: the heading it stands under, what to do, what it is called, and what it does."""

    group: str
    keys: str
    title: str
    words: str


def shortcuts(window: QMainWindow) -> Iterator[Shortcut]:
    """All actions in the order of the menus, then the gestures."""
    titles = {spec.name: _bare(window.tr(spec.text)) for spec in SPECS}
    for head in window.menuBar().actions():
        menu = head.menu()
        if isinstance(menu, QMenu):
            for action, path in _actions_in(menu):
                name = action.objectName()
                if name in titles:
                    yield Shortcut(_bare(head.text()), _keys(action), path + titles[name], action.statusTip())
    for group, gestures in GESTURES.items():
        for gesture in gestures:
            yield Shortcut(window.tr(group), window.tr(gesture.keys), window.tr(gesture.words), "")


class ShortcutsSheet(QDialog):
    """A table by menus with a field to search in; it stays open beside the work."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.setObjectName("shortcuts")
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self._search = QLineEdit(self)
        self._search.setObjectName("shortcuts.search")
        self._search.setAccessibleName(self.tr("Search the shortcuts"))
        self._search.setPlaceholderText(self.tr("An action, or keys such as Ctrl+D"))
        self._search.setClearButtonEnabled(True)
        self._table = self._make_table()
        self._nothing = QLabel(self.tr("No action and no gesture fits that."), self)
        self._nothing.setObjectName("shortcuts.nothing")
        self._nothing.setProperty("role", "muted")
        self._nothing.hide()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        layout.addWidget(self._search)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._nothing, 1, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(buttons)
        self.resize(_SIZE)
        self.setMinimumSize(_LEAST)
        self._fill(window)
        self._search.textChanged.connect(self._on_search_text_changed)

    def open_fresh(self) -> None:
        """Shows itself with everything in it and the cursor in the search field."""
        self._search.clear()
        self.show()
        self.raise_()
        self.activateWindow()
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _make_table(self) -> QTreeWidget:
        table = QTreeWidget(self)
        table.setObjectName("shortcuts.table")
        table.setAccessibleName(self.tr("Actions and gestures with their keys"))
        table.setColumnCount(2)
        table.setHeaderLabels([self.tr("Action"), self.tr("Keys")])
        table.setHeaderHidden(True)
        table.setRootIsDecorated(False)
        table.setIndentation(0)
        table.setItemsExpandable(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setItemDelegateForColumn(1, _KeysDelegate(table))
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        table.header().setStretchLastSection(False)
        return table

    def _fill(self, window: QMainWindow) -> None:
        heading: QTreeWidgetItem | None = None
        for line in shortcuts(window):
            if heading is None or heading.data(0, Qt.ItemDataRole.UserRole) != line.group:
                heading = self._add_heading(line.group)
            item = QTreeWidgetItem([line.title, line.keys])
            item.setToolTip(0, line.words)
            item.setData(0, Qt.ItemDataRole.UserRole, plain(f"{line.group} {line.title} {line.words} {_typed(line)}"))
            spoken = line.keys or self.tr("no keys")
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{line.title}, {spoken}")
            item.setSizeHint(0, QSize(0, _ROW_HEIGHT))
            heading.addChild(item)
        self._table.expandAll()

    def _add_heading(self, group: str) -> QTreeWidgetItem:
        heading = QTreeWidgetItem([group])
        heading.setData(0, Qt.ItemDataRole.UserRole, group)
        heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = heading.font(0)
        font.setBold(True)
        heading.setFont(0, font)
        heading.setSizeHint(0, QSize(0, _HEADING_HEIGHT))
        self._table.addTopLevelItem(heading)
        heading.setFirstColumnSpanned(True)
        return heading

    @Slot(str)
    def _on_search_text_changed(self, text: str) -> None:
        wanted = plain(text.replace("+", " ")).split()
        first: QTreeWidgetItem | None = None
        for heading in top_items(self._table):
            rows = list(items_below(heading))
            for row in rows:
                row.setHidden(not _fits(row.data(0, Qt.ItemDataRole.UserRole), wanted))
            shown = [row for row in rows if not row.isHidden()]
            heading.setHidden(not shown)
            first = first or (shown[0] if shown else None)
        choose_item(self._table, first if wanted else None)
        self._table.setVisible(first is not None)
        self._nothing.setVisible(first is None)


class _KeysDelegate(QStyledItemDelegate):
    """Paints keys as the cap of a key."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        text = index.data() or ""
        return QSize(QFontMetrics(option.font).horizontalAdvance(text) + int(4 * _CAP_ROOM), _ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        text, tokens = index.data(), theme.current()
        painter.save()
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_chosen:
            painter.fillRect(option.rect, QColor(tokens.selection))
        if text:
            painter.setFont(option.font)
            width = QFontMetrics(option.font).horizontalAdvance(text) + 2 * _CAP_ROOM
            cap = QRectF(0, 0, width, _CAP_HEIGHT)
            cap.moveCenter(QRectF(option.rect).center())
            cap.moveRight(option.rect.right() - _CAP_ROOM)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(tokens.border), 1.0))
            painter.setBrush(QColor(tokens.raised))
            painter.drawRoundedRect(cap, 4, 4)
            painter.setPen(QColor(tokens.text))
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()


def _actions_in(menu: QMenu, path: str = "") -> Iterator[tuple[QAction, str]]:
    """The actions of a menu, each with the menus within it that lead there."""
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _actions_in(inner, f"{path}{_bare(action.text())} › ")
        else:
            yield action, path


def _keys(action: QAction) -> str:
    return ", ".join(keys.toString(QKeySequence.SequenceFormat.NativeText) for keys in action.shortcuts())


def _fits(text: str, wanted: list[str]) -> bool:
    """Whether a line has all these words; a single letter is meant as a key, not as a part of any word."""
    words = text.split()
    return all(word in (words if len(word) == 1 else text) for word in wanted)


def _typed(line: Shortcut) -> str:
    """The keys as words to search for."""
    return line.keys.replace("+", " ").replace(",", " ")


def _bare(text: str) -> str:
    """The text of an action without the sign for its key."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").removesuffix("…")

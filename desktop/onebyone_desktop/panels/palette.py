"""The palette: kinds of layers and ready modules, to drag onto the canvas."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QMimeData, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QDrag, QIcon, QKeyEvent, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from onebyone.adding.entries import LAYER_MIME, PaletteEntry, entries
from onebyone_desktop.appearance import theme
from onebyone_desktop.panels.panel import Panel
from onebyone_desktop.panels.plain import choose_item, items_below, top_items

if TYPE_CHECKING:
    from onebyone_desktop.window.desk import Desk
    from onebyone_desktop.window.workspace import Workspace

_ENTRY = Qt.ItemDataRole.UserRole


class _Tree(QTreeWidget):
    """The list; it starts drags and answers Enter."""

    chosen = Signal(PaletteEntry)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setDragEnabled(True)
        self.setIconSize(QSize(12, 22))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def startDrag(self, _actions: Qt.DropAction) -> None:
        entry = self.current_entry()
        if entry is None:
            return
        drag = QDrag(self)
        drag.setMimeData(_mime_data(entry))
        drag.setPixmap(_drag_picture(entry))
        drag.setHotSpot(QPoint(60, 14))
        drag.exec(Qt.DropAction.CopyAction)

    def current_entry(self) -> PaletteEntry | None:
        """The entry under the cursor, or None on a heading."""
        item = self.currentItem()
        return None if item is None else item.data(0, _ENTRY)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entry = self.current_entry()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and entry is not None:
            self.chosen.emit(entry)
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        entry = self.current_entry()
        if entry is not None:
            self.chosen.emit(entry)


def open_panel(desk: "Desk", parent: QWidget) -> Panel:
    """The panel for a place in the window."""
    return Palette(desk.workspace, parent)


class Palette(Panel):
    """Search field and list of what can be added.

    Double-click and Enter add an entry behind the selected node; a drag drops it where the pointer is.
    """

    def __init__(self, workspace: "Workspace", parent: QWidget | None = None) -> None:
        super().__init__("panel.palette", "Palette", parent)
        self._workspace = workspace
        self.setMinimumWidth(150)
        self._search = QLineEdit(self)
        self._search.setObjectName("palette.search")
        self._search.setAccessibleName(self.tr("Search layers"))
        self._search.setPlaceholderText(self.tr("Search layers…  Ctrl+K"))
        self._search.setClearButtonEnabled(True)
        self._tree = _Tree(self)
        self._tree.setObjectName("palette.list")
        self._tree.setAccessibleName(self.tr("Layers"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 0)
        layout.addWidget(self._search)
        layout.addWidget(self._tree)
        self._fill()
        self._search.textChanged.connect(self._on_search_text_changed)
        self._search.returnPressed.connect(self._on_search_return_pressed)
        self._tree.chosen.connect(self.choose)

    def focus_search(self) -> None:
        """Puts the cursor into the search field."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    @Slot(object)
    def choose(self, entry: PaletteEntry) -> None:
        """Adds an entry to the current design, behind the selected node."""
        self._workspace.show_designs()
        canvas = self._workspace.canvas
        if entry.is_module:
            canvas.add_nodes(entry.nodes, self.tr("Add {}").format(entry.title))
        else:
            canvas.add_layer(entry.nodes[0].layer, entry.base, title=entry.title)

    def refresh_colours(self) -> None:
        for item in self._items():
            entry = item.data(0, _ENTRY)
            item.setIcon(0, _family_bar(entry))
        for heading in top_items(self._tree):
            heading.setForeground(0, QColor(theme.current().muted_text))

    def _fill(self) -> None:
        for title, members in entries().items():
            heading = QTreeWidgetItem([title.upper()])
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            font = heading.font(0)
            font.setBold(True)
            font.setPointSizeF(font.pointSizeF() * 0.85)
            heading.setFont(0, font)
            heading.setSizeHint(0, QSize(0, 28))
            self._tree.addTopLevelItem(heading)
            for entry in members:
                item = QTreeWidgetItem([entry.title])
                item.setData(0, _ENTRY, entry)
                item.setToolTip(0, self.tr("Drag {} onto the canvas, or double-click").format(entry.title))
                item.setSizeHint(0, QSize(0, 27))
                heading.addChild(item)
            heading.setExpanded(True)
        self.refresh_colours()

    def _items(self) -> Iterator[QTreeWidgetItem]:
        for heading in top_items(self._tree):
            yield from items_below(heading)

    @Slot(str)
    def _on_search_text_changed(self, text: str) -> None:
        wanted = text.casefold().replace("×", "x").split()
        first = None
        for item in self._items():
            entry = item.data(0, _ENTRY)
            words = f"{entry.title} {entry.aliases} {entry.base}".casefold().replace("×", "x")
            is_hidden = not all(word in words for word in wanted)
            item.setHidden(is_hidden)
            first = first or (None if is_hidden else item)
        for heading in top_items(self._tree):
            heading.setHidden(all(item.isHidden() for item in items_below(heading)))
        choose_item(self._tree, first if wanted else None)

    @Slot()
    def _on_search_return_pressed(self) -> None:
        entry = self._tree.current_entry()
        if entry is not None:
            self.choose(entry)


def _mime_data(entry: PaletteEntry) -> QMimeData:
    data = QMimeData()
    data.setData(LAYER_MIME, QByteArray(entry.payload))
    return data


def _family_bar(entry: PaletteEntry) -> QIcon:
    family = "pointwise" if "reduced" in entry.base else entry.nodes[0].layer.family
    picture = QPixmap(24, 44)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.current().family(family)))
    painter.drawRoundedRect(6, 4, 8, 36, 3, 3)
    painter.end()
    picture.setDevicePixelRatio(2)
    return QIcon(picture)


def _drag_picture(entry: PaletteEntry) -> QPixmap:
    tokens = theme.current()
    ratio = QApplication.primaryScreen().devicePixelRatio()
    picture = QPixmap(QSize(120, 28) * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens.family(entry.nodes[0].layer.family)))
    painter.drawRoundedRect(0, 0, 120, 28, 6, 6)
    painter.setPen(QColor(tokens.text_on(entry.nodes[0].layer.family)))
    painter.drawText(0, 0, 120, 28, Qt.AlignmentFlag.AlignCenter, entry.title)
    painter.end()
    return picture

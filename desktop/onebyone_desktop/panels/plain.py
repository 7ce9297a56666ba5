"""Tables and words as the panels have them: plain text, no grid, one row chosen as a whole."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLabel,
    QScrollArea,
    QTableView,
    QTableWidget,
    QTableWidgetItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

ROW_HEIGHT = 24


def plain_table(parent: QWidget, name: str, accessible_name: str, headings: Sequence[str]) -> QTableWidget:
    """An empty table to read and to choose rows in."""
    table = QTableWidget(0, len(headings), parent)
    table.setObjectName(name)
    table.setAccessibleName(accessible_name)
    table.setHorizontalHeaderLabels(list(headings))
    make_plain(table)
    return table


def make_plain(table: QTableView) -> None:
    """Makes a table one to read and to choose rows in."""
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)


def plain_area(parent: QWidget, name: str, accessible_name: str, content: QWidget | None = None) -> QScrollArea:
    """An area without a frame that scrolls down only; what it holds takes the focus."""
    area = QScrollArea(parent)
    area.setObjectName(name)
    area.setAccessibleName(accessible_name)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if content is not None:
        area.setWidget(content)
    return area


def plain_words(parent: QWidget, name: str, role: str) -> QLabel:
    """A label that shows text as it is and wraps it."""
    label = QLabel(parent)
    label.setObjectName(name)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def cell_at(table: QTableWidget, row: int, column: int) -> QTableWidgetItem:
    """A cell of a table; an empty one is put there where there is none."""
    item = table.item(row, column)
    if item is None:
        item = QTableWidgetItem()
        table.setItem(row, column, item)
    return item


def top_items(tree: QTreeWidget) -> Iterator[QTreeWidgetItem]:
    """The headings of a tree, in order."""
    for place in range(tree.topLevelItemCount()):
        item = tree.topLevelItem(place)
        if item is not None:
            yield item


def items_below(heading: QTreeWidgetItem) -> Iterator[QTreeWidgetItem]:
    """What stands under a heading, in order."""
    for place in range(heading.childCount()):
        item = heading.child(place)
        if item is not None:
            yield item


def choose_item(tree: QTreeWidget, item: QTreeWidgetItem | None) -> None:
    """Makes an item the current one, or none."""
    if item is None:
        tree.setCurrentIndex(QModelIndex())
    else:
        tree.setCurrentItem(item)

"""The Costs table: every node with its figures; also the reading of the graph for those who cannot see it."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Slot,
)
from PySide6.QtGui import QColor, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from onebyone.analysis import Analysis
from onebyone.description import totals_lines, totals_sentence
from onebyone.measurement.records import Run
from onebyone.node_table import Column, NodeRow, columns, node_rows
from onebyone.quantity import UNKNOWN
from onebyone.text import visible
from onebyone_desktop.appearance import theme
from onebyone_desktop.panels.panel import Panel
from onebyone_desktop.panels.plain import make_plain

if TYPE_CHECKING:
    from onebyone_desktop.window.desk import Desk
_SORT = Qt.ItemDataRole.UserRole
#: The keys of what is marked where a node takes more time than its MACs explain.
_REMARKED = ("median_s", "share", "remark")
_ROWS_MEASURED = 60
# A screen reader may be silent on a dash.
_UNKNOWN_ALOUD = "not known"


class CostsModel(QAbstractTableModel):
    """The table of nodes, in the order of the design."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: tuple[NodeRow, ...] = ()
        # Those for measured nodes come and go.
        self._columns: tuple[Column, ...] = columns("costs")
        self.ids: list[str] = []

    def show_analysis(self, analysis: Analysis, run: Run | None) -> None:
        """Fills the table anew; rows that stay keep their place."""
        ids = [node.id for node in analysis.design.nodes]
        rows = node_rows(analysis, ids, run)
        shown = columns("costs", rows)
        if ids != self.ids or shown != self._columns:
            self.beginResetModel()
            self._rows, self.ids, self._columns = rows, ids, shown
            self.endResetModel()
            return
        changed = [place for place, (new, old) in enumerate(zip(rows, self._rows, strict=True)) if new != old]
        self._rows = rows
        if changed:
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], len(shown) - 1))

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column, row = self._columns[index.column()], self._rows[index.row()]
        found = row.disproportion if column.key in _REMARKED else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return _words(column, row) if found is None else found.words
        if role == Qt.ItemDataRole.DisplayRole:
            return _words(column, row)
        if role == Qt.ItemDataRole.ForegroundRole:
            return None if found is None else QColor(theme.current().warning)
        if role == Qt.ItemDataRole.BackgroundRole:
            return None if found is None else QColor(theme.current().warning_ground)
        if role == _SORT:
            return column.sort_key(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row, column)
        return _alignment(column) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _title(self._columns[section])
        return _alignment(self._columns[section]) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _spoken(self, row: NodeRow, column: Column) -> str:
        """A cell as it is read aloud: whose figure it is, and of what; the name alone in the first column."""
        words = _words(column, row)
        name = _words(self._columns[0], row)
        if column is self._columns[0]:
            return name
        return f"{name}, {_title(column)}, {_UNKNOWN_ALOUD if words == UNKNOWN else words}"

    def are_texts(self) -> list[bool]:
        """For every column whether it holds words and no figures."""
        return [column.is_text for column in self._columns]

    def texts(self) -> list[list[str]]:
        """The table as words, headings first."""
        head = [_title(column) for column in self._columns]
        return [head, *([_words(column, row) for column in self._columns] for row in self._rows)]


def _title(column: Column) -> str:
    return column.panel_title or column.title


def _words(column: Column, row: NodeRow) -> str:
    words = column.words(row)
    return visible(words) if column.is_text else words


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column.is_text else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


def open_panel(_desk: "Desk", parent: QWidget) -> Panel:
    """The panel for a place in the window."""
    return Costs(parent)


class Costs(Panel):
    """The table with its totals, and copying as TSV or Markdown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("panel.costs", "Costs", parent)
        self._model = CostsModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self._model)
        self._sorted.setSortRole(_SORT)
        self._table = QTableView(self)
        self._table.setObjectName("costs.table")
        self._table.setAccessibleName(self.tr("Costs of every node"))
        self._table.setModel(self._sorted)
        self._table.setSortingEnabled(True)
        self._table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        make_plain(self._table)
        self._table.horizontalHeader().setResizeContentsPrecision(_ROWS_MEASURED)
        self._is_sizing = False
        self._is_sized_by_hand = False
        self._table.horizontalHeader().sectionResized.connect(self._on_header_section_resized)
        self._totals = QLabel(self)
        self._totals.setObjectName("costs.totals")
        self._totals.setTextFormat(Qt.TextFormat.PlainText)
        self._totals.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._tsv = QPushButton(self.tr("Copy as TSV"), self)
        self._tsv.setObjectName("costs.copy_tsv")
        self._markdown = QPushButton(self.tr("Copy as Markdown"), self)
        self._markdown.setObjectName("costs.copy_markdown")
        foot = QHBoxLayout()
        foot.addWidget(self._totals, 1)
        foot.addWidget(self._tsv)
        foot.addWidget(self._markdown)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 8)
        layout.addWidget(self._table, 1)
        layout.addLayout(foot)
        self._tsv.clicked.connect(self._on_tsv_clicked)
        self._markdown.clicked.connect(self._on_markdown_clicked)
        self._table.selectionModel().selectionChanged.connect(self._on_table_selection_changed)

    def refresh(self) -> None:
        if self.session is None:
            return
        self._model.show_analysis(self.session.analysis, self.session.run)
        self._totals.setText(totals_sentence(self.session.analysis))
        self._totals.setToolTip("\n".join(totals_lines(self.session.analysis)))
        if not self._is_sized_by_hand:
            self._is_sizing = True
            self._table.resizeColumnsToContents()
            self._is_sizing = False
        self.refresh_selection()

    def refresh_measurement(self) -> None:
        self.refresh()

    def refresh_selection(self) -> None:
        if self.session is None:
            return
        selection = QItemSelection()
        chosen = set(self.session.selection)
        for place, node_id in enumerate(self._model.ids):
            if node_id in chosen:
                index = self._sorted.mapFromSource(self._model.index(place, 0))
                selection.select(index, index)
        model = self._table.selectionModel()
        model.blockSignals(True)
        flags = model.SelectionFlag.ClearAndSelect | model.SelectionFlag.Rows
        model.select(selection, flags)
        model.blockSignals(False)
        self._table.viewport().update()

    def markdown(self) -> str:
        """The table as Markdown."""
        head, *rows = self._model.texts()
        rule = ["---" if is_text else "---:" for is_text in self._model.are_texts()]
        return "\n".join(
            f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in (head, rule, *rows)
        )

    def tsv(self) -> str:
        """The table as tab-separated text; a name that a spreadsheet would take for a formula gets an apostrophe."""
        head, *rows = self._model.texts()
        are_texts = self._model.are_texts()
        safe = [
            [_inert(cell) if is_text else cell for is_text, cell in zip(are_texts, row, strict=True)] for row in rows
        ]
        return "\n".join("\t".join(row) for row in (head, *safe))

    @Slot(int, int, int)
    def _on_header_section_resized(self, _column: int, _old: int, _new: int) -> None:
        # Columns grow with what is in them until somebody sets a width.
        self._is_sized_by_hand = self._is_sized_by_hand or not self._is_sizing

    @Slot()
    def _on_tsv_clicked(self) -> None:
        QApplication.clipboard().setText(self.tsv())

    @Slot()
    def _on_markdown_clicked(self) -> None:
        QApplication.clipboard().setText(self.markdown())

    @Slot(QItemSelection, QItemSelection)
    def _on_table_selection_changed(self, _chosen: QItemSelection, _dropped: QItemSelection) -> None:
        if self.session is not None:
            rows = self._table.selectionModel().selectedRows()
            self.session.select(self._model.ids[self._sorted.mapToSource(row).row()] for row in rows)

    def keyPressEvent(self, event: Any) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._on_tsv_clicked()
            return
        super().keyPressEvent(event)


def _inert(cell: str) -> str:
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell

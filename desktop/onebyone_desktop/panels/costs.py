"""The Costs table: every node with its figures; also the reading of the graph for those who cannot see it."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QItemSelection, QModelIndex, QSortFilterProxyModel, Qt, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSizePolicy,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from onebyone.analysis import Analysis
from onebyone.description import receptive_field, totals_lines, totals_sentence
from onebyone.measurement import Run
from onebyone.quantity import UNKNOWN, byte_size, count, duration, percent, shape
from onebyone.text import visible
from onebyone_desktop.panels.panel import Panel

_SORT = Qt.ItemDataRole.UserRole
_COLUMNS = (
    "Node", "Kind", "Output", "Parameters", "MACs", "Time", "Share", "Memory", "Receptive field", "Weights", "Biases",
    "Norm", "Inputs",
)  # fmt: skip
_TEXT_COLUMNS = (0, 1, 12)
_ROWS_MEASURED = 60
# A screen reader may be silent on a dash.
_UNKNOWN_ALOUD = "not known"


class CostsModel(QAbstractTableModel):
    """The rows, in the order of the design."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[tuple[tuple[str, Any], ...]] = []
        self.ids: list[str] = []

    def show_analysis(self, analysis: Analysis, run: Run | None) -> None:
        """Fills the table anew; rows that stay keep their place."""
        rows = [_row(analysis, node.id, run) for node in analysis.design.nodes]
        ids = [node.id for node in analysis.design.nodes]
        if ids != self.ids:
            self.beginResetModel()
            self._rows, self.ids = rows, ids
            self.endResetModel()
            return
        changed = [place for place, (new, old) in enumerate(zip(rows, self._rows, strict=True)) if new != old]
        self._rows = rows
        if changed:
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], len(_COLUMNS) - 1))

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_COLUMNS)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        words, value = self._rows[index.row()][index.column()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return words
        if role == _SORT:
            return value
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(index.row(), index.column())
        return _alignment(index.column()) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _COLUMNS[section]
        return _alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _spoken(self, row: int, column: int) -> str:
        """A cell as it is read aloud: whose figure it is, and of what; the name alone in the first column."""
        cells = self._rows[row]
        words = _UNKNOWN_ALOUD if cells[column][0] == UNKNOWN else cells[column][0]
        return words if column == 0 else f"{cells[0][0]}, {_COLUMNS[column]}, {words}"

    def texts(self) -> list[list[str]]:
        """The table as words, headings first."""
        return [list(_COLUMNS), *([cell[0] for cell in row] for row in self._rows)]


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column in _TEXT_COLUMNS else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


def _row(analysis: Analysis, node_id: str, run: Run | None) -> tuple[tuple[str, Any], ...]:
    node, found = analysis.topology.nodes[node_id], analysis.nodes[node_id]
    costs = found.costs
    time = next((item for item in run.nodes if item.id == node_id), None) if run is not None else None
    field = receptive_field(found.receptive_field) if found.shape is not None else "–"

    def number(value: int | None) -> tuple[str, Any]:
        return count(value), -1 if value is None else value

    kind = f"{node.layer.type_name} (bypassed)" if node.passes_through else node.layer.type_name
    return (
        (visible(node.name), visible(node.name).casefold()),
        (kind, kind),
        (shape(found.shape), found.activation_bytes or -1),
        number(None if costs is None else costs.parameters),
        number(None if costs is None else costs.macs),
        (duration(time.median) if time else "–", time.median if time else -1.0),
        (percent(time.share) if time else "–", time.share if time else -1.0),
        (byte_size(found.activation_bytes), found.activation_bytes or -1),
        (field, field),
        number(None if costs is None else costs.weights),
        number(None if costs is None else costs.biases),
        number(None if costs is None else costs.norm),
        (", ".join(node.inputs), len(node.inputs)),
    )


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
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setShowGrid(False)
        self._table.setTabKeyNavigation(False)
        self._table.verticalHeader().hide()
        self._table.verticalHeader().setDefaultSectionSize(24)
        self._table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self._table.horizontalHeader().setHighlightSections(False)
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
        rule = ["---" if place in _TEXT_COLUMNS else "---:" for place in range(len(head))]
        return "\n".join(
            f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in (head, rule, *rows)
        )

    def tsv(self) -> str:
        """The table as tab-separated text; a name that a spreadsheet would take for a formula gets an apostrophe."""
        head, *rows = self._model.texts()
        safe = [[_inert(cell) if n in _TEXT_COLUMNS else cell for n, cell in enumerate(row)] for row in rows]
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

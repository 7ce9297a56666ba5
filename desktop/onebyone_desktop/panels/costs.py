"""The Costs table: every node with its figures; also the reading of the graph for those who cannot see it."""

from collections.abc import Mapping, Sequence
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
from onebyone.measurement.disproportion import FEW_MACS_MUCH_TIME, Disproportion, disproportions
from onebyone.measurement.records import IsolatedTime, NodeTime, Run
from onebyone.quantity import UNKNOWN, byte_size, count, duration, percent, shape
from onebyone.text import visible
from onebyone_desktop.appearance import theme
from onebyone_desktop.panels.panel import Panel

if TYPE_CHECKING:
    from onebyone_desktop.window.desk import Desk
_SORT = Qt.ItemDataRole.UserRole
_COLUMNS = (
    "Node", "Kind", "Output", "Parameters", "MACs", "Time", "Share", "Remark", "Hot alone", "Cold alone", "Memory",
    "Receptive field", "Weights", "Biases", "Norm", "Inputs",
)  # fmt: skip
_TEXT_COLUMNS = (0, 1, 7, 15)
_TEXT_HEADINGS = tuple(_COLUMNS[place] for place in _TEXT_COLUMNS)
_REMARK = 7
#: There only where every node was clocked alone.
_ALONE_COLUMNS = (8, 9)
_REMARKED_COLUMNS = (5, 6, 7)
_ROWS_MEASURED = 60
# A screen reader may be silent on a dash.
_UNKNOWN_ALOUD = "not known"


class CostsModel(QAbstractTableModel):
    """The rows, in the order of the design."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[tuple[tuple[str, Any], ...]] = []
        self._found: Mapping[str, Disproportion] = {}
        # Which of all columns there are: those for measured nodes come and go.
        self._places: tuple[int, ...] = _places((), is_remarked=False)
        self.ids: list[str] = []

    def show_analysis(self, analysis: Analysis, run: Run | None) -> None:
        """Fills the table anew; rows that stay keep their place."""
        self._found = disproportions(analysis, run)
        times = {} if run is None else {item.id: item for item in run.nodes}
        alone = {} if run is None else {item.id: item for item in run.isolated}
        rows = [
            _row(analysis, node.id, times.get(node.id), alone.get(node.id), node.id in self._found)
            for node in analysis.design.nodes
        ]
        ids = [node.id for node in analysis.design.nodes]
        places = _places(rows, is_remarked=bool(self._found))
        if ids != self.ids or places != self._places:
            self.beginResetModel()
            self._rows, self.ids, self._places = rows, ids, places
            self.endResetModel()
            return
        changed = [place for place, (new, old) in enumerate(zip(rows, self._rows, strict=True)) if new != old]
        self._rows = rows
        if changed:
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], len(self._places) - 1))

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._places)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = self._places[index.column()]
        words, value = self._rows[index.row()][column]
        found = self._found.get(self.ids[index.row()]) if column in _REMARKED_COLUMNS else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return words if found is None else found.words
        if role == Qt.ItemDataRole.DisplayRole:
            return words
        if role == Qt.ItemDataRole.ForegroundRole:
            return None if found is None else QColor(theme.current().warning)
        if role == Qt.ItemDataRole.BackgroundRole:
            return None if found is None else QColor(theme.current().warning_ground)
        if role == _SORT:
            return value
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(index.row(), column)
        return _alignment(column) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _COLUMNS[self._places[section]]
        return _alignment(self._places[section]) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _spoken(self, row: int, column: int) -> str:
        """A cell as it is read aloud: whose figure it is, and of what; the name alone in the first column."""
        cells = self._rows[row]
        words = _UNKNOWN_ALOUD if cells[column][0] == UNKNOWN else cells[column][0]
        return words if column == 0 else f"{cells[0][0]}, {_COLUMNS[column]}, {words}"

    def texts(self) -> list[list[str]]:
        """The table as words, headings first."""
        head = [_COLUMNS[place] for place in self._places]
        return [head, *([row[place][0] for place in self._places] for row in self._rows)]


def _places(rows: Sequence[tuple[tuple[str, Any], ...]], is_remarked: bool) -> tuple[int, ...]:
    """The columns that have something in them: remarks and times alone are not always there."""
    is_alone = any(row[place][0] != UNKNOWN for row in rows for place in _ALONE_COLUMNS)
    left_out = (() if is_remarked else (_REMARK,)) + (() if is_alone else _ALONE_COLUMNS)
    return tuple(place for place in range(len(_COLUMNS)) if place not in left_out)


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column in _TEXT_COLUMNS else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


def _row(
    analysis: Analysis, node_id: str, time: NodeTime | None, alone: IsolatedTime | None, is_remarked: bool
) -> tuple[tuple[str, Any], ...]:
    node, found = analysis.node(node_id), analysis.nodes[node_id]
    costs = found.costs
    field = receptive_field(found.receptive_field) if found.shape is not None else "–"

    def number(value: int | None) -> tuple[str, Any]:
        return count(value), -1 if value is None else value

    def seconds(value: float | None) -> tuple[str, Any]:
        return duration(value), -1.0 if value is None else value

    kind = f"{node.layer.type_name} (bypassed)" if node.passes_through else node.layer.type_name
    return (
        (visible(node.name), visible(node.name).casefold()),
        (kind, kind),
        (shape(found.shape), found.activation_bytes or -1),
        number(None if costs is None else costs.parameters),
        number(None if costs is None else costs.macs),
        seconds(time.median if time else None),
        (percent(time.share) if time else UNKNOWN, time.share if time else -1.0),
        (FEW_MACS_MUCH_TIME if is_remarked else "", is_remarked),
        seconds(alone.hot if alone else None),
        seconds(alone.cold if alone else None),
        (byte_size(found.activation_bytes), found.activation_bytes or -1),
        (field, field),
        number(None if costs is None else costs.weights),
        number(None if costs is None else costs.biases),
        number(None if costs is None else costs.norm),
        (", ".join(node.inputs), len(node.inputs)),
    )


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
        rule = ["---" if name in _TEXT_HEADINGS else "---:" for name in head]
        return "\n".join(
            f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in (head, rule, *rows)
        )

    def tsv(self) -> str:
        """The table as tab-separated text; a name that a spreadsheet would take for a formula gets an apostrophe."""
        head, *rows = self._model.texts()
        are_texts = [name in _TEXT_HEADINGS for name in head]
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

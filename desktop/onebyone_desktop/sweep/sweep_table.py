"""All variants of a sweep as a table, which reads without the plots."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from onebyone.sweep.result import (
    COST_TITLES,
    COSTS,
    SweepResult,
    cost_of,
    cost_words,
    interval_words,
    latency_words,
    point_words,
)
from onebyone_desktop.panels.plain import make_plain

_MEASURED = ("Latency", "To the design")


class SweepModel(QAbstractTableModel):
    """A row a variant, in the order of the grid; only rows that are seen are written."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.result: SweepResult | None = None

    def show_result(self, result: SweepResult | None) -> None:
        """Shows other variants, or more of them."""
        self.beginResetModel()
        self.result = result
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self.result is None else len(self.result.points)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self.result is None else len(self._titles())

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self._titles()):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            # The node over its field, so that the columns are narrow.
            return self._titles()[section].replace(".", "\n", 1)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        result = self.result
        if not index.isValid() or result is None or index.row() >= len(result.points):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts(index.row())[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._titles()[index.column()]} {self._texts(index.row())[index.column()]}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return point_words(result, index.row())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _titles(self) -> tuple[str, ...]:
        if self.result is None:
            return ()
        costs = (self.tr(COST_TITLES[cost]) for cost in COSTS)
        measured = tuple(self.tr(title) for title in _MEASURED) if self.result.measured else ()
        return (*self.result.sweep.names, *costs, *measured)

    def _texts(self, row: int) -> tuple[str, ...]:
        result = self.result
        assert result is not None
        point, measured = result.points[row], result.measured.get(row)
        values = (f"{value:,}" for value in point.values)
        if point.is_valid:
            costs = tuple(cost_words(cost, cost_of(point, cost)) for cost in COSTS)
        else:
            costs = (self.tr("has an error"), *[""] * (len(COSTS) - 1))
        if not result.measured:
            return (*values, *costs)
        answer = ("", "") if measured is None else (latency_words(measured), interval_words(measured))
        return (*values, *costs, *answer)


class SweepTable(QTableView):
    """The table; Enter or a double click wants a variant."""

    #: The number of the variant that was chosen to be opened.
    variant_wanted = Signal(int)
    #: The number of the variant that is current.
    variant_pointed_at = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(self.tr("Variants"))
        self._model = SweepModel(self)
        self.setModel(self._model)
        make_plain(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.activated.connect(self._on_activated)
        self.selectionModel().currentRowChanged.connect(self._on_current_row_changed)

    def show_result(self, result: SweepResult | None) -> None:
        """Shows other variants; the current row stays where it was."""
        row, columns = self.currentIndex().row(), self._model.columnCount()
        self._model.show_result(result)
        if 0 <= row < self._model.rowCount():
            self.selectionModel().blockSignals(True)
            self.setCurrentIndex(self._model.index(row, 0))
            self.selectionModel().blockSignals(False)
        if self._model.columnCount() != columns:
            self.resizeColumnsToContents()

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex | QPersistentModelIndex) -> None:
        self.variant_wanted.emit(index.row())

    @Slot(QModelIndex, QModelIndex)
    def _on_current_row_changed(self, index: QModelIndex | QPersistentModelIndex, _before: QModelIndex) -> None:
        self.variant_pointed_at.emit(index.row())

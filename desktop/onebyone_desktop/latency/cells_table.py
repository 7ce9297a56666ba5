"""The table of verdicts: one row a cell and design, never an average over cells."""

from collections.abc import Sequence
from typing import Any

import msgspec
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QTableWidgetItem, QVBoxLayout, QWidget

from onebyone.analysis import analyze
from onebyone.measurement.cells import telling_words
from onebyone.measurement.records import Measurement, MeasurementRequest
from onebyone.quantity import UNKNOWN, ratio
from onebyone.text import visible
from onebyone_desktop.appearance import theme
from onebyone_desktop.latency.answer import headline, interval_of_ratio
from onebyone_desktop.panels.plain import cell_at, plain_table
from onebyone_desktop.session import FailedCell, Measured

_VERDICT = 2
_FIGURE = 3
_COMPARISON = 5
#: Tokens of the theme; the word stands beside the colour.
_COLOURS = {"quiet": "ok", "usable": "text", "disturbed": "warning", "refused": "error", "no answer": "error"}
_TEXT_COLUMNS = (0, 1, _VERDICT, _COMPARISON)
_ALONE_HIDDEN = (1, 4, _COMPARISON, 6)


class CellLine(msgspec.Struct, frozen=True):
    """A row: one design in one cell, and its ratio to the first design there; `hint` says more of it."""

    place: int
    cell: str
    design: str
    figure: str
    verdict: str
    ratio: str = UNKNOWN
    comparison: str = UNKNOWN
    predicted: str = UNKNOWN
    hint: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """The row as words."""
        return (self.cell, self.design, self.verdict, self.figure, self.ratio, self.comparison, self.predicted)


def cell_lines(cells: Sequence[Measured | FailedCell], requests: Sequence[MeasurementRequest] = ()) -> list[CellLine]:
    """The rows of the table; a cell without an answer has one, with the reason in place of the figure.

    Args:
        cells: Those that have ended.
        requests: All that were asked for, where there are more to come.
    """
    lines: list[CellLine] = []
    tellings = telling_words(requests if len(requests) > len(cells) else [cell.request for cell in cells])
    for place, (cell, words) in enumerate(zip(cells, tellings, strict=False)):
        if isinstance(cell, FailedCell):
            lines.append(CellLine(place, words, "", cell.reason, "no answer", hint=cell.reason))
        else:
            lines += _lines(place, words, cell.request, cell.measurement)
    return lines


def _lines(place: int, words: str, request: MeasurementRequest, measurement: Measurement) -> list[CellLine]:
    macs = [analyze(design).totals.macs for design in request.designs]
    lines = []
    for number, run in enumerate(measurement.runs):
        head = headline(run)
        line = CellLine(place, words, visible(run.design), head.figure, run.verdict, hint=head.verdict)
        if 0 < number <= len(measurement.ratios):
            found = measurement.ratios[number - 1]
            predicted = ratio(macs[number] / macs[0]) if macs[number] and macs[0] else UNKNOWN  # type: ignore[operator]
            line = msgspec.structs.replace(
                line, ratio=interval_of_ratio(found), comparison=found.verdict, predicted=predicted
            )
        lines.append(line)
    return lines


class CellsTable(QWidget):
    """The cells of the last run of the matrix; choosing a row shows its cell everywhere."""

    #: A row was chosen; the place of its cell.
    cell_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells: tuple[Measured | FailedCell, ...] = ()
        self._lines: list[CellLine] = []
        name = self.tr("Cells of the measurement with their verdicts")
        self._table = plain_table(self, "latency.cells", name, self._headings())
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._table.itemSelectionChanged.connect(self._on_table_item_selection_changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._table)

    def show_cells(
        self, cells: Sequence[Measured | FailedCell], shown: int, requests: Sequence[MeasurementRequest] = ()
    ) -> None:
        """Fills the table and chooses the row of the shown cell; `requests` are all, where there are more to come."""
        self._table.blockSignals(True)
        lines = cell_lines(cells, requests)
        self._cells = tuple(cells)
        if lines != self._lines:
            self._lines = lines
            self._fill()
        rows = [row for row, line in enumerate(self._lines) if line.place == shown]
        chosen = self._chosen_row()
        if rows and chosen not in rows:
            cell = self._cells[shown]
            self._table.selectRow(rows[min(cell.place, len(rows) - 1)])
        self._table.blockSignals(False)

    def refresh_colours(self) -> None:
        """Follows a new theme."""
        tokens = theme.current()
        for row, line in enumerate(self._lines):
            is_grey = line.verdict in {"disturbed", "refused", "no answer"}
            cell_at(self._table, row, _FIGURE).setForeground(QColor(tokens.muted_text if is_grey else tokens.text))
            cell_at(self._table, row, _VERDICT).setForeground(QColor(getattr(tokens, _COLOURS[line.verdict])))

    def texts(self) -> list[list[str]]:
        """The table as words, headings first; only the columns that are seen."""
        seen = [column for column in range(self._table.columnCount()) if not self._table.isColumnHidden(column)]
        rows = [self._headings(), *(line.texts for line in self._lines)]
        return [[row[column] for column in seen] for row in rows]

    def _headings(self) -> list[str]:
        return [
            self.tr("Cell"), self.tr("Design"), self.tr("Verdict"), self.tr("Median [interval]"),
            self.tr("Ratio to the first"), self.tr("So it is"), self.tr("MACs say"),
        ]  # fmt: skip

    def _fill(self) -> None:
        headings = self._headings()
        self._table.setRowCount(len(self._lines))
        for row, line in enumerate(self._lines):
            for column, text in enumerate(line.texts):
                item = QTableWidgetItem(text)
                side = Qt.AlignmentFlag.AlignLeft if column in _TEXT_COLUMNS else Qt.AlignmentFlag.AlignRight
                item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                item.setToolTip(line.hint)
                spoken = f"{line.cell}, {headings[column]}, {text}"
                item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
                self._table.setItem(row, column, item)
        for column in _ALONE_HIDDEN:
            self._table.setColumnHidden(column, all(line.ratio == UNKNOWN for line in self._lines))
        self._table.resizeColumnsToContents()
        self.refresh_colours()

    def _chosen_row(self) -> int:
        rows = self._table.selectionModel().selectedRows()
        return rows[0].row() if rows else -1

    @Slot()
    def _on_table_item_selection_changed(self) -> None:
        row: Any = self._chosen_row()
        if 0 <= row < len(self._lines):
            self.cell_wanted.emit(self._lines[row].place)

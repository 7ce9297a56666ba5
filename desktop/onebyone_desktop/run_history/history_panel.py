"""The History panel: past measurements, to look through, open, compare, export and delete."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, get_args

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from onebyone import quantity
from onebyone.errors import HistoryError
from onebyone.files import safe_file
from onebyone.measurement.records import MeasuredCell, Verdict
from onebyone.run_store.records import RunFilter, RunRow, StoredMeasurement
from onebyone.run_store.words import finished_words, interval_words, ratio_words, setting_words
from onebyone.text import visible
from onebyone_desktop.dialogs.file_choice import ask_to_read, ask_to_write
from onebyone_desktop.panels.panel import Panel
from onebyone_desktop.panels.plain import make_plain
from onebyone_desktop.run_history.history_keeper import HistoryKeeper

_SORT = Qt.ItemDataRole.UserRole
_COLUMNS = ("Finished (UTC)", "Design", "Median", "95 % interval", "Verdict", "Setting", "Machine", "From")
_NUMBERS = (2, 3)
_MOST_ROWS = 2_000
_TYPING_MS = 150


class HistoryModel(QAbstractTableModel):
    """The runs, a row each."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[RunRow] = []

    def show_rows(self, rows: list[RunRow]) -> None:
        """Fills the table anew."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.tr(_COLUMNS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return _texts(row)[column]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{visible(row.design)}, {_COLUMNS[column]}, {_texts(row)[column]}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == _SORT:
            return (row.median or -1.0) if column in _NUMBERS else _texts(row)[column].casefold()
        return None


class History(Panel):
    """Asks the keeper for rows, and shows what is wanted of them."""

    #: A design is to be opened as it was measured: a StoredMeasurement and the place of the design in it.
    opening_wished = Signal(StoredMeasurement, int)
    #: Something to say in the status bar.
    said = Signal(str)

    def __init__(self, keeper: HistoryKeeper, parent: QWidget | None = None) -> None:
        super().__init__("panel.history", "History", parent)
        self._keeper = keeper
        self._waiting: dict[int, Callable[[Any], None]] = {}
        self._model = HistoryModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self._model)
        self._sorted.setSortRole(_SORT)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self.look)
        self._make_head()
        self._make_table()
        self._make_foot()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.addLayout(self._head)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._words)
        layout.addLayout(self._foot)
        keeper.answered.connect(self._on_keeper_answered)
        keeper.failed.connect(self._on_keeper_failed)
        keeper.changed.connect(self.look)
        self._follow_selection()

    def refresh(self) -> None:
        self.look()

    @Slot()
    def look(self) -> None:
        """Asks for the rows that the filter lets pass."""
        if self.isVisible():
            wanted = RunFilter(self._text.text().strip(), self._verdict.currentData(), limit=_MOST_ROWS)
            if not self._model.rows:
                self._words.setText(self.tr("Looking…"))
            self._ask(partial(_rows, wanted), self._show_rows)

    def _make_head(self) -> None:
        self._text = QLineEdit(self)
        self._text.setObjectName("history.text")
        self._text.setAccessibleName(self.tr("Search in the history"))
        self._text.setPlaceholderText(self.tr("Design, machine or file"))
        self._text.setClearButtonEnabled(True)
        self._text.textChanged.connect(self._on_text_text_changed)
        self._verdict = QComboBox(self)
        self._verdict.setObjectName("history.verdict")
        self._verdict.setAccessibleName(self.tr("Verdict"))
        self._verdict.addItem(self.tr("every verdict"), None)
        for verdict in get_args(Verdict):
            self._verdict.addItem(verdict, verdict)
        self._verdict.activated.connect(self.look)
        self._head = QHBoxLayout()
        self._head.addWidget(self._text, 1)
        self._head.addWidget(self._verdict)

    def _make_table(self) -> None:
        self._table = QTableView(self)
        self._table.setObjectName("history.table")
        self._table.setAccessibleName(self.tr("Past measurements"))
        self._table.setModel(self._sorted)
        self._table.setSortingEnabled(True)
        self._table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        make_plain(self._table)
        self._table.selectionModel().selectionChanged.connect(self._follow_selection)
        self._table.doubleClicked.connect(self._on_open_clicked)
        self._words = QLabel(self)
        self._words.setObjectName("history.words")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setProperty("role", "muted")
        self._words.setWordWrap(True)

    def _make_foot(self) -> None:
        self._foot = QHBoxLayout()
        self._buttons: dict[str, QPushButton] = {}
        for name, words, slot in (
            ("open", self.tr("Open the design"), self._on_open_clicked),
            ("compare", self.tr("Compare two"), self._on_compare_clicked),
            ("export", self.tr("Export a report…"), self._on_export_clicked),
            ("delete", self.tr("Delete"), self._on_delete_clicked),
            ("import", self.tr("Import a report…"), self._on_import_clicked),
        ):
            button = self._buttons[name] = QPushButton(words, self)
            button.setObjectName(f"history.{name}")
            button.clicked.connect(slot)
            if name == "import":
                self._foot.addStretch(1)
            self._foot.addWidget(button)

    @property
    def _chosen(self) -> list[RunRow]:
        rows = self._table.selectionModel().selectedRows()
        return [self._model.rows[self._sorted.mapToSource(row).row()] for row in rows]

    @Slot()
    def _follow_selection(self) -> None:
        count = len(self._chosen)
        self._buttons["open"].setEnabled(count == 1)
        self._buttons["export"].setEnabled(count == 1)
        self._buttons["compare"].setEnabled(count == 2)
        self._buttons["delete"].setEnabled(count > 0)

    def _ask(self, question: Callable[[Any], Any], then: Callable[[Any], None], is_change: bool = False) -> None:
        self._waiting[self._keeper.ask(question, is_change)] = then

    @Slot(int, object)
    def _on_keeper_answered(self, number: int, found: object) -> None:
        then = self._waiting.pop(number, None)
        if then is not None:
            then(found)

    @Slot(int, str)
    def _on_keeper_failed(self, number: int, reason: str) -> None:
        self._waiting.pop(number, None)
        self._words.setText(reason)
        self.said.emit(reason)

    def _show_rows(self, rows: list[RunRow]) -> None:
        self._model.show_rows(rows)
        self._table.resizeColumnsToContents()
        if rows:
            self._words.setText(self.tr("{} runs").format(f"{len(rows):,}") if len(rows) > 1 else self.tr("1 run"))
        elif self._text.text().strip() or self._verdict.currentData() is not None:
            self._words.setText(self.tr("No run is like that."))
        else:
            self._words.setText(self.tr("Nothing has been measured yet. Every finished measurement is kept here."))
        self._follow_selection()

    @Slot(str)
    def _on_text_text_changed(self, _text: str) -> None:
        self._typing.start()

    @Slot()
    def _on_open_clicked(self) -> None:
        chosen = self._chosen
        if len(chosen) == 1:
            self._ask(partial(_measurement, chosen[0].measurement), partial(self._open, chosen[0].place))

    def _open(self, place: int, stored: StoredMeasurement) -> None:
        self.opening_wished.emit(stored, place)

    @Slot()
    def _on_compare_clicked(self) -> None:
        chosen = sorted(self._chosen, key=lambda row: row.finished)
        if len(chosen) == 2:
            self._ask(partial(_comparison, chosen[0], chosen[1]), self._words.setText)

    @Slot()
    def _on_export_clicked(self) -> None:
        chosen = self._chosen
        if len(chosen) != 1:
            return
        title = self.tr("Export a report")
        path = ask_to_write(self, title, Path(chosen[0].design), "report")
        if path is not None:
            self._ask(partial(_export, chosen[0].measurement, path), self._say_written)

    def _say_written(self, path: Path) -> None:
        self.said.emit(self.tr("Written to {}").format(path))

    @Slot()
    def _on_import_clicked(self) -> None:
        title = self.tr("Import reports from other machines")
        for path in ask_to_read(self, title, "", "report"):
            self._ask(partial(_import, path), self._say_imported, is_change=True)

    def _say_imported(self, name: str) -> None:
        self.said.emit(self.tr("{} is in the history now").format(name))

    @Slot()
    def _on_delete_clicked(self) -> None:
        measurements = sorted({row.measurement for row in self._chosen})
        if not measurements:
            return
        box = QMessageBox(self)
        box.setObjectName("question.delete")
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Delete measurements"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        count = len(measurements)
        box.setText(
            self.tr("Delete this measurement?") if count == 1 else self.tr("Delete {} measurements?").format(count)
        )
        box.setInformativeText(self.tr("All runs that were made together go together. This cannot be undone."))
        box.setStandardButtons(QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel)
        answer = box.exec()
        box.deleteLater()
        if answer == QMessageBox.StandardButton.Yes:
            self._ask(partial(_delete, measurements), self._say_deleted, is_change=True)

    def _say_deleted(self, count: int) -> None:
        self.said.emit(self.tr("{} deleted").format(count))


def _texts(row: RunRow) -> tuple[str, ...]:
    return (
        finished_words(row), visible(row.design), quantity.duration(row.median), interval_words(row), row.verdict,
        setting_words(row), visible(row.machine), visible(row.origin) or "here",
    )  # fmt: skip


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _rows(wanted: RunFilter, store: Any) -> list[RunRow]:
    rows: list[RunRow] = store.rows(wanted)
    return rows


def _measurement(number: int, store: Any) -> StoredMeasurement:
    stored: StoredMeasurement = store.measurement(number)
    return stored


def _comparison(first: RunRow, second: RunRow, store: Any) -> str:
    runs = [store.measurement(row.measurement).measurement.runs[row.place] for row in (first, second)]
    names = f"{visible(first.design)} ({finished_words(first)}), then {visible(second.design)}"
    return f"{names} ({finished_words(second)}). {ratio_words(*runs)}"


def _export(number: int, path: Path, store: Any) -> Path:
    from onebyone.reports import make_report, write_report

    stored = store.measurement(number)
    write_report(make_report([MeasuredCell(stored.request, stored.measurement)]), path)
    return path


def _import(path: Path, store: Any) -> str:
    from onebyone.reports.json_document import MAX_BYTES, read_json

    try:
        cells = read_json(safe_file.read(path, MAX_BYTES))
    except HistoryError as error:
        raise HistoryError(f"“{visible(path.name)}”: {error}") from error
    for cell in cells:
        store.add(cell.request, cell.measurement, origin=path.name)
    return visible(path.name)


def _delete(numbers: list[int], store: Any) -> int:
    store.delete(numbers)
    return len(numbers)

"""One open design: its history, its analysis, its selection and its measured cells. The only place that assigns."""

from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from onebyone.analysis import Analysis, analyze
from onebyone.computation import computes_same
from onebyone.design import Design
from onebyone.errors import EditError
from onebyone.measurement.cells import cell_words
from onebyone.measurement.records import Measurement, MeasurementRequest, Run
from onebyone.undo import UndoHistory

_GESTURES = count(1)


def new_gesture() -> int:
    """A number for a drag or a spin box; edits recorded under one number make one undo step."""
    return next(_GESTURES)


class Measured(msgspec.Struct, frozen=True):
    """A measurement and which of its designs a session holds."""

    request: MeasurementRequest
    measurement: Measurement
    place: int = 0

    @property
    def design(self) -> Design:
        """The design as it was measured."""
        return self.request.designs[self.place]

    @property
    def run(self) -> Run:
        """The answer for the design."""
        return self.measurement.runs[self.place]


class FailedCell(msgspec.Struct, frozen=True):
    """A cell that has no answer, which of its designs a session holds, and a sentence that says why."""

    request: MeasurementRequest
    reason: str
    place: int = 0

    @property
    def design(self) -> Design:
        """The design that was to be measured."""
        return self.request.designs[self.place]


class Session(QObject):
    """The state behind one tab. Widgets ask it to `apply` edits and redraw when it says what changed."""

    #: The design and its analysis are new; the previous design is given.
    design_changed = Signal(Design)
    #: Other nodes, or a wire, are selected.
    selection_changed = Signal()
    #: An edit was refused; the text says why.
    edit_refused = Signal(str)
    #: The path or the saved state changed: the title and the save actions follow.
    file_changed = Signal()
    #: There are other measured cells, another one is shown, or they no longer belong to the design.
    measurement_changed = Signal()
    #: The figures of the same design read differently: counted in another dtype, or written in other units.
    figures_changed = Signal()

    def __init__(self, design: Design, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history = UndoHistory(design)
        self._saved = design
        self._analysis = analyze(design)
        self._selection: tuple[str, ...] = ()
        self._path = path
        self._cells: tuple[Measured | FailedCell, ...] = ()
        self._shown = 0
        self._is_measured = False

    @property
    def design(self) -> Design:
        """The design as it stands now."""
        return self._history.present

    @property
    def undo_history(self) -> UndoHistory:
        """Past and future."""
        return self._history

    @property
    def analysis(self) -> Analysis:
        """The analysis of the present design."""
        return self._analysis

    @property
    def selection(self) -> tuple[str, ...]:
        """Ids of the selected nodes."""
        return self._selection

    @property
    def path(self) -> Path | None:
        """The file it was opened from or saved to."""
        return self._path

    @property
    def title(self) -> str:
        """What the tab is called: the design's name, or the file's."""
        return self.design.name or (self._path.stem if self._path else "Untitled")

    @property
    def is_modified(self) -> bool:
        """Whether there is something to save."""
        return self.design != self._saved

    @property
    def cells(self) -> tuple[Measured | FailedCell, ...]:
        """The cells of the last run of the matrix, while the design still computes what was measured."""
        return self._cells if self._is_measured else ()

    @property
    def shown_cell(self) -> int:
        """The place of the cell that all views show, among `cells`."""
        return self._shown

    @property
    def measured(self) -> Measured | None:
        """The cell that is shown; None where it has no answer, or the design computes something else by now."""
        cell = self._cells[self._shown] if self._is_measured else None
        return cell if isinstance(cell, Measured) else None

    @property
    def answered_cells(self) -> tuple[Measured, ...]:
        """Those of the cells that have an answer."""
        return tuple(cell for cell in self.cells if isinstance(cell, Measured))

    @property
    def run(self) -> Run | None:
        """The run of this design in the cell that is shown."""
        return None if self.measured is None else self.measured.run

    def apply(self, label: str, edit: Callable[..., Design], *arguments: Any, gesture: int | None = None) -> bool:
        """Applies `edit(design, *arguments)` as one named undo step; False where it was refused or changed nothing."""
        try:
            design = edit(self.design, *arguments)
        except EditError as error:
            self.edit_refused.emit(str(error))
            return False
        history = self._history.record(design, label, gesture)
        if history is self._history:
            return False
        self._swap(history)
        return True

    def undo(self) -> None:
        """Goes one step back."""
        self._swap(self._history.undo())

    def redo(self) -> None:
        """Goes one step forward."""
        self._swap(self._history.redo())

    def select(self, ids: Iterable[str]) -> None:
        """Selects nodes; unknown ids are left out."""
        known = self._analysis.nodes
        selection = tuple(node_id for node_id in ids if node_id in known)
        if selection != self._selection:
            self._selection = selection
            self.selection_changed.emit()

    def mark_saved(self, path: Path, design: Design | None = None) -> None:
        """Remembers what the file now holds."""
        self._path = path
        self._saved = self.design if design is None else design
        self.file_changed.emit()

    def revert(self, design: Design) -> None:
        """Starts again from what the file holds, as an edit that can be undone."""
        self._saved = design
        if not self.apply("Revert", lambda _: design):
            self.file_changed.emit()

    def show_figures(self, bytes_per_element: int) -> None:
        """Counts memory with values of this size; views write all figures anew."""
        if bytes_per_element != self._analysis.bytes_per_element:
            self._analysis = analyze(self.design, self._analysis, bytes_per_element)
        self.figures_changed.emit()

    def set_measurement(self, *cells: Measured | FailedCell) -> None:
        """Keeps measured cells in place of those before, unless the design has changed in the meantime.

        The cell with the same settings as the one that was shown is shown; the first answered one where there is none.
        """
        if not cells or not computes_same(cells[0].design, self.design):
            return
        before = self.measured
        answered = [place for place, cell in enumerate(cells) if isinstance(cell, Measured)]
        same = [place for place in answered if before is not None and _is_alike(cells[place], before)]
        self._cells = cells
        self._shown = next(iter((*same, *answered)), 0)
        self._is_measured = True
        self.measurement_changed.emit()

    def show_cell(self, place: int) -> None:
        """Shows another of the measured cells in all views."""
        if place != self._shown and 0 <= place < len(self.cells):
            self._shown = place
            self.measurement_changed.emit()

    def _swap(self, history: UndoHistory) -> None:
        if history is self._history:
            return
        before = self.design
        was_modified = self.is_modified
        self._history = history
        self._analysis = analyze(history.present, self._analysis, self._analysis.bytes_per_element)
        self._selection = tuple(n for n in self._selection if n in self._analysis.nodes)
        was_measured = self._is_measured
        # Kept while it does not fit: undo brings it back.
        self._is_measured = bool(self._cells) and computes_same(self._cells[0].design, self.design)
        self.design_changed.emit(before)
        if was_measured != self._is_measured:
            self.measurement_changed.emit()
        if was_modified != self.is_modified or before.name != self.design.name:
            self.file_changed.emit()


def _is_alike(cell: Measured | FailedCell, other: Measured) -> bool:
    """Whether two cells have the same settings, whatever the designs and the budget."""
    return cell_words(cell.request) == cell_words(other.request)

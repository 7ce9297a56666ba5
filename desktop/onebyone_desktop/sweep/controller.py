"""Sweeps in the window: follows the current design, measures points, opens variants, writes files."""

import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from onebyone import formats
from onebyone.analysis import Analysis
from onebyone.computation import computes_same
from onebyone.design import Design
from onebyone.errors import OnebyoneError, SweepError
from onebyone.measurement.records import QUICK_BUDGET_S
from onebyone.reports.sweep_page import summary_words
from onebyone.sweep.grid import Sweep, make_sweep
from onebyone.sweep.measured import MeasuredPoint, PointSettings
from onebyone.sweep.result import SweepResult, present_point, settings_words
from onebyone_desktop.canvas.placement import placed
from onebyone_desktop.dialogs.file_choice import ask_to_write
from onebyone_desktop.files.documents import file_stem
from onebyone_desktop.panels.panel import Panel
from onebyone_desktop.session import Session
from onebyone_desktop.sweep.sweep_fields import FieldRange, first_choice, offered_fields
from onebyone_desktop.sweep.sweep_journal import SweepJournal
from onebyone_desktop.sweep.sweep_measuring import SweepMeasuring, SweepProgress
from onebyone_desktop.sweep.sweep_panel import SweepPanel
from onebyone_desktop.sweep.sweep_work import SweepWork

if TYPE_CHECKING:
    from onebyone_desktop.window.desk import Desk


def open_panel(desk: "Desk", parent: QWidget) -> Panel:
    """The panel for a place in the window, with its controller."""
    panel = SweepPanel(parent)
    SweepController(desk, panel)
    return panel


class SweepController(QObject):
    """Stands between the sessions, the measuring process and the Sweep panel.

    What is chosen belongs to a session, and is kept while its tab is open.
    """

    _written = Signal(str)
    _not_written = Signal(str)

    def __init__(self, desk: "Desk", panel: SweepPanel) -> None:
        super().__init__(panel)
        self.setObjectName("sweep.controller")
        self._desk = desk
        self._panel = panel
        self._chosen: dict[Session, tuple[FieldRange, ...]] = {}
        self._shown: Session | None = None
        self._analysis: Analysis | None = None
        self._sweep: Sweep | None = None
        self._error = ""
        self._indexes: dict[str, int] = {}
        self._measured: dict[int, MeasuredPoint] = {}
        self._settings = PointSettings()
        #: The session whose points are measured, and the design as it was then.
        self._running: Session | None = None
        self._work = SweepWork(self)
        self._journal = SweepJournal(self)
        self.measuring = SweepMeasuring(desk.measuring.client, self)
        self._connect()
        panel.show_running(is_running=False, is_here=False)

    @property
    def work(self) -> SweepWork:
        """The figures of the sweep that is shown."""
        return self._work

    @property
    def result(self) -> SweepResult | None:
        """The sweep that is shown, as far as it is known."""
        session = self._panel.session
        if self._sweep is None or session is None:
            return None
        present = present_point(self._sweep, session.analysis)
        return SweepResult(self._sweep, self._work.points, present, self._settings, dict(self._measured))

    @Slot()
    def _on_panel_selection_wished(self) -> None:
        session = self._desk.session
        range_ = first_choice(session.design, session.selection)
        if range_ is not None and session.selection and session is not self._running:
            self._chosen[session] = (range_,)
        self._panel.refresh_soon()

    @Slot(object)
    def _on_workspace_session_closed(self, session: Session) -> None:
        if session is self._running:
            self.measuring.cancel(self.tr("The tab was closed. The points that were finished are kept."))
        self._chosen.pop(session, None)
        if session is self._shown:
            self._shown = None

    @Slot()
    def _on_desk_closing(self) -> None:
        self.measuring.cancel("")
        self._work.clear()
        self._journal.stop()

    def _connect(self) -> None:
        panel = self._panel
        panel.selection_wished.connect(self._on_panel_selection_wished)
        panel.refresh_wished.connect(self._on_panel_refresh_wished)
        panel.ranges_changed.connect(self._on_panel_ranges_changed)
        panel.count_changed.connect(self._plan)
        panel.measuring_wished.connect(self._on_panel_measuring_wished)
        panel.cancel_wished.connect(self._on_panel_cancel_wished)
        panel.export_wished.connect(self._on_panel_export_wished)
        panel.variant_wanted.connect(self._on_panel_variant_wanted)
        self._work.advanced.connect(self._show)
        self._work.planned.connect(self._on_work_planned)
        self._journal.loaded.connect(self._on_journal_loaded)
        self._journal.failed.connect(panel.say)
        self.measuring.progressed.connect(self._on_measuring_progressed)
        self.measuring.point_ended.connect(self._on_measuring_point_ended)
        self.measuring.ended.connect(self._on_measuring_ended)
        self._desk.measuring.choices_changed.connect(self._on_measuring_choices_changed)
        self._desk.workspace.session_closed.connect(self._on_workspace_session_closed)
        self._desk.closing.connect(self._on_desk_closing)
        self._written.connect(self._on_written)
        self._not_written.connect(self._on_not_written)

    # The sweep that is shown.

    @Slot()
    def _on_panel_refresh_wished(self) -> None:
        session = self._panel.session
        if session is None:
            return
        self._journal.load()
        ranges = self._known_ranges(session)
        self._chosen[session] = ranges
        self._panel.fields.show_ranges(session.design, ranges)
        if self._sweep is not None and self._is_same(session, ranges):
            # Nodes were moved or renamed: variants are opened as they are drawn now, and nothing is computed anew.
            self._sweep = make_sweep(session.design, self._sweep.variations)
            self._analysis = session.analysis
            self._show()
        else:
            self._begin(session, ranges)

    def _is_same(self, session: Session, ranges: tuple[FieldRange, ...]) -> bool:
        return (
            self._sweep is not None
            and self._analysis is not None
            and self._shown is session
            and self._analysis.bytes_per_element == session.analysis.bytes_per_element
            and self._sweep.variations == tuple(r.variation for r in ranges)
            and computes_same(self._analysis.design, session.design)
        )

    def _known_ranges(self, session: Session) -> tuple[FieldRange, ...]:
        """What was chosen for a session, but for fields that are gone."""
        offered = {(node.id, field.name) for node, field in offered_fields(session.design)}
        kept = tuple(r for r in self._chosen.get(session, ()) if (r.node, r.field) in offered)
        if kept:
            return kept
        first = first_choice(session.design, session.selection)
        return () if first is None else (first,)

    def _begin(self, session: Session, ranges: tuple[FieldRange, ...]) -> None:
        self._sweep, self._error = None, ""
        self._shown, self._analysis = session, session.analysis
        try:
            if ranges:
                self._sweep = make_sweep(session.design, [r.variation for r in ranges])
            else:
                self._error = self.tr("This design has no whole number that could be varied.")
        except SweepError as error:
            self._error = str(error)
        self._indexes, self._measured = {}, {}
        self._settings = self._present_settings()
        if self._sweep is None:
            self._work.clear()
        else:
            self._work.begin(self._sweep, session.analysis, self._panel.count, self._settings)
        self._show()

    def _present_settings(self) -> PointSettings:
        """The first cell that is chosen in the Latency panel."""
        choices = self._desk.measuring.choices
        matrix = choices.matrix
        return PointSettings(
            matrix.devices[0],
            matrix.dtypes[0],
            matrix.layouts[0],
            matrix.batches[0],
            matrix.threads[0],
            matrix.modes[0],
            choices.budget if choices.form == "quick" and choices.budget is not None else QUICK_BUDGET_S,
        )

    @Slot()
    def _show(self) -> None:
        result = self.result
        self._panel.show_result(result, self._error if result is None else self._state_words(result))
        self._show_plan()

    def _state_words(self, result: SweepResult) -> str:
        if self._work.is_computed:
            return summary_words(result)
        return self.tr("{} of {} variants").format(f"{len(result.points):,}", f"{result.sweep.count:,}")

    def _show_plan(self) -> None:
        session = self._panel.session
        jobs = self._work.jobs if self._work.is_planned else []
        done = sum(self._is_done(job.key) for job in jobs)
        is_busy = self.measuring.is_running or session is None or not session.analysis.is_valid
        setting = settings_words(self._settings)
        if session is not None and not session.analysis.is_valid:
            setting = self.tr("The design as it is has an error, so nothing can be measured beside it.")
        self._panel.show_plan(len(jobs) - done, done, setting, is_busy)
        self._panel.show_running(self.measuring.is_running, self._running is session)

    def _is_done(self, key: str) -> bool:
        index = self._indexes.get(key)
        return index is not None and index in self._measured and self._measured[index].is_answered

    @Slot()
    def _plan(self) -> None:
        if self._sweep is not None:
            self._work.plan(self._panel.count, self._settings)

    @Slot()
    def _on_measuring_choices_changed(self) -> None:
        settings = self._present_settings()
        if settings != self._settings and not (self.measuring.is_running and self._running is self._panel.session):
            self._settings = settings
            self._indexes, self._measured = {}, {}
            self._plan()
            if self._panel.isVisible():
                self._show()

    @Slot()
    def _on_work_planned(self) -> None:
        self._indexes |= {job.key: job.index for job in self._work.jobs}
        self._take_known()

    @Slot()
    def _on_journal_loaded(self) -> None:
        self._take_known()

    def _take_known(self) -> None:
        for key, point in self._journal.known(self._indexes).items():
            self._measured[self._indexes[key]] = point
        self._show()

    @Slot()
    def _on_panel_ranges_changed(self) -> None:
        session = self._panel.session
        if session is not None:
            self._chosen[session] = self._panel.fields.ranges
            self._begin(session, self._chosen[session])

    @Slot(int)
    def _on_panel_variant_wanted(self, index: int) -> None:
        if self._sweep is not None and index < self._sweep.count:
            self._desk.workspace.add(Session(placed(self._sweep.design_at(index))))

    # Measuring.

    @Slot()
    def _on_panel_measuring_wished(self) -> None:
        session = self._panel.session
        waiting = [job for job in self._work.jobs if not self._is_done(job.key)]
        if session is None or not self._work.is_planned or self.measuring.is_running or not waiting:
            return
        self._running = session
        session.design_changed.connect(self._on_running_design_changed)
        self._panel.say(self.tr("Starting…"))
        self.measuring.start(waiting)
        if self._panel.views[1].isHidden():
            self._panel.views[0].choose("latency")
        self._show_plan()

    @Slot()
    def _on_panel_cancel_wished(self) -> None:
        self.measuring.cancel(self.tr("Cancelled. The points that were finished are kept; Resume goes on."))

    @Slot(object)
    def _on_running_design_changed(self, before: Design) -> None:
        """Points of what the design was are of no use; moving or renaming nodes changes nothing."""
        session = self._running
        if session is not None and not computes_same(before, session.design):
            self.measuring.cancel(
                self.tr("The design changed. The points that were finished are kept for it as it was.")
            )

    @Slot(object)
    def _on_measuring_progressed(self, progress: SweepProgress) -> None:
        self._panel.show_progress(progress)

    @Slot(object)
    def _on_measuring_point_ended(self, point: MeasuredPoint) -> None:
        self._journal.add(point)
        index = self._indexes.get(point.key)
        if index is not None:
            self._measured[index] = point
            if self._panel.isVisible():
                self._show()

    @Slot(str)
    def _on_measuring_ended(self, reason: str) -> None:
        session, self._running = self._running, None
        if session is not None:
            session.design_changed.disconnect(self._on_running_design_changed)
        self._panel.say(reason)
        self._show_plan()

    # Files.

    @Slot()
    def _on_panel_export_wished(self) -> None:
        result, session = self.result, self._panel.session
        if result is None or session is None:
            return
        start = (session.path.parent if session.path is not None else Path()) / file_stem(result.title)
        path = ask_to_write(self._desk.window, self.tr("Export the sweep"), start, "sweep")
        if path is None:
            return
        if not self._work.is_computed:
            self._panel.say(self.tr("The variants are still being computed; export again in a moment."))
            return
        # Many variants take seconds to write, in which the window goes on painting.
        threading.Thread(target=self._write, args=(path, result), name="sweep export").start()

    def _write(self, path: Path, result: SweepResult) -> None:
        """Writes a file; in a thread."""
        # The window may be gone by then.
        with suppress(RuntimeError):
            try:
                formats.write("sweep", path, result)
            except OnebyoneError as error:
                self._not_written.emit(str(error))
            else:
                self._written.emit(str(path))

    @Slot(str)
    def _on_written(self, path: str) -> None:
        self._desk.say(self.tr("Exported to {}").format(path))

    @Slot(str)
    def _on_not_written(self, reason: str) -> None:
        self._desk.documents.say(self.tr("Nothing was exported"), reason)

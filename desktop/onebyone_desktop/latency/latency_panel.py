"""The Latency panel: what to measure with, the measurement as it goes, and the answers with their verdicts."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from onebyone.measurement.cells import telling_words
from onebyone.measurement.records import MeasuredCell, MeasurementRequest
from onebyone.worker.messages import PHASE_WORDS
from onebyone_desktop.latency.answer import answer_lines, headline
from onebyone_desktop.latency.cells_table import CellsTable
from onebyone_desktop.latency.latency_controls import LatencyControls
from onebyone_desktop.latency.measuring import CellProgress, MeasuringChoices
from onebyone_desktop.latency.node_bars import NodeBars
from onebyone_desktop.latency.samples_chart import SamplesChart
from onebyone_desktop.panels.panel import Panel
from onebyone_desktop.panels.plain import plain_words
from onebyone_desktop.preferences import Preferences
from onebyone_desktop.session import FailedCell, Session

# From this width on the answer stands beside the charts instead of in a tab of its own.
_WIDE = 1_150


class Latency(Panel):
    """Starts measurements of the current design, alone or interleaved with other open ones."""

    #: Start was pressed.
    measuring_wished = Signal()
    #: The cells that are shown are to be measured again.
    repeating_wished = Signal()
    #: Cancel was pressed.
    cancel_wished = Signal()
    #: The panel is seen for the first time: it wants to know what can be measured on.
    devices_wished = Signal()
    #: A report of the measurement was asked for.
    report_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("panel.latency", "Latency", parent)
        self._has_asked = False
        self._is_running = False
        self._place = -1
        self._requests: tuple[MeasurementRequest, ...] = ()
        self.controls = LatencyControls(self)
        self._table = CellsTable(self)
        self._bars = NodeBars(self)
        self.chart = SamplesChart(self)
        self._make_answer()
        self._make_views()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 12, 4)
        layout.setSpacing(6)
        layout.addLayout(self._make_head())
        layout.addWidget(self._progress)
        layout.addWidget(self.controls)
        layout.addWidget(self._split, 1)
        self._table.cell_wanted.connect(self._on_table_cell_wanted)
        self._bars.node_wanted.connect(self.node_wanted)

    @property
    def choices(self) -> MeasuringChoices:
        """What is chosen."""
        return self.controls.choices

    @property
    def sessions(self) -> list[Session]:
        """What is measured: the current session first, then the others that were ticked."""
        return self.controls.sessions

    def offer_sessions(self, sessions: list[Session]) -> None:
        """Lists the open designs that can be measured together with the current one."""
        self.controls.offer_sessions(sessions)

    @Slot(object)
    def begin_with(self, preferences: Preferences, before: Preferences | None = None) -> None:
        """Takes over the preferred choices, those that differ from `before` if that is given."""
        self.controls.begin_with(preferences, before)

    def offer_devices(self, devices: list[tuple[str, str]]) -> None:
        """Lists the devices of this machine, each a name and a description."""
        self.controls.offer_devices(devices)

    @Slot(object)
    def show_started(self, requests: tuple[MeasurementRequest, ...]) -> None:
        """Shows that a run of the matrix begins."""
        self._is_running = True
        self._place = -1
        self._requests = requests
        self._progress.setRange(0, 0)
        self._say(self.tr("Starting…"))
        self._views.setCurrentWidget(self.chart)
        self.chart.begin([design.name for design in requests[0].designs])
        self._follow_state()

    @Slot(object)
    def show_progress(self, progress: CellProgress) -> None:
        """Shows how far it is: cell, phase, samples, interval, time left."""
        if progress.place != self._place:
            self._place = progress.place
            self.chart.begin([design.name for design in progress.requests[progress.place].designs])
        self.chart.add(progress.message.runs)
        self._progress.setRange(0, 1000)
        self._progress.setValue(round((progress.place + progress.message.fraction) / len(progress.requests) * 1000))
        self._say(self._going_on(progress))

    def show_ended(self, message: str = "") -> None:
        """Shows that nothing runs any more, and why where there is no answer."""
        self._is_running = False
        if self.session is not None and self.session.cells:
            self._choices.setChecked(False)
        self._say(message)
        self._follow_state()
        self.refresh_measurement()
        self._views.setCurrentWidget(self._bars if self._is_wide else self._area)

    def set_session(self, session: Session | None) -> None:
        # What was said belongs to the design that was shown then.
        if not self._is_running and session is not self.session:
            self._say("")
        super().set_session(session)
        self.controls.set_session(session)

    @Slot(object)
    def _on_session_design_changed(self, before: object) -> None:
        if not self._is_running:
            self._say("")
        super()._on_session_design_changed(before)

    def refresh(self) -> None:
        self.controls.set_session(self.session)
        self._follow_state()
        self.refresh_measurement()

    def refresh_measurement(self) -> None:
        session = self.session
        cells = session.cells if session is not None else ()
        run = session.run if session is not None else None
        for button in (self._report, self._copy):
            button.setEnabled(run is not None)
        self._again.setEnabled(bool(cells) and not self._is_running)
        shown = session.shown_cell if session is not None else 0
        self._table.show_cells(cells, shown, self._requests if self._is_running else ())
        self._table.setVisible(bool(cells))
        if not self._is_running:
            self.chart.show_run(run)
        if session is None or session.measured is None or run is None:
            self._show_nothing(cells[session.shown_cell] if session is not None and cells else None)
            return
        words = headline(run)
        lines = answer_lines(session.measured.request, session.measured.measurement, run, session.analysis)
        self._show_words(words.figure, words.verdict, "\n".join(lines), run.verdict)
        self._bars.show_run(run, session.analysis)

    def refresh_colours(self) -> None:
        """Follows a new theme."""
        self._bars.refresh_colours()
        self.chart.refresh_colours()
        self._table.refresh_colours()

    @property
    def _is_wide(self) -> bool:
        return self._split.indexOf(self._area) >= 0

    def _show_nothing(self, cell: object) -> None:
        """Says why there are no figures: nothing is measured, or the chosen cell has no answer."""
        if isinstance(cell, FailedCell):
            self._show_words(self.tr("No answer"), cell.reason, "", "refused")
        else:
            hint = self.tr("Press Measure to run this design with PyTorch and clock it in every cell chosen above.")
            self._show_words(self.tr("Not measured yet"), "", hint, "")
        self._bars.clear()

    def _show_words(self, figure: str, verdict: str, details: str, kind: str) -> None:
        self._headline.setText(figure)
        self._verdict.setText(verdict)
        self._verdict.setVisible(bool(verdict))
        self._details.setText(details)
        for label in (self._headline, self._verdict):
            label.setProperty("verdict", kind)
            label.style().unpolish(label)
            label.style().polish(label)

    def _going_on(self, progress: CellProgress) -> str:
        message = progress.message
        words = PHASE_WORDS[message.phase] + (f", {message.note}" if message.note else "")
        if len(progress.requests) > 1:
            cell = telling_words(progress.requests)[progress.place]
            words = self.tr("Cell {} of {}, {}. {}").format(progress.place + 1, len(progress.requests), cell, words)
        return self.tr("{}. About {} s left.").format(words.rstrip("."), f"{max(progress.seconds_left, 1):.0f}")

    def _make_head(self) -> QHBoxLayout:
        self._start = self._button("start", self.tr("Measure"), self.tr("Run the design with PyTorch and clock it"))
        self._start.setProperty("role", "primary")
        self._again = self._button("again", self.tr("Measure again"), self.tr("Measure the same cells once more"))
        self._copy = self._button("copy", self.tr("Copy"), self.tr("Copy the table and the answers as Markdown"))
        self._report = self._button("report", self.tr("Report…"), self.tr("Write all cells to a file"))
        self._cancel = self._button("cancel", self.tr("Cancel"), self.tr("Stop; what is finished stays"))
        self._progress = QProgressBar(self)
        self._progress.setObjectName("latency.progress")
        self._progress.setAccessibleName(self.tr("How far the measurement is"))
        self._progress.setTextVisible(False)
        self._progress.setMaximumHeight(6)
        self._status = plain_words(self, "latency.status", "muted")
        self._status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._choices = self._button("choices", self.tr("Choices"), self.tr("Show what to measure with, or hide it"))
        self._choices.setCheckable(True)
        self._choices.setChecked(True)
        self._choices.toggled.connect(self._on_choices_toggled)
        self._start.clicked.connect(self.measuring_wished)
        self._again.clicked.connect(self.repeating_wished)
        self._cancel.clicked.connect(self.cancel_wished)
        self._copy.clicked.connect(self._on_copy_clicked)
        self._report.clicked.connect(self.report_wished)
        head = QHBoxLayout()
        for button in (self._start, self._cancel, self._choices, self._again, self._copy, self._report):
            head.addWidget(button)
        head.addSpacing(6)
        head.addWidget(self._status, 1)
        return head

    def _button(self, name: str, words: str, tip: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(f"latency.{name}")
        button.setToolTip(tip)
        return button

    def _make_answer(self) -> None:
        self._headline = plain_words(self, "latency.result", "figure")
        self._verdict = plain_words(self, "latency.verdict", "verdict")
        self._details = plain_words(self, "latency.details", "muted")
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words = QWidget(self)
        lines = QVBoxLayout(words)
        lines.setContentsMargins(4, 4, 6, 0)
        for widget in (self._headline, self._verdict, self._details):
            lines.addWidget(widget)
        lines.addStretch(1)
        self._area = QScrollArea(self)
        self._area.setAccessibleName(self.tr("Answer"))
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setMinimumWidth(200)
        self._area.setWidget(words)

    def _make_views(self) -> None:
        self._views = QTabWidget(self)
        self._views.setObjectName("latency.views")
        self._views.tabBar().setAccessibleName(self.tr("Views of the measurement"))
        self._views.setDocumentMode(True)
        self._views.setTabPosition(QTabWidget.TabPosition.South)
        for view, title in (
            (self._area, self.tr("Answer")),
            (self._bars, self.tr("Nodes")),
            (self.chart, self.tr("Samples")),
        ):
            self._views.addTab(view, title)
        self._split = QSplitter(Qt.Orientation.Horizontal, self)
        self._split.setObjectName("latency.split")
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self._table)
        self._split.addWidget(self._views)
        self._share_width()

    def _follow_state(self) -> None:
        self._start.setEnabled(not self._is_running and self.session is not None)
        self._cancel.setVisible(self._is_running)
        self._progress.setVisible(self._is_running)
        # The charts get the room of the choices, which cannot be changed now.
        self.controls.setVisible(not self._is_running and self._choices.isChecked())
        self._choices.setVisible(not self._is_running)
        self._again.setVisible(not self._is_running)
        # The old answer is grey while a new one is on its way.
        for label in (self._headline, self._verdict, self._details):
            label.setEnabled(not self._is_running)

    def _say(self, message: str) -> None:
        self._status.setText(message)
        self._status.setToolTip(message)

    def _share_width(self) -> None:
        """Divides the width between the table, the answer and the charts."""
        parts = (5, 3, 4) if self._is_wide else (3, 2)
        for place, part in enumerate(parts):
            self._split.setStretchFactor(place, part)
        self._split.setSizes([part * self.width() for part in parts])

    def _spread(self, is_wide: bool) -> None:
        """Puts the answer beside the charts where there is room, and among them where there is none."""
        if is_wide == self._is_wide:
            return
        if is_wide:
            self._views.removeTab(self._views.indexOf(self._area))
            self._split.insertWidget(1, self._area)
            self._area.show()
            self._views.setCurrentWidget(self.chart if self._is_running else self._bars)
        else:
            self._views.insertTab(0, self._area, self.tr("Answer"))
            if not self._is_running:
                self._views.setCurrentWidget(self._area)
        self._share_width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._spread(event.size().width() >= _WIDE)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._has_asked:
            self._has_asked = True
            self.devices_wished.emit()

    @Slot(bool)
    def _on_choices_toggled(self, _is_shown: bool) -> None:
        self._follow_state()

    @Slot(int)
    def _on_table_cell_wanted(self, place: int) -> None:
        if self.session is not None:
            self.session.show_cell(place)

    @Slot()
    def _on_copy_clicked(self) -> None:
        if self.session is None or not self.session.answered_cells:
            return
        from onebyone.reports import make_report, render_report

        cells = [MeasuredCell(cell.request, cell.measurement) for cell in self.session.answered_cells]
        QApplication.clipboard().setText(render_report(make_report(cells), ".md"))

"""The Latency panel: what to measure with, progress, and the answer with its interval and verdict."""

from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from onebyone.measurement import MAX_BATCH
from onebyone_desktop.measuring import MeasuringChoices
from onebyone_desktop.panels.answer import headline, ratio_lines, small_print
from onebyone_desktop.panels.node_bars import NodeBars
from onebyone_desktop.panels.panel import Panel
from onebyone_desktop.preferences import Preferences
from onebyone_desktop.session import Session

_DTYPES = (("float32", "float32"), ("bfloat16", "bfloat16"), ("float16", "float16"))
_LAYOUTS = (("nchw", "NCHW"), ("channels_last", "channels last"))
_MODES = (("eager", "eager"), ("compile", "torch.compile"))


class Latency(Panel):
    """Starts measurements of the current design, alone or interleaved with other open ones."""

    #: Start was pressed.
    measuring_wished = Signal()
    #: Cancel was pressed.
    cancel_wished = Signal()
    #: The panel is seen for the first time: it wants to know what can be measured on.
    devices_wished = Signal()
    #: A report of the measurement was asked for.
    report_wished = Signal()
    #: A node's bar was clicked.
    node_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("panel.latency", "Latency", parent)
        self._has_asked = False
        self._others: list[Session] = []
        self._chosen_others: set[int] = set()
        self._is_running = False
        self._make_controls()
        self._make_answer()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(18)
        layout.addWidget(self._controls)
        layout.addWidget(self._answer, 3)
        layout.addWidget(self._bars, 4)

    @property
    def choices(self) -> MeasuringChoices:
        """What is chosen."""
        return MeasuringChoices(
            dtype=self._dtype.currentData(),
            layout=self._layout.currentData(),
            batch=self._batch.value(),
            threads=self._threads.value() or None,
            device=self._device.currentData(),
            mode=self._mode.currentData(),
            budget=self._budget.value(),
        )

    @property
    def sessions(self) -> list[Session]:
        """What is measured: the current session first, then the others that were ticked."""
        chosen = [other for other in self._others if id(other) in self._chosen_others and other is not self.session]
        return ([self.session] if self.session is not None else []) + chosen

    def offer_sessions(self, sessions: list[Session]) -> None:
        """Lists the open designs that can be measured together with the current one."""
        self._others = list(sessions)
        self._chosen_others &= {id(session) for session in sessions}
        self._fill_together()

    @Slot(object)
    def begin_with(self, preferences: Preferences, before: Preferences | None = None) -> None:
        """Takes over the preferred choices, those that differ from `before` if that is given."""
        for name, box in (("device", self._device), ("dtype", self._dtype)):
            value = getattr(preferences, name)
            if before is None or value != getattr(before, name):
                if box.findData(value) < 0:
                    box.addItem(value, value)
                box.setCurrentIndex(box.findData(value))
        if before is None or preferences.threads != before.threads:
            self._threads.setValue(preferences.threads)

    def offer_devices(self, devices: list[tuple[str, str]]) -> None:
        """Lists the devices of this machine, each a name and a description."""
        for name, description in devices:
            place = self._device.findData(name)
            if place < 0:
                self._device.addItem(name, name)
                place = self._device.count() - 1
            self._device.setItemData(place, description, Qt.ItemDataRole.ToolTipRole)

    def show_started(self, names: tuple[str, ...]) -> None:
        """Shows that a measurement begins."""
        self._is_running = True
        self._progress.setRange(0, 0)
        self._say(self.tr("Starting…"))
        self._follow_state()

    def show_progress(self, progress: Any) -> None:
        """Shows how far it is."""
        self._progress.setRange(0, 1000)
        self._progress.setValue(round(progress.fraction * 1000))
        self._say(progress.text)

    def show_ended(self, message: str = "") -> None:
        """Shows that nothing runs any more, and why where there is no answer."""
        self._is_running = False
        self._say(message)
        self._follow_state()
        self.refresh_measurement()

    def set_session(self, session: Session | None) -> None:
        # What was said belongs to the design that was shown then.
        if not self._is_running and session is not self.session:
            self._say("")
        super().set_session(session)

    @Slot(object)
    def _on_session_design_changed(self, before: object) -> None:
        if not self._is_running:
            self._say("")
        super()._on_session_design_changed(before)

    def refresh(self) -> None:
        self._fill_together()
        self._follow_state()
        self.refresh_measurement()

    def refresh_measurement(self) -> None:
        session = self.session
        run = session.run if session is not None else None
        self._report.setEnabled(run is not None)
        if session is None or session.measured is None or run is None:
            self._headline.setText(self.tr("Not measured yet"))
            self._verdict.setText("")
            self._details.setText(self.tr("Press Measure to run this design with PyTorch and clock it."))
            self._bars.clear()
            return
        words = headline(run)
        self._headline.setText(words.figure)
        self._verdict.setText(words.verdict)
        self._verdict.setProperty("verdict", run.verdict)
        self._verdict.style().unpolish(self._verdict)
        self._verdict.style().polish(self._verdict)
        request, measurement = session.measured.request, session.measured.measurement
        self._details.setText("\n".join([*ratio_lines(request, measurement), *small_print(run, measurement)]))
        self._bars.show_run(run, session.analysis)

    def refresh_colours(self) -> None:
        """Follows a new theme."""
        self._bars.refresh_colours()

    def _make_controls(self) -> None:
        self._controls = QWidget(self)
        self._device = self._choice("latency.device", (("cpu", "CPU"),), self.tr("Device"))
        self._dtype = self._choice("latency.dtype", _DTYPES, self.tr("Number type"))
        self._layout = self._choice("latency.layout", _LAYOUTS, self.tr("Memory layout"))
        self._mode = self._choice("latency.mode", _MODES, self.tr("Mode"))
        self._batch = self._number("latency.batch", 1, MAX_BATCH, self.tr("Batch size"))
        self._threads = self._number("latency.threads", 0, 256, self.tr("Threads"))
        self._threads.setSpecialValueText(self.tr("all cores"))
        self._threads.setValue(1)
        self._budget = QDoubleSpinBox(self)
        self._budget.setObjectName("latency.budget")
        self._budget.setAccessibleName(self.tr("Time to spend"))
        self._budget.setRange(0.5, 600)
        self._budget.setValue(3.0)
        self._budget.setSuffix(" s")
        self._budget.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._together = QToolButton(self)
        self._together.setObjectName("latency.together")
        self._together.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._together.setMenu(QMenu(self._together))
        self._together.menu().triggered.connect(self._on_together_triggered)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(4)
        for title, widget in (
            (self.tr("Device"), self._device),
            (self.tr("Type"), self._dtype),
            (self.tr("Layout"), self._layout),
            (self.tr("Mode"), self._mode),
            (self.tr("Batch"), self._batch),
            (self.tr("Threads"), self._threads),
            (self.tr("Budget"), self._budget),
            (self.tr("Against"), self._together),
        ):
            widget.setMinimumWidth(150)
            form.addRow(title, widget)
        self._controls.setLayout(form)

    def _make_answer(self) -> None:
        self._answer = QWidget(self)
        self._answer.setMinimumWidth(250)
        self._start = QPushButton(self.tr("Measure"), self)
        self._start.setObjectName("latency.start")
        self._start.setProperty("role", "primary")
        self._cancel = QPushButton(self.tr("Cancel"), self)
        self._cancel.setObjectName("latency.cancel")
        self._report = QPushButton(self.tr("Report…"), self)
        self._report.setObjectName("latency.report")
        self._progress = QProgressBar(self)
        self._progress.setObjectName("latency.progress")
        self._progress.setTextVisible(False)
        self._progress.setMaximumHeight(6)
        self._status = _words(self, "latency.status", "muted")
        self._headline = _words(self, "latency.result", "figure")
        self._verdict = _words(self, "latency.verdict", "verdict")
        self._details = _words(self, "latency.details", "muted")
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._bars = NodeBars(self)
        self._bars.node_wanted.connect(self.node_wanted)
        buttons = QHBoxLayout()
        for button in (self._start, self._cancel, self._report):
            buttons.addWidget(button)
        buttons.addStretch(1)
        words = QWidget(self)
        lines = QVBoxLayout(words)
        lines.setContentsMargins(0, 0, 6, 0)
        for widget in (self._status, self._headline, self._verdict, self._details):
            lines.addWidget(widget)
        lines.addStretch(1)
        area = QScrollArea(self)
        area.setAccessibleName(self.tr("Answer"))
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(words)
        column = QVBoxLayout(self._answer)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(buttons)
        column.addWidget(self._progress)
        column.addWidget(area, 1)
        self._start.clicked.connect(self.measuring_wished)
        self._cancel.clicked.connect(self.cancel_wished)
        self._report.clicked.connect(self.report_wished)

    def _choice(self, name: str, choices: tuple[tuple[str, str], ...], accessible_name: str) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(name)
        box.setAccessibleName(accessible_name)
        for value, words in choices:
            box.addItem(words, value)
        return box

    def _number(self, name: str, least: int, most: int, accessible_name: str) -> QSpinBox:
        box = QSpinBox(self)
        box.setObjectName(name)
        box.setAccessibleName(accessible_name)
        box.setRange(least, most)
        box.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return box

    def _follow_state(self) -> None:
        self._start.setEnabled(not self._is_running and self.session is not None)
        self._cancel.setVisible(self._is_running)
        self._progress.setVisible(self._is_running)
        self._controls.setEnabled(not self._is_running)
        # The old answer is grey while a new one is on its way.
        for label in (self._headline, self._verdict, self._details):
            label.setEnabled(not self._is_running)

    def _say(self, message: str) -> None:
        self._status.setText(message)
        self._status.setVisible(bool(message))

    def _fill_together(self) -> None:
        menu = self._together.menu()
        menu.clear()
        others = [session for session in self._others if session is not self.session]
        for session in others:
            action = menu.addAction(session.title.replace("&", "&&"))
            action.setStatusTip(self.tr("Measure “{}” in turn with the current design").format(session.title))
            action.setCheckable(True)
            action.setChecked(id(session) in self._chosen_others)
            action.setData(id(session))
        chosen = sum(id(session) in self._chosen_others for session in others)
        self._together.setEnabled(bool(others))
        words = {0: self.tr("nothing else"), 1: self.tr("1 other design")}
        self._together.setText(words.get(chosen, self.tr("{} other designs").format(chosen)))
        self._together.setToolTip(self.tr("Other open designs, measured call by call in turn, for a fair ratio"))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._has_asked:
            self._has_asked = True
            self.devices_wished.emit()

    @Slot("QAction*")
    def _on_together_triggered(self, action: Any) -> None:
        self._chosen_others ^= {action.data()}
        self._fill_together()


def _words(parent: QWidget, name: str, role: str) -> QLabel:
    label = QLabel(parent)
    label.setObjectName(name)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label

"""What to measure with: the axes of the matrix, the form, the budget, and the designs measured in turn."""

import re
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRegularExpression, Qt, Signal, Slot
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSpinBox,
    QToolButton,
    QWidget,
)

from onebyone.clock.cores import physical_cores
from onebyone.measurement.cells import Matrix
from onebyone.measurement.records import MAX_BATCH, MAX_DESIGNS, MAX_THREADS, QUICK_BUDGET_S, TRUSTED_BUDGET_S
from onebyone_desktop.latency.measuring import MeasuringChoices, threads_meant
from onebyone_desktop.panels.flow import FlowLayout
from onebyone_desktop.preferences import ALL_CORES, ONE_AND_ALL, Preferences
from onebyone_desktop.session import Session

# Each choice as it is kept, and as it reads; "every" stands for all others together.
_EVERY = "every"
_DTYPES = (("float32", "float32"), ("bfloat16", "bfloat16"), ("float16", "float16"), (_EVERY, "all three types"))
_LAYOUTS = ((_EVERY, "both layouts"), ("nchw", "NCHW"), ("channels_last", "channels last"))
_MODES = (("eager", "eager"), ("compile", "torch.compile"), (_EVERY, "eager and compiled"))
_FORMS = (("quick", "quick"), ("trusted", "trusted"))
_CHOSEN_THREADS = "chosen"
_THREADS = (
    (str(ONE_AND_ALL), "1 thread and all cores"),
    ("1", "1 thread"),
    (str(ALL_CORES), "all cores"),
    (_CHOSEN_THREADS, "threads…"),
)
_BUDGETS = {"quick": QUICK_BUDGET_S, "trusted": TRUSTED_BUDGET_S}
_BATCHES = QRegularExpression(r"[0-9]{1,4}(\s*,\s*[0-9]{1,4}){0,7}")


class LatencyControls(QWidget):
    """Boxes in rows; what is chosen is read from them."""

    #: Something else is chosen.
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._others: list[Session] = []
        self._session: Session | None = None
        self._chosen_others: set[int] = set()
        self._is_budget_own = False
        self._device = self._choice("device", (("cpu", "CPU"),), self.tr("Device"))
        self._dtype = self._choice("dtype", _DTYPES, self.tr("Number type"))
        self._layout = self._choice("layout", _LAYOUTS, self.tr("Memory layout"))
        self._layout.setToolTip(self.tr("Memory layout: it can change which of two blocks is faster"))
        self._threads = self._choice("threads", _THREADS, self.tr("Threads"))
        self._thread_count = self._make_thread_count()
        self._mode = self._choice("mode", _MODES, self.tr("Mode"))
        self._batch = self._make_batch()
        self._form = self._choice("form", _FORMS, self.tr("Form"))
        self._form.setToolTip(self.tr("Quick: the rounds of one process. Trusted: at least three fresh processes."))
        self._budget = self._make_budget()
        self._isolated = QCheckBox(self.tr("every node alone"), self)
        self._isolated.setObjectName("latency.isolated")
        self._isolated.setToolTip(self.tr("Clock every node by itself as well, with warm and with cold caches"))
        self._together = self._make_together()
        self._count = QLabel(self)
        self._count.setObjectName("latency.cell_count")
        self._count.setProperty("role", "muted")
        self._arrange()
        self._connect()
        self._follow()

    @property
    def choices(self) -> MeasuringChoices:
        """What is chosen."""
        matrix = Matrix(
            devices=(self._device.currentData(),),
            dtypes=_values(self._dtype),
            layouts=_values(self._layout),
            batches=self.batches,
            threads=self._chosen_threads(),
            modes=_values(self._mode),
        )
        return MeasuringChoices(matrix, self._form.currentData(), self._budget.value(), self._isolated.isChecked())

    @property
    def batches(self) -> tuple[int, ...]:
        """The batch sizes, each once; 1 where nothing is written."""
        numbers = [min(max(int(digits), 1), MAX_BATCH) for digits in re.findall("[0-9]+", self._batch.text())]
        return tuple(dict.fromkeys(numbers)) or (1,)

    @property
    def sessions(self) -> list[Session]:
        """What is measured: the current session first, then the others that were ticked."""
        chosen = [other for other in self._others if id(other) in self._chosen_others and other is not self._session]
        return ([self._session] if self._session is not None else []) + chosen

    def set_session(self, session: Session | None) -> None:
        """Follows the current session; the others can be measured with it."""
        self._session = session
        self._fill_together()

    def offer_sessions(self, sessions: list[Session]) -> None:
        """Lists the open designs that can be measured together with the current one."""
        self._others = list(sessions)
        self._chosen_others &= {id(session) for session in sessions}
        self._fill_together()

    def begin_with(self, preferences: Preferences, before: Preferences | None = None) -> None:
        """Takes over the preferred choices, those that differ from `before` if that is given."""
        for name, box in (("device", self._device), ("dtype", self._dtype)):
            value = getattr(preferences, name)
            if before is None or value != getattr(before, name):
                if box.findData(value) < 0:
                    box.addItem(value, value)
                box.setCurrentIndex(box.findData(value))
        if before is None or preferences.threads != before.threads:
            place = self._threads.findData(str(preferences.threads))
            self._threads.setCurrentIndex(place if place >= 0 else self._threads.findData(_CHOSEN_THREADS))
            if place < 0:
                self._thread_count.setValue(preferences.threads)

    def offer_devices(self, devices: list[tuple[str, str]]) -> None:
        """Lists the devices of this machine, each a name and a description."""
        for name, description in devices:
            place = self._device.findData(name)
            if place < 0:
                self._device.addItem(name, name)
                place = self._device.count() - 1
            self._device.setItemData(place, description, Qt.ItemDataRole.ToolTipRole)

    def _choice(self, name: str, choices: Sequence[tuple[str, str]], accessible_name: str) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(f"latency.{name}")
        box.setAccessibleName(accessible_name)
        box.setToolTip(accessible_name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for value, words in choices:
            box.addItem(self.tr(words), value)
        return box

    def _make_thread_count(self) -> QSpinBox:
        box = QSpinBox(self)
        box.setObjectName("latency.thread_count")
        box.setAccessibleName(self.tr("Number of threads"))
        box.setRange(1, MAX_THREADS)
        box.setValue(physical_cores())
        return box

    def _make_batch(self) -> QLineEdit:
        edit = QLineEdit("1", self)
        edit.setObjectName("latency.batch")
        edit.setAccessibleName(self.tr("Batch sizes"))
        edit.setToolTip(self.tr("One batch size or several with commas: 1, 8. At most {}.").format(f"{MAX_BATCH:,}"))
        edit.setValidator(QRegularExpressionValidator(_BATCHES, edit))
        edit.setFixedWidth(62)
        return edit

    def _make_budget(self) -> QDoubleSpinBox:
        box = QDoubleSpinBox(self)
        box.setObjectName("latency.budget")
        box.setAccessibleName(self.tr("Time to spend on a cell"))
        box.setToolTip(self.tr("Time to spend on each cell"))
        box.setRange(0.5, 3600)
        box.setDecimals(1)
        box.setValue(QUICK_BUDGET_S)
        box.setSuffix(self.tr(" s a cell"))
        return box

    def _make_together(self) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("latency.together")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(QMenu(button))
        button.setToolTip(self.tr("Other open designs, measured call by call in turn, for a fair ratio"))
        return button

    def _arrange(self) -> None:
        flow = FlowLayout(self)
        for widget in (
            self._device, self._dtype, self._layout, self._threads, self._thread_count, self._mode,
            self._labelled(self.tr("batch"), self._batch), self._form, self._budget, self._isolated, self._together,
            self._count,
        ):  # fmt: skip
            flow.addWidget(widget)

    def _labelled(self, words: str, widget: QWidget) -> QWidget:
        pair = QWidget(self)
        row = QHBoxLayout(pair)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        label = QLabel(words, pair)
        label.setBuddy(widget)
        row.addWidget(label)
        row.addWidget(widget)
        return pair

    def _connect(self) -> None:
        for box in (self._device, self._dtype, self._layout, self._threads, self._mode):
            box.currentIndexChanged.connect(self._on_choice_changed)
        self._form.currentIndexChanged.connect(self._on_form_current_index_changed)
        self._thread_count.valueChanged.connect(self._on_choice_changed)
        self._batch.textChanged.connect(self._on_choice_changed)
        self._batch.editingFinished.connect(self._on_batch_editing_finished)
        self._budget.valueChanged.connect(self._on_budget_value_changed)
        self._together.menu().triggered.connect(self._on_together_triggered)

    def _chosen_threads(self) -> tuple[int | None, ...]:
        chosen = self._threads.currentData()
        if chosen == _CHOSEN_THREADS:
            return (self._thread_count.value(),)
        return threads_meant(int(chosen))

    def _follow(self) -> None:
        self._thread_count.setVisible(self._threads.currentData() == _CHOSEN_THREADS)
        matrix = self.choices.matrix
        threads = {physical_cores() if count is None else count for count in matrix.threads}
        cells = len(matrix.dtypes) * len(matrix.layouts) * len(matrix.batches) * len(matrix.modes) * len(threads)
        self._count.setText(self.tr("1 cell") if cells == 1 else self.tr("{} cells").format(cells))
        self.changed.emit()

    def _fill_together(self) -> None:
        menu = self._together.menu()
        menu.clear()
        others = [session for session in self._others if session is not self._session]
        for session in others:
            action = menu.addAction(session.title.replace("&", "&&"))
            action.setStatusTip(self.tr("Measure “{}” in turn with the current design").format(session.title))
            action.setCheckable(True)
            action.setChecked(id(session) in self._chosen_others)
            action.setData(id(session))
        chosen = sum(id(session) in self._chosen_others for session in others)
        self._together.setEnabled(bool(others))
        words = {0: self.tr("against nothing else"), 1: self.tr("against 1 other design")}
        most = min(chosen, MAX_DESIGNS - 1)
        self._together.setText(words.get(chosen, self.tr("against {} other designs").format(most)))

    @Slot()
    def _on_choice_changed(self) -> None:
        self._follow()

    @Slot(int)
    def _on_form_current_index_changed(self, _place: int) -> None:
        if not self._is_budget_own:
            self._budget.blockSignals(True)
            self._budget.setValue(_BUDGETS[self._form.currentData()])
            self._budget.blockSignals(False)
        self._follow()

    @Slot(float)
    def _on_budget_value_changed(self, _seconds: float) -> None:
        self._is_budget_own = True
        self._follow()

    @Slot()
    def _on_batch_editing_finished(self) -> None:
        self._batch.setText(", ".join(map(str, self.batches)))

    @Slot("QAction*")
    def _on_together_triggered(self, action: Any) -> None:
        self._chosen_others ^= {action.data()}
        self._fill_together()


def _values(box: QComboBox) -> tuple[Any, ...]:
    """What a box stands for: its choice, or all the others where it stands at "every"."""
    chosen = box.currentData()
    if chosen != _EVERY:
        return (chosen,)
    return tuple(value for place in range(box.count()) if (value := box.itemData(place)) != _EVERY)

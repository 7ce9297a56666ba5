"""The Sweep panel: which fields go through which ranges, what every variant costs, and what some of them take."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from onebyone.sweep.result import SweepResult, point_words
from onebyone_desktop.panels.panel import Panel
from onebyone_desktop.panels.plain import plain_area, plain_words
from onebyone_desktop.sweep.sweep_fields import SweepFields
from onebyone_desktop.sweep.sweep_measuring import SweepProgress
from onebyone_desktop.sweep.sweep_view import SweepView

# From this width on there are two views side by side.
_WIDE = 980
_SIDE_WIDTH = 300
_MOST_MEASURED = 1_000
_USUAL_COUNT = 8


class SweepPanel(Panel):
    """Shows what it is given and says what is wished; `Sweeping` does the rest."""

    #: The selected node is to be varied.
    selection_wished = Signal()
    #: Other fields or ranges are chosen.
    ranges_changed = Signal()
    #: Another number of points is to be measured.
    count_changed = Signal()
    #: Measure or Resume was pressed.
    measuring_wished = Signal()
    #: Cancel was pressed.
    cancel_wished = Signal()
    #: Export was pressed.
    export_wished = Signal()
    #: The number of a variant that is to be opened.
    variant_wanted = Signal(int)
    #: The panel is to be filled.
    refresh_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("panel.sweep", "Sweep", parent)
        self._result: SweepResult | None = None
        self.fields = SweepFields(self)
        self.views = (SweepView(1, "relative", self), SweepView(2, "latency", self))
        self._count = plain_words(self, "sweep.count", "")
        self._setting = plain_words(self, "sweep.setting", "muted")
        self._words = plain_words(self, "sweep.words", "muted")
        self._words.hide()
        self._point = plain_words(self, "sweep.point", "muted")
        self._make_buttons()
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setObjectName("sweep.split")
        split.setChildrenCollapsible(False)
        split.addWidget(self._make_side())
        split.addWidget(self._make_views())
        split.setStretchFactor(1, 1)
        split.setSizes([_SIDE_WIDTH, 700])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 12, 6)
        layout.addWidget(split)
        self.fields.changed.connect(self.ranges_changed)
        for view in self.views:
            view.variant_wanted.connect(self.variant_wanted)
            view.variant_pointed_at.connect(self._on_view_variant_pointed_at)
        self.views[1].hide()
        self._on_view_variant_pointed_at(-1)

    @property
    def count(self) -> int:
        """How many points are to be measured."""
        return self._number.value()

    def refresh(self) -> None:
        self.refresh_wished.emit()

    def refresh_colours(self) -> None:
        """Follows a new theme."""
        for view in self.views:
            view.refresh_colours()

    def show_result(self, result: SweepResult | None, words: str) -> None:
        """Shows a sweep as far as it is known, and words on how many variants there are or why there are none."""
        self._result = result
        self._count.setText(words)
        lines = 2 if result is not None and len(result.sweep.names) > 1 else 1
        self._point.setFixedHeight(lines * self._point.fontMetrics().lineSpacing() + 2)
        for view in self.views:
            if not view.isHidden():
                view.show_result(result)
        self._export.setEnabled(result is not None)

    def show_plan(self, left: int, done: int, setting: str, is_busy: bool) -> None:
        """Shows how many of the points wait to be measured and how many are, and whether something else is measured."""
        self._setting.setText(setting)
        self._start.setText(self.tr("Resume") if done and left else self.tr("Measure"))
        words = self.tr("{} of {} points are measured").format(f"{done:,}", f"{done + left:,}")
        self._start.setToolTip(words)
        self._start.setEnabled(bool(left) and not is_busy)

    def show_running(self, is_running: bool, is_here: bool) -> None:
        """Shows whether points are measured; those of the design that is shown, or of another."""
        self._cancel.setVisible(is_running)
        self._start.setVisible(not is_running)
        self._number.setEnabled(not is_running)
        self._progress.setVisible(is_running)
        self.fields.setEnabled(not (is_running and is_here))
        if not is_running:
            self._progress.setRange(0, 0)

    def show_progress(self, progress: SweepProgress) -> None:
        """Shows how far the measuring is."""
        self._progress.setRange(0, 1000)
        self._progress.setValue(round(progress.fraction * 1000))
        words = self.tr("{} of {} points, about {} s left").format(
            f"{progress.done:,}", f"{progress.total:,}", f"{progress.seconds_left:,.0f}"
        )
        self.say(f"{words}. {progress.words}")

    def say(self, words: str) -> None:
        """Shows a sentence below the buttons."""
        self._words.setText(words)
        self._words.setVisible(bool(words))

    def _make_buttons(self) -> None:
        self._start = QPushButton(self.tr("Measure"), self)
        self._start.setObjectName("sweep.start")
        self._start.setProperty("role", "primary")
        self._start.clicked.connect(self.measuring_wished)
        self._cancel = QPushButton(self.tr("Cancel"), self)
        self._cancel.setObjectName("sweep.cancel")
        self._cancel.setToolTip(self.tr("Stop; the points that are finished are kept"))
        self._cancel.clicked.connect(self.cancel_wished)
        self._number = QSpinBox(self)
        self._number.setObjectName("sweep.number")
        self._number.setAccessibleName(self.tr("Points to measure"))
        self._number.setToolTip(self.tr("So many points are measured, evenly spread over all variants"))
        self._number.setRange(1, _MOST_MEASURED)
        self._number.setValue(_USUAL_COUNT)
        self._number.setSuffix(self.tr(" points"))
        self._number.valueChanged.connect(self.count_changed)
        self._export = QPushButton(self.tr("Export…"), self)
        self._export.setObjectName("sweep.export")
        self._export.setToolTip(self.tr("Write the sweep as a web page or a spreadsheet"))
        self._export.clicked.connect(self.export_wished)
        self._progress = QProgressBar(self)
        self._progress.setObjectName("sweep.progress")
        self._progress.setAccessibleName(self.tr("Progress of the sweep"))
        self._progress.setTextVisible(False)

    def _make_side(self) -> QWidget:
        area = plain_area(self, "sweep.area", self.tr("Fields to vary"), self.fields)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self._start)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._number)
        buttons.addStretch(1)
        buttons.addWidget(self._export)
        side = QWidget(self)
        side.setMinimumWidth(_SIDE_WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(4)
        column.addWidget(area, 1)
        column.addWidget(self._count)
        column.addLayout(buttons)
        column.addWidget(self._progress)
        column.addWidget(self._words)
        column.addWidget(self._setting)
        return side

    def _make_views(self) -> QWidget:
        holder = QWidget(self)
        row = QHBoxLayout()
        row.setSpacing(12)
        for view in self.views:
            row.addWidget(view, 1)
        column = QVBoxLayout(holder)
        column.setContentsMargins(8, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row, 1)
        column.addWidget(self._point)
        # A long sentence must not make the panel wide, nor the plots jump.
        self._point.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._point.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        return holder

    @Slot(int)
    def _on_view_variant_pointed_at(self, index: int) -> None:
        result = self._result
        if result is not None and 0 <= index < len(result.points):
            self._point.setText(point_words(result, index))
            self._point.setToolTip(self._point.text())
        else:
            self._point.setToolTip("")
            self._point.setText(self.tr("Point at a variant to read it; click it to open it in a tab."))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = event.size().width() >= _WIDE
        if self.views[1].isHidden() == is_wide:
            self.views[1].setVisible(is_wide)
            self.views[1].show_result(self._result)

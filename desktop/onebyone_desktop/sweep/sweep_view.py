"""One view of a sweep: a box that says what is shown, and the plot or table."""

from typing import Literal

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QStackedLayout, QVBoxLayout, QWidget

from onebyone.sweep.result import COST_TITLES, COSTS, Cost, SweepResult
from onebyone_desktop.panels.plain import plain_words
from onebyone_desktop.sweep.sweep_plot import SweepPlot, View
from onebyone_desktop.sweep.sweep_table import SweepTable


class SweepView(QWidget):
    """Shows costs, measured times, a front, or all variants as a table."""

    #: The number of a variant that is to be opened.
    variant_wanted = Signal(int)
    #: The number of the variant that is pointed at, −1 where there is none.
    variant_pointed_at = Signal(int)

    def __init__(self, number: int, first: View, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"sweep.view{number}")
        self._result: SweepResult | None = None
        self._box = QComboBox(self)
        self._box.setObjectName(f"sweep.what{number}")
        self._box.setAccessibleName(self.tr("What plot {} shows").format(number))
        self._box.setToolTip(self.tr("What is shown below"))
        self._choices: list[tuple[View | Literal["table"], Cost]] = []
        self._fill_box()
        self.choose(first)
        self.plot = SweepPlot(f"sweep.plot{number}", self.tr("Plot {} of the sweep").format(number), self)
        self._table = SweepTable(f"sweep.table{number}", self)
        self._nothing = plain_words(self, f"sweep.nothing{number}", "muted")
        self._nothing.setText(self.tr("Nothing is measured yet. Measure some points to see their times here."))
        self._stack = QStackedLayout()
        for widget in (self.plot, self._table, self._nothing):
            self._stack.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._box)
        layout.addLayout(self._stack, 1)
        self._box.currentIndexChanged.connect(self._on_box_current_index_changed)
        for source in (self.plot, self._table):
            source.variant_wanted.connect(self.variant_wanted)
            source.variant_pointed_at.connect(self.variant_pointed_at)

    def show_result(self, result: SweepResult | None) -> None:
        """Shows another sweep, or more of it."""
        self._result = result
        view, cost = self._choices[self._box.currentIndex()]
        needs_times = view in ("latency", "front")
        has_times = result is not None and bool(result.timed if view == "latency" else result.compared)
        if view == "table":
            self._stack.setCurrentWidget(self._table)
            self._table.show_result(result)
        elif needs_times and not has_times:
            self._stack.setCurrentWidget(self._nothing)
        else:
            self._stack.setCurrentWidget(self.plot)
            self.plot.show_result(result, view, cost)

    def choose(self, view: View, cost: Cost = "macs") -> None:
        """Shows something else."""
        self._box.setCurrentIndex(self._choices.index((view, cost)))

    def refresh_colours(self) -> None:
        """Follows a new theme."""
        self.plot.refresh_colours()

    def _fill_box(self) -> None:
        self._offer(self.tr("All costs, ÷ the design as it is"), "relative")
        for cost in COSTS:
            self._offer(self.tr(COST_TITLES[cost]), cost)
        self._offer(self.tr("Latency, measured"), "latency")
        for cost in COSTS:
            self._offer(self.tr("Pareto front: {} and latency").format(self.tr(COST_TITLES[cost])), "front", cost)
        self._offer(self.tr("Table of all variants"), "table")

    def _offer(self, words: str, view: View | Literal["table"], cost: Cost = "macs") -> None:
        # Kept here: Qt does not find tuples that it was given.
        self._choices.append((view, cost))
        self._box.addItem(words)

    @Slot(int)
    def _on_box_current_index_changed(self, _place: int) -> None:
        self.show_result(self._result)

"""The plots of a sweep: costs along the first field, measured times with error bars, and cost against latency."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from onebyone import quantity
from onebyone.reports.plane import ticks
from onebyone.sweep.lines import Line, curve, lines_of, measured_lines, thinned
from onebyone.sweep.result import COST_TITLES, COSTS, Cost, SweepResult, cost_of, point_words, tick_words
from onebyone.text import visible
from onebyone_desktop.appearance import theme
from onebyone_desktop.panels.plotting import LazyPlot

View = Literal["relative", "latency", "weights", "macs", "peak_activation_bytes", "front"]

_MARGIN = 0.06
_MOST_NAMED = 8
# Where crosses stand above the lower axis.
_RAISED = 0.03
# How near the pointer has to be to a variant, in pixels.
_NEAR = 14.0


class _Target(msgspec.Struct, frozen=True):
    """A variant in the plot."""

    x: float
    y: float
    index: int


class SweepPlot(LazyPlot):
    """One view of a sweep; a variant that is pointed at is said, one that is clicked is wanted."""

    #: The number of the variant that was clicked.
    variant_wanted = Signal(int)
    #: The number of the variant that the pointer is near, −1 where there is none.
    variant_pointed_at = Signal(int)

    def __init__(self, name: str, accessible_name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, accessible_name, parent)
        self._result: SweepResult | None = None
        self._view: View = "relative"
        self._cost: Cost = "macs"
        self._targets: list[_Target] = []
        self._pointed = -1

    @property
    def targets(self) -> dict[int, tuple[float, float]]:
        """Where each variant stands that can be clicked."""
        return {target.index: (target.x, target.y) for target in self._targets}

    def show_result(self, result: SweepResult | None, view: View, cost: Cost) -> None:
        """Shows another sweep, more of it, or another view."""
        self._result, self._view, self._cost = result, view, cost
        self.draw_soon()

    def prepare(self, plot: Any) -> None:
        plot.scene().sigMouseClicked.connect(self._on_plot_clicked)
        plot.scene().sigMouseMoved.connect(self._on_plot_moved)

    def draw(self, plot: Any) -> None:
        plot.clear()
        self._targets = []
        result = self._result
        plot.setVisible(result is not None)
        if result is None:
            return
        self.dress(plot)
        match self._view:
            case "relative":
                self._draw_relative(plot, result)
            case "latency":
                self._draw_latency(plot, result)
            case "front":
                self._draw_front(plot, result, self._cost)
            case cost:
                self._draw_cost(plot, result, cost)

    def _draw_relative(self, plot: Any, result: SweepResult) -> None:
        line = thinned(lines_of(result.sweep, 1)[0])
        series = []
        for cost in COSTS:
            now = cost_of(result.present, cost)
            base = now or next((y for _, y in curve(line, result.points, cost) if y), 1.0)
            series.append((cost, [(x, y / base) for x, y in curve(line, result.points, cost)]))
        corners = [corner for _, found in series for corner in found]
        present = float(result.sweep.present[0])
        self._frame(plot, [*(x for x, _ in corners), present], [*(y for _, y in corners), 1.0], _times)
        plot.setLabel("bottom", self._name(result))
        self._draw_present(plot, result)
        for place, (_, found) in enumerate(series):
            # Where lines lie on each other, all of them can be seen.
            self._draw_line(plot, found, place, dashed=place == 2, width=5 - 1.5 * place)
        self._draw_legend(plot, [self.tr(COST_TITLES[cost]) for cost, _ in series])
        self._target_line(result, line, dict(series[1][1]))
        self._draw_invalid(plot, result, [line])

    def _draw_cost(self, plot: Any, result: SweepResult, cost: Cost) -> None:
        lines = [thinned(line) for line in lines_of(result.sweep, points=result.points)]
        found = [(line, curve(line, result.points, cost)) for line in lines]
        corners = [corner for _, corners in found for corner in corners]
        now, present = cost_of(result.present, cost), float(result.sweep.present[0])
        heights = [*(y for _, y in corners), *([now] if now is not None else [])]
        self._frame(plot, [*(x for x, _ in corners), present], heights, partial(tick_words, cost))
        plot.setLabel("bottom", self._name(result))
        self._draw_present(plot, result)
        for place, (line, points) in enumerate(found):
            self._draw_line(plot, points, place)
            self._target_line(result, line, dict(points))
        self._draw_legend(plot, [line.name.rpartition(" ")[2] for line, _ in found if line.name], self._others(result))
        if now is not None:
            self._draw_dots(plot, [(present, float(now))], theme.current().text)
        self._draw_invalid(plot, result, lines)

    def _draw_latency(self, plot: Any, result: SweepResult) -> None:
        timed = result.timed
        lines = measured_lines(result.sweep, timed)
        ends = [end for point in timed.values() for end in point.ci or ()]
        bases = [point.base_median for point in timed.values() if point.base_median is not None]
        values = [float(value) for line in lines for value, _ in line.places]
        present = float(result.sweep.present[0])
        first = result.sweep.variations[0].values
        self._frame(plot, [*values, present, float(first[0]), float(first[-1])], [*ends, *bases], quantity.duration)
        plot.setLabel("bottom", self._name(result))
        self._draw_present(plot, result)
        for place, line in enumerate(lines):
            found = [(float(value), timed[index].median or 0.0) for value, index in line.places]
            intervals = [timed[index].ci or (0.0, 0.0) for _, index in line.places]
            self._draw_line(plot, found, place)
            self._draw_intervals(plot, found, intervals, _colour(place))
            self._draw_dots(
                plot, found, _colour(place), [timed[index].verdict != "disturbed" for _, index in line.places]
            )
            self._target_line(result, line, dict(found))
        self._draw_legend(plot, [line.name for line in lines[:_MOST_NAMED] if line.name], self._others(result))
        if len(result.sweep.lengths) == 1 and lines:
            base = [(float(value), b) for value, index in lines[0].places if (b := timed[index].base_median)]
            self._draw_line(plot, base, -1, dashed=True)

    def _draw_front(self, plot: Any, result: SweepResult, cost: Cost) -> None:
        compared = result.compared
        front = result.front(cost)
        tokens = theme.current()
        now = cost_of(result.present, cost)
        places = {
            index: (float(cost_of(result.points[index], cost) or 0), compared[index].ratio or 0.0) for index in compared
        }
        ends = [end for point in compared.values() for end in point.ratio_ci or ()]
        across = [*(x for x, _ in places.values()), *([float(now)] if now is not None else [])]
        self._frame(plot, across, [*ends, 1.0], _times, words_across=partial(tick_words, cost))
        plot.setLabel("bottom", self.tr(COST_TITLES[cost]))
        self._draw_line(plot, [places[index] for index in front], 0)
        for group, colour in ((front, tokens.accent), ([i for i in places if i not in front], tokens.muted_text)):
            found = [places[index] for index in group]
            self._draw_intervals(plot, found, [compared[index].ratio_ci or (1.0, 1.0) for index in group], colour)
            self._draw_dots(plot, found, colour, [compared[index].verdict != "disturbed" for index in group])
        if now is not None:
            self._draw_dots(plot, [(float(now), 1.0)], tokens.family("pointwise"))
            label = self._text(self.tr("now"), tokens.muted_text, (-0.2, 0.5))
            label.setPos(float(now), 1.0)
            plot.addItem(label)
        self._targets = [_Target(x, y, index) for index, (x, y) in places.items()]

    # Parts of all views.

    def _frame(
        self,
        plot: Any,
        across: Sequence[float],
        up: Sequence[float],
        words_up: Callable[[float], str],
        words_across: Callable[[float], str] | None = None,
    ) -> None:
        (left, right), (low, high) = _room(across), _room(up)
        plot.setXRange(left, right, padding=0)
        plot.setYRange(low, high, padding=0)
        plot.getAxis("left").setTicks([[(tick, words_up(tick)) for tick in ticks(low, high)]])
        whole = words_across or _whole
        plot.getAxis("bottom").setTicks([[(tick, whole(tick)) for tick in ticks(left, right)]])
        plot.showGrid(x=False, y=True, alpha=0.15)

    def _draw_line(
        self, plot: Any, points: Sequence[tuple[float, float]], place: int, dashed: bool = False, width: float = 2
    ) -> None:
        import pyqtgraph

        style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
        colour = theme.current().muted_text if place < 0 else _colour(place)
        pen = pyqtgraph.mkPen(colour, width=width, style=style)
        plot.plot([x for x, _ in points], [y for _, y in points], pen=pen)

    def _draw_intervals(
        self, plot: Any, points: Sequence[tuple[float, float]], ends: Sequence[tuple[float, float]], colour: str
    ) -> None:
        import pyqtgraph

        pen = pyqtgraph.mkPen(colour, width=1.5)
        for (x, _), (low, high) in zip(points, ends, strict=True):
            plot.plot([x, x], [low, high], pen=pen)

    def _draw_dots(
        self, plot: Any, points: Sequence[tuple[float, float]], colour: str, filled: Sequence[bool] | None = None
    ) -> None:
        import pyqtgraph

        surface = theme.current().surface
        flags = filled if filled is not None else [True] * len(points)
        spots = [
            {
                "pos": place,
                "size": 8,
                "brush": colour if is_full else surface,
                "pen": pyqtgraph.mkPen(colour, width=1.5),
            }
            for place, is_full in zip(points, flags, strict=True)
        ]
        plot.addItem(pyqtgraph.ScatterPlotItem(spots=spots))

    def _draw_present(self, plot: Any, result: SweepResult) -> None:
        import pyqtgraph

        tokens = theme.current()
        now = result.sweep.present[0]
        pen = pyqtgraph.mkPen(tokens.control_border, width=1, style=Qt.PenStyle.DashLine)
        line = pyqtgraph.InfiniteLine(float(now), angle=90, pen=pen)
        plot.addItem(line)
        label = self._text(self.tr("now {}").format(f"{now:,}"), tokens.muted_text, (0, 1))
        label.setPos(float(now), plot.getViewBox().viewRange()[1][0])
        plot.addItem(label)

    def _draw_invalid(self, plot: Any, result: SweepResult, lines: Sequence[Line]) -> None:
        """Crosses at the bottom for variants with an error."""
        import pyqtgraph

        low, high = plot.getViewBox().viewRange()[1]
        floor = low + _RAISED * (high - low)
        known = len(result.points)
        places = {
            (value, index)
            for line in lines
            for value, index in line.places
            if index < known and not result.points[index].is_valid
        }
        if not places:
            return
        error = theme.current().error
        spots = [
            {"pos": (float(value), floor), "symbol": "x", "size": 8, "brush": error, "pen": pyqtgraph.mkPen(None)}
            for value, _ in places
        ]
        plot.addItem(pyqtgraph.ScatterPlotItem(spots=spots))
        self._targets += [_Target(float(value), floor, index) for value, index in places]

    def _draw_legend(self, plot: Any, names: Sequence[str], title: str = "") -> None:
        """The names of lines in their colours, in the upper left corner; beside a title, or below each other."""
        if not names:
            return
        coloured = [f'<span style="color:{_colour(place)}">{name}</span>' for place, name in enumerate(names)]
        head = f'<span style="color:{theme.current().muted_text}">{title}:</span>'
        label = self._text("", theme.current().text, (0, 0))
        label.setHtml(" &nbsp;".join((head, *coloured)) if title else "<br>".join(coloured))
        (left, _), (_, top) = plot.getViewBox().viewRange()
        label.setPos(left, top)
        plot.addItem(label)

    def _text(self, words: str, colour: str, anchor: tuple[float, float]) -> Any:
        import pyqtgraph

        return pyqtgraph.TextItem(words, colour, anchor=anchor)

    def _target_line(self, result: SweepResult, line: Line, heights: dict[float, float]) -> None:
        self._targets += [
            _Target(float(value), heights[float(value)], index)
            for value, index in line.places
            if float(value) in heights
        ]

    def _others(self, result: SweepResult) -> str:
        """The nodes of the fields that lines differ in."""
        return ", ".join(visible(variation.node) for variation in result.sweep.variations[1:])

    def _name(self, result: SweepResult) -> str:
        return result.sweep.names[0]

    # The pointer.

    def _nearest(self, position: Any) -> int:
        """The variant near a place of the scene, −1 where there is none."""
        box = self.plot.getPlotItem().getViewBox()
        if not self._targets or not box.sceneBoundingRect().contains(position):
            return -1
        at = box.mapSceneToView(position)
        wide, high = box.viewPixelSize()
        x, y = at.x(), at.y()
        best = min(self._targets, key=lambda t: ((t.x - x) / wide) ** 2 + ((t.y - y) / high) ** 2)
        is_near = ((best.x - x) / wide) ** 2 + ((best.y - y) / high) ** 2 <= _NEAR**2
        return best.index if is_near else -1

    def _on_plot_clicked(self, event: Any) -> None:
        index = self._nearest(event.scenePos())
        if index >= 0:
            self.variant_wanted.emit(index)

    def _on_plot_moved(self, position: Any) -> None:
        index = self._nearest(position)
        if index != self._pointed:
            self._pointed = index
            self.plot.setCursor(Qt.CursorShape.PointingHandCursor if index >= 0 else Qt.CursorShape.ArrowCursor)
            self.plot.setToolTip(point_words(self._result, index) if index >= 0 and self._result is not None else "")
            self.variant_pointed_at.emit(index)


def _colour(place: int) -> str:
    tokens = theme.current()
    series = (tokens.accent, tokens.pointwise, tokens.pooling, tokens.merge, tokens.head, tokens.muted_text)
    return str(series[place % len(series)])


def _room(values: Sequence[float]) -> tuple[float, float]:
    found = list(values) or [0.0, 1.0]
    low, high = min(found), max(found)
    gap = (high - low) * _MARGIN or abs(high) * _MARGIN or 1.0
    start = 0.0 if 0 <= low < 0.35 * high else low - gap
    return start, high + gap * 2


def _times(value: float) -> str:
    return f"{value:.3g}×"


def _whole(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else ""

"""Bars of the totals of compared designs, each kind of figure on a scale of its own."""

from collections.abc import Iterator
from typing import Any

from PySide6.QtWidgets import QWidget

from onebyone.comparison import MAX_COMPARED, Comparison
from onebyone.layers import Family
from onebyone.quantity import count, duration, rate
from onebyone_desktop.appearance import theme
from onebyone_desktop.panels.plotting import LazyPlot

_FIGURES = ("Weights", "MACs", "Peak activations", "Output channels")
#: The families whose colours tell designs apart; the legend names them too.
_FAMILIES: tuple[Family, ...] = ("convolution", "pointwise", "pooling", "merge", "head", "tensor")
_GROUP_WIDTH = 0.86
_LABEL_SIZE = 0.8
_LEAST_COMPACT = 10_000
# Above the bars: their figures, and above these the legend.
_HEIGHT = 1.7


class ComparisonBars(LazyPlot):
    """A group of bars a figure, a bar a design; the largest of a group fills its height."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("compare.bars", "", parent)
        self.setAccessibleName(self.tr("Bar chart of the totals"))
        self._comparison: Comparison | None = None

    def show_comparison(self, comparison: Comparison | None) -> None:
        """Shows the totals of these designs."""
        self._comparison = comparison
        self.draw_soon()

    def prepare(self, plot: Any) -> None:
        plot.getPlotItem().addLegend(offset=(8, 2), colCount=MAX_COMPARED)
        plot.setMinimumHeight(110)

    def draw(self, plot: Any) -> None:
        import pyqtgraph

        plot.clear()
        self.dress(plot)
        comparison = self._comparison
        if comparison is None:
            return
        tokens = theme.current()
        plot.getPlotItem().legend.setLabelTextColor(tokens.text)
        groups = list(_groups(comparison))
        bars = len(comparison.titles)
        width = _GROUP_WIDTH / bars
        font = plot.font()
        font.setPointSizeF(font.pointSizeF() * _LABEL_SIZE)
        for place, title in enumerate(comparison.titles):
            across = [group + (place - (bars - 1) / 2) * width for group in range(len(groups))]
            heights = [values[place] or 0.0 for _, values, _ in groups]
            colour = tokens.family(_FAMILIES[place % len(_FAMILIES)])
            plot.addItem(
                pyqtgraph.BarGraphItem(
                    x=across, height=heights, width=width * 0.9, brush=colour, pen=None, name=title[:40]
                )
            )
            for at, height, (_, _, words) in zip(across, heights, groups, strict=True):
                label = pyqtgraph.TextItem(words[place], tokens.text, anchor=(0.5, 1.0))
                label.setFont(font)
                label.setPos(at, height)
                plot.addItem(label)
        plot.getAxis("bottom").setTicks([[(place, title) for place, (title, _, _) in enumerate(groups)]])
        plot.getAxis("left").setTicks([[]])
        plot.setXRange(-0.5, len(groups) - 0.5, padding=0)
        plot.setYRange(0, _HEIGHT, padding=0)


def _groups(comparison: Comparison) -> Iterator[tuple[str, list[float | None], list[str]]]:
    """For each figure its title, the share of the largest of each design, and the figure in words."""
    for figure in comparison.totals:
        if figure.title in _FIGURES:
            most = max((value or 0 for value in figure.values), default=0)
            words = list(figure.words) if figure.unit else [_compact(value) for value in figure.values]
            yield figure.title, [_share(value, most) for value in figure.values], words
    for line in comparison.latency[:2]:
        medians = [None if run is None else run.median for run in line.runs]
        longest = max((median or 0.0 for median in medians), default=0.0)
        yield (
            f"Latency, {_short(line.cell)}",
            [_share(median, longest) for median in medians],
            [duration(median) for median in medians],
        )


def _compact(value: int | None) -> str:
    """A count as short as a bar is wide."""
    return rate(value) if value is not None and value >= _LEAST_COMPACT else count(value)


def _share(value: float | None, most: float) -> float | None:
    return None if value is None or not most else value / most


def _short(cell: str) -> str:
    """The words of a cell that differ most often: its layout and its threads."""
    words = cell.split(" · ")
    return f"{words[2]}, {words[4]}"

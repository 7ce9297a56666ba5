"""The samples of a run in the order in which they came, with the median and its interval; live while it is measured."""

from collections.abc import Sequence
from typing import Any

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from onebyone.layers import Family
from onebyone.measurement.records import Run, RunProgress
from onebyone.quantity import duration
from onebyone.text import visible
from onebyone_desktop.appearance import theme
from onebyone_desktop.panels.plotting import LazyPlot

#: More samples than this are thinned out: a screen has no more columns.
MAX_POINTS = 1_500
_FAMILIES: tuple[Family, ...] = ("convolution", "pointwise", "pooling", "merge", "head", "normalization")
_BINS = 40
# The distribution stands in this part of the width, at the right edge.
_PART = 0.22


class _Track(msgspec.Struct):
    """What is shown of one design."""

    name: str
    seconds: list[float] = []
    clean: list[bool] = []
    median: float | None = None
    ci: tuple[float, float] | None = None


class SamplesChart(LazyPlot):
    """Undisturbed samples as filled points, disturbed ones as hollow ones; a colour a design.

    At the right edge stands how the undisturbed and the disturbed ones are distributed. The band is the interval.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("latency.samples", "", parent)
        self.setAccessibleName(self.tr("Samples"))
        self._tracks: list[_Track] = []
        self._words = QLabel(self)
        self._words.setObjectName("latency.samples.words")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setProperty("role", "muted")
        self.slot.addWidget(self._words)
        self._show()

    @property
    def counts(self) -> tuple[int, int]:
        """How many undisturbed and how many disturbed samples are shown."""
        flags = [flag for track in self._tracks for flag in track.clean]
        return sum(flags), len(flags) - sum(flags)

    def begin(self, names: Sequence[str]) -> None:
        """A new cell is measured."""
        self._tracks = [_Track(name, [], []) for name in names]
        self._show()

    def add(self, runs: Sequence[RunProgress]) -> None:
        """More samples have come."""
        known = {track.name: track for track in self._tracks}
        for run in runs:
            track = known.get(run.design)
            if track is not None:
                track.seconds += run.latest
                track.clean += run.latest_clean
                track.median, track.ci = run.median, run.ci if run.rounds > 1 else None
        if any(run.latest or run.ci for run in runs):
            self._show()

    def show_run(self, run: Run | None) -> None:
        """Shows a finished run."""
        if run is None:
            self._tracks = []
        else:
            flags = run.clean or (True,) * len(run.samples_seconds)
            self._tracks = [_Track(run.design, list(run.samples_seconds), list(flags), run.median, run.ci)]
        self._show()

    def prepare(self, plot: Any) -> None:
        # The order needs no numbers, and the height is for the times.
        plot.hideAxis("bottom")
        plot.setToolTip(self.tr("Samples in the order in which they came; at the right edge, how often each time came"))

    def draw(self, plot: Any) -> None:
        tracks = [track for track in self._tracks if track.seconds]
        plot.setVisible(bool(tracks))
        if not tracks:
            return
        plot.clear()
        self.dress(plot)
        plot.setLabel("left", self.tr("ms a call"))
        count = max(len(track.seconds) for track in tracks)
        low, high = _range(tracks)
        for place, track in enumerate(tracks):
            _draw_track(plot, track, theme.current().family(_FAMILIES[place % len(_FAMILIES)]))
        _draw_distribution(plot, tracks, (low, high), count)
        plot.setYRange(low, high, padding=0.05)
        plot.setXRange(0, count * (1 + _PART), padding=0.02)

    def _show(self) -> None:
        sentence = self._sentence()
        self._words.setText(sentence)
        self.setAccessibleDescription(sentence)
        self.draw_soon()

    def _sentence(self) -> str:
        """The chart in words, also for those who cannot see it."""
        clean, disturbed = self.counts
        if not clean + disturbed:
            return self.tr("Samples appear here while a design is measured.")
        parts = []
        for track in self._tracks:
            if track.median is not None and track.ci is not None:
                half = (track.ci[1] - track.ci[0]) / 2 / track.median * 100
                parts.append(f"{visible(track.name)} {duration(track.median)} ± {half:.1f} %")
        counted = self.tr("{} undisturbed samples, {} disturbed (hollow)").format(f"{clean:,}", f"{disturbed:,}")
        return " · ".join([*parts, counted])


def _draw_track(plot: Any, track: _Track, family: str) -> None:
    import pyqtgraph

    colour = pyqtgraph.mkColor(family)
    if track.median is not None and track.ci is not None:
        soft = pyqtgraph.mkColor(colour)
        soft.setAlpha(60)
        span = (track.ci[0] * 1e3, track.ci[1] * 1e3)
        plot.addItem(pyqtgraph.LinearRegionItem(span, "horizontal", brush=soft, pen=soft, movable=False))
        plot.addItem(pyqtgraph.InfiniteLine(track.median * 1e3, angle=0, pen=pyqtgraph.mkPen(colour, width=2)))
    stride = -(-len(track.seconds) // MAX_POINTS)
    numbers = range(0, len(track.seconds), stride)
    for is_clean in (True, False):
        chosen = [number for number in numbers if track.clean[number] is is_clean]
        plot.plot(
            x=chosen,
            y=[track.seconds[number] * 1e3 for number in chosen],
            pen=None,
            symbol="o",
            symbolSize=4 if is_clean else 6,
            symbolPen=None if is_clean else colour,
            symbolBrush=colour if is_clean else None,
        )


def _draw_distribution(plot: Any, tracks: Sequence[_Track], ends: tuple[float, float], count: int) -> None:
    """Draws how the samples are distributed: bars that stand on the right edge, the disturbed ones beside the clean."""
    import pyqtgraph

    low, high = ends
    height = (high - low) / _BINS or 1.0
    bins = {is_clean: [0] * _BINS for is_clean in (True, False)}
    for track in tracks:
        for seconds, is_clean in zip(track.seconds, track.clean, strict=True):
            place = int((seconds * 1e3 - low) / height)
            if 0 <= place < _BINS:
                bins[is_clean][place] += 1
    most = max(clean + disturbed for clean, disturbed in zip(bins[True], bins[False], strict=True)) or 1
    scale = count * _PART / most
    tokens = theme.current()
    middles = [low + (place + 0.5) * height for place in range(_BINS)]
    edge = count * (1 + _PART)
    starts = [edge] * _BINS
    for is_clean, brush in ((True, tokens.muted_text), (False, tokens.heat_hot)):
        ends_at = [start - number * scale for start, number in zip(starts, bins[is_clean], strict=True)]
        bars = pyqtgraph.BarGraphItem(
            x0=ends_at, x1=starts, y=middles, height=height * 0.9, brush=brush, pen=pyqtgraph.mkPen(None)
        )
        plot.addItem(bars)
        starts = ends_at


def _range(tracks: Sequence[_Track]) -> tuple[float, float]:
    """From the fastest sample to beyond nearly all, in ms; a few very slow ones would flatten the rest."""
    ordered = sorted(value for track in tracks for value in track.seconds)
    high = ordered[min(len(ordered) - 1, int(0.97 * len(ordered)))]
    return ordered[0] * 1e3, max(high, ordered[0] * 1.02) * 1e3

"""A chart with two axes as SVG text: round ticks, lines, points and error bars; every word in it is escaped."""

import math
from collections.abc import Callable, Iterable, Sequence

from onebyone.reports.drawing import WIDTH, dot, floor_line, line, stroke, svg, text
from onebyone.reports.palette import Family

HEIGHT = 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 84, 96, 14, 42
_MARGIN = 0.06
_TICKS = 5
_NAME_HEIGHT = 11.5


class Chart:
    """Collects what is drawn between the ends of two axes, and writes it.

    Args:
        across: All values that must have room along the lower axis.
        up: All values that must have room along the left axis.
        label: What the chart shows, for who does not see it.
        across_label: What the lower axis stands for.
        words_across: How a number of the lower axis is written.
        words_up: How a number of the left axis is written.
    """

    def __init__(
        self,
        across: Iterable[float],
        up: Iterable[float],
        label: str,
        across_label: str,
        words_across: Callable[[float], str],
        words_up: Callable[[float], str],
    ) -> None:
        self._x = _room(across)
        self._y = _room(up)
        self._label = label
        self._parts: list[str] = []
        self._names: list[tuple[float, float, str]] = []
        self._axes(across_label, words_across, words_up)

    def line(self, points: Sequence[tuple[float, float]], colour: Family, is_dashed: bool = False) -> None:
        """A line through points."""
        dashes = ' stroke-dasharray="5 4"' if is_dashed else ""
        corners = [(self._across(x), self._up(y)) for x, y in points]
        self._parts.append(line(corners, colour, dashes))

    def dot(self, x: float, y: float, colour: Family, title: str = "", is_hollow: bool = False) -> None:
        """A point, with words that appear where it is pointed at."""
        self._parts.append(dot(self._across(x), self._up(y), colour, title, is_hollow))

    def bar(self, x: float, ends: tuple[float, float], colour: Family) -> None:
        """An interval as a line with ends."""
        across, low, high = self._across(x), self._up(ends[0]), self._up(ends[1])
        path = f"M{across - 4:.1f} {high:.1f}h8M{across:.1f} {high:.1f}V{low:.1f}M{across - 4:.1f} {low:.1f}h8"
        self._parts.append(f'<path d="{path}" fill="none" stroke-width="1.5"{stroke(colour)}/>')

    def upright(self, x: float, words: str) -> None:
        """A dashed line from bottom to top, with words at its top."""
        across = self._across(x)
        place = f'x1="{across:.1f}" x2="{across:.1f}" y1="{_TOP}" y2="{HEIGHT - _BOTTOM}"'
        self._parts.append(f'<line {place} stroke-dasharray="2 3"{stroke("soft")}/>')
        self._parts.append(text(across + 4, _TOP + 9, words, "start"))

    def name(self, x: float, y: float, words: str) -> None:
        """Words to the right of a place, such as the name of a line that ends there."""
        self._names.append((self._up(y) + 4, self._across(x) + 7, words))

    def svg(self) -> str:
        """The chart; names that would stand on each other are moved apart."""
        lowest = -math.inf
        for y, x, words in sorted(self._names):
            lowest = max(y, lowest + _NAME_HEIGHT)
            self._parts.append(text(x, lowest, words, "start"))
        self._names = []
        return svg(HEIGHT, self._label, self._parts)

    def _across(self, value: float) -> float:
        low, high = self._x
        return _LEFT + (value - low) / (high - low) * (WIDTH - _LEFT - _RIGHT)

    def _up(self, value: float) -> float:
        low, high = self._y
        return HEIGHT - _BOTTOM - (value - low) / (high - low) * (HEIGHT - _BOTTOM - _TOP)

    def _axes(self, label: str, words_across: Callable[[float], str], words_up: Callable[[float], str]) -> None:
        floor = HEIGHT - _BOTTOM
        for tick in ticks(*self._y):
            y = self._up(tick)
            self._parts.append(floor_line(_LEFT, WIDTH - _RIGHT, y, ' opacity="0.25"'))
            self._parts.append(text(_LEFT - 8, y + 4, words_up(tick), "end"))
        self._parts.append(floor_line(_LEFT, WIDTH - _RIGHT, floor))
        for tick in ticks(*self._x):
            self._parts.append(text(self._across(tick), floor + 15, words_across(tick), "middle"))
        self._parts.append(text((_LEFT + WIDTH - _RIGHT) / 2, HEIGHT - 6, label, "middle"))


def ticks(low: float, high: float) -> list[float]:
    """Round numbers between two ends, about five of them."""
    rough = (high - low) / _TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def _room(values: Iterable[float]) -> tuple[float, float]:
    found = list(values) or [0.0, 1.0]
    low, high = min(found), max(found)
    gap = (high - low) * _MARGIN or abs(high) * _MARGIN or 1.0
    # An axis that all but reaches nothing begins there.
    start = 0.0 if 0 <= low < 0.35 * high else low - gap
    return start, high + gap

"""What stands in the braces of a lesson: figures of designs, with the words they are written in.

A figure is a path, or several with + - * / between them, worked out from left to right, with a space on each side:

    weights                          of the whole design; also macs, parameters, biases, peak, output_channels, valid
    conv3x3.weights                  of a node; also in_channels, channels, height, width, and the fields of its layer
    inception-3a-naive@weights       of a design of the gallery as it was published
    clock.nchw.median                measured: median, other, ratio, and share.NODE; see `clock_values`
    16                               a number

In braces the words for it come first: {count weights}, {percent weights / inception-3a-naive@weights}. A check is two
figures with == != < <= > or >= between them; several are joined by "and".
"""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache

import msgspec

from onebyone import gallery, quantity
from onebyone.analysis import Analysis, Totals, analyze
from onebyone.measurement.records import MeasuredCell

_Value = float | None
_BRACES = re.compile(r"\{([^{}]+)\}")
_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TOTALS: dict[str, Callable[[Totals], int | None]] = {
    "weights": lambda totals: totals.weights,
    "biases": lambda totals: totals.biases,
    "parameters": lambda totals: totals.parameters,
    "macs": lambda totals: totals.macs,
    "activation_bytes": lambda totals: totals.activation_bytes,
    "peak": lambda totals: totals.peak_activation_bytes,
    "output_channels": lambda totals: sum(shape[0] for shape in totals.outputs.values() if shape is not None),
}
_WORDS: dict[str, Callable[[float], str]] = {
    "count": lambda value: quantity.count(round(value)),
    "macs": lambda value: quantity.macs(round(value)),
    "bytes": quantity.byte_size,
    "percent": quantity.percent,
    "times": lambda value: f"{value:.2f}" if value < 10 else f"{value:.1f}",
    "duration": quantity.duration,
}


class Scope(msgspec.Struct, frozen=True):
    """The design that a lesson is about as it is now, and what was measured of it."""

    analysis: Analysis
    clock: dict[str, float] = {}

    def filled(self, text: str) -> str:
        """A text with the figures in its braces written out; a dash where one is not known."""
        return _BRACES.sub(lambda found: self._words(found[1]), text)

    def holds(self, check: str) -> bool:
        """Whether a check holds; it does not while a figure of it is unknown."""
        return all(self._one_holds(part) for part in check.split(" and "))

    def value(self, figure: str) -> float | None:
        """The figure, or None where it is not known.

        Raises:
            ValueError: It is not written as figures are.
        """
        first, *rest = figure.split()
        value = self._path(first)
        if len(rest) % 2:
            raise ValueError(f"{figure!r} ends with a sign.")
        for sign, path in zip(rest[::2], rest[1::2], strict=True):
            other = self._path(path)
            if value is None or other is None or (sign == "/" and not other):
                return None
            value = _ARITHMETIC[sign](value, other)
        return value

    def _words(self, text: str) -> str:
        word, _, figure = text.partition(" ")
        if word == "shape":
            found = self.analysis.nodes.get(figure)
            return quantity.shape(None if found is None else found.shape)
        value = self.value(figure)
        return quantity.UNKNOWN if value is None else _WORDS[word](value)

    def _one_holds(self, check: str) -> bool:
        for sign, holds in _COMPARISONS.items():
            left, found, right = check.partition(f" {sign} ")
            if found:
                values = self.value(left), self.value(right)
                return values[0] is not None and values[1] is not None and holds(values[0], values[1])
        raise ValueError(f"{check!r} compares nothing.")

    def _path(self, path: str) -> _Value:
        if path.replace(".", "", 1).isdigit():
            return float(path)
        if path.startswith("clock."):
            return self.clock.get(path.removeprefix("clock."))
        name, sign, own = path.rpartition("@")
        return _figure(_published(name) if sign else self.analysis, own)


@cache
def _published(name: str) -> Analysis:
    return analyze(gallery.load(name))


def _figure(analysis: Analysis, path: str) -> _Value:
    name, dot, figure = path.partition(".")
    if not dot:
        return float(analysis.is_valid) if path == "valid" else _TOTALS[path](analysis.totals)
    found, node = analysis.nodes.get(name), analysis.design_nodes.get(name)
    if found is None or node is None:
        return 0.0 if figure == "exists" else None
    known: dict[str, _Value] = {"exists": 1.0}
    if found.shape is not None:
        known |= dict(zip(("channels", "height", "width"), found.shape, strict=False))
    if found.inputs:
        known["in_channels"] = found.inputs[0][0]
    if found.costs is not None:
        known |= {each: getattr(found.costs, each) for each in ("weights", "biases", "norm", "parameters", "macs")}
    if figure in known:
        return known[figure]
    value = getattr(node.layer, figure, None)
    return value if isinstance(value, int) else None


def clock_values(cells: Iterable[tuple[MeasuredCell, int]]) -> dict[str, float]:
    """What was measured of a design, for `clock.` paths, in each layout on the fewest threads.

    `nchw.median` and `nchw.share.NODE` are of the design itself, seconds a call and shares of one; `nchw.other` is the
    median of the first other design that was measured with it, and `nchw.ratio` how many times as long that took.

    Args:
        cells: Measured cells with the place of the design in each.
    """
    found: dict[str, float] = {}
    fewest: dict[str, int] = {}
    for cell, place in sorted(cells, key=lambda each: each[0].measurement.runs[0].threads):
        run = cell.measurement.runs[place]
        if run.median is None or fewest.setdefault(run.layout, run.threads) != run.threads:
            continue
        found[f"{run.layout}.median"] = run.median
        found |= {f"{run.layout}.share.{node.id}": node.share for node in run.nodes}
        found |= {f"{run.layout}.{name}": value for name, value in _beside(cell, place).items()}
    return found


def _beside(cell: MeasuredCell, place: int) -> Mapping[str, float]:
    """The first other design of a cell, beside the one at a place."""
    runs, ratios = cell.measurement.runs, cell.measurement.ratios
    if len(runs) < 2 or len(ratios) != len(runs) - 1:
        return {}
    other = runs[1 if place == 0 else 0].median
    ratio = ratios[0].ratio if place == 0 else ratios[place - 1].ratio
    if other is None or not ratio:
        return {}
    return {"other": other, "ratio": ratio if place == 0 else 1 / ratio}

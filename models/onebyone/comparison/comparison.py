"""The one model that the Compare panel, the command line and the exported comparisons read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from onebyone import quantity
from onebyone.analysis import Analysis, Totals
from onebyone.comparison.branches import Branch, branches
from onebyone.comparison.matching import Rows
from onebyone.errors import ComparisonError
from onebyone.measurement.cells import cell_words
from onebyone.measurement.records import MAX_DESIGNS, MeasuredCell, Ratio, Run, Verdict
from onebyone.node_table import NodeRow, columns, node_rows
from onebyone.text import visible

#: So many designs are compared at once, as many as are measured together.
MAX_COMPARED = MAX_DESIGNS

Shown = Callable[[int | None], str]
KnownNodes = Mapping[str, NodeRow]


class Figure(msgspec.Struct, frozen=True):
    """A figure of every design; None where it is unknown, or where a design has no such part.

    `ratios` are to the first design that has the figure; None for that one, and where there is nothing to divide.
    """

    title: str
    values: tuple[int | None, ...]
    unit: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The values as people read them."""
        shown: Shown = quantity.byte_size if self.unit == "bytes" else quantity.count
        return tuple(shown(value) for value in self.values)

    @property
    def ratios(self) -> tuple[float | None, ...]:
        """Each value by the first one that is known."""
        base = next((place for place, value in enumerate(self.values) if value is not None), None)
        if base is None or not self.values[base]:
            return (None,) * len(self.values)
        return tuple(
            None if value is None or place == base else value / (self.values[base] or 1)
            for place, value in enumerate(self.values)
        )


class Line(msgspec.Struct, frozen=True):
    """A branch or a node of every design that has it: what it is called in each, and its figures.

    `figures` are by the key of their column, in the order of the designs. `is_different` says whether designs lack it,
    or have it with another layer or other figures.
    """

    names: tuple[str | None, ...]
    details: tuple[str, ...]
    figures: dict[str, tuple[Any, ...]]
    is_different: bool

    @property
    def name(self) -> str:
        """What it is called in the first design that has it."""
        return next(name for name in self.names if name is not None)


class LatencyLine(msgspec.Struct, frozen=True):
    """A cell of a measurement: the run of every design, and its ratio to the first one."""

    cell: str
    runs: tuple[Run | None, ...]
    ratios: tuple[Ratio | None, ...]

    def median(self, place: int) -> str:
        """The median of a design, or what stands in for it."""
        run = self.runs[place]
        return quantity.UNKNOWN if run is None else quantity.duration(run.median)

    def interval(self, place: int) -> str:
        """The 95 % interval of a design."""
        run = self.runs[place]
        return quantity.UNKNOWN if run is None else quantity.duration_range(run.ci)

    def verdict(self, place: int) -> Verdict | None:
        """How far the run of a design can be trusted."""
        run = self.runs[place]
        return None if run is None else run.verdict

    def ratio(self, place: int) -> str:
        """How the time of a design compares with that of the first: "1.42× (1.39 to 1.45), slower"."""
        found = self.ratios[place]
        if found is None or found.ratio is None or found.ci is None:
            return ""
        return f"{found.ratio:.2f}× ({found.ci[0]:.2f} to {found.ci[1]:.2f}), {found.verdict}"


class Comparison(msgspec.Struct, frozen=True):
    """Two to six designs side by side; everything is in their order, and ratios are to the first."""

    titles: tuple[str, ...]
    analyses: tuple[Analysis, ...]
    totals: tuple[Figure, ...]
    branches: tuple[Line, ...]
    nodes: tuple[Line, ...]
    rows: tuple[tuple[str | None, ...], ...]
    latency: tuple[LatencyLine, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """For each design but the first, its figures as shares of those of the first."""
        return tuple(self._sentence(place) for place in range(1, len(self.titles)))

    def different(self, place: int) -> frozenset[str]:
        """The ids of the nodes of a design that not all others have alike."""
        return frozenset(
            row[place] or "" for row, line in zip(self.rows, self.nodes, strict=True) if line.is_different
        ) - {""}

    def counterpart(self, place: int, node_id: str, other: int) -> str | None:
        """The node of another design that stands for a node of one; None where there is none."""
        return next((row[other] for row in self.rows if row[place] == node_id), None)

    def _sentence(self, place: int) -> str:
        parts = []
        for figure in self.totals:
            first, own = figure.values[0], figure.values[place]
            if figure.title in _SENTENCE and first and own is not None:
                parts.append(f"{share_words(own / first)} {_SENTENCE[figure.title]}")
        title, first_title = self.titles[place], self.titles[0]
        if not parts:
            return f"{title} and {first_title} cannot be set side by side: one of them has errors."
        return f"{title} has {', '.join(parts)} of {first_title}."


class Held(msgspec.Struct, frozen=True):
    """A measured cell, and the place of a design among those that were measured in it."""

    cell: MeasuredCell
    place: int


def compare(
    analyses: Sequence[Analysis], titles: Sequence[str] | None = None, held: Sequence[Sequence[Held]] = ()
) -> Comparison:
    """Sets designs side by side.

    Args:
        analyses: Of two to six designs; the first is what the others are compared with.
        titles: What to call them; their names unless said.
        held: The measured cells of every design; times have a ratio only where they were measured together.

    Raises:
        ComparisonError: There are too few or too many designs.
    """
    if not 2 <= len(analyses) <= MAX_COMPARED:
        raise ComparisonError(f"Two to {MAX_COMPARED} designs are compared at once, not {len(analyses)}.")
    names = titles or [analysis.design.name or "Untitled" for analysis in analyses]
    rows = tuple(tuple(row) for row in Rows(analyses).rows)
    known = [{row.node.id: row for row in node_rows(each, each.topology.nodes)} for each in analyses]
    return Comparison(
        titles=_distinct(names),
        analyses=tuple(analyses),
        totals=tuple(
            Figure(title, tuple(figure(analysis.totals) for analysis in analyses), unit)
            for title, figure, unit in _TOTALS
        ),
        branches=tuple(_branch_lines(analyses, rows, known)),
        nodes=tuple(_node_line(analyses, row, known) for row in rows),
        rows=rows,
        latency=tuple(_latency_lines(held, len(analyses))),
    )


def share_words(ratio: float) -> str:
    """A ratio in words: "42.2 % of", "1/8.7 of", "2.2 times"."""
    if ratio < 0.2:
        return f"1/{1 / ratio:.1f} of" if ratio else "none of"
    if ratio < 1.0005:
        return "100 % of" if ratio >= 0.9995 else f"{quantity.percent(ratio)} of"
    return f"{ratio:.2f} times" if ratio < 2 else f"{ratio:.1f} times"


def output_channels(totals: Totals) -> int | None:
    """The channels or features of all outputs together; None while one is unknown."""
    shapes = list(totals.outputs.values())
    known = [shape[0] for shape in shapes if shape is not None]
    return sum(known) if known and len(known) == len(shapes) else None


_TOTALS: tuple[tuple[str, Callable[[Totals], int | None], str], ...] = (
    ("Weights", lambda totals: totals.weights, ""),
    ("Biases", lambda totals: totals.biases, ""),
    ("Parameters", lambda totals: totals.parameters, ""),
    ("MACs", lambda totals: totals.macs, ""),
    ("Activations", lambda totals: totals.activation_bytes, "bytes"),
    ("Peak activations", lambda totals: totals.peak_activation_bytes, "bytes"),
    ("Output channels", output_channels, ""),
)
_SENTENCE = {
    "Weights": "the weights",
    "Parameters": "the parameters",
    "MACs": "the MACs",
    "Peak activations": "the peak memory",
    "Output channels": "the output channels",
}


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """The names with numbers behind those that come again, so that a column tells whose it is."""
    counts: dict[str, int] = {}
    found = []
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        found.append(name if counts[name] == 1 else f"{name} ({counts[name]})")
    return tuple(found)


def _node_line(analyses: Sequence[Analysis], row: Sequence[str | None], known: Sequence[KnownNodes]) -> Line:
    parts = [None if name is None else (name,) for name in row]
    details = tuple(_detail(analysis, name) for analysis, name in zip(analyses, row, strict=True))
    names = tuple(
        None if name is None else visible(analysis.node(name).name)
        for analysis, name in zip(analyses, row, strict=True)
    )
    layers = {None if name is None else analysis.node(name).layer for analysis, name in zip(analyses, row, strict=True)}
    figures = {
        (analysis.nodes[name].shape, analysis.nodes[name].costs)
        for analysis, name in zip(analyses, row, strict=True)
        if name is not None
    }
    return Line(names, details, _figures(known, parts), len(layers) > 1 or len(figures) > 1)


def _detail(analysis: Analysis, name: str | None) -> str:
    """The defining numbers of a node and its shape: "96 · 1×1, 28×28×96"."""
    if name is None:
        return quantity.UNKNOWN
    found = analysis.nodes[name]
    summary = analysis.node(name).layer.summary(*found.inputs)
    return ", ".join(part for part in (summary, quantity.shape(found.shape)) if part)


def _branch_lines(
    analyses: Sequence[Analysis], rows: Sequence[Sequence[str | None]], known: Sequence[KnownNodes]
) -> Iterator[Line]:
    """The branches of all designs; those match that share most nodes."""
    where = [
        {name: number for number, row in enumerate(rows) if (name := row[place])} for place in range(len(analyses))
    ]
    lines: list[list[Branch | None]] = []
    shared: list[set[int]] = []
    for place, analysis in enumerate(analyses):
        free = set(range(len(lines)))
        for branch in branches(analysis):
            numbers = {where[place][name] for name in branch.nodes}
            best = max(free, key=lambda line: (len(shared[line] & numbers), -line), default=None)
            if best is None or not shared[best] & numbers:
                lines.append([None] * place)
                shared.append(set())
                best = len(lines) - 1
            free.discard(best)
            lines[best].extend([None] * (place - len(lines[best])))
            lines[best].append(branch)
            shared[best] |= numbers
    for found in lines:
        found.extend([None] * (len(analyses) - len(found)))
        names = tuple(None if branch is None else visible(branch.title) for branch in found)
        figures = _figures(known, [None if branch is None else branch.nodes for branch in found])
        yield Line(names, (), figures, any(len(set(values)) > 1 for values in figures.values()))


def _figures(known: Sequence[KnownNodes], parts: Sequence[tuple[str, ...] | None]) -> dict[str, tuple[Any, ...]]:
    """The figures of a part of every design; None where a design lacks it."""
    rows = [None if part is None else [nodes[name] for name in part] for nodes, part in zip(known, parts, strict=True)]
    return {
        column.key: tuple(None if part is None else column.of_part(part) for part in rows)
        for column in columns("comparison")
    }


def _latency_lines(held: Sequence[Sequence[Held]], count: int) -> Iterator[LatencyLine]:
    """A line for every cell that one of the designs was measured in."""
    by_words = [{cell_words(each.cell.request): each for each in cells} for cells in held]
    for words in dict.fromkeys(name for cells in by_words for name in cells):
        found = [cells.get(words) for cells in by_words] + [None] * (count - len(by_words))
        yield LatencyLine(
            words,
            tuple(None if each is None else each.cell.measurement.runs[each.place] for each in found),
            tuple(None if each is None else _ratio(each, found[0]) for each in found),
        )


def _ratio(held: Held, first: Held | None) -> Ratio | None:
    """The ratio of a design to the first one, if both were measured together and that was the first there too."""
    measurement = held.cell.measurement
    is_together = first is not None and first.cell.measurement is measurement and first.place == 0
    if not is_together or held.place == 0 or len(measurement.ratios) != len(measurement.runs) - 1:
        return None
    return measurement.ratios[held.place - 1]

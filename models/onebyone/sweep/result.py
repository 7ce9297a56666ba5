"""The result of a sweep: all variants, those that were measured, and the front of cost against latency."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

import msgspec

from onebyone import quantity
from onebyone.analysis import Analysis
from onebyone.measurement.cells import cell_words
from onebyone.sweep.grid import Point, Sweep, point_of
from onebyone.sweep.measured import MeasuredPoint, PointSettings
from onebyone.sweep.pareto import pareto_front

Cost = Literal["weights", "macs", "peak_activation_bytes"]
COSTS: tuple[Cost, ...] = get_args(Cost)
COST_TITLES: dict[Cost, str] = {
    "weights": "Weights",
    "macs": "MACs",
    "peak_activation_bytes": "Peak activations",
}


class SweepResult(msgspec.Struct, frozen=True):
    """All that a sweep came to; `measured` is by the number of the variant, `present` is the design as it is."""

    sweep: Sweep
    points: Sequence[Point]
    present: Point
    settings: PointSettings
    measured: Mapping[int, MeasuredPoint]
    command: str = ""

    @property
    def title(self) -> str:
        """What to call it."""
        return f"Sweep of {self.sweep.design.name or 'Untitled design'}"

    @property
    def timed(self) -> dict[int, MeasuredPoint]:
        """The measured points that have a time."""
        return {index: point for index, point in sorted(self.measured.items()) if point.median is not None}

    @property
    def compared(self) -> dict[int, MeasuredPoint]:
        """Those of them that have a ratio to the design as it is; others lack undisturbed pairs of calls."""
        return {index: point for index, point in self.timed.items() if point.ratio is not None}

    @property
    def invalid(self) -> int:
        """How many variants have an error."""
        return sum(not point.is_valid for point in self.points)

    def front(self, cost: Cost) -> tuple[int, ...]:
        """The measured variants that no other beats in both this cost and latency, by rising cost.

        Latency is the ratio to the design as it is, measured call by call beside it: times of different minutes, or of
        different machines, do not compare.
        """
        compared = self.compared
        indexes = list(compared)
        pairs = [(cost_of(self.points[index], cost) or 0, compared[index].ratio or 0.0) for index in indexes]
        return tuple(indexes[place] for place in pareto_front(pairs))


def cost_of(point: Point, cost: Cost) -> int | None:
    """One of the costs of a variant."""
    value: int | None = getattr(point, cost)
    return value


def cost_words(cost: Cost, value: int | None) -> str:
    """A cost as it is written."""
    return quantity.byte_size(value) if cost == "peak_activation_bytes" else quantity.count(value)


def present_point(sweep: Sweep, analysis: Analysis) -> Point:
    """The design as it is, as a variant."""
    return point_of(sweep.present, analysis)


def settings_words(settings: PointSettings) -> str:
    """How the points are measured: "cpu · float32 · NCHW · batch 1 · 1 thread · eager"."""
    return cell_words(settings)  # type: ignore[arg-type]


def range_words(sweep: Sweep) -> tuple[str, ...]:
    """What is varied: "reduce3x3.out_channels: 12 values from 16 to 192"."""
    found = []
    for variation in sweep.variations:
        values = variation.values
        count = "1 value" if len(values) == 1 else f"{len(values):,} values"
        ends = f"{values[0]:,}" if len(values) == 1 else f"from {values[0]:,} to {values[-1]:,}"
        found.append(f"{variation.name}: {count} {ends}")
    return tuple(found)


def interval_words(point: MeasuredPoint) -> str:
    """A ratio with its interval: "1.42× (1.39 to 1.45)"."""
    if point.ratio is None or point.ratio_ci is None:
        return quantity.UNKNOWN
    return f"{quantity.ratio(point.ratio)} ({point.ratio_ci[0]:.2f} to {point.ratio_ci[1]:.2f})"


def latency_words(point: MeasuredPoint) -> str:
    """A time with its interval; why there is none where there is none."""
    if point.failure:
        return point.failure
    if point.median is None or point.ci is None:
        return f"no figure: {quantity.duration(point.least)} to {quantity.duration(point.most)}"
    low, high = (quantity.duration(end) for end in point.ci)
    number, _, unit = low.rpartition(" ")
    # The unit is said once where it is the same.
    return f"{quantity.duration(point.median)} ({number if high.endswith(f' {unit}') else low} to {high})"


def values_words(sweep: Sweep, values: Sequence[int]) -> str:
    """A variant by its values: "reduce3x3.out_channels 64"."""
    return ", ".join(f"{name} {value:,}" for name, value in zip(sweep.names, values, strict=True))


def point_words(result: SweepResult, index: int) -> str:
    """All that is known of a variant, on one line."""
    point, measured = result.points[index], result.measured.get(index)
    words = f"{values_words(result.sweep, point.values)}: "
    if not point.is_valid:
        return words + point.problem
    peak = quantity.byte_size(point.peak_activation_bytes)
    words += f"{quantity.count(point.weights)} weights, {quantity.macs(point.macs)} MACs, {peak} at the peak"
    if measured is None:
        return words
    if measured.failure or measured.median is None:
        return f"{words}; {latency_words(measured)}"
    compared = f", {interval_words(measured)} of the design as it is" if measured.ratio is not None else ""
    return f"{words}; {latency_words(measured)}{compared}, {measured.verdict}"


def tick_words(cost: Cost, value: float) -> str:
    """A round number on the axis of a cost."""
    if cost == "peak_activation_bytes":
        return quantity.byte_size(value)
    if value and abs(value) < 1e6 and value % 1000 == 0:
        return f"{value / 1000:,.0f} k"
    return quantity.macs(round(value), "decimal")


def machines(result: SweepResult) -> tuple[tuple[str, dict[str, Any]], ...]:
    """The machines that measured, each with a title and what is known of it that holds for all its points."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    counts: dict[tuple[str, ...], int] = {}
    for point in result.measured.values():
        machine = point.machine
        if point.failure or not machine.environment:
            continue
        known = {key: value for key, value in machine.environment.items() if key not in _PASSING}
        key = (machine.name, machine.address, str(sorted(known.items(), key=str)))
        found.setdefault(key, known)
        counts[key] = counts.get(key, 0) + 1
    return tuple((_machine_title(key[0], key[1], counts[key]), known) for key, known in found.items())


_PASSING = frozenset(("load_before", "load_after", "stolen_seconds", "finished"))


def _machine_title(name: str, address: str, count: int) -> str:
    place = " at ".join(part for part in (name, address) if part) or "This machine"
    return f"{place}: {count:,} {'point' if count == 1 else 'points'}"

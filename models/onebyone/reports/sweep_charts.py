"""The charts of a sweep's report: costs along the first field, measured times, and cost against latency."""

from functools import partial

from onebyone import quantity
from onebyone.reports.drawing import Figure
from onebyone.reports.palette import SERIES, Family
from onebyone.reports.plane import Chart
from onebyone.sweep.lines import Line, curve, held_words, lines_of, measured_lines, thinned
from onebyone.sweep.result import (
    COST_TITLES,
    COSTS,
    Cost,
    SweepResult,
    cost_of,
    cost_words,
    point_words,
    tick_words,
)


def cost_figures(result: SweepResult) -> tuple[Figure, ...]:
    """A chart of each cost."""
    return tuple(figure for cost in COSTS if (figure := _cost_figure(result, cost)) is not None)


def latency_figure(result: SweepResult) -> Figure | None:
    """The measured times along the first field, with their intervals; None where nothing has a time."""
    timed = result.timed
    lines = measured_lines(result.sweep, result.timed)[: len(SERIES)]
    if not lines:
        return None
    values = [value for line in lines for value, _ in line.places]
    ends = [end for point in timed.values() if point.ci is not None for end in point.ci]
    bases = [point.base_median for point in timed.values() if point.base_median is not None]
    chart = Chart(
        values,
        [*ends, *bases],
        "Measured latency",
        result.sweep.names[0],
        _whole,
        quantity.duration,
    )
    for place, line in enumerate(lines):
        colour = SERIES[place % len(SERIES)]
        corners = [(float(value), timed[index].median or 0.0) for value, index in line.places]
        chart.line(corners, colour)
        for value, index in line.places:
            point = timed[index]
            if point.ci is not None and point.median is not None:
                chart.bar(value, point.ci, colour)
                chart.dot(value, point.median, colour, point_words(result, index), point.verdict == "disturbed")
        if line.name:
            chart.name(*corners[-1], line.name)
    words = "Time a call with its 95 % interval; hollow where the machine was disturbed."
    if len(result.sweep.lengths) == 1:
        first = [(float(value), base) for value, index in lines[0].places if (base := timed[index].base_median)]
        chart.line(first, "soft", is_dashed=True)
        words += " Dashed: the design as it is, clocked call by call beside each point."
    else:
        others = " and ".join(result.sweep.names[1:])
        words += f" A line for the values of {others}, written at its end."
    return Figure(chart.svg(), words)


def front_figures(result: SweepResult) -> tuple[Figure, ...]:
    """Each cost against latency, with the Pareto front; none where fewer than two points have a time."""
    if len(result.compared) < 2:
        return ()
    return tuple(_front_figure(result, cost) for cost in COSTS)


def _cost_figure(result: SweepResult, cost: Cost) -> Figure | None:
    lines = [(line, curve(thinned(line), result.points, cost)) for line in lines_of(result.sweep, points=result.points)]
    lines = [(line, corners) for line, corners in lines if corners]
    now = cost_of(result.present, cost)
    if not lines:
        return None
    corners = [corner for _, found in lines for corner in found]
    present = result.sweep.present[0]
    chart = Chart(
        [*(x for x, _ in corners), present],
        [*(y for _, y in corners), *([now] if now is not None else [])],
        COST_TITLES[cost],
        result.sweep.names[0],
        _whole,
        partial(tick_words, cost),
    )
    chart.upright(present, f"now {present:,}")
    for place, (line, found) in enumerate(lines):
        chart.line(found, SERIES[place % len(SERIES)])
        if line.name:
            chart.name(*found[-1], line.name.rpartition(" ")[2])
    if now is not None:
        chart.dot(present, now, "soft", f"The design as it is: {cost_words(cost, now)}")
    return Figure(chart.svg(), f"{COST_TITLES[cost]}.{_lines_words(result, [line for line, _ in lines])}")


def _front_figure(result: SweepResult, cost: Cost) -> Figure:
    compared, points = result.compared, result.points
    front = result.front(cost)
    now = cost_of(result.present, cost)
    across = [float(cost_of(points[index], cost) or 0) for index in compared]
    ends = [end for point in compared.values() if point.ratio_ci is not None for end in point.ratio_ci]
    chart = Chart(
        [*across, *([now] if now is not None else [])],
        [*ends, 1.0],
        f"{COST_TITLES[cost]} against latency",
        COST_TITLES[cost],
        partial(tick_words, cost),
        _ratio,
    )
    chart.line([(float(cost_of(points[index], cost) or 0), compared[index].ratio or 0.0) for index in front], "mark")
    for x, (index, point) in zip(across, compared.items(), strict=True):
        colour: Family = "mark" if index in front else "soft"
        if point.ratio_ci is not None and point.ratio is not None:
            chart.bar(x, point.ratio_ci, colour)
            chart.dot(x, point.ratio, colour, point_words(result, index), point.verdict == "disturbed")
    if now is not None:
        chart.dot(now, 1.0, "time", "The design as it is")
    words = "Blue: no other measured variant is better in both. Amber: the design as it is."
    if len(front) == 1:
        words += " One variant is the best in both here."
    return Figure(chart.svg(), f"{COST_TITLES[cost]} against latency, as a ratio to the design as it is. {words}")


def _lines_words(result: SweepResult, lines: list[Line]) -> str:
    if len(result.sweep.lengths) == 1:
        return ""
    held = held_words(result.sweep)
    words = f" A line for each value of {', '.join(result.sweep.names[1:2])}, written at its end"
    return f"{words}; {held}." if held else f"{words}."


def _whole(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else ""


def _ratio(value: float) -> str:
    return f"{value:.3g}×"

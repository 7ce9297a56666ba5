"""A sweep as one HTML file: nothing in it runs, nothing is fetched."""

from collections.abc import Sequence

import msgspec

from onebyone import quantity
from onebyone.reports.facts import machine_facts
from onebyone.reports.pages import render_page
from onebyone.reports.sweep_charts import cost_figures, front_figures, latency_figure
from onebyone.reports.sweep_sheet import sweep_json
from onebyone.sweep.grid import Point
from onebyone.sweep.result import (
    COST_TITLES,
    COSTS,
    SweepResult,
    cost_of,
    cost_words,
    interval_words,
    latency_words,
    machines,
    range_words,
    settings_words,
)

#: Variants in the table of the page; of more, some are shown.
MOST_ROWS = 200


class _Rows(msgspec.Struct, frozen=True):
    """A table of the page, and what is said below it."""

    header: list[str]
    rows: list[tuple[str, ...]]
    words: str = ""


def sweep_html(result: SweepResult) -> str:
    """The sweep with all figures as JSON in an inert script element with the id "raw"."""
    return render_page(
        "sweep.html",
        result.title,
        sweep_json(result),
        ranges=" · ".join(range_words(result.sweep)),
        summary=summary_words(result),
        settings=settings_words(result.settings),
        latency=latency_figure(result),
        costs=cost_figures(result),
        fronts=front_figures(result),
        front=_front(result),
        variants=_variants(result),
        machines=[(title, machine_facts(known)) for title, known in machines(result)],
        command=result.command,
    )


def summary_words(result: SweepResult) -> str:
    """How many variants there are, how many have an error, and how many were measured."""
    words = [f"{len(result.points):,} variants" if len(result.points) != 1 else "1 variant"]
    if result.invalid:
        words.append(f"{result.invalid:,} with an error")
    if result.measured:
        words.append(f"{len(result.timed):,} with a measured time")
        unpaired = len(result.timed) - len(result.compared)
        if unpaired:
            words.append(f"{unpaired:,} of them too disturbed to set beside the design as it is")
        refused = sum(not point.failure and point.median is None for point in result.measured.values())
        if refused:
            words.append(f"{refused:,} refused because the machine was too busy")
    failed = sum(bool(point.failure) for point in result.measured.values())
    if failed:
        words.append(f"{failed:,} that could not be measured")
    return f"{', '.join(words)}."


def _front(result: SweepResult) -> _Rows:
    fronts = {cost: set(result.front(cost)) for cost in COSTS}
    on_any = sorted(set().union(*fronts.values()), key=lambda index: result.compared[index].ratio or 0.0)
    header = (
        *result.sweep.names,
        "Latency",
        "To the design",
        *(COST_TITLES[cost] for cost in COSTS),
        "On the front of",
    )
    rows = []
    for index in on_any:
        point, measured = result.points[index], result.compared[index]
        where = ", ".join(COST_TITLES[cost] for cost in COSTS if index in fronts[cost])
        rows.append(
            (
                *(f"{value:,}" for value in point.values),
                latency_words(measured),
                interval_words(measured),
                *(cost_words(cost, cost_of(point, cost)) for cost in COSTS),
                where,
            )
        )
    return _Rows(_broken(header), rows)


def _variants(result: SweepResult) -> _Rows:
    indexes = shown_indexes(result, MOST_ROWS)
    is_timed = bool(result.measured)
    # A column that says the same in every row only takes room.
    kinds = {_outputs_words(point) for point in result.points}
    has_outputs = len(kinds) > 1 or bool(result.invalid)
    header = (*result.sweep.names, *(COST_TITLES[cost] for cost in COSTS))
    header += ("Outputs",) if has_outputs else ()
    header += ("Latency", "To the design", "Verdict") if is_timed else ()
    rows = []
    for index in indexes:
        point, measured = result.points[index], result.measured.get(index)
        costs = (cost_words(cost, cost_of(point, cost)) for cost in COSTS)
        row = (*(f"{value:,}" for value in point.values), *costs)
        row += (_outputs_words(point),) if has_outputs else ()
        if is_timed and measured is None:
            row += ("", "", "")
        elif measured is not None:
            verdict = "no answer" if measured.failure else measured.verdict
            row += (latency_words(measured), interval_words(measured), verdict)
        rows.append(row)
    words = [] if has_outputs else [f"All put out {kinds.pop()}."]
    if len(indexes) < len(result.points):
        words.append(f"{len(indexes):,} of {len(result.points):,} variants; the raw figures in this file hold all.")
    return _Rows(_broken(header), rows, " ".join(words))


def _outputs_words(point: Point) -> str:
    """The shapes that a variant puts out; its first problem where it has an error."""
    return ", ".join(quantity.shape(shape) for shape in point.outputs) if point.is_valid else point.problem


def shown_indexes(result: SweepResult, most: int) -> list[int]:
    """The variants to show where not all fit: the measured ones, and others evenly between them."""
    total = len(result.points)
    if total <= most:
        return list(range(total))
    chosen = set(sorted(result.measured)[:most])
    room = most - len(chosen)
    if room > 1:
        chosen |= {round(step * (total - 1) / (room - 1)) for step in range(room)}
    return sorted(chosen)


def _broken(header: Sequence[str]) -> list[str]:
    """Titles that go on in another line behind a dot."""
    return [title.replace(".", ".\n", 1) for title in header]

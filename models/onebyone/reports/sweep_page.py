"""A sweep as one HTML file: nothing in it runs, nothing is fetched."""

from collections.abc import Iterable, Sequence

from onebyone import quantity
from onebyone.reports.drawing import Figure
from onebyone.reports.escaping import html_text, script_json
from onebyone.reports.facts import machine_facts
from onebyone.reports.html_page import whole_page
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
_LONGEST_FIGURE = 26


def sweep_html(result: SweepResult) -> str:
    """The sweep with all figures as JSON in an inert script element with the id "raw"."""
    raw = f"""<script type="application/json" id="raw">
{script_json(sweep_json(result).encode())}</script>
"""
    return whole_page(result.title, _body(result), raw)


def _body(result: SweepResult) -> str:
    parts = [f"<h1>{html_text(result.title)}</h1>"]
    parts += [f'<p class="soft">{html_text(words)}</p>' for words in (" · ".join(range_words(result.sweep)),)]
    parts.append(f"<p>{html_text(summary_words(result))}</p>")
    latency = latency_figure(result)
    if latency is not None:
        parts += ["<h2>Measured</h2>", f'<p class="soft">{html_text(settings_words(result.settings))}</p>']
        parts.append(_figure(latency))
    parts += ["<h2>Costs</h2>", _figures(cost_figures(result))]
    fronts = front_figures(result)
    if fronts:
        parts += ["<h2>Pareto front</h2>", _front_table(result), _figures(fronts)]
    parts += ["<h2>Variants</h2>", _variants(result)]
    for title, known in machines(result):
        rows = [(fact.label, fact.value) for fact in machine_facts(known)]
        parts += [f"<h2>Environment · {html_text(title)}</h2>", _facts(rows)]
    if result.command:
        parts += ["<h2>Sweep again</h2>", f"<pre>{html_text(result.command)}</pre>"]
    return "\n".join(parts)


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


def _figures(figures: Iterable[Figure]) -> str:
    """Side by side, where there is room."""
    style = "display:grid;gap:0 1.5rem;grid-template-columns:repeat(auto-fit,minmax(min(26rem,100%),1fr))"
    return f'<div style="{style}">{"".join(_figure(figure) for figure in figures)}</div>'


def _figure(figure: Figure) -> str:
    return f"<figure>{figure.svg}<figcaption>{html_text(figure.words)}</figcaption></figure>"


def _front_table(result: SweepResult) -> str:
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
    words = (
        "Measured variants that no other measured variant beats in both latency and the cost named. Latency goes by the"
        " ratio to the design as it is, clocked in turn with it: times of different minutes or machines do not compare."
        " Neighbours whose intervals overlap may be as fast."
    )
    return f'{_table(header, rows)}\n<p class="soft">{words}</p>'


def _variants(result: SweepResult) -> str:
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
    return f'{_table(header, rows)}\n<p class="soft">{" ".join(words)}</p>'


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


def _facts(rows: Iterable[tuple[str, str]]) -> str:
    body = "\n".join(
        f'<tr><th scope="row">{html_text(label)}</th><td>{html_text(value)}</td></tr>' for label, value in rows
    )
    return f'<table class="facts">\n{body}\n</table>'


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    titles = "".join(f'<th scope="col" class="number">{_broken(title)}</th>' for title in header)
    body = "\n".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f'<div class="scroll"><table>\n<thead><tr>{titles}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table></div>'


def _cell(words: str) -> str:
    """Figures stay on one line; a sentence does not."""
    kind = ' class="number"' if len(words) <= _LONGEST_FIGURE else ""
    return f"<td{kind}>{html_text(words)}</td>"


def _broken(title: str) -> str:
    """A title that may go on in another line behind a dot."""
    return html_text(title).replace(".", ".<br>", 1)

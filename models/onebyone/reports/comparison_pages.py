"""A comparison as a file: HTML, Markdown or CSV."""

from collections.abc import Iterator, Sequence
from functools import partial

import msgspec

from onebyone.comparison import Comparison, Figure, Line
from onebyone.node_table import columns
from onebyone.reports.comparison_tables import (
    Row,
    latency_rows,
    line_name,
    lines_header,
    lines_rows,
    totals_header,
    totals_rows,
)
from onebyone.reports.drawing import figure_bar
from onebyone.reports.escaping import Cell, csv_text, markdown_table, markdown_text, one_line
from onebyone.reports.pages import render_page

_DRAWN = ("Weights", "MACs", "Peak activations")


class _Block(msgspec.Struct, frozen=True):
    """A table of the page below its heading."""

    title: str
    header: list[str]
    rows: tuple[Row, ...]


def comparison_html(comparison: Comparison) -> str:
    """One HTML page that refers to nothing outside."""
    return render_page(
        "comparison.html",
        _title(comparison),
        comparison=comparison,
        header=_broken(totals_header(comparison)),
        totals=list(totals_rows(comparison)),
        drawn=[figure for figure in comparison.totals if figure.title in _DRAWN and _largest(figure)],
        figure_rows=partial(_figure_rows, comparison),
        figure_bar=lambda figure, value: figure_bar(value, _largest(figure)),
        latency=list(latency_rows(comparison)),
        blocks=[
            _Block(heading, _broken(lines_header(comparison, what)), tuple(lines_rows(lines)))
            for heading, what, lines in _parts(comparison)
        ],
    )


def comparison_markdown(comparison: Comparison) -> str:
    """Tables for an issue, a README or a notebook."""
    parts = [f"# {markdown_text(_title(comparison))}"]
    parts += ["\n".join(f"- {markdown_text(sentence)}" for sentence in comparison.sentences)]
    rows = [*totals_rows(comparison), *latency_rows(comparison)]
    parts += ["## Totals", _markdown_table(totals_header(comparison), rows)]
    for heading, what, lines in _parts(comparison):
        parts += [f"## {heading}", _markdown_table(lines_header(comparison, what), lines_rows(lines))]
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def comparison_csv(comparison: Comparison) -> str:
    """One row a figure of a design: exact numbers, times in seconds."""
    rows: list[tuple[Cell, ...]] = [("block", "name", "design", "figure", "value", "ratio_to_first", "verdict")]
    for place, title in enumerate(comparison.titles):
        for figure in comparison.totals:
            rows.append(
                ("total", "", title, figure.title, figure.values[place], figure.ratios[place] if place else None, "")
            )
    for heading, _, lines in _parts(comparison):
        block = heading.lower().removesuffix("es").removesuffix("s")
        for line in lines:
            for column in columns("comparison"):
                values = line.figures[column.key]
                for name, title, value in zip(line.names, comparison.titles, values, strict=True):
                    if name is not None:
                        rows.append((block, line_name(line), title, column.title, value, None, ""))
    for found in comparison.latency:
        for place, (run, ratio) in enumerate(zip(found.runs, found.ratios, strict=True)):
            if run is not None:
                times = ratio.ratio if ratio is not None else None
                title = comparison.titles[place]
                rows.append(("latency", found.cell, title, "median_s", run.median, times, run.verdict))
                for end, value in zip(("ci_low_s", "ci_high_s"), run.ci or (None, None), strict=True):
                    rows.append(("latency", found.cell, title, end, value, None, run.verdict))
    return csv_text(rows)


def _title(comparison: Comparison) -> str:
    *others, last = comparison.titles
    return f"{', '.join(others)} and {last}"


def _parts(comparison: Comparison) -> Iterator[tuple[str, str, Sequence[Line]]]:
    yield "Branches", "Branch", comparison.branches
    yield "Nodes", "Node", comparison.nodes


def _broken(header: Sequence[str]) -> list[str]:
    """The name of a design above its figure: columns stay narrow."""
    return [one_line(words).replace(": ", "\n") for words in header]


def _figure_rows(comparison: Comparison, figure: Figure) -> list[tuple[str, int | None, str]]:
    return list(zip(comparison.titles, figure.values, figure.words, strict=True))


def _largest(figure: Figure) -> int:
    return max((value or 0 for value in figure.values), default=0)


def _markdown_table(header: Sequence[str], rows: Sequence[tuple[str, ...]] | Iterator[tuple[str, ...]]) -> str:
    return markdown_table(
        [markdown_text(words) for words in header], [[markdown_text(cell) for cell in row] for row in rows]
    )

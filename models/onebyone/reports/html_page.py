"""A report as one HTML file: no script that runs, no reference to anything outside, readable on paper."""

from base64 import b64encode
from collections.abc import Iterable, Mapping

import onebyone
from onebyone import quantity
from onebyone.node_table import Column, NodeRow, columns
from onebyone.reports.charts import medians_chart, section_figures
from onebyone.reports.drawing import Figure, interval_bar, share_bar
from onebyone.reports.escaping import html_text, script_json
from onebyone.reports.facts import Fact
from onebyone.reports.json_document import render_json
from onebyone.reports.report import CELL_HEADINGS, Report, Section
from onebyone_resources import path

# Nothing is fetched and nothing runs, whatever a name in the report holds.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_FILE_NAME = "latency.json"


def render_html(report: Report) -> str:
    """The report with all raw figures as JSON in an inert script element with the id "raw"."""
    raw = f"""<script type="application/json" id="raw">
{script_json(render_json(report).encode())}</script>
"""
    return whole_page(report.title, _body(report), raw)


def whole_page(title: str, body: str, after: str = "") -> str:
    """A page around a body of HTML; `after` stands behind what is read."""
    style = path("report_templates/report.css").read_text(encoding="utf-8")
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="OneByOne {html_text(onebyone.__version__)}">
<title>{html_text(title)}</title>
<style>
{style}</style>
</head>
<body>
<main>
{body}
</main>
{after}</body>
</html>
"""


def _body(report: Report) -> str:
    parts = [f"<h1>{html_text(report.title)}</h1>", f'<p class="soft">{html_text(report.setting)}</p>']
    parts += _all_cells(report) if len(report.cells) > 1 else _answers(report)
    if report.ratios:
        parts += ["<h2>Compared</h2>", _facts(report.ratios)]
    parts += ["<h2>The question</h2>", _facts(report.question), "<h2>Totals</h2>", _totals(report)]
    for section in report.sections:
        parts += _section(section, is_answered=len(report.cells) == 1)
    parts += ["<h2>Environment</h2>", _facts(report.environment)]
    parts += ["<h2>Measure again</h2>", f"<pre>{html_text(report.command)}</pre>"]
    parts.append(_download(report))
    return "\n".join(parts)


def _answers(report: Report) -> list[str]:
    longest = max((section.run.ci[1] for section in report.sections if section.run.ci), default=0.0)
    return [
        '<section class="answers">',
        *(_answer(section, longest) for section in report.sections),
        "</section>",
    ]


def _all_cells(report: Report) -> list[str]:
    words = "Medians with their 95 % intervals; pale where the machine was too busy to trust them."
    return ["<h2>All cells</h2>", _cells(report), _figure(Figure(medians_chart(report.sections), words))]


def _section(section: Section, is_answered: bool) -> list[str]:
    """All about one design in one cell; the answer too, unless the page has begun with it."""
    parts = [f"<h2>{html_text(section.title)}</h2>"]
    if not is_answered:
        parts.append(f"<p>{html_text(section.answer)}</p>")
        parts.append(f'<p class="{section.run.verdict}">{html_text(section.verdict)}</p>')
    parts.append(_nodes(section))
    parts += [_figure(figure) for figure in section_figures(section)]
    return [*parts, "<h3>Raw figures</h3>", _facts(section.facts)]


def _figure(figure: Figure) -> str:
    if not figure.svg:
        return ""
    return f"<figure>{figure.svg}<figcaption>{html_text(figure.words)}</figcaption></figure>"


def _download(report: Report) -> str:
    """The raw figures as a file to save, which OneByOne imports into a history; held in this page, fetched nowhere."""
    data = b64encode(render_json(report).encode()).decode("ascii")
    return (
        f'<p class="soft">Every sample is in this file. <a download="{_FILE_NAME}"'
        f' href="data:application/json;base64,{data}">Save the raw figures as JSON</a>'
        " (onebyone history import reads it); they are also in the element “raw”.</p>"
    )


def _cells(report: Report) -> str:
    rows = [
        [
            f'<td class="name">{html_text(line.cell)}</td>',
            f'<td class="name">{html_text(line.design)}</td>',
            f'<td class="{line.verdict}">{line.verdict}</td>',
            *numbers(line.median, line.interval, line.clean, line.ratio, line.predicted),
        ]
        for line in report.table
    ]
    return table(CELL_HEADINGS, 3, rows)


def _answer(section: Section, longest: float) -> str:
    run = section.run
    figure = "no figure" if run.median is None else quantity.duration(run.median)
    faint = "" if run.verdict in ("quiet", "usable") else ' class="disturbed-figure"'
    return f"""<article class="answer">
<h3>{html_text(section.title)}</h3>
<strong{faint}>{figure}</strong>
<p>{html_text(section.answer)}</p>
{_median_bar(section, longest)}
<p class="{run.verdict}">{html_text(section.verdict)}</p>
</article>"""


def _median_bar(section: Section, longest: float) -> str:
    """The median as a bar on a scale that all designs share, the interval as a line across its end."""
    run = section.run
    if run.median is None or run.ci is None or longest <= 0:
        return ""
    return interval_bar(run.median, run.ci, longest, section.answer)


def _facts(facts: Iterable[Fact]) -> str:
    rows = "\n".join(
        f'<tr><th scope="row">{html_text(fact.label)}</th><td>{html_text(fact.value)}</td></tr>' for fact in facts
    )
    return f'<table class="facts">\n{rows}\n</table>'


def _totals(report: Report) -> str:
    rows = []
    for section in report.sections:
        totals = section.summary.totals
        rows.append(
            [
                f'<td class="name">{html_text(section.title)}</td>',
                *numbers(
                    quantity.count(totals.parameters),
                    quantity.count(totals.macs),
                    quantity.byte_size(totals.activation_bytes),
                    quantity.byte_size(totals.peak_activation_bytes),
                    quantity.byte_size(section.run.estimated_peak_bytes),
                    quantity.byte_size(section.run.peak_bytes),
                ),
            ]
        )
    header = ("Design", "Parameters", "MACs", "Activations", "Peak activations", "Peak estimated", "Peak measured")
    return (
        table(header, 1, rows) + '\n<p class="soft">Parameters, MACs and activations are of one sample,'
        " the last two of the batch: estimated by liveness, and measured.</p>"
    )


def _nodes(section: Section) -> str:
    shown = columns("report", section.nodes)
    shares = [column for column in shown if column.bar]
    most = {column.key: max((column.value(row) or 0.0 for row in section.nodes), default=0.0) for column in shares}
    rows = [[_name(row), *(_figure_cell(column, row, most) for column in shown)] for row in section.nodes]
    is_timed = any(row.timed is not None for row in section.nodes)
    header = ("Node", *(column.title for column in shown))
    return f'{table(header, 2, rows)}\n<p class="soft">{_nodes_note(section, is_timed)}</p>'


def _nodes_note(section: Section, is_timed: bool) -> str:
    if not is_timed:
        return "There are no times of single nodes for this run."
    words = f"Times are medians inside the graph; {quantity.duration(section.run.unattributed)} belong to no node."
    if section.placed:
        words += " Of the roof: how near a node comes to what this machine allows; caches can lift it above 100 %."
    if section.run.isolated:
        words += " Alone: a node by itself, with its data in the caches and without; these are not parts of a sum."
    return words


def _name(row: NodeRow) -> str:
    type_name = html_text(row.node.layer.type_name)
    return f'<td class="name">{html_text(row.node.name)}<br><span class="soft">{type_name}</span></td>'


def _figure_cell(column: Column, row: NodeRow, most: Mapping[str, float]) -> str:
    """A figure; a share has a bar below it, which the largest share of the table fills."""
    words = html_text(column.words(row))
    if column.key == "shape":
        return f"<td>{words}</td>"
    bar = f"<br>{share_bar(column.bar, column.value(row), most[column.key])}" if column.bar else ""
    return f'<td class="number">{words}{bar}</td>'


def table(header: tuple[str, ...], numbers_from: int, rows: Iterable[list[str]]) -> str:
    """A table of cells that are HTML already; columns from `numbers_from` on are aligned to the right."""
    titles = "".join(
        f'<th scope="col"{" class=number" if column >= numbers_from else ""}>{title}</th>'
        for column, title in enumerate(header)
    )
    body = "\n".join(f"<tr>{''.join(cells)}</tr>" for cells in rows)
    return f'<div class="scroll"><table>\n<thead><tr>{titles}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table></div>'


def numbers(*values: str) -> list[str]:
    """Cells of figures, which need no escaping."""
    return [f'<td class="number">{value}</td>' for value in values]

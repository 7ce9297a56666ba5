"""A report as one HTML file: no script that runs, no reference to anything outside, readable on paper."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import partial

from onebyone import quantity
from onebyone.node_table import Column, NodeRow, columns
from onebyone.reports.charts import medians_chart, section_figures
from onebyone.reports.drawing import Figure, interval_bar, share_bar
from onebyone.reports.json_document import render_json
from onebyone.reports.pages import render_page
from onebyone.reports.report import CELL_HEADINGS, Report, Section, longest_end

_MEDIANS = "Medians with their 95 % intervals; pale where the machine was too busy to trust them."
_TOTALS = ("Design", "Parameters", "MACs", "Activations", "Peak activations", "Peak estimated", "Peak measured")


def render_html(report: Report) -> str:
    """The report with all raw figures as JSON, in an inert element and as a file to save."""
    raw = render_json(report)
    return render_page(
        "report.html",
        report.title,
        raw,
        report=report,
        has_cells=len(report.cells) > 1,
        cell_headings=CELL_HEADINGS,
        medians=Figure(medians_chart(report.sections), _MEDIANS),
        is_trusted=_is_trusted,
        headline=_headline,
        median_bar=partial(_median_bar, longest_end(report.sections)),
        total_headings=_TOTALS,
        totals=list(_totals(report)),
        columns=columns,
        share_bar=_share_bar,
        nodes_note=_nodes_note,
        figures=section_figures,
        data=b64encode(raw.encode()).decode("ascii"),
    )


def _is_trusted(section: Section) -> bool:
    return section.run.verdict in ("quiet", "usable")


def _headline(section: Section) -> str:
    return "no figure" if section.run.median is None else quantity.duration(section.run.median)


def _median_bar(longest: float, section: Section) -> str:
    """The median as a bar on a scale that all designs share; nothing where there is none."""
    run = section.run
    if run.median is None or run.ci is None or longest <= 0:
        return ""
    return interval_bar(run.median, run.ci, longest, section.answer)


def _totals(report: Report) -> Iterator[tuple[str, ...]]:
    for section in report.sections:
        totals, run = section.summary.totals, section.run
        sizes = (totals.activation_bytes, totals.peak_activation_bytes, run.estimated_peak_bytes, run.peak_bytes)
        counts = (quantity.count(totals.parameters), quantity.count(totals.macs))
        yield (section.title, *counts, *(quantity.byte_size(size) for size in sizes))


def _share_bar(column: Column, row: NodeRow, rows: Sequence[NodeRow]) -> str:
    """A share as a bar, which the largest share of the table fills."""
    most = max(column.value(each) or 0.0 for each in rows)
    return share_bar(column.bar, column.value(row), most) if column.bar else ""


def _nodes_note(section: Section) -> str:
    if not any(row.timed is not None for row in section.nodes):
        return "There are no times of single nodes for this run."
    words = f"Times are medians inside the graph; {quantity.duration(section.run.unattributed)} belong to no node."
    if section.placed:
        words += " Of the roof: how near a node comes to what this machine allows; caches can lift it above 100 %."
    if section.run.isolated:
        words += " Alone: a node by itself, with its data in the caches and without; these are not parts of a sum."
    return words

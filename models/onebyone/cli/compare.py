"""`onebyone compare`: designs side by side."""

from pathlib import Path
from typing import Any, get_args

import click
import msgspec

from onebyone import formats
from onebyone.analysis import analyze
from onebyone.cli.axes import matrix_of
from onebyone.cli.exits import DESIGN_HAS_ERRORS, FINE, UNREADABLE
from onebyone.cli.measure import keep, measured_cells
from onebyone.cli.output import say, say_document, say_table
from onebyone.cli.sources import Source, load_sources
from onebyone.cli.validity import require_valid
from onebyone.comparison import Comparison, Held, Line, compare
from onebyone.files import safe_file
from onebyone.measurement.cells import requests
from onebyone.measurement.records import MAX_BATCH, MAX_THREADS, Form, Layout, MeasuredCell
from onebyone.reports.comparison_tables import latency_rows, lines_header, lines_rows, totals_header, totals_rows


@click.command(short_help="Set designs side by side.")
@click.argument("designs", nargs=-1, required=True)
@click.option("--nodes", "has_nodes", is_flag=True, help="Also print branch by branch and node by node.")
@click.option("--measure", "is_measured", is_flag=True, help="Also measure them, interleaved call by call.")
@click.option("--layout", type=click.Choice(get_args(Layout)), help="For --measure.  [default: both]")
@click.option(
    "--threads", type=click.IntRange(1, MAX_THREADS), help="For --measure.  [default: 1, then all physical cores]"
)
@click.option("--batch", type=click.IntRange(1, MAX_BATCH), help="For --measure.  [default: 1]")
@click.option("--budget", type=click.FloatRange(0, 3600, min_open=True), help="For --measure: seconds a cell.")
@click.option("--trusted", "is_trusted", is_flag=True, help="For --measure: at least three fresh processes a cell.")
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=f"Also write a {formats.listed_suffixes('comparison')} FILE.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def command(
    designs: tuple[str, ...],
    has_nodes: bool,
    is_measured: bool,
    budget: float | None,
    is_trusted: bool,
    report: Path | None,
    as_json: bool,
    **single: Any,
) -> int:
    """Print the totals of two to six DESIGNs side by side; ratios are to the first one."""
    if len(designs) < 2:
        raise click.UsageError("There is nothing to compare with; name two designs or more.")
    if report is not None:
        formats.find(report.suffix, "comparison")
        safe_file.require_writable(report)
    sources = load_sources(designs)
    analyses = [analyze(source.design) for source in sources]
    titles = [source.title for source in sources]
    compare(analyses, titles)
    cells: list[MeasuredCell] = []
    if is_measured:
        cells = _measured(sources, single, budget, "trusted" if is_trusted else "quick")
        if not cells:
            return UNREADABLE
    held = [[Held(cell, place) for cell in cells] for place in range(len(sources))]
    found = compare(analyses, titles, held)
    if report is not None:
        formats.write("comparison", report, found)
    if as_json:
        say_document(msgspec.json.format(msgspec.json.encode(_document(found)), indent=1).decode() + "\n")
    else:
        _say(found, has_nodes)
    wrong = [source for source, analysis in zip(sources, analyses, strict=True) if not analysis.is_valid]
    for source in wrong if not as_json else ():
        say(f"{source.title} has errors, so its totals are withheld; see: onebyone check {source.word}", "red")
    return DESIGN_HAS_ERRORS if wrong else FINE


def _measured(
    sources: tuple[Source, ...], single: dict[str, Any], budget: float | None, form: Form
) -> list[MeasuredCell]:
    for source in sources:
        require_valid(source, analyze(source.design))
    named = tuple(msgspec.structs.replace(source.design, name=source.title) for source in sources)
    cells = measured_cells(requests(named, matrix_of(single, ()), form=form, budget=budget))
    keep(cells)
    return cells


def _say(comparison: Comparison, has_nodes: bool) -> None:
    say_table(totals_header(comparison), [*totals_rows(comparison), *latency_rows(comparison)])
    for sentence in comparison.sentences:
        say(sentence)
    if has_nodes:
        for what, lines in (("Branch", comparison.branches), ("Node", comparison.nodes)):
            say_table(lines_header(comparison, what), lines_rows(lines))


def _document(comparison: Comparison) -> dict[str, Any]:
    """The comparison as `--json` prints it; lists are in the order of the designs."""
    return {
        "designs": comparison.titles,
        "totals": {figure.title: _figures(figure.values, figure.ratios) for figure in comparison.totals},
        "sentences": comparison.sentences,
        "branches": [_line(line) for line in comparison.branches],
        "nodes": [_line(line) for line in comparison.nodes],
        "latency": [{"cell": line.cell, "runs": line.runs, "ratios": line.ratios} for line in comparison.latency],
    }


def _figures(values: tuple[int | None, ...], ratios: tuple[float | None, ...]) -> dict[str, Any]:
    return {"values": values, "ratios": ratios}


def _line(line: Line) -> dict[str, Any]:
    return {"names": line.names, **line.figures, "different": line.is_different}

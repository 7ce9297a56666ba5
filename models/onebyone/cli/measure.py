"""`onebyone measure`: how long designs take."""

import math
import sys
from collections.abc import Sequence
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any, get_args

import click
import msgspec

from onebyone import formats, quantity
from onebyone.analysis import analyze
from onebyone.cli.axes import matrix_of
from onebyone.cli.exits import FINE, SLOWER, UNREADABLE
from onebyone.cli.live import LiveMeasuring
from onebyone.cli.output import say, say_document, say_table
from onebyone.cli.sources import load_sources
from onebyone.cli.validity import require_valid
from onebyone.errors import HistoryError
from onebyone.files import safe_file
from onebyone.measurement.cells import cell_words, requests
from onebyone.measurement.records import (
    MAX_BATCH,
    MAX_DESIGNS,
    MAX_THREADS,
    QUICK_BUDGET_S,
    TRUSTED_BUDGET_S,
    DType,
    Form,
    Layout,
    MeasuredCell,
    MeasurementRequest,
    Mode,
    Run,
)
from onebyone.node_table import columns
from onebyone.reports import Report, make_report
from onebyone.reports.escaping import one_line
from onebyone.reports.json_document import MAX_BYTES, read_json
from onebyone.reports.report import CELL_HEADINGS, Section
from onebyone.run_store.store import RunStore, default_path
from onebyone.run_store.words import ratio_words
from onebyone.worker import client

_QUICK_AGAINST = (
    "Quick measurements of the same design can differ beyond their intervals, which are over the rounds of one process;"
    " for a verdict to rely on, measure both with --trusted."
)
_STYLES = {"quiet": "green", "usable": "cyan", "disturbed": "yellow", "refused": "red"}
#: What is said below the nodes.
_SAID_FACTS = ("Memory", "Distance to the roof")
#: What tells one cell from another.
AXES = ("device", "dtype", "layout", "batch", "threads", "mode")


@click.command(short_help="Measure how long DESIGNs take.")
@click.argument("designs", nargs=-1, required=True)
@click.option("--device", help="What to measure on; see: onebyone devices.  [default: cpu]")
@click.option("--dtype", type=click.Choice(get_args(DType)), help="[default: float32]")
@click.option("--layout", type=click.Choice(get_args(Layout)), help="[default: both, one after the other]")
@click.option("--batch", type=click.IntRange(1, MAX_BATCH), help="Samples a call.  [default: 1]")
@click.option(
    "--threads", type=click.IntRange(1, MAX_THREADS), help="Threads of the CPU.  [default: 1, then all physical cores]"
)
@click.option("--mode", type=click.Choice(get_args(Mode)), help="[default: eager]")
@click.option(
    "--cells",
    multiple=True,
    metavar="AXIS=VALUE,VALUE",
    help="Several values of an axis: device, dtype, layout, batch, threads (also: cores) or mode; every combination"
    " is a cell with an answer of its own.",
)
@click.option(
    "--trusted", "is_trusted", is_flag=True, help="At least three fresh processes a cell; the interval is over them."
)
@click.option(
    "--budget",
    type=float,
    metavar="SECONDS",
    help=f"Time a cell, for all designs together.  [default: {QUICK_BUDGET_S:g}; {TRUSTED_BUDGET_S:g} with --trusted]",
)
@click.option("--isolated", "is_isolated", is_flag=True, help="Also clock every node alone, with hot and cold caches.")
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    help=f"Also write a {formats.listed_suffixes('report')} FILE.",
    metavar="FILE",
)
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Compare with a JSON report of before; exit 1 where a design is slower beyond both intervals.",
)
@click.option("--no-history", "is_forgotten", is_flag=True, help="Do not keep the measurement in the history.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document; times in seconds.")
def command(
    designs: tuple[str, ...],
    cells: tuple[str, ...],
    is_trusted: bool,
    budget: float | None,
    is_isolated: bool,
    report: Path | None,
    against: Path | None,
    is_forgotten: bool,
    as_json: bool,
    **single: Any,
) -> int:
    """Measure how long DESIGNs take; several are interleaved call by call and compared with the first.

    Both memory layouts, on one thread and on all cores, are measured unless you choose: each is a cell of its own.
    """
    _check(designs, budget)
    matrix = matrix_of(single, cells)
    if report is not None:
        formats.find(report.suffix, "report")
        safe_file.require_writable(report)
    before = _read_before(against) if against is not None else ()
    sources = load_sources(designs)
    for source in sources:
        require_valid(source, analyze(source.design))
    named = tuple(msgspec.structs.replace(source.design, name=source.title) for source in sources)
    form: Form = "trusted" if is_trusted else "quick"
    asked = requests(named, matrix, form=form, budget=budget, is_isolated=is_isolated)
    measured = measured_cells(asked)
    if not measured:
        return UNREADABLE
    if not is_forgotten:
        keep(measured)
    made = make_report(measured, designs)
    if report is not None:
        formats.write("report", report, made)
    if as_json:
        say_document(msgspec.json.format(msgspec.json.encode(_document(measured)), indent=1).decode() + "\n")
    else:
        _say_answer(made)
    return _compared(measured, before, is_silent=as_json) if against is not None else FINE


def _document(cells: Sequence[MeasuredCell]) -> dict[str, Any]:
    """The answers of all cells in one document; runs and ratios say which cell they are of."""
    first = cells[0].measurement
    ratios = [
        msgspec.to_builtins(ratio) | {axis: getattr(run, axis) for axis in AXES}
        for cell in cells
        for ratio, run in zip(cell.measurement.ratios, cell.measurement.runs[1:], strict=True)
    ]
    return {
        "environment": first.environment,
        "runs": [run for cell in cells for run in cell.measurement.runs],
        "ratios": ratios,
        "resolution": first.resolution,
        "cells": [
            {axis: getattr(cell.measurement.runs[0], axis) for axis in AXES}
            | {
                "environment": cell.measurement.environment,
                "resolution": cell.measurement.resolution,
                "roofs": cell.measurement.roofs,
            }
            for cell in cells
        ],
    }


def _read_before(path: Path) -> tuple[Run, ...]:
    try:
        cells = read_json(safe_file.read(path, MAX_BYTES))
    except HistoryError as error:
        raise HistoryError(f"{one_line(path.name)}: {error}") from error
    return tuple(run for cell in cells for run in cell.measurement.runs)


def _compared(cells: Sequence[MeasuredCell], before: tuple[Run, ...], is_silent: bool) -> int:
    """Sets each run beside that of before with the same name and cell; whether one is slower beyond both intervals."""
    known = {_key(run): run for run in before}
    is_slower = is_quick = False
    for run in (run for cell in cells for run in cell.measurement.runs):
        old = known.get(_key(run))
        words = "no run of before has this name and these settings." if old is None else ratio_words(old, run)
        is_slower = is_slower or (
            old is not None and run.ci is not None and old.ci is not None and run.ci[0] > old.ci[1]
        )
        if not is_silent:
            say(f"{run.design}, {cell_words(run)}, before and now: {words}")
        is_quick = is_quick or (old is not None and "quick" in (old.form, run.form))
    if is_quick and not is_silent:
        say(_QUICK_AGAINST)
    return SLOWER if is_slower else FINE


def _key(run: Run) -> tuple[object, ...]:
    return (run.design, *(getattr(run, axis) for axis in AXES))


def keep(cells: Sequence[MeasuredCell]) -> None:
    """Keeps them in the history; where that cannot be used the answer is given all the same."""
    try:
        with closing(RunStore(default_path())) as store:
            for cell in cells:
                store.add(cell.request, cell.measurement)
    except HistoryError as error:
        click.echo(f"onebyone: {one_line(str(error))} The measurement was not kept.", err=True)


def _check(designs: tuple[str, ...], budget: float | None) -> None:
    if len(designs) > MAX_DESIGNS:
        raise click.UsageError(f"At most {MAX_DESIGNS} designs are measured together, not {len(designs)}.")
    if budget is not None and not (math.isfinite(budget) and 0 < budget <= 3600):
        raise click.UsageError(f"--budget takes seconds over 0 and up to 3,600, not {budget:g}.")


def measured_cells(asked: Sequence[MeasurementRequest]) -> list[MeasuredCell]:
    """The cells that have an answer; why others have none is said on stderr."""
    live = LiveMeasuring(asked)
    found: list[MeasuredCell] = []
    refused: dict[str, list[str]] = {}
    with live.shown() if sys.stderr.isatty() else nullcontext():
        answers = client.measure_cells(asked, live.show if sys.stderr.isatty() else None)
        for request, answer in zip(asked, answers, strict=True):
            if isinstance(answer, Exception):
                refused.setdefault(str(answer), []).append(cell_words(request))
            else:
                found.append(MeasuredCell(request, answer))
    for reason, cells in refused.items():
        # What goes for all cells is said without them.
        where = f" ({'; '.join(cells)})" if found or len(refused) > 1 else ""
        click.echo(f"onebyone: {one_line(reason)}{where}", err=True)
    return found


def _say_answer(report: Report) -> None:
    if len(report.cells) > 1:
        _say_cells(report)
    for section in report.sections:
        say(section.title, "bold")
        say(section.answer)
        say(section.verdict, _STYLES[section.run.verdict])
        _say_nodes(section)
    for ratio in report.ratios:
        say(f"{ratio.label}: {ratio.value}")


def _say_cells(report: Report) -> None:
    has_ratios = any(line.ratio for line in report.table)
    shown = len(CELL_HEADINGS) if has_ratios else CELL_HEADINGS.index("Ratio")
    say_table(CELL_HEADINGS[:shown], [line.words[:shown] for line in report.table], numbers_from=3)


def _say_nodes(section: Section) -> None:
    timed = [row for row in section.nodes if row.timed is not None]
    if not timed:
        return
    shown = columns("short report", timed)
    rest = {"median_s": quantity.duration(section.run.unattributed)}
    rows = [(row.node.id, *(column.words(row) for column in shown)) for row in timed]
    rows.append(("not attributed", *(rest.get(column.key, "") for column in shown)))
    say_table(("Node", *(column.title for column in shown)), rows)
    for fact in section.facts:
        if fact.label in _SAID_FACTS:
            say(fact.value)

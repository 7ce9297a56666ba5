"""`onebyone measure`: how long designs take."""

import math
import re
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from onebyone import quantity, safe_file
from onebyone.analysis import analyze
from onebyone.cli.exits import FINE, SLOWER
from onebyone.cli.output import console, say, say_document, say_table
from onebyone.cli.sources import load_sources
from onebyone.cli.validity import require_valid
from onebyone.errors import HistoryError, MeasurementError
from onebyone.measurement import MAX_BATCH, MAX_DESIGNS, Measurement, MeasurementRequest, Run
from onebyone.reports import Report, make_report, write_report
from onebyone.reports.escaping import one_line
from onebyone.reports.json_document import MAX_BYTES, read_json
from onebyone.reports.render import check_suffix
from onebyone.reports.report import Section
from onebyone.run_store.store import RunStore, default_path
from onebyone.run_store.words import ratio_words
from onebyone.strict_json import shown
from onebyone.worker import client
from onebyone.worker.messages import Progress as WorkerProgress

_DEVICE = re.compile(r"[a-z]{1,20}(:[0-9]{1,3})?\Z")
_STYLES = {"quiet": "green", "usable": "cyan", "disturbed": "yellow", "refused": "red"}


@click.command(short_help="Measure how long DESIGNs take.")
@click.argument("designs", nargs=-1, required=True)
@click.option("--device", default="cpu", show_default=True, help="What to measure on; see: onebyone devices.")
@click.option("--dtype", type=click.Choice(["float32", "bfloat16", "float16"]), default="float32", show_default=True)
@click.option("--layout", type=click.Choice(["nchw", "channels_last"]), default="nchw", show_default=True)
@click.option("--batch", type=click.IntRange(1, MAX_BATCH), default=1, show_default=True, help="Samples a call.")
@click.option("--threads", type=click.IntRange(1, 1024), help="Threads of the CPU; all physical cores unless said.")
@click.option("--mode", type=click.Choice(["eager", "compile"]), default="eager", show_default=True)
@click.option("--budget", type=float, default=3.0, show_default=True, metavar="SECONDS", help="Time for all designs.")
@click.option(
    "--report", type=click.Path(path_type=Path), help="Also write a .html, .json, .csv or .md FILE.", metavar="FILE"
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
    report: Path | None,
    against: Path | None,
    is_forgotten: bool,
    as_json: bool,
    **choices: Any,
) -> int:
    """Measure how long DESIGNs take; several are interleaved call by call and compared with the first."""
    _check(designs, choices)
    if report is not None:
        check_suffix(report.suffix)
        safe_file.require_writable(report)
    before = _read_before(against) if against is not None else ()
    sources = load_sources(designs)
    for source in sources:
        require_valid(source, analyze(source.design))
    named = tuple(msgspec.structs.replace(source.design, name=source.title) for source in sources)
    request = MeasurementRequest(designs=named, **choices)
    measurement = _measured(request)
    if not is_forgotten:
        _keep(request, measurement)
    made = make_report(request, measurement, designs)
    if report is not None:
        write_report(made, report)
    if as_json:
        say_document(msgspec.json.format(msgspec.json.encode(measurement), indent=1).decode() + "\n")
    else:
        _say_answer(made)
    return _compared(measurement.runs, before, is_silent=as_json) if against is not None else FINE


def _read_before(path: Path) -> tuple[Run, ...]:
    try:
        return read_json(safe_file.read(path, MAX_BYTES))[1].runs
    except HistoryError as error:
        raise HistoryError(f"{one_line(path.name)}: {error}") from error


def _compared(runs: tuple[Run, ...], before: tuple[Run, ...], is_silent: bool) -> int:
    """Sets each design beside its run of before, found by its name; whether one is slower beyond both intervals."""
    known = {run.design: run for run in before}
    is_slower = False
    for run in runs:
        old = known.get(run.design)
        words = "no run of before has this name." if old is None else ratio_words(old, run)
        is_slower = is_slower or (
            old is not None and run.ci is not None and old.ci is not None and run.ci[0] > old.ci[1]
        )
        if not is_silent:
            say(f"{run.design}, before and now: {words}")
    return SLOWER if is_slower else FINE


def _keep(request: MeasurementRequest, measurement: Measurement) -> None:
    """Keeps it in the history; where that cannot be used the answer is given all the same."""
    try:
        with closing(RunStore(default_path())) as store:
            store.add(request, measurement)
    except HistoryError as error:
        click.echo(f"onebyone: {one_line(str(error))} The measurement was not kept.", err=True)


def _check(designs: tuple[str, ...], choices: dict[str, Any]) -> None:
    if len(designs) > MAX_DESIGNS:
        raise click.UsageError(f"At most {MAX_DESIGNS} designs are measured together, not {len(designs)}.")
    if not (math.isfinite(choices["budget"]) and 0 < choices["budget"] <= 3600):
        raise click.UsageError(f"--budget takes seconds over 0 and up to 3,600, not {choices['budget']:g}.")
    if not _DEVICE.match(choices["device"]):
        raise MeasurementError(f"{shown(choices['device'])} is no device; it is like cpu, cuda or cuda:1.")


def _measured(request: MeasurementRequest) -> Measurement:
    if not sys.stderr.isatty():
        return client.measure(request)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=1.0)

        def show(progress: WorkerProgress) -> None:
            bar.update(task, completed=progress.fraction, description=_phase_words(progress))

        return client.measure(request, on_progress=show)


def _phase_words(progress: WorkerProgress) -> str:
    medians = [f"{run.design} {quantity.duration(run.median)}" for run in progress.runs if run.median is not None]
    return one_line(f"{progress.phase} {', '.join(medians)}".strip())


def _say_answer(report: Report) -> None:
    for section in report.sections:
        say(section.title, "bold")
        say(section.answer)
        say(section.verdict, _STYLES[section.run.verdict])
        _say_nodes(section)
    for ratio in report.ratios:
        say(f"{ratio.label}: {ratio.value}")


def _say_nodes(section: Section) -> None:
    timed = [node for node in section.nodes if node.median is not None]
    if not timed:
        return
    rows = [
        (
            node.id,
            quantity.shape(node.shape),
            quantity.count(node.macs),
            quantity.percent(node.macs_share),
            quantity.duration(node.median),
            quantity.percent(node.share),
        )
        for node in timed
    ]
    rows.append(("not attributed", "", "", "", quantity.duration(section.run.unattributed), ""))
    say_table(("Node", "Shape", "MACs", "of MACs", "Time", "of time"), rows)

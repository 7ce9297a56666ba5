"""`onebyone history`: the measurements made so far."""

import sys
from contextlib import closing
from inspect import getdoc
from pathlib import Path
from typing import get_args

import click
import msgspec

from onebyone import formats, quantity
from onebyone.cli.exits import FINE
from onebyone.cli.output import say, say_document, say_table
from onebyone.errors import HistoryError
from onebyone.files import safe_file
from onebyone.measurement.cells import cell_words
from onebyone.measurement.records import MeasuredCell, Run, Verdict
from onebyone.reports import json_document, make_report
from onebyone.reports.escaping import one_line
from onebyone.reports.json_document import MAX_BYTES, read_json
from onebyone.run_store.records import RunFilter, RunRow
from onebyone.run_store.store import RunStore, default_path
from onebyone.run_store.words import finished_words, interval_words, ratio_words, setting_words

_DEFAULT_ROWS = 50


@click.group(name="history", invoke_without_command=True, short_help="List, export and compare past measurements.")
@click.pass_context
def command(context: click.Context) -> int | None:
    """List, export, import and compare the measurements made so far. Without a command: the latest ones."""
    return context.invoke(list_runs) if context.invoked_subcommand is None else None


@command.command(name="list", short_help="The runs, the newest first.")
@click.option("--text", default="", help="Only designs, machines or files whose name holds this.")
@click.option("--verdict", type=click.Choice(get_args(Verdict)), help="Only runs with this verdict.")
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=_DEFAULT_ROWS, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON document; times in seconds.")
def list_runs(text: str = "", verdict: Verdict | None = None, limit: int = _DEFAULT_ROWS, as_json: bool = False) -> int:
    """The runs, the newest first: each has a number, and the measurement that it belongs to."""
    with closing(_store()) as store:
        rows = store.rows(RunFilter(text=text, verdict=verdict, limit=limit))
    if as_json:
        say_document(msgspec.json.format(msgspec.json.encode(rows), indent=1).decode() + "\n")
    elif rows:
        say_table(("Run", "Measurement", "Finished", "Design", "Setting", "Verdict", "Median", "95 % interval"),
                  [_line(row) for row in rows], numbers_from=6)  # fmt: skip
    else:
        say("Nothing has been measured yet." if not text and verdict is None else "No run is like that.")
    return FINE


@command.command(short_help="One measurement in words.")
@click.argument("measurement", type=int)
def show(measurement: int) -> int:
    """The designs of a MEASUREMENT with their answers, and all that is known of each."""
    with closing(_store()) as store:
        stored = store.measurement(measurement)
    report = make_report([MeasuredCell(stored.request, stored.measurement)])
    for section in report.sections:
        say(section.title, "bold")
        say(section.answer)
        say(section.verdict)
        for fact in section.facts:
            say(f"  {fact.label}: {fact.value}")
    for fact in (*report.ratios, *report.question, *report.environment):
        say(f"{fact.label}: {fact.value}")
    return FINE


@command.command(
    short_help="Write a measurement as a report, or its design as a file.",
    help=f"Write a MEASUREMENT to a FILE: {formats.listed_suffixes('report')}, or"
    f" {formats.listed_suffixes('design')} for its first design as it was.",
)
@click.argument("measurement", type=int)
@click.argument("file", type=click.Path(path_type=Path))
def export(measurement: int, file: Path) -> int:
    """Write a MEASUREMENT to a FILE."""
    wanted = formats.find(file.suffix, "report", "design")
    with closing(_store()) as store:
        stored = store.measurement(measurement)
    if wanted.kind == "design":
        formats.write("design", file, stored.request.designs[0])
    else:
        formats.write("report", file, make_report([MeasuredCell(stored.request, stored.measurement)]))
    return FINE


@command.command(name="import", short_help="Take over a JSON report from another machine.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def import_files(files: tuple[Path, ...]) -> int:
    """Take over JSON reports (FILES) that were written on another machine; a report of several cells gives several.

    What stands in such a file is said by: onebyone history format
    """
    with closing(_store()) as store:
        for file in files:
            try:
                cells = read_json(safe_file.read(file, MAX_BYTES))
            except HistoryError as error:
                raise HistoryError(f"{one_line(file.name)}: {error}") from error
            for cell in cells:
                number = store.add(cell.request, cell.measurement, origin=file.name)
                words = f" ({cell_words(cell.request)})" if len(cells) > 1 else ""
                say(f"{file.name} is measurement {number}{words}.")
    return FINE


@command.command(name="format", short_help="What stands in a JSON report.")
def tell_format() -> int:
    """What stands in a JSON report, for those who read one with a program of their own."""
    say(getdoc(json_document) or "")
    return FINE


@command.command(short_help="Set two runs side by side.")
@click.argument("first", type=int)
@click.argument("second", type=int)
def compare(first: int, second: int) -> int:
    """Set two runs (FIRST and SECOND) side by side: of one design on two machines or days, or of two designs.

    They were not interleaved, so what differs between them is not the designs alone.
    """
    with closing(_store()) as store:
        rows = [store.row(number) for number in (first, second)]
        runs = [_run(store, row) for row in rows]
    say_table(("", f"Run {first}", f"Run {second}"), _differences(rows, runs), numbers_from=3)
    say(ratio_words(*runs))
    return FINE


@command.command(short_help="Forget measurements.")
@click.argument("measurements", nargs=-1, required=True, type=int)
def delete(measurements: tuple[int, ...]) -> int:
    """Forget MEASUREMENTS, all their runs with them."""
    with closing(_store()) as store:
        for number in measurements:
            store.measurement(number)
        store.delete(measurements)
    return FINE


def _store() -> RunStore:
    store = RunStore(default_path())
    if store.put_aside is not None:
        click.echo(f"onebyone: The history was damaged; it is at {store.put_aside} now, and a new one is begun.",
                   err=True, file=sys.stderr)  # fmt: skip
    return store


def _run(store: RunStore, row: RunRow) -> Run:
    return store.measurement(row.measurement).measurement.runs[row.place]


def _line(row: RunRow) -> tuple[str, ...]:
    return (
        str(row.id), str(row.measurement), finished_words(row), row.design, setting_words(row), row.verdict,
        quantity.duration(row.median), interval_words(row),
    )  # fmt: skip


def _differences(rows: list[RunRow], runs: list[Run]) -> list[tuple[str, str, str]]:
    def both(title: str, values: list[str]) -> tuple[str, str, str]:
        return title, values[0], values[1]

    intervals = ["" if run.ci is None else " to ".join(quantity.duration(end) for end in run.ci) for run in runs]
    return [
        both("Design", [row.design for row in rows]),
        both("Digest", [row.digest[:12] for row in rows]),
        both("Finished", [row.finished for row in rows]),
        both("Machine", [row.machine for row in rows]),
        both("Setting", [setting_words(row) for row in rows]),
        both("Verdict", [row.verdict for row in rows]),
        both("Median", [quantity.duration(row.median) for row in rows]),
        both("95 % interval", intervals),
    ]

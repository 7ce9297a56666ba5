"""`onebyone sweep`: fields through ranges of values, what each variant costs, and what some of them take."""

import math
import shlex
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

import click

from onebyone import formats, quantity
from onebyone.analysis import analyze
from onebyone.cli.exits import DESIGN_HAS_ERRORS, FINE, INTERRUPTED, UNREADABLE
from onebyone.cli.output import say, say_document, say_table
from onebyone.cli.sources import Source, load_source
from onebyone.cli.sweep_live import LiveSweep
from onebyone.cli.validity import require_valid
from onebyone.files import safe_file
from onebyone.measurement.records import BYTES_PER_ELEMENT, MAX_BATCH, MAX_THREADS, QUICK_BUDGET_S, DType, Layout, Mode
from onebyone.reports.escaping import one_line
from onebyone.reports.sweep_page import shown_indexes, summary_words
from onebyone.reports.sweep_sheet import sweep_json
from onebyone.sweep.cluster import cluster_executor
from onebyone.sweep.grid import Point, Sweep, make_sweep, points
from onebyone.sweep.journal import Journal, default_journal
from onebyone.sweep.measured import Job, MeasuredPoint, PointSettings, make_jobs, this_machine
from onebyone.sweep.measuring import LocalMeasuring, measure_alone, measure_points
from onebyone.sweep.result import (
    COST_TITLES,
    COSTS,
    SweepResult,
    cost_of,
    cost_words,
    interval_words,
    latency_words,
    present_point,
    settings_words,
)
from onebyone.sweep.spread import spread
from onebyone.sweep.variation import parse_variation

_MOST_ROWS = 60
_MOST_PROBLEM = 100


@click.command(short_help="Vary fields of a DESIGN.")
@click.argument("design")
@click.option(
    "--vary",
    "texts",
    multiple=True,
    required=True,
    metavar="NODE.FIELD=START:STOP:STEP",
    help="A field and its values, both ends included, or a list with commas; up to three fields.",
)
@click.option("--measure", "count", type=click.IntRange(1, 10_000), metavar="N", help="Also clock N points.")
@click.option("--device", default="cpu", help="What to measure on; see: onebyone devices.  [default: cpu]")
@click.option("--dtype", type=click.Choice(get_args(DType)), default="float32", help="[default: float32]")
@click.option("--layout", type=click.Choice(get_args(Layout)), default="nchw", help="[default: nchw]")
@click.option("--batch", type=click.IntRange(1, MAX_BATCH), default=1, help="Samples a call.  [default: 1]")
@click.option("--threads", type=click.IntRange(1, MAX_THREADS), default=1, help="Threads of the CPU.  [default: 1]")
@click.option("--mode", type=click.Choice(get_args(Mode)), default="eager", help="[default: eager]")
@click.option(
    "--budget",
    type=float,
    default=QUICK_BUDGET_S,
    metavar="SECONDS",
    help=f"Time a point, for it and the design beside it.  [default: {QUICK_BUDGET_S:g}]",
)
@click.option("--scheduler", metavar="ADDRESS", help="Measure on the workers of a Dask cluster, one at a time on each.")
@click.option("--fresh", "is_fresh", is_flag=True, help="Also measure again what was measured before.")
@click.option(
    "--journal",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where measured points are kept, so that a sweep can be stopped and goes on.  [default: beside the history]",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=f"Write a {formats.listed_suffixes('sweep')} FILE.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document; times in seconds.")
def command(
    design: str,
    texts: tuple[str, ...],
    count: int | None,
    scheduler: str | None,
    is_fresh: bool,
    journal: Path | None,
    out: Path | None,
    as_json: bool,
    **cell: object,
) -> int:
    """Vary one to three fields of a DESIGN over a grid: weights, MACs and memory of every variant.

    With --measure, N points spread evenly over the grid are clocked as well, each call by call in turn with the design
    as it is. What was measured before, with the same settings on the same machine, is not measured again.
    """
    settings = _settings(cell)
    _check_out(out)
    source = load_source(design)
    sweep = make_sweep(source.design, [parse_variation(text) for text in texts])
    analysis = analyze(source.design, bytes_per_element=BYTES_PER_ELEMENT[settings.dtype])
    if count is not None:
        require_valid(source, analysis)
    found = tuple(points(sweep, analysis, analysis.bytes_per_element))
    measured: dict[int, MeasuredPoint] = {}
    is_whole = True
    if count is not None:
        jobs = _jobs(sweep, found, count, settings, scheduler)
        is_whole = _measure(jobs, measured, settings, scheduler, Journal(journal or default_journal()), is_fresh)
    command_words = _command(source, texts, count, settings, scheduler)
    result = SweepResult(sweep, found, present_point(sweep, analysis), settings, measured, command_words)
    if not is_whole and not any(not point.failure for point in measured.values()):
        return INTERRUPTED
    if out is not None:
        formats.write("sweep", out, result)
    if as_json:
        say_document(sweep_json(result))
    elif out is None:
        _say(result)
    else:
        say(f"{summary_words(result)} Written to {out}.")
    if not is_whole:
        return INTERRUPTED
    return _exit_code(result)


def _exit_code(result: SweepResult) -> int:
    """Errors in single variants are part of the answer; it is an error where no variant, or no point, has one."""
    if result.invalid == len(result.points):
        return DESIGN_HAS_ERRORS
    is_asked = bool(result.measured)
    return UNREADABLE if is_asked and all(point.failure for point in result.measured.values()) else FINE


def _settings(cell: dict[str, object]) -> PointSettings:
    settings = PointSettings(**cell)  # type: ignore[arg-type]
    if not (math.isfinite(settings.budget) and 0 < settings.budget <= 3600):
        raise click.UsageError(f"--budget takes seconds over 0 and up to 3,600, not {settings.budget:g}.")
    return settings


def _check_out(out: Path | None) -> None:
    if out is None:
        return
    formats.find(out.suffix, "sweep")
    safe_file.require_writable(out)


def _jobs(
    sweep: Sweep, found: tuple[Point, ...], count: int, settings: PointSettings, scheduler: str | None
) -> tuple[Job, ...]:
    chosen = spread(sweep, [index for index, point in enumerate(found) if point.is_valid], count)
    return tuple(make_jobs(sweep, chosen, settings, scheduler or this_machine()))


def _measure(
    jobs: tuple[Job, ...],
    measured: dict[int, MeasuredPoint],
    settings: PointSettings,
    scheduler: str | None,
    journal: Journal,
    is_fresh: bool,
) -> bool:
    """Fills in what was measured before and measures the rest; whether it came to its end."""
    known = {} if is_fresh else journal.known(job.key for job in jobs)
    measured.update({job.index: known[job.key] for job in jobs if job.key in known})
    if known:
        days = sorted({point.finished[:10] for point in known.values()} - {""})
        when = f", last on {days[-1]}" if days else ""
        _note(f"{len(known):,} of {len(jobs):,} points were measured before{when}; --fresh measures them again.")
    waiting = [job for job in jobs if job.key not in known]
    if not waiting:
        return True
    indexes = {job.key: job.index for job in waiting}
    live = LiveSweep(len(waiting), settings.budget)
    try:
        with live.shown(), _measuring(waiting, scheduler, live) as finished:
            for point in finished:
                measured[indexes[point.key]] = point
                journal.add(point)
                live.advance()
    except KeyboardInterrupt:
        done = len(measured)
        _note(f"Stopped. {done:,} of {len(jobs):,} points are measured and kept; the same command goes on from there.")
        return False
    reasons = dict.fromkeys(point.failure for point in measured.values() if point.failure)
    for reason in reasons:
        count = sum(point.failure == reason for point in measured.values())
        _note(f"{reason} ({count:,} of {len(jobs):,} points)" if count < len(jobs) else reason)
    return True


@contextmanager
def _measuring(jobs: list[Job], scheduler: str | None, live: LiveSweep) -> Iterator[Iterator[MeasuredPoint]]:
    if scheduler is not None:
        with cluster_executor(scheduler) as executor:
            yield measure_points(executor, jobs, measure_alone)
        return
    local = LocalMeasuring(live.follow)
    # One at a time, as the machine must be quiet.
    executor = ThreadPoolExecutor(1, thread_name_prefix="measuring")
    try:
        yield measure_points(executor, jobs, local)
    finally:
        local.cancel()
        executor.shutdown(wait=True, cancel_futures=True)
        local.close()


def _say(result: SweepResult) -> None:
    indexes = shown_indexes(result, _MOST_ROWS)
    is_timed = bool(result.measured)
    if is_timed:
        say(settings_words(result.settings))
    fronts = [set(result.front(cost)) for cost in COSTS]
    header = (*result.sweep.names, "Parameters", *(COST_TITLES[cost] for cost in COSTS), "Outputs")
    header += ("Latency", "To the design", "Verdict", "Front") if is_timed else ()
    rows = []
    for index in indexes:
        point, measured = result.points[index], result.measured.get(index)
        row = [*(f"{value:,}" for value in point.values), quantity.count(point.parameters)]
        row += [cost_words(cost, cost_of(point, cost)) for cost in COSTS]
        row.append(
            ", ".join(quantity.shape(shape) for shape in point.outputs) if point.is_valid else _short(point.problem)
        )
        if is_timed:
            row += _timed_cells(measured)
            row.append(
                ", ".join(COST_TITLES[cost] for cost, front in zip(COSTS, fronts, strict=True) if index in front)
            )
        rows.append(row)
    say_table(header, rows, numbers_from=0)
    say(summary_words(result))
    if len(indexes) < len(result.points):
        say(f"{len(indexes):,} of {len(result.points):,} variants are shown; --out FILE.csv writes all.")


def _timed_cells(measured: MeasuredPoint | None) -> list[str]:
    if measured is None:
        return ["", "", ""]
    if measured.failure:
        return ["–", "–", "no answer"]
    return [latency_words(measured), interval_words(measured), measured.verdict]


def _short(problem: str) -> str:
    return problem if len(problem) <= _MOST_PROBLEM else f"{problem[: _MOST_PROBLEM - 1]}…"


def _command(
    source: Source, texts: tuple[str, ...], count: int | None, settings: PointSettings, scheduler: str | None
) -> str:
    words = ["onebyone", "sweep", source.word]
    for text in texts:
        words += ["--vary", text]
    if count is not None:
        words += ["--measure", str(count)]
        default = PointSettings()
        for name in settings.__struct_fields__:
            value = getattr(settings, name)
            if value != getattr(default, name):
                words += [f"--{name}", f"{value:g}" if isinstance(value, float) else str(value)]
        words += ["--scheduler", scheduler] if scheduler is not None else []
    return shlex.join(words)


def _note(words: str) -> None:
    click.echo(f"onebyone: {one_line(words)}", err=True)

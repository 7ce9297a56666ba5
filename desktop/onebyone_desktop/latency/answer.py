"""A measurement in words: the figure, the verdict, the ratios, the small print."""

import msgspec

from onebyone.analysis import Analysis, analyze
from onebyone.measurement.cells import cell_words
from onebyone.measurement.disproportion import disproportions
from onebyone.measurement.explanation import explanation
from onebyone.measurement.memory_difference import memory_words
from onebyone.measurement.records import Measurement, MeasurementRequest, Ratio, Run
from onebyone.measurement.roofline import place, whole_words
from onebyone.quantity import UNKNOWN, duration, percent
from onebyone.text import visible

_VERDICTS = {
    "quiet": "quiet: the machine was still, the figure can be quoted",
    "usable": "usable: some samples were disturbed and left out",
    "disturbed": "disturbed: the machine was busy, take it as a hint",
    "refused": "refused: too few undisturbed samples for an answer",
}


class Headline(msgspec.Struct, frozen=True):
    """The large figure and the verdict below it."""

    figure: str
    verdict: str


def headline(run: Run) -> Headline:
    """The median with its 95 % interval, or the range where an answer was refused."""
    verdict = _VERDICTS[run.verdict] + (f" ({run.reason.rstrip('.')})" if run.reason else "") + "."
    if run.median is None or run.ci is None:
        return Headline(f"{duration(run.raw.min)} to {duration(run.raw.max)}", verdict)
    return Headline(interval(run.median, run.ci), verdict)


def interval(median: float, ci: tuple[float, float]) -> str:
    """A time with its interval: "7.02 [6.98, 7.05] ms"."""
    figure, unit = duration(median).split(" ")
    scale = {"s": 1.0, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9}[unit]
    digits = len(figure.partition(".")[2])
    return f"{figure} [{ci[0] / scale:.{digits}f}, {ci[1] / scale:.{digits}f}] {unit}"


def ratio_lines(request: MeasurementRequest, measurement: Measurement) -> list[str]:
    """The ratios to the first design, each with its interval and its verdict, and with what explains it."""
    lines: list[str] = []
    for ratio in measurement.ratios:
        why = explanation(request, measurement.runs, ratio)
        lines += [_ratio_line(ratio), why] if why else [_ratio_line(ratio)]
    return lines


def answer_lines(request: MeasurementRequest, measurement: Measurement, run: Run, analysis: Analysis) -> list[str]:
    """All that is said below the verdict of a run: the ratios first, then the small print."""
    ratios = ratio_lines(request, measurement)
    if ratios:
        ratios += remark_lines(request, measurement)
    return [*ratios, *([""] if ratios else []), *small_print(run, measurement, analysis)]


def _interval_is_over(run: Run, measurement: Measurement) -> str:
    over = f"{len(run.processes)} fresh processes" if run.processes else f"{len(run.rounds)} rounds of one process"
    words = f"the 95 % interval is over {over}"
    if measurement.resolution is not None:
        words += f"; copies of one design came out {percent(measurement.resolution)} apart"
    return words


def remark_lines(request: MeasurementRequest, measurement: Measurement) -> list[str]:
    """Why MACs cannot foresee the ratio: the nodes that have few of them and take much time, in each design."""
    lines = []
    for design, run in zip(request.designs, measurement.runs, strict=False):
        names = {node.id: visible(node.name) for node in design.nodes}
        found = disproportions(analyze(design), run)
        parts = [f"{names[name]} takes {percent(node.time_share)} of the time" for name, node in found.items()]
        if parts:
            lines.append(f"{visible(run.design)}: {', '.join(parts)} and has few of the MACs.")
    return lines


def interval_of_ratio(ratio: Ratio) -> str:
    """A ratio with its interval: "1.45 [1.42, 1.48]×"; a dash where there is none."""
    if ratio.ratio is None or ratio.ci is None:
        return UNKNOWN
    return f"{ratio.ratio:.2f} [{ratio.ci[0]:.2f}, {ratio.ci[1]:.2f}]×"


def _ratio_line(ratio: Ratio) -> str:
    if ratio.ratio is None or ratio.ci is None:
        return f"{ratio.of} against {ratio.to}: {ratio.verdict}"
    return (
        f"{ratio.of} takes {ratio.ratio:.2f} [{ratio.ci[0]:.2f}, {ratio.ci[1]:.2f}] times as long as {ratio.to}:"
        f" {ratio.verdict}"
    )


def small_print(run: Run, measurement: Measurement, analysis: Analysis) -> list[str]:
    """What was asked, how many samples answered, and where."""
    lines = [
        cell_words(run),
        _interval_is_over(run, measurement),
        f"{run.clean_samples:,} of {run.samples:,} samples clean, {len(run.rounds)} rounds;"
        f" raw median {duration(run.raw.median)}, fastest {duration(run.raw.min)}",
        f"first call {duration(run.first_call)}, largest error against plain float32 {run.largest_error:.1e}",
    ]
    if run.compile_seconds is not None:
        lines.append(f"compiling took {duration(run.compile_seconds)}, which is not part of the figure")
    if run.device_median is not None:
        lines.append(f"{duration(run.device_median)} on the device's own clock")
    memory = memory_words(analysis, run)
    if memory:
        lines.append(memory)
    if measurement.roofs is not None:
        lines.append(whole_words(place(analysis, run, measurement.roofs), run))
    environment = measurement.environment
    lines.append(f"{environment.get('cpu', 'unknown CPU')}, torch {environment.get('torch', '?')}")
    return lines

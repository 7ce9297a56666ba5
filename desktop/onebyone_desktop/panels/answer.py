"""A measurement in words: the figure, the verdict, the ratios, the small print."""

import msgspec

from onebyone.explanation import explanation
from onebyone.measurement import Measurement, MeasurementRequest, Ratio, Run
from onebyone.quantity import byte_size, duration

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


def _ratio_line(ratio: Ratio) -> str:
    if ratio.ratio is None or ratio.ci is None:
        return f"{ratio.of} against {ratio.to}: {ratio.verdict}"
    return (
        f"{ratio.of} takes {ratio.ratio:.2f} [{ratio.ci[0]:.2f}, {ratio.ci[1]:.2f}] times as long as {ratio.to}:"
        f" {ratio.verdict}"
    )


def small_print(run: Run, measurement: Measurement) -> list[str]:
    """What was asked, how many samples answered, and where."""
    threads = "1 thread" if run.threads == 1 else f"{run.threads} threads"
    lines = [
        f"{run.device} · {run.dtype} · {'NCHW' if run.layout == 'nchw' else 'channels last'} · batch {run.batch}"
        f" · {threads} · {run.mode}",
        f"{run.clean_samples:,} of {run.samples:,} samples clean, {len(run.rounds)} rounds;"
        f" raw median {duration(run.raw.median)}, fastest {duration(run.raw.min)}",
        f"first call {duration(run.first_call)}, largest error {run.largest_error:.1e}",
    ]
    if run.peak_bytes is not None:
        lines.append(f"measured peak memory {byte_size(run.peak_bytes)}")
    environment = measurement.environment
    lines.append(f"{environment.get('cpu', 'unknown CPU')}, torch {environment.get('torch', '?')}")
    return lines

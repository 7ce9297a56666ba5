"""A report as a spreadsheet: blocks of rows, each with its own header, the block's name in the first column."""

from collections.abc import Iterator

from onebyone.reports.escaping import Cell, csv_text
from onebyone.reports.report import Report

Row = tuple[Cell, ...]


def render_csv(report: Report) -> str:
    """The report with every raw sample; times are in seconds, an empty row stands between blocks."""
    blocks = (_facts(report), _runs(report), _ratios(report), _totals(report), _nodes(report), _samples(report))
    rows: list[Row] = []
    for block in blocks:
        rows += [*block, ()]
    return csv_text(rows[:-1])


def _facts(report: Report) -> Iterator[Row]:
    yield "block", "what", "value"
    for fact in report.question:
        yield "question", fact.label, fact.value
    for fact in report.environment:
        yield "environment", fact.label, fact.value
    yield "command", "", report.command


def _runs(report: Report) -> Iterator[Row]:
    yield (
        "block", "design", "verdict", "reason", "median_s", "ci_low_s", "ci_high_s", "raw_median_s", "raw_p5_s",
        "raw_p95_s", "raw_min_s", "raw_max_s", "first_call_s", "samples", "clean_samples", "outliers", "peak_bytes",
        "unattributed_s", "digest",
    )  # fmt: skip
    for section in report.sections:
        run, raw = section.run, section.run.raw
        low, high = run.ci or (None, None)
        yield (
            "run", section.title, run.verdict, run.reason, run.median, low, high, raw.median, raw.p5,
            raw.p95, raw.min, raw.max, run.first_call, run.samples, run.clean_samples, run.outliers, run.peak_bytes,
            run.unattributed, run.digest,
        )  # fmt: skip


def _ratios(report: Report) -> Iterator[Row]:
    yield "block", "of", "to", "ratio", "ci_low", "ci_high", "verdict"
    for ratio in report.measurement.ratios:
        low, high = ratio.ci or (None, None)
        yield "ratio", ratio.of, ratio.to, ratio.ratio, low, high, ratio.verdict


def _totals(report: Report) -> Iterator[Row]:
    yield (
        "block",
        "design",
        "weights",
        "biases",
        "norm",
        "parameters",
        "macs",
        "activation_bytes",
        "peak_activation_bytes",
    )
    for section in report.sections:
        sums = section.summary.totals
        yield (
            "total", section.title, sums.weights, sums.biases, sums.norm, sums.parameters, sums.macs,
            sums.activation_bytes, sums.peak_activation_bytes,
        )  # fmt: skip


def _nodes(report: Report) -> Iterator[Row]:
    yield (
        "block", "design", "node", "title", "type", "shape", "parameters", "macs", "activation_bytes", "median_s",
        "share",
    )  # fmt: skip
    for section in report.sections:
        for node in section.nodes:
            shape = "" if node.shape is None else "x".join(str(axis) for axis in node.shape)
            yield (
                "node", section.title, node.id, node.name, node.type_name, shape, node.parameters, node.macs,
                node.activation_bytes, node.median, node.share,
            )  # fmt: skip


def _samples(report: Report) -> Iterator[Row]:
    yield "block", "design", "number", "seconds", "clean"
    for section in report.sections:
        run = section.run
        flags = run.clean or (None,) * len(run.samples_seconds)
        for number, (seconds, is_clean) in enumerate(zip(run.samples_seconds, flags, strict=True), 1):
            yield "sample", section.title, number, seconds, is_clean

"""A report as a spreadsheet: blocks of rows, each with its own header, the block's name in the first column."""

from collections.abc import Iterator

from onebyone.measurement.cells import cell_words
from onebyone.node_table import columns
from onebyone.reports.escaping import Cell, csv_text
from onebyone.reports.report import Report

Row = tuple[Cell, ...]


def render_csv(report: Report) -> str:
    """The report with every raw sample; times are in seconds, an empty row stands between blocks."""
    blocks = (
        _facts(report),
        _cells(report),
        _runs(report),
        _ratios(report),
        _totals(report),
        _nodes(report),
        _samples(report),
    )
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


def _cells(report: Report) -> Iterator[Row]:
    yield "block", "cell", "design", "median", "interval", "verdict", "clean", "ratio", "ratio_by_macs"
    for line in report.table:
        yield (
            "cell", line.cell, line.design, line.median, line.interval, line.verdict, line.clean, line.ratio,
            line.predicted,
        )  # fmt: skip


def _runs(report: Report) -> Iterator[Row]:
    yield (
        "block", "design", "device", "dtype", "layout", "batch", "threads", "mode", "form", "verdict", "reason",
        "median_s", "ci_low_s", "ci_high_s", "raw_median_s", "raw_p5_s", "raw_p95_s", "raw_min_s", "raw_max_s",
        "first_call_s", "samples", "clean_samples", "outliers", "peak_bytes", "estimated_peak_bytes", "unattributed_s",
        "digest",
    )  # fmt: skip
    for section in report.sections:
        run, raw = section.run, section.run.raw
        low, high = run.ci or (None, None)
        yield (
            "run", section.title, run.device, run.dtype, run.layout, run.batch, run.threads, run.mode, run.form,
            run.verdict, run.reason, run.median, low, high, raw.median, raw.p5, raw.p95, raw.min, raw.max,
            run.first_call, run.samples, run.clean_samples, run.outliers, run.peak_bytes, run.estimated_peak_bytes,
            run.unattributed, run.digest,
        )  # fmt: skip


def _ratios(report: Report) -> Iterator[Row]:
    yield "block", "cell", "of", "to", "ratio", "ci_low", "ci_high", "verdict"
    for cell in report.cells:
        for ratio in cell.measurement.ratios:
            low, high = ratio.ci or (None, None)
            yield "ratio", cell_words(cell.request), ratio.of, ratio.to, ratio.ratio, low, high, ratio.verdict


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
    shown = columns("report sheet")
    yield "block", "design", "node", *(column.key for column in shown)
    for section in report.sections:
        for row in section.nodes:
            cells = (column.sheet_cell(column.value(row)) for column in shown)
            yield "node", section.title, row.node.id, *cells


def _samples(report: Report) -> Iterator[Row]:
    yield "block", "design", "number", "seconds", "clean"
    for section in report.sections:
        run = section.run
        flags = run.clean or (None,) * len(run.samples_seconds)
        for number, (seconds, is_clean) in enumerate(zip(run.samples_seconds, flags, strict=True), 1):
            yield "sample", section.title, number, seconds, is_clean

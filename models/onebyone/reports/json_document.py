"""A report as one JSON document: the figures of `measure --json` and what they answer."""

import msgspec

from onebyone.measurement import Ratio, Run
from onebyone.reports.report import Fact, Report
from onebyone.summary import Summary


class _Document(msgspec.Struct, frozen=True):
    title: str
    question: dict[str, str]
    command: str
    environment: dict[str, object]
    runs: tuple[Run, ...]
    ratios: tuple[Ratio, ...]
    designs: tuple[Summary, ...]


def render_json(report: Report) -> str:
    """The report with every raw sample; times are in seconds."""
    measurement = report.measurement
    document = _Document(
        title=report.title,
        question=_by_label(report.question),
        command=report.command,
        environment=measurement.environment,
        runs=measurement.runs,
        ratios=measurement.ratios,
        designs=tuple(section.summary for section in report.sections),
    )
    return msgspec.json.format(msgspec.json.encode(document), indent=1).decode() + "\n"


def _by_label(facts: tuple[Fact, ...]) -> dict[str, str]:
    return {fact.label: fact.value for fact in facts}

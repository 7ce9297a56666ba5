"""A report as one JSON document, and a measurement read from one: the way from machine to machine.

The document has the figures of `measure --json` and, besides:

- `report`: the version of this format, 1;
- `title`, `question`, `command`: what was asked, in words, and the command that asks it again;
- `request`: what was asked, as data, with the whole designs (as in a design file, without its version);
- `environment`, `runs`, `ratios`, `resolution`: the measurement with all samples; times are in seconds a call;
- `designs`: for each design the document of `summary --json`.

Reading takes `report`, `request` and the measurement; the rest is for people and other programs.
"""

from typing import Any

import msgspec

from onebyone.errors import HistoryError
from onebyone.measurement import Measurement, MeasurementRequest, Ratio, Run
from onebyone.reports.report import Fact, Report
from onebyone.storage import dumps, loads
from onebyone.summary import Summary

REPORT_VERSION = 1
MAX_BYTES = 128 * 2**20


class _Document(msgspec.Struct, frozen=True):
    report: int
    title: str
    question: dict[str, str]
    command: str
    request: MeasurementRequest
    environment: dict[str, Any]
    runs: tuple[Run, ...]
    ratios: tuple[Ratio, ...]
    resolution: float | None
    designs: tuple[Summary, ...]


class _Imported(msgspec.Struct, frozen=True):
    request: MeasurementRequest
    environment: dict[str, Any]
    runs: tuple[Run, ...]
    ratios: tuple[Ratio, ...] = ()
    resolution: float | None = None


class _Outline(msgspec.Struct, frozen=True):
    report: int = 0


def render_json(report: Report) -> str:
    """The report with every raw sample; times are in seconds."""
    measurement = report.measurement
    document = _Document(
        report=REPORT_VERSION,
        title=report.title,
        question=_by_label(report.question),
        command=report.command,
        request=report.request,
        environment=measurement.environment,
        runs=measurement.runs,
        ratios=measurement.ratios,
        resolution=measurement.resolution,
        designs=tuple(section.summary for section in report.sections),
    )
    return msgspec.json.format(msgspec.json.encode(document), indent=1).decode() + "\n"


def read_json(data: bytes) -> tuple[MeasurementRequest, Measurement]:
    """The measurement in a JSON report, and what it was asked for.

    Raises:
        HistoryError: The bytes hold none; the text says why.
    """
    if len(data) > MAX_BYTES:
        raise HistoryError(f"It has {len(data):,} bytes, and a JSON report has at most {MAX_BYTES:,}.")
    try:
        version = msgspec.json.decode(data, type=_Outline).report
        if version > REPORT_VERSION:
            raise HistoryError(
                f"It has report version {version}, and this OneByOne reads up to {REPORT_VERSION};"
                " a newer OneByOne reads it."
            )
        if version < 1:
            raise HistoryError("It is no JSON report of OneByOne: it lacks the report version.")
        found = msgspec.json.decode(data, type=_Imported)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise HistoryError(f"It is no JSON report of OneByOne: {error}.") from error
    if len(found.runs) != len(found.request.designs):
        raise HistoryError(
            f"It has {len(found.runs)} runs of {len(found.request.designs)} designs; each design has one run."
        )
    # Through the checks of a design file: what opens here has been read as strictly as any file.
    designs = tuple(loads(dumps(design)) for design in found.request.designs)
    request = msgspec.structs.replace(found.request, designs=designs)
    return request, Measurement(found.environment, found.runs, found.ratios, found.resolution)


def _by_label(facts: tuple[Fact, ...]) -> dict[str, str]:
    return {fact.label: fact.value for fact in facts}

"""A report as one JSON document, and the cells read from one: the way from machine to machine.

Version 2 of the document has the figures of `measure --json` and, besides:

- `report`: the version of this format, 2;
- `title`, `question`, `command`: what was asked, in words, and the command that asks it again;
- `environment`, `ratios`, `resolution`: of the first cell; `runs`: those of all cells, in their order, with all
  samples; times are in seconds a call;
- `cells`: for each cell of the matrix `request` (what was asked, with the whole designs as in a design file, without
  its version), `environment`, `ratios`, `resolution`, `copy_rounds` and `roofs`; its runs are the next of `runs`, one
  a design;
- `designs`: for each run the document of `summary --json`.

Version 1 had one cell: `request` stood beside `environment`, `runs`, `ratios` and `resolution`. It is read too.
Reading takes `report`, `runs` and `cells`; the rest is for people and other programs.
"""

from itertools import islice
from typing import Any

import msgspec

from onebyone.errors import HistoryError
from onebyone.files.storage import dumps, loads
from onebyone.measurement.records import MeasuredCell, Measurement, MeasurementRequest, Ratio, Roofs, Run
from onebyone.reports.facts import Fact
from onebyone.reports.report import Report
from onebyone.reports.summary_tables import summary_document

REPORT_VERSION = 2
MAX_BYTES = 128 * 2**20


class _Cell(msgspec.Struct, frozen=True):
    """A cell without its runs."""

    request: MeasurementRequest
    environment: dict[str, Any]
    ratios: tuple[Ratio, ...] = ()
    resolution: float | None = None
    copy_rounds: tuple[float, ...] = ()
    roofs: Roofs | None = None


class _Document(msgspec.Struct, frozen=True):
    report: int
    title: str
    question: dict[str, str]
    command: str
    environment: dict[str, Any]
    runs: tuple[Run, ...]
    ratios: tuple[Ratio, ...]
    resolution: float | None
    cells: tuple[_Cell, ...]
    designs: tuple[dict[str, Any], ...]


class _Imported(msgspec.Struct, frozen=True):
    runs: tuple[Run, ...]
    cells: tuple[_Cell, ...]


class _ImportedVersion1(msgspec.Struct, frozen=True):
    request: MeasurementRequest
    environment: dict[str, Any]
    runs: tuple[Run, ...]
    ratios: tuple[Ratio, ...] = ()
    resolution: float | None = None

    def renewed(self) -> _Imported:
        """The same as it is written today."""
        return _Imported(self.runs, (_Cell(self.request, self.environment, self.ratios, self.resolution),))


class _Outline(msgspec.Struct, frozen=True):
    report: int = 0


def render_json(report: Report) -> str:
    """The report with every raw sample; times are in seconds."""
    first = report.cells[0].measurement
    document = _Document(
        report=REPORT_VERSION,
        title=report.title,
        question=_by_label(report.question),
        command=report.command,
        environment=first.environment,
        runs=tuple(run for cell in report.cells for run in cell.measurement.runs),
        ratios=first.ratios,
        resolution=first.resolution,
        cells=tuple(_without_runs(cell) for cell in report.cells),
        designs=tuple(summary_document(section.summary) for section in report.sections),
    )
    return msgspec.json.format(msgspec.json.encode(document), indent=1).decode() + "\n"


def _without_runs(cell: MeasuredCell) -> _Cell:
    found = cell.measurement
    return _Cell(cell.request, found.environment, found.ratios, found.resolution, found.copy_rounds, found.roofs)


def read_json(data: bytes) -> tuple[MeasuredCell, ...]:
    """The cells in a JSON report, each with what it was asked for.

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
        if version == 1:
            found = msgspec.json.decode(data, type=_ImportedVersion1).renewed()
        else:
            found = msgspec.json.decode(data, type=_Imported)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise HistoryError(f"It is no JSON report of OneByOne: {error}.") from error
    expected = sum(len(cell.request.designs) for cell in found.cells)
    if not found.cells or len(found.runs) != expected:
        raise HistoryError(f"It has {len(found.runs)} runs of {expected} designs; each design has one run.")
    runs = iter(found.runs)
    return tuple(_with_runs(cell, tuple(islice(runs, len(cell.request.designs)))) for cell in found.cells)


def _with_runs(cell: _Cell, runs: tuple[Run, ...]) -> MeasuredCell:
    # Through the checks of a design file: what opens here has been read as strictly as any file.
    designs = tuple(loads(dumps(design)) for design in cell.request.designs)
    request = msgspec.structs.replace(cell.request, designs=designs)
    found = Measurement(cell.environment, runs, cell.ratios, cell.resolution, cell.copy_rounds, cell.roofs)
    return MeasuredCell(request, found)


def _by_label(facts: tuple[Fact, ...]) -> dict[str, str]:
    return {fact.label: fact.value for fact in facts}

"""The one model that every renderer of a latency report reads."""

from collections.abc import Iterator, Sequence
from itertools import chain

import msgspec

from onebyone import quantity
from onebyone.analysis import Analysis, analyze
from onebyone.design import Design
from onebyone.measurement.cells import cell_words, telling_words
from onebyone.measurement.memory_difference import memory_words
from onebyone.measurement.records import BYTES_PER_ELEMENT, MeasuredCell, Ratio, Roofs, Run
from onebyone.measurement.roofline import PlacedNode, place, whole_words
from onebyone.node_table import NodeRow, node_rows
from onebyone.reports.facts import (
    Fact,
    answer_of,
    command_words,
    environment_facts,
    question_facts,
    ratio_fact,
    ratio_facts,
    run_facts,
    titled,
    verdict_of,
)
from onebyone.summary import Summary, summarize


class Section(msgspec.Struct, frozen=True):
    """One measured design in one cell; `title` names the cell too where there are several."""

    title: str
    run: Run
    summary: Summary
    nodes: tuple[NodeRow, ...]
    answer: str
    verdict: str
    facts: tuple[Fact, ...]
    roofs: Roofs | None = None
    placed: tuple[PlacedNode, ...] = ()


CELL_HEADINGS = ("Cell", "Design", "Verdict", "Median", "95 % interval", "Clean", "Ratio", "MACs say")


class CellLine(msgspec.Struct, frozen=True):
    """A line of the table over all cells: one design in one cell, and its ratio to the first design there."""

    cell: str
    design: str
    median: str
    interval: str
    verdict: str
    clean: str
    ratio: str
    predicted: str

    @property
    def words(self) -> tuple[str, ...]:
        """The line below `CELL_HEADINGS`."""
        return (
            self.cell, self.design, self.verdict, self.median, self.interval, self.clean, self.ratio, self.predicted
        )  # fmt: skip


class Report(msgspec.Struct, frozen=True):
    """A run of the matrix with all that is needed to judge it and to make it again; never an average over cells."""

    title: str
    setting: str
    question: tuple[Fact, ...]
    table: tuple[CellLine, ...]
    sections: tuple[Section, ...]
    ratios: tuple[Fact, ...]
    environment: tuple[Fact, ...]
    command: str
    cells: tuple[MeasuredCell, ...]


def longest_end(sections: Sequence[Section]) -> float:
    """The largest end of their intervals, in seconds: the scale of bars that stand together; 0 where none has one."""
    return max((section.run.ci[1] for section in sections if section.run.ci), default=0.0)


def make_report(cells: Sequence[MeasuredCell], sources: Sequence[str] | None = None) -> Report:
    """The report of one or several cells.

    Args:
        cells: What was asked for and answered, at least one; all have the same designs in the same order.
        sources: What to call the designs on the command line, a path or gallery:NAME each.
    """
    requests = [cell.request for cell in cells]
    shared, own = environment_facts([cell.measurement.environment for cell in cells])
    tellings = telling_words(requests) if len(cells) > 1 else ("",)
    names = [run.design or "Untitled" for run in cells[0].measurement.runs]
    return Report(
        title=f"Latency of {_listed(names)}",
        setting=cell_words(requests[0]) if len(cells) == 1 else f"{len(cells)} cells: {'; '.join(tellings)}",
        question=question_facts(cells),
        table=tuple(chain.from_iterable(_table(cell, words) for cell, words in zip(cells, tellings, strict=True))),
        sections=tuple(chain.from_iterable(_sections(*each) for each in zip(cells, tellings, own, strict=True))),
        ratios=tuple(chain.from_iterable(ratio_facts(*pair) for pair in zip(cells, tellings, strict=True))),
        environment=shared,
        command=command_words(requests, sources or [f"{name}.1x1" for name in names]),
        cells=tuple(cells),
    )


def _sections(cell: MeasuredCell, telling: str, own: tuple[Fact, ...]) -> Iterator[Section]:
    pairs = zip(cell.request.designs, cell.measurement.runs, strict=True)
    return (_section(design, run, cell.measurement.roofs, telling, own) for design, run in pairs)


def _section(design: Design, run: Run, roofs: Roofs | None, telling: str, own: tuple[Fact, ...]) -> Section:
    analysis = analyze(design, bytes_per_element=BYTES_PER_ELEMENT[run.dtype])
    summary = summarize(design, analysis)
    placed = place(analysis, run, roofs) if roofs is not None else ()
    facts = run_facts(run, summary)
    memory = memory_words(analysis, run)
    if memory:
        facts += (Fact("Memory", memory),)
    if placed:
        facts += (Fact("Distance to the roof", whole_words(placed, run)),)
    return Section(
        title=titled(run.design or design.name or "Untitled", telling),
        run=run,
        summary=summary,
        nodes=node_rows(analysis, _measured_ids(analysis), run, placed),
        answer=answer_of(run),
        verdict=verdict_of(run),
        facts=facts + own,
        roofs=roofs,
        placed=placed,
    )


def _measured_ids(analysis: Analysis) -> Iterator[str]:
    """The nodes that run, in the order of the forward pass."""
    return (name for name in analysis.order if not analysis.topology.nodes[name].bypassed)


def _table(cell: MeasuredCell, telling: str) -> Iterator[CellLine]:
    macs = [analyze(design).totals.macs for design in cell.request.designs]
    for run, ratio, own in zip(cell.measurement.runs, _ratios_by_place(cell), macs, strict=True):
        yield CellLine(
            cell=telling or cell_words(cell.request),
            design=run.design or "Untitled",
            median=quantity.duration(run.median) if run.median is not None else "no figure",
            interval=quantity.duration_range(run.ci),
            verdict=run.verdict,
            clean=quantity.percent(run.clean_samples / run.samples) if run.samples else quantity.UNKNOWN,
            ratio="" if ratio is None else ratio_fact(ratio, "").value,
            predicted="" if ratio is None else _macs_ratio(own, macs[0]),
        )


def _ratios_by_place(cell: MeasuredCell) -> tuple[Ratio | None, ...]:
    """For each run its ratio to the first; designs may share a name, so that only the place tells them apart."""
    found = cell.measurement
    if len(found.ratios) == len(found.runs) - 1:
        return (None, *found.ratios)
    return (None,) * len(found.runs)


def _macs_ratio(macs: int | None, base: int | None) -> str:
    return quantity.ratio(macs / base) if macs and base else ""


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

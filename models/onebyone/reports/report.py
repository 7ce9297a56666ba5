"""The one model that every renderer of a latency report reads."""

import shlex
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import msgspec

from onebyone import quantity
from onebyone.analysis import analyze
from onebyone.cells import cell_words, telling_words
from onebyone.design import Design
from onebyone.explanation import explanation
from onebyone.measurement import MeasuredCell, MeasurementRequest, Ratio, Roofs, Run
from onebyone.memory_difference import memory_words
from onebyone.roofline import BYTES, PlacedNode, place, whole_words
from onebyone.shape import Shape
from onebyone.summary import Summary, summarize

_LAYOUTS = {"nchw": "NCHW (contiguous)", "channels_last": "channels last"}
_HINTS = {"quiet": "", "usable": "", "disturbed": "Take it as a hint.", "refused": "Only a range can be given."}
_COMPARISONS = {
    "faster": "faster",
    "slower": "slower",
    "same": "as fast, within the resolution",
    "cannot tell": "cannot tell",
}
_LABELS = {
    "cpu": "CPU",
    "cpu_limit": "CPU limit",
    "torch": "PyTorch",
    "torch_build": "PyTorch build",
    "onebyone": "OneByOne",
}


class Fact(msgspec.Struct, frozen=True):
    """A label and its value in words."""

    label: str
    value: str


class NodeLine(msgspec.Struct, frozen=True):
    """What a node costs beside what it takes; times are of the whole batch, in seconds a call."""

    id: str
    name: str
    type_name: str
    shape: Shape | None
    parameters: int | None
    macs: int | None
    macs_share: float | None
    activation_bytes: int | None
    median: float | None
    share: float | None


class Section(msgspec.Struct, frozen=True):
    """One measured design in one cell; `title` names the cell too where there are several."""

    title: str
    run: Run
    summary: Summary
    nodes: tuple[NodeLine, ...]
    answer: str
    verdict: str
    facts: tuple[Fact, ...]
    roofs: Roofs | None = None
    placed: tuple[PlacedNode, ...] = ()


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


def make_report(cells: Sequence[MeasuredCell], sources: Sequence[str] | None = None) -> Report:
    """The report of one or several cells.

    Args:
        cells: What was asked for and answered, at least one; all have the same designs in the same order.
        sources: What to call the designs on the command line, a path or gallery:NAME each.
    """
    requests = [cell.request for cell in cells]
    tellings = telling_words(requests) if len(cells) > 1 else ("",)
    names = [run.design or "Untitled" for run in cells[0].measurement.runs]
    return Report(
        title=f"Latency of {_listed(names)}",
        setting=cell_words(requests[0]) if len(cells) == 1 else f"{len(cells)} cells: {'; '.join(tellings)}",
        question=_question(cells),
        table=tuple(chain.from_iterable(_table(cell, words) for cell, words in zip(cells, tellings, strict=True))),
        sections=tuple(chain.from_iterable(_sections(*pair) for pair in zip(cells, tellings, strict=True))),
        ratios=tuple(chain.from_iterable(_ratios(*pair) for pair in zip(cells, tellings, strict=True))),
        environment=environment_facts(cells[0].measurement.environment),
        command=_command(requests, sources or [f"{name}.1x1" for name in names]),
        cells=tuple(cells),
    )


def answer_of(run: Run) -> str:
    """The result of a run in one sentence."""
    if run.median is None or run.ci is None:
        low, high = quantity.duration(run.raw.min), quantity.duration(run.raw.max)
        return f"No figure: single calls took from {low} to {high}."
    low, high = (quantity.duration(end) for end in run.ci)
    return f"{quantity.duration(run.median)} a call; the 95 % interval is {low} to {high}."


def verdict_of(run: Run) -> str:
    """How far a run can be trusted: the verdict, what it means, and the reason that the worker gave."""
    return " ".join(part for part in (f"{run.verdict.capitalize()}.", _HINTS[run.verdict], run.reason.strip()) if part)


def environment_facts(environment: dict[str, Any]) -> tuple[Fact, ...]:
    """What is known of a machine, in words."""
    return tuple(Fact(_label(key), _words(value)) for key, value in environment.items())


def _sections(cell: MeasuredCell, telling: str) -> Iterator[Section]:
    pairs = zip(cell.request.designs, cell.measurement.runs, strict=True)
    return (_section(design, run, cell.measurement.roofs, telling) for design, run in pairs)


def _section(design: Design, run: Run, roofs: Roofs | None, telling: str) -> Section:
    analysis = analyze(design, bytes_per_element=BYTES[run.dtype])
    summary = summarize(design, analysis)
    total = summary.totals.macs
    times = {time.id: time for time in run.nodes}
    rows = {row.id: row for row in summary.nodes}
    nodes = design.nodes_by_id()
    lines = []
    for node_id in analysis.order:
        if nodes[node_id].bypassed:
            continue
        row, time = rows[node_id], times.get(node_id)
        lines.append(
            NodeLine(
                id=node_id,
                name=nodes[node_id].name,
                type_name=nodes[node_id].layer.type_name,
                shape=row.shape,
                parameters=row.parameters,
                macs=row.macs,
                macs_share=row.macs / total if total and row.macs is not None else None,
                activation_bytes=row.activation_bytes,
                median=None if time is None else time.median,
                share=None if time is None else time.share,
            )
        )
    placed = place(analysis, run, roofs) if roofs is not None else ()
    facts = _run_facts(run, summary)
    memory = memory_words(analyze(design), run)
    if memory:
        facts += (Fact("Memory", memory),)
    if placed:
        facts += (Fact("Distance to the roof", whole_words(placed, run)),)
    title = _titled(run.design or design.name or "Untitled", telling)
    return Section(title, run, summary, tuple(lines), answer_of(run), verdict_of(run), facts, roofs, placed)


def _titled(name: str, telling: str) -> str:
    return f"{name} · {telling}" if telling else name


def _table(cell: MeasuredCell, telling: str) -> Iterator[CellLine]:
    measurement = cell.measurement
    ratios = {ratio.of: ratio for ratio in measurement.ratios}
    macs = [analyze(design).totals.macs for design in cell.request.designs]
    for run, own in zip(measurement.runs, macs, strict=True):
        ratio = ratios.get(run.design)
        yield CellLine(
            cell=telling or cell_words(cell.request),
            design=run.design or "Untitled",
            median=quantity.duration(run.median) if run.median is not None else "no figure",
            interval=quantity.duration_range(run.ci),
            verdict=run.verdict,
            clean=quantity.percent(run.clean_samples / run.samples) if run.samples else quantity.UNKNOWN,
            ratio="" if ratio is None else _ratio(ratio, "").value,
            predicted="" if ratio is None else _macs_ratio(own, macs[0]),
        )


def _macs_ratio(macs: int | None, base: int | None) -> str:
    return quantity.ratio(macs / base) if macs and base else ""


def _question(cells: Sequence[MeasuredCell]) -> tuple[Fact, ...]:
    requests = [cell.request for cell in cells]
    runs = [run for cell in cells for run in cell.measurement.runs]
    shapes = dict.fromkeys(shape for run in runs for shape in run.input_shapes)
    first = requests[0]
    form = "trusted: fresh processes, one after the other" if first.form == "trusted" else "quick: one process"
    facts = [
        Fact("Device", _each(request.device for request in requests)),
        Fact("Data type", _each(request.dtype for request in requests)),
        Fact("Memory layout", _each(_LAYOUTS[request.layout] for request in requests)),
        Fact("Batch", _each(f"{request.batch:,}" for request in requests)),
        Fact("Threads", _each(str(run.threads) for run in runs)),
        Fact("Mode", _each(request.mode for request in requests)),
        Fact("Form", form),
        Fact("The interval is over", _interval_is_over(runs)),
        Fact("Time budget of a cell", f"{first.budget:g} s"),
    ]
    if shapes:
        facts.append(Fact("Inputs", ", ".join(quantity.shape(shape) for shape in shapes)))
    return tuple(facts)


def _each(values: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(values))


def _interval_is_over(runs: Sequence[Run]) -> str:
    if any(run.form == "trusted" for run in runs):
        return "the medians of fresh processes, at 95 %"
    return (
        "the medians of the rounds of one process, at 95 %; another process can come out further away,"
        " which a trusted measurement shows"
    )


def _run_facts(run: Run, summary: Summary) -> tuple[Fact, ...]:
    raw = run.raw
    facts = [
        Fact("Samples", f"{run.samples:,}, of which {run.clean_samples:,} clean; {run.outliers:,} outliers kept"),
        Fact("Calls a sample", f"{run.calls_per_sample:,}"),
        Fact("Raw median", quantity.duration(raw.median)),
        Fact("Raw 5 % to 95 %", f"{quantity.duration(raw.p5)} to {quantity.duration(raw.p95)}"),
        Fact("Raw range", f"{quantity.duration(raw.min)} to {quantity.duration(raw.max)}"),
        Fact("Medians of the rounds", ", ".join(quantity.duration(value) for value in run.rounds) or quantity.UNKNOWN),
        Fact("First call", quantity.duration(run.first_call)),
        *_special_facts(run),
        Fact("Waited for a processor", quantity.duration(run.delay_seconds)),
        Fact("Involuntary switches", f"{run.switches:,}"),
        Fact("Warm-up", f"{run.warm_up_calls:,} calls, {'settled' if run.is_settled else 'not settled'}"),
        Fact("Peak memory, measured", quantity.byte_size(run.peak_bytes)),
        Fact("Peak memory, estimated by liveness", quantity.byte_size(run.estimated_peak_bytes)),
        Fact("Peak activations, one sample", quantity.byte_size(summary.totals.peak_activation_bytes)),
        Fact("Largest error against eager float32", f"{run.largest_error:.2g}"),
        Fact("Digest of the design", run.digest),
    ]
    if run.unattributed is not None:
        facts.append(Fact("Not attributed to a node", quantity.duration(run.unattributed)))
    return tuple(facts)


def _special_facts(run: Run) -> Iterator[Fact]:
    """What only some runs have."""
    if run.processes:
        yield Fact("Medians of the processes", ", ".join(quantity.duration(value) for value in run.processes))
    if run.compile_seconds is not None:
        yield Fact("Compiling", f"{quantity.duration(run.compile_seconds)}, not part of the figure")
    if run.device_median is not None:
        yield Fact("Time on the device's own clock", quantity.duration(run.device_median))


def _ratios(cell: MeasuredCell, telling: str) -> Iterator[Fact]:
    measurement = cell.measurement
    for ratio in measurement.ratios:
        yield _ratio(ratio, telling)
        why = explanation(cell.request, measurement.runs, ratio)
        if why:
            yield Fact(_titled(f"{ratio.of} to {ratio.to}, why", telling), why)
    if measurement.resolution is not None:
        apart = f"a copy of the first design came out {quantity.percent(measurement.resolution)} apart from it"
        yield Fact(_titled("Resolution", telling), apart)


def _ratio(ratio: Ratio, telling: str) -> Fact:
    label = _titled(f"{ratio.of} to {ratio.to}", telling)
    if ratio.ratio is None or ratio.ci is None:
        return Fact(label, _COMPARISONS[ratio.verdict])
    low, high = ratio.ci
    return Fact(label, f"{ratio.ratio:.2f}× [{low:.2f}, {high:.2f}]: {_COMPARISONS[ratio.verdict]}")


def _command(requests: Sequence[MeasurementRequest], sources: Sequence[str]) -> str:
    """The command that asks the same again."""
    words = ["onebyone", "measure", *(f"./{source}" if source.startswith("-") else source for source in sources)]
    for axis in ("device", "dtype", "layout", "batch", "threads", "mode"):
        values = dict.fromkeys(getattr(request, axis) for request in requests)
        texts = ["cores" if value is None else str(value) for value in values]
        if len(texts) > 1:
            words += ["--cells", f"{axis}={','.join(texts)}"]
        elif texts == ["cores"]:
            words += ["--cells", "threads=cores"]
        else:
            words += [f"--{axis}", texts[0]]
    first = requests[0]
    words += ["--trusted"] if first.form == "trusted" else []
    words += ["--isolated"] if first.is_isolated else []
    return shlex.join([*words, "--budget", f"{first.budget:g}"])


def _label(key: str) -> str:
    words = _LABELS.get(key, key.replace("_", " "))
    return words[:1].upper() + words[1:]


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}={_words(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_words(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return quantity.UNKNOWN if value is None else str(value)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

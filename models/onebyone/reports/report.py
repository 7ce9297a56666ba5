"""The one model that every renderer of a latency report reads."""

import shlex
from collections.abc import Sequence
from typing import Any

import msgspec

from onebyone import quantity
from onebyone.analysis import analyze
from onebyone.design import Design
from onebyone.explanation import explanation
from onebyone.measurement import Measurement, MeasurementRequest, Ratio, Run
from onebyone.shape import Shape
from onebyone.summary import Summary, summarize

_BYTES = {"float32": 4, "bfloat16": 2, "float16": 2}
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
    """One measured design."""

    title: str
    run: Run
    summary: Summary
    nodes: tuple[NodeLine, ...]
    answer: str
    verdict: str
    facts: tuple[Fact, ...]


class Report(msgspec.Struct, frozen=True):
    """A measurement with all that is needed to judge it and to make it again."""

    title: str
    setting: str
    question: tuple[Fact, ...]
    sections: tuple[Section, ...]
    ratios: tuple[Fact, ...]
    environment: tuple[Fact, ...]
    command: str
    request: MeasurementRequest
    measurement: Measurement


def make_report(request: MeasurementRequest, measurement: Measurement, sources: Sequence[str] | None = None) -> Report:
    """The report of a measurement.

    Args:
        request: What was asked for; its designs are those of the measurement's runs, in the same order.
        measurement: The answer.
        sources: What to call the designs on the command line, a path or gallery:NAME each.
    """
    sections = tuple(
        _section(design, run, _BYTES[request.dtype])
        for design, run in zip(request.designs, measurement.runs, strict=True)
    )
    names = [section.title for section in sections]
    return Report(
        title=f"Latency of {_listed(names)}",
        setting=_setting(request, measurement),
        question=_question(request, measurement),
        sections=sections,
        ratios=_ratios(request, measurement),
        environment=environment_facts(measurement.environment),
        command=_command(request, sources or [f"{name or 'design'}.1x1" for name in names]),
        request=request,
        measurement=measurement,
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


def _section(design: Design, run: Run, bytes_per_element: int) -> Section:
    analysis = analyze(design, bytes_per_element=bytes_per_element)
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
    title = run.design or design.name or "Untitled"
    return Section(title, run, summary, tuple(lines), answer_of(run), verdict_of(run), _run_facts(run, summary))


def _setting(request: MeasurementRequest, measurement: Measurement) -> str:
    """The question in one line."""
    most = max(run.threads for run in measurement.runs)
    threads = f"{most} thread{'s' if most > 1 else ''}"
    words = (request.device, request.dtype, _LAYOUTS[request.layout], f"batch {request.batch:,}", threads, request.mode)
    return " · ".join(words)


def _question(request: MeasurementRequest, measurement: Measurement) -> tuple[Fact, ...]:
    threads = ", ".join(str(count) for count in dict.fromkeys(run.threads for run in measurement.runs))
    shapes = dict.fromkeys(shape for run in measurement.runs for shape in run.input_shapes)
    facts = [
        Fact("Device", request.device),
        Fact("Data type", request.dtype),
        Fact("Memory layout", _LAYOUTS[request.layout]),
        Fact("Batch", f"{request.batch:,}"),
        Fact("Threads", threads or "all cores"),
        Fact("Mode", request.mode),
        Fact("Time budget", f"{request.budget:g} s"),
    ]
    if shapes:
        facts.append(Fact("Inputs", ", ".join(quantity.shape(shape) for shape in shapes)))
    return tuple(facts)


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
        Fact("Waited for a processor", quantity.duration(run.delay_seconds)),
        Fact("Involuntary switches", f"{run.switches:,}"),
        Fact("Warm-up", f"{run.warm_up_calls:,} calls, {'settled' if run.is_settled else 'not settled'}"),
        Fact("Peak memory, measured", quantity.byte_size(run.peak_bytes)),
        Fact("Peak activations, one sample", quantity.byte_size(summary.totals.peak_activation_bytes)),
        Fact("Largest error against eager float32", f"{run.largest_error:.2g}"),
        Fact("Digest of the design", run.digest),
    ]
    if run.unattributed is not None:
        facts.append(Fact("Not attributed to a node", quantity.duration(run.unattributed)))
    return tuple(facts)


def _ratios(request: MeasurementRequest, measurement: Measurement) -> tuple[Fact, ...]:
    facts: list[Fact] = []
    for ratio in measurement.ratios:
        facts.append(_ratio(ratio))
        why = explanation(request, measurement.runs, ratio)
        if why:
            facts.append(Fact(f"{ratio.of} to {ratio.to}, why", why))
    if measurement.resolution is not None:
        apart = f"a copy of the first design came out {quantity.percent(measurement.resolution)} apart from it"
        facts.append(Fact("Resolution", apart))
    return tuple(facts)


def _ratio(ratio: Ratio) -> Fact:
    label = f"{ratio.of} to {ratio.to}"
    if ratio.ratio is None or ratio.ci is None:
        return Fact(label, _COMPARISONS[ratio.verdict])
    low, high = ratio.ci
    return Fact(label, f"{ratio.ratio:.2f}× [{low:.2f}, {high:.2f}]: {_COMPARISONS[ratio.verdict]}")


def _command(request: MeasurementRequest, sources: Sequence[str]) -> str:
    words = ["onebyone", "measure", *(f"./{source}" if source.startswith("-") else source for source in sources)]
    words += ["--device", request.device, "--dtype", request.dtype, "--layout", request.layout]
    words += ["--batch", str(request.batch)]
    if request.threads is not None:
        words += ["--threads", str(request.threads)]
    words += ["--mode", request.mode, "--budget", f"{request.budget:g}"]
    return shlex.join(words)


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

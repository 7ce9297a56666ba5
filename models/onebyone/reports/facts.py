"""What a report says in words: labels and values, sentences, and the command that asks the same again."""

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from onebyone import quantity
from onebyone.measurement.explanation import explanation
from onebyone.measurement.records import MeasuredCell, MeasurementRequest, Ratio, Run
from onebyone.summary import Summary

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


def titled(name: str, telling: str) -> str:
    """A name, and which cell it is about where there are several."""
    return f"{name} · {telling}" if telling else name


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


def machine_facts(environment: Mapping[str, Any]) -> tuple[Fact, ...]:
    """What is known of a machine, in words."""
    return tuple(Fact(_label(key), _words(value)) for key, value in environment.items())


def environment_facts(
    environments: Sequence[Mapping[str, Any]],
) -> tuple[tuple[Fact, ...], list[tuple[Fact, ...]]]:
    """What all cells have in common of their environments, and for each cell what it has alone."""
    first = environments[0]
    shared = {key for key in first if all(key in other and other[key] == first[key] for other in environments)}
    own = [
        machine_facts({key: value for key, value in environment.items() if key not in shared})
        for environment in environments
    ]
    return machine_facts({key: value for key, value in first.items() if key in shared}), own


def question_facts(cells: Sequence[MeasuredCell]) -> tuple[Fact, ...]:
    """What was asked of all cells."""
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


def run_facts(run: Run, summary: Summary) -> tuple[Fact, ...]:
    """All that is known of a run beside its figure."""
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


def ratio_facts(cell: MeasuredCell, telling: str) -> Iterator[Fact]:
    """How the designs of a cell compare, why, and how far apart two copies came out."""
    measurement = cell.measurement
    for ratio in measurement.ratios:
        yield ratio_fact(ratio, telling)
        why = explanation(cell.request, measurement.runs, ratio)
        if why:
            yield Fact(titled(f"{ratio.of} to {ratio.to}, why", telling), why)
    if measurement.resolution is not None:
        apart = f"a copy of the first design came out {quantity.percent(measurement.resolution)} apart from it"
        yield Fact(titled("Resolution", telling), apart)


def ratio_fact(ratio: Ratio, telling: str) -> Fact:
    """A ratio with its interval and verdict."""
    label = titled(f"{ratio.of} to {ratio.to}", telling)
    if ratio.ratio is None or ratio.ci is None:
        return Fact(label, _COMPARISONS[ratio.verdict])
    low, high = ratio.ci
    return Fact(label, f"{ratio.ratio:.2f}× [{low:.2f}, {high:.2f}]: {_COMPARISONS[ratio.verdict]}")


def command_words(requests: Sequence[MeasurementRequest], sources: Sequence[str]) -> str:
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

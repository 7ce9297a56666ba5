"""The answers of several fresh processes as one: the interval is over processes; no torch here."""

import math
from collections.abc import Iterable, Sequence
from itertools import chain

import msgspec

from onebyone.clock import statistics
from onebyone.clock.statistics import Interval, Quality, median
from onebyone.measurement.records import Measurement, MeasurementRequest, NodeTime, Ratio, Run

LEAST_PROCESSES = 3
ENOUGH_HALF_WIDTH = 0.01
ENOUGH_CLEAN_SAMPLES = 50
MAX_SAMPLES_KEPT = 20_000


def is_known_well(answers: Sequence[Measurement]) -> bool:
    """Whether more processes would add little: three at least, and every design known to 1 % with 50 clean samples."""
    if len(answers) < LEAST_PROCESSES:
        return False
    return all(_is_run_known_well([answer.runs[place] for answer in answers]) for place in range(len(answers[0].runs)))


def _is_run_known_well(runs: Sequence[Run]) -> bool:
    known = over_processes(runs)
    return (
        known is not None
        and known.half_width <= ENOUGH_HALF_WIDTH
        and sum(run.clean_samples for run in runs) >= ENOUGH_CLEAN_SAMPLES
    )


def process_medians(runs: Sequence[Run]) -> tuple[float, ...]:
    """The median of the rounds of each process; processes without a clean sample have none."""
    return tuple(median(run.rounds) for run in runs if run.rounds)


def over_processes(runs: Sequence[Run]) -> Interval | None:
    """The median of the processes with its interval; None without clean samples."""
    medians = process_medians(runs)
    return statistics.interval_over(medians) if medians else None


def merge(request: MeasurementRequest, answers: Sequence[Measurement]) -> Measurement:
    """The answer of a trusted measurement from those of its processes, in the order in which they were made."""
    runs = tuple(_run(request, [answer.runs[place] for answer in answers]) for place in range(len(request.designs)))
    first, last = answers[0], answers[-1]
    copies = _process_ratios([answer.copy_rounds for answer in answers])
    resolution = math.inf
    if len(copies) >= statistics.LEAST_ROUNDS_FOR_RATIO:
        resolution = statistics.resolution_of(statistics.compared([math.log(ratio) for ratio in copies]))
    ratios = tuple(
        _ratio([answer.ratios[place] for answer in answers], resolution) for place in range(len(first.ratios))
    )
    return Measurement(
        environment=first.environment
        | {
            "load_after": last.environment.get("load_after"),
            "finished": last.environment.get("finished"),
            "stolen_seconds": _sum(answer.environment.get("stolen_seconds") for answer in answers),
            "processes": len(answers),
        },
        runs=runs,
        ratios=ratios,
        resolution=resolution if math.isfinite(resolution) else None,
        copy_rounds=tuple(chain.from_iterable(answer.copy_rounds for answer in answers)),
        roofs=next((answer.roofs for answer in answers if answer.roofs is not None), None),
    )


def _sum(values: Iterable[float | None]) -> float | None:
    total = 0.0
    for value in values:
        if value is None:
            return None
        total += value
    return total


def _process_ratios(rounds: Sequence[Sequence[float]]) -> tuple[float, ...]:
    return tuple(math.exp(median([math.log(ratio) for ratio in own])) for own in rounds if own)


def _ratio(ratios: Sequence[Ratio], resolution: float) -> Ratio:
    values = _process_ratios([ratio.rounds for ratio in ratios])
    first = ratios[0]
    rounds = tuple(chain.from_iterable(ratio.rounds for ratio in ratios))
    if len(values) < statistics.LEAST_ROUNDS_FOR_RATIO:
        return Ratio(first.of, first.to, None, None, "cannot tell", rounds)
    found = statistics.compared([math.log(value) for value in values], resolution)
    if found.ratio is None:
        return Ratio(first.of, first.to, None, None, found.verdict, rounds)
    return Ratio(first.of, first.to, found.ratio.value, (found.ratio.low, found.ratio.high), found.verdict, rounds)


def _run(request: MeasurementRequest, runs: Sequence[Run]) -> Run:
    rounds = tuple(chain.from_iterable(run.rounds for run in runs))
    medians = process_medians(runs)
    known = over_processes(runs)
    quality = Quality(
        samples=sum(run.samples for run in runs),
        clean=sum(run.clean_samples for run in runs),
        half_width=known.half_width if known is not None else None,
        spread=max(rounds) / min(rounds) if rounds else None,
        is_settled=all(run.is_settled for run in runs),
        has_evidence=all(run.delay_seconds is not None for run in runs),
        rounds=len(medians),
        replicate="process",
    )
    judgement = statistics.judge(quality)
    is_refused = judgement.verdict == "refused" or known is None
    nodes = () if is_refused else _nodes([run for run in runs if run.nodes])
    kept = list(chain.from_iterable(zip(run.samples_seconds, run.clean, strict=True) for run in runs))
    stride = -(-len(kept) // max(1, MAX_SAMPLES_KEPT // len(request.designs)))
    first = runs[0]
    return msgspec.structs.replace(
        first,
        form="trusted",
        verdict=judgement.verdict,
        reason=judgement.reason,
        samples=quality.samples,
        clean_samples=quality.clean,
        first_call=median([run.first_call for run in runs]),
        compile_seconds=_median_of(run.compile_seconds for run in runs),
        device_median=_median_of(run.device_median for run in runs),
        median=None if is_refused or known is None else known.value,
        ci=None if is_refused or known is None else (known.low, known.high),
        raw=msgspec.structs.replace(
            statistics.raw_times([seconds for seconds, _ in kept], max(run.calls_per_sample for run in runs)),
            min=min(run.raw.min for run in runs),
            max=max(run.raw.max for run in runs),
        ),
        peak_bytes=max((run.peak_bytes for run in runs if run.peak_bytes is not None), default=None),
        nodes=nodes,
        unattributed=None if is_refused else _median_of(run.unattributed for run in runs),
        rounds=rounds,
        processes=medians,
        outliers=statistics.outliers([seconds for seconds, _ in kept]),
        warm_up_calls=sum(run.warm_up_calls for run in runs),
        is_settled=quality.is_settled,
        largest_error=max(run.largest_error for run in runs),
        delay_seconds=_sum(run.delay_seconds for run in runs),
        cpu_seconds=sum(run.cpu_seconds for run in runs),
        switches=sum(run.switches for run in runs),
        samples_seconds=tuple(seconds for seconds, _ in kept[::stride]),
        clean=tuple(is_clean for _, is_clean in kept[::stride]),
        sample_stride=stride * max(run.sample_stride for run in runs),
    )


def _median_of(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _nodes(runs: Sequence[Run]) -> tuple[NodeTime, ...]:
    """Each node with the medians of its times and shares over the processes."""
    if not runs:
        return ()
    found = []
    for place, node in enumerate(runs[0].nodes):
        own = [run.nodes[place] for run in runs]
        found.append(NodeTime(node.id, median([one.median for one in own]), median([one.share for one in own])))
    return tuple(found)

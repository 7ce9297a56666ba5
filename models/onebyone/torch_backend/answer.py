"""The answer of a measurement, put together from what was timed."""

import math
from itertools import chain
from typing import Any

import msgspec

from onebyone.analysis import Analysis
from onebyone.clock import statistics
from onebyone.clock.statistics import Sample
from onebyone.measurement.records import BYTES_PER_ELEMENT, Measurement, MeasurementRequest, Ratio, Run
from onebyone.torch_backend import build
from onebyone.torch_backend.timed import Timed

#: All samples of an answer together; with more, every n-th is kept, so that it stays a line of sensible length.
MAX_SAMPLES_KEPT = 20_000
_DIGITS = 10


def measurement(
    request: MeasurementRequest, threads: int, environment: dict[str, Any], timed: list[Timed]
) -> Measurement:
    """The runs, and the ratios to the first design; a copy of it behind the designs tells the resolution."""
    designs = timed[: len(request.designs)]
    runs = tuple(_run(one, request, threads) for one in designs)
    resolution = None
    ratios: tuple[Ratio, ...] = ()
    if len(timed) > len(designs):
        resolution = statistics.resolution_of(statistics.compare(timed[-1].rounds, timed[0].rounds))
        ratios = tuple(_ratio(one, designs[0], resolution) for one in designs[1:])
    known = resolution if resolution is not None and resolution < float("inf") else None
    copies = _round_ratios(timed[-1], timed[0]) if len(timed) > len(designs) else ()
    return Measurement(environment, runs, ratios, known, copies)


def _ratio(one: Timed, base: Timed, resolution: float) -> Ratio:
    compared = statistics.compare(one.rounds, base.rounds, resolution)
    names = (one.candidate.label, base.candidate.label)
    rounds = _round_ratios(one, base)
    if compared.ratio is None:
        return Ratio(*names, None, None, compared.verdict, rounds)
    ratio = compared.ratio
    return Ratio(*names, ratio.value, (ratio.low, ratio.high), compared.verdict, rounds)


def _round_ratios(one: Timed, base: Timed) -> tuple[float, ...]:
    return tuple(math.exp(value) for value in statistics.round_log_ratios(one.rounds, base.rounds))


def _run(timed: Timed, request: MeasurementRequest, threads: int) -> Run:
    samples = list(chain.from_iterable(timed.rounds))
    seconds = [sample.seconds for sample in samples]
    found = statistics.quality(timed.rounds, timed.warm_up.is_settled)
    judgement = statistics.judge(found)
    medians = statistics.round_medians(timed.rounds)
    known = statistics.interval_over(medians) if judgement.verdict != "refused" else None
    one = timed.candidate
    run = Run(
        design=one.label,
        digest=build.digest(one.analysis.design),
        device=request.device,
        dtype=request.dtype,
        layout=request.layout,
        batch=request.batch,
        threads=threads,
        mode=request.mode,
        verdict=judgement.verdict,
        reason=judgement.reason,
        samples=found.samples,
        clean_samples=found.clean,
        first_call=one.first_call,
        median=known.value if known is not None else None,
        ci=(known.low, known.high) if known is not None else None,
        raw=statistics.raw_times(seconds, timed.calls_per_sample),
        peak_bytes=timed.peak_bytes,
        estimated_peak_bytes=_estimated_peak(one.analysis, request),
        compile_seconds=max(one.first_call - timed.warm_up.seconds, 0.0) if request.mode == "compile" else None,
        device_median=timed.device_median,
        isolated=timed.isolated if known is not None else (),
        # Refused is refused: what was too disturbed for the whole says nothing of its parts.
        nodes=timed.nodes if known is not None else (),
        unattributed=timed.unattributed if known is not None else None,
        rounds=medians,
        outliers=statistics.outliers(seconds),
        warm_up_calls=timed.warm_up.calls,
        is_settled=timed.warm_up.is_settled,
        calls_per_sample=timed.calls_per_sample,
        largest_error=one.largest_error,
        input_shapes=build.input_shapes(one.analysis),
    )
    return _with_samples(run, samples, max(1, MAX_SAMPLES_KEPT // len(request.designs)))


def _estimated_peak(analysis: Analysis, request: MeasurementRequest) -> int | None:
    """The liveness estimate for the batch and the number type; that of the analysis is of one sample."""
    peak = analysis.totals.peak_activation_bytes
    if peak is None:
        return None
    return peak * request.batch * BYTES_PER_ELEMENT[request.dtype] // analysis.bytes_per_element


def _with_samples(run: Run, samples: list[Sample], limit: int) -> Run:
    """The run with its raw samples and what the system said about them in all."""
    delays = [sample.delay for sample in samples if sample.delay is not None]
    stride = -(-len(samples) // limit)
    kept = samples[::stride]
    return msgspec.structs.replace(
        run,
        delay_seconds=sum(delays) if len(delays) == len(samples) else None,
        cpu_seconds=sum(sample.cpu for sample in samples),
        switches=sum(sample.switches for sample in samples),
        samples_seconds=tuple(round(sample.seconds, _DIGITS) for sample in kept),
        clean=tuple(sample.is_clean for sample in kept),
        sample_stride=stride,
    )

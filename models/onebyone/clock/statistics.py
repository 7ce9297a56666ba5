"""From samples to figures: round medians, bootstrap over rounds, verdicts, ratios; no torch here."""

import math
import random
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Literal

import msgspec

from onebyone.measurement.records import Comparison, RawTimes, Verdict

RESAMPLES = 1000
CONFIDENCE = 0.95
# Time spent waiting for a CPU, as a share of the wall time, from which a sample counts as disturbed.
CLEAN_DELAY_SHARE = 0.002
REFUSED_BELOW_SAMPLES = 20
# Two designs closer than this are not told apart, whatever the interval: copies of one module differ by as much.
LEAST_RESOLUTION = 0.01
SAME_WITHIN = 0.02
LEAST_ROUNDS_FOR_RATIO = 3
LEAST_VALUES_TO_RESAMPLE = 5
# Student's t for 95 % and n - 1 degrees of freedom, for n values.
_STUDENT_T = {2: 12.706, 3: 4.303, 4: 3.182}


class Sample(msgspec.Struct, frozen=True, gc=False):
    """One timed span, in seconds a call, with what the system tells about it (seconds and counts for the span).

    `delay` is None where the system does not say how long the threads waited for a CPU.
    """

    seconds: float
    delay: float | None = 0.0
    cpu: float = 0.0
    switches: int = 0
    span: float = 0.0

    @property
    def is_clean(self) -> bool:
        """Whether nothing speaks against it: hardly any waiting for a CPU, or no evidence to be had."""
        return self.delay is None or self.delay < CLEAN_DELAY_SHARE * (self.span or self.seconds)


# The samples of one design in one round, in order.
Round = tuple[Sample, ...]


class Interval(msgspec.Struct, frozen=True):
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half the width of the interval as a share of the value; infinite where the value is zero."""
        return (self.high - self.low) / 2 / self.value if self.value else math.inf


class Quality(msgspec.Struct, frozen=True):
    """What the verdict on a run depends on; `half_width` and `spread` (round max / min) are None without clean ones.

    `rounds` counts what the interval is over, and `replicate` names it.
    """

    samples: int
    clean: int
    half_width: float | None
    spread: float | None
    is_settled: bool = True
    has_evidence: bool = True
    rounds: int = LEAST_VALUES_TO_RESAMPLE
    replicate: Literal["round", "process"] = "round"


class Judgement(msgspec.Struct, frozen=True):
    """A verdict and the sentence that explains it."""

    verdict: Verdict
    reason: str


class Compared(msgspec.Struct, frozen=True):
    """A ratio with its interval, None where it cannot be told, and what follows from it."""

    ratio: Interval | None
    verdict: Comparison


def median(values: Sequence[float]) -> float:
    """The middle value, or the mean of the two middle ones."""
    return quantile(values, 0.5)


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share (0 to 1) lies, interpolated between neighbours."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def interval_over(values: Sequence[float]) -> Interval:
    """The median of independent values, one a round or a process, with its 95 % interval.

    Fewer than five are not resampled: all resamples lie between the least and the greatest, which hold the median of
    three in three of four cases only. They get Student's t interval. A single value has no width.
    """
    if len(values) >= LEAST_VALUES_TO_RESAMPLE:
        return bootstrap(values)
    if len(values) == 1:
        return Interval(values[0], values[0], values[0])
    mean = sum(values) / len(values)
    variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    reach = _STUDENT_T[len(values)] * math.sqrt(variance / len(values))
    return Interval(median(values), mean - reach, mean + reach)


def bootstrap(values: Sequence[float], statistic: Callable[[Sequence[float]], float] = median) -> Interval:
    """The statistic of some values with its percentile interval; the same values give the same interval."""
    draw = random.Random(len(values))
    size = len(values)
    resampled = [statistic(draw.choices(values, k=size)) for _ in range(RESAMPLES)]
    tail = (1 - CONFIDENCE) / 2
    return Interval(statistic(values), quantile(resampled, tail), quantile(resampled, 1 - tail))


def round_medians(rounds: Sequence[Round]) -> tuple[float, ...]:
    """The median of the clean samples of each round; rounds without a clean sample have none."""
    clean = ([sample.seconds for sample in one if sample.is_clean] for one in rounds)
    return tuple(median(values) for values in clean if values)


def clean_count(rounds: Sequence[Round]) -> int:
    """How many samples are clean."""
    return sum(sample.is_clean for sample in chain.from_iterable(rounds))


def raw_times(seconds: Sequence[float], calls_per_sample: int) -> RawTimes:
    """All samples at a glance; no tails where a sample is a block of calls."""
    has_tails = calls_per_sample == 1
    return RawTimes(
        median=median(seconds),
        p5=quantile(seconds, 0.05) if has_tails else None,
        p95=quantile(seconds, 0.95) if has_tails else None,
        min=min(seconds),
        max=max(seconds),
    )


def outliers(seconds: Sequence[float]) -> int:
    """How many samples lie further than 1.5 interquartile ranges outside the quartiles."""
    low, high = quantile(seconds, 0.25), quantile(seconds, 0.75)
    reach = 1.5 * (high - low)
    return sum(value < low - reach or value > high + reach for value in seconds)


def quality(rounds: Sequence[Round], is_settled: bool = True) -> Quality:
    """What speaks for and against the samples of a run."""
    medians = round_medians(rounds)
    return Quality(
        samples=sum(map(len, rounds)),
        clean=clean_count(rounds),
        half_width=interval_over(medians).half_width if medians else None,
        spread=max(medians) / min(medians) if medians and min(medians) > 0 else None,
        is_settled=is_settled,
        has_evidence=not any(sample.delay is None for sample in chain.from_iterable(rounds)),
        rounds=len(medians),
    )


def judge(found: Quality) -> Judgement:
    """The verdict on a run: quiet, usable, disturbed or refused, with the reason in words."""
    if found.clean < REFUSED_BELOW_SAMPLES or found.half_width is None or found.spread is None:
        return Judgement("refused", _refusal(found))
    share = found.clean / found.samples
    facts = f"{share:.0%} of the samples undisturbed, interval ±{found.half_width:.1%}"
    if share < 0.5:
        return Judgement("disturbed", f"Only {facts}: other programs were using the processor.")
    if found.rounds < 2:
        return Judgement(
            "disturbed", f"Only one {found.replicate} had undisturbed samples, and an interval needs several."
        )
    if found.half_width > 0.03:
        return Judgement("disturbed", f"{facts}: the rounds disagree by {found.spread - 1:.0%}.".capitalize())
    notes = _notes(found)
    if share < 0.9 or found.half_width > 0.01 or found.spread > 1.03:
        notes.insert(0, f"{facts}, rounds within {found.spread - 1:.1%}")
    if notes:
        return Judgement("usable", f"{'; '.join(notes)}.")
    return Judgement("quiet", f"{facts}.")


def _refusal(found: Quality) -> str:
    if found.samples < REFUSED_BELOW_SAMPLES:
        return (
            f"The budget allowed {found.samples} samples, and a median needs {REFUSED_BELOW_SAMPLES};"
            " allow more seconds or a smaller batch."
        )
    return (
        f"Only {found.clean} of {found.samples} samples were undisturbed, and a median needs {REFUSED_BELOW_SAMPLES};"
        " close other programs and measure again."
    )


def _notes(found: Quality) -> list[str]:
    notes = []
    if not found.is_settled:
        notes.append("the times had not settled when the warm-up ended")
    if not found.has_evidence:
        notes.append("this system does not tell whether other programs disturbed the samples")
    return notes


def compare(rounds: Sequence[Round], base: Sequence[Round], resolution: float = 0.0) -> Compared:
    """How one design's time compares with another's, from the calls that were interleaved.

    Args:
        rounds: The samples of the one; sample k of round r was taken next to sample k of round r of the other.
        base: The samples of the other.
        resolution: How far apart two copies of one design came out (0.01: one percent).
    """
    pairs = _log_ratios(rounds, base)
    values = round_log_ratios(rounds, base)
    if sum(map(len, pairs)) < REFUSED_BELOW_SAMPLES or len(values) < LEAST_ROUNDS_FOR_RATIO:
        return Compared(None, "cannot tell")
    return compared(values, resolution)


def round_log_ratios(rounds: Sequence[Round], base: Sequence[Round]) -> list[float]:
    """The median of the logarithms of the ratios of each round; rounds without an undisturbed pair have none."""
    return [median(logs) for logs in _log_ratios(rounds, base) if logs]


def _log_ratios(rounds: Sequence[Round], base: Sequence[Round]) -> list[list[float]]:
    return [
        [math.log(one.seconds / other.seconds) for one, other in zip(*both, strict=True) if _is_usable(one, other)]
        for both in zip(rounds, base, strict=True)
    ]


def compared(logs: Sequence[float], resolution: float = 0.0) -> Compared:
    """What follows from the logarithms of some ratios, one a round or a process; three at least."""
    known = interval_over(logs)
    ratio = Interval(math.exp(known.value), math.exp(known.low), math.exp(known.high))
    return Compared(ratio, _comparison(known, math.log1p(max(resolution, LEAST_RESOLUTION))))


def resolution_of(copies: Compared) -> float:
    """How far apart two copies of one design came out, at the worse end of the interval; infinite where unknown."""
    if copies.ratio is None:
        return math.inf
    return math.expm1(max(abs(math.log(copies.ratio.low)), abs(math.log(copies.ratio.high))))


def _is_usable(one: Sample, other: Sample) -> bool:
    return one.is_clean and other.is_clean and one.seconds > 0 and other.seconds > 0


def _comparison(logs: Interval, margin: float) -> Comparison:
    if logs.low > margin:
        return "slower"
    if logs.high < -margin:
        return "faster"
    same = math.log1p(SAME_WITHIN)
    if margin <= same and -same <= logs.low and logs.high <= same:
        return "same"
    return "cannot tell"

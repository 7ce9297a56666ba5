"""How a time is taken: warm-up, calibration, interleaved rounds and the rule that ends them; no torch here."""

import math
import random
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from onebyone.clock.statistics import Round, Sample, clean_count, interval_over, quantile, round_medians
from onebyone.clock.stopwatch import Call

LEAST_WARM_UP_CALLS = 10
LEAST_WARM_UP_S = 0.2
WARM_UP_CAP_S = 2.0
WINDOW_CALLS = 5
SETTLED_WITHIN = 0.02

LEAST_SAMPLE_S = 50e-6
MAX_CALLS_PER_SAMPLE = 1_000

LEAST_ROUNDS = 5
ROUND_S = 0.2
ENOUGH_HALF_WIDTH = 0.02
ENOUGH_CLEAN_SAMPLES = 50
ORDER_SEED = 1


class Timer(Protocol):
    """What takes the samples: a `Stopwatch`, or a stand-in in tests."""

    def now(self) -> float: ...  # noqa: D102

    def begin_round(self) -> None: ...  # noqa: D102

    def sample(self, call: Call, calls: int = 1) -> Sample: ...  # noqa: D102


class WarmUp(msgspec.Struct, frozen=True):
    """How the warm-up went: calls made, whether the times settled, and seconds a call at its end."""

    calls: int
    is_settled: bool
    seconds: float


class Subject(msgspec.Struct, frozen=True):
    """One callable that is timed, and how many calls make a sample."""

    call: Call
    calls_per_sample: int = 1


Check = Callable[[], None]
# Told after each round with the rounds of every subject so far, and the seconds spent.
Report = Callable[[Sequence[Sequence[Round]], float], None]


def warm_up(timer: Timer, call: Call, check: Check) -> WarmUp:
    """Calls until two successive windows of five calls agree, for at least ten calls and 0.2 s and at most 2 s.

    Args:
        timer: Takes the times.
        call: What is warmed up.
        check: Called before every call; raises `CancelledError` to end the warm-up.
    """
    seconds: list[float] = []
    start = timer.now()
    while True:
        check()
        seconds.append(timer.sample(call).seconds)
        elapsed = timer.now() - start
        is_long_enough = len(seconds) >= LEAST_WARM_UP_CALLS and elapsed >= LEAST_WARM_UP_S
        if is_long_enough and len(seconds) % WINDOW_CALLS == 0 and _is_settled(seconds):
            return WarmUp(len(seconds), True, _lower_quartile(seconds[-WINDOW_CALLS:]))
        if elapsed >= WARM_UP_CAP_S:
            return WarmUp(len(seconds), False, _lower_quartile(seconds[-WINDOW_CALLS:]))


def _is_settled(seconds: Sequence[float]) -> bool:
    latest = _lower_quartile(seconds[-WINDOW_CALLS:])
    before = _lower_quartile(seconds[-2 * WINDOW_CALLS : -WINDOW_CALLS])
    return abs(latest - before) <= SETTLED_WITHIN * before


def _lower_quartile(seconds: Sequence[float]) -> float:
    return quantile(seconds, 0.25)


def calls_per_sample(seconds: float) -> int:
    """The smallest block of calls that takes 50 µs; one where a call takes as long."""
    if seconds <= 0:
        return MAX_CALLS_PER_SAMPLE
    return min(max(1, math.ceil(LEAST_SAMPLE_S / seconds)), MAX_CALLS_PER_SAMPLE)


def run_rounds(
    timer: Timer, subjects: Sequence[Subject], budget: float, check: Check, report: Report
) -> list[list[Round]]:
    """Takes interleaved samples until the medians are known well enough or the budget is spent.

    Subjects take turns call by call: a random order, then its reverse (ABBA or BAAB with two), so that drift and
    neighbourhood hit all alike. Sample k of a round of one subject was taken next to sample k of every other.

    Args:
        timer: Takes the samples.
        subjects: What is timed.
        budget: Seconds for all subjects together.
        check: Called before every sample; raises `CancelledError` to end the measurement.
        report: Told after each round; the time it takes is not part of the budget.

    Returns:
        For each subject its rounds.
    """
    rounds: list[list[Round]] = [[] for _ in subjects]
    round_seconds = min(ROUND_S * len(subjects), budget / LEAST_ROUNDS)
    order = random.Random(ORDER_SEED)
    elapsed = 0.0
    while True:
        start = timer.now()
        latest = _one_round(timer, subjects, round_seconds, order, check)
        elapsed += timer.now() - start
        for own, samples in zip(rounds, latest, strict=True):
            own.append(samples)
        report(rounds, elapsed)
        # A round is only begun when most of it fits into the budget.
        if elapsed + round_seconds / 2 > budget or (
            len(rounds[0]) >= LEAST_ROUNDS and all(_is_known_well(own) for own in rounds)
        ):
            return rounds


def _one_round(
    timer: Timer, subjects: Sequence[Subject], seconds: float, order: random.Random, check: Check
) -> list[Round]:
    samples: list[list[Sample]] = [[] for _ in subjects]
    turns = list(range(len(subjects)))
    timer.begin_round()
    start = timer.now()
    while True:
        order.shuffle(turns)
        for turn in (*turns, *reversed(turns)):
            check()
            samples[turn].append(timer.sample(subjects[turn].call, subjects[turn].calls_per_sample))
        if timer.now() - start >= seconds:
            return [tuple(own) for own in samples]


def _is_known_well(rounds: Sequence[Round]) -> bool:
    medians = round_medians(rounds)
    if clean_count(rounds) < ENOUGH_CLEAN_SAMPLES or len(medians) < LEAST_ROUNDS:
        return False
    return interval_over(medians).half_width <= ENOUGH_HALF_WIDTH

"""Figures from streams of samples whose truth is known."""

import math
import random

import pytest

from onebyone.clock import statistics
from onebyone.clock.statistics import Compared, Interval, Quality, Sample

TRUTH = 0.007


def autocorrelated(draw: random.Random, length: int, lag: float = 0.66, noise: float = 0.01) -> list[float]:
    """Log deviations that remember the one before, as calls in one process do."""
    value, result = draw.gauss(0, noise), []
    for _ in range(length):
        value = lag * value + math.sqrt(1 - lag * lag) * draw.gauss(0, noise)
        result.append(value)
    return result


def rounds_of(values: list[float], rounds: int = 5) -> list[tuple[Sample, ...]]:
    size = len(values) // rounds
    return [tuple(Sample(value) for value in values[place * size : (place + 1) * size]) for place in range(rounds)]


def covers(interval: Interval) -> bool:
    return interval.low <= TRUTH <= interval.high


def test_quantile_interpolates_between_neighbours() -> None:
    assert statistics.quantile([4.0, 1.0, 3.0, 2.0], 0.25) == 1.75


def test_median_of_an_even_count_is_the_mean_of_the_middle() -> None:
    assert statistics.median([1.0, 9.0, 2.0, 4.0]) == 3.0


def test_bootstrap_gives_the_same_interval_again() -> None:
    values = [1.0, 1.1, 0.9, 1.05, 0.97]

    assert statistics.bootstrap(values) == statistics.bootstrap(values)


def test_bootstrap_of_one_round_has_no_width() -> None:
    assert statistics.bootstrap([2.0]) == Interval(2.0, 2.0, 2.0)


def test_few_values_get_an_interval_wider_than_their_range() -> None:
    known = statistics.interval_over([1.00, 1.01, 1.02])

    assert known.value == 1.01
    assert known.low == pytest.approx(1.01 - 4.303 * 0.01 / 3**0.5)
    assert known.high == pytest.approx(1.01 + 4.303 * 0.01 / 3**0.5)


def test_a_single_value_has_no_width_and_no_good_verdict() -> None:
    assert statistics.interval_over([0.007]).half_width == 0
    assert statistics.judge(Quality(100, 100, 0.0, 1.0, rounds=1)).verdict == "disturbed"


def test_rounds_cover_the_truth_of_autocorrelated_calls_more_often_than_calls_do() -> None:
    draw = random.Random(7)
    by_rounds = by_calls = 0
    for _ in range(60):
        values = [TRUTH * math.exp(log) for log in autocorrelated(draw, 100, lag=0.9)]
        by_rounds += covers(statistics.bootstrap(statistics.round_medians(rounds_of(values))))
        by_calls += covers(statistics.bootstrap(values))

    assert by_rounds >= 48
    assert by_rounds > by_calls


def test_a_disturbed_sample_is_left_out_of_its_rounds_median() -> None:
    busy = Sample(2 * TRUTH, delay=TRUTH)
    rounds = [(Sample(TRUTH), busy, busy), (busy, Sample(TRUTH), busy)]

    assert statistics.round_medians(rounds) == (TRUTH, TRUTH)


def test_a_round_without_a_clean_sample_has_no_median() -> None:
    assert statistics.round_medians([(Sample(1.0, delay=0.5),), (Sample(1.0),)]) == (1.0,)


def test_clean_is_judged_on_the_span_of_a_block_of_calls() -> None:
    assert Sample(1e-6, delay=1e-7, span=1e-4).is_clean
    assert not Sample(1e-6, delay=1e-6, span=1e-4).is_clean


def test_without_evidence_a_sample_counts_as_clean() -> None:
    assert Sample(1.0, delay=None).is_clean


def test_outliers_are_counted_on_both_sides() -> None:
    assert statistics.outliers([1.0, 1.01, 0.99, 1.0, 1.02, 0.98, 5.0, 0.1]) == 2


def test_raw_times_of_blocks_have_no_tails() -> None:
    raw = statistics.raw_times([1.0, 2.0, 3.0], calls_per_sample=4)

    assert (raw.median, raw.p5, raw.p95, raw.min, raw.max) == (2.0, None, None, 1.0, 3.0)


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (Quality(100, 95, 0.005, 1.01), "quiet"),
        (Quality(100, 90, 0.01, 1.03), "quiet"),
        (Quality(100, 89, 0.005, 1.01), "usable"),
        (Quality(100, 95, 0.011, 1.02), "usable"),
        (Quality(100, 95, 0.005, 1.04), "usable"),
        (Quality(100, 95, 0.005, 1.01, is_settled=False), "usable"),
        (Quality(100, 100, 0.005, 1.01, has_evidence=False), "usable"),
        (Quality(100, 50, 0.03, 1.2), "usable"),
        (Quality(100, 49, 0.005, 1.01), "disturbed"),
        (Quality(100, 95, 0.031, 1.1), "disturbed"),
        (Quality(100, 20, 0.2, 2.0), "disturbed"),
        (Quality(100, 19, 0.005, 1.01), "refused"),
        (Quality(12, 12, 0.005, 1.01), "refused"),
        (Quality(100, 0, None, None), "refused"),
    ],
)
def test_verdict(found: Quality, verdict: str) -> None:
    judgement = statistics.judge(found)

    assert judgement.verdict == verdict
    assert judgement.reason.endswith(".")


def test_too_few_samples_ask_for_more_time_and_disturbed_ones_for_less_company() -> None:
    assert "allow more seconds" in statistics.judge(Quality(12, 12, 0.0, 1.0)).reason
    assert "close other programs" in statistics.judge(Quality(120, 3, 0.0, 1.0)).reason


def test_two_modes_in_different_rounds_are_called_disturbed() -> None:
    rounds = [tuple(Sample(value) for _ in range(20)) for value in (1.0, 1.3, 1.0, 1.3, 1.3)]

    assert statistics.judge(statistics.quality(rounds)).verdict == "disturbed"


def test_a_loaded_machine_leaves_the_clean_median_alone() -> None:
    draw = random.Random(3)
    samples = [
        Sample(TRUTH * draw.uniform(1.8, 2.6), delay=TRUTH) if draw.random() < 0.7 else Sample(TRUTH)
        for _ in range(500)
    ]
    rounds = [tuple(samples[place::5]) for place in range(5)]
    found = statistics.quality(rounds)

    assert statistics.bootstrap(statistics.round_medians(rounds)).value == TRUTH
    assert statistics.judge(found).verdict == "disturbed"


def test_the_ratio_of_drifting_designs_is_found_by_interleaving() -> None:
    drift = [math.exp(place / 100) for place in range(100)]
    base = rounds_of([TRUTH * factor for factor in drift])
    slower = rounds_of([1.3 * TRUTH * factor for factor in drift])

    compared = statistics.compare(slower, base)

    assert compared.ratio is not None
    assert compared.ratio.value == pytest.approx(1.3)
    assert compared.verdict == "slower"


@pytest.mark.parametrize(
    ("factor", "noise", "resolution", "verdict"),
    [
        (1.3, 0.001, 0.0, "slower"),
        (0.7, 0.001, 0.0, "faster"),
        (1.0, 0.001, 0.0, "same"),
        (1.03, 0.001, 0.0, "slower"),
        (1.03, 0.001, 0.05, "cannot tell"),
        (1.0, 0.001, 0.05, "cannot tell"),
        (1.0, 0.3, 0.0, "cannot tell"),
        (1.015, 0.03, 0.0, "cannot tell"),
        (1.3, 0.001, math.inf, "cannot tell"),
    ],
)
def test_comparison(factor: float, noise: float, resolution: float, verdict: str) -> None:
    draw = random.Random(5)
    base = rounds_of([TRUTH * math.exp(draw.gauss(0, noise)) for _ in range(50)])
    other = rounds_of([factor * TRUTH * math.exp(draw.gauss(0, noise)) for _ in range(50)])

    assert statistics.compare(other, base, resolution).verdict == verdict


def test_copies_are_told_apart_in_at_most_one_of_a_hundred_comparisons() -> None:
    draw = random.Random(11)
    told_apart = 0
    for _ in range(200):
        streams = [rounds_of([TRUTH * math.exp(log) for log in autocorrelated(draw, 100)]) for _ in range(3)]
        resolution = statistics.resolution_of(statistics.compare(streams[2], streams[0]))
        told_apart += statistics.compare(streams[1], streams[0], resolution).verdict in {"faster", "slower"}

    assert told_apart <= 2


def test_no_ratio_from_pairs_that_were_disturbed() -> None:
    clean = rounds_of([TRUTH] * 50)
    busy = [tuple(Sample(TRUTH, delay=TRUTH) for _ in one) for one in clean]

    assert statistics.compare(busy, clean) == Compared(None, "cannot tell")


def test_copies_that_cannot_be_compared_leave_the_resolution_open() -> None:
    assert statistics.resolution_of(Compared(None, "cannot tell")) == math.inf

"""Several processes as one answer: what the interval is over, and what it says."""

import random

import msgspec
import pytest

from onebyone import gallery
from onebyone.clock import merging
from onebyone.measurement.records import Measurement, MeasurementRequest, NodeTime, Ratio, RawTimes, Run

DESIGNS = tuple(gallery.load(name) for name in ("inception-3a", "inception-3a-naive"))
REQUEST = MeasurementRequest(DESIGNS, threads=1, form="trusted", has_roofs=False)


def run_of(design: str, rounds: tuple[float, ...], clean: int = 40, samples: int = 40) -> Run:
    seconds = tuple(rounds[place % len(rounds)] for place in range(samples)) if rounds else (0.007,) * samples
    return Run(
        design, "0" * 64, "cpu", "float32", "nchw", 1, 1, "eager", "quiet", "", samples, clean, 0.1,
        rounds[0] if rounds else None, None, RawTimes(0.007, 0.0069, 0.0075, 0.0068, 0.008), 1000,
        nodes=(NodeTime("conv3x3", rounds[0] / 2, 0.5),) if rounds else (), unattributed=0.0001, rounds=rounds,
        delay_seconds=0.0, samples_seconds=seconds, clean=(True,) * clean + (False,) * (samples - clean),
    )  # fmt: skip


def answer_of(level: float, factor: float = 2.0, copy: float = 1.0, clean: int = 40) -> Measurement:
    rounds = tuple(level * (1 + 0.001 * place) for place in range(5)) if clean else ()
    slower = tuple(value * factor for value in rounds)
    return Measurement(
        {"cpu": "x", "stolen_seconds": 0.1, "load_after": [level]},
        (run_of("A", rounds, clean), run_of("B", slower, clean)),
        (Ratio("B", "A", factor, (factor, factor), "slower", (factor,) * len(rounds)),),
        0.0,
        (copy,) * len(rounds),
    )


def merged(*answers: Measurement) -> Measurement:
    return merging.merge(REQUEST, answers)


def test_the_median_is_that_of_the_processes_and_the_interval_holds_them() -> None:
    run = merged(*(answer_of(level) for level in (0.0070, 0.0071, 0.0072))).runs[0]

    assert run.median == pytest.approx(0.0071 * 1.002)
    assert run.ci is not None
    assert run.ci[0] < 0.0070
    assert run.ci[1] > 0.00722
    assert len(run.processes) == 3
    assert len(run.rounds) == 15
    assert run.form == "trusted"


def test_processes_that_disagree_are_disturbed_however_well_each_agrees_with_itself() -> None:
    run = merged(answer_of(0.0070), answer_of(0.0076), answer_of(0.0081)).runs[0]

    assert run.verdict == "disturbed"
    assert "disagree" in run.reason


def test_without_clean_samples_in_any_process_the_answer_is_refused() -> None:
    found = merged(*(answer_of(0.007, clean=0) for _ in range(3)))

    assert found.runs[0].verdict == "refused"
    assert found.runs[0].median is None
    assert found.runs[0].nodes == ()
    assert found.ratios[0].verdict == "cannot tell"


def test_one_process_with_clean_samples_is_not_enough_for_an_interval() -> None:
    run = merged(answer_of(0.007), answer_of(0.007, clean=0), answer_of(0.007, clean=0)).runs[0]

    assert run.verdict == "disturbed"


def test_ratios_are_over_processes_and_copies_tell_the_resolution() -> None:
    found = merged(answer_of(0.007, 1.40, 1.001), answer_of(0.007, 1.42, 0.999), answer_of(0.007, 1.44, 1.000))

    ratio = found.ratios[0]
    assert ratio.verdict == "slower"
    assert ratio.ratio == pytest.approx(1.42)
    assert ratio.ci is not None
    assert ratio.ci[0] < 1.40
    assert found.resolution is not None
    assert found.resolution < 0.01


def test_copies_that_disagree_forbid_a_verdict() -> None:
    found = merged(answer_of(0.007, 1.05, 1.10), answer_of(0.007, 1.05, 0.92), answer_of(0.007, 1.06, 1.00))

    assert found.ratios[0].verdict == "cannot tell"


def test_what_is_summed_and_what_is_taken_from_the_last() -> None:
    found = merged(answer_of(0.007), answer_of(0.008), answer_of(0.009))

    assert found.environment["stolen_seconds"] == pytest.approx(0.3)
    assert found.environment["load_after"] == [0.009]
    assert found.environment["processes"] == 3
    assert found.runs[0].samples == 120
    assert len(found.runs[0].samples_seconds) == 120


def test_three_processes_at_least_and_more_while_they_disagree() -> None:
    close = [answer_of(0.007 * (1 + 0.0001 * place)) for place in range(3)]
    apart = [answer_of(0.007 * (1 + 0.02 * place)) for place in range(3)]

    assert not merging.is_known_well(close[:2])
    assert merging.is_known_well(close)
    assert not merging.is_known_well(apart)


@pytest.mark.parametrize("processes", [3, 4, 5, 6])
def test_the_interval_covers_the_truth_with_few_processes(processes: int) -> None:
    draw = random.Random(7)
    covered = 0
    for _ in range(200):
        levels = [draw.gauss(1.0, 0.01) for _ in range(processes)]
        known = merging.over_processes([run_of("A", (level,) * 5) for level in levels])
        assert known is not None
        covered += known.low <= 1.0 <= known.high

    assert covered >= 180


def test_samples_are_thinned_to_a_line_of_sensible_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "MAX_SAMPLES_KEPT", 20)

    run = merged(*(answer_of(0.007) for _ in range(3))).runs[0]

    assert len(run.samples_seconds) == len(run.clean) <= 10
    assert run.sample_stride == 12
    assert msgspec.json.encode(run)

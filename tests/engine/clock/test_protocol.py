"""Warm-up, calibration and rounds on a clock that only moves when a call is timed."""

from collections.abc import Callable, Iterator
from itertools import repeat

import pytest

from onebyone.clock import protocol
from onebyone.clock.protocol import Subject
from onebyone.clock.statistics import Sample
from onebyone.errors import CancelledError


class FakeTimer:
    """Calls take as long as their streams say, and nothing else takes time."""

    def __init__(self) -> None:
        self.time = 0.0
        self.rounds_begun = 0
        self.called: list[object] = []

    def now(self) -> float:
        return self.time

    def begin_round(self) -> None:
        self.rounds_begun += 1

    def sample(self, call: Callable[[], object], calls: int = 1) -> Sample:
        seconds = call()
        assert isinstance(seconds, float)
        self.called.append(call)
        self.time += seconds * calls
        return Sample(seconds, span=seconds * calls)


def call_of(seconds: Iterator[float]) -> Callable[[], float]:
    return lambda: next(seconds)


def never() -> None:
    """Is never cancelled."""


def test_warm_up_ends_when_two_windows_agree() -> None:
    warm = protocol.warm_up(FakeTimer(), call_of(repeat(0.05)), never)

    assert (warm.calls, warm.is_settled, warm.seconds) == (10, True, 0.05)


def test_warm_up_of_a_quick_call_takes_a_fifth_of_a_second() -> None:
    timer = FakeTimer()

    protocol.warm_up(timer, call_of(repeat(0.001)), never)

    assert timer.time == pytest.approx(0.2, abs=0.01)


def test_warm_up_goes_on_while_calls_get_quicker() -> None:
    falling = (0.08 * 0.98**place for place in range(10_000))

    warm = protocol.warm_up(FakeTimer(), call_of(falling), never)

    assert not warm.is_settled
    assert warm.calls > 30


def test_warm_up_of_a_slow_call_ends_at_two_seconds_and_says_so() -> None:
    warm = protocol.warm_up(FakeTimer(), call_of(repeat(3.0)), never)

    assert (warm.calls, warm.is_settled) == (1, False)


@pytest.mark.parametrize(
    ("seconds", "calls"), [(1e-3, 1), (50e-6, 1), (49e-6, 2), (10e-6, 5), (1e-9, 1000), (0.0, 1000)]
)
def test_a_sample_takes_at_least_fifty_microseconds(seconds: float, calls: int) -> None:
    assert protocol.calls_per_sample(seconds) == calls


def test_steady_calls_stop_after_five_rounds_of_a_fifth_of_a_second() -> None:
    timer = FakeTimer()

    (rounds,) = protocol.run_rounds(timer, [Subject(call_of(repeat(0.01)))], 60, never, lambda *_: None)

    assert len(rounds) == 5
    assert timer.time == pytest.approx(1.0, abs=0.1)


def test_scattered_rounds_go_on_until_the_budget_is_spent() -> None:
    timer = FakeTimer()
    levels = (0.01 * (1 + place // 20 % 2) for place in range(100_000))

    protocol.run_rounds(timer, [Subject(call_of(levels))], 4.0, never, lambda *_: None)

    assert timer.time == pytest.approx(4.0, abs=0.4)


def test_a_small_budget_still_has_five_rounds() -> None:
    (rounds,) = protocol.run_rounds(FakeTimer(), [Subject(call_of(repeat(0.001)))], 0.1, never, lambda *_: None)

    assert len(rounds) == 5


def test_a_call_longer_than_the_budget_is_timed_and_not_repeated_for_ever() -> None:
    (rounds,) = protocol.run_rounds(FakeTimer(), [Subject(call_of(repeat(30.0)))], 3.0, never, lambda *_: None)

    assert [len(one) for one in rounds] == [2]


@pytest.mark.parametrize("count", [2, 3, 6])
def test_designs_take_turns_forwards_and_backwards(count: int) -> None:
    timer = FakeTimer()
    calls = [call_of(repeat(0.01)) for _ in range(count)]

    protocol.run_rounds(timer, [Subject(call) for call in calls], 1.0, never, lambda *_: None)

    turns = [calls.index(call) for call in timer.called]  # type: ignore[arg-type]
    for place in range(0, len(turns), 2 * count):
        forth, back = turns[place : place + count], turns[place + count : place + 2 * count]
        assert sorted(forth) == list(range(count))
        assert back == forth[::-1]


def test_both_orders_of_two_designs_occur() -> None:
    timer = FakeTimer()
    calls = [call_of(repeat(0.01)) for _ in range(2)]

    protocol.run_rounds(timer, [Subject(call) for call in calls], 3.0, never, lambda *_: None)

    assert {calls.index(call) for call in timer.called[::4]} == {0, 1}  # type: ignore[arg-type]


def test_every_design_has_as_many_samples_in_a_round() -> None:
    subjects = [Subject(call_of(repeat(0.001))), Subject(call_of(repeat(0.02)))]

    one, other = protocol.run_rounds(FakeTimer(), subjects, 3.0, never, lambda *_: None)

    assert [len(samples) for samples in one] == [len(samples) for samples in other]


def test_the_time_of_the_report_is_not_taken_from_the_budget() -> None:
    timer = FakeTimer()

    def report(*_: object) -> None:
        timer.time += 10

    (rounds,) = protocol.run_rounds(timer, [Subject(call_of(repeat(0.01)))], 3.0, never, report)

    assert len(rounds) == 5


def test_a_cancel_takes_effect_before_the_next_sample() -> None:
    timer = FakeTimer()

    def check() -> None:
        if len(timer.called) == 7:
            raise CancelledError

    with pytest.raises(CancelledError):
        protocol.run_rounds(timer, [Subject(call_of(repeat(0.01)))], 3.0, check, lambda *_: None)
    assert len(timer.called) == 7

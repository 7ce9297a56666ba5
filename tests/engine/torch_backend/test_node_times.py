"""Times of nodes from the moments between statements."""

from collections.abc import Callable

import pytest

from onebyone.clock.statistics import Sample
from onebyone.torch_backend.node_times import Clocked, ClockedSample, NodeClocks, summarize


class FakeMarks:
    def __init__(self, parts: list[float]) -> None:
        self._parts = parts

    def mark(self) -> None: ...

    def intervals(self) -> list[float]:
        return self._parts


class FakeTimer:
    """Each call takes 10 ms."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    def begin_round(self) -> None: ...

    def sample(self, call: Callable[[], object], calls: int = 1) -> Sample:
        call()
        self.time += 0.01
        return Sample(0.01)


def never() -> None: ...


def test_nodes_get_their_share_and_the_rest_is_unattributed() -> None:
    calls = [ClockedSample(Sample(0.01), [0.002, 0.007]) for _ in range(6)]

    found = summarize(calls, ("conv", "pool"))

    assert [(node.id, node.median, node.share) for node in found.nodes] == [
        ("conv", 0.002, pytest.approx(0.2)),
        ("pool", 0.007, pytest.approx(0.7)),
    ]
    assert found.unattributed == pytest.approx(0.001)


def test_disturbed_calls_are_left_out_where_there_are_enough_others() -> None:
    clean = [ClockedSample(Sample(0.01), [0.01]) for _ in range(5)]
    busy = [ClockedSample(Sample(0.03, delay=0.02), [0.03]) for _ in range(50)]

    assert summarize([*busy, *clean], ("conv",)).nodes[0].median == 0.01


def test_clocked_calls_take_the_time_they_are_given_over_several_rounds() -> None:
    timer = FakeTimer()
    clocks = NodeClocks(timer, [Clocked(lambda: None, FakeMarks([0.01]), ("conv",))], [], never)

    for _ in range(10):
        clocks.spend(0.004)

    assert timer.time == pytest.approx(0.04, abs=0.021)


def test_the_other_callables_take_their_turns_as_well() -> None:
    turns: list[str] = []
    clocked = Clocked(lambda: turns.append("clocked"), FakeMarks([0.01]), ("conv",))
    clocks = NodeClocks(FakeTimer(), [clocked], [lambda: turns.append("copy")], never)

    clocks.spend(0.05)

    assert turns.count("clocked") == turns.count("copy") > 0


def test_a_result_without_rounds_takes_calls_of_its_own() -> None:
    clocks = NodeClocks(FakeTimer(), [Clocked(lambda: None, FakeMarks([0.01]), ("conv",))], [], never)

    assert clocks.result()[0].nodes[0].median == 0.01


def test_a_compiled_graph_has_no_clocks_and_no_nodes() -> None:
    assert NodeClocks(FakeTimer(), [], [], never).result() == []

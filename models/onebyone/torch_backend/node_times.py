"""How the time of the whole spreads over its nodes, from clocks between the statements of the forward pass."""

import random
from collections.abc import Sequence

import msgspec

from onebyone.clock.protocol import ORDER_SEED, Check, Timer
from onebyone.clock.statistics import Sample, median
from onebyone.clock.stopwatch import Call
from onebyone.measurement.records import NodeTime
from onebyone.torch_backend.devices import Marks

WARM_UP_CALLS = 2
LEAST_CALLS = 2
ENOUGH_CLEAN_CALLS = 5


class Clocked(msgspec.Struct, frozen=True):
    """A forward pass whose clock is `marks.mark`, and the nodes of its statements in order."""

    call: Call
    marks: Marks
    statements: tuple[str, ...]


class ClockedSample(msgspec.Struct, frozen=True):
    """One call: the time of the whole, and the seconds between its clocks."""

    whole: Sample
    parts: list[float]


class NodeTimes(msgspec.Struct, frozen=True):
    """The median of each node, and the seconds that belong to none of them."""

    nodes: tuple[NodeTime, ...]
    unattributed: float


class NodeClocks:
    """Takes clocked calls between the rounds of a measurement, so that both see the same machine.

    Args:
        timer: Takes the times of the whole.
        clocked: The forward passes with clocks.
        others: What else takes turns in the rounds; without it the caches would be warmer than they are there.
        check: Called before every call; raises `CancelledError` to end it.
    """

    def __init__(self, timer: Timer, clocked: Sequence[Clocked], others: Sequence[Call], check: Check) -> None:
        self._timer = timer
        self._clocked = clocked
        self._others = others
        self._check = check
        self._order = random.Random(ORDER_SEED)
        self._turns = list(range(len(clocked) + len(others)))
        self._samples: list[list[ClockedSample]] = [[] for _ in clocked]
        self._owed = 0.0

    def warm_up(self) -> None:
        """Makes the first calls, whose times are forgotten."""
        for one in self._clocked:
            for _ in range(WARM_UP_CALLS):
                self._check()
                one.call()
                one.marks.intervals()

    def spend(self, seconds: float) -> None:
        """Lets every forward pass have its turns for this long, as nearly as whole calls allow over several times."""
        self._owed += seconds
        while self._owed > 0:
            start = self._timer.now()
            self._take_turns()
            self._owed -= self._timer.now() - start

    def result(self) -> list[NodeTimes]:
        """The medians of each forward pass; takes calls first where there were none."""
        while self._clocked and len(self._samples[0]) < LEAST_CALLS:
            self._take_turns()
        return [summarize(own, one.statements) for own, one in zip(self._samples, self._clocked, strict=True)]

    def _take_turns(self) -> None:
        self._order.shuffle(self._turns)
        for turn in (*self._turns, *reversed(self._turns)):
            self._check()
            if turn < len(self._clocked):
                one = self._clocked[turn]
                self._samples[turn].append(ClockedSample(self._timer.sample(one.call), one.marks.intervals()))
            else:
                self._others[turn - len(self._clocked)]()


def summarize(calls: Sequence[ClockedSample], statements: Sequence[str]) -> NodeTimes:
    """The medians over the undisturbed calls, or over all where there are hardly any."""
    clean = [one for one in calls if one.whole.is_clean]
    used = clean if len(clean) >= ENOUGH_CLEAN_CALLS else calls
    whole = median([one.whole.seconds for one in used])
    medians = [median([one.parts[place] for one in used]) for place in range(len(statements))]
    nodes = tuple(
        NodeTime(name, seconds, seconds / whole if whole else 0.0)
        for name, seconds in zip(statements, medians, strict=True)
    )
    return NodeTimes(nodes, whole - sum(medians))

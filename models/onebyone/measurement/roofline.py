"""Where nodes stand under the machine's roofs: what the arithmetic, the memory and the call would allow; no torch here.

Source: Williams, Waterman, Patterson, Roofline: an insightful visual performance model, 2009.
"""

from typing import Literal

import msgspec

from onebyone import quantity
from onebyone.analysis import Analysis, intensity
from onebyone.measurement.records import BYTES_PER_ELEMENT, Roofs, Run

Bound = Literal["compute", "memory", "call"]
_WORDS: dict[Bound, str] = {
    "compute": "the arithmetic allows",
    "memory": "the memory allows",
    "call": "a call costs at least",
}


class PlacedNode(msgspec.Struct, frozen=True):
    """A node under the roofs, for the batch that was measured.

    `operations` count a MAC as two; `moved_bytes` are those of inputs, output and parameters; `seconds` is its time in
    the graph and `least_seconds` what the roofs allow, which `bound` sets.
    """

    id: str
    operations: int
    moved_bytes: int
    seconds: float
    least_seconds: float
    bound: Bound

    @property
    def intensity(self) -> float:
        """Operations a byte; zero for a node without MACs."""
        return intensity(self.operations, self.moved_bytes)

    @property
    def rate(self) -> float:
        """Operations a second."""
        return self.operations / self.seconds if self.seconds > 0 else 0.0

    @property
    def bandwidth(self) -> float:
        """Bytes a second, each counted once."""
        return self.moved_bytes / self.seconds if self.seconds > 0 else 0.0

    @property
    def share_of_roof(self) -> float:
        """How near it comes to what the roofs allow: 1 is as fast as they do; caches can lift it above."""
        return self.least_seconds / self.seconds if self.seconds > 0 else 0.0


def place(analysis: Analysis, run: Run, roofs: Roofs) -> tuple[PlacedNode, ...]:
    """Every node that was timed, in the order of the run; nothing for a run without times of nodes."""
    placed = []
    for timed in run.nodes:
        found = analysis.nodes.get(timed.id)
        values = None if found is None else found.moved_values(run.batch)
        if found is None or found.operations is None or values is None:
            continue
        operations, moved = found.operations * run.batch, values * BYTES_PER_ELEMENT[run.dtype]
        least, bound = least_time(operations, moved, roofs)
        placed.append(PlacedNode(timed.id, operations, moved, timed.median, least, bound))
    return tuple(placed)


def least_time(operations: int, moved_bytes: int, roofs: Roofs) -> tuple[float, Bound]:
    """The least seconds that the roofs allow, and which of them it is."""
    limits: dict[Bound, float] = {
        "compute": operations / roofs.operations_per_second,
        "memory": moved_bytes / roofs.bytes_per_second,
        "call": roofs.call_seconds,
    }
    bound = max(limits, key=lambda name: limits[name])
    return limits[bound], bound


def share_of_whole(placed: tuple[PlacedNode, ...], run: Run) -> float | None:
    """What the roofs allow for all nodes together as a share of the measured median; None where there is none."""
    if not placed or not run.median:
        return None
    return sum(node.least_seconds for node in placed) / run.median


def node_words(node: PlacedNode) -> str:
    """A node in words: "2.1 G operations/s at 24.1 operations a byte; 41 % of what the memory allows"."""
    rate = f"{quantity.rate(node.rate)} operations/s at {quantity.intensity(node.intensity)} operations a byte"
    bytes_rate = f"{quantity.byte_size(round(node.bandwidth))}/s, no MACs"
    share = quantity.percent(node.share_of_roof)
    if node.bound == "call":
        limit = f"a call costs {share} of its time at least"
    else:
        limit = f"{share} of what {_WORDS[node.bound]}"
    return f"{rate if node.operations else bytes_rate}; {limit}"


def whole_words(placed: tuple[PlacedNode, ...], run: Run) -> str:
    """The distance of the whole to its roof in a sentence; nothing where it is not known."""
    share = share_of_whole(placed, run)
    if share is None or run.median is None:
        return ""
    least = sum(node.least_seconds for node in placed)
    return (
        f"The roofs of this machine would allow {quantity.duration(least)}; the measured"
        f" {quantity.duration(run.median)} is {1 / share:.1f} times that."
    )


def roofs_words(roofs: Roofs) -> tuple[str, ...]:
    """The three roofs, each in words."""
    return (
        f"arithmetic: {quantity.rate(roofs.operations_per_second)} operations/s (a MAC is two)",
        f"memory: {quantity.byte_size(round(roofs.bytes_per_second))}/s, read and written",
        f"call: {quantity.duration(roofs.call_seconds)} at least",
    )

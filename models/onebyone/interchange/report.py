"""What is to be said of an import."""

from typing import Literal

import msgspec

Equal = Literal["bit", "float64", "no"]


class Report(msgspec.Struct, frozen=True):
    """What came in: nodes by kind, groups, parameters and MACs of the design, and what the original has beyond it.

    `native` says that every node is of a kind that can be edited, `opaque` names the others.
    `parameters_not_in_graph` are those that the original has and does not use when it infers. `assumed` are sentences
    on what the original leaves open. `equal` says how the design's module, with the original's tensors, agrees with the
    original: bit for bit, in float64, or not; None where they were not compared. `largest_difference` is a share of the
    largest value.
    """

    native: bool
    opaque: tuple[str, ...]
    nodes: int
    groups: int
    kinds: dict[str, int]
    parameters: int
    parameters_not_in_graph: int
    macs: int
    assumed: tuple[str, ...] = ()
    origin: str = ""
    equal: Equal | None = None
    largest_difference: float | None = None

"""Activation memory: which results live at the same time during the forward pass."""

from collections.abc import Iterable, Sequence
from itertools import accumulate

from onebyone.analysis.node_analysis import NodeAnalysis
from onebyone.analysis.topology import Topology
from onebyone.design import Node

# Bytes that come (even places) and go (odd places) at each step of the forward pass.
Traffic = list[int]


def result_bytes(node: Node, analysis: NodeAnalysis) -> int:
    """Bytes of the tensor a node creates; an output creates none, it hands on its input's."""
    return 0 if node.layer.is_exit else analysis.activation_bytes or 0


def result_sizes(topology: Topology, forward: Iterable[NodeAnalysis]) -> list[int]:
    """The bytes of the results of the live nodes, from their analyses in the order they run."""
    sizes = [analysis.activation_bytes or 0 for analysis in forward]
    for name in topology.outputs:
        sizes[topology.rank[name]] = 0
    return sizes


def memory_traffic(topology: Topology, sizes: Sequence[int]) -> Traffic:
    """The bytes allocated and freed step by step, for the sizes of the live nodes' results."""
    rank = topology.rank
    traffic = [0] * (2 * len(rank))
    traffic[: 2 * len(sizes) : 2] = sizes
    for name, step in topology.freed_at.items():
        traffic[2 * step + 1] -= sizes[rank[name]]
    return traffic


def change_traffic(traffic: Traffic, topology: Topology, name: str, difference: int) -> None:
    """Adds to the size of one node's result."""
    traffic[2 * topology.rank[name]] += difference
    freed = topology.freed_at.get(name)
    if freed is not None:
        traffic[2 * freed + 1] -= difference


def peak_bytes(traffic: Traffic) -> int:
    """The most bytes alive at one time: a step's inputs and output and all results still needed later."""
    return max(accumulate(traffic), default=0)

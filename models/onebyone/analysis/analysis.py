"""The analysis of a whole design, from nothing or from the previous one."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from heapq import heappop, heappush

import msgspec

from onebyone.analysis.fixes import with_fixes
from onebyone.analysis.memory import Traffic, change_traffic, memory_traffic, peak_bytes, result_bytes, result_sizes
from onebyone.analysis.node_analysis import UNKNOWN, NodeAnalysis, analyze_node
from onebyone.analysis.topology import Topology, find_topology
from onebyone.design import Design, Node
from onebyone.layers.base import FREE
from onebyone.problem import Problem
from onebyone.shape import Shape


class Totals(msgspec.Struct, frozen=True):
    """Sums over the nodes that lead to an output; None (withheld) while the design has an error.

    `activation_bytes` counts each tensor once, so an output adds nothing to the node it shows.
    """

    weights: int | None = None
    biases: int | None = None
    norm: int | None = None
    macs: int | None = None
    activation_bytes: int | None = None
    peak_activation_bytes: int | None = None
    outputs: dict[str, Shape | None] = {}

    @property
    def parameters(self) -> int | None:
        """Weights, biases and norm."""
        if self.weights is None or self.biases is None or self.norm is None:
            return None
        return self.weights + self.biases + self.norm


class _Sums(msgspec.Struct):
    """Running sums over the live nodes, errors or not."""

    weights: int = 0
    biases: int = 0
    norm: int = 0
    macs: int = 0
    activation_bytes: int = 0

    def add(self, analysis: NodeAnalysis, size: int, sign: int) -> None:
        """Adds (or with sign −1 takes away) one node."""
        self.activation_bytes += sign * size
        costs = analysis.costs
        if costs is not None:
            self.weights += sign * costs.weights
            self.biases += sign * costs.biases
            self.norm += sign * costs.norm
            self.macs += sign * costs.macs


class Analysis(msgspec.Struct, frozen=True, eq=False, dict=True):
    """All that is known of a design: `nodes` by id, `totals`, and `problems` in the order to show them.

    `topology` is kept while nodes only move, so its nodes may be drawn elsewhere than those of the `design`.
    """

    design: Design
    nodes: dict[str, NodeAnalysis]
    totals: Totals
    problems: tuple[Problem, ...]
    topology: Topology
    bytes_per_element: int
    sums: _Sums
    traffic: Traffic
    flawed: frozenset[str]

    @cached_property
    def design_nodes(self) -> Mapping[str, Node]:
        """The nodes of the design by id, in the order of the design."""
        return self.design.nodes_by_id()

    def node(self, node_id: str) -> Node:
        """The design's node with this id.

        Raises:
            KeyError: There is none.
        """
        return self.design_nodes[node_id]

    @property
    def is_valid(self) -> bool:
        """Whether the design has no error, so that it can be built and run."""
        return not any(problem.severity == "error" for problem in self.problems)

    @property
    def order(self) -> tuple[str, ...]:
        """The nodes of the forward pass in the order they run: inputs and outputs included, unused nodes not."""
        return self.topology.forward

    @property
    def input_ids(self) -> tuple[str, ...]:
        """The used inputs, in the order of the design: the arguments of the forward pass."""
        live = self.topology.live
        return tuple(node.id for node in self.design.nodes if node.layer.is_entry and node.id in live)

    @property
    def output_ids(self) -> tuple[str, ...]:
        """The outputs, in the order of the design: the results of the forward pass."""
        return tuple(node.id for node in self.design.nodes if node.layer.is_exit)

    def problems_at(self, node_id: str) -> tuple[Problem, ...]:
        """The problems that this node causes."""
        return tuple(problem for problem in self.problems if problem.node == node_id)

    def is_live(self, node_id: str) -> bool:
        """Whether the node leads to an output."""
        return node_id in self.topology.live


def analyze(design: Design, previous: Analysis | None = None, bytes_per_element: int = 4) -> Analysis:
    """Analyses a design.

    Args:
        previous: The analysis of an earlier state of the design; what did not change since is taken from it.
        bytes_per_element: Size of one value of the dtype.
    """
    if previous is None or previous.bytes_per_element != bytes_per_element:
        return _analyze_all(design, None, bytes_per_element)
    if previous.design is design:
        return previous
    changed = _changed_layers(design, previous)
    if changed is None:
        return _analyze_all(design, previous, bytes_per_element)
    return _analyze_changed(design, previous, changed)


def _changed_layers(design: Design, previous: Analysis) -> list[str] | None:
    """The nodes whose layer or name changed, or None where nodes or wires did."""
    before = previous.design.nodes
    if len(design.nodes) != len(before):
        return None
    changed = []
    for new, old in zip(design.nodes, before, strict=True):
        if new is old:
            continue
        if new.id != old.id or new.inputs != old.inputs or new.layer.kind != old.layer.kind:
            return None
        if new.bypassed != old.bypassed:
            return None
        if new.layer != old.layer or new.title != old.title:
            changed.append(new.id)
    return changed


def _analyze_all(design: Design, previous: Analysis | None, width: int) -> Analysis:
    topology = find_topology(design)
    by_id, broken = topology.nodes, topology.broken
    nodes = dict.fromkeys(by_id, UNKNOWN)
    in_order = []
    flawed = []
    for name in topology.order:
        found = UNKNOWN
        if name not in broken:
            node = by_id[name]
            found = analyze_node(node, nodes, width) if previous is None else _kept(node, nodes, previous)
            nodes[name] = found
            if found.problems:
                flawed.append(name)
        in_order.append(found)
    forward = in_order[: len(topology.live)]
    sizes = result_sizes(topology, forward)
    sums = _summed(forward, sum(sizes))
    return _assembled(design, topology, nodes, width, sums, memory_traffic(topology, sizes), frozenset(flawed))


def _kept(node: Node, nodes: dict[str, NodeAnalysis], previous: Analysis) -> NodeAnalysis:
    """The analysis of a node: the previous one where it still holds."""
    name = node.id
    before = previous.topology.nodes.get(name)
    if (
        before is not None
        and before.layer is node.layer
        and before.title == node.title
        and before.inputs == node.inputs
        and before.bypassed == node.bypassed
        and all(nodes[source] is previous.nodes[source] for source in node.inputs)
    ):
        return previous.nodes[name]
    found = analyze_node(node, nodes, previous.bytes_per_element)
    return previous.nodes[name] if name in previous.nodes and previous.nodes[name] == found else found


def _summed(found: Iterable[NodeAnalysis], activation_bytes: int) -> _Sums:
    weights = biases = norm = macs = 0
    for analysis in found:
        costs = analysis.costs
        if costs is not None and costs is not FREE:
            weights += costs.weights
            biases += costs.biases
            norm += costs.norm
            macs += costs.macs
    return _Sums(weights, biases, norm, macs, activation_bytes)


def _analyze_changed(design: Design, previous: Analysis, changed: list[str]) -> Analysis:
    if not changed and not previous.problems:
        return msgspec.structs.replace(previous, design=design)
    topology = msgspec.structs.replace(previous.topology, nodes=design.nodes_by_id())
    if any(problem.node in changed for problem in topology.problems):
        # The words of a topology problem hold the node's name.
        topology = find_topology(design)
    nodes = dict(previous.nodes)
    sums = msgspec.structs.replace(previous.sums)
    traffic = previous.traffic.copy()
    flawed = set(previous.flawed)
    rank = topology.rank
    waiting: list[int] = []
    for name in changed:
        if name in rank:
            heappush(waiting, rank[name])
    done = -1
    while waiting:
        place = heappop(waiting)
        if place == done:
            continue
        done = place
        name = topology.order[place]
        before = nodes[name]
        found = _reanalyzed(topology, nodes, name, previous.bytes_per_element)
        if found == before:
            continue
        nodes[name] = found
        (flawed.add if found.problems else flawed.discard)(name)
        if name in topology.live:
            old_size, new_size = (result_bytes(topology.nodes[name], item) for item in (before, found))
            sums.add(before, old_size, -1)
            sums.add(found, new_size, 1)
            change_traffic(traffic, topology, name, new_size - old_size)
        for user in topology.users[name]:
            if user in rank:
                heappush(waiting, rank[user])
    return _assembled(design, topology, nodes, previous.bytes_per_element, sums, traffic, frozenset(flawed))


def _reanalyzed(topology: Topology, nodes: dict[str, NodeAnalysis], name: str, width: int) -> NodeAnalysis:
    if name in topology.broken:
        return UNKNOWN
    return analyze_node(topology.nodes[name], nodes, width)


def _assembled(
    design: Design,
    topology: Topology,
    nodes: dict[str, NodeAnalysis],
    width: int,
    sums: _Sums,
    traffic: Traffic,
    flawed: frozenset[str],
) -> Analysis:
    found = list(topology.problems)
    if flawed:
        found += [problem for name in sorted(flawed, key=topology.rank.__getitem__) for problem in nodes[name].problems]
    problems = with_fixes(found, topology, nodes) if found else ()
    outputs = {name: nodes[name].shape for name in topology.outputs}
    if any(problem.severity == "error" for problem in problems):
        totals = Totals(outputs=outputs)
    else:
        totals = Totals(
            sums.weights, sums.biases, sums.norm, sums.macs, sums.activation_bytes, peak_bytes(traffic), outputs
        )
    return Analysis(design, nodes, totals, problems, topology, width, sums, traffic, flawed)

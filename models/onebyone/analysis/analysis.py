"""The analysis of a whole design, from nothing or from the previous one."""

from heapq import heappop, heappush

import msgspec

from onebyone.analysis.fixes import with_fixes
from onebyone.analysis.memory import Traffic, change_traffic, memory_traffic, peak_bytes, result_bytes
from onebyone.analysis.node_analysis import UNKNOWN, NodeAnalysis, analyze_node
from onebyone.analysis.topology import Topology, find_topology
from onebyone.design import Design, Node
from onebyone.layers import Layer
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


class Analysis(msgspec.Struct, frozen=True, eq=False):
    """All that is known of a design: `nodes` by id, `totals`, and `problems` in the order to show them."""

    design: Design
    nodes: dict[str, NodeAnalysis]
    totals: Totals
    problems: tuple[Problem, ...]
    topology: Topology
    bytes_per_element: int
    sums: _Sums
    traffic: Traffic
    flawed: frozenset[str]

    @property
    def is_valid(self) -> bool:
        """Whether the design has no error, so that it can be built and run."""
        return not any(problem.severity == "error" for problem in self.problems)

    @property
    def order(self) -> tuple[str, ...]:
        """The nodes of the forward pass in the order they run: inputs and outputs included, unused nodes not."""
        return tuple(name for name in self.topology.order if name in self.topology.live)

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
        return _analyze_all(design, find_topology(design), {}, {}, bytes_per_element)
    if previous.design is design:
        return previous
    changed = _changed_layers(design, previous)
    if changed is None:
        old = previous.topology.nodes
        return _analyze_all(design, find_topology(design), old, previous.nodes, bytes_per_element)
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


def _analyze_all(
    design: Design, topology: Topology, old_nodes: dict[str, Node], old: dict[str, NodeAnalysis], width: int
) -> Analysis:
    nodes = dict.fromkeys(topology.nodes, UNKNOWN)
    by_id = topology.nodes
    broken = topology.broken
    for name in topology.order:
        node = by_id[name]
        inputs = node.inputs
        layer = node.layer
        if name in broken or not _is_wired(layer, len(inputs)):
            continue
        before = old_nodes.get(name)
        if (
            before is not None
            and before.layer is layer
            and before.title == node.title
            and before.inputs == inputs
            and before.bypassed == node.bypassed
            and all(nodes[source] is old[source] for source in inputs)
        ):
            nodes[name] = old[name]
        else:
            found = analyze_node(node, [nodes[source] for source in inputs], width)
            nodes[name] = old[name] if name in old and old[name] == found else found
    sums = _Sums()
    for name in topology.live:
        sums.add(nodes[name], result_bytes(by_id[name], nodes[name]), 1)
    flawed = frozenset(name for name in topology.order if nodes[name].problems)
    return _assembled(design, topology, nodes, width, sums, memory_traffic(topology, nodes), flawed)


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


def _is_wired(layer: Layer, wired: int) -> bool:
    most = layer.maximum_inputs
    return wired >= layer.minimum_inputs and (most is None or wired <= most)


def _reanalyzed(topology: Topology, nodes: dict[str, NodeAnalysis], name: str, width: int) -> NodeAnalysis:
    node = topology.nodes[name]
    if name in topology.broken or not _is_wired(node.layer, len(node.inputs)):
        return UNKNOWN
    return analyze_node(node, [nodes[source] for source in node.inputs], width)


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
    outputs = {name: nodes[name].shape for name in topology.live if topology.nodes[name].layer.is_exit}
    if any(problem.severity == "error" for problem in problems):
        totals = Totals(outputs=outputs)
    else:
        totals = Totals(
            sums.weights, sums.biases, sums.norm, sums.macs, sums.activation_bytes, peak_bytes(traffic), outputs
        )
    return Analysis(design, nodes, totals, problems, topology, width, sums, traffic, flawed)

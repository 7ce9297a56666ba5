"""Topology of a design: the order of the forward pass, reachability, dead ends, and cycles, which networkx names."""

from collections.abc import Iterable, Mapping

import msgspec

from onebyone.analysis.cycles import Cycle, find_cycles
from onebyone.analysis.wiring_problems import (
    bad_wires,
    cannot_bypass,
    cycle_problem,
    missing_ends,
    unreachable,
    unused,
    wrong_count,
)
from onebyone.design import Design, Node
from onebyone.problem import Problem
from onebyone.reach import reached

Wires = Mapping[str, tuple[str, ...]]


class Topology(msgspec.Struct, frozen=True, eq=False):
    """How the nodes of a design hang together.

    `order` holds the nodes topologically, those on cycles left out: first the `live` ones, which lead to an output,
    branch by branch as the forward pass runs them, then the rest. `users` says where each result goes, without
    repeats. `freed_at` says after which step of `order` the result of a live node is no longer needed; results that
    leave the design are never freed. What passes through a bypassed node is the result of the node before it.
    Nothing can be said of `broken` nodes: a wire of theirs leads nowhere or in a circle, or they have too few or many.
    """

    nodes: dict[str, Node]
    order: tuple[str, ...]
    rank: dict[str, int]
    live: frozenset[str]
    users: Mapping[str, list[str]]
    outputs: tuple[str, ...]
    freed_at: dict[str, int]
    broken: frozenset[str]
    problems: tuple[Problem, ...]

    @property
    def forward(self) -> tuple[str, ...]:
        """The live nodes in the order they run."""
        return self.order[: len(self.live)]


class _Wiring(msgspec.Struct, frozen=True):
    """The wires of a design as one pass over its nodes reads them; wires that lead nowhere are left out."""

    wires: dict[str, tuple[str, ...]]
    users: dict[str, list[str]]
    inputs: list[str]
    outputs: list[str]
    bypassed: list[str]
    loose: list[str]
    miscounted: list[str]


class _Walk(msgspec.Struct, frozen=True):
    """The nodes in an order in which every wire leads forward: first the `forward` pass, then those it leaves aside."""

    forward: list[str]
    order: list[str]
    rank: dict[str, int]
    last_use: dict[str, int]
    wires: Wires


def find_topology(design: Design) -> Topology:
    """Orders the nodes of a design and says what is wrong with its wires.

    One walk from the outputs against the wires gives the order, and an order in which every wire leads forward proves
    that there is no cycle. Only where one leads back is the graph built for networkx, which finds and names the cycles.
    """
    nodes = design.nodes_by_id()
    wiring = _read_wiring(nodes)
    walk = _walk(wiring.wires, wiring.outputs)
    cycles: list[Cycle] = []
    on_cycle: frozenset[str] = frozenset()
    if walk is None:
        cycles = find_cycles(wiring.wires)
        on_cycle = frozenset().union(*(cycle.nodes for cycle in cycles))
        walk = _walk(_without(wiring.wires, on_cycle), [name for name in wiring.outputs if name not in on_cycle])
        assert walk is not None
    problems: list[Problem] = []
    if cycles or not _is_sound(nodes, wiring, walk):
        problems = _problems(nodes, wiring, cycles, on_cycle)
    live = frozenset(walk.forward)
    return Topology(
        nodes=nodes,
        order=tuple(walk.order),
        rank=walk.rank,
        live=live,
        users=wiring.users,
        outputs=tuple([name for name in wiring.outputs if name in live]),
        freed_at=_freed_at(nodes, wiring, walk),
        broken=frozenset([*wiring.loose, *wiring.miscounted, *on_cycle]),
        problems=tuple(problems),
    )


def _read_wiring(nodes: dict[str, Node]) -> _Wiring:
    users: dict[str, list[str]] = {name: [] for name in nodes}
    found = _Wiring({name: node.inputs for name, node in nodes.items()}, users, [], [], [], [], [])
    for name, node in nodes.items():
        layer, sources = node.layer, node.inputs
        is_loose = False
        for source in sources:
            known = users.get(source)
            if known is None or source == name:
                is_loose = True
            elif not known or known[-1] != name:
                known.append(name)
        if is_loose:
            found.loose.append(name)
            found.wires[name] = tuple([source for source in sources if source in nodes and source != name])
        most = layer.maximum_inputs
        if len(sources) < layer.minimum_inputs or (most is not None and len(sources) > most):
            found.miscounted.append(name)
        if layer.is_entry:
            found.inputs.append(name)
        elif layer.is_exit:
            found.outputs.append(name)
        if node.bypassed:
            found.bypassed.append(name)
    return found


def _walk(wires: Wires, outputs: list[str]) -> _Walk | None:
    """The order of all nodes; None where a wire leads back, as one does on every cycle."""
    forward = branch_order(wires, outputs)
    aside = branch_order(wires, wires, forward) if len(forward) < len(wires) else []
    order = forward + aside
    rank = {name: place for place, name in enumerate(order)}
    last_use = _last_uses(forward, wires, rank)
    if last_use is None or _last_uses(aside, wires, rank) is None:
        return None
    return _Walk(forward, order, rank, last_use, wires)


def _last_uses(names: list[str], wires: Wires, rank: Mapping[str, int]) -> dict[str, int] | None:
    """The place of the last of these nodes that takes each result; None where one comes before what it takes."""
    last_use = {}
    for name in names:
        place = rank[name]
        for source in wires[name]:
            if rank[source] >= place:
                return None
            last_use[source] = place
    return last_use


def _without(wires: Wires, names: frozenset[str]) -> Wires:
    return {
        name: tuple(source for source in sources if source not in names)
        for name, sources in wires.items()
        if name not in names
    }


def _is_sound(nodes: dict[str, Node], wiring: _Wiring, walk: _Walk) -> bool:
    """Whether the wires of a design without cycles have no problem.

    Where every node has the wires it needs, a way back along them ends at an input, so all nodes are fed; where every
    node leads to an output, the result of each is used.
    """
    return (
        len(walk.forward) == len(nodes)
        and bool(wiring.inputs and wiring.outputs)
        and not (wiring.loose or wiring.miscounted)
        and all(nodes[name].passes_through for name in wiring.bypassed)
    )


def _problems(nodes: dict[str, Node], wiring: _Wiring, cycles: list[Cycle], on_cycle: frozenset[str]) -> list[Problem]:
    problems = [problem for name in wiring.loose for problem in bad_wires(nodes[name], nodes)]
    problems += [cycle_problem(cycle.wires, nodes) for cycle in cycles]
    problems += missing_ends(wiring.inputs, wiring.outputs)
    fed = reached(wiring.inputs, wiring.users.__getitem__)
    for name, node in nodes.items():
        wired = len(wiring.wires[name])
        if node.bypassed and not node.passes_through:
            problems.append(cannot_bypass(node))
        miscount = wrong_count(node, wired)
        if miscount is not None:
            problems.append(miscount)
        elif name not in fed and name not in on_cycle and wired == len(node.inputs):
            problems.append(unreachable(node))
        is_end = not wiring.users[name] and not node.layer.is_exit and name not in on_cycle
        if is_end and name in fed and wiring.outputs:
            problems.append(unused(node))
    return problems


def branch_order(wires: Wires, ends: Iterable[str], placed: Iterable[str] = ()) -> list[str]:
    """The nodes that `ends` depend on, each after its inputs, one branch after the other in the order of the wires.

    Nodes that are already `placed` are left out. Each wire is followed once; nothing recurses.
    """
    done = set(placed)
    order: list[str] = []
    for end in ends:
        if end in done:
            continue
        done.add(end)
        name, sources = end, iter(wires[end])
        waiting = []
        while True:
            for source in sources:
                if source not in done:
                    done.add(source)
                    waiting.append((name, sources))
                    name, sources = source, iter(wires[source])
                    break
            else:
                order.append(name)
                if not waiting:
                    break
                name, sources = waiting.pop()
    return order


def _freed_at(nodes: Mapping[str, Node], wiring: _Wiring, walk: _Walk) -> dict[str, int]:
    wires, freed = walk.wires, walk.last_use
    passing = {name for name in wiring.bypassed if nodes[name].passes_through and wires.get(name)}
    if passing:
        wires = _passed_wires(wires, passing, walk.order)
        freed = {source: step for step, name in enumerate(walk.forward) for source in wires[name]}
    for output in wiring.outputs:
        for source in wires.get(output, ()):
            freed.pop(source, None)
    return freed


def _passed_wires(wires: Wires, passing: set[str], order: list[str]) -> Wires:
    """The wires as results travel them: past bypassed nodes, which read nothing themselves."""
    through: dict[str, str] = {}
    for name in order:
        if name in passing:
            source = wires[name][0]
            through[name] = through.get(source, source)
    return {
        name: () if name in through else tuple(through.get(source, source) for source in sources)
        for name, sources in wires.items()
    }

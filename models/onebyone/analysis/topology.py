"""Topology of a design, validated by networkx: cycles, reachability, dead ends, and the order of the forward pass."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from onebyone.design import Design, Node
from onebyone.edits import disconnect, set_bypassed
from onebyone.edits.mending import keep_inputs
from onebyone.problem import Fix, Problem
from onebyone.text import visible

if TYPE_CHECKING:
    import networkx as nx

Wires = Mapping[str, tuple[str, ...]]


class Topology(msgspec.Struct, frozen=True, eq=False):
    """How the nodes of a design hang together.

    `order` holds the nodes topologically, those on cycles left out: first the `live` ones, which lead to an output,
    branch by branch as the forward pass runs them, then the rest. `freed_at` says after which step of `order` the
    result of a live node is no longer needed; results that leave the design are never freed. What passes through
    a bypassed node is the result of the node before it.
    """

    nodes: dict[str, Node]
    order: tuple[str, ...]
    rank: dict[str, int]
    live: frozenset[str]
    users: Mapping[str, Iterable[str]]
    freed_at: dict[str, int]
    broken: frozenset[str]
    problems: tuple[Problem, ...]


def find_topology(design: Design) -> Topology:
    """Validates the wires of a design."""
    if not design.nodes:
        # The window shows an empty design before networkx is loaded.
        return Topology({}, (), {}, frozenset(), {}, {}, frozenset(), tuple(_design_problems([], [])))
    import networkx as nx

    nodes = design.nodes_by_id()
    wires = {node.id: node.inputs for node in design.nodes}
    bad_wires = _bad_wires(nodes)
    for target in bad_wires:
        wires[target] = tuple(source for source in wires[target] if source in nodes and source != target)
    graph = nx.DiGraph()
    graph.add_nodes_from(wires)
    graph.add_edges_from((source, target) for target, sources in wires.items() for source in sources)

    problems = [problem for found in bad_wires.values() for problem in found]
    on_cycle: set[str] = set()
    if not nx.is_directed_acyclic_graph(graph):
        for part in nx.strongly_connected_components(graph):
            if len(part) > 1:
                on_cycle |= part
                problems.append(_cycle_problem(graph.subgraph(part), nodes))
    inputs = [node.id for node in design.nodes if node.layer.is_entry]
    outputs = [node.id for node in design.nodes if node.layer.is_exit]
    fed = _reached(graph, inputs)
    users = dict(graph.adjacency())
    order = branch_order(wires, outputs, on_cycle)
    live = frozenset(order)
    order += branch_order(wires, (name for name in wires if name not in live), on_cycle, order)
    problems += _design_problems(inputs, outputs)
    problems += _node_problems(design, wires, users, fed, on_cycle, outputs)
    return Topology(
        nodes=nodes,
        order=tuple(order),
        rank={name: place for place, name in enumerate(order)},
        live=live,
        users=users,
        freed_at=_freed_at(order[: len(live)], _passed_wires(nodes, wires, order), outputs),
        broken=frozenset(bad_wires) | on_cycle,
        problems=tuple(problems),
    )


def branch_order(
    wires: Wires, ends: Iterable[str], skipped: Iterable[str] = (), placed: Iterable[str] = ()
) -> list[str]:
    """The nodes that `ends` depend on, each after its inputs, one branch after the other in the order of the wires.

    Nodes in `skipped` or already `placed` are left out. Each wire is followed once; nothing recurses.
    """
    done = {*skipped, *placed}
    order: list[str] = []
    for end in ends:
        if end in done:
            continue
        done.add(end)
        stack = [(end, iter(wires[end]))]
        while stack:
            name, sources = stack[-1]
            for source in sources:
                if source not in done:
                    done.add(source)
                    stack.append((source, iter(wires[source])))
                    break
            else:
                order.append(name)
                stack.pop()
    return order


def _reached(graph: "nx.DiGraph[str]", starts: list[str]) -> set[str]:
    """The starts and every node that can be reached from them."""
    import networkx as nx

    return set().union(*nx.bfs_layers(graph, starts)) if starts else set()


def _freed_at(forward: list[str], wires: Wires, outputs: list[str]) -> dict[str, int]:
    freed = {source: step for step, name in enumerate(forward) for source in wires[name]}
    for output in outputs:
        for source in wires[output]:
            freed.pop(source, None)
    return freed


def _passed_wires(nodes: Mapping[str, Node], wires: Wires, order: list[str]) -> Wires:
    """The wires as results travel them: past bypassed nodes, which read nothing themselves."""
    through: dict[str, str] = {}
    for name in order:
        if nodes[name].bypassed and nodes[name].passes_through and wires[name]:
            source = wires[name][0]
            through[name] = through.get(source, source)
    if not through:
        return wires
    return {
        name: () if name in through else tuple(through.get(source, source) for source in sources)
        for name, sources in wires.items()
    }


def _bad_wires(nodes: dict[str, Node]) -> dict[str, list[Problem]]:
    """The problems of wires that lead nowhere, by the node they end at."""
    found: dict[str, list[Problem]] = {}
    for node_id, node in nodes.items():
        for index, source in enumerate(node.inputs):
            if source == node_id:
                message = "its own result feeds it; remove that wire."
                fix = Fix("Remove the wire", disconnect, (node_id, index))
                found.setdefault(node_id, []).append(node_problem(node, "self-loop", message, (fix,)))
            elif source not in nodes:
                message = (
                    f"its input {index + 1} is '{source[:64]}', which is not in the design; wire it to another node."
                )
                fix = Fix("Remove the wire", disconnect, (node_id, index))
                found.setdefault(node_id, []).append(node_problem(node, "unknown-input", message, (fix,)))
    return found


def _cycle_problem(part: "nx.DiGraph[str]", nodes: dict[str, Node]) -> Problem:
    import networkx as nx

    wires = [edge[:2] for edge in nx.find_cycle(part)]
    names = [f"'{visible(nodes[source].name)}'" for source, _ in wires]
    shown = " → ".join(names[:6] if len(names) > 6 else names) + (" → …" if len(names) > 6 else f" → {names[0]}")
    source, target = wires[-1]
    index = nodes[target].inputs.index(source)
    label = f"Remove the wire from '{visible(nodes[source].name)}' to '{visible(nodes[target].name)}'"
    message = f"its result comes back to it: {shown}; remove one of these wires."
    return node_problem(nodes[target], "cycle", message, (Fix(label, disconnect, (target, index)),))


def _design_problems(inputs: list[str], outputs: list[str]) -> list[Problem]:
    problems = []
    if not inputs:
        problems.append(Problem("no-input", "error", None, "The design has no input; add one for the data to enter."))
    if not outputs:
        problems.append(Problem("no-output", "error", None, "The design has no output; add one behind its last node."))
    return problems


def _node_problems(
    design: Design,
    wires: Wires,
    users: Mapping[str, Iterable[str]],
    fed: set[str],
    on_cycle: set[str],
    outputs: list[str],
) -> list[Problem]:
    problems = []
    for node in design.nodes:
        wired = len(wires[node.id])
        layer = node.layer
        if node.bypassed and not node.passes_through:
            problems.append(_cannot_bypass(node))
        least, most = layer.minimum_inputs, layer.maximum_inputs
        if wired < least and wired == len(node.inputs):
            problems.append(_missing_input(node, least, wired))
        elif most is not None and wired > most:
            problems.append(_too_many_inputs(node, most, wired))
        elif node.id not in fed and node.id not in on_cycle and wired == len(node.inputs):
            message = "no input of the design leads here yet, so its shape is unknown; mend what comes before it."
            problems.append(node_problem(node, "unreachable", message, severity="warning"))
        if outputs and node.id in fed and not users[node.id] and not layer.is_exit and node.id not in on_cycle:
            message = (
                "its result is not used, so it is left out of the totals and of the source;"
                " connect it, or add an output behind it."
            )
            problems.append(node_problem(node, "unused-output", message, severity="warning"))
    return problems


def _cannot_bypass(node: Node) -> Problem:
    message = (
        "it is bypassed, but its kind cannot be, since no single input could stand in for its result;"
        " switch the bypass off."
    )
    fix = Fix("Switch the bypass off", set_bypassed, ((node.id,), False))
    return node_problem(node, "cannot-bypass", message, (fix,))


def _missing_input(node: Node, least: int, wired: int) -> Problem:
    if least == 1:
        return node_problem(node, "missing-input", "nothing feeds it; connect the result of another node to it.")
    have = "nothing feeds it" if wired == 0 else f"only {wired} of {least} inputs is wired"
    return node_problem(node, "missing-input", f"{have}; connect at least {least} results to it.")


def _too_many_inputs(node: Node, most: int, wired: int) -> Problem:
    if most == 0:
        message, label = "an input of the design is fed by no node; remove the wires that end here.", "Remove the wires"
    else:
        takes = "one input" if most == 1 else f"{most} inputs"
        message = f"{wired} wires end here, but it takes {takes}; remove the others, or join them in a concat or add."
        label = "Keep the first wire" if most == 1 else f"Keep the first {most} wires"
    return node_problem(node, "too-many-inputs", message, (Fix(label, keep_inputs, (node.id, most)),))


def node_problem(node: Node, code: str, message: str, fixes: tuple[Fix, ...] = (), severity: str = "error") -> Problem:
    """A problem whose message begins with the kind and the name of the node that causes it."""
    shown = visible(node.name)
    return Problem(code, severity, node.id, f"{node.layer.label} '{shown}': {message}", fixes)  # type: ignore[arg-type]

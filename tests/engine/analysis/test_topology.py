"""The topology of any wiring: what one walk over the wires finds is what networkx finds in the graph."""

import networkx as nx  # noqa: TID253
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onebyone.analysis.topology import Topology, find_topology
from onebyone.design import Design, Node
from onebyone.layers import CATALOGUE, Add, Concat, Conv2d, Flatten, Input, Output

LAYERS = (Input(4, 8, 8), Output(), Conv2d(4), Concat(), Add(), Flatten())


@st.composite
def wirings(draw: st.DrawFn) -> Design:
    """Any wires between any nodes, in any order: loops, wires from nowhere, too few and too many among them."""
    names = [f"n{place}" for place in range(draw(st.integers(0, 8)))]
    sources = st.sampled_from([*names, "gone"])
    nodes = [
        Node(
            name,
            draw(st.sampled_from(LAYERS)),
            inputs=tuple(draw(st.lists(sources, max_size=3))),
            bypassed=draw(st.sampled_from([False, False, True])),
        )
        for name in names
    ]
    return Design(nodes=tuple(nodes))


@st.composite
def sound_wirings(draw: st.DrawFn) -> Design:
    """Designs that leave a topology nothing to complain of, their nodes in any order."""
    names = ["in"]
    nodes = [Node("in", Input(4, 8, 8))]
    for place in range(draw(st.integers(0, 7))):
        sources = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3))
        names.append(f"n{place}")
        nodes.append(Node(names[-1], Concat(), inputs=tuple(sources)))
    used = {source for node in nodes for source in node.inputs}
    nodes += [Node(f"out_{name}", Output(), inputs=(name,)) for name in names if name not in used]
    return Design(nodes=tuple(draw(st.permutations(nodes))))


def graph_of(design: Design) -> "nx.DiGraph[str]":
    graph = nx.DiGraph()
    graph.add_nodes_from(node.id for node in design.nodes)
    for node in design.nodes:
        graph.add_edges_from((name, node.id) for name in node.inputs if name in graph and name != node.id)
    return graph


def on_cycles(graph: "nx.DiGraph[str]") -> set[str]:
    return set().union(*(part for part in nx.strongly_connected_components(graph) if len(part) > 1))


def leading_to(graph: "nx.DiGraph[str]", ends: list[str]) -> set[str]:
    return set(ends).union(*(nx.ancestors(graph, end) for end in ends))


def at_fault(topology: Topology, code: str) -> set[str | None]:
    return {problem.node for problem in topology.problems if problem.code == code}


@settings(max_examples=200)
@given(wirings() | sound_wirings())
def test_the_order_holds_all_nodes_but_those_on_cycles_each_after_its_inputs(design: Design) -> None:
    graph = graph_of(design)

    topology = find_topology(design)

    assert set(topology.order) == set(graph) - on_cycles(graph)
    assert topology.rank == {name: place for place, name in enumerate(topology.order)}
    assert all(topology.rank[a] < topology.rank[b] for a, b in graph.edges if {a, b} <= topology.rank.keys())


@settings(max_examples=200)
@given(wirings() | sound_wirings())
def test_live_nodes_come_first_and_lead_to_an_output(design: Design) -> None:
    graph = graph_of(design)
    graph.remove_nodes_from(on_cycles(graph))
    outputs = [node.id for node in design.nodes if node.layer.is_exit and node.id in graph]

    topology = find_topology(design)

    assert topology.live == leading_to(graph, outputs)
    assert set(topology.order[: len(topology.live)]) == topology.live
    assert topology.outputs == tuple(outputs)


@settings(max_examples=200)
@given(wirings() | sound_wirings())
def test_users_are_the_successors_in_the_graph(design: Design) -> None:
    graph = graph_of(design)

    topology = find_topology(design)

    assert topology.users == {name: list(users) for name, users in graph.adjacency()}


@settings(max_examples=200)
@given(wirings() | sound_wirings())
def test_each_cycle_is_one_problem_at_one_of_its_nodes(design: Design) -> None:
    graph = graph_of(design)
    parts = [part for part in nx.strongly_connected_components(graph) if len(part) > 1]

    found = [problem.node for problem in find_topology(design).problems if problem.code == "cycle"]

    assert len(found) == len(parts)
    assert all(len(part.intersection(found)) == 1 for part in parts)


@settings(max_examples=200)
@given(wirings() | sound_wirings())
def test_warnings_are_what_networkx_cannot_reach_and_dead_ends(design: Design) -> None:
    graph = graph_of(design)
    cyclic = on_cycles(graph)
    inputs = [node.id for node in design.nodes if node.layer.is_entry]
    fed = set(inputs).union(*(nx.descendants(graph, name) for name in inputs))
    by_id = design.nodes_by_id()
    whole = {name for name in graph if all(source in graph and source != name for source in by_id[name].inputs)}

    topology = find_topology(design)

    miscounted = at_fault(topology, "missing-input") | at_fault(topology, "too-many-inputs")
    assert at_fault(topology, "unreachable") == whole - fed - cyclic - miscounted
    ends = {name for name in fed - cyclic if not graph.adj[name] and not by_id[name].layer.is_exit}
    assert at_fault(topology, "unused-output") == (ends if any(n.layer.is_exit for n in design.nodes) else set())


@settings(max_examples=200)
@given(wirings() | sound_wirings())
def test_nodes_without_the_wires_they_need_are_broken(design: Design) -> None:
    graph = graph_of(design)
    wrong = set()
    for node in design.nodes:
        least, most = node.layer.minimum_inputs, node.layer.maximum_inputs
        fits = least <= len(node.inputs) and (most is None or len(node.inputs) <= most)
        if not fits or any(source not in graph or source == node.id for source in node.inputs):
            wrong.add(node.id)

    assert find_topology(design).broken == wrong | on_cycles(graph)


@given(sound_wirings())
def test_nothing_is_wrong_with_sound_wires(design: Design) -> None:
    topology = find_topology(design)

    assert topology.problems == ()
    assert topology.live == set(design.nodes_by_id())


def test_kinds_that_need_no_wire_are_inputs() -> None:
    # A sound design counts on it: every way back along its wires ends at an input.
    assert all(kind.is_entry for kind in CATALOGUE.values() if kind.minimum_inputs == 0)


@pytest.mark.parametrize(
    ("node", "code"),
    [
        (Node("bad", Conv2d(4), inputs=("bad",)), "self-loop"),
        (Node("bad", Conv2d(4), inputs=("gone",)), "unknown-input"),
        (Node("bad", Conv2d(4)), "missing-input"),
        (Node("bad", Conv2d(4), inputs=("in", "in")), "too-many-inputs"),
        (Node("bad", Flatten(), inputs=("in",), bypassed=True), "cannot-bypass"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_one_bad_node_in_a_design_that_is_all_alive_is_found(node: Node, code: str) -> None:
    nodes = (Node("in", Input(4, 8, 8)), node, Node("join", Concat(), inputs=("in", "bad")))

    topology = find_topology(Design(nodes=(*nodes, Node("out", Output(), inputs=("join",)))))

    assert len(topology.live) == 4
    assert [problem.code for problem in topology.problems] == [code]

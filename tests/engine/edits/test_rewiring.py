"""Edits of many wires: what they keep, and what they refuse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onebyone import edits
from onebyone.analysis import analyze
from onebyone.design import Design, Group, Node
from onebyone.edits.rewiring import disconnect_many, dissolve, insert_existing_on_wire, move_outputs, reorder_inputs
from onebyone.errors import EditError
from onebyone.gallery import load
from onebyone.layers import Add, Concat, Conv2d, Input, Output
from tests.engine.strategies import designs

CHAIN = Design(
    nodes=(
        Node("in", Input(4, 8, 8)),
        Node("a", Conv2d(4), inputs=("in",)),
        Node("b", Conv2d(4), inputs=("a",)),
        Node("sum", Add(), inputs=("in", "b")),
        Node("out", Output(), inputs=("sum",)),
    ),
    groups=(Group("g", nodes=("a",)), Group("h", nodes=("b", "sum"))),
)


def test_a_dissolved_node_hands_its_input_on_in_its_place() -> None:
    changed = dissolve(load("inception-3a"), ["conv3x3", "pool"])

    assert changed.node("concat").inputs == ("conv1x1", "reduce3x3", "conv5x5", "pool_proj")
    assert changed.node("pool_proj").inputs == ("input",)


def test_a_chain_is_dissolved_at_once_and_leaves_its_groups() -> None:
    changed = dissolve(CHAIN, ["a", "b"])

    assert changed.node("sum").inputs == ("in", "in")
    assert changed.groups == (Group("h", nodes=("sum",)),)


def test_a_merge_hands_on_its_first_input() -> None:
    assert dissolve(CHAIN, ["sum"]).node("out").inputs == ("in",)


def test_nothing_is_handed_on_where_nothing_came_in() -> None:
    changed = dissolve(CHAIN, ["in", "a"])

    assert changed.node("b").inputs == ()
    assert changed.node("sum").inputs == ("b",)


def test_a_ring_is_dissolved() -> None:
    ring = Design(
        nodes=(
            Node("a", Add(), inputs=("b",)),
            Node("b", Add(), inputs=("a",)),
            Node("c", Concat(), inputs=("b", "c")),
            Node("d", Add(), inputs=("e",)),
            Node("e", Add(), inputs=("d",)),
        )
    )

    changed = dissolve(ring, ["a", "b", "d"])

    assert [(node.id, node.inputs) for node in changed.nodes] == [("c", ("c",)), ("e", ())]


@given(designs(), st.data())
def test_dissolving_keeps_the_order_and_number_of_wires(design: Design, data: st.DataObject) -> None:
    middle = [node.id for node in design.nodes if node.inputs]
    gone = set(data.draw(st.lists(st.sampled_from(middle), max_size=4)))

    changed = dissolve(design, gone)

    before = design.nodes_by_id()

    def stands_for(name: str) -> str:
        while name in gone:
            name = before[name].inputs[0]
        return name

    assert {node.id for node in changed.nodes} == set(before) - gone
    for node in changed.nodes:
        assert node.inputs == tuple(stands_for(name) for name in before[node.id].inputs)
        assert node is before[node.id] or not gone.isdisjoint(before[node.id].inputs)
    assert "cycle" not in [problem.code for problem in analyze(changed).problems]


def test_an_input_of_a_concat_changes_its_place() -> None:
    design = load("inception-3a")

    assert reorder_inputs(design, "concat", 3, 0).node("concat").inputs == (
        "pool_proj", "conv1x1", "conv3x3", "conv5x5",
    )  # fmt: skip
    assert reorder_inputs(reorder_inputs(design, "concat", 0, 2), "concat", 2, 0) == design


def test_all_wires_that_leave_a_node_are_moved() -> None:
    design = edits.add(load("inception-3a"), Node("stem", Conv2d(192)))

    changed = move_outputs(design, "input", "stem")

    users = [node.id for node in changed.nodes if "stem" in node.inputs]
    assert users == ["conv1x1", "reduce3x3", "reduce5x5", "pool"]
    assert not any("input" in node.inputs for node in changed.nodes)


def test_several_wires_are_cut_at_once() -> None:
    changed = disconnect_many(load("inception-3a"), [("concat", 0), ("concat", 2), ("pool", 0), ("concat", 0)])

    assert changed.node("concat").inputs == ("conv3x3", "pool_proj")
    assert changed.node("pool").inputs == ()


def test_a_node_of_the_design_is_put_into_a_wire() -> None:
    loose = edits.add(CHAIN, Node("new", Conv2d(4)))

    assert [insert_existing_on_wire(loose, "new", "sum", 1).node(name).inputs for name in ("new", "sum")] == [
        ("b",),
        ("in", "new"),
    ]


def test_a_wired_node_keeps_its_other_wires_when_put_into_another() -> None:
    wired = edits.add(
        edits.add(CHAIN, Node("new", Concat(), inputs=("in", "a"))), Node("end", Concat(), inputs=("new",))
    )

    changed = insert_existing_on_wire(wired, "new", "sum", 1)

    assert changed.node("new").inputs == ("b", "a")
    assert changed.node("sum").inputs == ("in", "new")
    assert changed.node("end").inputs == ("new",)


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda: dissolve(CHAIN, ["nowhere"]), "no node 'nowhere'"),
        (lambda: reorder_inputs(CHAIN, "sum", 0, 2), "no input number 3"),
        (lambda: reorder_inputs(CHAIN, "nowhere", 0, 2), "no node 'nowhere'"),
        (lambda: move_outputs(CHAIN, "in", "b"), "close a cycle|cannot feed itself"),
        (lambda: move_outputs(CHAIN, "a", "b"), "cannot feed itself"),
        (lambda: move_outputs(CHAIN, "a", "out"), "nothing can follow it"),
        (lambda: move_outputs(CHAIN, "a", "nowhere"), "no node 'nowhere'"),
        (lambda: move_outputs(CHAIN, "out", "a"), "No wire leaves 'out'"),
        (lambda: disconnect_many(CHAIN, [("sum", 2)]), "no input number 3"),
        (lambda: disconnect_many(CHAIN, [("nowhere", 0)]), "no node 'nowhere'"),
        (lambda: insert_existing_on_wire(CHAIN, "out", "sum", 0), "middle of a wire"),
        (lambda: insert_existing_on_wire(CHAIN, "in", "b", 0), "middle of a wire"),
        (lambda: insert_existing_on_wire(CHAIN, "b", "sum", 1), "already an end"),
        (lambda: insert_existing_on_wire(CHAIN, "sum", "b", 0), "close a cycle"),
        (lambda: insert_existing_on_wire(CHAIN, "a", "sum", 1), "close a cycle"),
        (lambda: insert_existing_on_wire(CHAIN, "a", "sum", 4), "no input number 5"),
    ],
)
def test_impossible_edits_are_refused_with_the_reason(edit, reason: str) -> None:
    with pytest.raises(EditError, match=reason):
        edit()

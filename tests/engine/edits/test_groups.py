"""Edits on groups keep every promise of the format."""

import random

import pytest

from onebyone import edits
from onebyone.analysis import analyze
from onebyone.analysis.group_costs import Passage, group_costs
from onebyone.design import COLOURS, Design, Group
from onebyone.edits import groups as group_edits
from onebyone.errors import EditError
from onebyone.files.storage import dumps, loads
from onebyone.gallery import load
from onebyone.grouping import Grouping
from onebyone.undo import UndoHistory
from tests.engine.test_undo import random_edit

BRANCH = ("reduce3x3", "conv3x3")


@pytest.fixture
def framed() -> Design:
    return group_edits.group(load("inception-3a"), BRANCH, "3×3 branch")


def test_a_group_holds_the_nodes_in_the_order_of_the_design(framed: Design) -> None:
    assert framed.groups == (Group("group", "3×3 branch", BRANCH),)
    assert framed.nodes == load("inception-3a").nodes


def test_a_group_that_is_chosen_as_a_whole_is_nested(framed: Design) -> None:
    outer = group_edits.group(framed, [*BRANCH, "concat"])

    assert outer.groups == (framed.groups[0], Group("group_2", "", ("concat",), ("group",)))


def test_a_node_leaves_the_group_it_was_in(framed: Design) -> None:
    changed = group_edits.group(framed, ["conv3x3", "concat"])

    assert [group.nodes for group in changed.groups] == [("reduce3x3",), ("conv3x3", "concat")]


def test_a_new_group_is_within_the_innermost_group_of_all_its_nodes(framed: Design) -> None:
    inner = group_edits.group(framed, ["conv3x3"], "inner")

    assert Grouping(inner).around("conv3x3") == ["group_2", "group"]


def test_ungroup_gives_the_members_to_the_group_around(framed: Design) -> None:
    outer = group_edits.group(framed, [*BRANCH, "concat"])

    assert group_edits.ungroup(outer, "group").groups == (Group("group_2", "", ("concat", *BRANCH)),)
    assert group_edits.ungroup(outer, "group_2").groups == framed.groups


def test_nodes_are_put_into_a_group_and_taken_out(framed: Design) -> None:
    grown = group_edits.add_to_group(framed, "group", ["concat"])
    outer = group_edits.group(framed, [*BRANCH, "concat"])

    assert grown.groups[0].nodes == (*BRANCH, "concat")
    assert group_edits.add_to_group(grown, None, ["concat"]).groups == framed.groups
    assert group_edits.add_to_group(framed, None, BRANCH).groups == ()
    assert group_edits.add_to_group(outer, "group_2", ["reduce3x3"]).groups[1].nodes == ("concat", "reduce3x3")
    assert [group.id for group in group_edits.add_to_group(outer, None, BRANCH).groups] == ["group", "group_2"]


def test_a_group_moves_as_a_whole_but_never_into_itself(framed: Design) -> None:
    other = group_edits.group(framed, ["concat"], "other")

    assert group_edits.add_to_group(other, "group_2", BRANCH).groups[1] == Group(
        "group_2", "other", ("concat",), ("group",)
    )
    assert group_edits.add_to_group(framed, "group", BRANCH) == framed


def test_title_colour_and_collapse(framed: Design) -> None:
    changed = group_edits.retitle_group(framed, "group", " a\nb ")
    changed = group_edits.set_group_colour(changed, "group", "teal")
    changed = group_edits.set_collapsed(changed, "group", True, {"concat": (8.0, 16.0)})

    assert changed.groups == (Group("group", "a b", BRANCH, (), True, "teal"),)
    assert changed.node("concat").position == (8.0, 16.0)
    assert group_edits.expand_all(changed).groups[0].collapsed is False
    assert group_edits.collapse_all(framed, ["group"]).groups[0].collapsed is True


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda design: group_edits.group(design, []), "no nodes"),
        (lambda design: group_edits.group(design, ["nowhere"]), "no node 'nowhere'"),
        (lambda design: group_edits.ungroup(design, "pool"), "no group 'pool'"),
        (lambda design: group_edits.add_to_group(design, "nowhere", ["pool"]), "no group 'nowhere'"),
        (lambda design: group_edits.collapse_all(design, ["nowhere"]), "no group 'nowhere'"),
        (lambda design: group_edits.set_group_colour(design, "group", "pink"), "'pink'"),
    ],
)
def test_impossible_edits_are_refused_with_the_reason(framed: Design, edit, reason: str) -> None:
    with pytest.raises(EditError, match=reason):
        edit(framed)


def test_a_group_goes_with_its_last_node(framed: Design) -> None:
    outer = group_edits.group(framed, [*BRANCH, "concat"])

    assert edits.remove(outer, BRANCH).groups == (Group("group_2", "", ("concat",)),)
    assert edits.remove(outer, [*BRANCH, "concat"]).groups == ()


def test_a_copied_group_is_a_group(framed: Design) -> None:
    copied = edits.duplicate(framed, BRANCH)
    pasted = edits.paste(load("inception-3a"), [framed.node("conv3x3")], groups=framed.groups)

    assert copied.groups[1] == Group("group_2", "3×3 branch", ("reduce3x3_2", "conv3x3_2"))
    assert pasted.groups == (Group("group", "3×3 branch", ("conv3x3_2",)),)


def test_a_copied_node_stays_in_its_group(framed: Design) -> None:
    assert edits.duplicate(framed, ["conv3x3"]).groups == (Group("group", "3×3 branch", (*BRANCH, "conv3x3_2")),)


def random_group_edit(chance: random.Random, design: Design) -> Design:
    ids = [node.id for node in design.nodes]
    some = chance.sample(ids, min(len(ids), chance.randint(1, 4)))
    groups = [group.id for group in design.groups] or ["nothing"]
    one = chance.choice(groups)
    if chance.random() < 0.3:
        some = list(Grouping(design).nodes_of(one)) + chance.choice([[], some])
    choices = [
        lambda: group_edits.group(design, some, "title"),
        lambda: group_edits.group(design, some),
        lambda: group_edits.ungroup(design, one),
        lambda: group_edits.add_to_group(design, one, some),
        lambda: group_edits.add_to_group(design, None, some),
        lambda: group_edits.retitle_group(design, one, str(chance.random())),
        lambda: group_edits.set_group_colour(design, one, chance.choice(COLOURS)),
        lambda: group_edits.set_collapsed(design, one, chance.random() < 0.5),
        lambda: edits.duplicate(design, some),
        lambda: edits.remove(design, some[:1]),
        lambda: random_edit(chance, design),
    ]
    return chance.choice(choices)()


def test_random_edits_keep_the_promises_and_are_undone_exactly(sized) -> None:
    chance = random.Random(5)
    for _ in range(sized(4, 20)):
        history = UndoHistory(load("inception-3a"))
        states = [dumps(history.present)]
        for _ in range(100):
            try:
                changed = history.record(random_group_edit(chance, history.present), "edit")
            except EditError:
                continue
            if changed is not history:
                history = changed
                states.append(dumps(history.present))
                # Reading it back checks that members exist, belong to one group and form no cycle.
                assert loads(states[-1]) == history.present
                assert all(group.nodes or group.groups for group in history.present.groups)

        for state in reversed(states[:-1]):
            history = history.undo()
            assert dumps(history.present) == state
        for state in states[1:]:
            history = history.redo()
            assert dumps(history.present) == state


def test_the_costs_of_a_group_are_those_of_its_nodes() -> None:
    analysis = analyze(load("inception-3a"))

    found = group_costs(analysis, BRANCH)

    nodes = [analysis.nodes[name] for name in BRANCH]
    assert found.parameters == sum(node.costs.parameters for node in nodes)
    assert found.macs == sum(node.costs.macs for node in nodes)
    assert found.activation_bytes == sum(node.activation_bytes for node in nodes)
    assert found.entering == (Passage("input", (192, 28, 28)),)
    assert found.leaving == (Passage("conv3x3", (128, 28, 28)),)


def test_all_nodes_together_cost_what_the_design_costs() -> None:
    design = load("inception-3a")
    totals = analyze(design).totals

    found = group_costs(analyze(design), [node.id for node in design.nodes])

    assert (found.weights, found.biases, found.norm, found.macs) == (
        totals.weights, totals.biases, totals.norm, totals.macs,
    )  # fmt: skip
    assert found.activation_bytes == totals.activation_bytes
    assert found.entering == found.leaving == ()


def test_costs_are_withheld_where_one_is_unknown() -> None:
    design = edits.disconnect(load("inception-3a"), "reduce3x3", 0)

    found = group_costs(analyze(design), BRANCH)

    assert found.parameters is None
    assert found.macs is None
    assert found.leaving == (Passage("conv3x3", None),)

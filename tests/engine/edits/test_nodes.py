"""Edits are pure, named, and refuse what cannot be."""

import pytest

from onebyone import edits
from onebyone.design import Design, Node
from onebyone.errors import EditError
from onebyone.gallery import load
from onebyone.layers import Concat, Conv2d, Input, MaxPool2d, Multiply, Output


@pytest.fixture
def chain() -> Design:
    return Design(
        "Chain",
        nodes=(
            Node("input", Input(8, 6, 6), position=(0.0, 0.0)),
            Node("conv", Conv2d(4), inputs=("input",), position=(0.0, 100.0)),
            Node("output", Output(), inputs=("conv",), position=(0.0, 200.0)),
        ),
    )


def test_untouched_nodes_stay_the_same_objects(chain: Design) -> None:
    changed = edits.set_fields(chain, "conv", {"out_channels": 16})

    assert changed.nodes[0] is chain.nodes[0]
    assert changed.node("conv").layer == Conv2d(16)


def test_connect_replaces_the_wire_of_a_node_with_one_input(chain: Design) -> None:
    added = edits.add(chain, Node("pool", MaxPool2d((2, 2)), inputs=("input",)))

    assert edits.connect(added, "pool", "conv").node("conv").inputs == ("pool",)


def test_connect_puts_a_wire_at_its_place_in_a_concat() -> None:
    design = load("inception-3a")
    without = edits.disconnect(design, "concat", 1)

    again = edits.connect(without, "conv3x3", "concat", 1)

    assert again == design


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        ("conv", "input", "nothing can feed it"),
        ("output", "conv", "nothing can follow it"),
        ("conv", "conv", "cannot feed itself"),
        ("nowhere", "conv", "no node 'nowhere'"),
    ],
)
def test_impossible_wires_are_refused_with_the_reason(chain: Design, source: str, target: str, reason: str) -> None:
    with pytest.raises(EditError, match=reason):
        edits.connect(chain, source, target)


def test_a_wire_that_would_close_a_cycle_is_refused(chain: Design) -> None:
    longer = edits.add(chain, Node("second", Conv2d(4), inputs=("conv",)))

    with pytest.raises(EditError, match="close a cycle"):
        edits.connect(longer, "second", "conv")


def test_a_full_node_refuses_a_third_wire(chain: Design) -> None:
    added = edits.add(chain, Node("gate", Multiply(), inputs=("conv", "conv")))

    with pytest.raises(EditError, match="takes 2 inputs"):
        edits.connect(added, "input", "gate")


def test_remove_takes_the_wires_along(chain: Design) -> None:
    assert edits.remove(chain, ["conv"]).node("output").inputs == ()


def test_insert_on_wire_stands_in_the_middle(chain: Design) -> None:
    changed = edits.insert_on_wire(chain, Node("reduce", Conv2d(2)), "conv", 0)

    assert changed.node("reduce").inputs == ("input",)
    assert changed.node("conv").inputs == ("reduce",)


def test_rename_follows_into_wires(chain: Design) -> None:
    assert edits.rename(chain, "conv", "pointwise").node("output").inputs == ("pointwise",)


@pytest.mark.parametrize("name", ["", "1x1", "class", "a b", "é", "a" * 65, "output"])
def test_rename_refuses_what_cannot_be_an_id(chain: Design, name: str) -> None:
    with pytest.raises(EditError):
        edits.rename(chain, "conv", name)


@pytest.mark.parametrize(
    "changes",
    [
        {"out_channels": 0},
        {"out_channels": 2**20 + 1},
        {"out_channels": True},
        {"out_channels": 2.0},
        {"kernel": (1,)},
        {"kernel": (0, 1)},
        {"kernel": 3},
        {"activation": "swish"},
        {"bias": 1},
        {"colour": "red"},
    ],
    ids=str,
)
def test_a_field_refuses_a_value_that_does_not_fit(chain: Design, changes: dict) -> None:
    with pytest.raises(EditError):
        edits.set_fields(chain, "conv", changes)


@pytest.mark.parametrize("position", [(float("nan"), 0.0), (float("inf"), 0.0), (2e6, 0.0)])
def test_move_refuses_places_that_are_none(chain: Design, position: tuple[float, float]) -> None:
    with pytest.raises(EditError):
        edits.move(chain, {"conv": position})


def test_paste_keeps_the_wires_among_the_copies_and_finds_free_ids() -> None:
    design = load("inception-3a")

    pasted = edits.paste(design, [design.node("reduce3x3"), design.node("conv3x3")], (10.0, 10.0))

    assert [node.id for node in pasted.nodes[-2:]] == ["reduce3x3_2", "conv3x3_2"]
    assert pasted.nodes[-2].inputs == ()
    assert pasted.nodes[-1].inputs == ("reduce3x3_2",)


def test_duplicate_keeps_the_wires_from_outside(chain: Design) -> None:
    assert edits.duplicate(chain, ["conv"]).node("conv_2").inputs == ("input",)


def test_titles_and_names_are_cleaned(chain: Design) -> None:
    changed = edits.set_name(edits.retitle(chain, "conv", " a\x00b\n "), "x\x1by")

    assert changed.node("conv").title == "a b"
    assert changed.name == "x y"


def test_an_id_with_a_number_counts_on() -> None:
    design = Design(nodes=(Node("conv", Concat()), Node("conv_2", Concat())))

    assert edits.unused_id(design, "conv") == "conv_3"
    assert edits.unused_id(design, "conv_2") == "conv_3"

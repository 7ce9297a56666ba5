"""Commands on the selection: delete, duplicate, copy, paste, nudge, arrange."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from onebyone import edits, gallery
from onebyone.design import Design
from onebyone.files.storage import dumps, loads
from onebyone_desktop.canvas.view import DesignCanvas


def names(design: Design) -> list[str]:
    return [node.id for node in design.nodes]


@pytest.fixture
def refusals(canvas: DesignCanvas) -> list[str]:
    said: list[str] = []
    canvas.session.edit_refused.connect(said.append)
    return said


@pytest.mark.usefixtures("is_undone")
def test_delete_takes_nodes_and_wires_in_one_step(canvas: DesignCanvas) -> None:
    canvas.select(("pool", "pool_proj"), (("conv5x5", 0),))

    canvas.editing.delete()

    assert "pool" not in names(canvas.session.design)
    assert canvas.session.design.node("conv5x5").inputs == ()
    assert canvas.session.design.node("concat").inputs == ("conv1x1", "conv3x3", "conv5x5")
    assert not canvas.has_selected_wires
    assert canvas.session.undo_history.undo_label == "Delete 2 nodes"


@pytest.mark.usefixtures("is_undone")
def test_delete_takes_several_wires_of_one_node(canvas: DesignCanvas) -> None:
    canvas.select((), (("concat", 0), ("concat", 2)))

    canvas.editing.delete()

    assert canvas.session.design.node("concat").inputs == ("conv3x3", "pool_proj")
    assert canvas.session.undo_history.undo_label == "Delete wire"


def test_delete_without_a_selection_is_no_step(canvas: DesignCanvas) -> None:
    canvas.editing.delete()

    assert not canvas.session.undo_history.past


@pytest.mark.usefixtures("is_undone")
def test_duplicate_copies_the_selection_with_its_wires(canvas: DesignCanvas) -> None:
    canvas.select(("reduce3x3", "conv3x3"))

    canvas.editing.duplicate()

    first, second = (canvas.session.design.node(name) for name in canvas.session.selection)
    assert first.inputs == ("input",)
    assert second.inputs == (first.id,)


def test_copied_nodes_are_a_small_design_file(canvas: DesignCanvas) -> None:
    canvas.select(("conv3x3", "reduce3x3"))

    text = canvas.editing.copied()

    assert names(loads(text.encode())) == ["reduce3x3", "conv3x3"]


def test_nothing_is_copied_without_a_selection(canvas: DesignCanvas) -> None:
    assert canvas.editing.copied() == ""


@pytest.mark.usefixtures("is_undone")
def test_pasted_nodes_are_selected_and_keep_their_own_wires(canvas: DesignCanvas) -> None:
    canvas.select(("reduce3x3", "conv3x3"))

    assert canvas.editing.paste(canvas.editing.copied())

    first, second = (canvas.session.design.node(name) for name in canvas.session.selection)
    assert first.inputs == ()
    assert second.inputs == (first.id,)


def test_pasting_twice_does_not_hide_the_first_copy(canvas: DesignCanvas) -> None:
    canvas.select(("pool",))
    text = canvas.editing.copied()

    canvas.editing.paste(text)
    canvas.editing.paste(text)

    positions = [node.position for node in canvas.session.design.nodes]
    assert len(set(positions)) == len(positions)


def test_nodes_are_pasted_into_another_design(canvas: DesignCanvas, show) -> None:
    canvas.select(("reduce3x3", "conv3x3"))
    other = show(Design())

    assert other.editing.paste(canvas.editing.copied())

    assert names(other.session.design) == ["reduce3x3", "conv3x3"]


def test_a_list_of_nodes_without_positions_is_pasted(canvas: DesignCanvas) -> None:
    nodes = [
        {"id": "a", "layer": {"kind": "conv2d", "out_channels": 8}},
        {"id": "b", "layer": {"kind": "activation", "function": "relu"}, "inputs": ["a", "gone"]},
    ]

    assert canvas.editing.paste(json.dumps(nodes))

    design = canvas.session.design
    assert design.node("b").inputs == ("a",)
    assert design.node("a").position != design.node("b").position


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "hello",
        "[",
        "{}",
        "[]",
        '{"onebyone": 1}',
        '{"onebyone": 99, "nodes": []}',
        '[{"id": "a"}]',
        '[{"id": "a", "layer": {"kind": "conv2d", "out_channels": -1}}]',
        '[{"id": "a", "layer": {"kind": "conv2d", "out_channels": NaN}}]',
        '[{"id": "a", "layer": {"kind": "warp"}}]',
        '[{"id": "1", "layer": {"kind": "output"}}]',
        '[{"id": "a", "layer": {"kind": "output"}, "position": [1e300, 0]}]',
        '[{"id": "a", "id": "b", "layer": {"kind": "output"}}]',
        "[" * 100_000,
        "\ud800",
    ],
    ids=range(17),
)
def test_text_that_holds_no_nodes_is_refused_with_a_sentence(
    canvas: DesignCanvas, refusals: list[str], text: str
) -> None:
    before = dumps(canvas.session.design)

    assert not canvas.editing.paste(text)

    (sentence,) = refusals
    assert sentence.endswith(".")
    assert len(sentence) < 400
    assert dumps(canvas.session.design) == before


def test_select_all_selects_every_node(canvas: DesignCanvas) -> None:
    canvas.select_all()

    assert set(canvas.session.selection) == set(names(canvas.session.design))


@pytest.mark.usefixtures("is_undone")
def test_control_and_arrow_keys_nudge_the_selection_in_one_step(canvas: DesignCanvas) -> None:
    x, y = canvas.session.design.node("pool").position or (0, 0)
    canvas.select(("pool",))

    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        QTest.keyClick(canvas, key, Qt.KeyboardModifier.ControlModifier)

    assert canvas.session.design.node("pool").position == (x + 8, y + 8)


def test_nudges_of_other_nodes_are_another_step(canvas: DesignCanvas) -> None:
    canvas.select(("pool",))
    QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)

    canvas.select(("conv3x3",))
    QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)

    assert len(canvas.session.undo_history.past) == 2


def test_arrange_lays_the_design_out_in_one_step(canvas: DesignCanvas) -> None:
    canvas.session.apply("Move", edits.move, {"pool": (4000.0, 4000.0)})
    before = dumps(canvas.session.design)

    canvas.arranging.all()

    assert canvas.session.design.node("pool").position != (4000.0, 4000.0)
    assert canvas.session.undo_history.undo_label == "Arrange"
    canvas.session.undo()
    assert dumps(canvas.session.design) == before


def test_nodes_glide_to_where_the_design_has_them(canvas: DesignCanvas, qtbot) -> None:
    canvas.session.apply("Move", edits.move, {"pool": (2000.0, 1000.0)})

    canvas.arranging.all()

    item = canvas.design_scene.nodes["pool"]
    target = canvas.session.design.node("pool").position
    qtbot.waitUntil(lambda: (item.x(), item.y()) == target, timeout=2000)
    assert target != (2000.0, 1000.0)


def test_undo_while_nodes_glide_puts_them_back(canvas: DesignCanvas) -> None:
    canvas.session.apply("Move", edits.move, {"pool": (2000.0, 1000.0)})
    canvas.arranging.all()

    canvas.session.undo()

    item = canvas.design_scene.nodes["pool"]
    assert (item.x(), item.y()) == (2000.0, 1000.0)


def test_a_design_without_positions_is_laid_out_and_unmodified(show) -> None:
    canvas = show(gallery.load("inception-3a"))

    assert all(node.position is not None for node in canvas.session.design.nodes)
    assert not canvas.session.is_modified

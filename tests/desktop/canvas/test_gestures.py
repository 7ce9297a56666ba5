"""Gestures with the mouse: what they do to the design, each in one step that can be undone."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from onebyone import edits
from onebyone_desktop.canvas.view import DesignCanvas
from tests.desktop.canvas.hand import Hand

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
MIDDLE = Qt.MouseButton.MiddleButton


def inputs(canvas: DesignCanvas, name: str) -> tuple[str, ...]:
    return canvas.session.design.node(name).inputs


def position(canvas: DesignCanvas, name: str) -> tuple[float, float]:
    at = canvas.session.design.node(name).position
    assert at is not None
    return at


@pytest.mark.usefixtures("is_undone")
def test_a_drag_moves_a_node_on_the_grid(canvas: DesignCanvas, hand: Hand) -> None:
    x, y = position(canvas, "pool")
    start = hand.body("pool")

    hand.drag(start, start + QPointF(51, 21))

    assert position(canvas, "pool") == (x + 48, y + 24)
    assert canvas.session.selection == ("pool",)
    assert canvas.session.undo_history.undo_label == "Move pool"


@pytest.mark.usefixtures("is_undone")
def test_a_drag_moves_the_whole_selection(canvas: DesignCanvas, hand: Hand) -> None:
    canvas.snapping.has_guides = False
    canvas.select(("pool", "conv5x5"))
    before = position(canvas, "conv5x5")
    start = hand.body("pool")

    hand.drag(start, start + QPointF(40, 40))

    assert position(canvas, "conv5x5") == (before[0] + 40, before[1] + 40)
    assert canvas.session.undo_history.undo_label == "Move 2 nodes"


def test_wires_follow_while_a_node_is_dragged(canvas: DesignCanvas, hand: Hand) -> None:
    start = hand.body("pool")

    hand.press(start)
    hand.move(start + QPointF(80, 0))
    hand.move(start + QPointF(80, 40))

    end = canvas.design_scene.wires["pool", 0].path().currentPosition()
    assert end == canvas.design_scene.nodes["pool"].input_port(0)
    assert not canvas.session.is_modified
    hand.release(start + QPointF(80, 40))
    assert canvas.session.is_modified


def test_escape_breaks_a_drag_off(canvas: DesignCanvas, hand: Hand) -> None:
    start = hand.body("pool")
    before = canvas.design_scene.nodes["pool"].pos()

    hand.press(start)
    hand.move(start + QPointF(80, 40))
    QTest.keyClick(canvas.viewport(), Qt.Key.Key_Escape)
    hand.release(start + QPointF(80, 40))

    assert canvas.design_scene.nodes["pool"].pos() == before
    assert not canvas.session.undo_history.past


def test_a_click_is_no_step(canvas: DesignCanvas, hand: Hand) -> None:
    hand.click(hand.body("pool"))

    assert canvas.session.selection == ("pool",)
    assert not canvas.session.undo_history.past


def test_a_click_on_one_of_several_selects_it_alone(canvas: DesignCanvas, hand: Hand) -> None:
    canvas.select_all()

    hand.click(hand.body("pool"))

    assert canvas.session.selection == ("pool",)


@pytest.mark.parametrize("key", [CONTROL, SHIFT], ids=["control", "shift"])
def test_a_click_with_a_key_adds_and_takes_away(canvas: DesignCanvas, hand: Hand, key: Qt.KeyboardModifier) -> None:
    hand.click(hand.body("pool"))
    hand.click(hand.body("conv3x3"), key)
    assert set(canvas.session.selection) == {"pool", "conv3x3"}

    hand.click(hand.body("pool"), key)

    assert canvas.session.selection == ("conv3x3",)


def test_a_click_on_nothing_selects_nothing(canvas: DesignCanvas, hand: Hand) -> None:
    canvas.select_all()

    hand.click(canvas.design_scene.bounds().topLeft() + QPointF(4, 4))

    assert canvas.session.selection == ()


def test_a_box_selects_what_it_touches(canvas: DesignCanvas, hand: Hand) -> None:
    boxes = canvas.design_scene.nodes
    start = boxes["conv5x5"].box.bottomRight() + QPointF(20, 6)

    hand.drag(start, boxes["reduce5x5"].box.center())

    assert set(canvas.session.selection) == {"conv5x5", "reduce5x5"}
    assert canvas.design_scene.overlays == ()


def test_a_box_with_shift_adds_to_the_selection(canvas: DesignCanvas, hand: Hand) -> None:
    canvas.select(("input",))
    start = canvas.design_scene.nodes["pool"].box.topRight() + QPointF(20, -20)

    hand.drag(start, hand.body("pool"), SHIFT)

    assert set(canvas.session.selection) == {"input", "pool"}


@pytest.mark.usefixtures("is_undone")
def test_a_wire_is_pulled_from_a_port_to_a_node(canvas: DesignCanvas, hand: Hand) -> None:
    hand.drag(hand.output("reduce5x5"), hand.body("pool_proj"))

    assert inputs(canvas, "pool_proj") == ("reduce5x5",)
    assert canvas.session.undo_history.undo_label == "Connect reduce5x5 to pool_proj"


@pytest.mark.usefixtures("is_undone")
def test_a_wire_joins_a_concat_where_it_is_dropped(canvas: DesignCanvas, hand: Hand) -> None:
    between = (hand.input("concat", 1) + hand.input("concat", 2)) / 2 + QPointF(0, 6)

    hand.drag(hand.output("input"), between)

    assert inputs(canvas, "concat") == ("conv1x1", "conv3x3", "input", "conv5x5", "pool_proj")


@pytest.mark.parametrize("offset", [(-40, 12), (0, 12), (40, 12), (-40, 30)])
def test_wires_dropped_on_an_empty_concat_keep_the_order_of_wiring(
    canvas: DesignCanvas, hand: Hand, offset: tuple[int, int]
) -> None:
    branches = ("conv1x1", "conv3x3", "conv5x5", "pool_proj")
    for _ in branches:
        canvas.session.apply("Disconnect", edits.disconnect, "concat", 0)

    for name in branches:
        hand.drag(hand.output(name), canvas.design_scene.nodes["concat"].box.center() + QPointF(*offset))

    assert inputs(canvas, "concat") == branches


@pytest.mark.parametrize("way", [(0, 0), (7, 5), (-8, 4), (0, 9)])
def test_a_press_near_a_port_pulls_a_wire_and_moves_no_node(
    canvas: DesignCanvas, hand: Hand, way: tuple[int, int]
) -> None:
    before = position(canvas, "reduce5x5")

    hand.drag(hand.output("reduce5x5") + QPointF(*way), hand.body("pool_proj"))

    assert inputs(canvas, "pool_proj") == ("reduce5x5",)
    assert position(canvas, "reduce5x5") == before


def test_a_node_is_as_high_with_a_problem_as_without(canvas: DesignCanvas) -> None:
    item = canvas.design_scene.nodes["conv3x3"]
    before = (item.box.height(), item.output_port())

    canvas.session.apply("Disconnect", edits.disconnect, "conv3x3", 0)

    assert (item.box.height(), item.output_port()) == before


def test_a_pulled_wire_is_shown_with_the_port_it_would_take(canvas: DesignCanvas, hand: Hand) -> None:
    hand.press(hand.output("reduce5x5"))
    hand.move(hand.output("reduce5x5") + QPointF(30, 30))
    hand.move(hand.body("pool_proj"))

    (preview,) = canvas.design_scene.overlays
    assert preview.path().currentPosition() == hand.input("pool_proj")
    hand.release(hand.body("pool_proj"))
    assert canvas.design_scene.overlays == ()


def test_a_wire_dropped_on_nothing_is_nothing(canvas: DesignCanvas, hand: Hand) -> None:
    hand.drag(hand.output("conv1x1"), hand.output("conv1x1") + QPointF(-60, 120))

    assert not canvas.session.undo_history.past


def test_a_wire_that_would_close_a_cycle_is_refused_in_words(canvas: DesignCanvas, hand: Hand) -> None:
    refusals: list[str] = []
    canvas.session.edit_refused.connect(refusals.append)

    hand.drag(hand.output("conv3x3"), hand.body("reduce3x3"))

    assert refusals == ["A wire from 'conv3x3' to 'reduce3x3' would close a cycle."]
    assert not canvas.session.undo_history.past


@pytest.mark.usefixtures("is_undone")
def test_the_end_of_a_wire_pulled_off_and_dropped_disconnects_it(canvas: DesignCanvas, hand: Hand) -> None:
    port = hand.input("conv5x5")

    hand.drag(port, port + QPointF(110, -20))

    assert inputs(canvas, "conv5x5") == ()
    assert ("conv5x5", 0) not in canvas.design_scene.wires


@pytest.mark.usefixtures("is_undone")
def test_the_end_of_a_wire_is_pulled_to_another_node(canvas: DesignCanvas, hand: Hand) -> None:
    hand.drag(hand.input("conv3x3"), hand.body("pool_proj"))

    assert inputs(canvas, "conv3x3") == ()
    assert inputs(canvas, "pool_proj") == ("reduce3x3",)


@pytest.mark.usefixtures("is_undone")
def test_the_inputs_of_a_concat_are_put_in_another_order(canvas: DesignCanvas, hand: Hand) -> None:
    hand.drag(hand.input("concat", 0), hand.input("concat", 3) + QPointF(12, 4))

    assert inputs(canvas, "concat") == ("conv3x3", "conv5x5", "pool_proj", "conv1x1")


def test_the_end_of_a_wire_dropped_where_it_was_changes_nothing(canvas: DesignCanvas, hand: Hand) -> None:
    port = hand.input("concat", 1)

    hand.press(port)
    hand.move(port + QPointF(80, -40))
    hand.move(port)
    hand.release(port)

    assert not canvas.session.undo_history.past
    assert canvas.design_scene.wires["concat", 1].isVisible()


def test_a_click_on_a_wire_selects_it(canvas: DesignCanvas, hand: Hand) -> None:
    hand.click(hand.on_wire("conv5x5"))

    assert canvas.selected_wires == (("conv5x5", 0),)
    assert canvas.has_selected_wires
    assert canvas.session.selection == ()


def test_a_click_on_a_node_deselects_wires(canvas: DesignCanvas, hand: Hand) -> None:
    hand.click(hand.on_wire("conv5x5"))

    hand.click(hand.body("pool"))

    assert not canvas.has_selected_wires


@pytest.mark.parametrize("has_space", [True, False], ids=["space", "middle button"])
def test_a_drag_moves_the_view(canvas: DesignCanvas, hand: Hand, has_space: bool) -> None:
    before = canvas.camera.centre
    start = canvas.mapToScene(200, 200)
    if has_space:
        QTest.keyPress(canvas.viewport(), Qt.Key.Key_Space)

    hand.press(start, button=Qt.MouseButton.LeftButton if has_space else MIDDLE)
    for x in (230, 260):
        QTest.mouseMove(canvas.viewport(), QPoint(x, 240))
    hand.release(canvas.mapToScene(260, 240), Qt.MouseButton.LeftButton if has_space else MIDDLE)
    QTest.keyRelease(canvas.viewport(), Qt.Key.Key_Space)

    offset = before - canvas.camera.centre
    assert (round(offset.x()), round(offset.y())) == (60, 40)
    assert not canvas.session.undo_history.past and canvas.session.selection == ()


def test_undo_in_the_middle_of_a_drag_is_safe(canvas: DesignCanvas, hand: Hand) -> None:
    canvas.session.apply("Add", lambda design: design.__class__(nodes=design.nodes[:-1]))
    start = hand.body("pool")
    hand.press(start)
    hand.move(start + QPointF(60, 60))

    canvas.session.undo()
    hand.release(start + QPointF(60, 60))

    assert canvas.design_scene.nodes["pool"].pos() == QPointF(*position(canvas, "pool"))


def test_a_double_click_asks_for_the_name(canvas: DesignCanvas, hand: Hand) -> None:
    wishes: list[str] = []
    canvas.rename_requested.connect(wishes.append)

    QTest.mouseDClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=hand.at(hand.body("pool")))

    assert wishes == ["pool"]

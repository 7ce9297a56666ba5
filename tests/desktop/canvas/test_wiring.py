"""Wires by hand: what is dimmed and said, where they snap, moving all of an output's, cutting, dropping on nothing."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from onebyone import edits
from onebyone.design import Design, Node
from onebyone.files.storage import dumps
from onebyone.layers import Add, Conv2d, Flatten, Input, Linear, Multiply, Output
from onebyone_desktop.canvas.search.popup import SearchPopup
from onebyone_desktop.canvas.view import DesignCanvas
from tests.desktop.canvas.hand import Hand

SHIFT = Qt.KeyboardModifier.ShiftModifier
CUT = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


def inputs(canvas: DesignCanvas, name: str) -> tuple[str, ...]:
    return canvas.session.design.node(name).inputs


def note(canvas: DesignCanvas) -> str:
    label = canvas.findChild(QLabel, "canvas.note")
    assert label is not None
    return label.text() if label.isVisible() else ""


def dimmed(canvas: DesignCanvas) -> set[str]:
    return {name for name, item in canvas.design_scene.nodes.items() if item.opacity() < 1}


def pull(
    hand: Hand, start: QPointF, *points: QPointF, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """Presses and moves, without letting go."""
    hand.press(start, keys)
    hand.move(start + QPointF(6, 6))
    for point in points:
        hand.move(point)


@pytest.fixture
def refusals(canvas: DesignCanvas) -> list[str]:
    said: list[str] = []
    canvas.session.edit_refused.connect(said.append)
    return said


@pytest.fixture
def is_untouched(canvas: DesignCanvas) -> Iterator[None]:
    """After the test the design and all that is seen are as before it."""
    before = dumps(canvas.session.design)
    yield
    assert dumps(canvas.session.design) == before
    assert not canvas.session.undo_history.past
    assert dimmed(canvas) == set()
    assert note(canvas) == ""
    assert canvas.design_scene.overlays == ()
    assert all(wire.isVisible() and wire.opacity() == 1 for wire in canvas.design_scene.wires.values())
    assert not canvas.pointing.is_busy


def head() -> Design:
    """A feature map, a vector, a product of two and open ends."""
    return Design(
        nodes=(
            Node("input", Input(8, 6, 6), position=(0, 0)),
            Node("conv", Conv2d(8), inputs=("input",), position=(0, 120)),
            Node("wide", Conv2d(16), inputs=("input",), position=(240, 120)),
            Node("product", Multiply(), inputs=("conv", "conv"), position=(0, 260)),
            Node("sum", Add(), inputs=("conv",), position=(480, 260)),
            Node("flatten", Flatten(), inputs=("product",), position=(0, 400)),
            Node("linear", Linear(10), inputs=("flatten",), position=(0, 540)),
            Node("output", Output(), inputs=("linear",), position=(0, 680)),
            Node("open", Linear(5), position=(480, 540)),
        )
    )


@pytest.fixture
def other(show) -> DesignCanvas:
    """The head at a scale that shows all of it."""
    return show(head(), 1000, 900)


@pytest.mark.usefixtures("is_untouched")
def test_nodes_that_cannot_take_a_wire_are_dimmed_while_it_is_pulled(canvas: DesignCanvas, hand: Hand) -> None:
    pull(hand, hand.output("conv3x3"), hand.output("conv3x3") + QPointF(300, 140))

    assert dimmed(canvas) == {"input", "reduce3x3", "conv3x3"}
    QTest.keyClick(canvas.viewport(), Qt.Key.Key_Escape)
    hand.release(hand.output("conv3x3") + QPointF(300, 140))


@pytest.mark.usefixtures("is_untouched")
def test_a_cycle_is_said_at_the_pointer_and_refused(canvas: DesignCanvas, hand: Hand, refusals: list[str]) -> None:
    pull(hand, hand.output("conv3x3"), hand.body("reduce3x3"))
    said = note(canvas)
    hand.release(hand.body("reduce3x3"))

    assert said == "A wire from 'conv3x3' to 'reduce3x3' would close a cycle."
    assert refusals == [said]


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        ("input", "product", "'product' takes 2 inputs, and all are wired; disconnect one first."),
        ("input", "open", "it needs a vector, but gets a feature map 6×6×8; put a flatten before it."),
        ("flatten", "sum", "its inputs are a feature map 6×6×8 and a vector of 288; all must be feature maps"),
        ("conv", "input", "'input' is an input of the design; nothing can feed it."),
    ],
    ids=["full", "linear on a feature map", "add with a vector", "an input"],
)
def test_what_can_never_be_is_dimmed_said_and_refused(
    other: DesignCanvas, source: str, target: str, words: str
) -> None:
    hand, refusals = Hand(other), []
    other.session.edit_refused.connect(refusals.append)

    pull(hand, hand.output(source), hand.body(target))
    said = note(other)
    assert target in dimmed(other)
    hand.release(hand.body(target))

    assert words in said
    assert refusals == [said]
    assert not other.session.undo_history.past


def test_shapes_that_do_not_fit_yet_are_said_and_still_wired(other: DesignCanvas) -> None:
    hand = Hand(other)

    pull(hand, hand.output("wide"), hand.body("sum"))
    said = note(other)
    assert "sum" in dimmed(other)
    hand.release(hand.body("sum"))

    assert "8 and 16 channels" in said
    assert inputs(other, "sum") == ("conv", "wide")


@pytest.mark.usefixtures("is_undone")
def test_a_wire_snaps_to_a_node_nearby(canvas: DesignCanvas, hand: Hand) -> None:
    box = canvas.design_scene.nodes["pool_proj"].box
    beside = box.topRight() + QPointF(18, 10)

    pull(hand, hand.output("reduce5x5"), beside)
    (preview,) = canvas.design_scene.overlays
    end = preview.path().currentPosition()
    hand.release(beside)

    assert end == hand.input("pool_proj")
    assert inputs(canvas, "pool_proj") == ("reduce5x5",)


def test_a_wire_that_takes_the_place_of_another_says_so(canvas: DesignCanvas, hand: Hand) -> None:
    pull(hand, hand.output("reduce5x5"), hand.body("pool_proj"))

    (preview,) = canvas.design_scene.overlays
    assert note(canvas) == "Replaces the wire from pool"
    assert preview.pen().style() == Qt.PenStyle.DashLine
    assert canvas.design_scene.wires["pool_proj", 0].opacity() < 1
    hand.move(hand.output("reduce5x5") + QPointF(-110, 20))
    assert note(canvas) == ""
    assert canvas.design_scene.wires["pool_proj", 0].opacity() == 1
    hand.release(hand.output("reduce5x5") + QPointF(-110, 20))


@pytest.mark.usefixtures("is_untouched")
def test_escape_puts_a_pulled_off_wire_back(canvas: DesignCanvas, hand: Hand) -> None:
    port = hand.input("conv5x5")

    pull(hand, port, port + QPointF(140, -20))
    assert not canvas.design_scene.wires["conv5x5", 0].isVisible()
    QTest.keyClick(canvas.viewport(), Qt.Key.Key_Escape)
    hand.release(port + QPointF(140, -20))


@pytest.mark.usefixtures("is_undone")
def test_a_wire_dropped_on_nothing_asks_what_is_to_follow(canvas: DesignCanvas, hand: Hand) -> None:
    point = hand.output("conv1x1") + QPointF(-60, 130)

    hand.drag(hand.output("conv1x1"), point)
    popup = canvas.findChild(SearchPopup)
    field = popup.findChild(QLineEdit)
    assert canvas.design_scene.overlays != ()
    QTest.keyClicks(field, "3x3 24")
    QTest.keyClick(field, Qt.Key.Key_Return)

    added = canvas.session.selection[0]
    assert inputs(canvas, added) == ("conv1x1",)
    assert canvas.session.design.node(added).layer.out_channels == 24
    assert canvas.design_scene.overlays == ()


@pytest.mark.usefixtures("is_untouched")
def test_escape_in_the_search_leaves_nothing_of_the_wire(canvas: DesignCanvas, hand: Hand) -> None:
    hand.drag(hand.output("conv1x1"), hand.output("conv1x1") + QPointF(-60, 130))
    popup = canvas.findChild(SearchPopup)

    QTest.keyClick(popup.findChild(QLineEdit), Qt.Key.Key_Escape)

    assert not popup.isVisible()


def test_shift_moves_several_wires_in_one_step(canvas: DesignCanvas, hand: Hand) -> None:
    canvas.session.apply("Connect", edits.connect, "reduce3x3", "concat")

    hand.drag(hand.output("reduce3x3"), hand.body("reduce5x5"), SHIFT)

    assert inputs(canvas, "conv3x3") == ("reduce5x5",)
    assert inputs(canvas, "concat")[-1] == "reduce5x5"
    assert canvas.session.undo_history.undo_label == "Move the wires of reduce3x3 to reduce5x5"
    canvas.session.undo()
    assert inputs(canvas, "conv3x3") == ("reduce3x3",)


@pytest.mark.usefixtures("is_untouched")
def test_wires_are_not_moved_to_what_they_lead_to(canvas: DesignCanvas, hand: Hand, refusals: list[str]) -> None:
    pull(hand, hand.output("reduce3x3"), hand.body("concat"), keys=SHIFT)
    said = note(canvas)
    assert dimmed(canvas) == {"conv3x3", "concat", "output"}
    hand.release(hand.body("concat"))

    assert "would close a cycle" in said
    assert refusals == [said]


@pytest.mark.usefixtures("is_untouched")
def test_escape_leaves_all_wires_where_they_were(canvas: DesignCanvas, hand: Hand) -> None:
    pull(hand, hand.output("input"), hand.body("pool"), keys=SHIFT)
    QTest.keyClick(canvas.viewport(), Qt.Key.Key_Escape)
    hand.release(hand.body("pool"))


@pytest.mark.usefixtures("is_undone")
def test_a_cut_takes_all_wires_it_crosses_in_one_step(canvas: DesignCanvas, hand: Hand) -> None:
    boxes = canvas.design_scene.nodes
    row = boxes["conv1x1"].box.bottom() + 12
    start = QPointF(boxes["conv1x1"].box.left() - 20, row)
    end = QPointF(boxes["conv5x5"].box.right() + 20, row)

    hand.drag(start, end, CUT)

    assert inputs(canvas, "concat") == ("pool_proj",)
    assert canvas.session.undo_history.undo_label == "Cut 3 wires"


@pytest.mark.usefixtures("is_untouched")
def test_escape_cuts_nothing(canvas: DesignCanvas, hand: Hand) -> None:
    start, end = hand.on_wire("conv5x5") - QPointF(60, 0), hand.on_wire("conv5x5") + QPointF(60, 0)
    items = len(canvas.design_scene.items())

    pull(hand, start, end, keys=CUT)
    assert len(canvas.design_scene.overlays) == 2
    QTest.keyClick(canvas.viewport(), Qt.Key.Key_Escape)
    hand.release(end)

    assert len(canvas.design_scene.items()) == items


@pytest.mark.usefixtures("is_untouched")
def test_a_cut_that_meets_no_wire_is_no_step_and_moves_no_node(canvas: DesignCanvas, hand: Hand) -> None:
    box = canvas.design_scene.nodes["pool"].box

    hand.drag(box.center(), box.center() + QPointF(20, 4), CUT)


@pytest.mark.usefixtures("is_untouched")
def test_a_gesture_ends_where_the_release_went_elsewhere(canvas: DesignCanvas, hand: Hand) -> None:
    point = hand.output("conv3x3") + QPointF(200, 120)
    pull(hand, hand.output("conv3x3"), point)

    at = QPointF(hand.at(point))
    nothing = Qt.MouseButton.NoButton
    motion = QMouseEvent(QEvent.Type.MouseMove, at, at, nothing, nothing, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(canvas.viewport(), motion)

    assert not canvas.pointing.is_busy
    hand.release(point)


@pytest.mark.usefixtures("is_untouched")
def test_a_gesture_ends_when_the_focus_goes(canvas: DesignCanvas, hand: Hand) -> None:
    pull(hand, hand.output("conv3x3"), hand.output("conv3x3") + QPointF(200, 120))

    canvas.clearFocus()

    assert not canvas.pointing.is_busy
    hand.release(hand.output("conv3x3") + QPointF(200, 120))


def test_the_view_follows_a_wire_at_its_edge(canvas: DesignCanvas, hand: Hand, qtbot) -> None:
    canvas.camera.zoom_to(1.5)
    before = canvas.camera.centre.x()
    edge = canvas.mapToScene(canvas.viewport().width() - 4, 10)

    pull(hand, hand.output("input"), edge)
    (preview,) = canvas.design_scene.overlays
    end = preview.path().currentPosition()
    qtbot.waitUntil(lambda: canvas.camera.centre.x() > before + 60, timeout=3000)
    assert preview.path().currentPosition() != end
    QTest.keyClick(canvas.viewport(), Qt.Key.Key_Escape)
    stopped = canvas.camera.centre.x()
    qtbot.wait(60)

    assert canvas.camera.centre.x() == stopped
    hand.release(edge)

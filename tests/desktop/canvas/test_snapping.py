"""Nodes settle in line with their neighbours, or on the grid."""

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt

from onebyone_desktop.canvas.snapping import Guides, Snapping
from onebyone_desktop.canvas.view import DesignCanvas
from tests.desktop.canvas.hand import Hand


def centre(canvas: DesignCanvas, name: str) -> QPointF:
    return canvas.design_scene.nodes[name].box.center()


@pytest.mark.usefixtures("is_undone")
def test_a_node_settles_under_the_middle_of_another(canvas: DesignCanvas, hand: Hand) -> None:
    start = hand.body("output")
    wanted = QPointF(centre(canvas, "conv5x5").x() + 4, start.y() + 40)

    hand.drag(start, wanted)

    assert centre(canvas, "output").x() == pytest.approx(centre(canvas, "conv5x5").x())


def test_the_guide_is_drawn_while_dragging_and_gone_afterwards(canvas: DesignCanvas, hand: Hand) -> None:
    start = hand.body("output")
    wanted = QPointF(centre(canvas, "conv5x5").x() + 2, start.y() + 40)
    scene = canvas.design_scene

    hand.press(start)
    hand.move(start + QPointF(20, 20))
    hand.move(wanted)
    assert any(not line.path().isEmpty() for line in scene.gesture_lines)
    hand.release(wanted)

    assert not scene.gesture_lines


def test_alt_places_freely(canvas: DesignCanvas, hand: Hand) -> None:
    start = hand.body("output")
    before = canvas.session.design.node("output").position

    hand.drag(start, start + QPointF(13, 17), keys=Qt.KeyboardModifier.AltModifier)

    assert canvas.session.design.node("output").position == (before[0] + 13, before[1] + 17)


@pytest.mark.parametrize(("has_grid", "expected"), [(True, (16, 16)), (False, (13, 17))])
def test_without_guides_the_grid_decides(canvas: DesignCanvas, hand: Hand, has_grid: bool, expected) -> None:
    canvas.snapping.has_guides = False
    canvas.snapping.has_grid = has_grid
    start = hand.body("output")
    x, y = canvas.session.design.node("output").position
    assert (x % 8, y % 8) == (0, 0)

    hand.drag(start, start + QPointF(13, 17))

    assert canvas.session.design.node("output").position == (x + expected[0], y + expected[1])


def test_like_is_lined_up_with_like() -> None:
    guides = Guides([QRectF(0, 0, 100, 50), QRectF(300, 200, 60, 50)])

    settled = Snapping().settle(QRectF(303, 400, 40, 50), guides, 1.0)

    assert settled.corner.x() == 300
    assert settled.corner.y() == 400
    assert len(settled.lines) == 1
    assert Snapping().settle(QRectF(333, 400, 70, 50), guides, 1.0).corner.x() == 336
    assert Snapping().settle(QRectF(292, 400, 70, 50), guides, 1.0).corner.x() == 290

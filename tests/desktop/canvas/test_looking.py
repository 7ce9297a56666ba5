"""Getting about and seeing more: pinch, map, heat and its legend, the path of what is selected."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from onebyone import gallery
from onebyone_desktop.appearance import theme
from onebyone_desktop.canvas.heat_choice import HeatChoice
from onebyone_desktop.canvas.view import DesignCanvas
from tests.desktop.canvas.hand import Hand

LEFT = Qt.MouseButton.LeftButton


def pinch(canvas: DesignCanvas, value: float, at: QPointF) -> None:
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture, QPointingDevice.primaryPointingDevice(), 2, at, at,
        canvas.viewport().mapToGlobal(at), value, QPointF(),
    )  # fmt: skip
    QApplication.sendEvent(canvas.viewport(), event)


@pytest.fixture
def far_off(canvas: DesignCanvas) -> Iterator[DesignCanvas]:
    """Inception 3a with only a corner of it in view, so that there is a map."""
    canvas.camera.zoom_to(2.0)
    canvas.camera.look_at(canvas.design_scene.bounds().topLeft())
    assert canvas.minimap.isVisible()
    return canvas


@pytest.mark.parametrize(("value", "zoom"), [(0.25, 1.25), (-0.2, 0.8)])
def test_a_pinch_zooms_around_the_fingers(canvas: DesignCanvas, value: float, zoom: float) -> None:
    at = QPointF(300, 200)
    before = canvas.mapToScene(at.toPoint())

    pinch(canvas, value, at)

    after = canvas.mapToScene(at.toPoint())
    assert canvas.zoom == pytest.approx(zoom)
    assert (after - before).manhattanLength() < 3


def test_a_drag_on_the_map_moves_the_view(far_off: DesignCanvas) -> None:
    design, before = far_off.session.design, far_off.camera.centre
    centre = far_off.minimap.rect().center()

    QTest.mousePress(far_off.minimap, LEFT, pos=QPoint(20, 20))
    QTest.mouseMove(far_off.minimap, centre)
    QTest.mouseRelease(far_off.minimap, LEFT, pos=centre)

    offset = far_off.camera.centre - far_off.design_scene.bounds().center()
    assert far_off.camera.centre != before
    assert offset.manhattanLength() < 12
    assert far_off.session.design is design


def test_the_map_is_there_only_while_something_is_out_of_view(far_off: DesignCanvas) -> None:
    far_off.fit_all()

    assert not far_off.minimap.isVisible()


def test_heat_colours_come_with_a_legend_that_names_the_hottest(canvas: DesignCanvas, heat: HeatChoice) -> None:
    heat.show("parameters")

    heat.colour(True)

    nodes = canvas.design_scene.nodes
    assert canvas.legend.isVisible()
    assert canvas.legend.accessibleName() == "Parameters: 67.6 % conv3x3"
    assert nodes["conv3x3"].warmth == 1.0
    assert 0 < nodes["conv5x5"].warmth < nodes["reduce3x3"].warmth < 1
    assert nodes["pool"].warmth == 0


def test_a_latency_that_was_not_measured_says_so_in_the_legend(canvas: DesignCanvas, heat: HeatChoice) -> None:
    heat.colour(True)

    heat.show("latency")

    assert canvas.legend.accessibleName() == "Latency: Not measured yet"


def test_heat_colours_are_taken_off_again(canvas: DesignCanvas, heat: HeatChoice) -> None:
    heat.colour(True)

    heat.colour(False)

    assert not canvas.legend.isVisible()
    assert all(item.warmth is None for item in canvas.design_scene.nodes.values())


def test_a_selected_node_lights_its_way_to_input_and_output(canvas: DesignCanvas, hand: Hand) -> None:
    plain = {key: wire.pen().color() for key, wire in canvas.design_scene.wires.items()}

    hand.click(hand.body("conv5x5"))

    lit = {key for key, wire in canvas.design_scene.wires.items() if wire.pen().color() != plain[key]}
    assert lit == {("reduce5x5", 0), ("conv5x5", 0), ("concat", 2), ("output", 0)}
    hand.click(canvas.mapToScene(3, 3))
    assert {key: wire.pen().color() for key, wire in canvas.design_scene.wires.items()} == plain


def test_even_a_very_long_design_is_fitted_into_a_small_view(show) -> None:
    canvas = show(gallery.load("resnet-152"), 700, 420)

    canvas.fit_all()

    assert canvas.camera.shows(canvas.design_scene.bounds())


@pytest.mark.parametrize("tokens", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_the_hot_end_of_the_ramp_is_unlike_the_cold_one(tokens: theme.Theme) -> None:
    assert tokens.heat(0.0) != tokens.heat(0.5) != tokens.heat(1.0)


def test_a_design_too_long_to_be_read_opens_at_its_beginning(show) -> None:
    canvas = show(gallery.load("resnet-152"), 700, 420)

    assert canvas.camera.zoom > 0.5
    assert canvas.camera.shows(canvas.design_scene.nodes["input"].box)

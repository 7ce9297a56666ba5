"""What the canvas shows: items that follow the design, zoom, overview, hints."""

import msgspec
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QFocusEvent, QHelpEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGraphicsView, QToolTip

from onebyone import edits, gallery
from onebyone.design import Design, Node
from onebyone.layers import Add, Conv2d, Input
from onebyone_desktop.appearance import theme
from onebyone_desktop.canvas.heat import heat_shares
from onebyone_desktop.canvas.heat_choice import HeatChoice
from onebyone_desktop.canvas.items.wire_item import WireItem
from onebyone_desktop.canvas.overlays.overview import OVERVIEW_BELOW_SCALE
from onebyone_desktop.canvas.view import DesignCanvas
from tests.desktop.canvas.conftest import Show
from tests.desktop.canvas.hand import Hand


def wheel(canvas: DesignCanvas, delta: int, at: QPointF, keys: Qt.KeyboardModifier) -> None:
    event = QWheelEvent(
        at, canvas.viewport().mapToGlobal(at), QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas.viewport(), event)


def colours(canvas: DesignCanvas) -> set[str]:
    image = canvas.grab().toImage()
    return {QColor(image.pixel(x, y)).name() for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}


def test_there_is_an_item_for_every_node_and_every_wire(canvas: DesignCanvas) -> None:
    design = canvas.session.design

    assert set(canvas.design_scene.nodes) == {node.id for node in design.nodes}
    assert len(canvas.design_scene.wires) == sum(len(node.inputs) for node in design.nodes)


def test_an_edit_renews_only_what_it_changed(canvas: DesignCanvas) -> None:
    looks = {name: item.look for name, item in canvas.design_scene.nodes.items()}
    items = dict(canvas.design_scene.nodes)

    canvas.session.apply("Set", edits.set_fields, "conv5x5", {"out_channels": 48})

    assert canvas.design_scene.nodes == items
    changed = {name for name, item in canvas.design_scene.nodes.items() if item.look is not looks[name]}
    assert changed == {"conv5x5", "concat", "output"}


def test_a_wire_is_as_wide_as_its_tensor_has_channels(canvas: DesignCanvas) -> None:
    widths = {key: wire.width for key, wire in canvas.design_scene.wires.items()}

    assert widths["output", 0] > widths["pool", 0] > widths["conv3x3", 0] > widths["conv5x5", 0]
    assert all(1.5 <= width <= 14 for width in widths.values())


def test_a_wire_of_unknown_shape_is_thin_and_dashed(canvas: DesignCanvas) -> None:
    canvas.session.apply("Cut", edits.disconnect, "reduce5x5", 0)

    pen = canvas.design_scene.wires["conv5x5", 0].pen()
    assert pen.style() == Qt.PenStyle.CustomDashLine
    assert pen.widthF() < 1.5


def test_an_error_is_on_its_node_in_words(canvas: DesignCanvas) -> None:
    canvas.session.apply("Cut", edits.disconnect, "reduce5x5", 0)

    look = canvas.design_scene.nodes["reduce5x5"].look
    assert look.severity == "error"
    assert look.trouble == "nothing feeds it"
    assert theme.current().error in colours(canvas)


def test_wires_go_round_nodes(show) -> None:
    nodes = (
        Node("input", Input(64, 8, 8)), Node("a", Conv2d(64), inputs=("input",)), Node("b", Conv2d(64), inputs=("a",)),
        Node("c", Conv2d(64), inputs=("b",)), Node("add", Add(), inputs=("c", "input")),
    )  # fmt: skip
    canvas = show(Design(nodes=nodes))

    path = canvas.design_scene.wires["add", 1].path()

    points = [path.pointAtPercent(part / 50) for part in range(3, 47)]
    assert not any(canvas.design_scene.nodes[name].box.contains(point) for name in "abc" for point in points)


def test_ctrl_and_wheel_zoom_around_the_pointer(canvas: DesignCanvas) -> None:
    at = QPointF(300, 200)
    before = canvas.mapToScene(at.toPoint())
    zooms: list[float] = []
    canvas.zoom_changed.connect(zooms.append)

    wheel(canvas, 240, at, Qt.KeyboardModifier.ControlModifier)

    after = canvas.mapToScene(at.toPoint())
    assert canvas.zoom > 1.0 and zooms == [canvas.zoom]
    assert abs(after.x() - before.x()) < 1.5 and abs(after.y() - before.y()) < 1.5


def test_the_wheel_alone_scrolls(canvas: DesignCanvas) -> None:
    before = canvas.camera.centre

    wheel(canvas, -120, QPointF(300, 200), Qt.KeyboardModifier.NoModifier)

    assert canvas.zoom == 1.0
    assert canvas.camera.centre.y() > before.y()


def test_zoom_steps_up_and_down_lead_back_to_100_percent(canvas: DesignCanvas) -> None:
    canvas.zoom_in()
    canvas.zoom_in()
    canvas.zoom_out()
    canvas.zoom_out()

    assert canvas.zoom == 1.0


@pytest.mark.parametrize(("step", "limit"), [("zoom_in", 4.0), ("zoom_out", 0.01)])
def test_zoom_has_limits(canvas: DesignCanvas, step: str, limit: float) -> None:
    for _ in range(50):
        getattr(canvas, step)()

    assert canvas.zoom == pytest.approx(limit)


def test_fit_all_shows_every_node(show) -> None:
    canvas = show(gallery.load("inception-3a"), 400, 300)

    canvas.fit_all()

    assert canvas.camera.shows(canvas.design_scene.bounds())
    assert canvas.zoom < 1.0


def test_fit_selection_shows_the_selected_nodes(canvas: DesignCanvas) -> None:
    canvas.camera.look_at(QPointF(5000, 5000))
    canvas.select(("pool", "pool_proj"))

    canvas.fit_selection()

    assert canvas.camera.shows(canvas.design_scene.bounds(("pool", "pool_proj")))


def test_a_node_is_brought_into_the_middle(canvas: DesignCanvas) -> None:
    canvas.camera.zoom_to(0.1)

    canvas.center_on("output")

    offset = canvas.camera.centre - canvas.design_scene.nodes["output"].box.center()
    assert offset.manhattanLength() < 3
    assert canvas.zoom >= 0.75


def test_panning_never_changes_the_scene_rectangle(canvas: DesignCanvas) -> None:
    rect = canvas.sceneRect()

    canvas.camera.look_at(QPointF(50_000, -20_000))

    assert canvas.sceneRect() == rect
    assert (canvas.camera.centre - QPointF(50_000, -20_000)).manhattanLength() < 3


def test_the_view_keeps_to_what_was_measured_to_be_fast(canvas: DesignCanvas) -> None:
    assert canvas.viewportUpdateMode() == QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate
    assert canvas.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    assert type(canvas.viewport()).__name__ == "QWidget"
    assert {"paint", "boundingRect", "shape"}.isdisjoint(vars(WireItem))


def test_the_overview_shows_families_and_selection_without_items(canvas: DesignCanvas) -> None:
    canvas.camera.zoom_to(OVERVIEW_BELOW_SCALE * 0.9)
    canvas.fit_all()
    canvas.camera.zoom_to(OVERVIEW_BELOW_SCALE * 0.9)
    canvas.select(("conv3x3",))

    shown = colours(canvas)

    tokens = theme.current()
    assert {tokens.pointwise, tokens.convolution, tokens.accent} <= shown
    assert tokens.text not in shown


def test_nodes_can_be_dragged_in_the_overview(canvas: DesignCanvas) -> None:
    canvas.camera.zoom_to(0.2)
    canvas.camera.look_at(canvas.design_scene.bounds().center())
    hand = Hand(canvas)
    start = hand.body("pool")

    hand.drag(start, start + QPointF(400, 0))

    assert canvas.session.undo_history.undo_label == "Move pool"


def test_an_empty_canvas_says_what_to_do(show) -> None:
    canvas = show(Design())

    assert theme.current().muted_text in colours(canvas)


def test_heat_is_the_share_of_the_quantity_shown(canvas: DesignCanvas) -> None:
    analysis = canvas.session.analysis

    shares = heat_shares(analysis, "macs", None)

    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares["conv3x3"] == pytest.approx(86_704_128 / 128_049_152)
    assert heat_shares(analysis, "latency", None) == {}


@pytest.mark.parametrize("quantity", ["parameters", "macs", "memory", "latency"])
def test_every_heat_can_be_shown(canvas: DesignCanvas, heat: HeatChoice, quantity) -> None:
    heat.show(quantity)

    assert not canvas.grab().isNull()


def test_a_new_theme_is_followed(canvas: DesignCanvas, qapp: QApplication) -> None:
    theme.apply(qapp, theme.DARK)
    canvas.refresh_theme()

    shown = colours(canvas)

    theme.apply(qapp, theme.LIGHT)
    assert theme.DARK.canvas in shown and theme.LIGHT.canvas not in shown


def test_the_canvas_has_a_name_for_screen_readers(canvas: DesignCanvas) -> None:
    assert canvas.accessibleName() == "Canvas"
    assert "Costs table" in canvas.accessibleDescription()


def test_focus_by_keyboard_is_visible(canvas: DesignCanvas) -> None:
    QApplication.sendEvent(canvas, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))

    corner = QColor(canvas.grab().toImage().pixel(1, 300))
    assert corner == QColor(theme.current().accent)


def test_a_tool_tip_shows_markup_as_it_is(canvas: DesignCanvas, hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _at, text, _widget: shown.append(text))
    canvas.session.apply("Name", edits.retitle, "pool", "<img src='file:///x'>")
    at = hand.at(hand.body("pool"))

    QApplication.sendEvent(canvas.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, canvas.viewport().mapToGlobal(at)))

    assert "&lt;img" in shown[0]
    assert "<img" not in shown[0]


@pytest.mark.parametrize("part", ["node", "wire", "nothing"])
def test_a_context_menu_is_asked_for_what_is_under_the_pointer(canvas: DesignCanvas, hand: Hand, part: str) -> None:
    point = {
        "node": hand.body("pool"),
        "wire": hand.on_wire("conv5x5"),
        "nothing": canvas.design_scene.bounds().topLeft(),
    }[part]
    wishes: list[object] = []
    canvas.context_menu_requested.connect(lambda _at, target: wishes.append(target))

    at = hand.at(point)
    QApplication.sendEvent(
        canvas.viewport(),
        QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, canvas.viewport().mapToGlobal(at)),
    )

    assert wishes == [{"node": "pool", "wire": ("conv5x5", 0), "nothing": None}[part]]


def test_long_and_odd_names_stay_within_their_box(show) -> None:
    title = "W" * 190 + "\u202e"
    node = msgspec.structs.replace(Node("input", Input(1, 1, 1)), title=title, position=(0.0, 0.0))

    look = show(Design(nodes=(node,))).design_scene.nodes["input"].look

    assert look.name.endswith("…")
    assert look.width <= 320


def test_a_broken_design_is_drawn(show) -> None:
    nodes = (
        Node("a", Conv2d(1), inputs=("b", "nowhere")),
        Node("b", Conv2d(1), inputs=("a",)),
        Node("c", Conv2d(1), inputs=("c",)),
        Node("d", Add(), inputs=("a", "a")),
    )

    canvas = show(Design(nodes=nodes))

    assert len(canvas.design_scene.wires) == 6
    canvas.select_all()
    canvas.editing.delete()
    assert not canvas.design_scene.wires and not canvas.design_scene.nodes


def test_space_is_forgotten_when_the_focus_leaves(canvas: DesignCanvas, hand: Hand) -> None:
    QTest.keyPress(canvas.viewport(), Qt.Key.Key_Space)
    QApplication.sendEvent(canvas, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.OtherFocusReason))

    hand.click(hand.body("pool"))

    assert canvas.session.selection == ("pool",)


def test_what_is_added_does_not_lie_under_the_map(show: Show) -> None:
    canvas = show(gallery.load("inception-3a"))
    canvas.reset_zoom()
    canvas.camera.look_at(canvas.design_scene.nodes["conv1x1"].box.topLeft())
    assert canvas.minimap.isVisible()
    corner = canvas.mapToScene(canvas.minimap.geometry().center())

    canvas.reveal(QRectF(corner.x() - 40, corner.y() - 20, 80, 40))

    shown = canvas.mapFromScene(QRectF(corner.x() - 40, corner.y() - 20, 80, 40)).boundingRect()
    assert not shown.intersects(canvas.minimap.geometry())
    assert canvas.viewport().rect().contains(shown)

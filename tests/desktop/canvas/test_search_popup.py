"""The search on the canvas: opened with Tab, a double-click or a wire; what Enter, Escape and clicks do."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListWidget, QWidget

from onebyone.design import Design
from onebyone.layers import Concat, Conv2d, Input, Linear
from onebyone_desktop.canvas.search.popup import SearchPopup
from onebyone_desktop.canvas.view import DesignCanvas
from onebyone_desktop.settings import Settings
from tests.desktop.canvas.hand import NO_KEY, Hand

ENTER = Qt.Key.Key_Return


@pytest.fixture(autouse=True)
def no_recent_layers(tmp_path: Path) -> None:
    """Qt finds the folder of the settings once; each test gets one of its own."""
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path))


def popup(canvas: DesignCanvas) -> SearchPopup:
    found = canvas.findChild(SearchPopup)
    assert found is not None and found.isVisible()
    return found


def field(canvas: DesignCanvas) -> QLineEdit:
    found = popup(canvas).findChild(QLineEdit, "search.field")
    assert found is not None
    return found


def rows(canvas: DesignCanvas) -> list[str]:
    found = popup(canvas).findChild(QListWidget, "search.list")
    assert found is not None
    texts = (found.item(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(found.count()))
    return [str(text) for text in texts]


def press_tab(canvas: DesignCanvas) -> None:
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Tab)


def type_and_enter(canvas: DesignCanvas, text: str) -> None:
    QTest.keyClicks(field(canvas), text)
    QTest.keyClick(field(canvas), ENTER)


def double_click(canvas: DesignCanvas, point: QPointF) -> None:
    QTest.mouseDClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=canvas.mapFromScene(point))


def ground(canvas: DesignCanvas) -> QPointF:
    return canvas.design_scene.bounds().bottomLeft() + QPointF(90, -40)


@pytest.mark.usefixtures("is_undone")
def test_tab_adds_behind_the_selected_node(canvas: DesignCanvas) -> None:
    canvas.select(("pool_proj",))

    press_tab(canvas)
    type_and_enter(canvas, "3x3 48")

    added = canvas.session.design.node(canvas.session.selection[0])
    assert (added.id, added.inputs) == ("conv3x3_2", ("pool_proj",))
    assert added.layer == Conv2d(48, (3, 3), padding=(1, 1), activation="relu")
    assert canvas.session.undo_history.undo_label == "Add 3×3 convolution"
    assert canvas.design_scene.nodes[added.id].box.top() > canvas.design_scene.nodes["pool_proj"].box.bottom()


@pytest.mark.usefixtures("is_undone")
def test_a_concat_takes_all_selected_nodes_from_left_to_right(canvas: DesignCanvas) -> None:
    canvas.select(("conv5x5", "conv1x1", "pool_proj"))

    press_tab(canvas)
    type_and_enter(canvas, "cat")

    added = canvas.session.design.node(canvas.session.selection[0])
    assert isinstance(added.layer, Concat)
    assert added.inputs == ("conv1x1", "conv5x5", "pool_proj")


def test_a_block_is_built_from_nothing_with_the_keyboard(show) -> None:
    canvas = show(Design())

    for text in ("input 192x28x28", "1x1 96", "3x3 128", "output"):
        press_tab(canvas)
        type_and_enter(canvas, text)

    analysis = canvas.session.analysis
    assert analysis.is_valid and analysis.totals.outputs == {"output": (128, 28, 28)}
    boxes = [item.box for item in canvas.design_scene.nodes.values()]
    assert not any(a.intersects(b) for place, a in enumerate(boxes) for b in boxes[:place])


def test_inception_3a_is_built_with_the_keyboard_alone(show) -> None:
    canvas = show(Design(), 1600, 1000)
    up, left = Qt.Key.Key_Up, Qt.Key.Key_Left
    steps: tuple[str | Qt.Key, ...] = (
        "input 192x28x28", "1x1 64", up, "1x1 96", "3x3 128", up, up, "1x1 16", "5x5 32", up, up, "max", "1x1 32",
        left, left, "concat", "output", up, up, up, up, Qt.Key.Key_Down,
    )  # fmt: skip

    for step in steps:
        if isinstance(step, str):
            press_tab(canvas)
            type_and_enter(canvas, step)
        else:
            QTest.keyClick(canvas, step, Qt.KeyboardModifier.ShiftModifier if step == left else NO_KEY)
    press_tab(canvas)
    QTest.keyClicks(field(canvas), "concat")
    QTest.keyClick(field(canvas), Qt.Key.Key_Down)
    assert field(canvas).accessibleDescription() == "Connect to concat, 128 + 32 + 32"
    QTest.keyClick(field(canvas), ENTER)

    totals = canvas.session.analysis.totals
    assert (totals.parameters, totals.macs) == (163_696, 128_049_152)
    design = canvas.session.design
    layers = [design.node(name).layer for name in design.node("concat").inputs]
    assert [layer.out_channels for layer in layers] == [128, 32, 32, 64]


@pytest.mark.usefixtures("is_undone")
def test_a_double_click_on_the_ground_adds_there_without_a_wire(canvas: DesignCanvas) -> None:
    double_click(canvas, ground(canvas))
    type_and_enter(canvas, "drop 0.4")

    added = canvas.session.selection[0]
    assert canvas.session.design.node(added).inputs == ()
    assert canvas.design_scene.nodes[added].box.contains(ground(canvas))


def test_what_is_added_covers_no_other_node(canvas: DesignCanvas) -> None:
    beside = canvas.design_scene.nodes["conv5x5"].box.bottomRight() + QPointF(4, 4)

    double_click(canvas, beside)
    type_and_enter(canvas, "add")

    boxes = {name: item.box for name, item in canvas.design_scene.nodes.items()}
    assert not any(boxes["add"].intersects(box) for name, box in boxes.items() if name != "add")


def test_escape_leaves_nothing_and_gives_the_focus_back(canvas: DesignCanvas) -> None:
    canvas.activateWindow()
    press_tab(canvas)
    QTest.keyClicks(field(canvas), "concat")

    QTest.keyClick(field(canvas), Qt.Key.Key_Escape)

    assert not canvas.searching.is_open
    assert canvas.hasFocus()
    assert not canvas.session.undo_history.past


def test_arrows_move_and_enter_takes_the_row(canvas: DesignCanvas) -> None:
    canvas.select(("pool",))
    press_tab(canvas)
    second = rows(canvas)[2]

    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        QTest.keyClick(field(canvas), key)
    assert field(canvas).accessibleDescription() == second
    QTest.keyClick(field(canvas), ENTER)

    assert canvas.session.design.node(canvas.session.selection[0]).layer.kind == "max_pool2d"


def test_a_click_takes_a_row(canvas: DesignCanvas) -> None:
    press_tab(canvas)
    QTest.keyClicks(field(canvas), "concat")
    found = popup(canvas).findChild(QListWidget, "search.list")

    QTest.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, pos=found.visualItemRect(found.item(0)).center())

    assert canvas.session.selection == ("concat_2",)
    assert not canvas.searching.is_open


def test_what_cannot_follow_is_named_and_not_taken(canvas: DesignCanvas) -> None:
    canvas.select(("pool",))
    press_tab(canvas)

    type_and_enter(canvas, "linear 10")

    message = popup(canvas).findChild(QLabel, "search.message")
    assert message is not None and message.text().startswith("Linear: it needs a vector")
    assert not canvas.session.undo_history.past


def test_the_last_kind_used_leads_the_next_time(canvas: DesignCanvas) -> None:
    press_tab(canvas)
    type_and_enter(canvas, "lrn")
    canvas.select(())

    press_tab(canvas)

    assert rows(canvas)[0].startswith("Local response norm")
    assert Settings().recent_layers == ["lrn"]


def test_an_empty_design_is_offered_an_input_first(show) -> None:
    canvas = show(Design())

    press_tab(canvas)
    QTest.keyClick(field(canvas), ENTER)

    assert isinstance(canvas.session.design.nodes[0].layer, Input)


def test_behind_a_vector_a_linear_layer_leads(show) -> None:
    canvas = show(Design())
    for text in ("input 8 1 1", "flatten", ""):
        press_tab(canvas)
        type_and_enter(canvas, text)

    assert canvas.session.design.nodes[-1].layer == Linear(1000)


def test_a_module_is_fed_in_all_its_open_inputs(canvas: DesignCanvas) -> None:
    canvas.select(("concat",))
    press_tab(canvas)
    type_and_enter(canvas, "bottleneck")

    design = canvas.session.design
    assert design.node("reduce").inputs == ("concat",)
    assert design.node("add").inputs == ("expand", "concat")


@pytest.mark.parametrize("corner", [QPoint(0, 0), QPoint(5000, 5000), QPoint(-300, 400)], ids=["top", "far", "left"])
def test_the_search_stays_on_the_screen(canvas: DesignCanvas, corner: QPoint) -> None:
    canvas.searching.open_at(canvas.mapToScene(corner))

    room = popup(canvas).screen().availableGeometry()
    assert room.contains(popup(canvas).frameGeometry())


def test_a_double_click_on_a_node_or_a_wire_opens_no_search(canvas: DesignCanvas, hand: Hand) -> None:
    double_click(canvas, hand.body("pool"))
    double_click(canvas, hand.on_wire("conv5x5"))

    assert not canvas.searching.is_open


def test_every_part_of_the_search_has_a_name(canvas: DesignCanvas) -> None:
    press_tab(canvas)

    parts = popup(canvas).findChildren(QLineEdit) + popup(canvas).findChildren(QListWidget)
    named: list[QWidget] = [popup(canvas), *parts]
    assert all(part.accessibleName() for part in named)
    assert QApplication.focusWidget() in (field(canvas), None)


@pytest.mark.usefixtures("is_undone")
def test_a_wire_goes_to_a_node_that_is_there_already(canvas: DesignCanvas) -> None:
    canvas.select(("reduce5x5",))
    press_tab(canvas)

    QTest.keyClicks(field(canvas), "pool_proj")
    assert rows(canvas)[0].startswith("Connect to pool_proj")
    QTest.keyClick(field(canvas), ENTER)

    assert canvas.session.design.node("pool_proj").inputs == ("reduce5x5",)
    assert canvas.session.selection == ("pool_proj",)
    assert canvas.session.undo_history.undo_label == "Connect reduce5x5 to pool_proj"


def test_no_wire_is_offered_that_would_close_a_cycle(canvas: DesignCanvas) -> None:
    canvas.select(("concat",))
    press_tab(canvas)

    QTest.keyClicks(field(canvas), "conv5x5")

    assert not any(row.startswith("Connect to") for row in rows(canvas))

"""Adding layers and modules: dropped, chosen in the palette, inserted into wires."""

import json

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtTest import QTest

from onebyone import edits, gallery
from onebyone.design import Design, Node
from onebyone.errors import EditError
from onebyone.layers import Add, Concat, Conv2d, Input, Output
from onebyone_desktop.canvas.payload import read_payload
from onebyone_desktop.canvas.view import DesignCanvas
from tests.desktop.canvas.hand import Hand, layer_data

CONV = {"layer": {"kind": "conv2d", "out_channels": 8, "kernel": [3, 3]}, "base": "conv3x3", "title": "3×3 conv"}
MODULE = next(module for module in gallery.modules() if module.name == "resnet-bottleneck")


def drop_data(payload: dict) -> QMimeData:
    return layer_data(json.dumps(payload))


def free_point(canvas: DesignCanvas) -> QPointF:
    return canvas.design_scene.bounds().bottomLeft() + QPointF(90, -40)


@pytest.mark.usefixtures("is_undone")
def test_a_dropped_layer_lies_under_the_pointer(canvas: DesignCanvas, hand: Hand) -> None:
    point = free_point(canvas)

    assert hand.drop(drop_data(CONV), point)

    assert canvas.session.selection == ("conv3x3_2",)
    assert canvas.design_scene.nodes["conv3x3_2"].box.contains(point)
    assert canvas.session.undo_history.undo_label == "Add 3×3 conv"


@pytest.mark.usefixtures("is_undone")
def test_a_layer_dropped_on_a_wire_is_inserted(canvas: DesignCanvas, hand: Hand) -> None:
    hand.drop(drop_data(CONV), hand.on_wire("conv5x5"))

    design = canvas.session.design
    assert design.node("conv3x3_2").inputs == ("reduce5x5",)
    assert design.node("conv5x5").inputs == ("conv3x3_2",)


@pytest.mark.usefixtures("is_undone")
def test_an_input_dropped_on_a_wire_is_not_inserted(canvas: DesignCanvas, hand: Hand) -> None:
    payload = {"layer": {"kind": "input", "channels": 1, "height": 1, "width": 1}}

    hand.drop(drop_data(payload), hand.on_wire("conv5x5"))

    assert canvas.session.design.node("conv5x5").inputs == ("reduce5x5",)
    assert canvas.session.design.node("input_2").inputs == ()


def test_the_wire_under_a_dragged_layer_is_marked(canvas: DesignCanvas, hand: Hand) -> None:
    wire = canvas.design_scene.wires["conv5x5", 0]
    plain = wire.pen().color()

    hand.drag_over(drop_data(CONV), hand.on_wire("conv5x5"))
    marked = wire.pen().color()
    hand.drag_over(drop_data(CONV), free_point(canvas))

    assert marked != plain
    assert wire.pen().color() == plain


@pytest.mark.usefixtures("is_undone")
def test_a_dropped_module_is_wired_within_and_open_outside(canvas: DesignCanvas, hand: Hand) -> None:
    payload = {"nodes": msgspec.to_builtins(MODULE.nodes), "base": "resnet", "title": "ResNet bottleneck"}

    assert hand.drop(drop_data(payload), free_point(canvas))

    assert len(canvas.session.selection) == len(MODULE.nodes)
    assert canvas.session.design.node("expand").inputs[0].startswith("conv3x3_")
    assert canvas.session.design.node("reduce").inputs == ()
    assert canvas.session.undo_history.undo_label == "Add ResNet bottleneck"


@pytest.mark.parametrize(
    "text",
    [
        "", "no", "null", "[]", "{}", '{"layer": null}', '{"layer": {"kind": "warp"}}', "[" * 100_000,
        '{"layer": {"kind": "conv2d"}}', '{"layer": {"kind": "conv2d", "out_channels": 0}}',
        '{"layer": {"kind": "conv2d", "out_channels": 8}, "more": 1}', '{"nodes": [{"id": "x"}]}',
        '{"nodes": [{"id": "for", "layer": {"kind": "output"}}]}',
        '{"layer": {"kind": "output"}, "nodes": [{"id": "a", "layer": {"kind": "output"}}]}',
        '{"layer": {"kind": "scale", "value": NaN}}',
    ],
    ids=range(15),
)  # fmt: skip
def test_junk_from_elsewhere_is_refused_with_a_sentence(canvas: DesignCanvas, hand: Hand, text: str) -> None:
    refusals: list[str] = []
    canvas.session.edit_refused.connect(refusals.append)

    assert not hand.drop(layer_data(text), free_point(canvas))

    assert len(refusals) == 1 and refusals[0].endswith(".")
    assert not canvas.session.undo_history.past


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
@settings(suppress_health_check=list(HealthCheck))
def test_a_payload_is_read_or_refused(data: bytes) -> None:
    try:
        read_payload(data)
    except EditError:
        return


def test_a_base_that_is_no_id_is_not_used() -> None:
    payload = read_payload(json.dumps({**CONV, "base": "3 x; import os"}).encode())

    assert payload.base == ""


def test_files_are_left_to_the_window(canvas: DesignCanvas, hand: Hand) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/somewhere/block.1x1")])

    assert not hand.drop(data, free_point(canvas))


@pytest.mark.usefixtures("is_undone")
def test_a_chosen_layer_takes_the_result_of_the_selected_node(canvas: DesignCanvas) -> None:
    canvas.select(("pool_proj",))

    assert canvas.add_layer(Conv2d(8), "conv1x1")

    added = canvas.session.design.node(canvas.session.selection[0])
    source = canvas.design_scene.nodes["pool_proj"].box
    assert added.inputs == ("pool_proj",)
    assert canvas.design_scene.nodes[added.id].box.top() > source.bottom()


def test_layers_chosen_one_after_the_other_make_a_chain(show) -> None:
    canvas = show(Design())

    canvas.add_layer(Input(3, 32, 32), "input")
    canvas.add_layer(Conv2d(8), "conv1x1")
    canvas.add_layer(Output(), "output")

    assert [node.inputs for node in canvas.session.design.nodes] == [(), ("input",), ("conv1x1",)]
    assert canvas.session.analysis.is_valid


@pytest.mark.usefixtures("is_undone")
def test_an_input_takes_no_result(canvas: DesignCanvas) -> None:
    canvas.select(("pool",))

    canvas.add_layer(Input(3, 8, 8), "input")

    assert canvas.session.design.node("input_2").inputs == ()


@pytest.mark.usefixtures("is_undone")
def test_nothing_is_fed_by_an_output(canvas: DesignCanvas) -> None:
    canvas.select(("output",))

    canvas.add_layer(Conv2d(8), "conv")

    assert canvas.session.design.node("conv").inputs == ()


def test_chosen_layers_cover_nothing(canvas: DesignCanvas) -> None:
    for _ in range(6):
        canvas.select(("input",))
        canvas.add_layer(Conv2d(8), "conv1x1")
    for _ in range(6):
        canvas.select(())
        canvas.add_layer(Concat(), "concat")

    boxes = [item.box for item in canvas.design_scene.nodes.values()]
    assert not any(a.intersects(b) for place, a in enumerate(boxes) for b in boxes[:place])


@pytest.mark.usefixtures("is_undone")
def test_a_chosen_module_is_fed_by_the_selected_node(canvas: DesignCanvas) -> None:
    canvas.select(("concat",))

    assert canvas.add_nodes(MODULE.nodes, "Add ResNet bottleneck")

    design = canvas.session.design
    assert design.node("reduce").inputs == ("concat",)
    assert design.node("add").inputs == ("expand", "concat")


def test_nodes_without_positions_are_laid_out(show) -> None:
    canvas = show(Design())
    nodes = (Node("a", Input(1, 1, 1)), Node("b", Conv2d(1), inputs=("a",)), Node("c", Add(), inputs=("a", "b")))

    canvas.add_nodes(nodes, "Add three")

    boxes = [item.box for item in canvas.design_scene.nodes.values()]
    assert not any(a.intersects(b) for place, a in enumerate(boxes) for b in boxes[:place])


def test_what_is_added_is_in_view(canvas: DesignCanvas) -> None:
    canvas.select(("output",))
    canvas.camera.look_at(QPointF(9000, 9000))
    canvas.select(("pool",))

    canvas.add_layer(Conv2d(8), "conv")

    assert canvas.camera.shows(canvas.design_scene.nodes["conv"].box)


ALT = Qt.KeyboardModifier.AltModifier


def wire_colour(canvas: DesignCanvas, target: str) -> str:
    return canvas.design_scene.wires[target, 0].pen().color().name()


def no_box_covers_another(canvas: DesignCanvas) -> bool:
    boxes = [item.box for item in canvas.design_scene.nodes.values()]
    return not any(a.intersects(b) for place, a in enumerate(boxes) for b in boxes[:place])


@pytest.mark.usefixtures("is_undone")
def test_what_is_inserted_gets_room(canvas: DesignCanvas, hand: Hand) -> None:
    hand.drop(drop_data(CONV), hand.on_wire("conv5x5"))

    assert canvas.session.design.node("conv5x5").inputs == ("conv3x3_2",)
    assert no_box_covers_another(canvas)
    tops = {name: item.box.top() for name, item in canvas.design_scene.nodes.items()}
    assert tops["conv5x5"] == tops["conv3x3"] == tops["conv1x1"]


@pytest.mark.usefixtures("is_undone")
def test_alt_keeps_a_dropped_layer_out_of_the_wire(canvas: DesignCanvas, hand: Hand) -> None:
    plain = wire_colour(canvas, "conv5x5")

    hand.drag_over(drop_data(CONV), hand.on_wire("conv5x5"), ALT)
    assert wire_colour(canvas, "conv5x5") == plain
    hand.drop(drop_data(CONV), hand.on_wire("conv5x5"), ALT)

    assert canvas.session.design.node("conv5x5").inputs == ("reduce5x5",)
    assert canvas.session.design.node("conv3x3_2").inputs == ()


@pytest.mark.parametrize("name", ["mlpconv", "inception-reduced"])
@pytest.mark.usefixtures("is_undone")
def test_a_module_is_inserted_into_a_wire(canvas: DesignCanvas, hand: Hand, name: str) -> None:
    module = next(module for module in gallery.modules() if module.name == name)
    payload = {"nodes": msgspec.to_builtins(module.nodes), "base": "module", "title": module.title}
    plain = wire_colour(canvas, "output")

    hand.drag_over(drop_data(payload), hand.on_wire("output"))
    assert wire_colour(canvas, "output") != plain
    hand.drop(drop_data(payload), hand.on_wire("output"))

    design = canvas.session.design
    copies = dict(zip((node.id for node in module.nodes), canvas.session.selection, strict=True))
    assert design.node("output").inputs == (copies[module.result],)
    assert all(design.node(copies[entry]).inputs == ("concat",) for entry in module.open_inputs)
    assert canvas.session.analysis.is_valid
    assert no_box_covers_another(canvas)


@pytest.fixture
def loose(canvas: DesignCanvas) -> str:
    """A convolution without wires, beside the design."""
    at = canvas.design_scene.bounds().bottomLeft()
    canvas.session.apply("Add", edits.add, Node("loose", Conv2d(8), position=(at.x(), at.y())))
    return "loose"


def test_a_node_dragged_onto_a_wire_goes_into_it_in_one_step(canvas: DesignCanvas, hand: Hand, loose: str) -> None:
    plain = wire_colour(canvas, "conv5x5")
    before = canvas.session.design

    hand.press(hand.body(loose))
    hand.move(hand.body(loose) + QPointF(20, 0))
    hand.move(hand.on_wire("conv5x5"))
    assert wire_colour(canvas, "conv5x5") != plain
    hand.release(hand.on_wire("conv5x5"))

    design = canvas.session.design
    assert (design.node(loose).inputs, design.node("conv5x5").inputs) == (("reduce5x5",), (loose,))
    assert canvas.session.undo_history.undo_label == "Insert loose"
    assert no_box_covers_another(canvas)
    canvas.session.undo()
    assert canvas.session.design is before


@pytest.mark.parametrize("way", ["alt", "escape"])
def test_alt_and_escape_keep_a_node_out_of_the_wire(canvas: DesignCanvas, hand: Hand, loose: str, way: str) -> None:
    plain = wire_colour(canvas, "conv5x5")
    end = hand.on_wire("conv5x5")

    hand.press(hand.body(loose))
    hand.move(hand.body(loose) + QPointF(20, 0))
    hand.move(end)
    if way == "escape":
        QTest.keyClick(canvas.viewport(), Qt.Key.Key_Escape)
    hand.release(end, keys=ALT if way == "alt" else Qt.KeyboardModifier.NoModifier)

    assert canvas.session.design.node("conv5x5").inputs == ("reduce5x5",)
    assert canvas.session.design.node(loose).inputs == ()
    assert canvas.session.undo_history.undo_label == ("Move loose" if way == "alt" else "Add")
    assert wire_colour(canvas, "conv5x5") == plain


@pytest.mark.usefixtures("is_undone")
def test_a_node_with_wires_is_moved_over_a_wire_and_not_into_it(canvas: DesignCanvas, hand: Hand) -> None:
    hand.drag(hand.body("pool_proj"), hand.on_wire("conv5x5"))

    assert canvas.session.design.node("conv5x5").inputs == ("reduce5x5",)
    assert canvas.session.undo_history.undo_label == "Move pool_proj"


def test_an_insertion_makes_room_to_the_right_where_the_design_flows_there(show) -> None:
    nodes = (
        Node("input", Input(8, 6, 6), position=(0, 0)),
        Node("conv", Conv2d(8), inputs=("input",), position=(220, 0)),
        Node("output", Output(), inputs=("conv",), position=(440, 0)),
    )
    canvas = show(Design(nodes=nodes, direction="right"))
    hand = Hand(canvas)

    hand.drop(drop_data(CONV), hand.on_wire("conv"))

    assert canvas.session.design.node("conv").inputs == ("conv3x3",)
    assert no_box_covers_another(canvas)

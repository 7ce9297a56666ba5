"""Groups on the canvas, by mouse, and what they show."""

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtTest import QTest

from onebyone import edits, gallery
from onebyone.design import Design, Group, Node
from onebyone.files.storage import dumps
from onebyone.layers import BatchNorm2d, Concat, Input, Output
from onebyone_desktop.canvas.heat_choice import HeatChoice
from onebyone_desktop.canvas.view import DesignCanvas
from tests.desktop.canvas.conftest import Show
from tests.desktop.canvas.hand import LEFT, NO_KEY, Hand

BRANCH = ("reduce3x3", "conv3x3")


@pytest.fixture
def grouped(canvas: DesignCanvas) -> DesignCanvas:
    """Inception 3a with its 3×3 branch in a group."""
    canvas.select(BRANCH)
    canvas.group_editing.group()
    return canvas


def double_click(canvas: DesignCanvas, point: QPointF) -> None:
    QTest.mouseDClick(canvas.viewport(), LEFT, NO_KEY, canvas.mapFromScene(point))


@pytest.mark.usefixtures("is_undone")
def test_a_selection_is_grouped_in_one_step(canvas: DesignCanvas) -> None:
    wishes: list[str] = []
    canvas.group_rename_requested.connect(wishes.append)
    canvas.select(BRANCH)

    canvas.group_editing.group()

    (group,) = canvas.session.design.groups
    assert set(group.nodes) == set(BRANCH)
    assert wishes == [group.id]
    assert canvas.group_editing.selected == [group.id]
    frame = canvas.design_scene.frames[group.id]
    assert all(frame.rect.contains(canvas.design_scene.nodes[name].box) for name in BRANCH)


def test_the_arrow_of_a_frame_collapses_and_a_double_click_expands(grouped: DesignCanvas) -> None:
    hand = Hand(grouped)
    (group,) = grouped.session.design.groups
    before = dumps(grouped.session.design)

    hand.click(grouped.design_scene.frames[group.id].arrow_rect.center())

    assert grouped.session.design.groups[0].collapsed
    box = grouped.design_scene.group_boxes[group.id]
    assert not grouped.design_scene.frames
    assert not any(grouped.design_scene.nodes[name].isVisible() for name in BRANCH)
    assert not grouped.design_scene.wires["conv3x3", 0].isVisible()
    assert "28×28×128" in box.look.shape
    assert "MACs" in box.look.summary

    double_click(grouped, box.box.center())

    assert dumps(grouped.session.design) == before
    assert all(grouped.design_scene.nodes[name].isVisible() for name in BRANCH)


def test_a_frame_is_dragged_as_one(grouped: DesignCanvas) -> None:
    hand = Hand(grouped)
    grouped.snapping.has_guides = False
    (group,) = grouped.session.design.groups
    places = {node.id: node.position for node in grouped.session.design.nodes}
    grouped.select(())
    grip = grouped.design_scene.frames[group.id].title_rect.center()

    hand.drag(grip, grip + QPointF(-40, 16))

    for node in grouped.session.design.nodes:
        x, y = places[node.id]
        assert node.position == ((x - 40, y + 16) if node.id in BRANCH else (x, y))
    assert len(grouped.session.undo_history.past) == 2


def test_a_collapsed_group_is_dragged_with_all_its_nodes(grouped: DesignCanvas) -> None:
    hand = Hand(grouped)
    grouped.snapping.has_guides = False
    (group,) = grouped.session.design.groups
    grouped.group_editing.set_collapsed([group.id], True)
    places = {node.id: node.position for node in grouped.session.design.nodes}
    grip = grouped.design_scene.group_boxes[group.id].box.center()

    hand.drag(grip, grip + QPointF(24, 40))

    moved = {node.id for node in grouped.session.design.nodes if node.position != places[node.id]}
    assert moved == set(BRANCH)
    assert grouped.group_editing.selected == [group.id]


def test_a_double_click_on_a_title_fits_the_frame(grouped: DesignCanvas) -> None:
    (group,) = grouped.session.design.groups
    frame = grouped.design_scene.frames[group.id]

    double_click(grouped, frame.title_rect.center())

    assert grouped.camera.shows(frame.rect)
    assert (grouped.camera.centre - frame.rect.center()).manhattanLength() < 4


def test_groups_nest(grouped: DesignCanvas) -> None:
    (inner,) = grouped.session.design.groups
    grouped.select((*BRANCH, "concat"))

    grouped.group_editing.group()

    outer = grouped.session.design.groups[-1]
    assert outer.groups == (inner.id,)
    frames = grouped.design_scene.frames
    assert frames[outer.id].rect.contains(frames[inner.id].rect)
    grouped.group_editing.set_all_collapsed(True)
    assert set(grouped.design_scene.group_boxes) == {outer.id}
    grouped.group_editing.ungroup()
    assert [group.id for group in grouped.session.design.groups] == [inner.id]


def test_a_title_and_a_colour_are_kept(grouped: DesignCanvas) -> None:
    (group,) = grouped.session.design.groups

    grouped.group_editing.retitle(group.id, "3×3 branch")
    grouped.group_editing.set_colour([group.id], "violet")

    (group,) = grouped.session.design.groups
    assert (group.title, group.colour) == ("3×3 branch", "violet")
    grouped.group_editing.set_collapsed([group.id], True)
    assert grouped.design_scene.group_boxes[group.id].look.family == "merge"


def test_a_collapsed_resnet_152_fits_a_screen(show: Show) -> None:
    canvas = show(gallery.load("resnet-152"), width=1400, height=1100)

    canvas.group_editing.set_all_collapsed(True)
    canvas.arranging.all()
    canvas.fit_all()

    assert len(list(canvas.design_scene.shown_boxes())) == 11
    assert canvas.zoom >= 0.75
    assert canvas.camera.shows(canvas.design_scene.bounds())


@pytest.mark.parametrize(
    "design", [gallery.load("googlenet"), gallery.load("resnet-50")], ids=lambda design: design.name
)
def test_expanding_all_again_overlaps_nothing(show: Show, design) -> None:
    canvas = show(design)

    canvas.group_editing.set_all_collapsed(True)
    boxes = [item.box for item in canvas.design_scene.shown_boxes()]
    assert not any(a.intersects(b) for place, a in enumerate(boxes) for b in boxes[:place])
    canvas.group_editing.set_all_collapsed(False)

    boxes = [item.box for item in canvas.design_scene.shown_boxes()]
    assert len(boxes) == len(design.nodes)
    assert not any(a.intersects(b) for place, a in enumerate(boxes) for b in boxes[:place])


def test_heat_of_a_collapsed_group_is_the_sum_of_its_nodes(grouped: DesignCanvas) -> None:
    scene, session = grouped.design_scene, grouped.session
    (group,) = session.design.groups
    macs = {name: session.analysis.nodes[name].costs.macs for name in session.analysis.nodes}
    grouped.group_editing.set_collapsed([group.id], True)

    grouped.findChild(HeatChoice).colour(True)

    box = scene.group_boxes[group.id]
    assert box.warmth == 1.0
    assert box.share == pytest.approx(sum(macs[name] for name in BRANCH) / sum(macs.values()), abs=1e-3)
    assert grouped.legend.isVisible()
    assert box.look.name in grouped.legend.accessibleName()


def test_collapsing_and_undo_bring_back_the_very_design(grouped: DesignCanvas) -> None:
    before = dumps(grouped.session.design)

    grouped.group_editing.set_all_collapsed(True)
    grouped.editing.delete()
    grouped.session.undo()
    grouped.session.undo()

    assert dumps(grouped.session.design) == before
    assert not grouped.design_scene.group_boxes
    assert all(item.isVisible() for item in grouped.design_scene.nodes.values())
    assert all(wire.isVisible() for wire in grouped.design_scene.wires.values())


def test_a_wire_is_pulled_from_a_collapsed_group(grouped: DesignCanvas) -> None:
    hand = Hand(grouped)
    (group,) = grouped.session.design.groups
    grouped.group_editing.set_collapsed([group.id], True)
    box = grouped.design_scene.group_boxes[group.id]

    hand.drag(box.output_port(), hand.body("output"))

    assert grouped.session.design.node("output").inputs == ("conv3x3",)


def test_the_end_of_a_wire_is_pulled_off_a_collapsed_group(grouped: DesignCanvas) -> None:
    hand = Hand(grouped)
    (group,) = grouped.session.design.groups
    grouped.group_editing.set_collapsed([group.id], True)
    box = grouped.design_scene.group_boxes[group.id]

    hand.drag(box.input_port(0), box.input_port(0) + QPointF(-60, -60))

    assert grouped.session.design.node("reduce3x3").inputs == ()


def test_a_wire_dropped_on_a_collapsed_group_is_refused_with_the_way_out(grouped: DesignCanvas) -> None:
    hand = Hand(grouped)
    (group,) = grouped.session.design.groups
    grouped.group_editing.set_collapsed([group.id], True)
    before = grouped.session.design
    said: list[str] = []
    grouped.session.edit_refused.connect(said.append)

    hand.drag(hand.output("input"), grouped.design_scene.group_boxes[group.id].box.center())

    assert grouped.session.design is before
    assert "expand" in said[0]


def test_of_two_wires_into_a_collapsed_group_the_other_is_seen_once_one_is_gone(show) -> None:
    nodes = (
        Node("input", Input(8, 8, 8)),
        Node("concat", Concat(), inputs=("input", "input")),
        Node("norm", BatchNorm2d(), inputs=("concat",)),
        Node("output", Output(), inputs=("norm",)),
    )
    canvas = show(Design(nodes=nodes, groups=(Group("group", nodes=("concat", "norm"), collapsed=True),)))
    assert sum(canvas.design_scene.wires["concat", index].isVisible() for index in (0, 1)) == 1

    canvas.apply("Disconnect", edits.disconnect, "concat", 0)

    assert canvas.design_scene.wires["concat", 0].isVisible()

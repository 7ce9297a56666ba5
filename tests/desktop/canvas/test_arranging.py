"""Aligning, distributing, arranging and turning by action; each is one step that undo takes back."""

import pytest

from onebyone import edits
from onebyone.files.storage import dumps
from onebyone_desktop.canvas.view import DesignCanvas

SOME = ("conv3x3", "conv5x5", "pool_proj")


def boxes(canvas: DesignCanvas, ids=SOME):
    return [canvas.design_scene.nodes[name].box for name in ids]


@pytest.fixture
def scattered(canvas: DesignCanvas) -> DesignCanvas:
    """Three branches of Inception 3a out of line, and selected; this is no step of the history."""
    places = {"conv3x3": (100.0, 300.0), "conv5x5": (430.0, 250.0), "pool_proj": (900.0, 410.0)}
    canvas.session.apply("Scatter", edits.move, places)
    canvas.select(SOME)
    return canvas


@pytest.mark.parametrize(
    ("edge", "place"),
    [
        ("left", lambda box: box.left()),
        ("centre", lambda box: box.center().x()),
        ("right", lambda box: box.right()),
        ("top", lambda box: box.top()),
        ("middle", lambda box: box.center().y()),
        ("bottom", lambda box: box.bottom()),
    ],
)
def test_the_selected_nodes_are_aligned_in_one_step(scattered: DesignCanvas, edge: str, place) -> None:
    before = dumps(scattered.session.design)

    scattered.arranging.align(edge)

    positions = {node.id: node.position for node in scattered.session.design.nodes}
    sides = {round(place(box.translated(-box.topLeft()).translated(*positions[name])), 1)
             for name, box in zip(SOME, boxes(scattered), strict=True)}  # fmt: skip
    assert len(sides) == 1
    scattered.session.undo()
    assert dumps(scattered.session.design) == before


def test_the_selected_nodes_are_distributed_with_equal_gaps(scattered: DesignCanvas) -> None:
    widths = [box.width() for box in boxes(scattered)]

    scattered.arranging.distribute("across")

    lefts = [scattered.session.design.node(name).position[0] for name in SOME]
    gaps = [lefts[1] - lefts[0] - widths[0], lefts[2] - lefts[1] - widths[1]]
    assert gaps[0] == pytest.approx(gaps[1], abs=1)
    assert (lefts[0], lefts[2]) == (100.0, 900.0)
    assert len(scattered.session.undo_history.past) == 2


def test_arranging_a_selection_leaves_the_others_where_they_are(scattered: DesignCanvas) -> None:
    before = {node.id: node.position for node in scattered.session.design.nodes}

    scattered.arranging.selection()

    after = {node.id: node.position for node in scattered.session.design.nodes}
    moved = {name for name in before if before[name] != after[name]}
    assert moved and moved <= set(SOME)
    assert scattered.session.undo_history.undo_label == "Arrange 3 nodes"


def test_a_design_turns_to_the_right_in_one_step_and_back(canvas: DesignCanvas) -> None:
    first = dumps(canvas.session.design)

    canvas.arranging.turn()

    design, scene = canvas.session.design, canvas.design_scene
    assert design.direction == scene.direction == "right"
    assert design.node("input").position[0] < design.node("conv3x3").position[0] < design.node("output").position[0]
    assert len(canvas.session.undo_history.past) == 1
    canvas.arranging.turn()
    assert canvas.session.design.direction == "down"
    canvas.session.undo()
    canvas.session.undo()
    assert dumps(canvas.session.design) == first


def test_arranged_nodes_do_not_overlap(canvas: DesignCanvas) -> None:
    canvas.arranging.all()

    rects = boxes(canvas, canvas.design_scene.nodes)
    assert not any(a.intersects(b) for place, a in enumerate(rects) for b in rects[:place])

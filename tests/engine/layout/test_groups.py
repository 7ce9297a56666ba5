"""Drawing with groups: frames and boxes that do not overlap, few crossings, and hidden nodes that keep their places."""

import time
from itertools import combinations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onebyone import edits, gallery
from onebyone.design import Design, Group, Node
from onebyone.edits import groups as group_edits
from onebyone.grouping import Grouping
from onebyone.layers import Concat
from onebyone.layout.alignment import Box
from onebyone.layout.groups import FRAME_PADDING, FRAME_TITLE, arrange_view, collapsed_position
from onebyone.layout.layered import DEFAULT_SIZE, arrange, count_crossings
from tests.engine.layout.test_layered import chain_of_modules, residual_chain


def by_module(count: int) -> Design:
    """Inception modules, each in a group."""
    design = chain_of_modules(count)
    for place in range(count):
        ids = [node.id for node in design.nodes if node.id.endswith(f"_{place}")]
        design = group_edits.group(design, ids, f"module {place}")
    return design


def by_stage(blocks: int) -> Design:
    """Residual blocks in groups, and five of them in a stage each."""
    design = residual_chain(blocks)
    for place in range(blocks):
        design = group_edits.group(design, [f"{part}{place}" for part in ("reduce", "conv", "expand", "add")])
    for start in range(0, blocks, 5):
        held = [f"reduce{place}" for place in range(start, min(start + 5, blocks))]
        grouping = Grouping(design)
        ids = [node for name in held for node in grouping.nodes_of(grouping.parent(name))]
        design = group_edits.group(design, ids, "stage")
    return design


def joined(boxes: list[Box]) -> Box:
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.x + box.width for box in boxes), max(box.y + box.height for box in boxes)
    return Box(left, top, right - left, bottom - top)


def drawn(design: Design, positions: dict, sizes: dict, direction: str) -> dict[str, Box]:
    """What is seen: nodes, boxes of collapsed groups, and frames, as the canvas draws them."""
    grouping = Grouping(design)
    nodes = {name: Box(*place, *sizes.get(name, DEFAULT_SIZE)) for name, place in positions.items()}
    seen = {name: box for name, box in nodes.items() if not grouping.is_hidden(name)}
    for name in reversed(grouping.groups):
        if grouping.is_hidden(name) or not grouping.nodes_of(name):
            continue
        if grouping.group(name).collapsed:
            covered = joined([nodes[member] for member in grouping.nodes_of(name)])
            size = sizes.get(name, DEFAULT_SIZE)
            seen[name] = Box(*collapsed_position(covered, size, direction), *size)
        else:
            members = [*grouping.direct_nodes(name), *grouping.direct_groups(name)]
            inside = joined([seen[member] for member in members if member in seen])
            seen[name] = Box(
                inside.x - FRAME_PADDING,
                inside.y - FRAME_PADDING - FRAME_TITLE,
                inside.width + 2 * FRAME_PADDING,
                inside.height + 2 * FRAME_PADDING + FRAME_TITLE,
            )
    return seen


def overlapping(design: Design, seen: dict[str, Box]) -> list[tuple[str, str]]:
    """Pairs that overlap, frames and what is within them left out."""
    grouping = Grouping(design)
    return [
        (a, b)
        for (a, one), (b, other) in combinations(seen.items(), 2)
        if a not in grouping.around(b)
        and b not in grouping.around(a)
        and one.x < other.x + other.width - 0.01
        and other.x < one.x + one.width - 0.01
        and one.y < other.y + other.height - 0.01
        and other.y < one.y + one.height - 0.01
    ]


@st.composite
def grouped_graphs(draw: st.DrawFn) -> Design:
    """Any wires at all, and any groups that a file may hold."""
    count = draw(st.integers(1, 14))
    names = [f"n{place}" for place in range(count)]
    ends = st.lists(st.sampled_from([*names, "nowhere"]), max_size=3)
    places = st.none() | st.tuples(
        st.integers(-50, 50).map(lambda n: n * 8.0), st.integers(-50, 50).map(lambda n: n * 8.0)
    )
    design = Design(
        nodes=tuple(Node(name, Concat(), inputs=tuple(draw(ends)), position=draw(places)) for name in names)
    )
    for _ in range(draw(st.integers(1, 4))):
        design = group_edits.group(design, draw(st.lists(st.sampled_from(names), min_size=1, max_size=6)))
    collapsed = [group.id for group in design.groups if draw(st.booleans())]
    return group_edits.collapse_all(design, collapsed)


SIZES = st.tuples(st.integers(4, 20).map(lambda n: n * 16.0), st.sampled_from([58.0, 72.0]))


@given(grouped_graphs(), st.sampled_from(["down", "right"]), st.data())
def test_nothing_that_is_seen_overlaps(design: Design, direction: str, data: st.DataObject) -> None:
    names = [node.id for node in design.nodes] + [group.id for group in design.groups]
    sizes = {name: data.draw(SIZES) for name in names}

    positions = arrange_view(design, sizes, direction, group_sizes=sizes)

    assert set(positions) == {node.id for node in design.nodes}
    assert not overlapping(design, drawn(design, positions, sizes, direction))


@given(grouped_graphs(), st.data())
def test_an_arranged_selection_lands_on_no_more_than_before(design: Design, data: st.DataObject) -> None:
    design = edits.move(design, arrange_view(design))
    ids = set(data.draw(st.lists(st.sampled_from([node.id for node in design.nodes]), min_size=1)))
    before = {node.id: node.position for node in design.nodes}

    moved = arrange_view(design, ids=ids)

    assert set(moved) == ids
    seen = {name: box for name, box in drawn(design, before | moved, {}, "down").items() if name in before}
    inner = {
        (a, b) for a, b in overlapping(design, seen) if (a in ids) != (b in ids) or (a not in ids and b not in ids)
    }
    assert not inner


@pytest.mark.parametrize("direction", ["down", "right"])
@pytest.mark.parametrize("design", [by_module(9), by_stage(20)], ids=["nine modules", "residual stages"])
def test_networks_in_groups_are_drawn_without_overlaps(design: Design, direction: str) -> None:
    positions = arrange_view(design, direction=direction)

    assert not overlapping(design, drawn(design, positions, {}, direction))


@pytest.mark.parametrize("design", [by_module(9), by_stage(20)], ids=["nine modules", "residual stages"])
def test_networks_in_groups_are_drawn_without_crossings(design: Design) -> None:
    assert count_crossings(design, arrange_view(design)) == 0


@pytest.mark.parametrize(("direction", "axis"), [("down", 0), ("right", 1)])
def test_a_trunk_stays_in_line_through_frames(direction: str, axis: int) -> None:
    positions = arrange_view(by_stage(10), direction=direction)

    assert len({place[axis] for place in positions.values()}) == 1


def test_collapsed_modules_stand_in_one_line() -> None:
    design = group_edits.collapse_all(edits.move(by_module(9), arrange(chain_of_modules(9))))

    positions = arrange_view(design)

    boxes = drawn(design, positions, {}, "down")
    assert len(boxes) == 11
    assert len({round(box.x + box.width / 2) for box in boxes.values()}) == 1
    assert max(box.y for box in boxes.values()) == 10 * (58 + 46)


def test_hidden_nodes_keep_their_places_among_each_other() -> None:
    design = edits.move(by_module(2), arrange(chain_of_modules(2)))
    design = group_edits.set_collapsed(design, "group", True)

    positions = arrange_view(design)

    shifts = {
        (positions[name][0] - design.node(name).position[0], positions[name][1] - design.node(name).position[1])
        for name in Grouping(design).nodes_of("group")
    }
    assert len(shifts) == 1


def test_hidden_nodes_without_places_get_some() -> None:
    design = group_edits.collapse_all(by_module(2))

    assert len(set(arrange_view(design).values())) == len(design.nodes)


def test_a_design_without_groups_is_drawn_as_ever() -> None:
    design = gallery.load("inception-3a")

    assert arrange_view(design) == arrange(design)
    assert arrange_view(design, direction="right", ids={"pool"}) == arrange(design, None, "right", {"pool"})


def test_groups_that_hold_each_other_are_drawn_all_the_same() -> None:
    design = Design(
        nodes=(Node("a", Concat()), Node("b", Concat(), inputs=("a",))),
        groups=(Group("g", nodes=("a",), groups=("h",)), Group("h", nodes=("b",), groups=("g",)), Group("empty")),
    )

    positions = arrange_view(design)

    assert not overlapping(design, drawn(design, positions, {}, "down"))


def test_an_arranged_selection_gives_way() -> None:
    nodes = tuple(Node(f"n{place}", Concat(), position=(0.0, place * 80.0)) for place in range(4))
    chain = (nodes[0], msgspec.structs.replace(nodes[1], inputs=("n0",), position=(0.0, 0.0)), *nodes[2:])
    crowded = edits.move(Design(nodes=chain), {"n2": (0.0, 80.0), "n3": (0.0, 160.0)})

    moved = arrange(crowded, ids={"n0", "n1"})

    assert moved["n0"] != (0.0, 0.0)
    assert moved["n1"][1] > moved["n0"][1]
    assert not overlapping(crowded, drawn(crowded, {"n2": (0.0, 80.0), "n3": (0.0, 160.0)} | moved, {}, "down"))


def test_five_hundred_nodes_in_groups_take_less_than_a_second() -> None:
    # The budget is 150 ms on a quiet machine; this guards against another order of growth only.
    design = by_stage(129)

    start = time.process_time()
    arrange_view(design)

    assert time.process_time() - start < 1.0

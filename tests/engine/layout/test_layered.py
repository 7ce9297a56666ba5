"""The layered drawing: everything is placed, nothing overlaps, few wires cross."""

import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onebyone import edits, gallery
from onebyone.design import Design, Node
from onebyone.gallery.inception import ROWS, reduced_module
from onebyone.layers import Add, Concat, Conv2d, Input, Output
from onebyone.layout.groups import arrange_view
from onebyone.layout.layered import DEFAULT_SIZE, GRID, arrange, count_crossings

INPUT = Input(64, 28, 28)


def chain_of_modules(count: int) -> Design:
    """GoogLeNet's trunk: Inception modules one behind the other."""
    design = Design(nodes=(Node("input", Input(192, 28, 28)),))
    last = "input"
    for place in range(count):
        names = {node.id: f"{node.id}_{place}" for node in reduced_module(ROWS["3a"], last)}
        nodes = tuple(
            msgspec.structs.replace(node, id=names[node.id], inputs=tuple(names.get(i, i) for i in node.inputs))
            for node in reduced_module(ROWS["3a"], last)
        )
        design = msgspec.structs.replace(design, nodes=design.nodes + nodes)
        last = names["concat"]
    return edits.add(design, Node("output", Output(), inputs=(last,)))


def residual_chain(blocks: int) -> Design:
    """ResNet's trunk: three convolutions, and a wire that skips them."""
    nodes = [Node("input", INPUT)]
    last = "input"
    for place in range(blocks):
        names = [f"{part}{place}" for part in ("reduce", "conv", "expand", "add")]
        nodes += [
            Node(name, Conv2d(64), inputs=(source,)) for name, source in zip(names[:3], [last, *names], strict=False)
        ]
        nodes.append(Node(names[3], Add(), inputs=(names[2], last)))
        last = names[3]
    return Design(nodes=tuple(nodes))


@st.composite
def graphs(draw: st.DrawFn) -> Design:
    """Any wires at all: cycles, self-loops, repeated and unknown ones."""
    count = draw(st.integers(1, 24))
    names = [f"n{place}" for place in range(count)]
    ends = st.lists(st.sampled_from([*names, "nowhere"]), max_size=4)
    return Design(nodes=tuple(Node(name, Concat(), inputs=tuple(draw(ends))) for name in names))


def overlapping(
    design: Design, positions: dict[str, tuple[float, float]], sizes: dict[str, tuple[float, float]]
) -> list:
    boxes = [(name, *positions[name], *sizes.get(name, DEFAULT_SIZE)) for name in positions]
    return [
        (a[0], b[0])
        for place, a in enumerate(boxes)
        for b in boxes[:place]
        if a[1] < b[1] + b[3] and b[1] < a[1] + a[3] and a[2] < b[2] + b[4] and b[2] < a[2] + a[4]
    ]


@given(graphs(), st.data())
def test_any_graph_is_placed_on_the_grid_without_overlaps(design: Design, data: st.DataObject) -> None:
    size = st.tuples(st.integers(4, 20).map(lambda n: n * 16.0), st.sampled_from([58.0, 72.0]))
    sizes = {node.id: data.draw(size) for node in design.nodes}

    positions = arrange(design, sizes, data.draw(st.sampled_from(["down", "right"])))

    assert set(positions) == {node.id for node in design.nodes}
    assert not overlapping(design, positions, sizes)
    assert all(value % GRID == 0 for point in positions.values() for value in point)


@pytest.mark.parametrize(
    "design",
    [gallery.load("inception-3a"), gallery.load("inception-3a-naive"), chain_of_modules(9), residual_chain(20)],
    ids=["inception-3a", "naive", "nine modules", "residual"],
)
def test_published_blocks_are_drawn_without_crossings(design: Design) -> None:
    assert count_crossings(design, arrange(design)) == 0


@pytest.mark.parametrize(
    "design", [gallery.load("googlenet"), gallery.load("resnet-152")], ids=lambda design: design.name
)
@pytest.mark.parametrize("direction", ["down", "right"])
@pytest.mark.parametrize("has_groups", [True, False], ids=["grouped", "plain"])
def test_published_networks_are_drawn_without_crossings(design: Design, direction: str, has_groups: bool) -> None:
    drawn = design if has_groups else msgspec.structs.replace(design, groups=())
    positions = arrange_view(drawn, direction=direction)
    if direction == "right":
        width, height = DEFAULT_SIZE
        positions = {name: (y, x) for name, (x, y) in positions.items()}
        sizes = dict.fromkeys(positions, (height, width))
    else:
        sizes = {}

    assert count_crossings(drawn, positions, sizes) == 0


def test_crossings_are_counted() -> None:
    nodes = (
        Node("a", INPUT),
        Node("b", INPUT),
        Node("c", Conv2d(1), inputs=("b",)),
        Node("d", Conv2d(1), inputs=("a",)),
    )
    positions = {"a": (0.0, 0.0), "b": (300.0, 0.0), "c": (0.0, 200.0), "d": (300.0, 200.0)}

    assert count_crossings(Design(nodes=nodes), positions) == 1


def test_branches_stand_in_the_order_of_the_concat() -> None:
    positions = arrange(gallery.load("inception-3a"))

    lefts = [positions[name][0] for name in ("conv1x1", "conv3x3", "conv5x5", "pool_proj")]
    assert lefts == sorted(lefts)


def test_a_short_branch_stands_beside_the_end_of_the_long_ones() -> None:
    positions = arrange(gallery.load("inception-3a"))

    assert positions["conv1x1"][1] == positions["conv3x3"][1] > positions["reduce3x3"][1]


def test_a_branch_is_straight_whatever_the_widths() -> None:
    sizes = {"reduce3x3": (192.0, 58.0), "reduce5x5": (176.0, 58.0), "pool": (224.0, 58.0)}

    positions = arrange(gallery.load("inception-3a"), sizes)

    for upper, lower in (("reduce3x3", "conv3x3"), ("reduce5x5", "conv5x5"), ("pool", "pool_proj")):
        middles = [positions[name][0] + sizes.get(name, DEFAULT_SIZE)[0] / 2 for name in (upper, lower)]
        assert middles[0] == middles[1]


def test_the_trunk_of_a_deep_residual_network_is_one_line() -> None:
    positions = arrange(residual_chain(150))

    assert len({x for x, _ in positions.values()}) == 1


def test_results_flow_to_the_right_where_asked() -> None:
    positions = arrange(gallery.load("inception-3a"), direction="right")

    assert positions["input"][0] < positions["reduce3x3"][0] < positions["conv3x3"][0] < positions["concat"][0]


def test_only_the_named_nodes_are_placed_and_stay_where_they_were() -> None:
    design = edits.move(gallery.load("inception-3a"), {"conv5x5": (1000.0, 504.0), "reduce5x5": (1000.0, 800.0)})

    positions = arrange(design, ids={"conv5x5", "reduce5x5"})

    assert set(positions) == {"conv5x5", "reduce5x5"}
    assert positions["reduce5x5"] == (1000.0, 504.0)
    assert positions["conv5x5"][1] > 504.0


def test_unconnected_parts_lie_side_by_side() -> None:
    design = Design(nodes=tuple(Node(f"n{place}", INPUT) for place in range(40)))

    positions = arrange(design)

    assert len({y for _, y in positions.values()}) > 1
    assert not overlapping(design, positions, {})


def test_nothing_is_placed_in_an_empty_design() -> None:
    assert arrange(Design()) == {}


def test_a_chain_of_twenty_thousand_nodes_is_placed() -> None:
    nodes = [Node("n0", INPUT)]
    nodes += [Node(f"n{place}", Conv2d(1), inputs=(f"n{place - 1}",)) for place in range(1, 20_000)]

    assert len(arrange(Design(nodes=tuple(nodes)))) == 20_000


def test_every_node_fed_by_every_other_is_placed() -> None:
    names = [f"n{place}" for place in range(120)]
    design = Design(nodes=tuple(Node(name, Concat(), inputs=tuple(names[:place])) for place, name in enumerate(names)))

    assert len(arrange(design)) == 120


def test_five_hundred_nodes_take_less_than_a_second() -> None:
    # The budget is 150 ms on a quiet machine; this guards against another order of growth only.
    design = residual_chain(129)
    arrange(gallery.load("inception-3a"))

    start = time.process_time()
    arrange(design)

    assert time.process_time() - start < 1.0

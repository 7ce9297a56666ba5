"""The analysis of whole designs: totals, order, memory, problems, and that incremental equals full."""

import random

import pytest
from hypothesis import given

from onebyone import edits
from onebyone.analysis import analyze
from onebyone.design import Design, Node
from onebyone.errors import EditError
from onebyone.gallery import load
from onebyone.layers import Add, Concat, Conv2d, Flatten, Input, Linear, MaxPool2d, Multiply, Output, Slice
from onebyone.problem import CODES
from tests.engine.strategies import designs, valid_designs
from tests.engine.test_undo import random_edit


def codes(design: Design) -> list[str]:
    return [problem.code for problem in analyze(design).problems]


def figures(analysis) -> tuple:
    return analysis.nodes, analysis.totals, analysis.problems


def test_inception_3a_has_the_published_figures() -> None:
    totals = analyze(load("inception-3a")).totals

    assert (totals.weights, totals.biases, totals.parameters) == (163_328, 368, 163_696)
    assert totals.macs == 128_049_152
    assert totals.outputs == {"output": (256, 28, 28)}


def test_the_naive_twin_has_the_published_figures() -> None:
    totals = analyze(load("inception-3a-naive")).totals

    assert (totals.weights, totals.biases, totals.macs) == (387_072, 224, 303_464_448)
    assert totals.outputs == {"output": (416, 28, 28)}


def test_the_forward_pass_runs_branch_by_branch() -> None:
    order = analyze(load("inception-3a")).order

    assert order[1:4] == ("conv1x1", "reduce3x3", "conv3x3")


def test_peak_memory_counts_what_is_alive_at_once() -> None:
    nodes = (
        Node("in", Input(1, 1, 10)),
        Node("a", Conv2d(2), inputs=("in",)),
        Node("b", Conv2d(8), inputs=("a",)),
        Node("c", Concat(), inputs=("b", "a")),
        Node("out", Output(), inputs=("c",)),
    )

    totals = analyze(Design(nodes=nodes)).totals

    # At the concat: 8 + 2 channels come in, 10 go out, ten pixels of four bytes each.
    assert totals.peak_activation_bytes == (8 + 2 + 10) * 10 * 4
    assert totals.activation_bytes == (1 + 2 + 8 + 10) * 10 * 4


def test_bytes_follow_the_number_type() -> None:
    design = load("inception-3a")

    half, full = analyze(design, bytes_per_element=2).totals, analyze(design).totals

    assert 2 * half.peak_activation_bytes == full.peak_activation_bytes


def test_intensity_is_operations_over_bytes_moved() -> None:
    found = analyze(load("inception-3a")).nodes["conv3x3"]
    moved = 4 * (96 * 784 + 128 * 784 + 110_592 + 128)

    assert found.intensity == pytest.approx(2 * 86_704_128 / moved)


def test_a_bypassed_node_does_nothing_and_has_no_intensity() -> None:
    found = analyze(edits.set_bypassed(load("inception-3a"), ["conv3x3"], True)).nodes["conv3x3"]

    assert (found.operations, found.moved_bytes, found.intensity) == (0, 0, 0.0)


def test_nodes_that_lead_nowhere_are_left_out_of_the_totals() -> None:
    design = load("inception-3a")
    with_extra = edits.add(design, Node("extra", Conv2d(500), inputs=("input",)))

    assert codes(with_extra) == ["unused-output"]
    assert analyze(with_extra).totals == analyze(design).totals


def test_totals_are_withheld_while_there_is_an_error() -> None:
    design = edits.set_fields(load("inception-3a"), "conv3x3", {"padding": (0, 0)})

    analysis = analyze(design)

    assert analysis.totals.macs is None
    assert analysis.totals.outputs == {"output": None}
    assert analysis.nodes["conv3x3"].costs.weights == 110_592


@given(designs())
def test_nothing_the_analysis_says_depends_on_luck(design: Design) -> None:
    analysis = analyze(design)

    assert all(problem.code in CODES and problem.message.endswith(".") for problem in analysis.problems)
    assert analysis.is_valid == (analysis.totals.macs is not None)
    for problem in analysis.problems:
        for fix in problem.fixes:
            fix.apply(design)


@given(valid_designs())
def test_peak_memory_is_what_a_walk_over_the_forward_pass_finds(design: Design) -> None:
    analysis = analyze(design)
    order = [name for name in analysis.order if name != "output"]
    result = design.node("output").inputs[0]
    size = {name: analysis.nodes[name].activation_bytes for name in order}
    peak = 0
    for step, name in enumerate(order):
        later = {source for other in order[step + 1 :] for source in design.node(other).inputs} | {result}
        alive = {other for other in order[: step + 1] if other in later} | {name, *design.node(name).inputs}
        peak = max(peak, sum(size[other] for other in alive))

    assert analysis.totals.peak_activation_bytes == peak


def test_incremental_analysis_equals_full_analysis_after_any_edit(sized) -> None:
    chance = random.Random(3)
    for _ in range(sized(3, 30)):
        design = load("inception-3a")
        analysis = analyze(design)
        for _ in range(120):
            try:
                design = random_edit(chance, design)
            except EditError:
                continue
            analysis = analyze(design, previous=analysis)
            assert figures(analysis) == figures(analyze(design))


def test_a_local_edit_leaves_other_results_alone() -> None:
    design = load("inception-3a")
    before = analyze(design)

    after = analyze(edits.set_fields(design, "conv1x1", {"bias": False}), previous=before)

    assert after.nodes["conv3x3"] is before.nodes["conv3x3"]
    assert after.totals.biases == before.totals.biases - 64


def test_a_moved_node_is_where_the_design_has_it() -> None:
    design = load("inception-3a")
    before = analyze(design)
    old_position = before.node("conv1x1").position
    moved = edits.move(design, {"conv1x1": (5.0, 7.0)})

    after = analyze(moved, previous=before)

    assert after.nodes is before.nodes
    assert after.node("conv1x1") is moved.node("conv1x1")
    assert after.node("conv1x1").position == (5.0, 7.0)
    assert before.node("conv1x1").position == old_position


def test_asking_for_a_node_that_is_not_there_raises() -> None:
    with pytest.raises(KeyError):
        analyze(load("inception-3a")).node("gone")


START = Node("a", Input(4, 8, 8))


@pytest.mark.parametrize(
    ("nodes", "code"),
    [
        ((START, Node("b", Conv2d(2)), Node("c", Output(), inputs=("b",))), "missing-input"),
        ((START, Node("b", Add(), inputs=("a",)), Node("c", Output(), inputs=("b",))), "missing-input"),
        ((START, Node("b", Conv2d(2), inputs=("a", "a")), Node("c", Output(), inputs=("b",))), "too-many-inputs"),
        ((START, Node("b", Input(1, 1, 1), inputs=("a",)), Node("c", Output(), inputs=("b",))), "too-many-inputs"),
        ((START, Node("b", Conv2d(2), inputs=("z",)), Node("c", Output(), inputs=("b",))), "unknown-input"),
        ((START, Node("b", Conv2d(2), inputs=("b",)), Node("c", Output(), inputs=("b",))), "self-loop"),
        ((Node("c", Output()),), "no-input"),
        ((START,), "no-output"),
        ((START, Node("c", Output(), inputs=("a",)), Node("b", Conv2d(1), inputs=("a",))), "unused-output"),
        (
            (START, Node("b", Conv2d(2)), Node("d", Conv2d(2), inputs=("b",)), Node("c", Output(), inputs=("d",))),
            "unreachable",
        ),
        (
            (
                START,
                Node("b", Conv2d(2), inputs=("a",)),
                Node("d", Add(), inputs=("a", "b")),
                Node("c", Output(), inputs=("d",)),
            ),
            "channel-mismatch",
        ),
        (
            (
                START,
                Node("b", Conv2d(4, (3, 3)), inputs=("a",)),
                Node("d", Add(), inputs=("a", "b")),
                Node("c", Output(), inputs=("d",)),
            ),
            "spatial-mismatch",
        ),
        ((START, Node("b", Linear(2), inputs=("a",)), Node("c", Output(), inputs=("b",))), "rank-mismatch"),
        (
            (START, Node("b", Conv2d(6, groups=4), inputs=("a",)), Node("c", Output(), inputs=("b",))),
            "groups-do-not-divide",
        ),
        (
            (START, Node("b", Conv2d(6, (9, 9)), inputs=("a",)), Node("c", Output(), inputs=("b",))),
            "window-larger-than-input",
        ),
        (
            (START, Node("b", MaxPool2d((2, 2), padding=(2, 2)), inputs=("a",)), Node("c", Output(), inputs=("b",))),
            "padding-too-large",
        ),
        ((START, Node("b", Slice(2, 9), inputs=("a",)), Node("c", Output(), inputs=("b",))), "slice-out-of-range"),
        (
            (Node("a", Input(2**20, 2**16, 2**16)), Node("c", Output(), inputs=("a",))),
            "too-large",
        ),
        (
            (
                START,
                Node("b", Conv2d(4), inputs=("a",)),
                Node("f", Flatten(), inputs=("a",)),
                Node("d", Multiply(), inputs=("b", "f")),
                Node("c", Output(), inputs=("d",)),
            ),
            "rank-mismatch",
        ),
    ],
)
def test_each_problem_is_found_and_says_what_would_be_right(nodes: tuple[Node, ...], code: str) -> None:
    found = [problem for problem in analyze(Design(nodes=nodes)).problems if problem.code == code]

    assert found
    assert len(found[0].message) > 30


def test_a_cycle_names_its_nodes_and_can_be_mended() -> None:
    nodes = (
        START,
        Node("b", Add(), inputs=("a", "c")),
        Node("c", Conv2d(4), inputs=("b",)),
        Node("out", Output(), inputs=("c",)),
    )

    problem = next(p for p in analyze(Design(nodes=nodes)).problems if p.code == "cycle")

    assert "'b'" in problem.message
    assert "'c'" in problem.message
    assert "cycle" not in codes(problem.fixes[0].apply(Design(nodes=nodes)))


@pytest.mark.parametrize(
    ("nodes", "code"),
    [
        (
            (
                START,
                Node("b", Conv2d(9), inputs=("a",)),
                Node("d", Add(), inputs=("a", "b", "a")),
                Node("c", Output(), inputs=("d",)),
            ),
            "channel-mismatch",
        ),
        (
            (
                START,
                Node("b", Conv2d(4, (3, 3)), inputs=("a",)),
                Node("d", Add(), inputs=("a", "b")),
                Node("c", Output(), inputs=("d",)),
            ),
            "spatial-mismatch",
        ),
        (
            (
                START,
                Node("b", MaxPool2d((2, 2)), inputs=("a",)),
                Node("p", Conv2d(4), inputs=("a",)),
                Node("d", Concat(), inputs=("b", "p")),
                Node("c", Output(), inputs=("d",)),
            ),
            "spatial-mismatch",
        ),
        ((START, Node("b", Linear(2), inputs=("a",)), Node("c", Output(), inputs=("b",))), "rank-mismatch"),
        (
            (START, Node("b", Conv2d(6, groups=4), inputs=("a",)), Node("c", Output(), inputs=("b",))),
            "groups-do-not-divide",
        ),
        ((START, Node("b", Conv2d(2)), Node("c", Output(), inputs=("b",))), "missing-input"),
        ((START, Node("b", Conv2d(2), inputs=("a",))), "no-output"),
        ((Node("b", Conv2d(2)), Node("c", Output(), inputs=("b",))), "no-input"),
        ((START, Node("b", Conv2d(2), inputs=("a", "a")), Node("c", Output(), inputs=("b",))), "too-many-inputs"),
    ],
)
def test_the_first_fix_makes_the_problem_go_away(nodes: tuple[Node, ...], code: str) -> None:
    design = Design(nodes=nodes)
    problem = next(p for p in analyze(design).problems if p.code == code)

    mended = analyze(problem.fixes[0].apply(design))

    assert mended.is_valid, mended.problems


def test_a_chain_of_twenty_thousand_nodes_is_analysed() -> None:
    nodes = [Node("a", Input(4, 8, 8))]
    nodes += [
        Node(f"n{place}", Conv2d(4), inputs=(nodes[-1].id if place == 0 else f"n{place - 1}",))
        for place in range(19_998)
    ]
    nodes.append(Node("out", Output(), inputs=("n19997",)))

    assert analyze(Design(nodes=tuple(nodes))).is_valid


def test_a_ring_of_thousands_of_nodes_is_one_problem() -> None:
    count = 3_000
    nodes = tuple(Node(f"n{place}", Conv2d(4), inputs=(f"n{(place - 1) % count}",)) for place in range(count))

    assert codes(Design(nodes=nodes)).count("cycle") == 1

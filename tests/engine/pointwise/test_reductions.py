"""Reductions, projections, bottlenecks and naive twins as edits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onebyone import edits, gallery
from onebyone.analysis import analyze
from onebyone.errors import EditError
from onebyone.grouping import Grouping
from onebyone.layers import Conv2d
from onebyone.pointwise.counterfactual import role_of
from onebyone.pointwise.reductions import (
    insert_projection,
    insert_reduction,
    naive_twin,
    proposed_projection,
    remove_pointwise,
    to_bottleneck,
)
from tests.engine.strategies import valid_designs

NAIVE, REDUCED = gallery.load("inception-3a-naive"), gallery.load("inception-3a")


def test_the_papers_reductions_turn_the_naive_module_into_the_reduced_one() -> None:
    design = insert_reduction(NAIVE, "conv3x3", 96)
    design = insert_reduction(design, "conv5x5", 16)
    design = insert_projection(design, "pool", 32)

    assert analyze(design).totals == analyze(REDUCED).totals


def test_and_the_naive_twin_of_that_is_the_naive_module_again() -> None:
    twin = naive_twin(REDUCED)

    assert analyze(twin).totals == analyze(NAIVE).totals
    assert twin.name == "Inception 3a naive"


def test_a_reduction_reads_like_its_convolution() -> None:
    design = insert_reduction(gallery.load("resnet-plain"), "conv3x3_1", 64)

    layer = design.node("reduce_conv3x3_1").layer
    assert layer == Conv2d(64, bias=False, norm="batch", activation="relu")


def test_a_bottleneck_keeps_what_goes_in_and_out() -> None:
    plain = gallery.load("inception-3a-naive")

    design = to_bottleneck(plain, "conv3x3", 32)

    assert analyze(design).totals.outputs == analyze(plain).totals.outputs
    nodes = design.nodes_by_id()
    assert nodes["conv3x3"].inputs == ("reduce_conv3x3",)
    assert nodes["concat"].inputs == ("conv1x1", "expand_conv3x3", "conv5x5", "pool")
    saved = 9 * 192 * 128 - (192 * 32 + 9 * 32 * 32 + 32 * 128)
    assert (analyze(plain).totals.weights or 0) - (analyze(design).totals.weights or 0) == saved


def test_the_naive_twin_of_one_module_leaves_the_others() -> None:
    design = gallery.load("googlenet")
    module = Grouping(design).nodes_of("inception_4a")

    twin = naive_twin(design, module)

    gone = {node.id for node in design.nodes} - {node.id for node in twin.nodes}
    assert gone == {"i4a_reduce3x3", "i4a_reduce5x5", "i4a_pool_proj"}
    assert analyze(twin).is_valid


def test_new_nodes_join_the_group_and_cover_nothing() -> None:
    design = gallery.load("googlenet-naive")
    places = {node.id: (0.0, 104.0 * row) for row, node in enumerate(design.nodes)}
    design = edits.move(design, places)

    made = insert_reduction(design, "i3a_conv3x3", 96)

    assert Grouping(made).parent("reduce_i3a_conv3x3") == "inception_3a"
    assert len({node.position for node in made.nodes}) == len(made.nodes)


@pytest.mark.parametrize(
    ("edit", "node", "words"),
    [
        (insert_reduction, "conv1x1", "no convolution with a kernel larger"),
        (insert_reduction, "nothing", "no node 'nothing'"),
        (insert_projection, "conv3x3", "no max or average pool"),
        (to_bottleneck, "pool", "no convolution with a kernel larger"),
    ],
)
def test_what_does_not_apply_is_refused_with_the_reason(edit, node: str, words: str) -> None:
    with pytest.raises(EditError, match=words):
        edit(NAIVE, node, 16)


def test_a_design_without_reductions_has_no_naive_twin() -> None:
    with pytest.raises(EditError, match="no reduction"):
        naive_twin(NAIVE)
    with pytest.raises(EditError, match="no 1×1"):
        remove_pointwise(NAIVE, "conv3x3")


def test_a_quarter_is_proposed_for_a_projection() -> None:
    assert proposed_projection(analyze(NAIVE), "pool") == 48
    assert proposed_projection(analyze(NAIVE), "conv3x3") is None


@given(valid_designs(), st.integers(1, 64), st.data())
def test_a_valid_design_with_a_reduction_is_valid_with_the_same_outputs(design, width: int, data) -> None:
    larger = [
        node.id
        for node in design.nodes
        if isinstance(node.layer, Conv2d) and node.layer.kernel != (1, 1) and node.layer.groups == 1
    ]
    if not larger:
        return
    chosen = data.draw(st.sampled_from(larger))

    reduced, narrowed = insert_reduction(design, chosen, width), to_bottleneck(design, chosen, width)

    assert analyze(reduced).is_valid and analyze(narrowed).is_valid
    assert analyze(reduced).totals.outputs == analyze(narrowed).totals.outputs == analyze(design).totals.outputs
    new = next(node.id for node in reduced.nodes if node.id.startswith("reduce_"))
    if role_of(analyze(reduced), new) == "reduction":
        assert analyze(remove_pointwise(reduced, new)).totals == analyze(design).totals

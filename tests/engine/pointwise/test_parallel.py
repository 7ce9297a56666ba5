"""Parallel 1×1 convolutions merged into one with slices."""

import pytest
from hypothesis import given

from onebyone import edits, gallery
from onebyone.analysis import analyze
from onebyone.design import Design
from onebyone.errors import EditError
from onebyone.layers import Slice
from onebyone.pointwise.parallel import merge_parallel, parallel_to
from tests.engine.strategies import valid_designs

DESIGN = gallery.load("inception-3a")
PARTS = ("conv1x1", "reduce3x3", "reduce5x5")


def test_the_1x1s_that_read_the_input_of_3a_are_parallel() -> None:
    assert parallel_to(DESIGN, "reduce3x3") == PARTS
    assert parallel_to(DESIGN, "pool_proj") == parallel_to(DESIGN, "conv3x3") == parallel_to(DESIGN, "nothing") == ()


def test_the_merged_design_costs_and_gives_the_same() -> None:
    merge = merge_parallel(DESIGN, PARTS)

    nodes = merge.after.nodes_by_id()
    assert nodes[merge.node].layer.out_channels == 64 + 96 + 16
    assert [nodes[part].layer for part in merge.parts] == [Slice(0, 64), Slice(64, 160), Slice(160, 176)]
    before, after = analyze(DESIGN).totals, analyze(merge.after).totals
    assert (before.weights, before.biases, before.macs) == (after.weights, after.biases, after.macs)
    assert before.outputs == after.outputs
    assert nodes["concat"] == DESIGN.node("concat")


def test_the_merged_node_joins_the_group() -> None:
    design = gallery.load("googlenet")

    merge = merge_parallel(design, parallel_to(design, "i4a_reduce3x3"))

    group = next(each for each in merge.after.groups if each.id == "inception_4a")
    assert merge.node in group.nodes


@pytest.mark.parametrize(
    ("ids", "words"),
    [(("conv1x1",), "nothing to merge"), (("conv1x1", "pool_proj"), "different results"),
     (("conv1x1", "conv3x3"), "no 1×1")],
)  # fmt: skip
def test_what_cannot_be_merged_is_refused(ids: tuple[str, ...], words: str) -> None:
    with pytest.raises(EditError, match=words):
        merge_parallel(DESIGN, ids)


def test_other_settings_are_refused_by_name() -> None:
    design = edits.set_fields(DESIGN, "conv1x1", {"bias": False})

    assert parallel_to(design, "conv1x1") == ()
    with pytest.raises(EditError, match="'reduce3x3' and 'conv1x1' differ in more than their width"):
        merge_parallel(design, PARTS)


@pytest.mark.parametrize("changes", [{"activation": "softmax"}, {"norm": "layer"}, {"norm": "group", "norm_groups": 4}])
def test_what_works_across_channels_keeps_them_apart(changes: dict[str, object]) -> None:
    design = DESIGN
    for part in PARTS:
        design = edits.set_fields(design, part, changes)

    assert parallel_to(design, "conv1x1") == ()


def test_an_instance_norm_works_in_each_channel_and_can_be_merged() -> None:
    design = DESIGN
    for part in PARTS:
        design = edits.set_fields(design, part, {"norm": "instance"})

    assert parallel_to(design, "conv1x1") == PARTS


@given(valid_designs())
def test_a_merge_changes_neither_costs_nor_outputs(design: Design) -> None:
    for node in design.nodes:
        parts = parallel_to(design, node.id)
        if parts:
            before, after = analyze(design).totals, analyze(merge_parallel(design, parts).after).totals
            assert (before.parameters, before.macs, before.outputs) == (after.parameters, after.macs, after.outputs)

"""What a 1×1 buys, against figures worked out by hand and against designs built without it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onebyone import edits, gallery
from onebyone.analysis import analyze
from onebyone.design import Design, Node
from onebyone.layers import Activation, BatchNorm2d, Conv2d, Input, MaxPool2d, Output
from onebyone.pointwise.counterfactual import (
    Counterfactual,
    break_even_words,
    counterfactual,
    proposed_width,
    role_of,
    role_words,
)


def bought(name: str, node: str) -> Counterfactual:
    found = counterfactual(analyze(gallery.load(name)), node)
    assert found is not None
    return found


def changes(found: Counterfactual) -> dict[str, int]:
    return {each.title: each.change for each in found.differences}


def pair(channels: int, width: int, out: int, kernel: tuple[int, int], stride: int = 1) -> Design:
    return Design(
        nodes=(
            Node("input", Input(channels, 32, 32)),
            Node("reduce", Conv2d(width), inputs=("input",)),
            Node("norm", BatchNorm2d(), inputs=("reduce",)),
            Node("relu", Activation("relu"), inputs=("norm",)),
            Node("conv", Conv2d(out, kernel, (stride, stride), (kernel[0] // 2, kernel[1] // 2)), inputs=("relu",)),
            Node("output", Output(), inputs=("conv",)),
        )
    )


def test_the_reduction_of_3a_buys_what_the_papers_table_says() -> None:
    found = bought("inception-3a", "reduce3x3")

    assert found.role == "reduction" and found.partners == ("conv3x3",)
    assert changes(found)["weights"] == 192 * 96 + 9 * 96 * 128 - 9 * 192 * 128 == -92_160
    assert changes(found)["MACs"] == -92_160 * 28 * 28
    assert changes(found)["output channels"] == 0
    assert found.differences[0].words == "−92,160 (−36.1 %)"
    assert found.design.name == "Inception 3a without reduce3x3"


def test_the_break_even_width_is_that_of_the_formula() -> None:
    found = bought("inception-3a", "reduce3x3").break_even

    assert found is not None
    assert found.width == found.width_by_macs == 9 * 192 * 128 / (192 + 9 * 128)
    assert found.weights(found.width) == pytest.approx(found.weights_without)
    lines = break_even_words(found, 96)
    assert lines[0] == "with: 192·96 + 3·3·96·128 = 129,024 weights"
    assert lines[1] == "without: 3·3·192·128 = 221,184"
    assert "r* = 164.6 channels = 9·192·128 / (192 + 9·128)" in lines[2]


def test_without_the_projection_the_width_grows() -> None:
    found = bought("inception-3a", "pool_proj")

    assert found.role == "projection" and found.partners == ("pool",)
    assert changes(found)["output channels"] == 256 - 416
    assert changes(found)["weights"] == 192 * 32
    assert found.break_even is None


def test_a_cccp_layer_mixes_behind_its_convolution() -> None:
    found = bought("nin", "cccp1")

    assert found.role == "expansion" and found.partners == ("conv1",)
    assert changes(found)["weights"] == 96 * 96
    assert role_words(found) == "Mixes 96 → 96 behind conv1 (11×11 convolution)"


def test_a_squeeze_serves_all_convolutions_behind_it() -> None:
    found = bought("fire", "squeeze").break_even

    assert found is not None
    assert found.weights_without == 96 * 64 + 9 * 96 * 64
    assert found.width == pytest.approx(96 * 640 / (96 + 640))


def test_without_the_expansion_the_residual_does_not_fit_and_it_says_so() -> None:
    found = bought("resnet-bottleneck", "expand")

    assert found.differences == ()
    assert "does not fit together" in found.obstacle and "256 and 64" in found.obstacle.replace(
        "64 and 256", "256 and 64"
    )


def test_a_strided_1x1_is_not_left_out_alone() -> None:
    design = edits.set_fields(pair(64, 16, 64, (3, 3)), "reduce", {"stride": (2, 2)})

    found = counterfactual(analyze(design), "reduce")

    assert found is not None and "skips pixels (stride 2×2)" in found.obstacle


def test_nothing_is_said_of_other_nodes() -> None:
    analysis = analyze(gallery.load("inception-3a"))

    assert [role_of(analysis, name) for name in ("conv1x1", "conv3x3", "pool", "output", "nothing")] == [None] * 5
    assert role_of(analyze(gallery.load("googlenet")), "i4a_conv1x1") is None


def test_a_bypassed_1x1_buys_nothing() -> None:
    design = edits.set_bypassed(gallery.load("inception-3a"), ["reduce3x3"], True)

    assert counterfactual(analyze(design), "reduce3x3") is None


def test_a_design_with_errors_says_when_it_will_be_known() -> None:
    design = edits.disconnect(gallery.load("inception-3a"), "conv1x1", 0)

    found = counterfactual(analyze(design), "reduce3x3")

    assert found is not None and "no errors" in found.obstacle


def test_behind_a_pool_through_a_norm_it_is_a_projection() -> None:
    nodes = (
        Node("input", Input(64, 8, 8)),
        Node("pool", MaxPool2d((2, 2)), inputs=("input",)),
        Node("norm", BatchNorm2d(), inputs=("pool",)),
        Node("proj", Conv2d(16), inputs=("norm",)),
        Node("output", Output(), inputs=("proj",)),
    )

    assert role_of(analyze(Design(nodes=nodes)), "proj") == "projection"


def test_a_strided_kernel_has_another_width_by_macs() -> None:
    found = counterfactual(analyze(pair(128, 32, 128, (3, 3), stride=2)), "reduce")

    assert found is not None and found.break_even is not None
    area = 9 * 128 * 16 * 16
    assert found.break_even.width_by_macs == pytest.approx(128 * area / (128 * 32 * 32 + area))
    assert "MACs below" in break_even_words(found.break_even, 32)[-1]


@given(st.integers(1, 300), st.integers(1, 300), st.integers(1, 300), st.sampled_from([(3, 3), (5, 5), (1, 7), (7, 1)]))
def test_the_saving_is_the_difference_of_the_two_designs(
    channels: int, width: int, out: int, kernel: tuple[int, int]
) -> None:
    design = pair(channels, width, out, kernel)
    found = counterfactual(analyze(design), "reduce")
    assert found is not None and found.break_even is not None

    area = kernel[0] * kernel[1]
    assert [node.id for node in found.design.nodes] == ["input", "conv", "output"]
    assert changes(found)["weights"] == channels * width + area * width * out - area * channels * out
    assert (changes(found)["weights"] < 0) == (width < found.break_even.width)
    assert round(found.break_even.weights(width)) - found.break_even.weights_without == changes(found)["weights"]


@pytest.mark.parametrize(("node", "width"), [("conv3x3", 80), ("conv5x5", 64), ("conv1x1", None), ("pool", None)])
def test_a_width_is_proposed_that_pays(node: str, width: int | None) -> None:
    assert proposed_width(analyze(gallery.load("inception-3a-naive")), node) == width


def test_no_width_is_proposed_where_none_pays() -> None:
    assert proposed_width(analyze(pair(3, 1, 1, (3, 3))), "conv") is None

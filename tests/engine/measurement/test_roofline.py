"""Nodes under the roofs, against figures worked out by hand."""

import msgspec
import pytest

from onebyone import gallery
from onebyone.analysis import analyze
from onebyone.measurement.records import NodeTime, Roofs
from onebyone.measurement.roofline import PlacedNode, least_time, node_words, place, share_of_whole, whole_words
from tests.engine.measurement.made_up_measurement import run_of

ROOFS = Roofs("cpu", "float32", 1, operations_per_second=100e9, bytes_per_second=10e9, call_seconds=2e-6)
DESIGN = gallery.load("inception-3a")


def placed(node: str, seconds: float, **changes: object) -> PlacedNode:
    run = msgspec.structs.replace(run_of(DESIGN), nodes=(NodeTime(node, seconds, 0.5),), **changes)
    return place(analyze(DESIGN), run, ROOFS)[0]


def test_a_convolution_counts_two_operations_a_mac_and_all_its_bytes() -> None:
    node = placed("conv3x3", 0.004)

    assert node.operations == 2 * 28 * 28 * 9 * 96 * 128
    assert node.moved_bytes == 4 * (28 * 28 * (96 + 128) + 9 * 96 * 128 + 128)
    assert node.bound == "compute"
    assert node.least_seconds == pytest.approx(173_408_256 / 100e9)
    assert node.share_of_roof == pytest.approx(173_408_256 / 100e9 / 0.004)


def test_a_pooling_has_no_macs_and_is_bound_by_memory() -> None:
    node = placed("pool", 0.001)

    assert node.operations == 0
    assert node.bound == "memory"
    assert node.moved_bytes == 4 * 2 * 28 * 28 * 192
    assert node.share_of_roof == pytest.approx(1_204_224 / 10e9 / 0.001)


def test_a_batch_multiplies_what_passes_but_not_the_weights() -> None:
    assert placed("reduce5x5", 0.001, batch=4).moved_bytes == 4 * (4 * 28 * 28 * (192 + 16) + 192 * 16 + 16)


def test_half_as_many_bytes_in_bfloat16() -> None:
    whole, half = placed("pool", 0.001), placed("pool", 0.001, dtype="bfloat16")

    assert half.moved_bytes * 2 == whole.moved_bytes


def test_the_largest_limit_binds() -> None:
    assert least_time(10, 10, ROOFS) == (2e-6, "call")
    assert least_time(10**9, 10, ROOFS) == (pytest.approx(0.01), "compute")
    assert least_time(10, 10**9, ROOFS) == (pytest.approx(0.1), "memory")


def test_the_whole_is_the_sum_of_its_nodes_over_the_median() -> None:
    nodes = (NodeTime("conv3x3", 0.004, 0.5), NodeTime("pool", 0.001, 0.2))
    run = msgspec.structs.replace(run_of(DESIGN), nodes=nodes, median=0.0070)
    found = place(analyze(DESIGN), run, ROOFS)

    assert share_of_whole(found, run) == pytest.approx((173_408_256 / 100e9 + 1_204_224 / 10e9) / 0.0070)
    assert whole_words(found, run) == (
        "The roofs of this machine would allow 1.85 ms; the measured 7.00 ms is 3.8 times that."
    )


def test_nothing_is_said_where_nothing_is_known() -> None:
    refused = run_of(DESIGN, "refused")

    assert place(analyze(DESIGN), refused, ROOFS) == ()
    assert whole_words((), refused) == ""


def test_nodes_of_another_design_are_left_out() -> None:
    run = msgspec.structs.replace(run_of(DESIGN), nodes=(NodeTime("gone", 0.1, 1.0),))

    assert place(analyze(DESIGN), run, ROOFS) == ()


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (("conv3x3", 0.004), "43.4 G operations/s at 151 operations a byte; 43.4 % of what the arithmetic allows"),
        (("pool", 0.001), "1.12 GiB/s, no MACs; 12.0 % of what the memory allows"),
    ],
    ids=["convolution", "pooling"],
)
def test_a_node_is_said_in_words(node: tuple[str, float], words: str) -> None:
    assert node_words(placed(*node)) == words


@pytest.mark.parametrize("node", ["conv1x1", "conv3x3", "pool", "concat"])
def test_the_roofline_and_the_analysis_know_one_arithmetic_intensity(node: str) -> None:
    assert placed(node, 0.004).intensity == analyze(DESIGN).nodes[node].intensity

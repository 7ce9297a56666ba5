"""Nodes with few MACs and much time."""

import msgspec

from onebyone import analyze, gallery
from onebyone.measurement.disproportion import disproportions
from onebyone.measurement.records import NodeTime
from tests.engine.measurement.made_up_measurement import run_of

DESIGN = gallery.load("inception-3a")


def remarked(*times: tuple[str, float]) -> set[str]:
    nodes = tuple(NodeTime(name, share * 0.007, share) for name, share in times)
    return set(disproportions(analyze(DESIGN), msgspec.structs.replace(run_of(DESIGN), nodes=nodes)))


def test_a_pool_that_takes_half_of_the_time_is_remarked() -> None:
    assert remarked(("conv3x3", 0.4), ("pool", 0.5)) == {"pool"}


def test_a_node_with_a_tenth_of_the_time_is_the_least_that_is_remarked() -> None:
    assert remarked(("pool", 0.10)) == {"pool"}
    assert remarked(("pool", 0.099)) == set()


def test_a_node_is_remarked_from_three_times_its_share_of_the_macs_on() -> None:
    # reduce5x5 has 2.4 million of 128 million MACs: 1.9 %.
    assert remarked(("reduce5x5", 0.11)) == {"reduce5x5"}
    assert remarked(("conv3x3", 0.9)) == set()


def test_nothing_is_remarked_without_a_run_or_without_macs() -> None:
    assert disproportions(analyze(DESIGN), None) == {}


def test_both_shares_are_in_the_words() -> None:
    nodes = (NodeTime("pool", 0.0035, 0.5),)
    found = disproportions(analyze(DESIGN), msgspec.structs.replace(run_of(DESIGN), nodes=nodes))

    assert found["pool"].words == "Few MACs, much time: 50.0 % of the time for 0.0 % of the MACs."

"""Variants a second of a sweep, against analysing each of them from nothing."""

import time

import pytest

from onebyone import analyze, gallery
from onebyone.sweep.grid import Sweep, make_sweep, points
from onebyone.sweep.variation import parse_variation

CASES = {
    "one field": ("reduce3x3.out_channels=1:4000",),
    "three fields": ("reduce3x3.out_channels=1:20", "reduce5x5.out_channels=1:20", "pool_proj.out_channels=1:10"),
}
LEAST = 2_000


@pytest.mark.parametrize("texts", CASES.values(), ids=list(CASES))
def test_thousands_of_variants_a_second(texts: tuple[str, ...]) -> None:
    sweep = make_sweep(gallery.load("inception-3a"), [parse_variation(text) for text in texts])
    list(points(sweep))

    swept, alone = _seconds(sweep), _seconds_from_nothing(sweep)

    print(f"\n{sweep.count / swept:,.0f} variants a second, {alone / swept:.1f}× an analysis of each from nothing")
    assert sweep.count / swept > LEAST


def _seconds(sweep: Sweep) -> float:
    start = time.perf_counter()
    assert sum(1 for _ in points(sweep)) == sweep.count
    return time.perf_counter() - start


def _seconds_from_nothing(sweep: Sweep) -> float:
    designs = [sweep.design_at(index) for index in range(0, sweep.count, 20)]
    start = time.perf_counter()
    for design in designs:
        analyze(design)
    return (time.perf_counter() - start) * sweep.count / len(designs)

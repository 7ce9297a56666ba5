from hypothesis import given
from hypothesis import strategies as st

from onebyone import gallery
from onebyone.sweep.grid import Sweep, make_sweep
from onebyone.sweep.spread import spread
from onebyone.sweep.variation import Variation

FIELDS = ("reduce3x3", "reduce5x5", "pool_proj")


def grid(*lengths: int) -> Sweep:
    fields = [
        Variation(node, "out_channels", tuple(range(1, length + 1)))
        for node, length in zip(FIELDS, lengths, strict=False)
    ]
    return make_sweep(gallery.load("inception-3a"), fields)


def test_along_one_field_the_steps_are_equal_and_the_ends_are_in() -> None:
    assert spread(grid(13), range(13), 5) == (0, 3, 6, 9, 12)


def test_over_two_fields_the_corners_are_in() -> None:
    sweep = grid(20, 20)

    chosen = {sweep.values_at(index) for index in spread(sweep, range(sweep.count), 9)}

    assert {(1, 1), (1, 20), (20, 1), (20, 20)} <= chosen
    assert len({first for first, _ in chosen}) == len({second for _, second in chosen}) == 3


def test_what_does_not_fit_a_regular_grid_is_spread_between() -> None:
    sweep = grid(20, 20)

    chosen = [sweep.values_at(index) for index in spread(sweep, range(sweep.count), 10)]

    assert len(set(chosen)) == 10


def test_invalid_variants_are_passed_over() -> None:
    allowed = [index for index in range(100) if index % 10 and index >= 10]

    chosen = spread(grid(10, 10), allowed, 6)

    assert len(chosen) == 6
    assert set(chosen) <= set(allowed)


lengths = st.lists(st.integers(1, 12), min_size=1, max_size=3)


@given(lengths, st.data())
def test_as_many_as_asked_for_and_none_that_is_not_allowed(sizes: list[int], data: st.DataObject) -> None:
    sweep = grid(*sizes)
    allowed = data.draw(st.lists(st.integers(0, sweep.count - 1), unique=True))
    count = data.draw(st.integers(1, 20))

    chosen = spread(sweep, allowed, count)

    assert len(chosen) == len(set(chosen)) == min(count, len(allowed))
    assert set(chosen) <= set(allowed)
    assert list(chosen) == sorted(chosen)

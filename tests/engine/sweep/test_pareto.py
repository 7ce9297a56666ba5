from hypothesis import given
from hypothesis import strategies as st

from onebyone.sweep.pareto import pareto_front

# Few different numbers, so that ties come up.
numbers = st.one_of(st.integers(0, 6).map(float), st.floats(0, 1e9))
pairs = st.lists(st.tuples(numbers, numbers), max_size=40)


def is_beaten(pair: tuple[float, float], others: list[tuple[float, float]]) -> bool:
    return any(
        other[0] <= pair[0] and other[1] <= pair[1] and (other[0] < pair[0] or other[1] < pair[1]) for other in others
    )


@given(pairs)
def test_the_front_is_what_nothing_beats(found: list[tuple[float, float]]) -> None:
    front = pareto_front(found)

    assert set(front) == {place for place, pair in enumerate(found) if not is_beaten(pair, found)}
    assert len(set(front)) == len(front)


@given(pairs)
def test_along_the_front_cost_rises_and_latency_falls(found: list[tuple[float, float]]) -> None:
    front = [found[place] for place in pareto_front(found)]

    assert [pair[0] for pair in front] == sorted(pair[0] for pair in front)
    assert [pair[1] for pair in front] == sorted((pair[1] for pair in front), reverse=True)


def test_equal_pairs_are_both_on_the_front() -> None:
    assert set(pareto_front([(1.0, 2.0), (1.0, 2.0), (1.0, 3.0), (2.0, 2.0)])) == {0, 1}

"""The Pareto front: the points that nothing else beats in both cost and latency."""

from collections.abc import Sequence


def pareto_front(pairs: Sequence[tuple[float, float]]) -> tuple[int, ...]:
    """The places of the pairs that no other pair beats, both numbers to be small; in the order of the first number.

    A pair is beaten by another that is no larger in either number and smaller in one. Equal pairs do not beat each
    other.
    """
    front: list[int] = []
    best: tuple[float, float] | None = None
    for place in sorted(range(len(pairs)), key=lambda place: pairs[place]):
        pair = pairs[place]
        if best is None or pair[1] < best[1] or pair == best:
            front.append(place)
            best = pair
    return tuple(front)

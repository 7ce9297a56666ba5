"""Which points of a grid are measured where only some of them are: evenly spread, with the corners among them."""

from collections.abc import Sequence
from itertools import product
from math import prod

from onebyone.sweep.grid import Sweep

# More candidates than these are not looked at for the points that do not fit a regular grid.
_MOST_CANDIDATES = 500


def spread(sweep: Sweep, allowed: Sequence[int], count: int) -> tuple[int, ...]:
    """At most `count` of the allowed variants, in order.

    A regular grid of as many points as fit comes first; the rest are those that lie farthest from all chosen ones.
    """
    if count >= len(allowed):
        return tuple(sorted(allowed))
    possible = set(allowed)
    chosen = [index for index in _regular(sweep, count) if index in possible]
    if len(sweep.lengths) == 1 and len(chosen) < count:
        # Along one field the allowed ones are evenly cut by themselves.
        ordered = sorted(possible)
        return tuple(ordered[place] for place in _even(len(ordered), count))
    return tuple(sorted(_filled(sweep, sorted(possible), chosen, count)))


def _even(length: int, count: int) -> list[int]:
    """Places from the first to the last, as far apart as they can be; the middle where there is one."""
    if count >= length:
        return list(range(length))
    if count == 1:
        return [(length - 1) // 2]
    return [round(step * (length - 1) / (count - 1)) for step in range(count)]


def _regular(sweep: Sweep, count: int) -> list[int]:
    lengths = sweep.lengths
    counts = [1] * len(lengths)
    while True:
        # The field grows that has the fewest points.
        for axis in sorted(range(len(lengths)), key=counts.__getitem__):
            grown = [number + (place == axis) for place, number in enumerate(counts)]
            if counts[axis] < lengths[axis] and prod(grown) <= count:
                counts = grown
                break
        else:
            break
    found = []
    for places in product(*(_even(length, number) for length, number in zip(lengths, counts, strict=True))):
        index = 0
        for place, length in zip(places, lengths, strict=True):
            index = index * length + place
        found.append(index)
    return found


def _filled(sweep: Sweep, possible: Sequence[int], chosen: list[int], count: int) -> list[int]:
    candidates = [possible[place] for place in _even(len(possible), min(_MOST_CANDIDATES, len(possible)))]
    where = {index: _position(sweep, index) for index in (*candidates, *chosen)}
    if not chosen:
        chosen = [candidates[0]]
    nearest = {index: min(_distance(where[index], where[other]) for other in chosen) for index in candidates}
    while len(chosen) < count:
        farthest = max(candidates, key=lambda index: nearest[index])
        if nearest[farthest] == 0.0:
            rest = [index for index in possible if index not in set(chosen)]
            return chosen + [rest[place] for place in _even(len(rest), count - len(chosen))]
        chosen = [*chosen, farthest]
        for index in candidates:
            nearest[index] = min(nearest[index], _distance(where[index], where[farthest]))
    return chosen


def _position(sweep: Sweep, index: int) -> tuple[float, ...]:
    return tuple(
        place / max(length - 1, 1) for place, length in zip(sweep.places_at(index), sweep.lengths, strict=True)
    )


def _distance(one: Sequence[float], other: Sequence[float]) -> float:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))

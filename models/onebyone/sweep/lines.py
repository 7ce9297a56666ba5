"""How a grid of one to three fields becomes lines: one field along the axis, a line for each value of the second."""

from collections.abc import Iterable, Sequence
from math import prod

import msgspec

from onebyone.sweep.grid import Point, Sweep
from onebyone.sweep.result import Cost, cost_of

MOST_LINES = 6
# More corners of a line cannot be told apart in a picture.
_MOST_CORNERS = 400


class Line(msgspec.Struct, frozen=True):
    """Some variants in a row; `places` is the value of the first field and the number of the variant."""

    name: str
    places: tuple[tuple[int, int], ...]


def lines_of(sweep: Sweep, most: int = MOST_LINES, points: Sequence[Point] = ()) -> tuple[Line, ...]:
    """The lines over the first field: all of it where one is varied, else one for some values of the second.

    A third field stands at its present value, or the value that is nearest to it.

    Args:
        sweep: What is varied.
        most: How many lines there are at most.
        points: The variants as far as they are known; where there are too many lines, those with errors alone are not
            among them.
    """
    lengths, present = sweep.lengths, sweep.present
    stands = [_nearest(variation.values, now) for variation, now in zip(sweep.variations, present, strict=True)]
    if len(lengths) == 1:
        return (_line(sweep, "", ()),)
    seconds = list(range(lengths[1]))
    if len(seconds) > most and points:
        seconds = [
            second
            for second in seconds
            if second == stands[1] or _has_figures(sweep, _index(sweep, (0, second, *stands[2:])), points)
        ]
    variation = sweep.variations[1]
    return tuple(
        _line(sweep, f"{variation.name} {variation.values[seconds[place]]}", (seconds[place], *stands[2:]))
        for place in _some(len(seconds), most, seconds.index(stands[1]))
    )


def _line(sweep: Sweep, name: str, fixed: Sequence[int]) -> Line:
    """All values of the first field, with those at these places of the other fields."""
    stride, start = prod(sweep.lengths[1:]), _index(sweep, (0, *fixed))
    return Line(name, tuple((value, start + first * stride) for first, value in enumerate(sweep.variations[0].values)))


def _index(sweep: Sweep, places: Sequence[int]) -> int:
    index = 0
    for place, length in zip(places, sweep.lengths, strict=True):
        index = index * length + place
    return index


def _has_figures(sweep: Sweep, start: int, points: Sequence[Point]) -> bool:
    """Whether a line that begins with this variant has one without an error, as far as they are known."""
    indexes = range(start, len(points), prod(sweep.lengths[1:]))
    return any(points[index].is_valid for index in indexes)


def measured_lines(sweep: Sweep, indexes: Iterable[int]) -> list[Line]:
    """Some variants in lines by the values of all fields but the first, the longest lines first."""
    found: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    for index in indexes:
        first, *rest = sweep.values_at(index)
        found.setdefault(tuple(rest), []).append((first, index))
    lines = [Line(", ".join(map(str, rest)), tuple(sorted(places))) for rest, places in found.items()]
    return sorted(lines, key=lambda line: -len(line.places))


def thinned(line: Line) -> Line:
    """The line with as many corners as can be told apart, its ends among them."""
    stride = -(-len(line.places) // _MOST_CORNERS)
    kept = line.places[::stride]
    return Line(line.name, kept if kept[-1] == line.places[-1] else (*kept, line.places[-1]))


def held_words(sweep: Sweep) -> str:
    """Where the fields stand that no line shows: "pool_proj.out_channels stands at 32"."""
    found = []
    for variation, now in list(zip(sweep.variations, sweep.present, strict=True))[2:]:
        value = variation.values[_nearest(variation.values, now)]
        found.append(f"{variation.name} stands at {value}")
    return ", ".join(found)


def curve(line: Line, points: Sequence[Point], cost: Cost) -> list[tuple[float, float]]:
    """The costs along a line; variants with an error, or not known yet, are left out."""
    found = []
    for value, index in line.places:
        known = cost_of(points[index], cost) if index < len(points) else None
        if known is not None:
            found.append((float(value), float(known)))
    return found


def _nearest(values: Sequence[int], value: int) -> int:
    return min(range(len(values)), key=lambda place: abs(values[place] - value))


def _some(length: int, most: int, wanted: int) -> tuple[int, ...]:
    """Places from the first to the last, the wanted one among them; that one alone where there is one at most."""
    if length <= most:
        return tuple(range(length))
    if most < 3:
        return (wanted,)
    even = [round(step * (length - 1) / (most - 1)) for step in range(most)]
    nearest = min(range(1, most - 1), key=lambda place: abs(even[place] - wanted))
    if wanted not in (even[0], even[-1]):
        even[nearest] = wanted
    return tuple(sorted(set(even)))

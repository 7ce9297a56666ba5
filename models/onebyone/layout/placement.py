"""Where a block of boxes goes that was arranged anew among boxes that stay where they are."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from onebyone.layout.alignment import Box

_STEP = 32.0
_MOST_STEPS = 16
_ROOM = 48.0
_GRID = 8.0

Point = tuple[float, float]


def block_offset(new: Mapping[str, Box], old: Mapping[str, Box], others: Mapping[str, Box]) -> Point:
    """How far to move the new boxes so that they lie where the old ones did, on no more of the others than before.

    The block keeps its corner if it can, else its middle; else it gives way, and at last goes below all others.
    Without old boxes it goes below the others at their left.
    """
    bounds = _bounds(new)
    if not old:
        return _below(bounds, others) if others else (0.0, 0.0)
    obstacles = list(others.values())
    allowed = _overlaps(list(old.values()), obstacles, len(old) * len(others))
    for x, y in _offsets(bounds, _bounds(old)):
        shifted = [Box(box.x + x, box.y + y, box.width, box.height) for box in new.values()]
        if _overlaps(shifted, obstacles, allowed) <= allowed:
            return x, y
    return _below(bounds, others)


def _offsets(new: Box, old: Box) -> Iterator[Point]:
    corner = _snapped(old.x - new.x), _snapped(old.y - new.y)
    yield corner
    yield (
        _snapped(old.x + (old.width - new.width) / 2 - new.x),
        _snapped(old.y + (old.height - new.height) / 2 - new.y),
    )
    for step in range(1, _MOST_STEPS + 1):
        for across, down in ((1, 0), (0, 1), (-1, 0), (0, -1)):
            yield corner[0] + across * step * _STEP, corner[1] + down * step * _STEP


def _below(bounds: Box, others: Mapping[str, Box]) -> Point:
    area = _bounds(others)
    return _snapped(area.x - bounds.x), _snapped(area.y + area.height + _ROOM - bounds.y)


def _bounds(boxes: Mapping[str, Box]) -> Box:
    left, top = min(box.x for box in boxes.values()), min(box.y for box in boxes.values())
    right = max(box.x + box.width for box in boxes.values())
    bottom = max(box.y + box.height for box in boxes.values())
    return Box(left, top, right - left, bottom - top)


class _Sides(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float


def _overlaps(boxes: list[Box], obstacles: list[Box], most: int) -> int:
    """How many pairs overlap; counting ends soon above `most`."""
    sides = [_Sides(box.x, box.y, box.x + box.width, box.y + box.height) for box in boxes]
    left, top = min(side.left for side in sides), min(side.top for side in sides)
    right, bottom = max(side.right for side in sides), max(side.bottom for side in sides)
    found = 0
    for box in obstacles:
        if box.x >= right or box.y >= bottom or box.x + box.width <= left or box.y + box.height <= top:
            continue
        far_x, far_y = box.x + box.width, box.y + box.height
        found += sum(
            side.left < far_x and box.x < side.right and side.top < far_y and box.y < side.bottom for side in sides
        )
        if found > most:
            break
    return found


def _snapped(value: float) -> float:
    return round(value / _GRID) * _GRID

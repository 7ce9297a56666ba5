"""Aligning and distributing boxes: pure geometry, in scene units."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Edge = Literal["left", "centre", "right", "top", "middle", "bottom"]
Axis = Literal["across", "down"]
Point = tuple[float, float]


class Box(NamedTuple):
    """A box: its top left, its width and its height."""

    x: float
    y: float
    width: float
    height: float


def align(boxes: Mapping[str, Box], edge: Edge) -> dict[str, Point]:
    """New positions that bring one side, or the middles, of all boxes into line.

    Sides go to the outermost of them; middles to the middle of the area that all boxes cover.
    """
    if not boxes:
        return {}
    left, top = min(box.x for box in boxes.values()), min(box.y for box in boxes.values())
    right = max(box.x + box.width for box in boxes.values())
    bottom = max(box.y + box.height for box in boxes.values())
    found: dict[str, Point] = {}
    for name, box in boxes.items():
        x, y = box.x, box.y
        match edge:
            case "left":
                x = left
            case "centre":
                x = (left + right - box.width) / 2
            case "right":
                x = right - box.width
            case "top":
                y = top
            case "middle":
                y = (top + bottom - box.height) / 2
            case "bottom":
                y = bottom - box.height
        found[name] = x, y
    return found


def distribute(boxes: Mapping[str, Box], axis: Axis) -> dict[str, Point]:
    """New positions with equal gaps between the boxes, in the order they lie; the two outermost stay.

    Where there is no room the gaps are negative, and the boxes overlap evenly.
    """
    is_across = axis == "across"
    ordered = sorted(boxes.items(), key=lambda item: (item[1].x if is_across else item[1].y, item[0]))
    if len(ordered) < 3:
        return {name: (box.x, box.y) for name, box in ordered}
    sizes = [box.width if is_across else box.height for _, box in ordered]
    first, last = ordered[0][1], ordered[-1][1]
    start = first.x if is_across else first.y
    end = last.x + last.width if is_across else last.y + last.height
    gap = (end - start - sum(sizes)) / (len(ordered) - 1)
    found: dict[str, Point] = {}
    at = start
    for (name, box), size in zip(ordered, sizes, strict=True):
        found[name] = (at, box.y) if is_across else (box.x, at)
        at += size + gap
    return found

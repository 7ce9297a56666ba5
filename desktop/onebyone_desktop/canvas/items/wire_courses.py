"""The course of wires: how wide they are, and how they go round the nodes in between."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from heapq import nsmallest
from math import sqrt
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QTransform

from onebyone.design import Direction
from onebyone.shape import Shape

LEAST_WIDTH = 1.5
MOST_WIDTH = 14.0
UNKNOWN_WIDTH = 1.2
_LEAST_REFERENCE = 256
#: A wire no longer than this spans one row gap and needs no way round.
SHORT = 110.0
_BEND = 56.0
_LEAST_BEND = 24.0
_CLEARANCE = 9.0
_MOST_COLUMNS = 24
_ROUNDNESS = 0.16
_LONGEST_RUN = 48.0
_EXCHANGE = QTransform(0, 1, 1, 0, 0, 0)


class Box(NamedTuple):
    """A node in the way."""

    top: float
    left: float
    right: float
    bottom: float
    name: str = ""


class Boxes:
    """The boxes of a scene, sorted from top to bottom, to find those that a wire would cross.

    For a drawing from left to right, x and y are exchanged.
    """

    def __init__(self) -> None:
        self._sorted: list[Box] = []
        self._places: dict[str, tuple[Box, QRectF]] = {}
        self._tallest = 0.0

    def place(self, name: str, rect: QRectF, direction: Direction) -> QRectF:
        """Puts a box where it is now; the area that it covered and covers."""
        covered = self.forget(name)
        if direction == "right":
            box = Box(rect.left(), rect.top(), rect.bottom(), rect.right(), name)
        else:
            box = Box(rect.top(), rect.left(), rect.right(), rect.bottom(), name)
        self._tallest = max(self._tallest, box.bottom - box.top)
        self._places[name] = box, rect
        insort(self._sorted, box)
        return rect.united(covered)

    def forget(self, name: str) -> QRectF:
        """Takes a box away; the area that it covered."""
        box, rect = self._places.pop(name, (None, QRectF()))
        if box is not None:
            del self._sorted[bisect_left(self._sorted, box)]
        return rect

    def between(self, top: float, bottom: float) -> list[Box]:
        """The boxes that lie wholly or partly between two heights."""
        start = bisect_left(self._sorted, (top - self._tallest,))
        end = bisect_left(self._sorted, (bottom,))
        return [box for box in self._sorted[start:end] if box.bottom > top]


def wire_width(shape: Shape | None, reference: int) -> float:
    """The width of a wire: the square root of its channels, `reference` channels being the widest."""
    if shape is None:
        return UNKNOWN_WIDTH
    return min(max(MOST_WIDTH * sqrt(shape[0] / reference), LEAST_WIDTH), MOST_WIDTH)


def reference_channels(shapes: Iterable[Shape | None]) -> int:
    """The channels that are drawn widest: the most a feature map has, rounded up so that it seldom changes."""
    most = max((shape[0] for shape in shapes if shape is not None and len(shape) > 1), default=1)
    return max(_LEAST_REFERENCE, 1 << (most - 1).bit_length())


def wire_path(
    start: QPointF,
    end: QPointF,
    width: float = 0.0,
    boxes: Boxes | None = None,
    direction: Direction = "down",
    bends_late: bool = False,
) -> QPainterPath:
    """The course from an output port to an input port, straight down (or to the right) at both ends.

    A wire changes over to the column of its end soon after its start, or, where it `bends_late`, shortly before its
    end: wires of a fan run beside each other, not on one another.
    For a drawing from left to right the boxes are given with x and y exchanged.
    """
    if direction == "right":
        return _EXCHANGE.map(_path_down(start.transposed(), end.transposed(), width, boxes, bends_late))
    return _path_down(start, end, width, boxes, bends_late)


def _path_down(start: QPointF, end: QPointF, width: float, boxes: Boxes | None, bends_late: bool) -> QPainterPath:
    x0, y0, x1, y1 = start.x(), start.y(), end.x(), end.y()
    path = QPainterPath(start)
    if boxes is None or y1 - y0 < SHORT:
        _swing(path, x0, y0, x1, y1)
        return path
    column, upper, lower = _way_round(x0, y0, x1, y1, width, boxes, bends_late)
    if column is None:
        _swing(path, x0, y0, x1, y1)
        return path
    if column != x0:
        _leave(path, x0, y0, column, upper, lower)
    if column == x1:
        path.lineTo(x1, y1)
        return path
    back = QPainterPath(end)
    _leave(back, x1, y1, column, lower, upper)
    turn = back.elementAt(back.elementCount() - 1)
    path.lineTo(turn.x, turn.y)
    first, second = back.elementAt(2), back.elementAt(1)
    path.cubicTo(first.x, first.y, second.x, second.y, x1, y1)
    return path


def _leave(path: QPainterPath, x: float, y: float, column: float, bend: float, limit: float) -> None:
    """Swings from a port into a column; far away ones are reached in a wider curve, which `limit` ends."""
    room = bend - y
    run = min(abs(column - x) * _ROUNDNESS, abs(limit - bend) / 2, _LONGEST_RUN)
    sign = 1 if room > 0 else -1
    path.cubicTo(x, y + room * 0.75, column, y + room * 0.45, column, bend + sign * run)


def _swing(path: QPainterPath, x0: float, y0: float, x1: float, y1: float) -> None:
    if x0 == x1 and y1 >= y0:
        path.lineTo(x1, y1)
        return
    pull = (y1 - y0) / 2 if y1 - y0 > 2 * _LEAST_BEND else max(_LEAST_BEND, min(120.0, (y0 - y1) / 2 + _BEND))
    path.cubicTo(x0, y0 + pull, x1, y1 - pull, x1, y1)


def _way_round(
    x0: float, y0: float, x1: float, y1: float, width: float, boxes: Boxes, bends_late: bool
) -> tuple[float | None, float, float]:
    """A column that is free from the upper to the lower bend; None where a plain curve is as good."""
    nearby = boxes.between(y0 + 1, y1 - 1)
    room = width / 2 + _CLEARANCE
    upper = _bend(y0, (box.top for box in nearby), 1)
    lower = _bend(y1, (box.bottom for box in nearby), -1)
    blocks = [box for box in nearby if box.bottom > upper and box.top < lower]
    if not blocks and x0 == x1:
        return None, upper, lower
    # No column is nearer than those of the two ends, and most wires fit into one of them.
    ends = [x0, x1] if bends_late else [x1, x0]
    column = _free(ends, room, blocks)
    if column is None:
        edges = (edge for box in blocks for edge in (box.left - room - 2, box.right + room + 2))
        near = nsmallest(_MOST_COLUMNS - len(ends), edges, key=lambda x: abs(x - x0) + abs(x - x1))
        column = _free(near, room, blocks)
    return column, upper, lower


def _free(columns: list[float], room: float, blocks: list[Box]) -> float | None:
    """The first column that no box is in."""
    for column in columns:
        left, right = column - room, column + room
        for box in blocks:
            if box.left < right and box.right > left:
                break
        else:
            return column
    return None


def _bend(end: float, edges: Iterable[float], sign: int) -> float:
    """The height where a wire has swung into its column: before the nearest row, at least a little off the port."""
    distances = [sign * (edge - end) for edge in edges]
    nearest = min((distance for distance in distances if distance >= _LEAST_BEND), default=_BEND)
    return end + sign * min(nearest, _BEND)

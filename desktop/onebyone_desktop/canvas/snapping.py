"""Where dragged boxes settle: in line with their neighbours, else on the grid."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from typing import NamedTuple

from PySide6.QtCore import QLineF, QPointF, QRectF

from onebyone_desktop.canvas.placement import snapped

_REACH = 7.0
_SIDES: tuple[Callable[[QRectF], float], ...] = (lambda box: box.center().x(), QRectF.left, QRectF.right)


class Settled(NamedTuple):
    """Where a box goes, and the lines that say what it is in line with."""

    corner: QPointF
    lines: tuple[QLineF, ...] = ()


class Snapping:
    """What a user wants boxes to settle on."""

    def __init__(self) -> None:
        self.has_grid = True
        self.has_guides = True

    def settle(self, wanted: QRectF, guides: "Guides | None", zoom: float) -> Settled:
        """The place for a box that was dragged to `wanted`."""
        x = y = None
        lines: list[QLineF] = []
        if self.has_guides and guides is not None:
            reach = _REACH / zoom
            x, y = guides.columns.nearest(wanted, reach), guides.rows.nearest(_turned(wanted), reach)
        corner = QPointF(
            wanted.left() + x.distance if x is not None else self._on_grid(wanted.left()),
            wanted.top() + y.distance if y is not None else self._on_grid(wanted.top()),
        )
        box = QRectF(corner, wanted.size())
        if x is not None:
            lines.append(_line(x, box))
        if y is not None:
            line = _line(y, _turned(box))
            lines.append(QLineF(line.y1(), line.x1(), line.y2(), line.x2()))
        return Settled(corner, tuple(lines))

    def _on_grid(self, value: float) -> float:
        return snapped(value) if self.has_grid else value


class _Match(NamedTuple):
    """A side or middle of another box that is near, how far away it is, and where along it that box is."""

    at: float
    distance: float
    low: float
    high: float


class _Sides:
    """The left sides, the middles and the right sides of boxes, each sorted: like is lined up with like."""

    def __init__(self, boxes: Iterable[QRectF]) -> None:
        known = list(boxes)
        self._kinds = [sorted((side(box), box.top(), box.bottom()) for box in known) for side in _SIDES]

    def nearest(self, wanted: QRectF, reach: float) -> _Match | None:
        """The nearest of them to the same side of a box, within a distance; a middle wins over a side as near."""
        best: _Match | None = None
        for side, known in zip(_SIDES, self._kinds, strict=True):
            mine = side(wanted)
            place = bisect_left(known, (mine,))
            for at, low, high in known[max(place - 1, 0) : place + 1]:
                if abs(at - mine) <= reach and (best is None or abs(at - mine) < abs(best.distance) - 0.5):
                    best = _Match(at, at - mine, low, high)
        return best


class Guides:
    """The boxes that a drag can be lined up with: gathered once, at its start."""

    def __init__(self, boxes: Iterable[QRectF]) -> None:
        known = list(boxes)
        self.columns = _Sides(known)
        self.rows = _Sides(_turned(box) for box in known)


def _line(match: _Match, box: QRectF) -> QLineF:
    return QLineF(match.at, min(match.low, box.top()), match.at, max(match.high, box.bottom()))


def _turned(rect: QRectF) -> QRectF:
    return QRectF(rect.top(), rect.left(), rect.height(), rect.width())

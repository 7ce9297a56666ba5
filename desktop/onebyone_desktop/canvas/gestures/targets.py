"""The node that a pulled wire would end at: the one under the pointer, or the nearest that can take it."""

from collections.abc import Callable
from math import hypot

from PySide6.QtCore import QPointF, QRectF

from onebyone_desktop.canvas.items.node_item import NodeItem
from onebyone_desktop.canvas.scene import DesignScene

_REACH_PX = 24.0
_LEAST_ZOOM = 0.5


def target_near(scene: DesignScene, point: QPointF, zoom: float, is_fit: Callable[[str], bool]) -> NodeItem | None:
    """The node under a point; else the nearest one within reach, those that fit before the others."""
    inside = scene.node_at(point)
    if inside is not None:
        return inside
    reach = _REACH_PX / min(max(zoom, _LEAST_ZOOM), 1.0)
    around = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
    near = [(distance_to(item.box, point), item) for item in scene.items(around) if isinstance(item, NodeItem)]
    ranked = [(not is_fit(item.node.id), away, place, item) for place, (away, item) in enumerate(near) if away <= reach]
    return min(ranked)[3] if ranked else None


def distance_to(box: QRectF, point: QPointF) -> float:
    """How far a point is from a box; 0 within it."""
    across = max(box.left() - point.x(), 0.0, point.x() - box.right())
    down = max(box.top() - point.y(), 0.0, point.y() - box.bottom())
    return hypot(across, down)

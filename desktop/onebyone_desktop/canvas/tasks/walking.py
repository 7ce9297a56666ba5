"""Walking through a design with the arrow keys: along wires, and between neighbours."""

from typing import Literal

from PySide6.QtCore import QPointF

from onebyone_desktop.canvas.items.box_item import BoxItem
from onebyone_desktop.canvas.scene import DesignScene

Way = Literal["left", "right", "up", "down"]

# How much a step aside counts against a step ahead.
_ASIDE = 2.5
_TURNED: dict[Way, Way] = {"right": "down", "left": "up", "down": "right", "up": "left"}


def next_box(scene: DesignScene, start: BoxItem, way: Way) -> BoxItem | None:
    """The box that an arrow key leads to.

    With and against the flow it follows the wires, to the end that lies straightest; where there is no wire, and
    across the flow, it leads to the nearest box on that side.
    """
    flow = way if scene.direction == "down" else _TURNED[way]
    if flow == "down":
        wired = _users(scene, start)
    elif flow == "up":
        wired = _sources(scene, start)
    else:
        wired = []
    if wired:
        return min(wired, key=lambda box: abs(_aside(start, box, way)))
    ahead = [box for box in scene.shown_boxes() if box is not start and _ahead(start, box, way) > 0]
    if flow in ("left", "right"):
        # Neighbours in the row, not somewhere far up or down.
        ahead = [box for box in ahead if abs(_aside(start, box, way)) <= max(_extent(start, way), _extent(box, way))]
    return min(ahead, key=lambda box: _ahead(start, box, way) + _ASIDE * abs(_aside(start, box, way)), default=None)


def first_box(scene: DesignScene) -> BoxItem | None:
    """Where a walk begins: the box nearest to the beginning of the design."""
    is_down = scene.direction == "down"
    return min(scene.shown_boxes(), key=lambda box: (box.y(), box.x()) if is_down else (box.x(), box.y()), default=None)


def _users(scene: DesignScene, start: BoxItem) -> list[BoxItem]:
    members = set(start.members)
    ends = (scene.end_of(wire.target) for wire in scene.wires.values() if wire.source in members)
    return [end for end in ends if end is not None and end is not start]


def _sources(scene: DesignScene, start: BoxItem) -> list[BoxItem]:
    members = set(start.members)
    ends = (scene.end_of(wire.source) for wire in scene.wires.values() if wire.target in members)
    return [end for end in ends if end is not None and end is not start]


def _ahead(start: BoxItem, box: BoxItem, way: Way) -> float:
    step = _step(start, box)
    return {"left": -step.x(), "right": step.x(), "up": -step.y(), "down": step.y()}[way]


def _aside(start: BoxItem, box: BoxItem, way: Way) -> float:
    step = _step(start, box)
    return step.y() if way in ("left", "right") else step.x()


def _extent(box: BoxItem, way: Way) -> float:
    return box.look.height if way in ("left", "right") else box.look.width


def _step(start: BoxItem, box: BoxItem) -> QPointF:
    return box.box.center() - start.box.center()

"""Where nodes go that have no place yet."""

from collections.abc import Collection, Iterable, Mapping

import msgspec
from PySide6.QtCore import QPointF, QRectF

from onebyone import edits
from onebyone.analysis import Analysis, analyze, group_costs
from onebyone.design import Design, Node, Position
from onebyone.grouping import Grouping
from onebyone.layout.groups import arrange_view
from onebyone.layout.layered import GRID, Size, arrange
from onebyone_desktop.canvas.items.group_look import collapsed_look
from onebyone_desktop.canvas.items.look import HEIGHT, LEAST_WIDTH, look_at

_ROOM = 16.0
_STEP = 40.0
_MOST_RINGS = 60
ROW_GAP = 48.0


def placed(design: Design) -> Design:
    """The design with a position for every node: those without one are laid out, below the others if there are any."""
    missing = {node.id for node in design.nodes if node.position is None}
    if not missing:
        return design
    if len(missing) == len(design.nodes):
        known = analyze(design)
        return edits.move(
            design, arrange_view(design, node_sizes(design, known), design.direction, None, group_sizes(design, known))
        )
    positions = arrange(design, node_sizes(design), design.direction, missing)
    taken = [node.position for node in design.nodes if node.position is not None]
    if taken:
        left = snapped(min(x for x, _ in taken))
        top = snapped(max(y for _, y in taken) + HEIGHT + 2 * ROW_GAP)
        positions = {name: (x + left, y + top) for name, (x, y) in positions.items()}
    return edits.move(design, positions)


def node_sizes(design: Design, analysis: Analysis | None = None) -> dict[str, Size]:
    """The sizes of a design's nodes on the canvas."""
    known = analyze(design) if analysis is None else analysis
    troubled: dict[str, object] = {}
    for problem in known.problems:
        if problem.node is not None:
            troubled.setdefault(problem.node, problem)
    sizes = {}
    for node in design.nodes:
        look = look_at(node, known.nodes[node.id], troubled.get(node.id), design.direction)  # type: ignore[arg-type]
        sizes[node.id] = (look.width, look.height)
    return sizes


def group_sizes(design: Design, analysis: Analysis) -> dict[str, Size]:
    """The sizes of the boxes of collapsed groups."""
    if not any(group.collapsed for group in design.groups):
        return {}
    grouping = Grouping(design)
    sizes = {}
    for group in design.groups:
        members = grouping.nodes_of(group.id)
        if group.collapsed and members:
            costs = group_costs(analysis, members)
            look = collapsed_look(group, analysis, members, costs, design.direction)
            sizes[group.id] = (look.width, look.height)
    return sizes


def free_spot(wanted: QRectF, boxes: Collection[QRectF]) -> QPointF:
    """The place nearest to `wanted` where a box of its size lies on no other."""
    room = wanted.adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM)
    nearby = list(boxes)
    for ring in range(_MOST_RINGS):
        for column in range(-ring, ring + 1):
            rows = (-ring, ring) if abs(column) != ring else range(-ring, ring + 1)
            for row in sorted(rows, key=abs):
                offset = QPointF(column * _STEP, row * _STEP)
                if not any(room.translated(offset).intersects(box) for box in nearby):
                    return wanted.topLeft() + offset
    return wanted.topLeft()


def spot_below(box: QRectF, width: float, height: float, boxes: Collection[QRectF]) -> QPointF:
    """The place for a box under another one, or as near to the right of that as there is room."""
    wanted = QRectF(box.center().x() - width / 2, box.bottom() + ROW_GAP, width, height)
    step = width + _ROOM * 2
    for _ in range(_MOST_RINGS):
        if not any(wanted.adjusted(-_ROOM, -_ROOM / 2, _ROOM, _ROOM / 2).intersects(other) for other in boxes):
            break
        wanted.translate(step, 0)
    return wanted.topLeft()


def with_positions(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """Nodes that do not know their places, laid out; nodes that do, as they are."""
    known = tuple(nodes)
    if all(node.position is not None for node in known):
        return known
    positions = arrange(Design(nodes=known))
    return tuple(msgspec.structs.replace(node, position=positions[node.id]) for node in known)


def bounds(nodes: Iterable[Node], sizes: Mapping[str, Size] | None = None) -> QRectF:
    """The rectangle around nodes that have positions."""
    rect = QRectF()
    for node in nodes:
        if node.position is not None:
            width, height = (sizes or {}).get(node.id, (LEAST_WIDTH, HEIGHT))
            rect = rect.united(QRectF(*node.position, width, height))
    return rect


def snapped(value: float) -> float:
    """The nearest line of the grid."""
    return float(round(value / GRID) * GRID)


def snapped_point(point: QPointF) -> Position:
    """The nearest crossing of the grid, as a node's position."""
    return snapped(point.x()), snapped(point.y())

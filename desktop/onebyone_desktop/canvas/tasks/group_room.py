"""How much room groups take, collapsed or expanded, and who gives way to them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF

from onebyone.analysis import group_costs
from onebyone.design import Design, Position
from onebyone.grouping import Grouping
from onebyone.layout.groups import FRAME_PADDING, FRAME_TITLE
from onebyone_desktop.canvas.items.group_look import collapsed_look
from onebyone_desktop.canvas.placement import snapped

if TYPE_CHECKING:
    from onebyone_desktop.canvas.surface import Surface

_GAP = 24.0


class Room:
    """The boxes and frames of a design as they would be drawn, while groups are collapsed and expanded."""

    def __init__(self, canvas: "Surface", design: Design) -> None:
        self._design = design
        self._analysis = canvas.session.analysis
        self._grouping = Grouping(design)
        self._groups = {group.id: group for group in design.groups}
        self._collapsed = {group.id for group in design.groups if group.collapsed}
        self._box_sizes: dict[str, QSizeF] = {}
        items = canvas.design_scene.nodes
        self._rects = {
            node.id: QRectF(*node.position, items[node.id].look.width, items[node.id].look.height)
            for node in design.nodes
            if node.position is not None and node.id in items
        }
        self._before = {name: rect.topLeft() for name, rect in self._rects.items()}

    def fold(self, group: str, is_collapsed: bool) -> None:
        """Collapses or expands a group: what lies after it closes up or gives way, what lies beside it steps aside."""
        before = self._area(group)
        if is_collapsed:
            self._collapsed.add(group)
        else:
            self._collapsed.discard(group)
        if self._hidden_in(group) is None:
            self._make_room(group, before, self._area(group))

    def moved(self) -> dict[str, Position]:
        """The new positions of the nodes that had to move."""
        return {
            name: (rect.left(), rect.top())
            for name, rect in self._rects.items()
            if rect.topLeft() != self._before[name]
        }

    def _area(self, group: str) -> QRectF:
        """The box of a collapsed group, or the frame of an expanded one."""
        if group in self._collapsed:
            return self._box(group)
        rect = QRectF()
        for name in self._grouping.direct_nodes(group):
            rect = rect.united(self._rects.get(name, QRectF()))
        for name in self._grouping.direct_groups(group):
            rect = rect.united(self._area(name))
        return rect.adjusted(-FRAME_PADDING, -FRAME_PADDING - FRAME_TITLE, FRAME_PADDING, FRAME_PADDING)

    def _make_room(self, group: str, before: QRectF, after: QRectF) -> None:
        is_down = self._design.direction == "down"
        members = set(self._grouping.nodes_of(group))
        boxes: dict[str, QRectF] = {}
        others: dict[str, QRectF] = {}
        for name, rect in self._rects.items():
            if name in members:
                continue
            hidden_in = self._hidden_in(name)
            if hidden_in is not None and hidden_in not in boxes:
                boxes[hidden_in] = self._box(hidden_in)
            # A group that hides nodes is moved by moving all of them: by what is seen of it now.
            seen = rect if hidden_in is None else boxes[hidden_in]
            others[name] = seen if is_down else _turned(seen)
        steps = _steps(others, before if is_down else _turned(before), after if is_down else _turned(after))
        for name, step in steps.items():
            self._rects[name].translate(step if is_down else step.transposed())

    def _hidden_in(self, member: str) -> str | None:
        collapsed = [group for group in self._grouping.around(member) if group in self._collapsed]
        return collapsed[-1] if collapsed else None

    def _box(self, group: str) -> QRectF:
        members = self._grouping.nodes_of(group)
        around = QRectF()
        for name in members:
            around = around.united(self._rects.get(name, QRectF()))
        direction = self._design.direction
        if group not in self._box_sizes:
            costs = group_costs(self._analysis, members)
            look = collapsed_look(self._groups[group], self._analysis, members, costs, direction)
            self._box_sizes[group] = QSizeF(look.width, look.height)
        rect = QRectF(around.topLeft(), self._box_sizes[group])
        if direction == "down":
            rect.moveLeft(around.center().x() - rect.width() / 2)
        else:
            rect.moveTop(around.center().y() - rect.height() / 2)
        return rect


def _steps(others: Mapping[str, QRectF], before: QRectF, after: QRectF) -> dict[str, QPointF]:
    """How far boxes have to move where a group above or beside them takes more room than before, or less.

    What lies below closes up only where nothing stands beside the group, and gives way only where something is in
    the way: collapsing and expanding again leads back to the same places.
    """
    down = QPointF(0, snapped(after.bottom() - before.bottom()))
    below = [name for name, seen in others.items() if seen.top() >= before.bottom() - 1]
    if down.y() < 0:
        is_alone = not any(seen.bottom() > after.bottom() and seen.top() < before.bottom() for seen in others.values())
        return dict.fromkeys(below, down) if is_alone else {}
    is_crowded = any(others[name].intersects(after) for name in below)
    steps = dict.fromkeys(below, down) if is_crowded else {}
    left, right = QPointF(snapped(after.left() - before.left()), 0), QPointF(snapped(after.right() - before.right()), 0)
    for name, seen in others.items():
        if name not in steps and seen.bottom() > after.top() and seen.top() < after.bottom():
            if seen.right() <= before.left() and seen.right() > after.left() - _GAP and left.x() < 0:
                steps[name] = left
            elif seen.left() >= before.right() and seen.left() < after.right() + _GAP and right.x() > 0:
                steps[name] = right
    return steps


def _turned(rect: QRectF) -> QRectF:
    return QRectF(rect.top(), rect.left(), rect.height(), rect.width())

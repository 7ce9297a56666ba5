"""How much room groups take, collapsed or expanded, and who gives way to them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF

from onebyone.analysis import group_costs
from onebyone.design import Design, Position
from onebyone.group_layout import FRAME_PADDING, FRAME_TITLE
from onebyone.grouping import Grouping
from onebyone_desktop.canvas.group_look import collapsed_look
from onebyone_desktop.canvas.placement import snapped

if TYPE_CHECKING:
    from onebyone_desktop.canvas.view import DesignCanvas

_GAP = 24.0


class Room:
    """The boxes and frames of a design as they would be drawn, while groups are collapsed and expanded."""

    def __init__(self, canvas: "DesignCanvas", design: Design) -> None:
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
        for name, rect in self._rects.items():
            if name in members:
                continue
            hidden_in = self._hidden_in(name)
            if hidden_in is not None and hidden_in not in boxes:
                boxes[hidden_in] = self._box(hidden_in)
            seen = rect if hidden_in is None else boxes[hidden_in]
            # A group that hides nodes is moved by moving all of them: by what is seen of it now.
            rect.translate(_step(seen, before, after) if is_down else _step_to_the_right(seen, before, after))

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


def _step(seen: QRectF, before: QRectF, after: QRectF) -> QPointF:
    """How far a box has to move for a group above it or beside it."""
    if seen.top() >= before.bottom() - 1:
        return QPointF(0, snapped(after.bottom() - before.bottom()))
    if seen.bottom() <= after.top() or seen.top() >= after.bottom():
        return QPointF()
    if seen.right() <= before.left() and after.left() < before.left() and seen.right() > after.left() - _GAP:
        return QPointF(snapped(after.left() - before.left()), 0)
    if seen.left() >= before.right() and after.right() > before.right() and seen.left() < after.right() + _GAP:
        return QPointF(snapped(after.right() - before.right()), 0)
    return QPointF()


def _step_to_the_right(seen: QRectF, before: QRectF, after: QRectF) -> QPointF:
    """The same for a drawing from left to right."""
    return _step(_turned(seen), _turned(before), _turned(after)).transposed()


def _turned(rect: QRectF) -> QRectF:
    return QRectF(rect.top(), rect.left(), rect.height(), rect.width())

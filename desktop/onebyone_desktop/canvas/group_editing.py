"""What the canvas does with groups; each is one undo step."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF

from onebyone import edits, group_edits
from onebyone.design import Design, Position
from onebyone.grouping import Grouping
from onebyone_desktop.canvas.group_items import PADDING, TITLE_HEIGHT
from onebyone_desktop.canvas.group_look import collapsed_look, title_of
from onebyone_desktop.canvas.placement import snapped

if TYPE_CHECKING:
    from onebyone_desktop.canvas.view import DesignCanvas

_GAP = 24.0


class GroupEditing(QObject):
    """Frames, dissolves, collapses and expands groups; a group is selected when all its nodes are."""

    def __init__(self, canvas: "DesignCanvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas

    @property
    def selected(self) -> list[str]:
        """The ids of the selected groups; of nested ones only the outer."""
        design = self._canvas.session.design
        chosen = set(self._canvas.session.selection)
        if not chosen or not design.groups:
            return []
        grouping = Grouping(design)
        whole = {
            group.id
            for group in design.groups
            if (members := grouping.nodes_of(group.id)) and chosen.issuperset(members)
        }
        return [group.id for group in design.groups if group.id in whole and not whole & {*grouping.around(group.id)}]

    def group(self) -> None:
        """Frames the selected nodes."""
        canvas = self._canvas
        ids = canvas.session.selection
        if ids:
            before = {group.id for group in canvas.session.design.groups}
            if canvas.apply(canvas.words_for(self.tr("Group"), ids), group_edits.group, ids):
                new = next(group.id for group in canvas.session.design.groups if group.id not in before)
                canvas.group_rename_requested.emit(new)

    def ungroup(self) -> None:
        """Takes the frames of the selected groups away; their nodes stay."""
        groups = self.selected
        if groups:
            self._canvas.apply(self._words(self.tr("Ungroup"), groups), _ungrouped, groups)

    def toggle(self) -> None:
        """Collapses the selected groups, or expands them where all are collapsed."""
        groups = self.selected
        by_id = {group.id: group for group in self._canvas.session.design.groups}
        if groups:
            self.set_collapsed(groups, not all(by_id[name].collapsed for name in groups))

    def set_collapsed(self, groups: Iterable[str], is_collapsed: bool) -> None:
        """Collapses or expands groups; what lies below moves up, or makes room."""
        canvas = self._canvas
        names = list(groups)
        verb = self.tr("Collapse") if is_collapsed else self.tr("Expand")
        with canvas.gliding(keeps_view=True):
            canvas.apply(self._words(verb, names), self._folded, names, is_collapsed)

    def set_all_collapsed(self, is_collapsed: bool) -> None:
        """Collapses or expands every group."""
        design = self._canvas.session.design
        names = [group.id for group in design.groups if group.collapsed != is_collapsed]
        if names:
            grouping = Grouping(design)
            # Outwards when collapsing, inwards when expanding: the inner sizes are known when the outer need them.
            names.sort(key=grouping.depth, reverse=is_collapsed)
            self.set_collapsed(names, is_collapsed)

    def retitle(self, group: str, title: str) -> None:
        """Gives a group another title."""
        self._canvas.apply(self.tr("Rename group"), group_edits.retitle_group, group, title)

    def set_colour(self, groups: Iterable[str], colour: str) -> None:
        """Gives groups another colour."""
        names = list(groups)
        self._canvas.apply(self._words(self.tr("Colour"), names), _coloured, names, colour)

    def _words(self, verb: str, groups: list[str]) -> str:
        if len(groups) == 1:
            by_id = {group.id: group for group in self._canvas.session.design.groups}
            return f"{verb} {title_of(by_id[groups[0]])}"
        return self.tr("{} {} groups").format(verb, len(groups))

    def _folded(self, design: Design, groups: list[str], is_collapsed: bool) -> Design:
        for group in groups:
            room = _Room(self._canvas, design)
            before = room.area(group)
            design = group_edits.set_collapsed(design, group, is_collapsed)
            after_room = _Room(self._canvas, design)
            design = edits.move(design, after_room.shifts(group, before))
        return design


class _Room:
    """The boxes and frames of a design as they are drawn, without drawing them."""

    def __init__(self, canvas: "DesignCanvas", design: Design) -> None:
        self._design = design
        self._analysis = canvas.session.analysis
        self._grouping = Grouping(design)
        self._groups = {group.id: group for group in design.groups}
        items = canvas.design_scene.nodes
        self._rects = {
            node.id: QRectF(*node.position, items[node.id].look.width, items[node.id].look.height)
            for node in design.nodes
            if node.position is not None and node.id in items
        }

    def area(self, group: str) -> QRectF:
        """The box of a collapsed group, or the frame of an expanded one."""
        if self._groups[group].collapsed:
            return self._box(group)
        rect = QRectF()
        for name in self._grouping.direct_nodes(group):
            rect = rect.united(self._rects.get(name, QRectF()))
        for name in self._grouping.direct_groups(group):
            rect = rect.united(self.area(name))
        return rect.adjusted(-PADDING, -PADDING - TITLE_HEIGHT, PADDING, PADDING)

    def shifts(self, group: str, before: QRectF) -> dict[str, Position]:
        """New positions of the nodes outside a group, once it needs another area than before."""
        if self._grouping.is_hidden(group):
            return {}
        after = self.area(group)
        is_down = self._design.direction == "down"
        down = snapped(after.bottom() - before.bottom()) if is_down else 0.0
        along = 0.0 if is_down else snapped(after.right() - before.right())
        members = set(self._grouping.nodes_of(group))
        found: dict[str, Position] = {}
        for name, rect in self._rects.items():
            if name in members:
                continue
            seen = self._seen(name, rect)
            x, y = rect.left(), rect.top()
            if is_down and seen.top() >= before.bottom() - 1:
                y += down
            elif not is_down and seen.left() >= before.right() - 1:
                x += along
            elif is_down and seen.bottom() > after.top() and seen.top() < after.bottom():
                x += _aside(seen.left(), seen.right(), before.left(), before.right(), after.left(), after.right())
            elif not is_down and seen.right() > after.left() and seen.left() < after.right():
                y += _aside(seen.top(), seen.bottom(), before.top(), before.bottom(), after.top(), after.bottom())
            if (x, y) != (rect.left(), rect.top()):
                found[name] = x, y
        return found

    def _seen(self, name: str, rect: QRectF) -> QRectF:
        hidden_in = self._grouping.outermost_collapsed(name)
        return rect if hidden_in is None else self._box(hidden_in)

    def _box(self, group: str) -> QRectF:
        members = self._grouping.nodes_of(group)
        around = QRectF()
        for name in members:
            around = around.united(self._rects.get(name, QRectF()))
        direction = self._design.direction
        look = collapsed_look(self._groups[group], self._analysis, members, (), 1, direction)
        rect = QRectF(0, 0, look.width, look.height)
        if direction == "down":
            rect.moveTopLeft(around.topLeft())
            rect.moveLeft(around.center().x() - look.width / 2)
        else:
            rect.moveTopLeft(around.topLeft())
            rect.moveTop(around.center().y() - look.height / 2)
        return rect


def _aside(low: float, high: float, old_low: float, old_high: float, new_low: float, new_high: float) -> float:
    """How far a box beside a group has to give way to its sides."""
    if high <= old_low and new_low < old_low and high > new_low - _GAP:
        return snapped(new_low - old_low)
    if low >= old_high and new_high > old_high and low < new_high + _GAP:
        return snapped(new_high - old_high)
    return 0.0


def _ungrouped(design: Design, groups: list[str]) -> Design:
    for group in groups:
        design = group_edits.ungroup(design, group)
    return design


def _coloured(design: Design, groups: list[str], colour: str) -> Design:
    for group in groups:
        design = group_edits.set_group_colour(design, group, colour)
    return design

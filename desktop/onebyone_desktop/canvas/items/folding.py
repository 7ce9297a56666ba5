"""Which nodes of a scene are hidden in collapsed groups, and the boxes and frames of the groups."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsScene

from onebyone import quantity
from onebyone.analysis import Analysis, group_costs
from onebyone.design import Group
from onebyone.grouping import Grouping
from onebyone.layout.groups import FRAME_PADDING, FRAME_TITLE
from onebyone_desktop.canvas.items.box_item import BoxItem
from onebyone_desktop.canvas.items.group_items import Frame, GroupBox
from onebyone_desktop.canvas.items.group_look import collapsed_look, cost_words
from onebyone_desktop.canvas.items.node_item import NodeItem
from onebyone_desktop.canvas.items.painting import Tools


class _Basis(NamedTuple):
    """What groups were shown from, to see by identity what has changed since."""

    analysis: Analysis
    units: quantity.Units

    def is_grouped_as(self, other: "_Basis") -> bool:
        """Whether the same nodes are in the same groups."""
        mine, others = self.analysis, other.analysis
        return mine.design.groups is others.design.groups and (
            mine.topology is others.topology or list(mine.topology.nodes) == list(others.topology.nodes)
        )

    def fresh_since(self, other: "_Basis") -> Iterable[str]:
        """The nodes at which the figures of a group may have changed."""
        mine, others = self.analysis, other.analysis
        if (
            mine.topology.users is not others.topology.users
            or self.units != other.units
            or mine.design.direction != others.design.direction
        ):
            return mine.nodes
        # Those of the topology, which are the same while nodes only move: figures do not depend on where they are.
        nodes, old = mine.topology.nodes, others.topology.nodes
        fresh = {
            name
            for name, found in mine.nodes.items()
            if found is not others.nodes.get(name) or nodes[name] is not old.get(name)
        }
        return fresh.union(*(mine.topology.users.get(name, ()) for name in fresh))


class Folding:
    """Keeps the items of groups in step with a design and with the boxes of its nodes."""

    def __init__(self, scene: QGraphicsScene, nodes: Mapping[str, NodeItem]) -> None:
        self.boxes: dict[str, GroupBox] = {}
        self.frames: dict[str, Frame] = {}
        self._scene = scene
        self._nodes = nodes
        self._groups: tuple[Group, ...] = ()
        self._grouping: Grouping | None = None
        self._basis: _Basis | None = None
        self._shown_as: dict[str, str] = {}

    def end_of(self, name: str) -> BoxItem | None:
        """The box that stands for a node."""
        group = self._shown_as.get(name)
        return self._nodes.get(name) if group is None else self.boxes[group]

    def is_hidden(self, name: str) -> bool:
        """Whether a node is within a collapsed group."""
        return name in self._shown_as

    def shown(self) -> Iterator[BoxItem]:
        """The boxes that are seen."""
        for name, item in self._nodes.items():
            if name not in self._shown_as:
                yield item
        yield from self.boxes.values()

    def show_groups(self, analysis: Analysis, tools: Tools) -> set[str]:
        """Brings groups up to date; the ids of the nodes that are shown in another place than before."""
        design = analysis.design
        if not design.groups and not self._groups:
            return set()
        before, now = self._basis, _Basis(analysis, quantity.chosen_units())
        self._basis = now
        has_changed = design.groups is not self._groups
        self._groups = design.groups
        if before is not None and self._grouping is not None and now.is_grouped_as(before):
            changed = set()
            for name in self._around(now.fresh_since(before), self._grouping):
                if name in self.boxes:
                    changed |= self._show_box(self.boxes[name].stands_for, self.boxes[name].members, analysis, tools)
                elif name in self.frames:
                    self._show_frame(self.frames[name].stands_for, self.frames[name].members, analysis, tools)
            return changed
        changed = self._regroup(analysis, tools)
        if has_changed:
            before_places = {name: box.pos() for name, box in self.boxes.items()}
            self.place()
            for name, box in self.boxes.items():
                if box.pos() != before_places[name]:
                    changed.update(box.members)
        return changed

    def _regroup(self, analysis: Analysis, tools: Tools) -> set[str]:
        """Shows all groups anew; the ids of the nodes that are shown in another place than before."""
        grouping = self._grouping = Grouping(analysis.design)
        before = self._shown_as
        self._shown_as = {
            name: outer for name in self._nodes if (outer := grouping.outermost_collapsed(name)) is not None
        }
        members_of = {group.id: within for group in self._groups if (within := grouping.nodes_of(group.id))}
        self._forget(grouping, members_of)
        changed = {name for name in self._nodes if before.get(name) != self._shown_as.get(name)}
        for name in changed:
            self._nodes[name].setVisible(name not in self._shown_as)
        for group in self._groups:
            members = members_of.get(group.id)
            if members is None or grouping.is_hidden(group.id):
                continue
            if group.collapsed:
                changed |= self._show_box(group, members, analysis, tools)
            else:
                self._show_frame(group, members, analysis, tools)
        return changed

    def place(self, moved: Iterable[str] | None = None) -> list[BoxItem]:
        """Lets boxes and frames follow nodes that moved (all, if not given); the boxes that moved."""
        grouping = self._grouping
        if grouping is None or not (self.boxes or self.frames):
            return []
        touched = None if moved is None else self._around(moved, grouping)
        followers: list[BoxItem] = []
        for name, box in self.boxes.items():
            if touched is None or name in touched:
                self._place_box(box)
                followers.append(box)
        inner_first = sorted(self.frames, key=grouping.depth, reverse=True)
        for name in inner_first:
            if touched is None or name in touched:
                self._place_frame(name, grouping)
        return followers

    def show_selection(self, chosen: set[str]) -> None:
        """Marks the groups of which all nodes are selected."""
        for box in self.boxes.values():
            box.show_selected(chosen.issuperset(box.members))
        for frame in self.frames.values():
            frame.show_selected(chosen.issuperset(frame.members))

    def show_theme(self, tools: Tools) -> None:
        """Follows a new theme."""
        for box in self.boxes.values():
            box.show_theme(tools)
        for frame in self.frames.values():
            frame.show_theme(tools)

    def _around(self, moved: Iterable[str], grouping: Grouping) -> set[str]:
        found: set[str] = set()
        for name in moved:
            group = grouping.parent(name)
            while group is not None and group not in found:
                found.add(group)
                group = grouping.parent(group)
        return found

    def _forget(self, grouping: Grouping, members_of: Mapping[str, tuple[str, ...]]) -> None:
        shown = {group.id: group for group in self._groups if group.id in members_of}
        for items, is_collapsed in ((self.boxes, True), (self.frames, False)):
            for name in list(items):
                group = shown.get(name)
                if group is None or group.collapsed != is_collapsed or grouping.is_hidden(name):
                    item = items.pop(name)
                    self._scene.removeItem(item)
                    if isinstance(item, Frame):
                        self._scene.removeItem(item.title)

    def _show_box(self, group: Group, members: tuple[str, ...], analysis: Analysis, tools: Tools) -> set[str]:
        within = set(members)
        costs = group_costs(analysis, members)
        look = collapsed_look(group, analysis, members, costs, analysis.design.direction)
        box = self.boxes.get(group.id)
        if box is None:
            box = self.boxes[group.id] = GroupBox(group, members, look, tools)
            self._scene.addItem(box)
            box.show_group(group, members, costs, look)
            return within
        return within if box.show_group(group, members, costs, look) else set()

    def _show_frame(self, group: Group, members: tuple[str, ...], analysis: Analysis, tools: Tools) -> None:
        assert self._grouping is not None
        frame = self.frames.get(group.id)
        if frame is None:
            frame = self.frames[group.id] = Frame(group, tools)
            self._scene.addItem(frame)
            self._scene.addItem(frame.title)
        words = cost_words(group_costs(analysis, members))
        frame.show_group(group, members, self._grouping.depth(group.id), words)

    def _place_box(self, box: GroupBox) -> None:
        around = QRectF()
        for name in box.members:
            around = around.united(self._nodes[name].box)
        if box.look.direction == "right":
            box.setPos(around.left(), around.center().y() - box.look.height / 2)
        else:
            box.setPos(around.center().x() - box.look.width / 2, around.top())

    def _place_frame(self, name: str, grouping: Grouping) -> None:
        rect = QRectF()
        for member in grouping.direct_nodes(name):
            if member in self._nodes:
                rect = rect.united(self._nodes[member].box)
        for child in grouping.direct_groups(name):
            if child in self.frames:
                rect = rect.united(self.frames[child].rect)
            elif child in self.boxes:
                rect = rect.united(self.boxes[child].box)
        self.frames[name].show_rect(
            rect.adjusted(-FRAME_PADDING, -FRAME_PADDING - FRAME_TITLE, FRAME_PADDING, FRAME_PADDING)
        )

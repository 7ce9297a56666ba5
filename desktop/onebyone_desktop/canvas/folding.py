"""Which nodes of a scene are hidden in collapsed groups, and the boxes and frames of the groups."""

from collections.abc import Iterable, Iterator, Mapping

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsScene

from onebyone.analysis import Analysis, group_costs
from onebyone.design import Group
from onebyone.group_layout import FRAME_PADDING, FRAME_TITLE
from onebyone.grouping import Grouping
from onebyone_desktop.canvas.box_item import BoxItem
from onebyone_desktop.canvas.group_items import Frame, GroupBox
from onebyone_desktop.canvas.group_look import collapsed_look, cost_words
from onebyone_desktop.canvas.node_item import NodeItem
from onebyone_desktop.canvas.painting import Tools


class Folding:
    """Keeps the items of groups in step with a design and with the boxes of its nodes."""

    def __init__(self, scene: QGraphicsScene, nodes: Mapping[str, NodeItem]) -> None:
        self.boxes: dict[str, GroupBox] = {}
        self.frames: dict[str, Frame] = {}
        self._scene = scene
        self._nodes = nodes
        self._groups: tuple[Group, ...] = ()
        self._grouping: Grouping | None = None
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
        grouping = self._grouping = Grouping(design)
        has_changed = design.groups is not self._groups
        self._groups = design.groups
        before = self._shown_as
        self._shown_as = {
            name: group for name in self._nodes if (group := grouping.outermost_collapsed(name)) is not None
        }
        self._forget(grouping)
        changed = {name for name in self._nodes if before.get(name) != self._shown_as.get(name)}
        for name in changed:
            self._nodes[name].setVisible(name not in self._shown_as)
        for group in design.groups:
            if grouping.is_hidden(group.id):
                continue
            members = grouping.nodes_of(group.id)
            if not members:
                continue
            if group.collapsed:
                changed |= self._show_box(group, members, analysis, tools)
            else:
                frame = self.frames.get(group.id)
                if frame is None:
                    frame = self.frames[group.id] = Frame(group, tools)
                    self._scene.addItem(frame)
                    self._scene.addItem(frame.title)
                frame.show_group(group, members, grouping.depth(group.id), cost_words(group_costs(analysis, members)))
        if has_changed:
            before_places = {name: box.pos() for name, box in self.boxes.items()}
            self.place()
            for name, box in self.boxes.items():
                if box.pos() != before_places[name]:
                    changed.update(box.members)
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
        for item in (*self.boxes.values(), *self.frames.values()):
            item.show_theme(tools)

    def _around(self, moved: Iterable[str], grouping: Grouping) -> set[str]:
        found: set[str] = set()
        for name in moved:
            group = grouping.parent(name)
            while group is not None and group not in found:
                found.add(group)
                group = grouping.parent(group)
        return found

    def _forget(self, grouping: Grouping) -> None:
        shown = {group.id: group for group in self._groups if grouping.nodes_of(group.id)}
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

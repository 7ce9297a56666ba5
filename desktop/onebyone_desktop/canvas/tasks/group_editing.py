"""What the canvas does with groups; each is one undo step."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from onebyone.design import Colour, Design
from onebyone.edits import groups as group_edits
from onebyone.grouping import Grouping
from onebyone_desktop.canvas.items.group_look import title_of
from onebyone_desktop.canvas.tasks.group_room import Room

if TYPE_CHECKING:
    from onebyone_desktop.canvas.surface import Surface


class GroupEditing(QObject):
    """Frames, dissolves, collapses and expands groups; a group is selected when all its nodes are."""

    def __init__(self, canvas: "Surface") -> None:
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
        whole = grouping.whole_groups(chosen)
        return [name for name in whole if grouping.parent(name) not in whole]

    def group(self) -> None:
        """Frames the selected nodes."""
        canvas = self._canvas
        ids = canvas.session.selection
        if ids and canvas.apply(canvas.words_for(self.tr("Group"), ids), group_edits.group, ids):
            canvas.group_rename_requested.emit(canvas.session.design.groups[-1].id)

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

    def set_colour(self, groups: Iterable[str], colour: Colour) -> None:
        """Gives groups another colour."""
        names = list(groups)
        self._canvas.apply(self._words(self.tr("Colour"), names), _coloured, names, colour)

    def _words(self, verb: str, groups: list[str]) -> str:
        if len(groups) == 1:
            by_id = {group.id: group for group in self._canvas.session.design.groups}
            return f"{verb} {title_of(by_id[groups[0]])}"
        return self.tr("{} {} groups").format(verb, len(groups))

    def _folded(self, design: Design, groups: list[str], is_collapsed: bool) -> Design:
        room = Room(self._canvas, design)
        for group in groups:
            room.fold(group, is_collapsed)
        edit = group_edits.collapse_all if is_collapsed else group_edits.expand_all
        return edit(design, groups, room.moved())


def _ungrouped(design: Design, groups: list[str]) -> Design:
    for group in groups:
        design = group_edits.ungroup(design, group)
    return design


def _coloured(design: Design, groups: list[str], colour: Colour) -> Design:
    for group in groups:
        design = group_edits.set_group_colour(design, group, colour)
    return design

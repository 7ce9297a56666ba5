"""Edits on groups: pure functions from one design to the next, like those of `onebyone.edits`.

They keep what a file promises: a node and a group are within one group at most, no group is within itself, and none
is empty.
"""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from onebyone.design import COLOURS, MAX_GROUPS, Colour, Design, Group, Position
from onebyone.edits.checks import known_ids, unused_id
from onebyone.edits.nodes import move
from onebyone.errors import EditError
from onebyone.grouping import Grouping, without_empty
from onebyone.text import clean_line


def group(design: Design, ids: Iterable[str], title: str = "") -> Design:
    """The design with these nodes in a new group, the last of its groups.

    Groups that are chosen as a whole are nested in it; other nodes leave the groups they were in. The new group is
    within the innermost group that held them all.
    """
    chosen = known_ids(design, ids)
    if not chosen:
        raise EditError("There are no nodes to put into a group; select some first.")
    if len(design.groups) >= MAX_GROUPS:
        raise EditError(f"A design holds at most {MAX_GROUPS:,} groups.")
    grouping = Grouping(design)
    members = _members(design, grouping, chosen, frozenset())
    new = Group(unused_id(design, "group"), clean_line(title))
    grown = msgspec.structs.replace(design, groups=(*design.groups, new))
    home = _common_home(grouping, members)
    if home is not None:
        grown = _changed(grown, home, lambda old: msgspec.structs.replace(old, groups=(*old.groups, new.id)))
    return _moved(grown, members, new.id)


def ungroup(design: Design, group_id: str) -> Design:
    """The design without this group; what it held moves into the group around it, or into none."""
    old = _group(design, group_id)
    members = frozenset((*old.nodes, *old.groups))
    return _moved(design, members, Grouping(design).parent(group_id))


def add_to_group(design: Design, group_id: str | None, ids: Iterable[str]) -> Design:
    """The design with these nodes in a group, or with None in no group.

    Groups that are chosen as a whole move as groups, except those that are around the goal.
    """
    chosen = known_ids(design, ids)
    grouping = Grouping(design)
    if group_id is None:
        around = frozenset(grouping.roots)
    else:
        _group(design, group_id)
        around = frozenset((group_id, *grouping.around(group_id)))
    return _moved(design, _members(design, grouping, chosen, around), group_id)


def retitle_group(design: Design, group_id: str, title: str) -> Design:
    """The design with another title on a group."""
    cleaned = clean_line(title)
    return _changed(design, group_id, lambda old: msgspec.structs.replace(old, title=cleaned))


def set_group_colour(design: Design, group_id: str, colour: Colour) -> Design:
    """The design with another colour on a group; the empty one is the usual colour."""
    if colour and colour not in COLOURS:
        raise EditError(f"A group's colour is one of {', '.join(COLOURS)}, not {colour[:40]!r}.")
    return _changed(design, group_id, lambda old: msgspec.structs.replace(old, colour=colour))


def set_collapsed(
    design: Design, group_id: str, collapsed: bool, positions: Mapping[str, Position] | None = None
) -> Design:
    """The design with a group collapsed or expanded, and nodes moved to make or take back room."""
    changed = _changed(design, group_id, lambda old: msgspec.structs.replace(old, collapsed=collapsed))
    return move(changed, positions or {})


def collapse_all(
    design: Design, ids: Iterable[str] | None = None, positions: Mapping[str, Position] | None = None
) -> Design:
    """The design with these groups (without ids: all) collapsed, and nodes moved to take back room."""
    return _all_collapsed(design, ids, True, positions)


def expand_all(
    design: Design, ids: Iterable[str] | None = None, positions: Mapping[str, Position] | None = None
) -> Design:
    """The design with these groups (without ids: all) expanded, and nodes moved to make room."""
    return _all_collapsed(design, ids, False, positions)


def _all_collapsed(
    design: Design, ids: Iterable[str] | None, collapsed: bool, positions: Mapping[str, Position] | None
) -> Design:
    chosen = {old.id for old in design.groups} if ids is None else set(ids)
    for group_id in chosen - {old.id for old in design.groups}:
        _group(design, group_id)
    groups = tuple(
        msgspec.structs.replace(old, collapsed=collapsed) if old.id in chosen and old.collapsed != collapsed else old
        for old in design.groups
    )
    return move(msgspec.structs.replace(design, groups=groups), positions or {})


def _members(design: Design, grouping: Grouping, ids: set[str], barred: frozenset[str]) -> frozenset[str]:
    """The nodes and groups that stand for these nodes: the outermost whole groups, and the nodes in none of them."""
    whole: set[str] = set()
    inside: set[str] = set()
    for name in grouping.whole_groups(ids):
        parent = grouping.parent(name)
        if parent in whole or parent in inside:
            inside.add(name)
        elif name not in barred:
            whole.add(name)
    covered = whole | inside
    return frozenset(whole | {name for name in ids if grouping.parent(name) not in covered})


def _common_home(grouping: Grouping, members: Iterable[str]) -> str | None:
    """The innermost group that all members are within."""
    common: list[str] | None = None
    for member in members:
        around = grouping.around(member)[::-1]
        if common is None:
            common = around
        else:
            same = 0
            while same < min(len(common), len(around)) and common[same] == around[same]:
                same += 1
            common = common[:same]
    return common[-1] if common else None


def _moved(design: Design, members: frozenset[str], goal: str | None) -> Design:
    """The design with nodes and groups taken from where they are into the group `goal`, or into none."""
    groups = []
    for old in design.groups:
        if old.id == goal:
            nodes = _joined(old.nodes, [node.id for node in design.nodes if node.id in members])
            inner = _joined(old.groups, [other.id for other in design.groups if other.id in members])
        else:
            nodes = tuple(name for name in old.nodes if name not in members)
            inner = tuple(name for name in old.groups if name not in members)
        same = nodes == old.nodes and inner == old.groups
        groups.append(old if same else msgspec.structs.replace(old, nodes=nodes, groups=inner))
    return msgspec.structs.replace(design, groups=without_empty(groups))


def _joined(have: tuple[str, ...], more: list[str]) -> tuple[str, ...]:
    known = set(have)
    return (*have, *(name for name in more if name not in known))


def _changed(design: Design, group_id: str, change: Callable[[Group], Group]) -> Design:
    old = _group(design, group_id)
    new = change(old)
    groups = tuple(new if other is old else other for other in design.groups)
    return design if new == old else msgspec.structs.replace(design, groups=groups)


def _group(design: Design, group_id: str) -> Group:
    for found in design.groups:
        if found.id == group_id:
            return found
    raise EditError(f"There is no group '{group_id}' in the design.")

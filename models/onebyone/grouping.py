"""Groups of a design as a tree: what is within what, and what collapsed groups hide."""

from collections.abc import Container, Iterable

import msgspec

from onebyone.design import Design, Group


class Grouping:
    """Answers questions on the groups of one design; wrong ones (unknown ids, cycles of groups) do no harm.

    Building it takes a time that grows with the design and not with how deeply its groups are nested.
    """

    def __init__(self, design: Design) -> None:
        self._groups = {group.id: group for group in design.groups}
        self._order = {node.id: place for place, node in enumerate(design.nodes)}
        self._parents: dict[str, str] = {}
        for group in self._groups.values():
            for node in group.nodes:
                if node in self._order:
                    self._parents.setdefault(node, group.id)
            for inner in group.groups:
                if inner in self._groups:
                    self._parents.setdefault(inner, group.id)
        self._cut_cycles()
        self._collapsed: dict[str, str | None] = {}
        self._depths: dict[str, int] = {}
        self._outermost_first = self._walked_down() if self._groups else ()

    @property
    def groups(self) -> tuple[str, ...]:
        """All groups, each after the one it is within."""
        return self._outermost_first

    @property
    def roots(self) -> tuple[str, ...]:
        """The groups that are within no other."""
        return tuple(name for name in self._groups if name not in self._parents)

    def group(self, group: str) -> Group:
        """The group with this id.

        Raises:
            KeyError: There is none.
        """
        return self._groups[group]

    def parent(self, member: str) -> str | None:
        """The group that a node or a group is directly within."""
        return self._parents.get(member)

    def around(self, member: str) -> list[str]:
        """All groups that a node or a group is within, the innermost first."""
        found: list[str] = []
        group = self._parents.get(member)
        while group is not None:
            found.append(group)
            group = self._parents.get(group)
        return found

    def depth(self, member: str) -> int:
        """How many groups a node or a group is within."""
        parent = self._parents.get(member)
        return 0 if parent is None else self._depths[parent] + 1

    def outermost_collapsed(self, member: str) -> str | None:
        """The collapsed group that is seen in place of a node or a group; None where it is seen itself."""
        parent = self._parents.get(member)
        return None if parent is None else self._collapsed[parent]

    def is_hidden(self, member: str) -> bool:
        """Whether a node or a group is within a collapsed group."""
        return self.outermost_collapsed(member) is not None

    def direct_nodes(self, group: str) -> tuple[str, ...]:
        """The nodes directly within a group."""
        return self._own(self._groups[group].nodes, group, self._order)

    def direct_groups(self, group: str) -> tuple[str, ...]:
        """The groups directly within a group."""
        return self._own(self._groups[group].groups, group, self._groups)

    def nodes_of(self, group: str) -> tuple[str, ...]:
        """All nodes within a group, those of inner groups too, in the order of the design."""
        found: set[str] = set()
        waiting = [group] if group in self._groups else []
        while waiting:
            name = waiting.pop()
            found.update(self.direct_nodes(name))
            waiting.extend(self.direct_groups(name))
        return tuple(sorted(found, key=self._order.__getitem__))

    def whole_groups(self, ids: Iterable[str]) -> tuple[str, ...]:
        """The groups that have nodes, all of them among `ids`; each after the one it is within."""
        chosen = set(ids)
        is_whole: dict[str, bool] = {}
        has_nodes: dict[str, bool] = {}
        for name in reversed(self._outermost_first):
            inner, own = self.direct_groups(name), self.direct_nodes(name)
            has_nodes[name] = bool(own) or any(has_nodes[group] for group in inner)
            is_whole[name] = chosen.issuperset(own) and all(is_whole[group] for group in inner)
        return tuple(name for name in self._outermost_first if is_whole[name] and has_nodes[name])

    def _own(self, members: tuple[str, ...], group: str, known: Container[str]) -> tuple[str, ...]:
        return tuple(name for name in dict.fromkeys(members) if name in known and self._parents.get(name) == group)

    def _cut_cycles(self) -> None:
        settled: set[str] = set()
        for start in self._groups:
            trail: set[str] = set()
            name = start
            while name not in settled and name in self._parents:
                trail.add(name)
                if self._parents[name] in trail:
                    del self._parents[name]
                    break
                name = self._parents[name]
            settled |= trail

    def _walked_down(self) -> tuple[str, ...]:
        order = list(self.roots)
        for name in order:
            parent = self._parents.get(name)
            above = None if parent is None else self._collapsed[parent]
            self._collapsed[name] = above or (name if self._groups[name].collapsed else None)
            self._depths[name] = 0 if parent is None else self._depths[parent] + 1
            order.extend(self.direct_groups(name))
        return tuple(order)


def without_empty(groups: Iterable[Group]) -> tuple[Group, ...]:
    """The groups that hold anything; a group that holds only empty groups goes with them."""
    known = {group.id: group for group in groups}
    parents = {inner: group.id for group in known.values() for inner in group.groups}
    left = {group.id: len(group.nodes) + len(group.groups) for group in known.values()}
    gone: set[str] = set()
    waiting = [name for name, count in left.items() if count == 0]
    while waiting:
        name = waiting.pop()
        gone.add(name)
        parent = parents.get(name)
        if parent is not None and parent not in gone:
            left[parent] -= 1
            if left[parent] == 0:
                waiting.append(parent)
    return tuple(_without_groups(group, gone) for group in known.values() if group.id not in gone)


def _without_groups(group: Group, gone: set[str]) -> Group:
    if gone.isdisjoint(group.groups):
        return group
    return msgspec.structs.replace(group, groups=tuple(name for name in group.groups if name not in gone))

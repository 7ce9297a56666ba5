"""Groups of a design as a tree: what is within what, and what collapsed groups hide."""

from onebyone.design import Design


class Grouping:
    """Answers questions on the groups of one design; wrong files (unknown ids, cycles of groups) do no harm."""

    def __init__(self, design: Design) -> None:
        self._groups = {group.id: group for group in design.groups}
        self._order = {node.id: place for place, node in enumerate(design.nodes)}
        self._parents: dict[str, str] = {}
        for group in design.groups:
            for member in (*group.nodes, *group.groups):
                self._parents.setdefault(member, group.id)

    def parent(self, member: str) -> str | None:
        """The group that a node or a group is directly within."""
        return self._parents.get(member)

    def around(self, member: str) -> list[str]:
        """All groups that a node or a group is within, the innermost first."""
        found: list[str] = []
        group = self._parents.get(member)
        while group is not None and group not in found:
            found.append(group)
            group = self._parents.get(group)
        return found

    def depth(self, member: str) -> int:
        """How many groups a node or a group is within."""
        return len(self.around(member))

    def outermost_collapsed(self, member: str) -> str | None:
        """The collapsed group that is seen in place of a node or a group; None where it is seen itself."""
        collapsed = [group for group in self.around(member) if self._groups[group].collapsed]
        return collapsed[-1] if collapsed else None

    def is_hidden(self, member: str) -> bool:
        """Whether a node or a group is within a collapsed group."""
        return self.outermost_collapsed(member) is not None

    def direct_nodes(self, group: str) -> tuple[str, ...]:
        """The nodes directly within a group."""
        return tuple(name for name in self._groups[group].nodes if name in self._order)

    def direct_groups(self, group: str) -> tuple[str, ...]:
        """The groups directly within a group."""
        return tuple(name for name in self._groups[group].groups if name in self._groups)

    def nodes_of(self, group: str) -> tuple[str, ...]:
        """All nodes within a group, those of inner groups too, in the order of the design."""
        found: set[str] = set()
        seen: set[str] = set()
        waiting = [group]
        while waiting:
            name = waiting.pop()
            if name not in seen and name in self._groups:
                seen.add(name)
                found.update(self.direct_nodes(name))
                waiting.extend(self.direct_groups(name))
        return tuple(sorted(found, key=self._order.__getitem__))

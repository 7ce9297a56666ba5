"""Layered drawing of a design with groups: each group is drawn on its own, then takes its place as one box.

A collapsed group is a box of its own size, and what it hides moves with it. An expanded one is as large as its frame.
"""

from collections.abc import Collection, Iterator, Mapping

from onebyone.design import Design, Direction, Group, Node
from onebyone.grouping import Grouping
from onebyone.layers import Concat
from onebyone.layout.alignment import Box
from onebyone.layout.layered import DEFAULT_SIZE, Point, Size, arrange
from onebyone.layout.placement import block_offset

#: Between a frame and what is in it, and the height of its title bar, in scene units.
FRAME_PADDING = 16.0
FRAME_TITLE = 28.0
# The title bar and the padding below it, rounded up to the grid.
_HEAD = 48.0
# A wire that enters a group has a place there like a box, but no size.
_ENTRY: Size = (0.0, 0.0)


def arrange_view(
    design: Design,
    sizes: Mapping[str, Size] | None = None,
    direction: Direction = "down",
    ids: Collection[str] | None = None,
    group_sizes: Mapping[str, Size] | None = None,
) -> dict[str, Point]:
    """Positions (top left) for all nodes of a design as its groups show them.

    No two boxes that are seen overlap, and no two frames unless one is within the other. Nodes that a collapsed group
    hides keep their places among each other; its box is centred on the area they cover, at its top (down) or at its
    left (right).

    Args:
        sizes: Width and height of the nodes; those that are missing have the usual size.
        direction: Where the results flow.
        ids: Only these nodes are placed; they stay around where they are now and land on no more boxes than before.
            Groups that are among them as a whole are kept together.
        group_sizes: Width and height of the boxes of the collapsed groups that are seen; missing ones have the usual
            size.
    """
    if not design.groups:
        return arrange(design, sizes, direction, ids)
    known, known_groups = sizes or {}, group_sizes or {}
    if ids is None:
        return _Arrangement(design, known, known_groups, direction).positions()
    whole = set(Grouping(design).whole_groups(ids))
    part = Design(
        nodes=tuple(node for node in design.nodes if node.id in ids),
        groups=tuple(group for group in design.groups if group.id in whole),
    )
    if not part.nodes:
        return {}
    found = _Arrangement(part, known, known_groups, direction).positions()
    new = _seen_boxes(part, found, known, known_groups, direction)
    before = {node.id: node.position for node in design.nodes if node.position is not None}
    seen = _seen_boxes(design, before, known, known_groups, direction)
    old = {name: box for name, box in seen.items() if name in new}
    x, y = block_offset(new, old, {name: box for name, box in seen.items() if name not in new})
    return {name: (place[0] + x, place[1] + y) for name, place in found.items()}


def collapsed_position(covered: Box, size: Size, direction: Direction) -> Point:
    """The top left of a collapsed group's box, from the area that its nodes cover."""
    if direction == "right":
        return covered.x, covered.y + (covered.height - size[1]) / 2
    return covered.x + (covered.width - size[0]) / 2, covered.y


def _seen_boxes(
    design: Design,
    positions: Mapping[str, Point],
    sizes: Mapping[str, Size],
    group_sizes: Mapping[str, Size],
    direction: Direction,
) -> dict[str, Box]:
    """The boxes of nodes and of collapsed groups, without what is hidden."""
    grouping = Grouping(design)
    boxes = {name: Box(*place, *sizes.get(name, DEFAULT_SIZE)) for name, place in positions.items()}
    seen = {name: box for name, box in boxes.items() if not grouping.is_hidden(name)}
    for group in design.groups:
        if group.collapsed and not grouping.is_hidden(group.id):
            hidden = {name: boxes[name] for name in grouping.nodes_of(group.id) if name in boxes}
            if hidden:
                size = group_sizes.get(group.id, DEFAULT_SIZE)
                seen[group.id] = Box(*collapsed_position(_covered(hidden), size, direction), *size)
    return seen


def _covered(boxes: Mapping[str, Box]) -> Box:
    left, top = min(box.x for box in boxes.values()), min(box.y for box in boxes.values())
    right = max(box.x + box.width for box in boxes.values())
    bottom = max(box.y + box.height for box in boxes.values())
    return Box(left, top, right - left, bottom - top)


class _Arrangement:
    """Draws the groups from the innermost to the outermost, then puts all in place from the outermost down."""

    def __init__(
        self, design: Design, sizes: Mapping[str, Size], group_sizes: Mapping[str, Size], direction: Direction
    ) -> None:
        self._design = design
        self._direction = direction
        self._grouping = Grouping(design)
        self._nodes = design.nodes_by_id()
        self._boxes = {name: sizes.get(name, DEFAULT_SIZE) for name in self._nodes}
        self._members = {name: self._grouping.nodes_of(name) for name in self._grouping.groups}
        self._shown = [
            name for name in self._grouping.groups if self._members[name] and not self._grouping.is_hidden(name)
        ]
        self._inner: dict[str, dict[str, Point]] = {}
        self._sources = self._sources_by_level()
        for name in self._shown:
            if self._grouping.group(name).collapsed:
                self._boxes[name] = group_sizes.get(name, DEFAULT_SIZE)

    def positions(self) -> dict[str, Point]:
        """The top left of every node."""
        for name in reversed(self._shown):
            group = self._grouping.group(name)
            if not group.collapsed:
                self._draw(group)
        found = self._level(None, [node.id for node in self._design.nodes if self._grouping.parent(node.id) is None])
        for name in self._shown:
            if self._grouping.group(name).collapsed:
                found |= self._hidden(name, found.pop(name))
            else:
                x, y = found.pop(name)
                found |= {member: (x + place[0], y + place[1]) for member, place in self._inner[name].items()}
        return found

    def _draw(self, group: Group) -> None:
        """Finds the places of a group's members within its frame, and the size of that."""
        placed = self._level(group.id, list(self._grouping.direct_nodes(group.id)))
        area = _covered({name: Box(*place, *self._boxes[name]) for name, place in placed.items()})
        self._inner[group.id] = {
            name: (x - area.x + FRAME_PADDING, y - area.y + _HEAD) for name, (x, y) in placed.items()
        }
        # With as much room below as above, what flows to the right stays in line through frames.
        foot = _HEAD if self._direction == "right" else FRAME_PADDING
        self._boxes[group.id] = (area.width + 2 * FRAME_PADDING, area.height + _HEAD + foot)

    def _level(self, level: str | None, nodes: list[str]) -> dict[str, Point]:
        """The places of what is directly within a group, or with None in no group."""
        own = {*nodes, *(name for name in self._shown if self._grouping.parent(name) == level)}
        members = sorted(own, key=self._place_in_design)
        wires = self._sources[level]
        entries = dict.fromkeys(source for name in members for source in wires.get(name, ()) if source not in own)
        boxes = dict.fromkeys(entries, _ENTRY) | {name: self._boxes[name] for name in members}
        drawing = Design(
            nodes=(
                *(Node(name, Concat()) for name in entries),
                *(Node(name, Concat(), inputs=tuple(wires.get(name, ()))) for name in members),
            )
        )
        placed = arrange(drawing, boxes, self._direction)
        return {name: placed[name] for name in members}

    def _place_in_design(self, member: str) -> int:
        first = self._members[member][0] if member in self._members else member
        return self._order[first]

    def _sources_by_level(self) -> dict[str | None, dict[str, dict[str, None]]]:
        """What feeds each member of each level, in order: another member, or a node outside of the group."""
        self._order = {name: place for place, name in enumerate(self._nodes)}
        levels: dict[str | None, dict[str, dict[str, None]]] = {name: {} for name in (None, *self._shown)}
        for node in self._design.nodes:
            for source in node.inputs:
                if source in self._nodes:
                    for level, member, feeder in self._wire_by_level(source, node.id):
                        levels[level].setdefault(member, {})[feeder] = None
        return levels

    def _wire_by_level(self, source: str, target: str) -> Iterator[tuple[str | None, str, str]]:
        """A wire as each level sees it that it ends in: the level, the member it ends at, and what feeds that."""
        around_source, around_target = self._seen_around(source), self._seen_around(target)
        shared = 0
        while (
            shared < min(len(around_source), len(around_target))
            and around_source[-1 - shared] == around_target[-1 - shared]
        ):
            shared += 1
        chain = [target, *around_target]
        for place in range(len(chain) - 1 - shared):
            yield chain[place + 1], chain[place], source
        top = len(chain) - 1 - shared
        feeders = [source, *around_source]
        feeder = feeders[len(feeders) - 1 - shared]
        member = chain[top]
        if feeder != member:
            yield (around_target[len(around_target) - shared] if shared else None), member, feeder

    def _seen_around(self, node: str) -> list[str]:
        """The groups around a node that are seen, innermost first: from the outermost collapsed one outwards."""
        around = self._grouping.around(node)
        outermost = self._grouping.outermost_collapsed(node)
        return around if outermost is None else around[around.index(outermost) :]

    def _hidden(self, group: str, place: Point) -> dict[str, Point]:
        """Where the nodes go that a collapsed group hides, from where its box is."""
        members = self._members[group]
        now = {name: position for name in members if (position := self._nodes[name].position) is not None}
        if len(now) < len(members):
            part = Design(nodes=tuple(self._nodes[name] for name in members))
            now = arrange(part, self._boxes, self._direction)
        area = _covered({name: Box(*position, *self._boxes[name]) for name, position in now.items()})
        x, y = collapsed_position(area, self._boxes[group], self._direction)
        return {name: (position[0] + place[0] - x, position[1] + place[1] - y) for name, position in now.items()}

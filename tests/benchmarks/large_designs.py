"""Designs as large as one likes, of what networks are made of: residual blocks with long wires, and Inception fans."""

from collections.abc import Iterator

from onebyone.design import Design, Group, Node
from onebyone.layers import Add, Concat, Conv2d, Input, MaxPool2d, Output

_CHANNELS = 256
_TOWER = 125


def network(count: int) -> Design:
    """Towers of blocks that one input feeds and one concatenation gathers; `count` nodes, each block in a group."""
    nodes = [Node("input", Input(_CHANNELS, 28, 28))]
    groups: list[Group] = []
    tops: list[str] = []
    towers = max(1, round(count / _TOWER))
    # The input, the concatenation and the output belong to no tower.
    shares = [(count - 3 + tower) // towers for tower in range(towers)]
    for tower, share in enumerate(shares):
        source, end = "input", len(nodes) + share
        for number in range(share):
            name = f"t{tower}b{number}"
            block = list(_inception(name, source) if number % 4 == 3 else _bottleneck(name, source))
            if len(nodes) + len(block) > end:
                break
            nodes += block
            groups.append(Group(f"group_{name}", f"Block {number}", tuple(node.id for node in block)))
            source = block[-1].id
        for number in range(end - len(nodes)):
            nodes.append(Node(f"t{tower}tail{number}", Conv2d(_CHANNELS), inputs=(source,)))
            source = nodes[-1].id
        tops.append(source)
    nodes += [Node("concat", Concat(), inputs=tuple(tops)), Node("output", Output(), inputs=("concat",))]
    return Design(f"{count:,} nodes", nodes=tuple(nodes), groups=tuple(groups))


def _bottleneck(name: str, source: str) -> Iterator[Node]:
    yield Node(f"{name}_reduce", Conv2d(64, norm="batch", activation="relu"), inputs=(source,))
    middle = Conv2d(64, (3, 3), padding=(1, 1), norm="batch", activation="relu")
    yield Node(f"{name}_conv", middle, inputs=(f"{name}_reduce",))
    yield Node(f"{name}_expand", Conv2d(_CHANNELS, norm="batch"), inputs=(f"{name}_conv",))
    yield Node(f"{name}_add", Add(), inputs=(f"{name}_expand", source))


def _inception(name: str, source: str) -> Iterator[Node]:
    yield Node(f"{name}_1x1", Conv2d(64), inputs=(source,))
    yield Node(f"{name}_reduce3x3", Conv2d(96), inputs=(source,))
    yield Node(f"{name}_3x3", Conv2d(128, (3, 3), padding=(1, 1)), inputs=(f"{name}_reduce3x3",))
    yield Node(f"{name}_reduce5x5", Conv2d(16), inputs=(source,))
    yield Node(f"{name}_5x5", Conv2d(32, (5, 5), padding=(2, 2)), inputs=(f"{name}_reduce5x5",))
    yield Node(f"{name}_pool", MaxPool2d((3, 3), (1, 1), (1, 1)), inputs=(source,))
    yield Node(f"{name}_project", Conv2d(32), inputs=(f"{name}_pool",))
    gathered = tuple(f"{name}_{branch}" for branch in ("1x1", "3x3", "5x5", "project"))
    yield Node(f"{name}_concat", Concat(), inputs=gathered)

"""ResNet with bottlenecks: a 1×1 narrows in front of each 3×3, another widens behind it."""

from onebyone.design import Design, Group, Node
from onebyone.gallery.bricks import normed
from onebyone.layers import Activation, AdaptiveAvgPool2d, Add, Flatten, Input, Linear, MaxPool2d, Output

#: Blocks in each stage, by depth.
_BLOCKS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
_SOURCE = "He et al., Deep Residual Learning for Image Recognition, 2015, table 1 (arXiv 1512.03385)"


def resnet(depth: int) -> Design:
    """ResNet-50, -101 or -152, a group for each stage and, within, for each block.

    Source: He et al., Deep Residual Learning for Image Recognition, 2015, table 1; a stage's first block has its
        stride in the 3×3, as torchvision has it.
    """
    nodes = [
        Node("input", Input(3, 224, 224)),
        Node("stem", normed(64, (7, 7), 2), inputs=("input",)),
        Node("stem_pool", MaxPool2d((3, 3), (2, 2), (1, 1)), inputs=("stem",)),
    ]
    groups: list[Group] = []
    for stage, count in enumerate(_BLOCKS[depth], start=1):
        blocks = []
        for block in range(1, count + 1):
            made = _block(stage, block, nodes[-1].id)
            nodes += made
            blocks.append(f"stage{stage}_block{block}")
            groups.append(Group(blocks[-1], f"Block {block}", tuple(node.id for node in made)))
        groups.append(Group(f"stage{stage}", f"Stage {stage}", groups=tuple(blocks)))
    nodes += [
        Node("pool", AdaptiveAvgPool2d(), inputs=(nodes[-1].id,)),
        Node("flatten", Flatten(), inputs=("pool",)),
        Node("classifier", Linear(1000), inputs=("flatten",)),
        Node("output", Output(), inputs=("classifier",)),
    ]
    return Design(f"ResNet-{depth}", _SOURCE, tuple(nodes), tuple(groups))


def _block(stage: int, block: int, source: str) -> tuple[Node, ...]:
    """A bottleneck; the first of a stage projects its shortcut to the new width."""
    name, width = f"s{stage}b{block}", 64 << (stage - 1)
    stride = 2 if stage > 1 and block == 1 else 1
    shortcut = source
    nodes = [
        Node(f"{name}_reduce", normed(width), inputs=(source,)),
        Node(f"{name}_conv3x3", normed(width, (3, 3), stride), inputs=(f"{name}_reduce",)),
        Node(f"{name}_expand", normed(4 * width, is_activated=False), inputs=(f"{name}_conv3x3",)),
    ]
    if block == 1:
        shortcut = f"{name}_project"
        nodes.append(Node(shortcut, normed(4 * width, stride=stride, is_activated=False), inputs=(source,)))
    return (
        *nodes,
        Node(f"{name}_add", Add(), inputs=(f"{name}_expand", shortcut)),
        Node(f"{name}_relu", Activation("relu"), inputs=(f"{name}_add",)),
    )

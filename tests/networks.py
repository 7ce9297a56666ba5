"""Whole networks with groups, to draw: as large as the published ones, built by code."""

from collections.abc import Iterator

from onebyone.design import Design, Group, Node
from onebyone.layers import (
    Activation,
    AdaptiveAvgPool2d,
    Add,
    Concat,
    Conv2d,
    Flatten,
    Input,
    Linear,
    MaxPool2d,
    Output,
)

_BLOCKS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
# Table 1 of the paper: 1×1, 3×3 reduction, 3×3, 5×5 reduction, 5×5, pool projection.
_MODULES = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}


def resnet(depth: int = 152) -> Design:
    """A ResNet with a group for each stage and, within, for each block.

    Source: He et al., Deep Residual Learning for Image Recognition, 2015, table 1.
    """
    nodes = [
        Node("input", Input(3, 224, 224)),
        Node("stem", Conv2d(64, (7, 7), (2, 2), (3, 3), norm="batch", activation="relu"), inputs=("input",)),
        Node("stem_pool", MaxPool2d((3, 3), (2, 2), (1, 1)), inputs=("stem",)),
    ]
    groups: list[Group] = []
    source = "stem_pool"
    for stage, count in enumerate(_BLOCKS[depth], start=1):
        blocks = []
        for block in range(1, count + 1):
            made = list(
                _bottleneck(f"s{stage}b{block}", source, 64 << (stage - 1), 1 + (stage > 1 and block == 1), block == 1)
            )
            source = made[-1].id
            nodes += made
            blocks.append(f"stage{stage}_block{block}")
            groups.append(Group(blocks[-1], f"Block {block}", tuple(node.id for node in made)))
        groups.append(Group(f"stage{stage}", f"Stage {stage}", groups=tuple(blocks)))
    nodes += [
        Node("pool", AdaptiveAvgPool2d(), inputs=(source,)),
        Node("flat", Flatten(), inputs=("pool",)),
        Node("classes", Linear(1000), inputs=("flat",)),
        Node("output", Output(), inputs=("classes",)),
    ]
    return Design(name=f"ResNet-{depth}", nodes=tuple(nodes), groups=tuple(groups))


def googlenet() -> Design:
    """GoogLeNet without local response normalisation, a group for each Inception module.

    Source: Szegedy et al., Going Deeper with Convolutions, 2014, table 1.
    """
    nodes = [
        Node("input", Input(3, 224, 224)),
        Node("conv1", Conv2d(64, (7, 7), (2, 2), (3, 3), activation="relu"), inputs=("input",)),
        Node("pool1", MaxPool2d((3, 3), (2, 2), ceil_mode=True), inputs=("conv1",)),
        Node("reduce2", Conv2d(64, activation="relu"), inputs=("pool1",)),
        Node("conv2", Conv2d(192, (3, 3), padding=(1, 1), activation="relu"), inputs=("reduce2",)),
        Node("pool2", MaxPool2d((3, 3), (2, 2), ceil_mode=True), inputs=("conv2",)),
    ]
    groups: list[Group] = []
    source = "pool2"
    for name, widths in _MODULES.items():
        made = list(_inception(f"m{name}", source, widths))
        nodes += made
        source = made[-1].id
        groups.append(Group(f"inception_{name}", f"Inception {name}", tuple(node.id for node in made)))
        if name in ("3b", "4e"):
            nodes.append(Node(f"pool_{name}", MaxPool2d((3, 3), (2, 2), ceil_mode=True), inputs=(source,)))
            source = nodes[-1].id
    nodes += [
        Node("pool", AdaptiveAvgPool2d(), inputs=(source,)),
        Node("flat", Flatten(), inputs=("pool",)),
        Node("classes", Linear(1000), inputs=("flat",)),
        Node("output", Output(), inputs=("classes",)),
    ]
    return Design(name="GoogLeNet", nodes=tuple(nodes), groups=tuple(groups))


def _bottleneck(name: str, source: str, width: int, stride: int, has_projection: bool) -> Iterator[Node]:
    yield Node(f"{name}_reduce", Conv2d(width, bias=False, norm="batch", activation="relu"), inputs=(source,))
    middle = Conv2d(width, (3, 3), (stride, stride), (1, 1), bias=False, norm="batch", activation="relu")
    yield Node(f"{name}_conv", middle, inputs=(f"{name}_reduce",))
    yield Node(f"{name}_expand", Conv2d(4 * width, bias=False, norm="batch"), inputs=(f"{name}_conv",))
    if has_projection:
        yield Node(
            f"{name}_project", Conv2d(4 * width, stride=(stride, stride), bias=False, norm="batch"), inputs=(source,)
        )
    short = f"{name}_project" if has_projection else source
    yield Node(f"{name}_add", Add(), inputs=(f"{name}_expand", short))
    yield Node(f"{name}_relu", Activation("relu"), inputs=(f"{name}_add",))


def _inception(name: str, source: str, widths: tuple[int, ...]) -> Iterator[Node]:
    one, reduce3, three, reduce5, five, project = widths
    yield Node(f"{name}_1x1", Conv2d(one, activation="relu"), inputs=(source,))
    yield Node(f"{name}_reduce3x3", Conv2d(reduce3, activation="relu"), inputs=(source,))
    yield Node(f"{name}_3x3", Conv2d(three, (3, 3), padding=(1, 1), activation="relu"), inputs=(f"{name}_reduce3x3",))
    yield Node(f"{name}_reduce5x5", Conv2d(reduce5, activation="relu"), inputs=(source,))
    yield Node(f"{name}_5x5", Conv2d(five, (5, 5), padding=(2, 2), activation="relu"), inputs=(f"{name}_reduce5x5",))
    yield Node(f"{name}_pool", MaxPool2d((3, 3), (1, 1), (1, 1)), inputs=(source,))
    yield Node(f"{name}_project", Conv2d(project, activation="relu"), inputs=(f"{name}_pool",))
    yield Node(f"{name}_concat", Concat(), inputs=(f"{name}_1x1", f"{name}_3x3", f"{name}_5x5", f"{name}_project"))

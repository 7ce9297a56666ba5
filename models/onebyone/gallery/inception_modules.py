"""Inception modules as sub-graphs: GoogLeNet's, and two of Inception v3.

Source: Szegedy et al., Going Deeper with Convolutions, 2014 (arXiv 1409.4842), figure 2; Szegedy et al., Rethinking
    the Inception Architecture for Computer Vision, 2015 (arXiv 1512.00567), figures 5 and 6, with the channel numbers
    of torchvision's Inception v3 (Mixed_5b and Mixed_6b), whose pools are averages.
"""

from onebyone.design import Node
from onebyone.gallery.bricks import at, normed
from onebyone.gallery.inception import ROWS, Row, naive_module, reduced_module
from onebyone.gallery.modules import Module, Numbers, width
from onebyone.layers import AvgPool2d, Concat

_ROW_3A = ROWS["3a"]
_NAIVE_FIELDS = ("conv1x1", "conv3x3", "conv5x5")
_TITLES = {
    "conv1x1": "1×1",
    "reduce3x3": "1×1 before 3×3",
    "conv3x3": "3×3",
    "reduce5x5": "1×1 before 5×5",
    "conv5x5": "5×5",
    "pool_proj": "1×1 after pool",
}


def naive() -> Module:
    """The naive module, with the numbers of 3a."""
    return Module(
        name="inception-naive",
        title="Inception (naive)",
        description="1×1, 3×3, 5×5 and a max pool side by side; the concat grows with every module.",
        channels=192,
        nodes=naive_module(_ROW_3A),
        open_inputs=("conv1x1", "conv3x3", "conv5x5", "pool"),
        result="concat",
        fields=tuple(width(name, _TITLES[name], name) for name in _NAIVE_FIELDS),
        published=tuple(_numbers(name, _NAIVE_FIELDS) for name in ROWS),
    )


def reduced() -> Module:
    """The reduced module, with the numbers of 3a."""
    return Module(
        name="inception-reduced",
        title="Inception (reduced)",
        description="The same branches with 1×1 reductions before the wide kernels and after the pool.",
        channels=192,
        nodes=reduced_module(_ROW_3A),
        open_inputs=("conv1x1", "reduce3x3", "reduce5x5", "pool"),
        result="concat",
        fields=tuple(width(name, title, name) for name, title in _TITLES.items()),
        published=tuple(_numbers(name, Row.__struct_fields__) for name in ROWS),
    )


def _numbers(name: str, fields: tuple[str, ...]) -> Numbers:
    return Numbers(f"Inception {name}", {field: getattr(ROWS[name], field) for field in fields})


def v3_a() -> Module:
    """Inception v3's first kind of module: the 5×5 stays, and two 3×3 stand in for another."""
    nodes = (
        Node("conv1x1", normed(64), position=at(0, 3)),
        Node("reduce5x5", normed(48), position=at(1, 2)),
        Node("conv5x5", normed(64, (5, 5)), inputs=("reduce5x5",), position=at(1, 3)),
        Node("reduce3x3", normed(64), position=at(2, 1)),
        Node("conv3x3_1", normed(96, (3, 3)), inputs=("reduce3x3",), position=at(2, 2)),
        Node("conv3x3_2", normed(96, (3, 3)), inputs=("conv3x3_1",), position=at(2, 3)),
        Node("pool", AvgPool2d((3, 3), (1, 1), (1, 1)), position=at(3, 2)),
        Node("pool_proj", normed(32), inputs=("pool",), position=at(3, 3)),
        Node("concat", Concat(), inputs=("conv1x1", "conv5x5", "conv3x3_2", "pool_proj"), position=at(1.5, 4.2)),
    )
    return Module(
        name="inception-v3-a",
        title="Inception v3 A",
        description="A 5×5 and a pair of 3×3 behind reductions, an average pool before a projection.",
        channels=192,
        nodes=nodes,
        open_inputs=("conv1x1", "reduce5x5", "reduce3x3", "pool"),
        result="concat",
        fields=(
            width("conv1x1", "1×1", "conv1x1"),
            width("reduce5x5", "1×1 before 5×5", "reduce5x5"),
            width("conv5x5", "5×5", "conv5x5"),
            width("reduce3x3", "1×1 before 3×3", "reduce3x3"),
            width("conv3x3", "both 3×3", "conv3x3_1", "conv3x3_2"),
            width("pool_proj", "1×1 after pool", "pool_proj"),
        ),
    )


def v3_c() -> Module:
    """Inception v3's module of asymmetric kernels: a 1×7 and a 7×1 in place of a 7×7."""
    nodes = (
        Node("conv1x1", normed(192), position=at(0, 5)),
        Node("reduce7", normed(128), position=at(1, 3)),
        Node("conv1x7", normed(128, (1, 7)), inputs=("reduce7",), position=at(1, 4)),
        Node("conv7x1", normed(192, (7, 1)), inputs=("conv1x7",), position=at(1, 5)),
        Node("reduce7dbl", normed(128), position=at(2, 1)),
        Node("dbl7x1_1", normed(128, (7, 1)), inputs=("reduce7dbl",), position=at(2, 2)),
        Node("dbl1x7_1", normed(128, (1, 7)), inputs=("dbl7x1_1",), position=at(2, 3)),
        Node("dbl7x1_2", normed(128, (7, 1)), inputs=("dbl1x7_1",), position=at(2, 4)),
        Node("dbl1x7_2", normed(192, (1, 7)), inputs=("dbl7x1_2",), position=at(2, 5)),
        Node("pool", AvgPool2d((3, 3), (1, 1), (1, 1)), position=at(3, 4)),
        Node("pool_proj", normed(192), inputs=("pool",), position=at(3, 5)),
        Node("concat", Concat(), inputs=("conv1x1", "conv7x1", "dbl1x7_2", "pool_proj"), position=at(1.5, 6.2)),
    )
    inner = ("reduce7", "conv1x7", "reduce7dbl", "dbl7x1_1", "dbl1x7_1", "dbl7x1_2")
    return Module(
        name="inception-v3-c",
        title="Inception v3 C",
        description="1×7 and 7×1 convolutions in place of 7×7, all behind 1×1 reductions.",
        channels=768,
        nodes=nodes,
        open_inputs=("conv1x1", "reduce7", "reduce7dbl", "pool"),
        result="concat",
        fields=(
            width("inner", "inside the 7s", *inner),
            width("branch", "out of each branch", "conv1x1", "conv7x1", "dbl1x7_2", "pool_proj"),
        ),
    )

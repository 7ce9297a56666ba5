"""Inception modules of GoogLeNet, and their naive twins.

Source: Szegedy et al., Going Deeper with Convolutions, 2014 (arXiv 1409.4842), table 1 for the channel numbers,
    figure 2 for the naive and the reduced module, section 5 for the ReLU after every convolution.
"""

import msgspec

from onebyone.design import Design, Node
from onebyone.gallery.bricks import at, convolution
from onebyone.layers import Concat, Input, MaxPool2d, Output

SOURCE = "Szegedy et al., Going Deeper with Convolutions, 2014, table 1 (arXiv 1409.4842)"


class Row(msgspec.Struct, frozen=True):
    """The columns of table 1 that describe one module: output channels of each convolution."""

    conv1x1: int
    reduce3x3: int
    conv3x3: int
    reduce5x5: int
    conv5x5: int
    pool_proj: int

    @property
    def width(self) -> int:
        """Output channels of the reduced module."""
        return self.conv1x1 + self.conv3x3 + self.conv5x5 + self.pool_proj


#: Table 1, by the modules' names there.
ROWS = {
    "3a": Row(64, 96, 128, 16, 32, 32),
    "3b": Row(128, 128, 192, 32, 96, 64),
    "4a": Row(192, 96, 208, 16, 48, 64),
    "4b": Row(160, 112, 224, 24, 64, 64),
    "4c": Row(128, 128, 256, 24, 64, 64),
    "4d": Row(112, 144, 288, 32, 64, 64),
    "4e": Row(256, 160, 320, 32, 128, 128),
    "5a": Row(256, 160, 320, 32, 128, 128),
    "5b": Row(384, 192, 384, 48, 128, 128),
}
#: Height and width of the maps in each stage.
_SIZES = {"3": 28, "4": 14, "5": 7}
#: Channels in front of 3a, and after it those that each module hands on.
_FIRST = 192


def input_of(name: str) -> Input:
    """What feeds the module in GoogLeNet."""
    names = list(ROWS)
    place = names.index(name)
    channels = ROWS[names[place - 1]].width if place else _FIRST
    return Input(channels, _SIZES[name[0]], _SIZES[name[0]])


def reduced(name: str) -> Design:
    """A module of GoogLeNet: four branches, the wide ones behind 1×1 reductions, the pool before a projection."""
    return Design(f"Inception {name}", SOURCE, _between_ends(input_of(name), reduced_module(ROWS[name], "input")))


def naive(name: str) -> Design:
    """The naive form of a module: the same branches and input without reductions and without the projection."""
    notes = f"{SOURCE}; figure 2(a), the naive version"
    return Design(f"Inception {name} naive", notes, _between_ends(input_of(name), naive_module(ROWS[name], "input")))


def _between_ends(layer: Input, module: tuple[Node, ...]) -> tuple[Node, ...]:
    """A module with its input and output, laid out on opening."""
    placeless = (msgspec.structs.replace(node, position=None) for node in module)
    return Node("input", layer), *placeless, Node("output", Output(), inputs=("concat",))


def reduced_module(row: Row, source: str = "") -> tuple[Node, ...]:
    """The nodes from the branches to the concat; the branches start at `source`, or open where it is empty."""
    inputs = (source,) if source else ()
    return (
        Node(id="conv1x1", layer=convolution(row.conv1x1), inputs=inputs, position=at(0, 2)),
        Node(id="reduce3x3", layer=convolution(row.reduce3x3), inputs=inputs, position=at(1, 1)),
        Node(id="conv3x3", layer=convolution(row.conv3x3, 3), inputs=("reduce3x3",), position=at(1, 2)),
        Node(id="reduce5x5", layer=convolution(row.reduce5x5), inputs=inputs, position=at(2, 1)),
        Node(id="conv5x5", layer=convolution(row.conv5x5, 5), inputs=("reduce5x5",), position=at(2, 2)),
        Node(id="pool", layer=_pool(), inputs=inputs, position=at(3, 1)),
        Node(id="pool_proj", layer=convolution(row.pool_proj), inputs=("pool",), position=at(3, 2)),
        Node(
            id="concat",
            layer=Concat(),
            inputs=("conv1x1", "conv3x3", "conv5x5", "pool_proj"),
            position=at(1.5, 3.2),
        ),
    )


def naive_module(row: Row, source: str = "") -> tuple[Node, ...]:
    """Like `reduced_module` without the 1×1 reductions and the projection after the pool."""
    inputs = (source,) if source else ()
    return (
        Node(id="conv1x1", layer=convolution(row.conv1x1), inputs=inputs, position=at(0, 1)),
        Node(id="conv3x3", layer=convolution(row.conv3x3, 3), inputs=inputs, position=at(1, 1)),
        Node(id="conv5x5", layer=convolution(row.conv5x5, 5), inputs=inputs, position=at(2, 1)),
        Node(id="pool", layer=_pool(), inputs=inputs, position=at(3, 1)),
        Node(id="concat", layer=Concat(), inputs=("conv1x1", "conv3x3", "conv5x5", "pool"), position=at(1.5, 2.2)),
    )


def _pool() -> MaxPool2d:
    return MaxPool2d(kernel=(3, 3), stride=(1, 1), padding=(1, 1))

"""Inception modules of GoogLeNet.

Source: Szegedy et al., Going Deeper with Convolutions, 2014 (arXiv 1409.4842), table 1 for the channel numbers,
    figure 2 for the naive and the reduced module, section 5 for the ReLU after every convolution.
"""

import msgspec

from onebyone.design import Design, Node, Position
from onebyone.layers import Concat, Conv2d, Input, MaxPool2d, Output

COLUMN = 240.0
ROW = 100.0

_SOURCE = "Szegedy et al., Going Deeper with Convolutions, 2014, table 1 (arXiv 1409.4842)"


class Row(msgspec.Struct, frozen=True):
    """The columns of table 1 that describe one module: output channels of each convolution."""

    conv1x1: int
    reduce3x3: int
    conv3x3: int
    reduce5x5: int
    conv5x5: int
    pool_proj: int


INCEPTION_3A = Row(conv1x1=64, reduce3x3=96, conv3x3=128, reduce5x5=16, conv5x5=32, pool_proj=32)
_INPUT_3A = Input(channels=192, height=28, width=28)


def inception_3a() -> Design:
    """Inception 3a of GoogLeNet: four branches, the wide ones behind 1×1 reductions."""
    return Design("Inception 3a", _SOURCE, _between_ends(reduced_module(INCEPTION_3A, "input")))


def inception_3a_naive() -> Design:
    """The naive form of Inception 3a: the same branches without reductions and without the pool's projection."""
    notes = f"{_SOURCE}; figure 2(a), the naive version"
    return Design("Inception 3a naive", notes, _between_ends(naive_module(INCEPTION_3A, "input")))


def _between_ends(module: tuple[Node, ...]) -> tuple[Node, ...]:
    """A module with its input and output, laid out on opening."""
    placeless = (msgspec.structs.replace(node, position=None) for node in module)
    return Node("input", _INPUT_3A), *placeless, Node("output", Output(), inputs=("concat",))


def reduced_module(row: Row, source: str = "") -> tuple[Node, ...]:
    """The nodes from the branches to the concat; the branches start at `source`, or open where it is empty."""
    inputs = (source,) if source else ()
    return (
        Node(id="conv1x1", layer=convolution(row.conv1x1), inputs=inputs, position=_at(0, 2)),
        Node(id="reduce3x3", layer=convolution(row.reduce3x3), inputs=inputs, position=_at(1, 1)),
        Node(id="conv3x3", layer=convolution(row.conv3x3, 3), inputs=("reduce3x3",), position=_at(1, 2)),
        Node(id="reduce5x5", layer=convolution(row.reduce5x5), inputs=inputs, position=_at(2, 1)),
        Node(id="conv5x5", layer=convolution(row.conv5x5, 5), inputs=("reduce5x5",), position=_at(2, 2)),
        Node(id="pool", layer=_pool(), inputs=inputs, position=_at(3, 1)),
        Node(id="pool_proj", layer=convolution(row.pool_proj), inputs=("pool",), position=_at(3, 2)),
        Node(
            id="concat",
            layer=Concat(),
            inputs=("conv1x1", "conv3x3", "conv5x5", "pool_proj"),
            position=_at(1.5, 3.2),
        ),
    )


def naive_module(row: Row, source: str = "") -> tuple[Node, ...]:
    """Like `reduced_module` without the 1×1 reductions and the projection after the pool."""
    inputs = (source,) if source else ()
    return (
        Node(id="conv1x1", layer=convolution(row.conv1x1), inputs=inputs, position=_at(0, 1)),
        Node(id="conv3x3", layer=convolution(row.conv3x3, 3), inputs=inputs, position=_at(1, 1)),
        Node(id="conv5x5", layer=convolution(row.conv5x5, 5), inputs=inputs, position=_at(2, 1)),
        Node(id="pool", layer=_pool(), inputs=inputs, position=_at(3, 1)),
        Node(id="concat", layer=Concat(), inputs=("conv1x1", "conv3x3", "conv5x5", "pool"), position=_at(1.5, 2.2)),
    )


def convolution(channels: int, size: int = 1) -> Conv2d:
    """A convolution that keeps the map's size, followed by ReLU, as everywhere in the paper."""
    return Conv2d(out_channels=channels, kernel=(size, size), padding=(size // 2, size // 2), activation="relu")


def _pool() -> MaxPool2d:
    return MaxPool2d(kernel=(3, 3), stride=(1, 1), padding=(1, 1))


def _at(column: float, row: float) -> Position:
    return round(column * COLUMN), round(row * ROW)

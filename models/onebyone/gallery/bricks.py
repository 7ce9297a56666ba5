"""What the papers' tables are made of: convolutions as each paper has them, chains, places in a grid."""

from onebyone.design import Node, Position
from onebyone.layers import AnyLayer, Conv2d

COLUMN = 240.0
ROW = 100.0


def at(column: float, row: float) -> Position:
    """The place in a grid that is wide enough for the boxes."""
    return round(column * COLUMN), round(row * ROW)


def convolution(channels: int, size: int = 1) -> Conv2d:
    """A convolution that keeps the map's size, with a bias and followed by ReLU."""
    return Conv2d(out_channels=channels, kernel=(size, size), padding=(size // 2, size // 2), activation="relu")


def normed(
    channels: int,
    kernel: tuple[int, int] = (1, 1),
    stride: int = 1,
    groups: int = 1,
    is_activated: bool = True,
) -> Conv2d:
    """A convolution without a bias, followed by batch normalisation and, where it is activated, by ReLU.

    It is padded so that at stride 1 the map keeps its size.
    """
    return Conv2d(
        out_channels=channels,
        kernel=kernel,
        stride=(stride, stride),
        padding=(kernel[0] // 2, kernel[1] // 2),
        groups=groups,
        bias=False,
        norm="batch",
        activation="relu" if is_activated else "none",
    )


def chain(source: str, *layers: tuple[str, AnyLayer]) -> tuple[Node, ...]:
    """Nodes one after the other, the first behind `source`, or open where that is empty."""
    names = (source, *(name for name, _ in layers))
    fed = zip(names, layers, strict=False)
    return tuple(Node(name, layer, inputs=(before,) if before else ()) for before, (name, layer) in fed)

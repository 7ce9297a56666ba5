"""Ready sub-graphs for the palette: nodes that know each other, with the wires into them left open.

Source: Szegedy et al., 2014, figure 2 (Inception); He et al., Deep Residual Learning, 2015, figure 5 (bottleneck);
    Lin et al., Network in Network, 2013, section 3.1 (mlpconv).
"""

import msgspec

from onebyone.design import Node
from onebyone.gallery.inception import COLUMN, INCEPTION_3A, ROW, convolution, naive_module, reduced_module
from onebyone.layers import Activation, Add, Conv2d


class Module(msgspec.Struct, frozen=True):
    """A sub-graph to drop on the canvas.

    `open_inputs` are the ids of the nodes that wait for the wire from before; `result` is the node that feeds what
    comes after. The numbers fit `channels` input channels.
    """

    name: str
    title: str
    description: str
    channels: int
    nodes: tuple[Node, ...]
    open_inputs: tuple[str, ...]
    result: str


def modules() -> tuple[Module, ...]:
    """All modules, in the order to show them."""
    return (_inception_naive(), _inception_reduced(), _bottleneck(), _mlpconv())


def _inception_naive() -> Module:
    return Module(
        name="inception-naive",
        title="Inception (naive)",
        description="1×1, 3×3, 5×5 and a max pool side by side; the concat grows with every module.",
        channels=192,
        nodes=naive_module(INCEPTION_3A),
        open_inputs=("conv1x1", "conv3x3", "conv5x5", "pool"),
        result="concat",
    )


def _inception_reduced() -> Module:
    return Module(
        name="inception-reduced",
        title="Inception (reduced)",
        description="The same branches with 1×1 reductions before the wide kernels and after the pool.",
        channels=192,
        nodes=reduced_module(INCEPTION_3A),
        open_inputs=("conv1x1", "reduce3x3", "reduce5x5", "pool"),
        result="concat",
    )


def _bottleneck() -> Module:
    nodes = (
        Node(id="reduce", layer=_normed(64), position=(0, 0)),
        Node(id="conv3x3", layer=_normed(64, 3), inputs=("reduce",), position=(0, ROW)),
        Node(id="expand", layer=_normed(256, activated=False), inputs=("conv3x3",), position=(0, 2 * ROW)),
        Node(id="add", layer=Add(), inputs=("expand",), position=(COLUMN / 2, 3.2 * ROW)),
        Node(id="relu", layer=Activation(function="relu"), inputs=("add",), position=(COLUMN / 2, 4.2 * ROW)),
    )
    return Module(
        name="resnet-bottleneck",
        title="ResNet bottleneck",
        description="1×1 down to a quarter of the channels, 3×3, 1×1 back up; the input is added again.",
        channels=256,
        nodes=nodes,
        open_inputs=("reduce", "add"),
        result="relu",
    )


def _mlpconv() -> Module:
    nodes = (
        Node(id="conv3x3", layer=convolution(192, 3), position=(0, 0)),
        Node(id="cccp1", layer=convolution(192), inputs=("conv3x3",), position=(0, ROW)),
        Node(id="cccp2", layer=convolution(192), inputs=("cccp1",), position=(0, 2 * ROW)),
    )
    return Module(
        name="mlpconv",
        title="mlpconv (NIN)",
        description="A convolution followed by two 1×1: a small perceptron slid over the map.",
        channels=192,
        nodes=nodes,
        open_inputs=("conv3x3",),
        result="cccp2",
    )


def _normed(channels: int, size: int = 1, activated: bool = True) -> Conv2d:
    return Conv2d(
        out_channels=channels,
        kernel=(size, size),
        padding=(size // 2, size // 2),
        bias=False,
        norm="batch",
        activation="relu" if activated else "none",
    )

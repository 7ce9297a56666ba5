"""Blocks of other papers that live by the 1×1 convolution, as sub-graphs.

Source: He et al., Deep Residual Learning, 2015 (arXiv 1512.03385), figure 5 (bottleneck, plain);
    Lin et al., Network In Network, 2013 (arXiv 1312.4400), section 3.1 (mlpconv);
    Iandola et al., SqueezeNet, 2016 (arXiv 1602.07360), table 1 (fire2);
    Sandler et al., MobileNetV2, 2018 (arXiv 1801.04381), tables 1 and 2 (inverted residual);
    Huang et al., Densely Connected Convolutional Networks, 2016 (arXiv 1608.06993), section 3 (DenseNet-B, k = 32);
    Xie et al., Aggregated Residual Transformations, 2016 (arXiv 1611.05431), table 1 (32×4d).
"""

import msgspec

from onebyone.design import Node
from onebyone.gallery.bricks import at, convolution, normed
from onebyone.gallery.modules import Module, ModuleField, Target, width
from onebyone.layers import Activation, Add, BatchNorm2d, Concat, Conv2d


def bottleneck() -> Module:
    """ResNet's bottleneck, as in the second stage."""
    return _residual(
        Module(
            name="resnet-bottleneck",
            title="ResNet bottleneck",
            description="1×1 down to a quarter of the channels, 3×3, 1×1 back up; the input is added again.",
            channels=256,
            nodes=(
                Node("reduce", normed(64)),
                Node("conv3x3", normed(64, (3, 3)), inputs=("reduce",)),
                Node("expand", normed(256, is_activated=False), inputs=("conv3x3",)),
            ),
            open_inputs=("reduce",),
            result="expand",
            fields=(
                width("inner", "inside", "reduce", "conv3x3"),
                width("outer", "out, as the input", "expand", follows_input=True),
            ),
        )
    )


def plain() -> Module:
    """Two 3×3 of the width that the bottleneck keeps outside: what it would cost not to narrow."""
    return _residual(
        Module(
            name="resnet-plain",
            title="ResNet plain",
            description="Two 3×3 convolutions at full width; the input is added again.",
            channels=256,
            nodes=(
                Node("conv3x3_1", normed(256, (3, 3))),
                Node("conv3x3_2", normed(256, (3, 3), is_activated=False), inputs=("conv3x3_1",)),
            ),
            open_inputs=("conv3x3_1",),
            result="conv3x3_2",
            fields=(
                width("inner", "inside", "conv3x3_1"),
                width("outer", "out, as the input", "conv3x3_2", follows_input=True),
            ),
        )
    )


def resnext() -> Module:
    """ResNeXt's bottleneck: the 3×3 in 32 groups of 4 channels."""
    return _residual(
        Module(
            name="resnext-bottleneck",
            title="ResNeXt bottleneck",
            description="A bottleneck whose 3×3 works in 32 separate groups; only the 1×1s mix them.",
            channels=256,
            nodes=(
                Node("reduce", normed(128)),
                Node("conv3x3", normed(128, (3, 3), groups=32), inputs=("reduce",)),
                Node("expand", normed(256, is_activated=False), inputs=("conv3x3",)),
            ),
            open_inputs=("reduce",),
            result="expand",
            fields=(
                width("inner", "inside", "reduce", "conv3x3"),
                ModuleField("groups", "groups of the 3×3", (Target("conv3x3", "groups"),)),
                width("outer", "out, as the input", "expand", follows_input=True),
            ),
        )
    )


def inverted_residual() -> Module:
    """MobileNetV2's block: 1×1 up, depthwise 3×3, 1×1 down without activation, the input added again."""
    depthwise = (Target("expand"), Target("depthwise"), Target("depthwise", "groups"))
    nodes = (
        Node("expand", _relu6(normed(144))),
        Node("depthwise", _relu6(normed(144, (3, 3), groups=144)), inputs=("expand",)),
        Node("project", normed(24, is_activated=False), inputs=("depthwise",)),
        Node("add", Add(), inputs=("project",)),
    )
    return Module(
        name="inverted-residual",
        title="Inverted bottleneck",
        description="MobileNetV2's: 1×1 up to six times the channels, a 3×3 on each by itself, 1×1 back down.",
        channels=24,
        nodes=_stacked(nodes),
        open_inputs=("expand", "add"),
        result="add",
        fields=(
            ModuleField("expanded", "inside", depthwise),
            width("outer", "out, as the input", "project", follows_input=True),
        ),
    )


def mlpconv() -> Module:
    """A convolution and two 1×1, the cccp layers; the kernel is 3×3, as in the third block of its CIFAR-10 model."""
    nodes = (
        Node("conv3x3", convolution(192, 3), position=at(0, 0)),
        Node("cccp1", convolution(192), inputs=("conv3x3",), position=at(0, 1)),
        Node("cccp2", convolution(192), inputs=("cccp1",), position=at(0, 2)),
    )
    return Module(
        name="mlpconv",
        title="mlpconv (NIN)",
        description="A convolution followed by two 1×1: a small perceptron slid over the map.",
        channels=192,
        nodes=nodes,
        open_inputs=("conv3x3",),
        result="cccp2",
        fields=(
            width("conv3x3", "3×3", "conv3x3"),
            width("cccp1", "first 1×1", "cccp1"),
            width("cccp2", "second 1×1", "cccp2"),
        ),
    )


def fire() -> Module:
    """SqueezeNet's fire module: a narrow 1×1 in front of a 1×1 and a 3×3."""
    nodes = (
        Node("squeeze", convolution(16), position=at(0.5, 0)),
        Node("expand1x1", convolution(64), inputs=("squeeze",), position=at(0, 1)),
        Node("expand3x3", convolution(64, 3), inputs=("squeeze",), position=at(1, 1)),
        Node("concat", Concat(), inputs=("expand1x1", "expand3x3"), position=at(0.5, 2.2)),
    )
    return Module(
        name="fire",
        title="Fire (SqueezeNet)",
        description="A 1×1 squeezes to a few channels, then a 1×1 and a 3×3 expand them.",
        channels=96,
        nodes=nodes,
        open_inputs=("squeeze",),
        result="concat",
        fields=(
            width("squeeze", "squeeze 1×1", "squeeze"),
            width("expand1x1", "expand 1×1", "expand1x1"),
            width("expand3x3", "expand 3×3", "expand3x3"),
        ),
    )


def dense_layer() -> Module:
    """DenseNet's layer: norm, ReLU, 1×1 to four times the growth, norm, ReLU, 3×3, put beside its input."""
    bare = Conv2d(32, (3, 3), padding=(1, 1), bias=False)
    nodes = (
        Node("norm1", BatchNorm2d(), position=at(0, 0)),
        Node("relu1", Activation("relu"), inputs=("norm1",), position=at(0, 1)),
        Node("conv1x1", normed(128), inputs=("relu1",), position=at(0, 2)),
        Node("conv3x3", bare, inputs=("conv1x1",), position=at(0, 3)),
        Node("concat", Concat(), inputs=("conv3x3",), position=at(0.5, 4.2)),
    )
    return Module(
        name="dense-layer",
        title="DenseNet layer",
        description="A 1×1 in front of a 3×3 that adds 32 channels to those it was given.",
        channels=64,
        nodes=nodes,
        open_inputs=("norm1", "concat"),
        result="concat",
        fields=(width("conv1x1", "1×1", "conv1x1"), width("growth", "growth, 3×3", "conv3x3")),
    )


def _residual(body: Module) -> Module:
    """A body with its input added to its result, then ReLU."""
    nodes = (
        *body.nodes,
        Node("add", Add(), inputs=(body.result,)),
        Node("relu", Activation("relu"), inputs=("add",)),
    )
    replace = msgspec.structs.replace
    return replace(body, nodes=_stacked(nodes), open_inputs=(*body.open_inputs, "add"), result="relu")


def _stacked(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Nodes below each other; those from the add on half a column to the right, where the shortcut comes in."""
    merge = next(place for place, node in enumerate(nodes) if node.id == "add")
    return tuple(
        msgspec.structs.replace(node, position=at(0, place) if place < merge else at(0.5, place + 0.2))
        for place, node in enumerate(nodes)
    )


def _relu6(layer: Conv2d) -> Conv2d:
    return msgspec.structs.replace(layer, activation="relu6")

"""AlexNet and Network in Network: what GoogLeNet measured itself against, and where its 1×1 convolutions come from."""

from onebyone.design import Design, Group
from onebyone.gallery.bricks import chain, convolution
from onebyone.layers import (
    Activation,
    AdaptiveAvgPool2d,
    AnyLayer,
    AvgPool2d,
    Conv2d,
    Dropout,
    Flatten,
    Input,
    Linear,
    MaxPool2d,
    Output,
)


def alexnet() -> Design:
    """AlexNet on one device, 224×224.

    Source: Krizhevsky, One weird trick for parallelizing convolutional neural networks, 2014 (arXiv 1404.5997), the
        form that torchvision ships; the network of 2012 splits some layers over two devices.
    """
    layers: list[tuple[str, AnyLayer]] = [
        ("input", Input(3, 224, 224)),
        ("conv1", Conv2d(64, (11, 11), (4, 4), (2, 2), activation="relu")),
        ("pool1", MaxPool2d((3, 3), (2, 2))),
        ("conv2", convolution(192, 5)),
        ("pool2", MaxPool2d((3, 3), (2, 2))),
        ("conv3", convolution(384, 3)),
        ("conv4", convolution(256, 3)),
        ("conv5", convolution(256, 3)),
        ("pool5", MaxPool2d((3, 3), (2, 2))),
        ("avgpool", AdaptiveAvgPool2d((6, 6))),
        ("flatten", Flatten()),
        ("dropout6", Dropout()),
        ("fc6", Linear(4096)),
        ("relu6", Activation("relu")),
        ("dropout7", Dropout()),
        ("fc7", Linear(4096)),
        ("relu7", Activation("relu")),
        ("fc8", Linear(1000)),
        ("output", Output()),
    ]
    notes = "Krizhevsky, One weird trick for parallelizing convolutional neural networks, 2014 (arXiv 1404.5997)"
    return Design("AlexNet", notes, chain("", *layers))


def nin() -> Design:
    """Network in Network for ImageNet: after each convolution two 1×1, the cccp layers; no fully connected layer.

    Source: Lin, Chen, Yan, Network In Network, 2013 (arXiv 1312.4400), section 3; channel numbers of the author's
        published ImageNet model, whose pools round up.
    """
    layers: list[tuple[str, AnyLayer]] = [("input", Input(3, 224, 224))]
    groups = []
    for place, block in enumerate(_mlpconvs(), start=1):
        layers += block
        groups.append(Group(f"mlpconv{place}", f"mlpconv {place}", tuple(name for name, _ in block)))
        if place < 4:
            layers.append((f"pool{place}", MaxPool2d((3, 3), (2, 2), ceil_mode=True)))
        if place == 3:
            layers.append(("dropout", Dropout()))
    layers += [("pool4", AvgPool2d((6, 6))), ("flatten", Flatten()), ("output", Output())]
    notes = "Lin, Chen, Yan, Network In Network, 2013 (arXiv 1312.4400); the author's ImageNet model"
    return Design("NIN", notes, chain("", *layers), tuple(groups))


def _mlpconvs() -> tuple[list[tuple[str, AnyLayer]], ...]:
    """A convolution and two 1×1 each."""
    return (
        [("conv1", Conv2d(96, (11, 11), (4, 4), activation="relu")), ("cccp1", convolution(96)),
         ("cccp2", convolution(96))],
        [("conv2", convolution(256, 5)), ("cccp3", convolution(256)), ("cccp4", convolution(256))],
        [("conv3", convolution(384, 3)), ("cccp5", convolution(384)), ("cccp6", convolution(384))],
        [("conv4", convolution(1024, 3)), ("cccp7", convolution(1024)), ("cccp8", convolution(1000))],
    )  # fmt: skip

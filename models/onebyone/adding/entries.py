"""What can be added to a design: the list behind the palette and the search."""

import msgspec

from onebyone import gallery
from onebyone.design import Node
from onebyone.layers import (
    Activation,
    AdaptiveAvgPool2d,
    AdaptiveMaxPool2d,
    Add,
    AvgPool2d,
    BatchNorm2d,
    ChannelScale,
    ChannelShuffle,
    Concat,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    GroupNorm,
    Input,
    InstanceNorm2d,
    LayerNorm,
    Linear,
    LocalResponseNorm,
    MaxPool2d,
    Multiply,
    Output,
    Pad2d,
    Scale,
    Slice,
    Subtract,
    Upsample,
)

#: The MIME type of a layer or the nodes of a module on their way from the palette.
LAYER_MIME = "application/x-onebyone-layer"


class PaletteEntry(msgspec.Struct, frozen=True):
    """One thing to drag: nodes with open inputs, the base of their ids, and words to find it by."""

    title: str
    base: str
    nodes: tuple[Node, ...]
    aliases: str = ""
    description: str = ""

    @property
    def is_module(self) -> bool:
        """Whether it adds several nodes."""
        return len(self.nodes) > 1

    @property
    def payload(self) -> bytes:
        """The entry as the canvas takes it when it is dropped."""
        content = {"nodes": self.nodes} if self.is_module else {"layer": self.nodes[0].layer}
        return msgspec.json.encode({"base": self.base, "title": self.title, **content})


def _entry(title: str, base: str, layer: object, aliases: str = "") -> PaletteEntry:
    return PaletteEntry(title, base, (Node(base, layer),), aliases)  # type: ignore[arg-type]


def _module_words(module: gallery.Module) -> str:
    return module.name.replace("-", " ")


def entries() -> dict[str, tuple[PaletteEntry, ...]]:
    """The palette's groups in order."""
    modules = tuple(
        PaletteEntry(
            module.title, module.name.replace("-", "_"), module.nodes, _module_words(module), module.description
        )
        for module in gallery.modules()
    )
    return {
        "Tensor": (_entry("Input", "input", Input(192, 28, 28)), _entry("Output", "output", Output())),
        "Convolution": (
            _entry(
                "1×1 conv",
                "conv1x1",
                Conv2d(64, activation="relu"),
                "1x1 pointwise cccp nin bottleneck reduction projection",
            ),
            _entry("3×3 conv", "conv3x3", Conv2d(128, (3, 3), padding=(1, 1), activation="relu"), "3x3 convolution"),
            _entry("5×5 conv", "conv5x5", Conv2d(32, (5, 5), padding=(2, 2), activation="relu"), "5x5 convolution"),
            _entry("Conv…", "conv", Conv2d(64, (7, 7), (2, 2), (3, 3), activation="relu"), "conv2d 7x7 convolution"),
        ),
        "Pooling": (
            _entry("Max pool", "pool", MaxPool2d((3, 3), (1, 1), (1, 1)), "maxpool mp max_pool2d"),
            _entry("Average pool", "avg_pool", AvgPool2d((3, 3), (1, 1), (1, 1)), "avgpool ap avg_pool2d mean"),
            _entry("Global average pool", "global_pool", AdaptiveAvgPool2d(), "adaptive gap avgpool"),
        ),
        "Merge": (
            _entry("Concat", "concat", Concat(), "cat join filter concatenation"),
            _entry("Add", "add", Add(), "sum residual shortcut skip plus"),
        ),
        "Modules": modules,
        "More": (
            _entry(
                "Activation",
                "activation",
                Activation("relu"),
                "relu gelu silu sigmoid softmax prelu elu mish clamp nonlinearity",
            ),
            _entry("Batch norm", "norm", BatchNorm2d(), "batchnorm batch_norm2d bn normalization"),
            _entry("Layer norm", "layer_norm", LayerNorm(), "layernorm ln normalization"),
            _entry("Group norm", "group_norm", GroupNorm(32), "groupnorm gn normalization"),
            _entry("Instance norm", "instance_norm", InstanceNorm2d(), "instancenorm normalization"),
            _entry("Local response norm", "lrn", LocalResponseNorm(), "lrn normalization"),
            _entry("Dropout", "dropout", Dropout()),
            _entry("Flatten", "flatten", Flatten()),
            _entry("Linear", "linear", Linear(1000), "fully connected fc dense"),
            _entry("Multiply", "multiply", Multiply(), "mul product gate se squeeze excitation"),
            _entry("Subtract", "subtract", Subtract(), "sub minus difference"),
            _entry("Scale", "scale", Scale(0.5), "constant factor"),
            _entry("Channel scale", "channel_scale", ChannelScale(), "channel_scale layerscale gamma affine"),
            _entry("Slice", "slice", Slice(0, 32), "split channels narrow"),
            _entry("Channel shuffle", "shuffle", ChannelShuffle(2), "shufflenet groups"),
            _entry("Upsample", "upsample", Upsample(), "nearest bilinear bicubic resize interpolate"),
            _entry(
                "Transposed conv",
                "up_conv",
                ConvTranspose2d(64),
                "conv_transpose2d convtranspose2d deconvolution upconvolution decoder",
            ),
            _entry("Global max pool", "global_max_pool", AdaptiveMaxPool2d(), "adaptive_max_pool2d gmp maxpool"),
            _entry(
                "Zero padding",
                "pad",
                Pad2d(1, 1, 1, 1),
                "pad2d zeropad2d border margin crop reflect replicate circular",
            ),
        ),
    }

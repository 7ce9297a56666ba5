"""The catalogue of layers: one class a kind."""

from onebyone.layers.activation import Activation, Dropout
from onebyone.layers.base import Costs, Family, Layer
from onebyone.layers.convolution import Conv2d
from onebyone.layers.head import Flatten, Linear
from onebyone.layers.merge import Add, Concat, Multiply, Subtract
from onebyone.layers.normalization import BatchNorm2d, GroupNorm, InstanceNorm2d, LayerNorm, LocalResponseNorm
from onebyone.layers.opaque import HeldTensor, Opaque
from onebyone.layers.padding import Pad2d
from onebyone.layers.pooling import AdaptiveAvgPool2d, AdaptiveMaxPool2d, AvgPool2d, MaxPool2d
from onebyone.layers.reshaping import ChannelShuffle, Slice
from onebyone.layers.scaling import ChannelScale, Scale
from onebyone.layers.tensor import Input, Output
from onebyone.layers.transposed import ConvTranspose2d
from onebyone.layers.upsampling import Upsample

AnyLayer = (
    Input
    | Output
    | Conv2d
    | MaxPool2d
    | AvgPool2d
    | AdaptiveAvgPool2d
    | Concat
    | Add
    | Multiply
    | Scale
    | BatchNorm2d
    | LocalResponseNorm
    | Activation
    | Dropout
    | Flatten
    | Linear
    | Slice
    | ChannelShuffle
    | Upsample
    | Pad2d
    | ConvTranspose2d
    | AdaptiveMaxPool2d
    | LayerNorm
    | GroupNorm
    | InstanceNorm2d
    | Opaque
    | ChannelScale
    | Subtract
)

CATALOGUE: dict[str, type[AnyLayer]] = {str(kind.__struct_config__.tag): kind for kind in AnyLayer.__args__}

__all__ = [
    "CATALOGUE", "Activation", "AdaptiveAvgPool2d", "AdaptiveMaxPool2d", "Add", "AnyLayer", "AvgPool2d", "BatchNorm2d",
    "ChannelScale", "ChannelShuffle", "Concat", "Conv2d", "ConvTranspose2d", "Costs", "Dropout", "Family", "Flatten",
    "GroupNorm", "HeldTensor", "Input", "InstanceNorm2d", "Layer", "LayerNorm", "Linear", "LocalResponseNorm",
    "MaxPool2d", "Multiply", "Opaque", "Output", "Pad2d", "Scale", "Slice", "Subtract", "Upsample",
]  # fmt: skip

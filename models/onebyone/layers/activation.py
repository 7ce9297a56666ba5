"""Pointwise functions: activations, scaling and dropout."""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from onebyone.layers.base import Family, Layer
from onebyone.shape import Shape

ActivationName = Literal[
    "relu", "relu6", "leaky_relu", "sigmoid", "tanh", "silu", "gelu", "hardswish", "hardsigmoid", "softmax"
]

TORCH_ACTIVATIONS = {
    "relu": "nn.ReLU()",
    "relu6": "nn.ReLU6()",
    "leaky_relu": "nn.LeakyReLU()",
    "sigmoid": "nn.Sigmoid()",
    "tanh": "nn.Tanh()",
    "silu": "nn.SiLU()",
    "gelu": "nn.GELU()",
    "hardswish": "nn.Hardswish()",
    "hardsigmoid": "nn.Hardsigmoid()",
    "softmax": "nn.Softmax(dim=1)",
}

ACTIVATION_TITLES = {
    "none": "none",
    "relu": "ReLU",
    "relu6": "ReLU6",
    "leaky_relu": "Leaky ReLU",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "silu": "SiLU",
    "gelu": "GELU",
    "hardswish": "Hardswish",
    "hardsigmoid": "Hardsigmoid",
    "softmax": "Softmax",
}


class Activation(Layer, frozen=True, tag="activation"):
    """A function of every value alone; softmax runs over the channels.

    Shape: S → S

    Source: torch.nn, "Non-linear activations".
    """

    function: ActivationName

    label: ClassVar[str] = "Activation"

    @property
    def family(self) -> Family:
        return "normalization"

    @property
    def type_name(self) -> str:
        return f"{ACTIVATION_TITLES[self.function]} activation"

    def torch_source(self, *inputs: Shape) -> str:
        return TORCH_ACTIVATIONS[self.function]

    def summary(self, *inputs: Shape) -> str:
        return ACTIVATION_TITLES[self.function]

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        return ("0 parameters, 0 MACs",)


class Dropout(Layer, frozen=True, tag="dropout"):
    """Zeroes each value with probability p in training; does nothing when measured.

    Shape: S → S

    Source: torch.nn.Dropout.
    """

    p: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.5

    label: ClassVar[str] = "Dropout"

    @property
    def family(self) -> Family:
        return "normalization"

    def torch_source(self, *inputs: Shape) -> str:
        return f"nn.Dropout({self.p!r})"

    def summary(self, *inputs: Shape) -> str:
        return f"p = {self.p:g}"

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        return ("0 parameters, 0 MACs: it does nothing in eval mode",)


class Scale(Layer, frozen=True, tag="scale"):
    """Multiplies every value by a constant.

    Shape: S → S
    """

    value: Annotated[float, Meta(ge=-1e6, le=1e6)]

    label: ClassVar[str] = "Scale"

    @property
    def family(self) -> Family:
        return "normalization"

    def torch_expression(self, attribute: str, arguments: tuple[str, ...]) -> str:
        return f"{arguments[0]} * {self.value!r}"

    def summary(self, *inputs: Shape) -> str:
        return f"× {self.value:g}"

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        return ("0 parameters; its multiplications are not counted as MACs",)

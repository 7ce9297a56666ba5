"""Pointwise functions: activations, scaling and dropout."""

from typing import Annotated, ClassVar, Literal, NamedTuple

from msgspec import Meta

from onebyone.layers.base import Family, Layer
from onebyone.shape import Shape


class Function(NamedTuple):
    """What a function is called and the torch module that computes it."""

    title: str
    source: str


ACTIVATIONS = {
    "relu": Function("ReLU", "nn.ReLU()"),
    "relu6": Function("ReLU6", "nn.ReLU6()"),
    "leaky_relu": Function("Leaky ReLU", "nn.LeakyReLU()"),
    "sigmoid": Function("Sigmoid", "nn.Sigmoid()"),
    "tanh": Function("Tanh", "nn.Tanh()"),
    "silu": Function("SiLU", "nn.SiLU()"),
    "gelu": Function("GELU", "nn.GELU()"),
    "hardswish": Function("Hardswish", "nn.Hardswish()"),
    "hardsigmoid": Function("Hardsigmoid", "nn.Hardsigmoid()"),
    "softmax": Function("Softmax", "nn.Softmax(dim=1)"),
}

ActivationName = Annotated[
    Literal["relu", "relu6", "leaky_relu", "sigmoid", "tanh", "silu", "gelu", "hardswish", "hardsigmoid", "softmax"],
    Meta(extra={"titles": {name: function.title for name, function in ACTIVATIONS.items()}}),
]


class Activation(Layer, frozen=True, tag="activation"):
    """A function of every value alone; softmax runs over the channels.

    Shape: S → S

    Source: torch.nn, "Non-linear activations".
    """

    function: Annotated[ActivationName, Meta(title="Function")]

    label: ClassVar[str] = "Activation"
    is_follower: ClassVar[bool] = True

    @property
    def family(self) -> Family:
        return "normalization"

    @property
    def type_name(self) -> str:
        return f"{ACTIVATIONS[self.function].title} activation"

    def torch_source(self, *inputs: Shape) -> str:
        return ACTIVATIONS[self.function].source

    def summary(self, *inputs: Shape) -> str:
        return ACTIVATIONS[self.function].title

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        return ("0 parameters, 0 MACs",)


class Dropout(Layer, frozen=True, tag="dropout"):
    """Zeroes each value with probability p in training; does nothing when measured.

    Shape: S → S

    Source: torch.nn.Dropout.
    """

    p: Annotated[float, Meta(title="Probability", ge=0.0, le=1.0)] = 0.5

    label: ClassVar[str] = "Dropout"
    is_follower: ClassVar[bool] = True

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

    Source: torch.mul.
    """

    value: Annotated[float, Meta(title="Factor", ge=-1e6, le=1e6)]

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

"""Pointwise functions: activations and dropout."""

from typing import Annotated, ClassVar, Literal, NamedTuple

from msgspec import Meta

from onebyone.layers.base import Costs, Family, Layer
from onebyone.quantity import count
from onebyone.shape import Shape

_LIMIT = 1e6


class Function(NamedTuple):
    """What a function is called, the torch module that computes it, or the torch function where there is no module."""

    title: str
    source: str = ""
    call: str = ""


#: Those that may follow a convolution in its node: without numbers of their own.
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
    "gelu_tanh": Function("GELU by tanh", 'nn.GELU(approximate="tanh")'),
    "mish": Function("Mish", "nn.Mish()"),
    "selu": Function("SELU", "nn.SELU()"),
    "softplus": Function("Softplus", "nn.Softplus()"),
}
FUNCTIONS = ACTIVATIONS | {
    "prelu": Function("PReLU", "nn.PReLU()"),
    "elu": Function("ELU", "nn.ELU()"),
    "clamp": Function("Clamp", call="torch.clamp"),
    "log_softmax": Function("Log softmax", "nn.LogSoftmax(dim=1)"),
    "abs": Function("Absolute value", call="torch.abs"),
    "exp": Function("Exponential", call="torch.exp"),
    "sqrt": Function("Square root", call="torch.sqrt"),
    "square": Function("Square", call="torch.square"),
    "neg": Function("Negative", call="torch.neg"),
}
_FIRST = frozenset({
    "relu", "relu6", "leaky_relu", "sigmoid", "tanh", "silu", "gelu", "hardswish", "hardsigmoid", "softmax",
})  # fmt: skip
_NOTES = {
    "titles": {name: function.title for name, function in FUNCTIONS.items()},
    "choices_since": {name: 3 for name in FUNCTIONS if name not in _FIRST},
}

ActivationName = Annotated[
    Literal[
        "relu", "relu6", "leaky_relu", "sigmoid", "tanh", "silu", "gelu", "hardswish", "hardsigmoid", "softmax",
        "gelu_tanh", "mish", "selu", "softplus",
    ],
    Meta(extra=_NOTES),
]  # fmt: skip
FunctionName = Annotated[
    ActivationName | Literal["prelu", "elu", "clamp", "log_softmax", "abs", "exp", "sqrt", "square", "neg"],
    Meta(title="Function", extra=_NOTES),
]
_OWN_FIELDS = {"leaky_relu": ("slope",), "prelu": ("per_channel",), "elu": ("alpha",), "clamp": ("minimum", "maximum")}
Bound = Annotated[float, Meta(ge=-_LIMIT, le=_LIMIT)] | None


class Activation(Layer, frozen=True, tag="activation"):
    """A function of every value alone; softmax and its logarithm run over the channels.

    `slope` is that of Leaky ReLU below zero, `alpha` the depth of ELU, `minimum` and `maximum` the ends of a clamp.
    PReLU learns its slope: one, or one for each channel.

    Shape: S → S

    Source: torch.nn, "Non-linear activations"; He et al., Delving Deep into Rectifiers, 2015 (PReLU).
    """

    function: FunctionName
    slope: Annotated[float, Meta(title="Slope", ge=-_LIMIT, le=_LIMIT, extra={"since": 3})] = 0.01
    per_channel: Annotated[bool, Meta(title="A slope for each channel", extra={"since": 3})] = False
    alpha: Annotated[float, Meta(title="Alpha", ge=-_LIMIT, le=_LIMIT, extra={"since": 3})] = 1.0
    minimum: Annotated[Bound, Meta(title="Minimum", extra={"since": 3, "absent": "none"})] = 0.0
    maximum: Annotated[Bound, Meta(title="Maximum", extra={"since": 3, "absent": "none"})] = 1.0

    label: ClassVar[str] = "Activation"
    is_follower: ClassVar[bool] = True

    @property
    def family(self) -> Family:
        return "normalization"

    @property
    def type_name(self) -> str:
        return f"{FUNCTIONS[self.function].title} activation"

    @property
    def idle_fields(self) -> tuple[str, ...]:
        own = _OWN_FIELDS.get(self.function, ())
        return tuple(name for fields in _OWN_FIELDS.values() for name in fields if name not in own)

    def cost(self, *inputs: Shape) -> Costs:
        return Costs(weights=self._slopes(inputs[0]))

    def _slopes(self, shape: Shape) -> int:
        """How many slopes are learned."""
        if self.function != "prelu":
            return 0
        return shape[0] if self.per_channel else 1

    def torch_source(self, *inputs: Shape) -> str:
        if self.function == "leaky_relu" and self.slope != 0.01:
            return f"nn.LeakyReLU({self.slope!r})"
        if self.function == "elu" and self.alpha != 1.0:
            return f"nn.ELU({self.alpha!r})"
        if self.function == "prelu" and self.per_channel:
            return f"nn.PReLU({inputs[0][0]})"
        return FUNCTIONS[self.function].source

    def tensors(self, *inputs: Shape) -> dict[str, Shape]:
        slopes = self._slopes(inputs[0])
        return {"weight": (slopes,)} if slopes else {}

    def torch_expression(self, attribute: str, arguments: tuple[str, ...]) -> str:
        call = FUNCTIONS[self.function].call
        if not call:
            return super().torch_expression(attribute, arguments)
        if self.function != "clamp":
            return f"{call}({arguments[0]})"
        ends = [
            f"{name}={value!r}" for name, value in (("min", self.minimum), ("max", self.maximum)) if value is not None
        ]
        return f"{call}({', '.join((arguments[0], *ends))})" if ends else arguments[0]

    def summary(self, *inputs: Shape) -> str:
        title = FUNCTIONS[self.function].title
        if self.function == "leaky_relu" and self.slope != 0.01:
            return f"{title} {self.slope:g}"
        if self.function == "elu" and self.alpha != 1.0:
            return f"{title} {self.alpha:g}"
        if self.function == "prelu" and self.per_channel:
            return f"{title} a channel"
        if self.function == "clamp":
            least = "−∞" if self.minimum is None else f"{self.minimum:g}"
            most = "∞" if self.maximum is None else f"{self.maximum:g}"
            return f"{title} {least} to {most}"
        return title

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        slopes = self._slopes(inputs[0])
        return (f"{count(slopes)} slope{'' if slopes == 1 else 's'}, 0 MACs" if slopes else "0 parameters, 0 MACs",)


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

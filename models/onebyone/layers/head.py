"""The head of a classifier: from feature map to vector."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from msgspec import Meta

from onebyone.layers.base import Bias, Channels, Costs, Family, Layer
from onebyone.layers.finding import Finding
from onebyone.quantity import count
from onebyone.quantity import macs as shown_macs
from onebyone.quantity import shape as shown_shape
from onebyone.shape import WHOLE, Field, Shape, elements


class Flatten(Layer, frozen=True, tag="flatten"):
    """Lays a feature map out as a vector.

    Shape: (C, H, W) → (C·H·W,)

    Source: torch.flatten.
    """

    label: ClassVar[str] = "Flatten"
    keeps_rank: ClassVar[bool] = False

    @property
    def family(self) -> Family:
        return "head"

    def output_shape(self, *inputs: Shape) -> Shape:
        return (elements(inputs[0]),)

    def receptive_field(self, axis: int, inputs: tuple[Shape, ...], fields: tuple[Field, ...]) -> Field:
        return WHOLE

    def torch_expression(self, attribute: str, arguments: tuple[str, ...]) -> str:
        return f"torch.flatten({arguments[0]}, 1)"

    def summary(self, *inputs: Shape) -> str:
        return "to a vector"

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        factors = "·".join(str(axis) for axis in inputs[0])
        return (f"{factors} = {elements(inputs[0]):,} features", "0 parameters, 0 MACs")


class Linear(Layer, frozen=True, tag="linear"):
    """A fully connected layer.

    Shape: (in_features,) → (out_features,)

    Source: torch.nn.Linear.
    """

    out_features: Annotated[Channels, Meta(title="Output features", extra={"unit": "features"})]
    bias: Bias = True

    label: ClassVar[str] = "Linear"
    needs_vector: ClassVar[bool] = True
    learns: ClassVar[bool] = True

    @property
    def family(self) -> Family:
        return "head"

    def problems(self, *inputs: Shape) -> Iterator[Finding]:
        if len(inputs[0]) > 1:
            yield Finding(
                "rank-mismatch",
                f"it needs a vector, but gets a feature map {shown_shape(inputs[0])}; put a flatten before it.",
            )

    def output_shape(self, *inputs: Shape) -> Shape:
        return (self.out_features,)

    def cost(self, *inputs: Shape) -> Costs:
        weights = inputs[0][0] * self.out_features
        return Costs(weights, self.out_features if self.bias else 0, 0, weights)

    def receptive_field(self, axis: int, inputs: tuple[Shape, ...], fields: tuple[Field, ...]) -> Field:
        return WHOLE

    def torch_source(self, *inputs: Shape) -> str:
        return f"nn.Linear({inputs[0][0]}, {self.out_features}{'' if self.bias else ', bias=False'})"

    def tensors(self, *inputs: Shape) -> dict[str, Shape]:
        weight: Shape = (self.out_features, inputs[0][0])
        return {"weight": weight} | ({"bias": (self.out_features,)} if self.bias else {})

    def summary(self, *inputs: Shape) -> str:
        return f"{self.out_features:,} features"

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        costs = self.cost(*inputs)
        biases = f" + {count(costs.biases)} biases" if self.bias else ""
        return (
            f"{inputs[0][0]:,}·{self.out_features:,} = {count(costs.weights)} weights{biases}",
            f"{shown_macs(costs.macs)} MACs",
        )

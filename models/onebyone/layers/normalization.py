"""Normalisations that stand alone."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from msgspec import Meta

from onebyone.layers.base import Costs, Family, Layer, needs_feature_map
from onebyone.layers.convolution import norm_tensors
from onebyone.layers.finding import Finding
from onebyone.quantity import count
from onebyone.shape import Shape


class BatchNorm2d(Layer, frozen=True, tag="batch_norm2d"):
    """Batch normalisation: scale and shift of each channel, running statistics when measured.

    Shape: (C, H, W) → (C, H, W)

    Source: torch.nn.BatchNorm2d; Ioffe and Szegedy, Batch Normalization, 2015.
    """

    eps: Annotated[float, Meta(title="Epsilon", gt=0.0, le=1.0)] = 1e-5

    label: ClassVar[str] = "BatchNorm2d"
    is_follower: ClassVar[bool] = True
    learns: ClassVar[bool] = True

    @property
    def family(self) -> Family:
        return "normalization"

    @property
    def type_name(self) -> str:
        return "Batch norm"

    @property
    def has_batch_norm(self) -> bool:
        return True

    def problems(self, *inputs: Shape) -> Iterator[Finding]:
        return needs_feature_map(self, inputs[0])

    def cost(self, *inputs: Shape) -> Costs:
        return Costs(norm=2 * inputs[0][0])

    def torch_source(self, *inputs: Shape) -> str:
        eps = f", eps={self.eps!r}" if self.eps != 1e-5 else ""
        return f"nn.BatchNorm2d({inputs[0][0]}{eps})"

    def tensors(self, *inputs: Shape) -> dict[str, Shape]:
        return norm_tensors(inputs[0][0])

    def summary(self, *inputs: Shape) -> str:
        return "batch norm"

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        return (f"2·{inputs[0][0]:,} = {count(2 * inputs[0][0])} scale and shift", "0 MACs")


class LocalResponseNorm(Layer, frozen=True, tag="local_response_norm"):
    """Divides each value by the activity of its neighbours across channels.

    Shape: (C, H, W) → (C, H, W)

    Source: torch.nn.LocalResponseNorm; Krizhevsky et al., ImageNet Classification, 2012, section 3.3.
    """

    size: Annotated[int, Meta(title="Size", ge=1, le=1023, extra={"unit": "channels"})] = 5
    alpha: Annotated[float, Meta(title="Alpha", ge=0.0, le=1e6)] = 1e-4
    beta: Annotated[float, Meta(title="Beta", ge=0.0, le=100.0)] = 0.75
    k: Annotated[float, Meta(title="k", ge=0.0, le=1e6)] = 1.0

    label: ClassVar[str] = "LocalResponseNorm"

    @property
    def family(self) -> Family:
        return "normalization"

    @property
    def type_name(self) -> str:
        return "Local response norm"

    def problems(self, *inputs: Shape) -> Iterator[Finding]:
        return needs_feature_map(self, inputs[0])

    def torch_source(self, *inputs: Shape) -> str:
        return f"nn.LocalResponseNorm({self.size}, alpha={self.alpha!r}, beta={self.beta!r}, k={self.k!r})"

    def summary(self, *inputs: Shape) -> str:
        return f"LRN over {self.size}"

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        return ("0 parameters; its divisions are not counted as MACs",)

"""Normalisations that stand alone."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from msgspec import Meta

from onebyone.layers.base import Bias, Costs, Family, Groups, Layer, needs_feature_map
from onebyone.layers.convolution import largest_divisor
from onebyone.layers.finding import Finding
from onebyone.layers.norms import (
    NORMS,
    USUAL_EPS,
    Epsilon,
    groups_of_norm,
    norm_helpers,
    norm_line,
    norm_source,
    norm_tensors,
    single_value,
)
from onebyone.quantity import count
from onebyone.shape import FEATURE_MAP_RANK, WHOLE, Field, Shape, elements

Affine = Annotated[bool, Meta(title="Scale and shift")]
LaterAffine = Annotated[bool, Meta(title="Scale and shift", extra={"since": 3})]


class _Norm(Layer, frozen=True):
    """A normalisation with scale and shift of each channel where asked."""

    norm: ClassVar[str]
    is_follower: ClassVar[bool] = True

    @property
    def family(self) -> Family:
        return "normalization"

    @property
    def type_name(self) -> str:
        return NORMS[self.norm]

    def cost(self, *inputs: Shape) -> Costs:
        return Costs(norm=sum(map(elements, self._learned(inputs[0][0]).values())))

    def _learned(self, channels: int) -> dict[str, Shape]:
        """Scale and shift, by their names in the state_dict."""
        raise AssertionError("every norm says what it learns")

    def tensors(self, *inputs: Shape) -> dict[str, Shape]:
        return self._learned(inputs[0][0])

    def summary(self, *inputs: Shape) -> str:
        return NORMS[self.norm].lower()

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        learned = self._learned(inputs[0][0])
        if len(learned) == 2:
            return norm_line("scale and shift", inputs[0][0]), "0 MACs"
        return (f"{count(inputs[0][0])} scale" if learned else "0 parameters"), "0 MACs"


class BatchNorm2d(_Norm, frozen=True, tag="batch_norm2d"):
    """Batch normalisation: scale and shift of each channel, running statistics when measured.

    Shape: (C, H, W) → (C, H, W)

    Source: torch.nn.BatchNorm2d; Ioffe and Szegedy, Batch Normalization, 2015.
    """

    eps: Epsilon = USUAL_EPS
    affine: LaterAffine = True

    label: ClassVar[str] = "BatchNorm2d"
    norm: ClassVar[str] = "batch"
    learns: ClassVar[bool] = True

    @property
    def has_batch_norm(self) -> bool:
        return True

    def problems(self, *inputs: Shape) -> Iterator[Finding]:
        return needs_feature_map(self, inputs[0])

    def torch_source(self, *inputs: Shape) -> str:
        return norm_source("batch", inputs[0][0], self.eps, 1, **({} if self.affine else {"affine": False}))

    def _learned(self, channels: int) -> dict[str, Shape]:
        return {"weight": (channels,), "bias": (channels,)} if self.affine else {}

    def tensors(self, *inputs: Shape) -> dict[str, Shape]:
        return norm_tensors("batch", inputs[0][0], self.affine)


class LayerNorm(_Norm, frozen=True, tag="layer_norm"):
    """Layer normalisation over the channels: of a map at each position alone, of a vector over its features.

    Shape: S → S

    Source: torch.nn.LayerNorm; Ba et al., Layer Normalization, 2016; Liu et al., A ConvNet for the 2020s, 2022.
    """

    eps: Epsilon = USUAL_EPS
    affine: Affine = True
    bias: Bias = True

    label: ClassVar[str] = "LayerNorm"
    norm: ClassVar[str] = "layer"
    since: ClassVar[int] = 3
    learns: ClassVar[bool] = True

    @property
    def idle_fields(self) -> tuple[str, ...]:
        return () if self.affine else ("bias",)

    def torch_source(self, *inputs: Shape) -> str:
        arguments = {} if self.affine else {"elementwise_affine": False}
        if self.affine and not self.bias:
            arguments["bias"] = False
        source = norm_source("layer", inputs[0][0], self.eps, 1, **arguments)
        return source if len(inputs[0]) == FEATURE_MAP_RANK else f"nn.LayerNorm({source.partition('(')[2]}"

    def helpers(self, *inputs: Shape) -> dict[str, str]:
        return norm_helpers("layer") if len(inputs[0]) == FEATURE_MAP_RANK else {}

    def _learned(self, channels: int) -> dict[str, Shape]:
        return norm_tensors("layer", channels, self.affine, self.bias)


class GroupNorm(_Norm, frozen=True, tag="group_norm"):
    """Group normalisation: mean and variance over all positions of the channels of a group.

    Shape: S → S, for a map or a vector

    Source: torch.nn.GroupNorm; Wu and He, Group Normalization, 2018.
    """

    groups: Groups
    eps: Epsilon = USUAL_EPS
    affine: Affine = True

    label: ClassVar[str] = "GroupNorm"
    norm: ClassVar[str] = "group"
    since: ClassVar[int] = 3
    learns: ClassVar[bool] = True

    def problems(self, *inputs: Shape) -> Iterator[Finding]:
        channels = inputs[0][0]
        if channels % self.groups:
            yield groups_of_norm(channels, self.groups, largest_divisor(channels, self.groups), "groups")
        elif elements(inputs[0]) == self.groups:
            yield single_value("group")

    def receptive_field(self, axis: int, inputs: tuple[Shape, ...], fields: tuple[Field, ...]) -> Field:
        return WHOLE

    def torch_source(self, *inputs: Shape) -> str:
        return norm_source("group", inputs[0][0], self.eps, self.groups, **({} if self.affine else {"affine": False}))

    def _learned(self, channels: int) -> dict[str, Shape]:
        return norm_tensors("group", channels, self.affine)

    def summary(self, *inputs: Shape) -> str:
        return f"group norm · {self.groups:,} {'groups' if self.groups > 1 else 'group'}"


class InstanceNorm2d(_Norm, frozen=True, tag="instance_norm"):
    """Instance normalisation: mean and variance over all positions of each channel alone.

    Shape: (C, H, W) → (C, H, W)

    Source: torch.nn.InstanceNorm2d; Ulyanov et al., Instance Normalization, 2016.
    """

    eps: Epsilon = USUAL_EPS
    affine: Affine = False

    label: ClassVar[str] = "InstanceNorm2d"
    norm: ClassVar[str] = "instance"
    since: ClassVar[int] = 3

    def problems(self, *inputs: Shape) -> Iterator[Finding]:
        if len(inputs[0]) != FEATURE_MAP_RANK:
            yield from needs_feature_map(self, inputs[0])
        elif inputs[0][1:] == (1, 1):
            yield single_value("instance")

    def receptive_field(self, axis: int, inputs: tuple[Shape, ...], fields: tuple[Field, ...]) -> Field:
        return WHOLE

    def torch_source(self, *inputs: Shape) -> str:
        return norm_source("instance", inputs[0][0], self.eps, 1, **({"affine": True} if self.affine else {}))

    def _learned(self, channels: int) -> dict[str, Shape]:
        return norm_tensors("instance", channels, self.affine)


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

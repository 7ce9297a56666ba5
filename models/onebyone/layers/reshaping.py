"""Layers that only choose, reorder or repeat values."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from onebyone.layers.base import Channels, Family, Groups, Layer, needs_feature_map
from onebyone.layers.convolution import largest_divisor
from onebyone.layers.finding import Finding, Repair
from onebyone.layers.windows import source_pair
from onebyone.quantity import pair
from onebyone.shape import MAX_CHANNELS, Field, Shape, Whole, widen

MAX_SCALE = 64
_Factor = Annotated[int, Meta(ge=1, le=MAX_SCALE)]


class Slice(Layer, frozen=True, tag="slice"):
    """Some of the channels: from `start`, up to but not including `stop`.

    Shape: (C, H, W) → (stop − start, H, W)

    Source: torch.narrow.
    """

    start: Annotated[int, Meta(title="First channel", ge=0, le=MAX_CHANNELS)]
    stop: Annotated[Channels, Meta(title="Stop before channel")]

    label: ClassVar[str] = "Slice"

    @property
    def family(self) -> Family:
        return "merge"

    def problems(self, *inputs: Shape) -> Iterator[Finding]:
        channels = inputs[0][0]
        if self.start >= self.stop or self.stop > channels:
            start = min(self.start, channels - 1)
            stop = min(self.stop, channels) if min(self.stop, channels) > start else channels
            yield Finding(
                "slice-out-of-range",
                f"channels {self.start:,} to {self.stop:,} of {channels:,} are asked for;"
                f" start must be less than stop, and stop at most {channels:,}.",
                (Repair(f"Take channels {start:,} to {stop:,}", {"start": start, "stop": stop}),),
            )

    def output_shape(self, *inputs: Shape) -> Shape:
        return self.stop - self.start, *inputs[0][1:]

    def torch_expression(self, attribute: str, arguments: tuple[str, ...]) -> str:
        return f"{arguments[0]}[:, {self.start}:{self.stop}]"

    def summary(self, *inputs: Shape) -> str:
        return f"channels {self.start:,} to {self.stop:,}"

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        return (f"{self.stop:,} − {self.start:,} = {self.stop - self.start:,} channels", "0 parameters, 0 MACs")


class ChannelShuffle(Layer, frozen=True, tag="channel_shuffle"):
    """Interleaves groups of channels, so that grouped convolutions mix.

    Shape: (C, H, W) → (C, H, W)

    Source: torch.nn.ChannelShuffle; Zhang et al., ShuffleNet, 2017.
    """

    groups: Groups

    label: ClassVar[str] = "ChannelShuffle"

    @property
    def family(self) -> Family:
        return "merge"

    @property
    def type_name(self) -> str:
        return "Channel shuffle"

    def problems(self, *inputs: Shape) -> Iterator[Finding]:
        channels = inputs[0][0]
        if len(inputs[0]) == 1:
            yield from needs_feature_map(self, inputs[0])
        elif channels % self.groups:
            fitting = largest_divisor(channels, self.groups)
            yield Finding(
                "groups-do-not-divide",
                f"{channels:,} channels do not divide into {self.groups:,} groups; use {fitting:,}.",
                (Repair(f"Set groups to {fitting:,}", {"groups": fitting}),),
            )

    def torch_source(self, *inputs: Shape) -> str:
        return f"nn.ChannelShuffle({self.groups})"

    def summary(self, *inputs: Shape) -> str:
        return f"{self.groups:,} groups"

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        return ("0 parameters, 0 MACs: it only reorders",)


class Upsample(Layer, frozen=True, tag="upsample"):
    """Repeats or interpolates values to a larger size.

    Shape: (C, H, W) → (C, H·scale, W·scale)

    Source: torch.nn.Upsample.
    """

    scale_factor: Annotated[tuple[_Factor, _Factor], Meta(title="Scale factor")] = (2, 2)
    mode: Annotated[
        Literal["nearest", "bilinear"],
        Meta(title="Mode", extra={"titles": {"nearest": "Nearest", "bilinear": "Bilinear"}}),
    ] = "nearest"

    label: ClassVar[str] = "Upsample"

    @property
    def family(self) -> Family:
        return "pooling"

    def problems(self, *inputs: Shape) -> Iterator[Finding]:
        return needs_feature_map(self, inputs[0])

    def output_shape(self, *inputs: Shape) -> Shape:
        channels, height, width = inputs[0]
        return channels, height * self.scale_factor[0], width * self.scale_factor[1]

    def receptive_field(self, axis: int, inputs: tuple[Shape, ...], fields: tuple[Field, ...]) -> Field:
        field, factor = fields[0], self.scale_factor[axis]
        if isinstance(field, Whole) or factor == 1:
            return field
        # Bilinear interpolation looks at two neighbours; positions then lie closer together than pixels.
        return widen(field, (2 if self.mode == "bilinear" else 1, Fraction(1, factor)))

    def torch_source(self, *inputs: Shape) -> str:
        mode = ', mode="bilinear"' if self.mode == "bilinear" else ""
        factor = self.scale_factor
        return f"nn.Upsample(scale_factor={source_pair(factor)}{mode})"

    def summary(self, *inputs: Shape) -> str:
        return f"{self.mode} × {pair(self.scale_factor)}"

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        return ("0 parameters; interpolation is not counted as MACs",)

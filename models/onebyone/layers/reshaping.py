"""Layers that only choose or reorder channels."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from msgspec import Meta

from onebyone.layers.base import Channels, Family, Groups, Layer, needs_feature_map
from onebyone.layers.convolution import largest_divisor
from onebyone.layers.finding import Finding, Repair
from onebyone.shape import MAX_CHANNELS, Shape


class Slice(Layer, frozen=True, tag="slice"):
    """Some of the channels: from `start`, up to but not including `stop`, each or every so many.

    Shape: (C, H, W) → (ceil((stop − start) / step), H, W)

    Source: torch.narrow; torch.Tensor, "Indexing, Slicing".
    """

    start: Annotated[int, Meta(title="First channel", ge=0, le=MAX_CHANNELS)]
    stop: Annotated[Channels, Meta(title="Stop before channel")]
    step: Annotated[Channels, Meta(title="Step", extra={"unit": "channels", "since": 3})] = 1

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
        return self._channels, *inputs[0][1:]

    @property
    def _channels(self) -> int:
        return -(-(self.stop - self.start) // self.step)

    def torch_expression(self, attribute: str, arguments: tuple[str, ...]) -> str:
        step = f":{self.step}" if self.step > 1 else ""
        return f"{arguments[0]}[:, {self.start}:{self.stop}{step}]"

    def summary(self, *inputs: Shape) -> str:
        return f"channels {self.start:,} to {self.stop:,}" + (f" by {self.step:,}" if self.step > 1 else "")

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        difference = f"{self.stop:,} − {self.start:,}"
        chosen = f"({difference}) / {self.step:,}, rounded up" if self.step > 1 else difference
        return (f"{chosen} = {self._channels:,} channels", "0 parameters, 0 MACs")


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

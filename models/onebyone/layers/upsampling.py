"""Resizing: maps repeated or interpolated, by a factor or to a size."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta

from onebyone.layers.base import PIXELS, Family, Layer, Size, needs_feature_map
from onebyone.layers.finding import Finding
from onebyone.layers.windows import source_pair
from onebyone.quantity import pair
from onebyone.shape import Field, Pair, Shape, Whole, widen

MAX_SCALE = 64
_Factor = Annotated[int, Meta(ge=1, le=MAX_SCALE)]
_TITLES = {"nearest": "Nearest", "bilinear": "Bilinear", "bicubic": "Bicubic"}
# How many pixels along an axis are weighted for one of the result.
_NEIGHBOURS = {"nearest": 1, "bilinear": 2, "bicubic": 4}


class Upsample(Layer, frozen=True, tag="upsample"):
    """Repeats or interpolates values to a larger size, or to a smaller one.

    With `align_corners` the pixels in the corners stay where they are, otherwise the corners of the map do.

    Shape: (C, H, W) → (C, H·scale, W·scale), or (C, *size) where there is a size

    Source: torch.nn.Upsample; Keys, Cubic Convolution Interpolation, 1981.
    """

    scale_factor: Annotated[tuple[_Factor, _Factor], Meta(title="Scale factor")] = (2, 2)
    mode: Annotated[
        Literal["nearest", "bilinear", "bicubic"],
        Meta(title="Mode", extra={"titles": _TITLES, "choices_since": {"bicubic": 3}}),
    ] = "nearest"
    size: Annotated[
        tuple[Size, Size] | None, Meta(title="Size", extra={**PIXELS, "absent": "by the scale factor", "since": 3})
    ] = None
    align_corners: Annotated[bool, Meta(title="Align corners", extra={"since": 3})] = False

    label: ClassVar[str] = "Upsample"

    @property
    def family(self) -> Family:
        return "pooling"

    @property
    def idle_fields(self) -> tuple[str, ...]:
        idle = ("scale_factor",) if self.size is not None else ()
        return (*idle, "align_corners") if self.mode == "nearest" else idle

    def resizings(self, wanted: Pair, *inputs: Shape) -> Iterator[dict[str, Any]]:
        yield {"size": wanted}

    def problems(self, *inputs: Shape) -> Iterator[Finding]:
        return needs_feature_map(self, inputs[0])

    def output_shape(self, *inputs: Shape) -> Shape:
        channels, height, width = inputs[0]
        if self.size is not None:
            return channels, *self.size
        return channels, height * self.scale_factor[0], width * self.scale_factor[1]

    def receptive_field(self, axis: int, inputs: tuple[Shape, ...], fields: tuple[Field, ...]) -> Field:
        field, before, after = fields[0], inputs[0][1 + axis], self.output_shape(*inputs)[1 + axis]
        if isinstance(field, Whole) or before == after:
            return field
        step = self._step(before, after)
        pixels = 1 if self._hits_pixels(step) else min(_NEIGHBOURS[self.mode], before)
        return widen(field, (pixels, step or 1))

    def _step(self, before: int, after: int) -> Fraction:
        """How far neighbours of the result lie apart, in pixels of the map."""
        if self.align_corners and self.mode != "nearest":
            return Fraction(before - 1, after - 1) if after > 1 else Fraction(0)
        return Fraction(before, after)

    def _hits_pixels(self, step: Fraction) -> bool:
        """Whether every pixel of the result lies on one of the map, so that its neighbours have no weight."""
        return step.denominator == 1 and (self.align_corners or step.numerator % 2 == 1)

    def torch_source(self, *inputs: Shape) -> str:
        target = f"scale_factor={source_pair(self.scale_factor)}" if self.size is None else f"size={self.size}"
        mode = f', mode="{self.mode}"' if self.mode != "nearest" else ""
        corners = ", align_corners=True" if self.align_corners and self.mode != "nearest" else ""
        return f"nn.Upsample({target}{mode}{corners})"

    def summary(self, *inputs: Shape) -> str:
        return f"{self.mode} × {pair(self.scale_factor)}" if self.size is None else f"{self.mode} to {pair(self.size)}"

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        return ("0 parameters; interpolation is not counted as MACs",)

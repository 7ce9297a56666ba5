"""Padding that stands alone: rows and columns around a map."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from onebyone.layers.base import PIXELS, Family, Layer, Padding, needs_feature_map
from onebyone.layers.finding import Finding
from onebyone.shape import Pair, Shape


class Pad2d(Layer, frozen=True, tag="pad2d"):
    """Rows and columns of zeros around a map, on each side as many as wanted.

    Its receptive field is that of its input: what it adds comes from no pixel.

    Shape: (C, H, W) → (C, top + H + bottom, left + W + right)

    Source: torch.nn.ZeroPad2d.
    """

    left: Annotated[Padding, Meta(title="Left", extra=PIXELS)] = 0
    right: Annotated[Padding, Meta(title="Right", extra=PIXELS)] = 0
    top: Annotated[Padding, Meta(title="Top", extra=PIXELS)] = 0
    bottom: Annotated[Padding, Meta(title="Bottom", extra=PIXELS)] = 0

    label: ClassVar[str] = "Pad2d"
    since: ClassVar[int] = 3

    @property
    def family(self) -> Family:
        return "pooling"

    @property
    def type_name(self) -> str:
        return "Zero padding"

    def setting(self, name: str, value: Pair) -> dict[str, Any]:
        if name not in {"", "padding"}:
            return {}
        return {"left": value[1], "right": value[1], "top": value[0], "bottom": value[0]}

    def resizings(self, wanted: Pair, *inputs: Shape) -> Iterator[dict[str, Any]]:
        height, width = (wanted[axis] - inputs[0][1 + axis] for axis in (0, 1))
        even = {"left": width // 2, "right": width - width // 2, "top": height // 2, "bottom": height - height // 2}
        for sides in (even, {"right": width - self.left, "bottom": height - self.top}):
            yield {side: size for side, size in sides.items() if size != getattr(self, side)}

    def problems(self, *inputs: Shape) -> Iterator[Finding]:
        return needs_feature_map(self, inputs[0])

    def output_shape(self, *inputs: Shape) -> Shape:
        channels, height, width = inputs[0]
        return channels, self.top + height + self.bottom, self.left + width + self.right

    def torch_source(self, *inputs: Shape) -> str:
        sides = self._sides
        return f"nn.ZeroPad2d({sides[0] if len(set(sides)) == 1 else sides})"

    @property
    def _sides(self) -> tuple[int, int, int, int]:
        """In torch's order."""
        return self.left, self.right, self.top, self.bottom

    def summary(self, *inputs: Shape) -> str:
        if len(set(self._sides)) == 1:
            return f"{self.left:,} on all sides"
        named = zip(("left", "right", "top", "bottom"), self._sides, strict=True)
        return " · ".join(f"{name} {size:,}" for name, size in named if size)

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        _, height, width = inputs[0]
        _, high, wide = self.output_shape(*inputs)
        return (
            f"{self.top:,} + {height:,} + {self.bottom:,} = {high:,} high,"
            f" {self.left:,} + {width:,} + {self.right:,} = {wide:,} wide",
            "0 parameters, 0 MACs: it only adds zeros",
        )

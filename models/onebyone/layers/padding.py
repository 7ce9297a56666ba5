"""Padding that stands alone: rows and columns around a map, or cut off it."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta

from onebyone.layers.base import PIXELS, Family, Layer, needs_feature_map
from onebyone.layers.finding import Finding, Repair
from onebyone.quantity import pair
from onebyone.shape import MAX_SIZE, Pair, Shape

_Side = Annotated[int, Meta(ge=-MAX_SIZE, le=MAX_SIZE)]
_NAMES = ("left", "right", "top", "bottom")
_TITLES = {"constant": "Constant", "reflect": "Reflect", "replicate": "Replicate", "circular": "Circular"}
_WORDS = {"constant": "Padding", "reflect": "Reflection", "replicate": "Replication", "circular": "Circular padding"}
_MODULES = {"reflect": "ReflectionPad2d", "replicate": "ReplicationPad2d", "circular": "CircularPad2d"}


class Pad2d(Layer, frozen=True, tag="pad2d"):
    """Rows and columns around a map, on each side as many as wanted; a side below zero is cut off instead.

    They hold zeros or another constant, or values of the map: mirrored, those of its edge again and again, or those of
    the other side. The receptive field is that of the input: what is added comes from one pixel or from none.

    Shape: (C, H, W) → (C, top + H + bottom, left + W + right)

    Source: torch.nn.ConstantPad2d, ReflectionPad2d, ReplicationPad2d and CircularPad2d.
    """

    left: Annotated[_Side, Meta(title="Left", extra=PIXELS)] = 0
    right: Annotated[_Side, Meta(title="Right", extra=PIXELS)] = 0
    top: Annotated[_Side, Meta(title="Top", extra=PIXELS)] = 0
    bottom: Annotated[_Side, Meta(title="Bottom", extra=PIXELS)] = 0
    mode: Annotated[
        Literal["constant", "reflect", "replicate", "circular"], Meta(title="Mode", extra={"titles": _TITLES})
    ] = "constant"
    value: Annotated[float, Meta(title="Value", ge=-1e6, le=1e6)] = 0.0

    label: ClassVar[str] = "Pad2d"
    since: ClassVar[int] = 3

    @property
    def family(self) -> Family:
        return "pooling"

    @property
    def type_name(self) -> str:
        if self._sides != (0, 0, 0, 0) and max(self._sides) <= 0:
            return "Crop"
        return "Zero padding" if self.mode == "constant" and not self.value else _WORDS[self.mode]

    @property
    def idle_fields(self) -> tuple[str, ...]:
        return () if self.mode == "constant" else ("value",)

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
        if len(inputs[0]) == 1:
            yield from needs_feature_map(self, inputs[0])
            return
        _, height, width = inputs[0]
        limits = {"reflect": (height - 1, width - 1), "circular": (height, width)}.get(self.mode)
        if limits is not None and any(
            size > limit for size, limit in zip(self._sides, self._each(limits), strict=True)
        ):
            yield self._too_large(inputs[0], limits)
        elif min(self.output_shape(*inputs)[1:]) < 1 or self._crosses(height, width):
            yield Finding("padding-too-large", f"it cuts off all of a map of {height}×{width}; cut off less.")

    def _crosses(self, height: int, width: int) -> bool:
        """Whether one side is cut off beyond the other; padding that cannot make up for."""
        return any(size + limit < 1 for size, limit in zip(self._sides, self._each((height, width)), strict=True))

    def _too_large(self, shape: Shape, limits: Pair) -> Finding:
        sides = zip(_NAMES, self._sides, self._each(limits), strict=True)
        allowed = {name: limit for name, size, limit in sides if size > limit}
        words = "reflects" if self.mode == "reflect" else "takes from the other side"
        return Finding(
            "padding-too-large",
            f"it {words} more than a map of {pair((shape[1], shape[2]))} has; pad at most {limits[0]:,} at the top and"
            f" the bottom, and {limits[1]:,} on the left and the right.",
            (Repair("Set " + ", ".join(f"{name} to {size:,}" for name, size in allowed.items()), allowed),),
        )

    @staticmethod
    def _each(limits: Pair) -> tuple[int, int, int, int]:
        """Limits of rows and columns, for the sides in torch's order."""
        return limits[1], limits[1], limits[0], limits[0]

    def output_shape(self, *inputs: Shape) -> Shape:
        channels, height, width = inputs[0]
        return channels, self.top + height + self.bottom, self.left + width + self.right

    def torch_source(self, *inputs: Shape) -> str:
        sides = self._sides[0] if len(set(self._sides)) == 1 else self._sides
        if self.mode != "constant":
            return f"nn.{_MODULES[self.mode]}({sides})"
        return f"nn.ConstantPad2d({sides}, {self.value!r})" if self.value else f"nn.ZeroPad2d({sides})"

    @property
    def _sides(self) -> tuple[int, int, int, int]:
        """In torch's order."""
        return self.left, self.right, self.top, self.bottom

    def summary(self, *inputs: Shape) -> str:
        words = f" · {self.value:g}" if self.mode == "constant" and self.value else ""
        words = f" · {self.mode}" if self.mode != "constant" else words
        if len(set(self._sides)) == 1:
            return f"{self.left:,} on all sides{words}"
        named = zip(_NAMES, self._sides, strict=True)
        return " · ".join(f"{name} {size:,}" for name, size in named if size) + words

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        _, height, width = inputs[0]
        _, high, wide = self.output_shape(*inputs)
        return (
            f"{_total(self.top, height, self.bottom)} = {high:,} high,"
            f" {_total(self.left, width, self.right)} = {wide:,} wide",
            "0 parameters, 0 MACs: it only adds or cuts off values",
        )


def _total(before: int, size: int, after: int) -> str:
    """What comes before a size and after it, as a sum; what is cut off is taken away: "56 − 2 + 1"."""
    before_words = f"{before:,} + " if before >= 0 else ""
    cut = f" − {-before:,}" if before < 0 else ""
    return f"{before_words}{size:,}{cut} {'+' if after >= 0 else '−'} {abs(after):,}"

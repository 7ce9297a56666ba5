"""Poolings: maximum and average, over windows of a given size or to a given size."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from onebyone.layers.base import (
    PIXELS,
    DilationPair,
    Family,
    KernelPair,
    Layer,
    PaddingPair,
    Size,
    StridePair,
    needs_feature_map,
)
from onebyone.layers.finding import Finding, Repair
from onebyone.layers.windows import Window, resizings, shown_window, source_pair, too_large_window, window_fits
from onebyone.quantity import pair
from onebyone.shape import WHOLE, Field, Pair, Shape, elements, widen, window_output

PoolStride = Annotated[StridePair | None, Meta(extra={"absent": "same as kernel"})]
CeilMode = Annotated[bool, Meta(title="Round sizes up")]
_INDEX_BYTES = 8


class MaxPool2d(Layer, frozen=True, tag="max_pool2d"):
    """The largest value of each window; its stride is its kernel unless said otherwise.

    Shape: (C, H, W) → (C, H', W') with H' = floor((H + 2p − d·(k−1) − 1) / s) + 1, or the ceiling.

    Source: torch.nn.MaxPool2d.
    """

    kernel: KernelPair
    stride: PoolStride = None
    padding: PaddingPair = (0, 0)
    dilation: DilationPair = (1, 1)
    ceil_mode: CeilMode = False

    label: ClassVar[str] = "MaxPool2d"
    is_pool: ClassVar[bool] = True

    @property
    def family(self) -> Family:
        return "pooling"

    @property
    def type_name(self) -> str:
        return f"{pair(self.kernel)} max pooling"

    @property
    def steps(self) -> Pair:
        """The stride in force."""
        return self.stride or self.kernel

    @property
    def window(self) -> Window:
        return Window(self.kernel, self.steps, self.padding, self.dilation)

    def following(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        return _following(self, changes)

    def resizings(self, wanted: Pair, *inputs: Shape) -> Iterator[dict[str, Any]]:
        return resizings(self.window, inputs[0], wanted)

    def problems(self, *inputs: Shape) -> Iterator[Finding]:
        return _pool_problems(self, inputs[0], self.dilation)

    def output_shape(self, *inputs: Shape) -> Shape:
        return _pooled(self, inputs[0], self.dilation)

    def working_bytes(self, bytes_per_element: int, *inputs: Shape) -> int:
        # PyTorch notes where each largest value stood, as an int64, also where nobody asks for it.
        return elements(self.output_shape(*inputs)) * _INDEX_BYTES

    def receptive_field(self, axis: int, inputs: tuple[Shape, ...], fields: tuple[Field, ...]) -> Field:
        return widen(fields[0], ((self.kernel[axis] - 1) * self.dilation[axis] + 1, self.steps[axis]))

    def torch_source(self, *inputs: Shape) -> str:
        dilation = f", dilation={source_pair(self.dilation)}" if self.dilation != (1, 1) else ""
        ceil = ", ceil_mode=True" if self.ceil_mode else ""
        return f"nn.MaxPool2d({_window_source(self)}{dilation}{ceil})"

    def summary(self, *inputs: Shape) -> str:
        words = f"max {shown_window(self.kernel, self.steps, self.padding, (0, 0))}"
        words += f" dil {source_pair(self.dilation)}" if self.dilation != (1, 1) else ""
        return words + (" ceil" if self.ceil_mode else "")

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        return ("0 parameters, 0 MACs: it only compares",)


class AvgPool2d(Layer, frozen=True, tag="avg_pool2d"):
    """The mean of each window; its stride is its kernel unless said otherwise.

    Shape: (C, H, W) → (C, H', W') with H' = floor((H + 2p − k) / s) + 1, or the ceiling.

    Source: torch.nn.AvgPool2d.
    """

    kernel: KernelPair
    stride: PoolStride = None
    padding: PaddingPair = (0, 0)
    ceil_mode: CeilMode = False
    count_include_pad: Annotated[bool, Meta(title="Count padding")] = True

    label: ClassVar[str] = "AvgPool2d"
    is_pool: ClassVar[bool] = True

    @property
    def family(self) -> Family:
        return "pooling"

    @property
    def type_name(self) -> str:
        return f"{pair(self.kernel)} average pooling"

    @property
    def steps(self) -> Pair:
        """The stride in force."""
        return self.stride or self.kernel

    @property
    def window(self) -> Window:
        return Window(self.kernel, self.steps, self.padding)

    def following(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        return _following(self, changes)

    def resizings(self, wanted: Pair, *inputs: Shape) -> Iterator[dict[str, Any]]:
        return resizings(self.window, inputs[0], wanted)

    def problems(self, *inputs: Shape) -> Iterator[Finding]:
        return _pool_problems(self, inputs[0], (1, 1))

    def output_shape(self, *inputs: Shape) -> Shape:
        return _pooled(self, inputs[0], (1, 1))

    def receptive_field(self, axis: int, inputs: tuple[Shape, ...], fields: tuple[Field, ...]) -> Field:
        return widen(fields[0], (self.kernel[axis], self.steps[axis]))

    def torch_source(self, *inputs: Shape) -> str:
        ceil = ", ceil_mode=True" if self.ceil_mode else ""
        pad = "" if self.count_include_pad else ", count_include_pad=False"
        return f"nn.AvgPool2d({_window_source(self)}{ceil}{pad})"

    def summary(self, *inputs: Shape) -> str:
        words = f"average {shown_window(self.kernel, self.steps, self.padding, (0, 0))}"
        return words + (" ceil" if self.ceil_mode else "")

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        return ("0 parameters, 0 MACs: it only adds",)


class _AdaptivePool2d(Layer, frozen=True):
    """A pooling whose windows are chosen so that the result has a given size; they may overlap."""

    output_size: Annotated[tuple[Size, Size], Meta(title="Output size", extra=PIXELS)] = (1, 1)

    @property
    def family(self) -> Family:
        return "pooling"

    @property
    def is_global(self) -> bool:
        """Whether one window covers the map."""
        return self.output_size == (1, 1)

    def problems(self, *inputs: Shape) -> Iterator[Finding]:
        return needs_feature_map(self, inputs[0])

    def output_shape(self, *inputs: Shape) -> Shape:
        return inputs[0][0], *self.output_size

    def receptive_field(self, axis: int, inputs: tuple[Shape, ...], fields: tuple[Field, ...]) -> Field:
        # Its windows follow from the size of the input and not from a kernel: no formula of sizes and steps holds.
        return WHOLE

    def torch_source(self, *inputs: Shape) -> str:
        return f"nn.{self.label}({source_pair(self.output_size)})"


class AdaptiveAvgPool2d(_AdaptivePool2d, frozen=True, tag="adaptive_avg_pool2d"):
    """The mean over windows chosen so that the result has a given size; [1, 1] is the global average pool.

    Shape: (C, H, W) → (C, *output_size)

    Source: torch.nn.AdaptiveAvgPool2d; Lin et al., Network in Network, 2013 (global average pooling).
    """

    label: ClassVar[str] = "AdaptiveAvgPool2d"

    @property
    def type_name(self) -> str:
        return "Global average pooling" if self.is_global else "Adaptive average pooling"

    def summary(self, *inputs: Shape) -> str:
        return "global average" if self.is_global else f"average to {pair(self.output_size)}"

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        return ("0 parameters, 0 MACs: it only adds",)


class AdaptiveMaxPool2d(_AdaptivePool2d, frozen=True, tag="adaptive_max_pool2d"):
    """The largest value of windows chosen so that the result has a given size; [1, 1] is the global max pool.

    Shape: (C, H, W) → (C, *output_size)

    Source: torch.nn.AdaptiveMaxPool2d.
    """

    label: ClassVar[str] = "AdaptiveMaxPool2d"
    since: ClassVar[int] = 3

    @property
    def type_name(self) -> str:
        return "Global max pooling" if self.is_global else "Adaptive max pooling"

    def working_bytes(self, bytes_per_element: int, *inputs: Shape) -> int:
        # As of any max pooling, PyTorch notes where each largest value stood.
        return elements(self.output_shape(*inputs)) * _INDEX_BYTES

    def summary(self, *inputs: Shape) -> str:
        return "global max" if self.is_global else f"max to {pair(self.output_size)}"

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        return ("0 parameters, 0 MACs: it only compares",)


def _pooled(layer: MaxPool2d | AvgPool2d, shape: Shape, dilation: Pair) -> Shape:
    kernel, stride, padding, ceil = layer.kernel, layer.steps, layer.padding, layer.ceil_mode
    return (
        shape[0],
        window_output(shape[1], kernel[0], stride[0], padding[0], dilation[0], ceil),
        window_output(shape[2], kernel[1], stride[1], padding[1], dilation[1], ceil),
    )


def _following(layer: MaxPool2d | AvgPool2d, changes: Mapping[str, Any]) -> dict[str, Any]:
    # Odd windows at stride 1 keep the size of the map; even ones step by their size, and are padded as little as those
    # with a stride.
    window = Window(changes.get("kernel", layer.kernel), (1, 1), (0, 0))
    more: dict[str, Any] = {}
    if "kernel" in changes and "stride" not in changes:
        more["stride"] = (1, 1) if window.is_odd else None
    stride = {"stride": layer.stride, **changes, **more}["stride"]
    if "padding" not in changes:
        more["padding"] = window.even_padding if window.is_odd and stride == (1, 1) else (0, 0)
    return more


def _pool_problems(layer: MaxPool2d | AvgPool2d, shape: Shape, dilation: Pair) -> Iterator[Finding]:
    if len(shape) == 1:
        yield from needs_feature_map(layer, shape)
        return
    kernel, padding = layer.kernel, layer.padding
    # torch compares with the kernel itself, dilated or not.
    if 2 * padding[0] > kernel[0] or 2 * padding[1] > kernel[1]:
        limits = (kernel[0] // 2, kernel[1] // 2)
        allowed = (min(padding[0], limits[0]), min(padding[1], limits[1]))
        yield Finding(
            "padding-too-large",
            f"padding of {pair(padding)} is more than half of the {pair(kernel)} window;"
            f" use at most {limits[0]}×{limits[1]}.",
            (Repair(f"Set padding to {pair(allowed)}", {"padding": allowed}),),
        )
    elif not window_fits(shape, kernel, padding, dilation):
        yield too_large_window(shape, kernel, padding, dilation)


def _window_source(layer: MaxPool2d | AvgPool2d) -> str:
    parts = [source_pair(layer.kernel)]
    if layer.stride is not None and layer.stride != layer.kernel:
        parts.append(f"stride={source_pair(layer.stride)}")
    if layer.padding != (0, 0):
        parts.append(f"padding={source_pair(layer.padding)}")
    return ", ".join(parts)

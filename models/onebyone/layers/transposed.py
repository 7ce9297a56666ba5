"""The transposed convolution: the way back from a small map to a large one."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import gcd
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from onebyone.layers.base import (
    PIXELS,
    Bias,
    Costs,
    DilationPair,
    Family,
    Groups,
    KernelPair,
    Layer,
    OutChannels,
    PaddingPair,
    StridePair,
    needs_feature_map,
)
from onebyone.layers.convolution import Convolution, FollowingActivation, groups_do_not_divide, source_arguments
from onebyone.layers.finding import Finding, Repair
from onebyone.layers.norms import OVER_POSITIONS, USUAL_EPS, USUAL_GROUPS, NormEpsilon, NormGroups, NormName
from onebyone.layers.windows import Window, shown_window, source_pair
from onebyone.quantity import pair
from onebyone.shape import MAX_SIZE, WHOLE, Field, Pair, Shape, elements, widen

_OutputPadding = Annotated[int, Meta(ge=0, le=MAX_SIZE)]


class ConvTranspose2d(Convolution, Layer, frozen=True, tag="conv_transpose2d"):
    """A transposed convolution: each input pixel is spread over a window of the output, and windows are summed.

    Unless said otherwise it doubles a map with windows that neither overlap nor leave gaps.

    Shape: (C, H, W) → (out_channels, H', W') with H' = (H − 1)·s − 2p + d·(k − 1) + output_padding + 1, W' alike. An
        output pixel sees ceil(k / (s/g)) input pixels along an axis, d/g apart with g = gcd(s, d), at most; neighbours
        lie 1/s of a pixel apart.

    Source: torch.nn.ConvTranspose2d; Dumoulin and Visin, A guide to convolution arithmetic for deep learning, 2016,
        chapter 4.
    """

    out_channels: OutChannels
    kernel: KernelPair = (2, 2)
    stride: StridePair = (2, 2)
    padding: PaddingPair = (0, 0)
    output_padding: Annotated[tuple[_OutputPadding, _OutputPadding], Meta(title="Output padding", extra=PIXELS)] = (
        0,
        0,
    )
    dilation: DilationPair = (1, 1)
    groups: Groups = 1
    bias: Bias = True
    norm: NormName = "none"
    activation: FollowingActivation = "none"
    norm_eps: NormEpsilon = USUAL_EPS
    norm_groups: NormGroups = USUAL_GROUPS

    label: ClassVar[str] = "ConvTranspose2d"
    since: ClassVar[int] = 3
    learns: ClassVar[bool] = True

    @property
    def family(self) -> Family:
        return "convolution"

    @property
    def type_name(self) -> str:
        return f"{pair(self.kernel)} transposed convolution"

    def following(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        # The paddings with which the map grows by the stride, as far as there are such.
        if "padding" in changes:
            return {}
        window = Window(*(changes.get(name, getattr(self, name)) for name in Window.__struct_fields__))
        surplus = [span - stride for span, stride in zip(_spans(window), window.stride, strict=True)]
        most = _most_output_padding(window)
        added = tuple(min(most[axis], each % 2 if each > 0 else -each) for axis, each in enumerate(surplus))
        return {
            "padding": tuple(max(0, (each + added[axis]) // 2) for axis, each in enumerate(surplus)),
            "output_padding": added,
        }

    def resizings(self, wanted: Pair, *inputs: Shape) -> Iterator[dict[str, Any]]:
        without = self._sizes(inputs[0], (0, 0), (0, 0))
        missing = [wanted[axis] - without[axis] + 2 * self.padding[axis] for axis in (0, 1)]
        yield {"output_padding": tuple(missing)}
        padding = tuple(max(0, (without[axis] + self.output_padding[axis] - wanted[axis]) // 2) for axis in (0, 1))
        yield {"padding": padding}
        yield {"stride": tuple(max(1, round(wanted[axis] / inputs[0][1 + axis])) for axis in (0, 1))}

    def problems(self, *inputs: Shape) -> Iterator[Finding]:
        shape = inputs[0]
        if len(shape) == 1:
            yield from needs_feature_map(self, shape)
            return
        if shape[0] % self.groups or self.out_channels % self.groups:
            yield groups_do_not_divide(shape[0], self.out_channels, self.groups)
        most = _most_output_padding(self.window)
        if self.output_padding[0] > most[0] or self.output_padding[1] > most[1]:
            yield self._too_much_output_padding()
        elif min(self.output_shape(shape)[1:]) < 1:
            yield self._too_much_padding(shape)
        else:
            yield from self.norm_problems(self.output_shape(shape))

    def _too_much_output_padding(self) -> Finding:
        limits = _most_output_padding(self.window)
        allowed = (min(self.output_padding[0], limits[0]), min(self.output_padding[1], limits[1]))
        return Finding(
            "padding-too-large",
            f"output padding of {pair(self.output_padding)} must be smaller than the stride of {pair(self.stride)} or"
            f" the dilation of {pair(self.dilation)}; use at most {limits[0]}×{limits[1]}.",
            (Repair(f"Set output padding to {pair(allowed)}", {"output_padding": allowed}),),
        )

    def _too_much_padding(self, shape: Shape) -> Finding:
        sizes = self._sizes(shape, (0, 0), self.output_padding)
        limits = [(size - 1) // 2 for size in sizes]
        allowed = (min(self.padding[0], limits[0]), min(self.padding[1], limits[1]))
        return Finding(
            "padding-too-large",
            f"padding of {pair(self.padding)} cuts all off a result of {sizes[0]}×{sizes[1]};"
            f" use at most {limits[0]}×{limits[1]}.",
            (Repair(f"Set padding to {pair(allowed)}", {"padding": allowed}),),
        )

    def output_shape(self, *inputs: Shape) -> Shape:
        return self.out_channels, *self._sizes(inputs[0], self.padding, self.output_padding)

    def _sizes(self, shape: Shape, padding: Pair, output_padding: Pair) -> Pair:
        height, width = (
            (shape[1 + axis] - 1) * self.stride[axis] - 2 * padding[axis] + span + output_padding[axis]
            for axis, span in enumerate(_spans(self.window))
        )
        return height, width

    def cost(self, *inputs: Shape) -> Costs:
        channels, height, width = inputs[0]
        weights = self.kernel[0] * self.kernel[1] * channels * (self.out_channels // self.groups)
        return self.costs_of(weights, height * width)

    def working_bytes(self, bytes_per_element: int, *inputs: Shape) -> int:
        # The result of the convolution lives on while what follows it writes another one.
        return elements(self.output_shape(*inputs)) * bytes_per_element if self.followers else 0

    def receptive_field(self, axis: int, inputs: tuple[Shape, ...], fields: tuple[Field, ...]) -> Field:
        if self.norm in OVER_POSITIONS:
            return WHOLE
        stride, dilation = self.stride[axis], self.dilation[axis]
        shared = gcd(stride, dilation)
        reached = -(-self.kernel[axis] * shared // stride)
        return widen(fields[0], ((reached - 1) * (dilation // shared) + 1, Fraction(1, stride) if stride > 1 else 1))

    def torch_source(self, *inputs: Shape) -> str:
        names = ("stride", "padding", "output_padding", "dilation")
        pairs = {name: getattr(self, name) for name in names}
        arguments = source_arguments(inputs[0][0], self.out_channels, self.kernel, pairs, self.groups, self.bias)
        return self.with_followers(f"nn.ConvTranspose2d({arguments})")

    def tensors(self, *inputs: Shape) -> dict[str, Shape]:
        return self.tensors_with((inputs[0][0], self.out_channels // self.groups, *self.kernel))

    def summary(self, *inputs: Shape) -> str:
        words = f"{self.out_channels:,} · {shown_window(self.kernel, self.stride, self.padding)}"
        if self.output_padding != (0, 0):
            words += f" out {source_pair(self.output_padding)}"
        if self.dilation != (1, 1):
            words += f" dil {source_pair(self.dilation)}"
        return words + (f" · {self.groups} groups" if self.groups > 1 else "")

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        channels, height, width = inputs[0]
        per_group = f"({self.out_channels:,}/{self.groups})" if self.groups > 1 else f"{self.out_channels:,}"
        factors = f"{self.kernel[0]}·{self.kernel[1]}·{channels:,}·{per_group}"
        return self.cost_lines(factors, self.cost(*inputs), (height, width))


def _spans(window: Window) -> Pair:
    """How far a window reaches along each axis."""
    return window.dilation[0] * (window.kernel[0] - 1) + 1, window.dilation[1] * (window.kernel[1] - 1) + 1


def _most_output_padding(window: Window) -> Pair:
    """What torch takes along each axis: less than the stride or the dilation."""
    return max(window.stride[0], window.dilation[0]) - 1, max(window.stride[1], window.dilation[1]) - 1

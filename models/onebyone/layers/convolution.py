"""Convolutions, the 1×1 among them."""

from collections.abc import Iterator, Mapping
from math import gcd
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta

from onebyone.layers.activation import ACTIVATIONS, ActivationName
from onebyone.layers.base import (
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
from onebyone.layers.finding import Finding, Repair
from onebyone.layers.norms import (
    NORMS,
    OVER_POSITIONS,
    USUAL_EPS,
    USUAL_GROUPS,
    NormEpsilon,
    NormGroups,
    NormName,
    groups_of_norm,
    norm_helpers,
    norm_line,
    norm_parameters,
    norm_source,
    norm_tensors,
    single_value,
)
from onebyone.layers.windows import Window, resizings, shown_window, source_pair, too_large_window, window_fits
from onebyone.quantity import count
from onebyone.quantity import macs as shown_macs
from onebyone.shape import FEATURE_MAP_RANK, MAX_CHANNELS, WHOLE, Field, Pair, Shape, elements, widen, window_output

FollowingActivation = Annotated[Literal["none"] | ActivationName, Meta(title="Activation")]


class Convolution:
    """What every convolution says of its fields; the kinds declare them, each with its own order and defaults."""

    __slots__ = ()

    out_channels: OutChannels
    kernel: KernelPair
    stride: StridePair
    padding: PaddingPair
    dilation: DilationPair
    groups: Groups
    bias: Bias
    norm: NormName
    activation: FollowingActivation
    norm_eps: NormEpsilon
    norm_groups: NormGroups

    @property
    def is_grouped(self) -> bool:
        return self.groups > 1

    @property
    def window(self) -> Window:
        return Window(self.kernel, self.stride, self.padding, self.dilation)

    @property
    def followers(self) -> tuple[str, ...]:
        words = () if self.norm == "none" else (NORMS[self.norm].lower(),)
        return words if self.activation == "none" else (*words, ACTIVATIONS[self.activation].title)

    @property
    def idle_fields(self) -> tuple[str, ...]:
        if self.norm == "group":
            return ()
        return ("norm_groups",) if self.norm != "none" else ("norm_eps", "norm_groups")

    @property
    def has_batch_norm(self) -> bool:
        return self.norm == "batch"

    def helpers(self, *inputs: Shape) -> dict[str, str]:
        return norm_helpers(self.norm)

    def costs_of(self, weights: int, pixels: int) -> Costs:
        """Parameters, and the MACs of so many pixels that each meet all weights."""
        norm = norm_parameters(self.norm, self.out_channels)
        return Costs(weights, self.out_channels if self.bias else 0, norm, pixels * weights)

    def norm_problems(self, shape: Shape) -> Iterator[Finding]:
        """Yields why the norm cannot follow sums of this shape."""
        channels = shape[0]
        if self.norm == "group" and channels % self.norm_groups:
            fitting = largest_divisor(channels, self.norm_groups)
            yield groups_of_norm(channels, self.norm_groups, fitting, "norm_groups")
            return
        together = channels // self.norm_groups if self.norm == "group" else 1
        if self.norm in OVER_POSITIONS and together * shape[1] * shape[2] == 1:
            yield single_value(self.norm, {"norm": "batch"})

    def with_followers(self, module: str) -> str:
        """The source of the convolution alone with that of its norm and its activation."""
        modules = [module]
        if self.norm != "none":
            modules.append(norm_source(self.norm, self.out_channels, self.norm_eps, self.norm_groups))
        if self.activation != "none":
            modules.append(ACTIVATIONS[self.activation].source)
        return module if len(modules) == 1 else f"nn.Sequential({', '.join(modules)})"

    def tensors_with(self, weight: Shape) -> dict[str, Shape]:
        """The tensors of it all, which stand in a sequence where there is a norm or an activation."""
        found: dict[str, Shape] = {"weight": weight} | ({"bias": (self.out_channels,)} if self.bias else {})
        if self.norm == "none" and self.activation == "none":
            return found
        of_norm = {} if self.norm in {"none", "instance"} else norm_tensors(self.norm, self.out_channels)
        return {f"{place}.{name}": shape for place, own in enumerate((found, of_norm)) for name, shape in own.items()}

    def cost_lines(self, factors: str, costs: Costs, pixels: Pair) -> tuple[str, ...]:
        """How the costs come about: from the factors of the weights, and the pixels that each meets."""
        weights = f"{factors} = {count(costs.weights)} weights"
        if costs.biases:
            weights += f" + {count(costs.biases)} biases"
        lines = [weights]
        if costs.norm:
            lines.append(norm_line(f"{NORMS[self.norm].lower()} scale and shift", self.out_channels))
        lines.append(f"{pixels[0]}·{pixels[1]}·{count(costs.weights)} = {shown_macs(costs.macs)} MACs")
        return tuple(lines)


class Conv2d(Convolution, Layer, frozen=True, tag="conv2d"):
    """A two-dimensional convolution, with batch norm and activation where asked; 1×1 unless said otherwise.

    Shape: (C, H, W) → (out_channels, H', W') with H' = floor((H + 2p − d·(k−1) − 1) / s) + 1, W' alike.

    Source: torch.nn.Conv2d; Lin et al., Network in Network, 2013 (the 1×1 as cccp layer).
    """

    out_channels: OutChannels
    kernel: KernelPair = (1, 1)
    stride: StridePair = (1, 1)
    padding: PaddingPair = (0, 0)
    dilation: DilationPair = (1, 1)
    groups: Groups = 1
    bias: Bias = True
    norm: NormName = "none"
    activation: FollowingActivation = "none"
    norm_eps: NormEpsilon = USUAL_EPS
    norm_groups: NormGroups = USUAL_GROUPS

    label: ClassVar[str] = "Conv2d"
    learns: ClassVar[bool] = True

    @property
    def family(self) -> Family:
        return "pointwise" if self.is_pointwise else "convolution"

    @property
    def type_name(self) -> str:
        return f"{self.kernel[0]}×{self.kernel[1]} convolution"

    @property
    def id_base(self) -> str:
        return f"conv{self.kernel[0]}x{self.kernel[1]}"

    @property
    def is_pointwise(self) -> bool:
        return self.kernel == (1, 1)

    def following(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        window = Window(*(changes.get(name, getattr(self, name)) for name in Window.__struct_fields__))
        more: dict[str, Any] = {"stride": (1, 1)} if "kernel" in changes and "stride" not in changes else {}
        if "padding" not in changes:
            more["padding"] = window.even_padding if window.is_odd else (0, 0)
        return more

    def resizings(self, wanted: Pair, *inputs: Shape) -> Iterator[dict[str, Any]]:
        return resizings(self.window, inputs[0], wanted)

    def problems(self, *inputs: Shape) -> Iterator[Finding]:
        shape = inputs[0]
        is_plain = self.groups == 1 and self.norm not in OVER_POSITIONS
        if is_plain and len(shape) == FEATURE_MAP_RANK and self._has_room(shape):
            return iter(())
        return self._misfits(shape)

    def _has_room(self, shape: Shape) -> bool:
        return self.kernel == (1, 1) or window_fits(shape, self.kernel, self.padding, self.dilation)

    def _misfits(self, shape: Shape) -> Iterator[Finding]:
        if len(shape) == 1:
            yield from needs_feature_map(self, shape)
            return
        channels = shape[0]
        if self.groups != 1 and (channels % self.groups or self.out_channels % self.groups):
            yield groups_do_not_divide(channels, self.out_channels, self.groups)
        if not self._has_room(shape):
            yield too_large_window(shape, self.kernel, self.padding, self.dilation)
        else:
            yield from self.norm_problems(self.output_shape(shape))

    def output_shape(self, *inputs: Shape) -> Shape:
        _, height, width = inputs[0]
        if self.kernel == (1, 1) and self.stride == (1, 1) and self.padding == (0, 0):
            return self.out_channels, height, width
        return (
            self.out_channels,
            window_output(height, self.kernel[0], self.stride[0], self.padding[0], self.dilation[0]),
            window_output(width, self.kernel[1], self.stride[1], self.padding[1], self.dilation[1]),
        )

    def cost(self, *inputs: Shape) -> Costs:
        return self.result(*inputs)[1]

    def result(self, *inputs: Shape) -> tuple[Shape, Costs]:
        shape = out_channels, height, width = self.output_shape(inputs[0])
        weights = self.kernel[0] * self.kernel[1] * (inputs[0][0] // self.groups) * out_channels
        return shape, self.costs_of(weights, height * width)

    def working_bytes(self, bytes_per_element: int, *inputs: Shape) -> int:
        # The result of the convolution lives on while what follows it writes another one.
        has_follower = self.norm != "none" or self.activation != "none"
        return elements(self.output_shape(*inputs)) * bytes_per_element if has_follower else 0

    def receptive_field(self, axis: int, inputs: tuple[Shape, ...], fields: tuple[Field, ...]) -> Field:
        kernel, stride = self.kernel, self.stride
        if self.norm in OVER_POSITIONS:
            return WHOLE
        if kernel[axis] == 1 and stride[axis] == 1:
            return fields[0]
        return widen(fields[0], ((kernel[axis] - 1) * self.dilation[axis] + 1, stride[axis]))

    def torch_source(self, *inputs: Shape) -> str:
        pairs = {"stride": self.stride, "padding": self.padding, "dilation": self.dilation}
        arguments = source_arguments(inputs[0][0], self.out_channels, self.kernel, pairs, self.groups, self.bias)
        return self.with_followers(f"nn.Conv2d({arguments})")

    def tensors(self, *inputs: Shape) -> dict[str, Shape]:
        return self.tensors_with((self.out_channels, inputs[0][0] // self.groups, *self.kernel))

    def summary(self, *inputs: Shape) -> str:
        words = f"{self.out_channels:,} · {shown_window(self.kernel, self.stride, self.padding)}"
        if self.dilation != (1, 1):
            words += f" dil {source_pair(self.dilation)}"
        return words + (f" · {self.groups} groups" if self.groups > 1 else "")

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        channels = inputs[0][0]
        (_, height, width), costs = self.result(*inputs)
        per_group = f"({channels:,}/{self.groups})" if self.groups > 1 else f"{channels:,}"
        factors = f"{self.kernel[0]}·{self.kernel[1]}·{per_group}·{self.out_channels:,}"
        return self.cost_lines(factors, costs, (height, width))


def as_conv2d(layer: Layer) -> Conv2d | None:
    """The layer as a convolution, for edits that need its own fields; None where it is none."""
    return layer if isinstance(layer, Conv2d) else None


def groups_do_not_divide(channels: int, out_channels: int, groups: int) -> Finding:
    """The finding for a convolution whose channels, coming in or going out, do not divide into its groups."""
    widths = [n for n in (out_channels // groups * groups, -(-out_channels // groups) * groups) if n]
    parts = []
    repairs = []
    if channels % groups:
        parts.append(f"{channels:,} input channels do not divide into {groups} groups")
    if out_channels % groups:
        parts.append(f"{out_channels:,} output channels do not divide into {groups} groups")
    common = largest_divisor(gcd(channels, out_channels), groups)
    advice = f"use {common} groups" if common > 1 else "use 1 group"
    if not channels % groups:
        allowed = sorted({n for n in widths if n <= MAX_CHANNELS})
        advice = f"use {' or '.join(f'{n:,}' for n in allowed)} output channels, or {common}" + (
            " groups" if common > 1 else " group"
        )
        repairs += [Repair(f"Set output channels to {n:,}", {"out_channels": n}) for n in allowed]
    repairs.append(Repair(f"Set groups to {common}", {"groups": common}))
    return Finding("groups-do-not-divide", f"{' and '.join(parts)}; {advice}.", tuple(repairs))


def source_arguments(
    channels: int, out_channels: int, kernel: Pair, pairs: Mapping[str, Pair], groups: int, bias: bool
) -> str:
    """The arguments of a convolution as torch takes them; what has torch's default is left out."""
    parts = [str(channels), str(out_channels), source_pair(kernel)]
    for name, value in pairs.items():
        if value != ((0, 0) if "padding" in name else (1, 1)):
            parts.append(f"{name}={source_pair(value)}")
    if groups != 1:
        parts.append(f"groups={groups}")
    if not bias:
        parts.append("bias=False")
    return ", ".join(parts)


def largest_divisor(number: int, limit: int) -> int:
    """The largest divisor of `number` that is at most `limit`."""
    return next(n for n in range(min(number, limit), 0, -1) if number % n == 0)

"""Merges: where branches meet."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import ClassVar, TypeVar

from onebyone.layers.base import Family, Layer
from onebyone.layers.finding import Finding
from onebyone.quantity import shape as shown_shape
from onebyone.shape import Field, Shape, merge_fields

_Value = TypeVar("_Value")
# Python's parser nests each "+"; a sum over many branches is written as a call.
_LONGEST_SUM = 8


class Concat(Layer, frozen=True, tag="concat"):
    """Lays its inputs one after the other along the channels, in the order of the wires.

    Shape: (C₁, H, W), (C₂, H, W), … → (C₁ + C₂ + …, H, W)

    Source: torch.cat; Szegedy et al., Going Deeper with Convolutions, 2014 (filter concatenation).
    """

    label: ClassVar[str] = "Concat"
    maximum_inputs: ClassVar[int | None] = None

    @property
    def family(self) -> Family:
        return "merge"

    def problems(self, *inputs: Shape) -> Iterator[Finding]:
        size = inputs[0][1:]
        for shape in inputs:
            if shape[1:] != size:
                yield _rank_mismatch(inputs) or _spatial_mismatch(inputs)
                return

    def output_shape(self, *inputs: Shape) -> Shape:
        return sum([shape[0] for shape in inputs]), *inputs[0][1:]

    def receptive_field(self, axis: int, inputs: tuple[Shape, ...], fields: tuple[Field, ...]) -> Field:
        return merge_fields(fields)

    def torch_expression(self, attribute: str, arguments: tuple[str, ...]) -> str:
        names = ", ".join(arguments) + ("," if len(arguments) == 1 else "")
        return f"torch.cat(({names}), dim=1)"

    def summary(self, *inputs: Shape) -> str:
        if not inputs:
            return "channels"
        parts = [f"{shape[0]:,}" for shape in inputs]
        return " + ".join(parts if len(parts) <= 6 else [*parts[:4], "…", parts[-1]])

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        channels = " + ".join(f"{shape[0]:,}" for shape in inputs)
        return (f"{channels} = {sum(shape[0] for shape in inputs):,} channels", "0 parameters, 0 MACs: it only copies")


class _Elementwise(Layer, frozen=True):
    """A merge value by value, in which axes of 1 are spread over those of the others."""

    minimum_inputs: ClassVar[int] = 2
    maximum_inputs: ClassVar[int | None] = 2

    @property
    def family(self) -> Family:
        return "merge"

    def problems(self, *inputs: Shape) -> Iterator[Finding]:
        if len(set(inputs)) > 1 and (finding := _unequal(inputs)):
            yield finding

    def output_shape(self, *inputs: Shape) -> Shape:
        first = inputs[0]
        if all(shape == first for shape in inputs):
            return first
        return tuple(map(max, *inputs))

    def receptive_field(self, axis: int, inputs: tuple[Shape, ...], fields: tuple[Field, ...]) -> Field:
        return merge_fields(fields)

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        whole = self.output_shape(*inputs)
        spread = dict.fromkeys(shape for shape in inputs if shape != whole)
        words = tuple(f"{shown_shape(shape)} is spread over {shown_shape(whole)}" for shape in spread)
        return (*words, f"0 parameters; its {self._operations} are not counted as MACs")

    @property
    def _operations(self) -> str:
        """What it does for every value, in words."""
        raise AssertionError("every merge value by value names its operations")


class Add(_Elementwise, frozen=True, tag="add"):
    """The sum of its inputs, value by value: the end of a residual block. Axes of 1 are spread over the others'.

    Shape: (C, H, W), (C, H, W), … → (C, H, W), where an input may have 1 in place of any of them; vectors alike

    Source: He et al., Deep Residual Learning for Image Recognition, 2015; torch, "Broadcasting semantics".
    """

    label: ClassVar[str] = "Add"
    maximum_inputs: ClassVar[int | None] = None

    @property
    def _operations(self) -> str:
        return "additions"

    def torch_expression(self, attribute: str, arguments: tuple[str, ...]) -> str:
        if len(arguments) > _LONGEST_SUM:
            return f"sum(({', '.join(arguments[1:])}), {arguments[0]})"
        return " + ".join(arguments)

    def summary(self, *inputs: Shape) -> str:
        return f"sum of {len(inputs)}" if inputs else "sum"


class Subtract(_Elementwise, frozen=True, tag="subtract"):
    """The first input minus the second, value by value; axes of 1 are spread over the other's.

    Shape: (C, H, W), (C, H, W) → (C, H, W), where either may have 1 in place of any of them; vectors alike

    Source: torch.sub; torch, "Broadcasting semantics".
    """

    label: ClassVar[str] = "Subtract"
    since: ClassVar[int] = 3

    @property
    def _operations(self) -> str:
        return "subtractions"

    def torch_expression(self, attribute: str, arguments: tuple[str, ...]) -> str:
        return " - ".join(arguments)

    def summary(self, *inputs: Shape) -> str:
        return "difference"


class Multiply(_Elementwise, frozen=True, tag="multiply"):
    """The product of two inputs; axes of 1 are spread over the other's, as the gates of squeeze-and-excitation are.

    Shape: (C, H, W), (C, H, W) → (C, H, W), where either may have 1 in place of any of them; vectors alike

    Source: Hu et al., Squeeze-and-Excitation Networks, 2017; torch, "Broadcasting semantics".
    """

    label: ClassVar[str] = "Multiply"

    @property
    def _operations(self) -> str:
        return "multiplications"

    def torch_expression(self, attribute: str, arguments: tuple[str, ...]) -> str:
        return " * ".join(arguments)

    def summary(self, *inputs: Shape) -> str:
        return "product"


def _unequal(inputs: tuple[Shape, ...]) -> Finding | None:
    """The finding for shapes of which one cannot be spread over another; None where all can."""
    finding = _rank_mismatch(inputs)
    if finding is not None:
        return finding
    differing = [len({*sizes} - {1}) > 1 for sizes in zip(*inputs, strict=True)]
    if any(differing[1:]):
        return _spatial_mismatch(inputs)
    if not differing[0]:
        return None
    channels = [shape[0] for shape in inputs]
    return Finding(
        "channel-mismatch",
        f"its inputs have {_listed(f'{n:,}' for n in channels)} channels; they must be equal. Put a 1×1 convolution"
        f" that gives {_usual(channels):,} channels before the other.",
    )


def _rank_mismatch(inputs: tuple[Shape, ...]) -> Finding | None:
    if len({len(shape) for shape in inputs}) == 1:
        return None
    return Finding(
        "rank-mismatch",
        f"its inputs are {_listed(_described(shape) for shape in inputs)}; all must be feature maps, or all vectors.",
    )


def _spatial_mismatch(inputs: tuple[Shape, ...]) -> Finding:
    sizes = [shape[1:] for shape in inputs]
    height, width = _usual(sizes)
    return Finding(
        "spatial-mismatch",
        f"its inputs are {_listed(f'{h}×{w}' for h, w in sizes)}; all must have the same height and width,"
        f" such as {height}×{width}. Set the padding or stride of the branch that differs.",
    )


def _usual(values: list[_Value]) -> _Value:
    return Counter(values).most_common(1)[0][0]


def _described(shape: Shape) -> str:
    return f"a vector of {shape[0]:,}" if len(shape) == 1 else f"a feature map {shown_shape(shape)}"


def _listed(words: Iterable[str]) -> str:
    parts = list(words)
    if len(parts) > 8:
        parts = [*parts[:6], "…", parts[-1]]
    return f"{', '.join(parts[:-1])} and {parts[-1]}"

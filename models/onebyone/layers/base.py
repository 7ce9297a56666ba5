"""The layer contract: what every kind of layer answers about itself."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import Meta

from onebyone.layers.finding import Finding
from onebyone.layers.windows import Window
from onebyone.shape import MAX_CHANNELS, MAX_KERNEL, MAX_SIZE, Field, Pair, Shape

# A field says at its annotation what a form needs to know of it: limits and title, and under `extra` a `unit`, the
# `titles` of its choices (their order is that of the literal), and what it means to be left empty (`absent`). What came
# after its kind says with which format version: a field under `since`, choices under `choices_since`. What nobody types
# says `is_data`.
PIXELS = {"unit": "pixels"}
Channels = Annotated[int, Meta(ge=1, le=MAX_CHANNELS)]
Size = Annotated[int, Meta(ge=1, le=MAX_SIZE)]
Kernel = Annotated[int, Meta(ge=1, le=MAX_KERNEL)]
Padding = Annotated[int, Meta(ge=0, le=MAX_SIZE)]
OutChannels = Annotated[Channels, Meta(title="Output channels", extra={"unit": "channels"})]
Groups = Annotated[Channels, Meta(title="Groups", extra={"unit": "groups"})]
Bias = Annotated[bool, Meta(title="Bias")]
KernelPair = Annotated[tuple[Kernel, Kernel], Meta(title="Kernel", extra=PIXELS)]
StridePair = Annotated[tuple[Size, Size], Meta(title="Stride", extra=PIXELS)]
PaddingPair = Annotated[tuple[Padding, Padding], Meta(title="Padding", extra=PIXELS)]
DilationPair = Annotated[tuple[Size, Size], Meta(title="Dilation", extra=PIXELS)]

Family = Literal["tensor", "pointwise", "convolution", "pooling", "merge", "normalization", "head"]


class Costs(msgspec.Struct, frozen=True, gc=False):
    """What one node costs for one sample; a MAC is one multiply and one add."""

    weights: int = 0
    biases: int = 0
    norm: int = 0
    macs: int = 0

    @property
    def parameters(self) -> int:
        """Learnable parameters: weights, biases, and scale and shift of a norm."""
        return self.weights + self.biases + self.norm


FREE = Costs()


class Layer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind"):
    """Base of all kinds. Fields are the hyper-parameters, with torch's names and defaults.

    `is_pool` says that it takes the largest value or the mean of a sliding window, `learns` that it has parameters
    unless its values say otherwise, `needs_vector` that it takes no map, `is_follower` that it belongs to the
    convolution before it, as a norm, an activation or a dropout does.
    `since` is the format version that first knew the kind; a design with it is written in that version or a later one.
    `is_entry` and `is_exit` mark the kinds where tensors enter and leave a design.
    `is_imported` says that it comes with imported networks alone, and that its fields are data which nobody types.
    `keeps_rank` says that a map gives a map and a vector a vector.
    `minimum_inputs` and `maximum_inputs` (None: no limit) say how many wires may end at the node. The rules below
    are asked only with that many inputs, all of known shape; those that come after `problems` only when it found none.
    """

    label: ClassVar[str]
    since: ClassVar[int] = 1
    is_entry: ClassVar[bool] = False
    is_exit: ClassVar[bool] = False
    minimum_inputs: ClassVar[int] = 1
    maximum_inputs: ClassVar[int | None] = 1
    keeps_rank: ClassVar[bool] = True
    needs_vector: ClassVar[bool] = False
    is_pool: ClassVar[bool] = False
    is_follower: ClassVar[bool] = False
    learns: ClassVar[bool] = False
    is_imported: ClassVar[bool] = False

    @property
    def can_be_bypassed(self) -> bool:
        """Whether its one input could stand in for its result: a map for a map, a vector for a vector."""
        return self.minimum_inputs == self.maximum_inputs == 1 and self.keeps_rank and not self.is_exit

    @property
    def kind(self) -> str:
        """The tag that is saved, such as "conv2d"."""
        return str(self.__struct_config__.tag)

    @property
    def family(self) -> Family:
        """What it is drawn as."""
        raise AssertionError("every kind names its family")

    @property
    def type_name(self) -> str:
        """The kind in words, as precise as its values allow: "1×1 convolution"."""
        return self.label

    @property
    def id_base(self) -> str:
        """What the ids of new nodes start with, such as "conv3x3"; nothing where the word of the palette will do."""
        return ""

    @property
    def is_pointwise(self) -> bool:
        """Whether it is a 1×1 convolution, in groups or not."""
        return False

    @property
    def is_grouped(self) -> bool:
        """Whether it is a convolution whose outputs see a part of the channels only."""
        return False

    @property
    def window(self) -> Window | None:
        """The window that it slides; None where it has none, or where the size of its input decides on it."""
        return None

    @property
    def followers(self) -> tuple[str, ...]:
        """What it does to its sums before they are its result, in words: "batch norm", "ReLU"."""
        return ()

    @property
    def idle_fields(self) -> tuple[str, ...]:
        """Names of fields whose values have no say beside those of the others; the source is the same without them."""
        return ()

    @property
    def has_batch_norm(self) -> bool:
        """Whether a batch norm is in it."""
        return False

    def following(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """What else changes where a part of its window does, so that the result has the size that is usual."""
        return {}

    def setting(self, name: str, value: Pair) -> dict[str, Any]:
        """The fields that a typed setting means which is none of them, such as "pad 1"; a bare number has no name."""
        return {}

    def resizings(self, wanted: Pair, *inputs: Shape) -> Iterator[dict[str, Any]]:
        """Changes of its fields that may give a result of this height and width, the likeliest first."""
        return iter(())

    def flaw(self) -> str | None:
        """What no design may hold, beyond the limits of its fields, as a sentence without its end; None where all may.

        A layer with a flaw is neither read nor run: its source could be anything.
        """
        return None

    def problems(self, *inputs: Shape) -> Iterator[Finding]:
        """Yields what cannot work with these inputs; nothing where the layer can be built and run."""
        return iter(())

    def output_shape(self, *inputs: Shape) -> Shape:
        """The shape of the result, as torch computes it."""
        return inputs[0]

    def cost(self, *inputs: Shape) -> Costs:
        """Parameters and MACs for one sample."""
        return FREE

    def result(self, *inputs: Shape) -> tuple[Shape, Costs]:
        """Both of these; kinds whose costs follow from the shape of the result find it once."""
        return self.output_shape(*inputs), self.cost(*inputs)

    def working_bytes(self, bytes_per_element: int, *inputs: Shape) -> int:
        """Bytes that PyTorch holds beside inputs and output while the layer runs, for one sample."""
        return 0

    def receptive_field(self, axis: int, inputs: tuple[Shape, ...], fields: tuple[Field, ...]) -> Field:
        """The receptive field along one axis (0 height, 1 width) from those of the inputs."""
        return fields[0]

    def torch_source(self, *inputs: Shape) -> str:
        """The constructor of the torch module, or nothing where an expression says it all."""
        return ""

    def helpers(self, *inputs: Shape) -> dict[str, str]:
        """Classes that the source needs and torch has not: their text by name, which begins with an underscore."""
        return {}

    def tensors(self, *inputs: Shape) -> dict[str, Shape]:
        """The tensors of the torch module, by their names in its state_dict; a single number has the shape ()."""
        return {}

    def torch_expression(self, attribute: str, arguments: tuple[str, ...]) -> str:
        """The expression of the forward pass, on names of tensors of shape N, C, H, W or N, F."""
        return f"self.{attribute}({arguments[0]})"

    def summary(self, *inputs: Shape) -> str:
        """Its defining numbers for the canvas: "96 · 1×1". Inputs are given where they are known."""
        return ""

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        """How its costs come about, a line each, with the numbers filled in."""
        return ()


def needs_feature_map(layer: Layer, shape: Shape) -> Iterator[Finding]:
    """Yields a rank mismatch where the input is a vector."""
    if len(shape) == 1:
        yield Finding(
            "rank-mismatch",
            f"it needs a feature map of channels, height and width, but gets a vector of {shape[0]:,} features;"
            " put it before the flatten.",
        )

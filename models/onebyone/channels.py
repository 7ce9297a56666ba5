"""What a design makes of a picture: what is asked, the feature maps, and a 1×1 convolution as weighted sums."""

from math import isfinite
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from onebyone.design import Design

#: The longest side of a picture that is sent, in pixels.
MAX_PICTURE_SIDE = 512
#: The most feature maps of one page.
MAX_MAPS = 64
#: The longest side of a feature map on a page, and of one that is shown alone.
THUMBNAIL_SIDE = 64
LARGE_SIDE = 192
#: The most terms of a weighted sum that are shown one by one.
MAX_TERMS = 12
#: The most weights of a matrix that are sent; of a larger one every n-th row and column is.
MAX_WEIGHTS = 32_768
#: Up to so many channels on either side the weights can be set by hand.
MAX_BY_HAND = 8
#: The largest weight that can be set by hand.
MAX_WEIGHT = 1_000.0

#: ITU-R BT.601: luma of red, green and blue.
LUMA = (0.299, 0.587, 0.114)

Matrix = tuple[tuple[float, ...], ...]
Preset = Literal["identity", "average", "difference", "luma"]
#: In which range the maps of a page are shown: each in its own, or all in one.
Scaling = Literal["own", "shared"]


class Picture(msgspec.Struct, frozen=True):
    """A picture in 8-bit red, green and blue, row by row."""

    width: Annotated[int, Meta(ge=1, le=MAX_PICTURE_SIDE)]
    height: Annotated[int, Meta(ge=1, le=MAX_PICTURE_SIDE)]
    rgb: bytes


class ChannelsRequest(msgspec.Struct, frozen=True):
    """What to show of a node.

    `weights` are those of the node, set by hand, with a bias of 0; `output` is the output channel that is taken apart;
    `first` is the first feature map of the page.
    """

    design: Design
    node: str
    picture: Picture
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 1
    weights: Matrix | None = None
    output: Annotated[int, Meta(ge=0)] = 0
    first: Annotated[int, Meta(ge=0)] = 0
    maps: Annotated[int, Meta(ge=1, le=MAX_MAPS)] = MAX_MAPS
    side: Annotated[int, Meta(ge=1, le=THUMBNAIL_SIDE)] = THUMBNAIL_SIDE
    scaling: Scaling = "own"


class FeatureMap(msgspec.Struct, frozen=True):
    """A feature map in 8 bit: 0 is `low` and below, 255 is `high` and above, the percentiles 1 and 99.

    All bytes are 128 where the map has one value alone; `low` and `high` are this value then.
    """

    channel: int
    width: int
    height: int
    pixels: bytes
    low: float
    high: float


class Term(msgspec.Struct, frozen=True):
    """One term of a weighted sum: weight × input map. `contribution` is the mean of its absolute values."""

    channel: int
    weight: float
    contribution: float
    map: FeatureMap


class Equivalence(msgspec.Struct, frozen=True):
    """A 1×1 convolution computed in other ways on the same input; the largest absolute differences, in float32.

    `largest` is the largest absolute value of the convolution, to compare them with; `cccp` compares after ReLU.
    """

    linear: float
    cccp: float
    largest: float
    compared: str


class WeightMatrix(msgspec.Struct, frozen=True):
    """Weights, output channels by input channels of a group: little-endian float32, every `row_step`-th row of all.

    `largest` is the largest absolute weight, of those left out too. Of several groups, each has its own columns.
    """

    rows: int
    columns: int
    row_step: int
    column_step: int
    values: bytes
    largest: float
    groups: int = 1


class WeightedSum(msgspec.Struct, frozen=True):
    """One output channel of a 1×1 convolution as the sum of its terms.

    `terms` are those with the largest contributions; `others` is how many more there are, and `others_share` the part
    of all contributions that they have. `total` is the sum with the bias, before norm and activation; `result` is what
    the node puts out. `difference` is the largest absolute one between the sum of all terms and torch's convolution.
    """

    output: int
    matrix: WeightMatrix
    first_input: int
    terms: tuple[Term, ...]
    others: int
    others_share: float
    bias: float | None
    total: FeatureMap
    result: FeatureMap
    difference: float
    equivalence: Equivalence


class Channels(msgspec.Struct, frozen=True):
    """The answer: a page of feature maps of a node with `channels` in all, and its sums where it is a 1×1.

    `entered` says how the picture entered the design, `remarks` what else has to be known to read the maps.
    """

    node: str
    channels: int
    width: int
    height: int
    entered: str
    remarks: tuple[str, ...]
    maps: tuple[FeatureMap, ...]
    sum: WeightedSum | None = None


def preset(name: Preset, outputs: int, inputs: int) -> Matrix | None:
    """The weights of a preset for so many output and input channels; None where it does not fit.

    Identity passes the first channels on, average gives each output the mean of all inputs, difference takes from each
    input the next one, luma weighs red, green and blue.

    Source: ITU-R BT.601 for luma.
    """
    if name == "luma":
        return tuple(LUMA for _ in range(outputs)) if inputs == len(LUMA) else None
    if name == "average":
        return tuple((1 / inputs,) * inputs for _ in range(outputs))
    if name == "identity":
        if outputs > inputs:
            return None
        return tuple(tuple(float(row == column) for column in range(inputs)) for row in range(outputs))
    if inputs < 2:
        return None
    return tuple(_difference(row, inputs) for row in range(outputs))


def _difference(row: int, inputs: int) -> tuple[float, ...]:
    values = [0.0] * inputs
    values[row % inputs] = 1.0
    values[(row + 1) % inputs] = -1.0
    return tuple(values)


def why_not_by_hand(weights: Matrix, outputs: int, inputs: int) -> str | None:
    """Why weights cannot be used, in a sentence; None where they can."""
    if outputs > MAX_BY_HAND or inputs > MAX_BY_HAND:
        return f"Weights can be set by hand for up to {MAX_BY_HAND}×{MAX_BY_HAND} channels; this is {outputs}×{inputs}."
    if len(weights) != outputs or any(len(row) != inputs for row in weights):
        return f"The weights set by hand do not fit; {outputs} rows of {inputs} would be right."
    if not all(isfinite(value) and abs(value) <= MAX_WEIGHT for row in weights for value in row):
        return f"Every weight has to be a number from −{MAX_WEIGHT:,.0f} to {MAX_WEIGHT:,.0f}."
    return None

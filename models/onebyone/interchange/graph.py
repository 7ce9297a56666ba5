"""A network as every front end gives it: operators of aten on named tensors, and the modules that they stand in."""

from typing import Literal

import msgspec

from onebyone.layers.operators import Operator

Role = Literal["parameter", "buffer", "constant"]


class TensorType(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The size of a tensor, with the batch where it has one, and its number type: "float32"."""

    shape: tuple[int, ...]
    dtype: str = "float32"


class Constant(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A tensor that the network brings along. `values` are there where they are few, in row-major order.

    `name` is what the original calls it, such as "layer1.0.conv1.weight"; two constants that share it are one tensor.
    """

    name: str
    type: TensorType
    role: Role = "parameter"
    values: tuple[float | int | bool | str, ...] | None = None


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An operator in its place: the path of the innermost module that it is called in, and its variable in the source.

    `module` is a key of the graph's modules; the empty text is the whole network.
    """

    operator: Operator
    module: str = ""
    variable: str = ""


class Graph(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A network that was captured or read, as it ran on inputs of one size.

    `tensors` says the type of every result and input, `constants` that of what the network brings along, both by the
    names that the operators use. `modules` gives the class of each module by its path ("layer1.0": "BasicBlock"); the
    path of a module that is called again ends in "@1". `batch` is the size of the batch in the shapes. `parameters`
    counts those of the original, read by the graph or not. `assumed` are sentences on sizes and values that the
    original leaves open.
    """

    steps: tuple[Step, ...]
    tensors: dict[str, TensorType]
    constants: dict[str, Constant]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    name: str = ""
    modules: dict[str, str] = {}
    batch: int = 1
    parameters: int = 0
    assumed: tuple[str, ...] = ()
    origin: str = ""

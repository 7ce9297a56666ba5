"""The inputs of an ONNX file, and the sizes of those axes that it leaves open."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from onebyone.errors import ModelFileError
from onebyone.interchange.from_onnx.node import text
from onebyone.interchange.from_onnx.sources import number_type
from onebyone.interchange.graph import TensorType

#: Where the batch is open it is two: with one, a view could mean the batch or nothing.
OPEN_BATCH = 2
_PICTURE = (3, 224, 224)
_WORDS = ("channels", "height", "width")
_MAX_RANK = 8


@dataclass
class InputSizes:
    """The inputs by name, the sizes that symbols stand for, and sentences on what was assumed."""

    batch: int = 1
    types: dict[str, TensorType] = field(default_factory=dict)
    symbols: dict[str, int] = field(default_factory=dict)
    assumed: list[str] = field(default_factory=list)


def input_sizes_of(protos: Sequence[Any], wanted: Sequence[tuple[int, ...]] | None, open_batch: int) -> InputSizes:
    """Reads the inputs of a graph.

    Args:
        protos: Their descriptions in the file, without those of constants.
        wanted: Sizes without the batch for the inputs in order, or None for those that the file says.
        open_batch: The batch where the file leaves it open.

    Raises:
        ModelFileError: An input is no tensor, or the wanted sizes are not what the file allows.
    """
    if wanted is not None and len(wanted) > len(protos):
        raise ModelFileError(f"The file has {len(protos)} inputs, and sizes of {len(wanted)} were asked for.")
    found = InputSizes()
    for place, proto in enumerate(protos):
        sizes = wanted[place] if wanted is not None and place < len(wanted) else None
        shape = _shape(found, proto, sizes, open_batch, is_first=place == 0)
        kind = number_type(proto.type.tensor_type.elem_type, f"The input '{proto.name[:100]}'")
        found.types[text(proto.name)] = TensorType(shape, kind)
    return found


def _shape(
    found: InputSizes, proto: Any, wanted: tuple[int, ...] | None, open_batch: int, is_first: bool
) -> tuple[int, ...]:
    name = proto.name[:100]
    if not proto.type.HasField("tensor_type"):
        raise ModelFileError(f"The input '{name}' is not a tensor; only networks over tensors can be opened.")
    tensor = proto.type.tensor_type
    axes: list[Any] = list(tensor.shape.dim) if tensor.HasField("shape") else [None] * (1 + len(wanted or _PICTURE))
    if len(axes) > _MAX_RANK or (wanted is not None and len(wanted) != len(axes) - 1):
        raise ModelFileError(
            f"The input '{name}' has {len(axes)} axes with the batch; give a size for each of the "
            f"{len(axes) - 1} others."
        )
    shape: list[int] = []
    for axis, proto_axis in enumerate(axes):
        fixed = proto_axis.dim_value if proto_axis is not None and proto_axis.HasField("dim_value") else 0
        symbol = text(proto_axis.dim_param) if proto_axis is not None else ""
        if fixed < 0:
            raise ModelFileError(f"The input '{name}' has a size of {fixed} along axis {axis}; the file is damaged.")
        asked = wanted[axis - 1] if wanted is not None and axis else 0
        if fixed and asked and fixed != asked:
            raise ModelFileError(
                f"The input '{name}' has {fixed} along axis {axis} and no other size; {asked} was asked for."
            )
        size = fixed or asked or found.symbols.get(symbol, 0) if symbol or fixed or asked else 0
        if not size:
            size = _assumed(found, name, axis, len(axes), open_batch)
        if symbol:
            found.symbols.setdefault(symbol, size)
        shape.append(size)
    if is_first and shape:
        found.batch = shape[0]
    return tuple(shape)


def _assumed(found: InputSizes, name: str, axis: int, rank: int, open_batch: int) -> int:
    """The size of an axis that the file leaves open; that of the batch needs no sentence."""
    if axis == 0:
        return open_batch
    size = _PICTURE[min(axis - 1, 2)]
    word = _WORDS[axis - 1] if rank == 4 else f"axis {axis}"
    found.assumed.append(f"The input '{name}' leaves its {word} open; {size} was assumed.")
    return size

"""Arguments and results of operators in a `.pt2` file."""

import math
from collections.abc import Mapping

from onebyone.errors import ModelFileError
from onebyone.interchange.from_pt2 import schema
from onebyone.interchange.from_pt2.sizes import Sizes
from onebyone.layers.operators import Argument, BatchSize, Item, TensorName

#: torch's enumeration of number types, as torch/_export/serde/schema.py has it.
NUMBER_TYPES = {
    1: "uint8",
    2: "int8",
    3: "int16",
    4: "int32",
    5: "int64",
    6: "float16",
    7: "float32",
    8: "float64",
    12: "bool",
    13: "bfloat16",
    28: "uint16",
    32: "uint32",
    33: "uint64",
}
_MEMORY_FORMATS = {1: "contiguous_format", 2: "channels_last", 3: "channels_last_3d", 4: "preserve_format"}
_STRIDED = 7
_INFINITE = {"Infinity": "inf", "-Infinity": "-inf", "NaN": "nan"}


class Arguments:
    """Reads arguments; sizes that an operator of the file computed are known by name."""

    def __init__(self, symbols: Mapping[str, schema.SymInt], sizes: Sizes) -> None:
        self._symbols = symbols
        self._sizes = sizes

    def argument(self, given: schema.Argument, target: str) -> Argument:
        """An argument as the neutral graph has it.

        Raises:
            ModelFileError: It is of a kind that no operator over tensors takes.
        """
        match given:
            case schema.Argument(as_tensor=schema.Named(name=name)):
                return TensorName(name)
            case schema.Argument(as_tensors=tuple() as tensors):
                return tuple(TensorName(each.name) for each in tensors)
            case schema.Argument(as_optional_tensor=schema.OptionalTensor() as tensor):
                return _optional(tensor)
            case schema.Argument(as_optional_tensors=tuple() as optional):
                return tuple(_optional(each) for each in optional)
            case schema.Argument(as_sym_int=schema.SymIntArgument() as size):
                return self._size(size)
            case schema.Argument(as_sym_ints=tuple() as sizes):
                return tuple(self._size(each) for each in sizes)
            case schema.Argument(as_float=float() | str() as number):
                return _float(number)
            case schema.Argument(as_floats=tuple() as numbers):
                return tuple(_float(each) for each in numbers)
        return _plain(given, target)

    def results(self, given: schema.Argument) -> tuple[str, ...]:
        """The names of tensors that a result is; one that is no tensor is the empty text."""
        match given:
            case schema.Argument(as_tensor=schema.Named(name=name)):
                return (name,)
            case schema.Argument(as_tensors=tuple() as tensors):
                return tuple(each.name for each in tensors)
            case schema.Argument(as_optional_tensor=schema.OptionalTensor(as_tensor=schema.Named(name=name))):
                return (name,)
        return ("",)

    def _size(self, given: schema.SymIntArgument) -> int | BatchSize:
        if given.as_int is not None:
            return given.as_int
        if given.as_name is None or given.as_name not in self._symbols:
            raise ModelFileError(f"It uses a size '{str(given.as_name)[:100]}', which it does not have; it is damaged.")
        return self._sizes.argument(self._symbols[given.as_name])


def _optional(tensor: schema.OptionalTensor) -> TensorName | None:
    return None if tensor.as_tensor is None else TensorName(tensor.as_tensor.name)


def _float(number: float | str) -> Item:
    if isinstance(number, str):
        return _INFINITE.get(number, number)
    return number if math.isfinite(number) else str(number)


def _plain(given: schema.Argument, target: str) -> Argument:
    """An argument that needs nothing else to be understood."""
    if given.as_scalar_type is not None:
        return NUMBER_TYPES.get(given.as_scalar_type, "float32")
    if given.as_memory_format is not None:
        return _MEMORY_FORMATS.get(given.as_memory_format, "preserve_format")
    if given.as_layout is not None and given.as_layout == _STRIDED:
        return "strided"
    if given.as_device is not None:
        return given.as_device.type
    plain = (given.as_bool, given.as_int, given.as_string, given.as_ints, given.as_bools, given.as_strings)
    for value in plain:
        if value is not None:
            return value
    if given.as_none is not None:
        return None
    raise ModelFileError(f"{target[:100]} has an argument that is neither a tensor nor a number; it cannot be opened.")

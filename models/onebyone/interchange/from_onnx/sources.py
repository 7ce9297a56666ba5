"""Where the numbers of a constant of an ONNX file come from, and their bytes."""

import math
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onebyone.errors import ModelFileError
from onebyone.interchange.graph import TensorType
from onebyone.interchange.number_types import ITEM_BYTES, MAX_ELEMENTS

#: The numbers of TensorProto's enumeration, by the names of torch.
NUMBER_TYPES = {
    1: "float32",
    2: "uint8",
    3: "int8",
    4: "uint16",
    5: "int16",
    6: "int32",
    7: "int64",
    9: "bool",
    10: "float16",
    11: "float64",
    12: "uint32",
    13: "uint64",
    16: "bfloat16",
}
_EXTERNAL = 1
_CHUNK = 2**20


@dataclass(frozen=True)
class Stored:
    """A tensor that the file holds, or a file beside it."""

    proto: Any


@dataclass(frozen=True)
class Filled:
    """A tensor that is one number everywhere, as bytes of the number."""

    item: bytes


@dataclass(frozen=True)
class Computed:
    """A tensor that was folded while reading, as an array of numpy."""

    array: Any


Source = Stored | Filled | Computed


def number_type(number: int, place: str) -> str:
    """The name of a number type.

    Raises:
        ModelFileError: It is one that no tensor here can have.
    """
    if number not in NUMBER_TYPES:
        raise ModelFileError(
            f"{place} holds numbers of a type that cannot be read here (type {number} of ONNX); floats of 16 to 64 "
            "bits, whole numbers and truth values can."
        )
    return NUMBER_TYPES[number]


def stored_type(proto: Any) -> TensorType:
    """The type of a tensor in the file, its length checked where the file itself has the bytes.

    Raises:
        ModelFileError: What it says of itself does not hold.
    """
    place = f"The tensor '{proto.name[:100]}'"
    kind = number_type(proto.data_type, place)
    shape = tuple(int(size) for size in proto.dims)
    if len(shape) > 16 or any(size < 0 for size in shape) or math.prod(shape) > MAX_ELEMENTS:
        raise ModelFileError(f"{place} says that it has the shape {shape[:16]}, which no tensor has.")
    if proto.data_location != _EXTERNAL and proto.HasField("raw_data"):
        wanted, found = math.prod(shape) * ITEM_BYTES[kind], len(proto.raw_data)
        if wanted != found:
            raise ModelFileError(f"{place} should have {wanted:,} bytes and has {found:,}; the file is damaged.")
    return TensorType(shape, kind)


def is_external(proto: Any) -> bool:
    """Whether the numbers lie in another file."""
    return bool(proto.data_location == _EXTERNAL)


def array_of(proto: Any) -> Any:
    """A small tensor of the file as an array of numpy.

    Raises:
        ModelFileError: It has not the numbers that its shape wants.
    """
    from onnx import numpy_helper

    try:
        return numpy_helper.to_array(proto)
    except (ValueError, TypeError) as error:
        raise ModelFileError(f"The tensor '{proto.name[:100]}' cannot be read: the file is damaged.") from error


def raw_bytes(source: Source, type: TensorType, folder: Path) -> bytes:
    """The numbers of a constant in row-major order, the lowest byte first.

    Raises:
        ModelFileError: They are not where the file says.
    """
    count = math.prod(type.shape)
    match source:
        case Filled(item):
            return item * count
        case Computed(array):
            return bytes(array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes())
        case Stored(proto) if is_external(proto):
            return _external(proto, count * ITEM_BYTES[type.dtype], folder)
        case Stored(proto) if proto.HasField("raw_data"):
            return bytes(proto.raw_data)
        case Stored(proto):
            array = array_of(proto)
            return bytes(array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes())


def _external(proto: Any, length: int, folder: Path) -> bytes:
    """The bytes of a tensor that lie in a file beside the model: a regular file of the same folder, no link to one."""
    place = f"The numbers of '{proto.name[:100]}'"
    said = {each.key: each.value for each in proto.external_data}
    location, offset = said.get("location", ""), said.get("offset", "0")
    if not location or location in {".", ".."} or set(location) & set("/\\:\0"):
        raise ModelFileError(f"{place} should lie in {location[:200]!r}, which is not a file beside the model.")
    if (
        not offset.isascii()
        or not offset.isdigit()
        or len(offset) > 18
        or said.get("length", str(length)) != str(length)
    ):
        raise ModelFileError(f"{place} have a place or a length in {location[:200]!r} that cannot be right.")
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        if (folder / location).is_symlink():
            raise ModelFileError(
                f"{place} lie behind a link, {location[:200]!r}; copy the file itself beside the model."
            )
        with open(os.open(folder / location, flags), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
                raise ModelFileError(
                    f"{place} lie in {location[:200]!r}, which is not a plain file with one name; copy it "
                    "beside the model."
                )
            file.seek(int(offset))
            data = file.read(length) if int(offset) + length <= status.st_size else b""
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it cannot be opened"
        raise ModelFileError(f"{place} lie in {location[:200]!r} beside the model: {reason}.") from error
    if len(data) != length:
        raise ModelFileError(f"{place} should lie in {location[:200]!r}, which is too short; it is not the right file.")
    return data

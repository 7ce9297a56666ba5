"""Writes files of the safetensors format: a header in JSON, then the numbers of all tensors."""

import contextlib
import math
import os
import struct
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from onebyone.errors import ModelFileError, StorageError
from onebyone.interchange.graph import TensorType
from onebyone.interchange.number_types import ITEM_BYTES

MAX_BYTES = 2**36
_NAMES = {
    "bool": "BOOL",
    "uint8": "U8",
    "int8": "I8",
    "uint16": "U16",
    "int16": "I16",
    "float16": "F16",
    "bfloat16": "BF16",
    "uint32": "U32",
    "int32": "I32",
    "float32": "F32",
    "uint64": "U64",
    "int64": "I64",
    "float64": "F64",
}


def write_safetensors(path: Path, types: Mapping[str, TensorType], numbers: Callable[[str], bytes]) -> None:
    """Writes tensors, one after the other, so that only one is in memory; a file that was there is replaced whole.

    Args:
        path: The file.
        types: The tensors by their names.
        numbers: The bytes of one, in row-major order, the lowest byte first.

    Source: the safetensors format, https://huggingface.co/docs/safetensors.

    Raises:
        ModelFileError: A tensor's numbers do not have the length of its type, or all are too much for a file.
        StorageError: The file cannot be written.
    """
    # Widest first, so that every tensor starts where its numbers are aligned.
    names = sorted(types, key=lambda name: (-ITEM_BYTES[types[name].dtype], name))
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    offset = 0
    for name in names:
        end = offset + math.prod(types[name].shape) * ITEM_BYTES[types[name].dtype]
        header[name] = {
            "dtype": _NAMES[types[name].dtype],
            "shape": types[name].shape,
            "data_offsets": (offset, end),
        }
        offset = end
    if offset > MAX_BYTES:
        raise ModelFileError(
            f"Its constants would take {offset / 2**30:,.0f} GiB, more than a file of weights may have."
        )
    text = msgspec.json.encode(header)
    text += b" " * (-len(text) % 8)
    temporary = path.with_name(f".onebyone-{os.urandom(6).hex()}.tmp")
    try:
        with open(temporary, "xb") as file:
            file.write(struct.pack("<Q", len(text)) + text)
            for name in names:
                data = numbers(name)
                if len(data) != math.prod(types[name].shape) * ITEM_BYTES[types[name].dtype]:
                    raise ModelFileError(f"The numbers of '{name[:100]}' are not as many as its shape says.")
                file.write(data)
        os.replace(temporary, path)
    except OSError as error:
        raise StorageError(f"{str(path)!r} could not be written: {error.strerror or error}.") from error
    finally:
        with contextlib.suppress(OSError):
            os.unlink(temporary)

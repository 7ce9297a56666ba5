"""The numbers of a `.pt2` file's constants: plain bytes in the archive; those in a pickle are refused."""

import math
import struct
from collections.abc import Callable
from typing import Any

from onebyone.errors import ModelFileError
from onebyone.interchange.from_pt2 import schema
from onebyone.interchange.from_pt2.archive import MAX_JSON_BYTES, MAX_TENSOR_BYTES, Archive
from onebyone.interchange.graph import TensorType
from onebyone.interchange.number_types import ITEM_BYTES, MAX_SHOWN_VALUES, finite, shortest

_PLACES = {"data/weights/": "_weights_config.json", "data/constants/": "_constants_config.json"}
_FORMATS = {"bool": "?", "int32": "i", "int64": "q", "float32": "f", "float64": "d"}


class Weights:
    """Where the numbers of all constants lie."""

    def __init__(self, archive: Archive, decode: Callable[[bytes, Any], Any]) -> None:
        self._archive = archive
        self._places: dict[str, tuple[str, schema.Payload]] = {}
        for folder, suffix in _PLACES.items():
            for name in archive.names(folder, suffix):
                payloads = decode(archive.read(name, MAX_JSON_BYTES), schema.Payloads)
                self._places.update({key: (folder, payload) for key, payload in payloads.config.items()})
        self._is_little = "byteorder" not in archive or archive.read("byteorder", 16) == b"little"

    def values(self, name: str, type: TensorType) -> tuple[Any, ...] | None:
        """The numbers of a small constant, or None where they cannot be had."""
        if type.dtype not in _FORMATS or math.prod(type.shape) > MAX_SHOWN_VALUES:
            return None
        try:
            data = self.raw_bytes(name, type)
        except ModelFileError:
            return None
        numbers = struct.unpack(f"<{math.prod(type.shape)}{_FORMATS[type.dtype]}", data)
        shown: tuple[Any, ...] = finite(
            tuple(shortest(each) for each in numbers) if type.dtype == "float32" else numbers
        )
        return shown

    def raw_bytes(self, name: str, type: TensorType) -> bytes:
        """The numbers of a constant in row-major order, the lowest byte first.

        Raises:
            ModelFileError: They are not there, lie in a pickle, or are not as many as the constant has.
        """
        if name not in self._places or not self._is_little:
            raise ModelFileError(
                f"It has no plain numbers for '{name[:100]}': it was saved by an older torch, or on another kind of "
                "machine; save it with torch.export.save of torch 2.9 or newer."
            )
        folder, payload = self._places[name]
        if payload.use_pickle:
            raise ModelFileError(
                f"It keeps '{name[:100]}' in a pickle, which could run any program and is not opened; import the "
                "Python that builds the model instead."
            )
        data = self._archive.read(folder + payload.path_name, MAX_TENSOR_BYTES)
        strides, offset = _layout(payload.tensor_meta, type)
        return _gathered(name, data, type, strides, offset)


def _layout(meta: schema.TensorMeta | None, type: TensorType) -> tuple[tuple[int, ...], int]:
    """The steps along every axis and the place of the first number, in numbers; row-major where nothing is said."""
    row_major = tuple(math.prod(type.shape[axis + 1 :]) for axis in range(len(type.shape)))
    if meta is None:
        return row_major, 0
    strides = tuple(stride.as_int or 0 for stride in meta.strides)
    return strides if len(strides) == len(type.shape) else row_major, meta.storage_offset.as_int or 0


def _gathered(name: str, data: bytes, type: TensorType, strides: tuple[int, ...], offset: int) -> bytes:
    """The numbers of a tensor in row-major order, wherever they lie in its storage."""
    item = ITEM_BYTES[type.dtype]
    count = math.prod(type.shape)
    last = offset + sum((size - 1) * stride for size, stride in zip(type.shape, strides, strict=True))
    if offset < 0 or min(strides, default=0) < 0 or (count and (last + 1) * item > len(data)):
        raise ModelFileError(f"The numbers of '{name[:100]}' are not as many as its shape says; the file is damaged.")
    axes = [axis for axis, size in enumerate(type.shape) if size != 1]
    is_row_major = all(strides[axis] == math.prod(type.shape[axis + 1 :]) for axis in axes)
    if is_row_major or not count:
        return data[offset * item : (offset + count) * item]
    import numpy

    # Numbers are moved as opaque items, so that types that numpy has not are moved too.
    flat = numpy.frombuffer(data[: len(data) // item * item], dtype=f"V{item}")
    steps = tuple(stride * item for stride in strides)
    view = numpy.lib.stride_tricks.as_strided(flat[offset:], type.shape, steps, writeable=False)
    return view.tobytes()

"""The tensors of a capture: what goes in, what the module makes of it, and the file that they are kept in.

Source: the layout of the file is that of safetensors.
"""

import contextlib
import copy
import ctypes
import json
import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from .words import CaptureError

SEED = 20_140_917
BATCH = 2
INPUT, OUTPUT, OUTPUT_64 = "captured.input.", "captured.output.", "captured.output64."
_DTYPES = {
    "float64": "F64", "float32": "F32", "float16": "F16", "bfloat16": "BF16", "int64": "I64", "int32": "I32",
    "int16": "I16", "int8": "I8", "uint8": "U8", "bool": "BOOL",
}  # fmt: skip


def seeded_inputs(module: Any, sizes: Sequence[Sequence[int]], batch: int = BATCH) -> tuple[Any, ...]:
    """Normal values of these sizes (without the batch), on the device of the module."""
    import torch

    generator = torch.Generator().manual_seed(SEED)
    first = next(iter(module.parameters()), None)
    device = "cpu" if first is None else first.device
    return tuple(torch.randn(batch, *size, generator=generator).to(device) for size in sizes)


def is_varied(tensor: Any) -> bool:
    """Whether a tensor is one number a channel: a bias, a factor, a mean or a variance."""
    return bool(tensor.is_floating_point() and tensor.numel() > 1 and sum(size > 1 for size in tensor.shape) == 1)


def varied(name: str, tensor: Any) -> Any:
    """A tensor with other values, which depend on its name alone: an error in one that is all 0 or 1 would not show.

    A positive value stays positive.
    """
    import torch

    start = zlib.crc32(name.encode()) % 1000
    places = torch.arange(tensor.numel(), dtype=torch.float64) + start
    factors = 0.8 + 0.4 * (places * 0.618033988749895).frac()
    offsets = 0.1 * (places * 0.414213562373095).frac()
    changed = tensor.detach().to("cpu", torch.float64).reshape(-1) * factors + offsets
    return changed.to(tensor.dtype).reshape(tensor.shape).to(tensor.device)


def write_tensors(tensors: dict[str, Any], path: str) -> None:
    """Writes tensors as a safetensors file.

    Raises:
        CaptureError: One has a number type that the format does not have.
    """
    header: dict[str, Any] = {}
    end = 0
    plain = {}
    for name, tensor in tensors.items():
        own = tensor.detach().to("cpu").contiguous()
        dtype = str(own.dtype).removeprefix("torch.")
        if dtype not in _DTYPES:
            raise CaptureError(f"The tensor {name} holds values of type {dtype}, which cannot be kept.")
        size = own.numel() * own.element_size()
        header[name] = {"dtype": _DTYPES[dtype], "shape": list(own.shape), "data_offsets": [end, end + size]}
        end += size
        plain[name] = own
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for own in plain.values():
            if own.numel():
                file.write(ctypes.string_at(own.data_ptr(), own.numel() * own.element_size()))


def references(module: Any, inputs: tuple[Any, ...]) -> dict[str, Any]:
    """The inputs, and what the module with varied tensors makes of them in float32 and float64."""
    import torch

    tensors = [value for value in inputs if isinstance(value, torch.Tensor)]
    found = {f"{INPUT}{place}": value.cpu() for place, value in enumerate(tensors)}
    with _varied_copy(module) as copied:
        if copied is None:
            return found
        for prefix, dtype in ((OUTPUT, torch.float32), (OUTPUT_64, torch.float64)):
            with contextlib.suppress(Exception):
                # A module that makes float32 tensors while it runs has no float64 answer.
                ran = copied.to(dtype)(*(_as(value, dtype) for value in inputs))
                flat, _ = torch.utils._pytree.tree_flatten(ran)
                results = [value for value in _leaves(flat) if isinstance(value, torch.Tensor)]
                found |= {f"{prefix}{place}": value.clone().cpu() for place, value in enumerate(results)}
    return found


def _leaves(values: list[Any]) -> Iterator[Any]:
    """Values in order, those in dataclasses that torch does not know too."""
    for value in values:
        fields = getattr(value, "__dataclass_fields__", None)
        if fields is None:
            yield value
        else:
            yield from (getattr(value, name) for name in fields)


def _as(value: Any, dtype: Any) -> Any:
    import torch

    return value.to(dtype) if isinstance(value, torch.Tensor) and value.is_floating_point() else value


@contextlib.contextmanager
def _varied_copy(module: Any) -> Iterator[Any]:
    try:
        copied = copy.deepcopy(module)
    except Exception:  # noqa: BLE001 - a module may hold what cannot be copied
        yield None
        return
    named = (*copied.named_parameters(), *copied.named_buffers())
    for name, tensor in named:
        if is_varied(tensor):
            tensor.data.copy_(varied(name, tensor))
    yield copied

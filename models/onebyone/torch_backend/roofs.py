"""The machine's own roofs: the best arithmetic, the best copy and the least call that it does; under two seconds."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from onebyone.clock import machine
from onebyone.errors import MeasurementError
from onebyone.measurement.records import BYTES_PER_ELEMENT, DType, Roofs
from onebyone.torch_backend import devices
from onebyone.torch_backend.devices import Device

MATMUL_SIZE = 512
CONV_CHANNELS = 256
CONV_SIZE = 28
#: How long each candidate is called at least, after a first call.
CANDIDATE_S = 0.12
LEAST_CALLS = 3
CACHES = Path("/sys/devices/system/cpu/cpu0/cache")
DEFAULT_CACHE_BYTES = 32 * 2**20
#: A copy is four times the last-level cache, but no larger than this: more says nothing new and takes seconds.
MAX_COPY_BYTES = 256 * 2**20
_SHARE_OF_FREE_MEMORY = 8


@lru_cache(maxsize=32)
def measure_roofs(device: str, dtype: DType, threads: int | None) -> Roofs:
    """Measures the roofs once in the life of this process.

    The compute roof is the best of a matrix product of 512³ and a 3×3 convolution of 256 channels at 28×28, the memory
    roof a copy of four times the last-level cache (read and written bytes count), the floor of a call one tiny
    operation. A MAC is two operations.

    Raises:
        MeasurementError: The device or its number type cannot be used.
    """
    found = devices.find(device)
    count = threads or machine.physical_cores()
    with _settings(count):
        try:
            return Roofs(
                device,
                dtype,
                count,
                operations_per_second=_best_arithmetic(found, dtype),
                bytes_per_second=_best_copy(found, dtype),
                call_seconds=_least_call(found, dtype),
            )
        except (RuntimeError, MemoryError) as error:
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
            raise MeasurementError(f"The roofs of {device} in {dtype} cannot be measured: {reason}.") from error


@contextmanager
def _settings(threads: int) -> Iterator[None]:
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        with torch.inference_mode():
            yield
    finally:
        torch.set_num_threads(before)


def least_seconds(call: Callable[[], object], device: Device, seconds: float | None = None) -> float:
    """The shortest of the calls that fit into a while: a roof is what the machine can do, not what it does mostly."""
    deadline = time.perf_counter() + (CANDIDATE_S if seconds is None else seconds)
    call()
    device.synchronize()
    times: list[float] = []
    while len(times) < LEAST_CALLS or time.perf_counter() < deadline:
        start = time.perf_counter()
        call()
        device.synchronize()
        times.append(time.perf_counter() - start)
    return min(times)


def _best_arithmetic(device: Device, dtype: DType) -> float:
    """Operations a second."""
    import torch

    kind = getattr(torch, dtype)
    matrices = [device.place(torch.randn(MATMUL_SIZE, MATMUL_SIZE)).to(kind) for _ in range(2)]
    found = [2 * MATMUL_SIZE**3 / least_seconds(lambda: torch.mm(*matrices), device)]
    conv = device.place(torch.nn.Conv2d(CONV_CHANNELS, CONV_CHANNELS, 3, padding=1, bias=False)).to(kind).eval()
    image = device.place(torch.randn(1, CONV_CHANNELS, CONV_SIZE, CONV_SIZE)).to(kind)
    operations = 2 * CONV_SIZE**2 * 9 * CONV_CHANNELS**2
    for memory_format in (torch.contiguous_format, torch.channels_last):
        conv = conv.to(memory_format=memory_format)
        placed = image.contiguous(memory_format=memory_format)
        found.append(operations / least_seconds(_bound(conv, placed), device))
    return max(found)


def _bound(module: Any, value: Any) -> Callable[[], object]:
    return lambda: module(value)


def _best_copy(device: Device, dtype: DType) -> float:
    """Bytes a second, read and written."""
    import torch

    elements = copy_bytes() // BYTES_PER_ELEMENT[dtype]
    source = device.place(torch.zeros(elements)).to(getattr(torch, dtype))
    target = torch.ones_like(source)
    moved = 2 * elements * BYTES_PER_ELEMENT[dtype]
    return moved / least_seconds(lambda: target.copy_(source), device)


def _least_call(device: Device, dtype: DType) -> float:
    """Seconds of a module that does next to nothing."""
    import torch

    module = torch.nn.ReLU()
    value = device.place(torch.ones(1)).to(getattr(torch, dtype))
    return least_seconds(lambda: module(value), device)


def copy_bytes() -> int:
    """How large the copied tensor is."""
    wanted = min(4 * last_level_cache_bytes(), MAX_COPY_BYTES)
    free = machine.available_bytes()
    return wanted if free is None else max(min(wanted, free // _SHARE_OF_FREE_MEMORY), 2**20)


def last_level_cache_bytes(caches: Path = CACHES) -> int:
    """The largest cache of the processor; a usual size where the system does not say."""
    sizes = []
    for path in sorted(caches.glob("index*/size")):
        text = machine.first_line(path)
        unit = {"K": 2**10, "M": 2**20, "G": 2**30}.get(text[-1:], 0)
        if unit and text[:-1].isdigit():
            sizes.append(int(text[:-1]) * unit)
    return max(sizes, default=DEFAULT_CACHE_BYTES)

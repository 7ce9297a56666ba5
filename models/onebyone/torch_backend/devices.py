"""What is measured on: the CPU, or an accelerator through `torch.accelerator`."""

import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any, Protocol, TypeVar

from onebyone.clock import machine
from onebyone.errors import MeasurementError
from onebyone.measurement.records import DeviceInfo
from onebyone.torch_backend.memory import peak_of_profile

CPU = "cpu"
_OUT_OF_MEMORY = ("out of memory", "can't allocate memory", "not enough memory", "failed to allocate")

# A module or a tensor.
Placed = TypeVar("Placed")


class Marks(Protocol):
    """Moments during one call, taken by the clocks of a generated forward pass."""

    def mark(self) -> None:
        """Takes the moment."""

    def intervals(self) -> list[float]:
        """Seconds between the moments; forgets them."""


class Device(Protocol):
    """What the measurement needs to know of a device."""

    name: str
    description: str

    def place(self, value: Placed) -> Placed:
        """The module or tensor on this device."""

    def synchronize(self) -> None:
        """Waits until all that was asked of the device is done."""

    def marks(self) -> Marks:
        """A clock for the statements of a forward pass."""

    def peak_bytes(self, call: Callable[[], object]) -> int | None:
        """The most memory that one call holds on top of what is there already; None where it is not known."""

    def available_bytes(self) -> int | None:
        """Memory that can still be had on the device; None where it is not known."""

    def own_times(self, call: Callable[[], object], count: int) -> list[float]:
        """Seconds of each of some calls on the device's own clock; nothing where it has none."""

    def release(self) -> None:
        """Gives back memory that is only kept for later calls, after it ran out."""


class CpuMarks:
    """Moments on the clock of the processor."""

    def __init__(self) -> None:
        self._moments: list[int] = []

    def mark(self) -> None:
        """Takes the moment."""
        self._moments.append(time.perf_counter_ns())

    def intervals(self) -> list[float]:
        """Seconds between the moments; forgets them."""
        moments, self._moments = self._moments, []
        return [(end - start) * 1e-9 for start, end in pairwise(moments)]


class CpuDevice:
    """The processor."""

    name = CPU

    def __init__(self) -> None:
        self.description = machine.cpu_model()

    def place(self, value: Placed) -> Placed:
        """The value itself: all is built on the CPU."""
        return value

    def synchronize(self) -> None:
        """Nothing to wait for: the processor answers when it is done."""

    def marks(self) -> CpuMarks:
        """A clock for the statements of a forward pass."""
        return CpuMarks()

    def peak_bytes(self, call: Callable[[], object]) -> int | None:
        """The running maximum of the profiler's memory events."""
        return peak_of_profile(call)

    def available_bytes(self) -> int | None:
        """What this process could still get."""
        return machine.available_bytes()

    def own_times(self, call: Callable[[], object], count: int) -> list[float]:
        """Nothing: the clock of the samples is the processor's own, and torch.Event does not tell its time."""
        return []

    def release(self) -> None:
        """Nothing is kept."""


class AcceleratorMarks:
    """Moments on the clock of an accelerator: events that are read after one synchronisation."""

    def __init__(self, new_event: Callable[[], Any], synchronize: Callable[[], None]) -> None:
        self._new_event = new_event
        self._synchronize = synchronize
        self._pool: list[Any] = []
        self._used = 0

    def mark(self) -> None:
        """Takes the moment at which the device gets there."""
        if self._used == len(self._pool):
            self._pool.append(self._new_event())
        self._pool[self._used].record()
        self._used += 1

    def intervals(self) -> list[float]:
        """Seconds between the moments; forgets them, and keeps the events for the next call."""
        self._synchronize()
        events, self._used = self._pool[: self._used], 0
        return [start.elapsed_time(end) * 1e-3 for start, end in pairwise(events)]


class AcceleratorDevice:
    """An accelerator that torch.accelerator knows: CUDA, ROCm, XPU or MPS.

    Args:
        torch: The library, or a stand-in in tests.
        name: What torch calls the device: "cuda:0".
    """

    def __init__(self, torch: Any, name: str) -> None:
        self._torch = torch
        self._device = torch.device(name)
        self._memory = torch.get_device_module(self._device)
        self.name = name
        get_name = getattr(self._memory, "get_device_name", None)
        self.description = str(get_name(self._device)) if get_name is not None else name

    def place(self, value: Placed) -> Placed:
        """The module or tensor on this device."""
        return value.to(self._device)  # type: ignore[attr-defined, no-any-return]

    def synchronize(self) -> None:
        """Waits until the device has done all."""
        self._torch.accelerator.synchronize(self._device)

    def marks(self) -> AcceleratorMarks:
        """A clock for the statements of a forward pass."""
        return AcceleratorMarks(self._new_event, self.synchronize)

    def peak_bytes(self, call: Callable[[], object]) -> int | None:
        """What the allocator counted at most during the call, above what was there before."""
        names = ("reset_peak_memory_stats", "memory_allocated", "max_memory_allocated")
        if not all(hasattr(self._memory, name) for name in names):
            return None
        self.synchronize()
        self._memory.reset_peak_memory_stats(self._device)
        held = self._memory.memory_allocated(self._device)
        call()
        self.synchronize()
        return int(self._memory.max_memory_allocated(self._device) - held)

    def available_bytes(self) -> int | None:
        """What the driver calls free, and what the allocator has and does not use."""
        info = getattr(self._memory, "mem_get_info", None)
        if info is None:
            return None
        names = ("memory_reserved", "memory_allocated")
        reserved, allocated = (getattr(self._memory, name, lambda _: 0)(self._device) for name in names)
        return int(info(self._device)[0] + reserved - allocated)

    def own_times(self, call: Callable[[], object], count: int) -> list[float]:
        """Pairs of events around each call, made beforehand and read after one synchronisation."""
        pairs = [tuple(self._new_event() for _ in range(2)) for _ in range(count)]
        for start, end in pairs:
            start.record()
            call()
            end.record()
        self.synchronize()
        return [start.elapsed_time(end) * 1e-3 for start, end in pairs]

    def release(self) -> None:
        """Empties the cache of the allocator."""
        empty = getattr(self._memory, "empty_cache", None)
        if empty is not None:
            empty()

    def _new_event(self) -> Any:
        return self._torch.Event(device=self._device, enable_timing=True)


def find(name: str) -> Device:
    """The device with this name: "cpu", "accelerator", "cuda", "cuda:1" ...

    Raises:
        MeasurementError: There is none; the text lists what there is.
    """
    import torch

    return device_named(name, torch)


def device_named(name: str, torch: Any) -> Device:
    """The device with this name in this torch, which may be a stand-in in tests.

    Raises:
        MeasurementError: There is none; the text lists what there is.
    """
    if name == CPU:
        return CpuDevice()
    present = accelerators(torch)
    for one in present:
        if name == one or (one == present[0] and name in {"accelerator", one.partition(":")[0]}):
            return AcceleratorDevice(torch, one)
    raise MeasurementError(
        f"There is no device {name!r} that this PyTorch can use; there is {' and '.join([CPU, *present])}."
    )


def accelerators(torch: Any) -> list[str]:
    """The names of the accelerators that can be used now."""
    if not hasattr(torch, "accelerator") or not torch.accelerator.is_available():
        return []
    kind = torch.accelerator.current_accelerator().type
    return [f"{kind}:{index}" for index in range(torch.accelerator.device_count())]


def listed() -> tuple[DeviceInfo, ...]:
    """All devices that can be measured on."""
    import torch

    names = [CPU, *accelerators(torch)]
    return tuple(DeviceInfo(name, device_named(name, torch).description) for name in names)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether PyTorch means by this error that there was not enough memory."""
    text = str(error).lower()
    return isinstance(error, MemoryError) or any(words in text for words in _OUT_OF_MEMORY)

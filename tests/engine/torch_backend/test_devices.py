"""Devices, the accelerator with a stand-in for torch."""

from types import SimpleNamespace
from typing import Any

import pytest

from onebyone.errors import MeasurementError
from onebyone.torch_backend import devices
from onebyone.torch_backend.devices import AcceleratorDevice, device_named, is_out_of_memory


class FakeEvent:
    """Records the time of the device when it is reached."""

    def __init__(self, torch: "FakeTorch") -> None:
        self._torch = torch
        self.moment_ms = -1.0
        torch.events_made += 1

    def record(self) -> None:
        self._torch.clock_ms += 2.0
        self.moment_ms = self._torch.clock_ms

    def elapsed_time(self, end: "FakeEvent") -> float:
        assert self._torch.is_synchronized
        return end.moment_ms - self.moment_ms


class FakeTorch:
    """As much of torch as an accelerator needs."""

    def __init__(self, count: int = 2) -> None:
        self.clock_ms = 0.0
        self.events_made = 0
        self.is_synchronized = False
        self.held = 1000
        self.peak = 0
        self.accelerator = SimpleNamespace(
            is_available=lambda: count > 0,
            current_accelerator=lambda: SimpleNamespace(type="cuda"),
            device_count=lambda: count,
            synchronize=self.synchronize,
        )

    def synchronize(self, device: str) -> None:
        self.is_synchronized = True

    def device(self, name: str) -> str:
        return name

    def get_device_module(self, device: str) -> Any:
        return SimpleNamespace(
            get_device_name=lambda device: f"Fake {device}",
            reset_peak_memory_stats=self.reset,
            memory_allocated=lambda device: self.held,
            max_memory_allocated=lambda device: self.peak,
        )

    def reset(self, device: str) -> None:
        self.peak = self.held

    def Event(self, device: str, enable_timing: bool) -> FakeEvent:
        assert enable_timing
        return FakeEvent(self)


@pytest.mark.parametrize(
    ("name", "found"),
    [("cpu", "cpu"), ("accelerator", "cuda:0"), ("cuda", "cuda:0"), ("cuda:0", "cuda:0"), ("cuda:1", "cuda:1")],
)
def test_a_device_is_found_by_its_name(name: str, found: str) -> None:
    assert device_named(name, FakeTorch()).name == found


@pytest.mark.parametrize("name", ["cuda:2", "xpu", "", "CPU", "cpu; rm"])
def test_an_unknown_device_is_answered_with_those_there_are(name: str) -> None:
    with pytest.raises(MeasurementError, match="there is cpu and cuda:0 and cuda:1"):
        device_named(name, FakeTorch())


def test_without_an_accelerator_there_is_only_the_cpu() -> None:
    assert devices.accelerators(FakeTorch(count=0)) == []


def test_marks_on_an_accelerator_are_read_after_a_synchronisation() -> None:
    marks = AcceleratorDevice(FakeTorch(), "cuda:0").marks()
    for _ in range(3):
        marks.mark()

    assert marks.intervals() == [0.002, 0.002]


def test_marks_on_an_accelerator_use_their_events_again() -> None:
    torch = FakeTorch()
    marks = AcceleratorDevice(torch, "cuda:0").marks()
    for _ in range(5):
        marks.mark()
        marks.mark()
        marks.intervals()

    assert torch.events_made == 2


def test_peak_memory_of_an_accelerator_is_what_a_call_adds() -> None:
    torch = FakeTorch()

    def call() -> None:
        torch.peak = torch.held + 4096

    assert AcceleratorDevice(torch, "cuda:0").peak_bytes(call) == 4096


def test_marks_on_the_cpu_forget_what_was_read() -> None:
    marks = devices.CpuMarks()
    marks.mark()
    marks.mark()

    assert len(marks.intervals()) == 1
    assert marks.intervals() == []


@pytest.mark.parametrize(
    ("error", "is_memory"),
    [
        (MemoryError(), True),
        (RuntimeError("CUDA out of memory. Tried to allocate 20 GiB"), True),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"), True),
        (RuntimeError("DefaultCPUAllocator: not enough memory: you tried"), True),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
    ],
)
def test_running_out_of_memory_is_recognised(error: Exception, is_memory: bool) -> None:
    assert is_out_of_memory(error) is is_memory

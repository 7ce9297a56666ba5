"""An accelerator that computes on the CPU but keeps the time of another machine: launches return at once."""

from types import SimpleNamespace
from typing import Any

from onebyone.torch_backend.devices import AcceleratorDevice

CALL_S = 0.004
LAUNCH_S = 0.00002
NAME = "cuda:0"


class Event:
    """Notes when the queue of the device gets there."""

    def __init__(self, accelerator: "FakeAccelerator") -> None:
        self._accelerator = accelerator
        self.moment = -1.0

    def record(self) -> None:
        self._accelerator.now += LAUNCH_S
        self.moment = self._accelerator.queue_end

    def elapsed_time(self, end: "Event") -> float:
        assert self._accelerator.is_idle, "an event was read before the device was done"
        return (end.moment - self.moment) * 1e3


class FakeAccelerator:
    """As much of torch as an accelerator needs, with a queue, an allocator and memory that can run out.

    Its time is scripted: a launch takes `LAUNCH_S` of the processor's clock, as an event does, and `CALL_S` of the
    queue; waiting for the queue moves the processor's clock on. `clock` stands in for the module `time`.
    """

    def __init__(self, free: int = 2**40) -> None:
        self.free = free
        self.calls_until_full: int | None = None
        self.now = 100.0
        self.queue_end = 0.0
        self.ready_at = 0.0
        self.clock = SimpleNamespace(
            perf_counter=lambda: self.now, perf_counter_ns=lambda: round(self.now * 1e9), monotonic=lambda: self.now
        )
        self.is_idle = True
        self.synchronisations = 0
        self.events = 0
        self.caches_emptied = 0
        self.held = 0
        self.accelerator = SimpleNamespace(synchronize=self.synchronize)

    def launch(self, *_: object) -> None:
        """A call of the module: it is queued, and the CPU goes on."""
        if self.calls_until_full is not None:
            self.calls_until_full -= 1
            if self.calls_until_full < 0:
                import torch

                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB.")
        self.queue_end += CALL_S
        self.now += LAUNCH_S
        self.ready_at = max(self.ready_at, self.now) + CALL_S
        self.is_idle = False

    def synchronize(self, _device: object) -> None:
        self.synchronisations += 1
        self.now = max(self.now, self.ready_at)
        self.is_idle = True

    def Event(self, device: object, enable_timing: bool) -> Event:
        assert enable_timing
        self.events += 1
        return Event(self)

    def device(self, _name: str) -> Any:
        import torch

        return torch.device("cpu")

    def get_device_module(self, _device: object) -> Any:
        return SimpleNamespace(
            get_device_name=lambda _: "Scripted accelerator",
            reset_peak_memory_stats=lambda _: None,
            memory_allocated=lambda _: self.held,
            max_memory_allocated=lambda _: self.held + 4096,
            memory_reserved=lambda _: self.held,
            mem_get_info=lambda _: (self.free, 2**40),
            empty_cache=self.empty_cache,
        )

    def empty_cache(self) -> None:
        self.caches_emptied += 1


class FakeDevice(AcceleratorDevice):
    """The accelerator's own device class over the fake; modules that are placed on it launch when they are called."""

    def __init__(self, fake: FakeAccelerator) -> None:
        super().__init__(fake, NAME)
        self._fake = fake

    def place(self, value: Any) -> Any:
        placed = super().place(value)
        if hasattr(placed, "register_forward_pre_hook"):
            placed.register_forward_pre_hook(self._fake.launch)
        return placed

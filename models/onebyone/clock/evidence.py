"""What the system tells about a timed span: waiting for a CPU, CPU time, involuntary switches."""

import os
import time
from pathlib import Path

import msgspec

TASKS = Path("/proc/self/task")
SCHEDSTAT_SOURCE = "run-queue delay (schedstat)"
NO_SOURCE = "none: this system does not say how long a thread waits for a CPU"
_LINE_BYTES = 96


class Reading(msgspec.Struct, frozen=True, gc=False):
    """Counters of this process since its start; `delay_ns` is None where the system keeps none."""

    delay_ns: int | None
    cpu_ns: int
    switches: int


class Evidence:
    """Reads the counters of all threads of this process.

    Linux keeps for each thread the time it was ready but waited for a CPU. The files stay open between readings; call
    `refresh` when threads may have been born.
    """

    def __init__(self, tasks: Path = TASKS) -> None:
        self._tasks = tasks
        self._files: dict[str, int] = {}
        self._gone_ns = 0
        self._last: dict[str, int] = {}
        self.refresh()

    @property
    def source(self) -> str:
        """Where the evidence comes from, in words for the record."""
        return SCHEDSTAT_SOURCE if self._files else NO_SOURCE

    def refresh(self) -> None:
        """Opens the counters of threads that are new."""
        try:
            names = os.listdir(self._tasks)
        except OSError:
            return
        for name in names:
            if name not in self._files:
                try:
                    self._files[name] = os.open(self._tasks / name / "schedstat", os.O_RDONLY)
                except OSError:
                    continue

    def read(self) -> Reading:
        """The counters now."""
        return Reading(self._delay_ns(), time.process_time_ns(), _involuntary_switches())

    def close(self) -> None:
        """Closes the files."""
        for file in self._files.values():
            os.close(file)
        self._files.clear()

    def _delay_ns(self) -> int | None:
        if not self._files:
            return None
        total = self._gone_ns
        for name, file in list(self._files.items()):
            try:
                delay = int(os.pread(file, _LINE_BYTES, 0).split()[1])
            except (OSError, IndexError, ValueError):
                # The thread has ended; what it waited before stays in the sum, so that the sum never falls.
                os.close(self._files.pop(name))
                gone = self._last.pop(name, 0)
                self._gone_ns += gone
                total += gone
                continue
            self._last[name] = delay
            total += delay
        return total


def _involuntary_switches() -> int:
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw

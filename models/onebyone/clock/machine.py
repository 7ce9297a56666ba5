"""What the system tells about the machine: processor, cores, memory, load; no torch here."""

import os
import platform
from contextlib import suppress
from pathlib import Path

from onebyone.clock.cores import logical_cores as logical_cores  # noqa: PLC0414 - asked for here by the backend
from onebyone.clock.cores import physical_cores as physical_cores  # noqa: PLC0414
from onebyone.clock.cores import sysctl

CPUINFO = Path("/proc/cpuinfo")
STAT = Path("/proc/stat")
MEMINFO = Path("/proc/meminfo")
CPU_LIMIT = Path("/sys/fs/cgroup/cpu.max")
MEMORY_LIMIT = Path("/sys/fs/cgroup/memory.max")
MEMORY_USED = Path("/sys/fs/cgroup/memory.current")

_STEAL_COLUMN = 8


def cpu_model() -> str:
    """The name of the processor."""
    for line in _lines(CPUINFO):
        key, _, value = line.partition(":")
        if key.strip() == "model name":
            return value.strip()
    return sysctl("machdep.cpu.brand_string") or platform.processor() or platform.machine() or "unknown"


def allowed_processors() -> set[int] | None:
    """The numbers of the processors that this process may use; None where the system does not say."""
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None


def load() -> list[float] | None:
    """Load averages over 1, 5 and 15 minutes."""
    if not hasattr(os, "getloadavg"):
        return None
    with suppress(OSError):
        return [round(value, 2) for value in os.getloadavg()]
    return None


def stolen_seconds() -> float | None:
    """Seconds, since the start, in which the host ran something else on this virtual machine's processors."""
    lines = _lines(STAT)
    columns = lines[0].split() if lines else []
    if len(columns) <= _STEAL_COLUMN:
        return None
    return int(columns[_STEAL_COLUMN]) / os.sysconf("SC_CLK_TCK")


def cpu_limit() -> str | None:
    """How much processor time the container may use, as the system writes it; nothing where there is no limit."""
    lines = _lines(CPU_LIMIT)
    return lines[0] if lines and not lines[0].startswith("max") else None


def available_bytes() -> int | None:
    """Memory that this process could still get; None where the system does not say."""
    found = [value for value in (_free_bytes(), _free_bytes_of_container()) if value is not None]
    return min(found, default=None)


def _free_bytes() -> int | None:
    for line in _lines(MEMINFO):
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _free_bytes_of_container() -> int | None:
    limit, used = _lines(MEMORY_LIMIT), _lines(MEMORY_USED)
    if limit and used and limit[0].isdigit():
        return int(limit[0]) - int(used[0])
    return None


def first_line(path: Path) -> str:
    """The first line of a file of the system; nothing where it cannot be read."""
    return next(iter(_lines(path)), "").strip()


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return []

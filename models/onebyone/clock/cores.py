"""How many cores this process may use; no torch here, so that every client can say what "all cores" is."""

import os
import platform
import subprocess
from contextlib import suppress
from pathlib import Path

SIBLINGS = "/sys/devices/system/cpu/cpu{}/topology/thread_siblings_list"
SYSCTL_TIMEOUT_S = 2


def logical_cores() -> int:
    """Cores that this process may use, hyper-threads counted."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def physical_cores() -> int:
    """Cores that this process may use, hyper-threads counted once; the logical ones where the system does not say."""
    if hasattr(os, "sched_getaffinity"):
        cores = {_sibling_key(cpu) for cpu in os.sched_getaffinity(0)}
        return max(1, len(cores))
    counted = sysctl("hw.physicalcpu")
    return int(counted) if counted.isdigit() and int(counted) > 0 else logical_cores()


def sysctl(name: str) -> str:
    """What macOS says under a name; nothing on other systems."""
    if platform.system() != "Darwin":
        return ""
    with suppress(OSError, subprocess.SubprocessError):
        command = ["/usr/sbin/sysctl", "-n", name]
        return subprocess.run(
            command, capture_output=True, text=True, timeout=SYSCTL_TIMEOUT_S, check=True
        ).stdout.strip()
    return ""


def _sibling_key(cpu: int) -> str:
    try:
        return Path(SIBLINGS.format(cpu)).read_text("utf-8", "replace").strip() or str(cpu)
    except OSError:
        return str(cpu)

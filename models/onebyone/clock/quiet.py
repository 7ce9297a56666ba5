"""Waiting until the machine is quiet enough to measure, and saying what keeps it busy; no torch here."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from onebyone.clock import machine
from onebyone.text import clean_line, visible

PROC = Path("/proc")
#: A first, short look: how many threads are running or ready, now and again, so that a measurement can begin at once.
FIRST_LOOKS = 5
FIRST_PAUSE_S = 0.002
LOOK_S = 0.25
#: How much of a processor others may use beside the threads that are measured.
TOLERANCE = 0.25
_NAME_LENGTH = 20


class Usage(msgspec.Struct, frozen=True):
    """What others used in a while: processors busy (1.5: one and a half), and the busiest program where known."""

    busy: float
    busiest: str = ""


class Look(msgspec.Struct, frozen=True):
    """Clock ticks up to a moment: of all processors, of this process, and of each process."""

    moment: float
    total: float
    own: float
    processes: dict[int, float]


def look(proc: Path = PROC) -> Look | None:
    """Reads the counters; None where the system has none."""
    total = _busy_seconds(proc)
    if total is None:
        return None
    own = os.times()
    return Look(time.perf_counter(), total, own.user + own.system, _process_seconds(proc))


def usage(start: Look, end: Look, proc: Path = PROC) -> Usage:
    """What others used between two looks."""
    elapsed = max(end.moment - start.moment, 1e-6)
    busy = max(0.0, (end.total - start.total) - (end.own - start.own)) / elapsed
    used = {
        pid: seconds - start.processes.get(pid, seconds) for pid, seconds in end.processes.items() if pid != os.getpid()
    }
    pid = max(used, key=lambda one: used[one], default=None)
    name = _name(proc, pid) if pid is not None and used[pid] > 0 else ""
    return Usage(busy, name)


def wait_for_quiet(
    threads: int,
    patience_s: float,
    on_wait: Callable[[str, float], None],
    check: Callable[[], None],
    proc: Path = PROC,
) -> bool:
    """Waits until there are processors for all threads, but not for ever: samples are judged by their own evidence.

    Args:
        threads: How many threads will be measured.
        patience_s: How long to wait at most.
        on_wait: Told, again and again while it waits, what it waits for in words, and for how many seconds at most.
        check: Called between looks; may raise to give up.
        proc: Where the system tells about itself.

    Returns:
        Whether it is quiet; also where the system does not tell.
    """
    allowed = max(machine.logical_cores() - threads, 0) + TOLERANCE
    ready = _ready_threads(proc)
    if ready is None or ready <= allowed:
        return True
    deadline = time.monotonic() + patience_s
    while (start := look(proc)) is not None:
        _pause(LOOK_S, check)
        end = look(proc)
        if end is None:
            break
        found = usage(start, end, proc)
        if found.busy <= allowed:
            return True
        left = deadline - time.monotonic()
        if left <= 0:
            return False
        on_wait(words(found), left)
    return True


def _ready_threads(proc: Path) -> float | None:
    """How many threads beside this one are running or ready to; the mean of some looks, None where it is not told."""
    counts = []
    for place in range(FIRST_LOOKS):
        if place:
            time.sleep(FIRST_PAUSE_S)
        try:
            counts.append(int((proc / "loadavg").read_text("ascii").split()[3].partition("/")[0]) - 1)
        except (OSError, ValueError, IndexError):
            return None
    return sum(counts) / len(counts)


def words(found: Usage) -> str:
    """Why it is waited: "other programs use 1.8 of 2 processors, most of it python3"."""
    cores = machine.logical_cores()
    text = f"other programs use {min(found.busy, cores):.1f} of {cores} processors"
    return f"{text}, most of it {found.busiest}" if found.busiest else text


def _pause(seconds: float, check: Callable[[], None]) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        check()
        time.sleep(0.02)


def _busy_seconds(proc: Path) -> float | None:
    """Seconds in which the processors of this process did something, all together."""
    allowed = machine.allowed_processors()
    total = None
    with suppress(OSError, ValueError, IndexError):
        for line in (proc / "stat").read_text("ascii", "replace").splitlines():
            name, *columns = line.split()
            number = name.removeprefix("cpu")
            if name == "cpu" or not number.isdigit():
                continue
            if allowed is None or int(number) in allowed:
                # user, nice, system, (idle, iowait,) irq, softirq, steal
                ticks = [int(column) for column in columns[:8]]
                total = (total or 0.0) + sum(ticks[:3] + ticks[5:8])
    return None if total is None else total / os.sysconf("SC_CLK_TCK")


def _process_seconds(proc: Path) -> dict[int, float]:
    """Processor seconds of each process since its start."""
    found = {}
    with suppress(OSError):
        for entry in os.listdir(proc):
            if entry.isdigit():
                with suppress(OSError, ValueError, IndexError):
                    # The name in parentheses may hold anything, blanks and parentheses too.
                    fields = (proc / entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
                    found[int(entry)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found


def _name(proc: Path, pid: int) -> str:
    try:
        return visible(clean_line((proc / str(pid) / "comm").read_text("utf-8", "replace"), _NAME_LENGTH))
    except OSError:
        return ""

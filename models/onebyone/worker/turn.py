"""One measurement at a time on a machine: a lock on a file that all workers know."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from onebyone.errors import MeasurementError

LOCK_TIMEOUT_S = 600.0
POLL_S = 0.1


def lock_path() -> Path:
    """The file, in the folder for temporary files that all users of the machine share."""
    shared = Path("/tmp")
    folder = shared if os.name == "posix" and shared.is_dir() else Path(tempfile.gettempdir())
    return folder / "onebyone-measuring.lock"


@contextmanager
def machine_turn(
    on_wait: Callable[[], None],
    check: Callable[[], None],
    path: Path | None = None,
    timeout_s: float = LOCK_TIMEOUT_S,
) -> Iterator[bool]:
    """Holds the machine's turn to measure; the system takes it back when the process ends, however it ends.

    Args:
        on_wait: Called once when another measurement is under way.
        check: Called while waiting; may raise to give up.
        path: The file of the lock.
        timeout_s: How long to wait for the turn.

    Yields:
        Whether the turn is held; False where the file cannot be opened, and nothing is known of other measurements.

    Raises:
        MeasurementError: The other measurement took too long.
    """
    file = _opened(path or lock_path())
    if file is None:
        yield False
        return
    try:
        _wait(file, on_wait, check, timeout_s)
        yield True
    finally:
        os.close(file)


def _opened(path: Path) -> int | None:
    """The file; reading is enough for a lock where another user made it."""
    flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    for mode in (os.O_RDWR, os.O_RDWR | os.O_CREAT, os.O_RDONLY):
        try:
            return os.open(path, mode | flags, 0o666)
        except OSError:
            continue
    return None


def _wait(file: int, on_wait: Callable[[], None], check: Callable[[], None], timeout_s: float) -> None:
    if _try_lock(file):
        return
    on_wait()
    deadline = time.monotonic() + timeout_s
    while not _try_lock(file):
        check()
        if time.monotonic() > deadline:
            raise MeasurementError(
                f"Another measurement has held this machine for {timeout_s:,.0f} seconds; end it and measure again."
            )
        time.sleep(POLL_S)


def _try_lock(file: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True

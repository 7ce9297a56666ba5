"""The measuring process: `python -m onebyone.worker`, or the frozen program with `--worker`."""

import os
import signal
import sys
from contextlib import suppress

from onebyone.worker.streams import Streams

_PR_SET_PDEATHSIG = 1
#: Adds to the chance that the system picks this process, not the window, when memory runs out (0 to 1000).
_OOM_SCORE = "500"


def main() -> None:
    """Serves measurements on stdin and stdout until stdin closes."""
    streams = Streams()
    _leave_with_parent()
    _set_variables()
    from onebyone.worker.loop import Loop

    Loop(streams).run()


def _leave_with_parent() -> None:
    """Leads a session of its own, so that it can be killed with all it starts, and dies with its parent on Linux."""
    if os.name != "posix":
        return
    # Refused where the client has already made it the leader of a session.
    with suppress(PermissionError):
        os.setsid()
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        with suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
            file.write(_OOM_SCORE)


def _set_variables() -> None:
    """Sets what the libraries read when they are loaded, unless the user has set it."""
    from onebyone.clock.machine import physical_cores

    # With OpenMP's default, waiting threads spin, and two on a busy machine spread medians fourteen-fold.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("KMP_BLOCKTIME", "0")
    os.environ.setdefault("OMP_NUM_THREADS", str(physical_cores()))
    # Compiling in this process: a pool would be more processes to end when a measurement is given up.
    os.environ.setdefault("TORCHINDUCTOR_COMPILE_THREADS", "1")


if __name__ == "__main__":
    main()

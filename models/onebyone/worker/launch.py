"""How the measuring process is started and ended, for both of its clients."""

import os
import signal
import sys

CANCEL_GRACE_S = 3.0
TERMINATE_GRACE_S = 1.0
KILL_GRACE_S = 5.0

CANCELLED = "The measurement was cancelled."


def command() -> list[str]:
    """The program and its arguments: this executable when frozen, else this interpreter.

    `-P` keeps the folder that the user happens to be in out of the module path.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, "--worker"]
    return [sys.executable, "-P", "-m", "onebyone.worker"]


def kill_group(pid: int) -> None:
    """Kills the session that a worker leads, with all that it has started; a worker that leads none is left alone."""
    if os.name != "posix":
        return
    try:
        if os.getpgid(pid) == pid:
            os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def death_sentence(exit_code: int, last_words: str = "") -> str:
    """What to tell the user about a worker that has ended by itself.

    Args:
        exit_code: What it ended with; minus the number of the signal that ended it.
        last_words: The last line that it wrote to stderr.
    """
    if exit_code == -getattr(signal, "SIGKILL", 9):
        # It had no time for last words; what is there is about something else.
        how, last_words = "was killed, which often means that the machine ran out of memory", ""
    elif exit_code < 0:
        how = f"was ended by signal {-exit_code}"
    else:
        how = f"ended with exit code {exit_code}"
    said = f" It last said: {last_words[:200].rstrip('.')}." if last_words else ""
    return f"The measuring process {how}; measuring again starts a new one.{said}"


def could_not_start(program: str, reason: str) -> str:
    """What to tell the user when there is no process at all."""
    return f"The measuring process could not be started: {program}: {reason.rstrip('.')}."

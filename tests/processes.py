"""Processes as tests of the worker look at them."""

import os
import select

GONE_TIMEOUT_MS = 10_000


def wait_until_gone(process_id: int) -> None:
    """Waits until a process has ended, whoever collects it; at once where there was none."""
    if not process_id:
        return
    try:
        handle = os.pidfd_open(process_id)
    except ProcessLookupError:
        return
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    gone = poll.poll(GONE_TIMEOUT_MS)
    os.close(handle)
    assert gone, f"process {process_id} is still there"

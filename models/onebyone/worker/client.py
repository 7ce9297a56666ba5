"""The measuring process as the command line uses it: over pipes, waiting for the answer."""

import os
import queue
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import IO, Any, Self

import msgspec

from onebyone.errors import MeasurementError, WorkerError
from onebyone.measurement.records import Measurement, MeasurementRequest, Roofs
from onebyone.worker import launch, messages
from onebyone.worker.messages import (
    Cancel,
    Devices,
    Failed,
    Finished,
    LineSplitter,
    ListDevices,
    Measure,
    MeasureRoofs,
    Progress,
    RoofsFound,
)
from onebyone.worker.patience import HEARTBEAT_S, Patience

OnProgress = Callable[[Progress], None]
IsCancelled = Callable[[], bool]

POLL_S = 0.05
#: Messages that wait to be looked at; beyond it the pipe fills and the worker waits.
_MAX_WAITING = 1_000
_CHUNK_BYTES = 65_536
_LAST_LINES = 20
_LINE_LENGTH = 500
_SOMETHING_ELSE = "The measuring process answered something else than was asked."


def measure(
    request: MeasurementRequest,
    on_progress: OnProgress | None = None,
    is_cancelled: IsCancelled | None = None,
    command: Sequence[str] | None = None,
) -> Measurement:
    """Measures in a worker of its own.

    Args:
        request: What is measured, and how.
        on_progress: Told how far it is.
        is_cancelled: Asked about twenty times a second whether to give up.
        command: The program to start instead of the worker.

    Raises:
        MeasurementError: It cannot be measured, or was cancelled.
        WorkerError: The worker could not be started, died or answered nonsense.
    """
    with WorkerProcess(command) as worker:
        reply = worker.ask(Measure(1, request), on_progress, is_cancelled)
    if not isinstance(reply, Finished):
        raise WorkerError(_SOMETHING_ELSE)
    return reply.measurement


def measure_cells(
    requests: Sequence[MeasurementRequest],
    on_progress: Callable[[int, Progress], None] | None = None,
    command: Sequence[str] | None = None,
) -> Iterator[Measurement | MeasurementError | WorkerError]:
    """Measures one cell after the other in one worker; a new one is started where it died.

    Args:
        requests: The cells.
        on_progress: Told the place of the cell that is measured and how far it is.
        command: The program to start instead of the worker.

    Yields:
        For each cell its answer, or why there is none.
    """
    worker = None
    try:
        for place, request in enumerate(requests):
            try:
                worker = worker or WorkerProcess(command)
                tell = None if on_progress is None else partial(on_progress, place)
                reply = worker.ask(Measure(place + 1, request), tell)
                yield reply.measurement if isinstance(reply, Finished) else WorkerError(_SOMETHING_ELSE)
            except MeasurementError as error:
                yield error
            except WorkerError as error:
                worker = None
                yield error
    finally:
        if worker is not None:
            worker.close()


def roofs(request: MeasureRoofs, command: Sequence[str] | None = None) -> Roofs:
    """The roofs of this machine.

    Raises:
        MeasurementError: They cannot be measured.
        WorkerError: The worker could not be started, died or answered nonsense.
    """
    with WorkerProcess(command) as worker:
        reply = worker.ask(request)
    if not isinstance(reply, RoofsFound):
        raise WorkerError(_SOMETHING_ELSE)
    return reply.roofs


def devices(command: Sequence[str] | None = None) -> dict[str, Any]:
    """What can be measured on, and what is known of the machine: {"devices": [...], "environment": {...}}.

    Raises:
        MeasurementError: PyTorch is not installed.
        WorkerError: The worker could not be started, died or answered nonsense.
    """
    with WorkerProcess(command) as worker:
        reply = worker.ask(ListDevices(1))
    if not isinstance(reply, Devices):
        raise WorkerError(_SOMETHING_ELSE)
    return {"devices": msgspec.to_builtins(reply.devices), "environment": reply.environment}


class WorkerProcess:
    """A worker and the pipes to it; ended on leaving the context.

    Threads write, read and drain, so that a worker that hangs holds nobody up.

    Raises:
        WorkerError: The worker could not be started.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        arguments = list(command or launch.command())
        try:
            self._process = subprocess.Popen(
                arguments,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,
            )
        except OSError as error:
            raise WorkerError(launch.could_not_start(arguments[0], error.strerror or str(error))) from error
        self._is_closed = threading.Event()
        self._patience = Patience()
        self._last_lines: deque[str] = deque(maxlen=_LAST_LINES)
        self._outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._incoming: queue.Queue[messages.Reply | WorkerError | None] = queue.Queue(_MAX_WAITING)
        self._threads = [
            threading.Thread(target=target, name=f"worker{target.__name__}", daemon=True)
            for target in (self._write, self._read, self._drain)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def ask(
        self,
        request: Measure | MeasureRoofs | ListDevices,
        on_progress: OnProgress | None = None,
        is_cancelled: IsCancelled | None = None,
    ) -> Finished | Devices | RoofsFound:
        """Sends a request and waits for its answer.

        Raises:
            MeasurementError: The worker answered that it cannot, or it was cancelled.
            WorkerError: The worker died, hung or answered nonsense; it is of no more use.
        """
        self._outgoing.put(messages.encode(request))
        next_look = time.monotonic() + HEARTBEAT_S
        give_up = None
        while True:
            reply = self._next_reply(was_cancelled=give_up is not None)
            if isinstance(reply, Progress) and reply.id == request.id and on_progress is not None:
                on_progress(reply)
            elif isinstance(reply, Finished | Devices | RoofsFound) and reply.id == request.id:
                return reply
            elif isinstance(reply, Failed):
                raise MeasurementError(reply.message)
            now = time.monotonic()
            if now >= next_look:
                next_look = now + HEARTBEAT_S
                self._look()
            if give_up is None and is_cancelled is not None and is_cancelled():
                self._outgoing.put(messages.encode(Cancel(request.id)))
                give_up = now + launch.CANCEL_GRACE_S
            if give_up is not None and now > give_up:
                self.close()
                raise MeasurementError(launch.CANCELLED)

    def close(self) -> None:
        """Ends the worker: asks it by closing its stdin, then terminates it, then kills it with all it has started."""
        self._is_closed.set()
        self._outgoing.put(None)
        if not self._has_ended(launch.TERMINATE_GRACE_S):
            self._process.terminate()
            if not self._has_ended(launch.TERMINATE_GRACE_S):
                launch.kill_group(self._process.pid)
                self._process.kill()
                self._has_ended(launch.KILL_GRACE_S)
        for thread in self._threads:
            thread.join(launch.KILL_GRACE_S)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _has_ended(self, seconds: float) -> bool:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self._process.returncode is not None

    def _next_reply(self, was_cancelled: bool) -> messages.Reply | None:
        """The next reply, or none where there is none yet."""
        try:
            reply = self._incoming.get(timeout=POLL_S)
        except queue.Empty:
            return None
        if isinstance(reply, WorkerError):
            self.close()
            raise reply
        if reply is None:
            self.close()
            if was_cancelled:
                raise MeasurementError(launch.CANCELLED)
            last = self._last_lines[-1] if self._last_lines else ""
            raise WorkerError(launch.death_sentence(self._process.returncode or 0, last))
        self._patience.heard(reply)
        return reply

    def _look(self) -> None:
        if self._patience.is_over():
            self.close()
            raise WorkerError(self._patience.sentence())

    def _write(self) -> None:
        pipe = _open(self._process.stdin)
        while (line := self._outgoing.get()) is not None:
            view = memoryview(line)
            with suppress(OSError):
                while view:
                    view = view[os.write(pipe.fileno(), view) :]
        with suppress(OSError):
            pipe.close()

    def _read(self) -> None:
        splitter = LineSplitter()
        pipe = _open(self._process.stdout)
        try:
            while data := os.read(pipe.fileno(), _CHUNK_BYTES):
                for line in splitter.feed(data):
                    self._hand_over(messages.decode_reply(line))
        except WorkerError as error:
            self._hand_over(error)
            return
        self._hand_over(None)

    def _hand_over(self, item: messages.Reply | WorkerError | None) -> None:
        while not self._is_closed.is_set():
            with suppress(queue.Full):
                self._incoming.put(item, timeout=POLL_S)
                return

    def _drain(self) -> None:
        pipe = _open(self._process.stderr)
        rest = b""
        while data := os.read(pipe.fileno(), _CHUNK_BYTES):
            *lines, rest = (rest + data).split(b"\n")
            rest = rest[-_LINE_LENGTH:]
            self._last_lines.extend(_said(line) for line in lines[-_LAST_LINES:] if line.strip())
        if rest.strip():
            self._last_lines.append(_said(rest))


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe


def _said(line: bytes) -> str:
    return line[:_LINE_LENGTH].decode("utf-8", "replace").strip()

"""A client of a process of its own that is asked as often as wished: the newest wish wins."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot

from onebyone.worker import launch
from onebyone.worker.messages import PHASE_WORDS, Alive, Failed, Hello, Progress, Reply, Request
from onebyone_desktop.worker.process import WorkerProcess

#: An answer that nobody waits for any more is given up when it takes longer than this.
STALE_S = 5.0
#: How long nothing is measured before it goes on.
RESUME_MS = 1_000


class LatestClient(QObject):
    """Keeps a worker of its own, apart from the one that measures, and nothing of what was asked before.

    While a measurement runs it is paused: what is asked waits, and what is running is given up and asked anew later.
    """

    #: The newest wish has its answer: what was wished for, and the reply.
    answered = Signal(object, object)
    #: The newest wish has none: what was wished for, and a sentence.
    failed = Signal(object, str)
    #: What is going on, in words; empty where nothing is awaited.
    state_changed = Signal(str)

    def __init__(
        self,
        message: Callable[[int, Any], Request],
        parent: QObject | None = None,
        command: Sequence[str] | None = None,
        is_kept: bool = True,
    ) -> None:
        """A client that has not started its process yet.

        Args:
            message: Makes the message of a wish, with the id of the request.
            parent: Its owner.
            command: What to start instead of the worker.
            is_kept: Whether the process waits for the next wish; otherwise each wish gets one of its own, and ends the
                one before.
        """
        super().__init__(parent)
        self._message = message
        self._is_kept = is_kept
        self._command = list(command or launch.command())
        self._process: WorkerProcess | None = None
        self._last_id = 0
        self._running: Any = None
        self._wanted: Any = None
        self._began = 0.0
        self._is_warm = False
        self._is_paused = False
        # A run of many cells pauses between them for a moment only.
        self._resume_timer = QTimer(self, singleShot=True, interval=RESUME_MS)
        self._resume_timer.timeout.connect(self.resume)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.stop)

    @property
    def pid(self) -> int:
        """The id of the process, 0 where there is none."""
        return self._process.pid if self._process is not None else 0

    @property
    def is_busy(self) -> bool:
        """Whether an answer is awaited."""
        return self._wanted is not None

    def ask(self, wish: Any) -> None:
        """Asks for something else than before."""
        self._wanted = wish
        is_late = self._is_warm and time.monotonic() - self._began > STALE_S
        if self._running is not None and self._running is not wish and (is_late or not self._is_kept):
            self._abandon()
        self._go_on()

    def forget(self) -> None:
        """Nobody waits for an answer any more."""
        self._wanted = None
        self.state_changed.emit("")

    @Slot()
    def pause(self) -> None:
        """Leaves the machine alone until `resume` or `resume_soon`."""
        self._resume_timer.stop()
        if self._is_paused:
            return
        self._is_paused = True
        if self._running is not None:
            self._abandon()
        if self._wanted is not None:
            self._go_on()

    @Slot()
    def resume_soon(self) -> None:
        """Goes on unless it is paused again within a second."""
        if self._is_paused:
            self._resume_timer.start()

    @Slot()
    def resume(self) -> None:
        """Goes on with what was asked last."""
        if self._is_paused:
            self._is_paused = False
            self._go_on()

    @Slot()
    def stop(self) -> None:
        """Ends the process; the next request starts a new one."""
        self._wanted = None
        self._resume_timer.stop()
        self._abandon()
        for process in self.findChildren(WorkerProcess):
            process.wait_until_gone()

    def _go_on(self) -> None:
        if self._wanted is None:
            return
        if self._is_paused:
            self.state_changed.emit(self.tr("Waits until the measurement has ended, so as not to disturb it…"))
            return
        if self._running is not None:
            return
        if self._process is None:
            self._process = WorkerProcess(self._command, self)
            self._process.replied.connect(self._on_process_replied)
            self._process.ended.connect(self._on_process_ended)
            self._process.start()
            self.state_changed.emit(self.tr("Starting…"))
        else:
            self.state_changed.emit(self.tr("Running…"))
        self._last_id += 1
        self._running = self._wanted
        self._began = time.monotonic()
        self._process.send(self._message(self._last_id, self._running))

    def _abandon(self) -> None:
        process, self._process = self._process, None
        self._running = None
        self._is_warm = False
        if process is not None:
            process.end()

    @Slot(object)
    def _on_process_replied(self, reply: Reply) -> None:
        if self.sender() is not self._process or getattr(reply, "id", None) not in {self._last_id, 0}:
            return
        if isinstance(reply, Progress):
            if self._wanted is not None:
                self.state_changed.emit(f"{PHASE_WORDS[reply.phase]}…")
            return
        if isinstance(reply, Hello | Alive):
            return
        request, self._running = self._running, None
        self._is_warm = True
        if not self._is_kept:
            self._abandon()
        if request is not self._wanted:
            # It is stale: somebody has wished for something else in the meantime, or for nothing.
            self._go_on()
            return
        self._wanted = None
        self.state_changed.emit("")
        if isinstance(reply, Failed):
            self.failed.emit(request, reply.message)
        else:
            self.answered.emit(request, reply)

    @Slot(str)
    def _on_process_ended(self, sentence: str) -> None:
        if self.sender() is not self._process:
            return
        self._process, request = None, self._running
        self._running = None
        self._is_warm = False
        if self._wanted is None or request is None:
            return
        if request is not self._wanted:
            self._go_on()
            return
        self._wanted = None
        self.state_changed.emit("")
        self.failed.emit(request, sentence)

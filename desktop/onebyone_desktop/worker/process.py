"""One measuring process of the window, from its start to its end."""

import time
from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import QObject, QProcess, QTimer, Signal, Slot

from onebyone.errors import WorkerError
from onebyone.worker import launch, messages
from onebyone.worker.messages import LineSplitter
from onebyone.worker.patience import HEARTBEAT_S, Patience

#: How long messages are read in one turn of the event loop, so that a flood of them leaves time to paint.
READ_BUDGET_S = 0.004
#: Unread bytes from which a flood is not waited out.
MAX_UNREAD_BYTES = 64 * 2**20
CHUNK_BYTES = 65_536
STOP_TIMEOUT_MS = 1_000
_LAST_WORDS_BYTES = 2_000


class WorkerProcess(QObject):
    """A generation of the worker; what it says after its end is dropped."""

    #: It said something: a message.
    replied = Signal(object)
    #: It is of no more use; the sentence says why.
    ended = Signal(str)

    def __init__(self, command: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = list(command)
        self._patience = Patience()
        self._splitter = LineSplitter()
        self._lines: deque[bytes] = deque()
        self._last_words = b""
        self._epitaph: str | None = None
        self._is_over = False
        self._process = QProcess(self)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.readyReadStandardError.connect(self._drain)
        self._process.finished.connect(self._on_process_finished)
        self._process.errorOccurred.connect(self._on_process_error_occurred)
        # Reads on in the next turn of the event loop.
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._read)
        self._look = QTimer(self, interval=round(HEARTBEAT_S * 1000))
        self._look.timeout.connect(self._on_look_timeout)

    @property
    def pid(self) -> int:
        """The id of the process, 0 where there is none."""
        return self._process.processId()

    def start(self) -> None:
        """Starts it; what is sent meanwhile waits."""
        self._look.start()
        self._process.start(self._command[0], self._command[1:])

    def send(self, message: messages.Request) -> None:
        """Sends a message; never waits."""
        if self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.write(messages.encode(message))

    def terminate(self) -> None:
        """Asks the system to end it."""
        self._process.terminate()

    def end(self) -> None:
        """Kills it with all it has started, says nothing more, and goes when it is gone."""
        self._is_over = True
        self._look.stop()
        self._turn.stop()
        self._lines.clear()
        if self._process.state() == QProcess.ProcessState.NotRunning:
            self.deleteLater()
            return
        self._kill()

    def wait_until_gone(self) -> None:
        """Waits for the end of a killed process, which takes the system a few milliseconds; for closing programs."""
        if self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.waitForFinished(STOP_TIMEOUT_MS)

    def _kill(self) -> None:
        pid = self._process.processId()
        if pid:
            launch.kill_group(pid)
        self._process.kill()

    def _break(self, sentence: str) -> None:
        """Ends it for a reason of ours, and says so."""
        if not self._is_over:
            self.end()
            self.ended.emit(sentence)

    @Slot()
    def _read(self) -> None:
        """Reads and hands on messages for at most 4 ms."""
        if self._is_over:
            return
        if self._process.bytesAvailable() > MAX_UNREAD_BYTES:
            self._break(self.tr("The measuring process wrote more than can be read and was ended."))
            return
        deadline = time.perf_counter() + READ_BUDGET_S
        try:
            while not self._is_over and self._fetch():
                reply = messages.decode_reply(self._lines.popleft())
                self._patience.heard(reply)
                if not isinstance(reply, messages.Alive):
                    self.replied.emit(reply)
                if time.perf_counter() > deadline:
                    self._turn.start()
                    return
        except WorkerError as error:
            self._break(str(error))
            return
        if self._epitaph is not None:
            self._break(self._epitaph)

    def _fetch(self) -> bool:
        """Whether there is a line; takes bytes from the process until there is one."""
        while not self._lines:
            data = bytes(self._process.read(CHUNK_BYTES).data())
            if not data:
                return False
            self._lines.extend(self._splitter.feed(data))
        return True

    @Slot()
    def _drain(self) -> None:
        said = bytes(self._process.readAllStandardError().data())
        self._last_words = (self._last_words + said)[-_LAST_WORDS_BYTES:]

    @Slot(int, QProcess.ExitStatus)
    def _on_process_finished(self, exit_code: int, status: QProcess.ExitStatus) -> None:
        if self._is_over:
            self.deleteLater()
            return
        self._look.stop()
        self._drain()
        lines = self._last_words.decode("utf-8", "replace").strip().splitlines()
        crashed = status == QProcess.ExitStatus.CrashExit
        self._epitaph = launch.death_sentence(-exit_code if crashed else exit_code, lines[-1] if lines else "")
        # What it said before its end comes first.
        self._read()

    @Slot(QProcess.ProcessError)
    def _on_process_error_occurred(self, error: QProcess.ProcessError) -> None:
        # A missing program arrives here and never at `finished`; a crash arrives at both.
        if error == QProcess.ProcessError.FailedToStart:
            self._break(launch.could_not_start(self._command[0], self._process.errorString()))

    @Slot()
    def _on_look_timeout(self) -> None:
        if self._patience.is_over():
            self._break(self._patience.sentence())

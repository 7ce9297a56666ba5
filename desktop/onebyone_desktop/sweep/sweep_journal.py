"""The journal of measured points in the window: read and written in a thread, so that no disk stops the window."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from onebyone.errors import OnebyoneError
from onebyone.sweep.journal import Journal, default_journal
from onebyone.sweep.measured import MeasuredPoint

_END_MS = 5_000


class SweepJournal(QObject):
    """What was measured before, as soon as it is read; what is measured now at once."""

    #: The file is read.
    loaded = Signal()
    #: Something is wrong with the file; the text says what.
    failed = Signal(str)
    _read = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._journal: Journal | None = None
        self._is_asked = False
        self._now: dict[str, MeasuredPoint] = {}
        self._read.connect(self._on_read)

    def load(self) -> None:
        """Begins to read the file, unless that has been done."""
        if not self._is_asked:
            self._is_asked = True
            self._pool.start(_Reading(self))

    def known(self, keys: Iterable[str]) -> dict[str, MeasuredPoint]:
        """What is known of these keys; of those measured by this window also what has no answer."""
        wanted = list(keys)
        before = {} if self._journal is None else self._journal.known(wanted)
        return before | {key: self._now[key] for key in wanted if key in self._now}

    def add(self, point: MeasuredPoint) -> None:
        """Keeps a point."""
        self._now[point.key] = point
        self.load()
        self._pool.start(_Writing(self, point))

    def stop(self) -> None:
        """Waits for what is being written."""
        self._pool.waitForDone(_END_MS)

    def open(self) -> Journal:
        """The open file; called in the thread only."""
        if self._journal is None:
            self._journal = Journal(default_journal())
        return self._journal

    @Slot(object)
    def _on_read(self, _journal: object) -> None:
        self.loaded.emit()


class _Reading(QRunnable):
    """Reads the file in the thread."""

    def __init__(self, keeper: SweepJournal) -> None:
        super().__init__()
        self._keeper = keeper

    def run(self) -> None:
        try:
            journal = self._keeper.open()
        except OnebyoneError as error:
            self._keeper.failed.emit(str(error))
            return
        self._keeper._read.emit(journal)


class _Writing(QRunnable):
    """Writes a point in the thread."""

    def __init__(self, keeper: SweepJournal, point: MeasuredPoint) -> None:
        super().__init__()
        self._keeper = keeper
        self._point = point

    def run(self) -> None:
        try:
            self._keeper.open().add(self._point)
        except OnebyoneError as error:
            self._keeper.failed.emit(str(error))

"""The history of measurements in the window: asked and written in a thread, so that no lock stops the window."""

from collections.abc import Callable
from itertools import count
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from onebyone.errors import OnebyoneError
from onebyone.measurement.records import Measurement, MeasurementRequest

_NUMBERS = count(1)
_END_MS = 5_000


class HistoryKeeper(QObject):
    """Answers questions to the history one after the other."""

    #: The answer to a question: its number and what was found.
    answered = Signal(int, object)
    #: A question could not be answered: its number and the reason.
    failed = Signal(int, str)
    #: Something was added to the history or deleted from it.
    changed = Signal()
    #: Something that a person should know of the history itself.
    noted = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        # One thread: the database is used by one at a time.
        self._pool.setMaxThreadCount(1)
        self._store: Any = None

    def ask(self, question: Callable[[Any], Any], is_change: bool = False) -> int:
        """Has a question answered by the store (a RunStore); its number comes back with the answer."""
        number = next(_NUMBERS)
        self._pool.start(_Question(self, number, question, is_change))
        return number

    @Slot(object, object)
    def keep(self, request: MeasurementRequest, measurement: Measurement) -> None:
        """Keeps a finished measurement."""
        self.ask(_Adding(request, measurement), is_change=True)

    def stop(self) -> None:
        """Waits for what is being written and closes the file."""
        self._pool.waitForDone(_END_MS)
        if self._store is not None:
            self._store.close()
            self._store = None

    def store(self) -> Any:
        """The open store; called in the thread only."""
        if self._store is None:
            from onebyone.run_store.store import RunStore, default_path

            self._store = RunStore(default_path())
            if self._store.put_aside is not None:
                words = self.tr("The history of measurements was damaged. It is at {} now, and a new one is begun.")
                self.noted.emit(words.format(self._store.put_aside))
        return self._store


class _Adding:
    """Adds a measurement; a class, so that it says what it is when it fails."""

    def __init__(self, request: MeasurementRequest, measurement: Measurement) -> None:
        self._request = request
        self._measurement = measurement

    def __call__(self, store: Any) -> int:
        return int(store.add(self._request, self._measurement))


class _Question(QRunnable):
    """One question in the thread."""

    def __init__(self, keeper: HistoryKeeper, number: int, question: Callable[[Any], Any], is_change: bool) -> None:
        super().__init__()
        self._keeper = keeper
        self._number = number
        self._question = question
        self._is_change = is_change

    def run(self) -> None:
        keeper = self._keeper
        try:
            found = self._question(keeper.store())
        except OnebyoneError as error:
            keeper.failed.emit(self._number, str(error))
            return
        keeper.answered.emit(self._number, found)
        if self._is_change:
            keeper.changed.emit()

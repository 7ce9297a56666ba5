"""Designs read beside the window: loaded and analysed in a thread, sketched in small steps."""

import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from time import perf_counter

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from onebyone import edits, gallery
from onebyone.analysis import Analysis, analyze
from onebyone.design import Design
from onebyone.errors import OnebyoneError
from onebyone.formats import read_design
from onebyone_desktop.welcome.sketch import Sketch

_POLL_MS = 15
# The GUI thread sketches for so long, then it lets events in.
_SLICE_S = 0.006
# Larger files are named with their size only.
_MOST_BYTES = 4 * 2**20
_MOST_NODES = 2_000


class Wanted(msgspec.Struct, frozen=True):
    """A design to be read: the name of one of the gallery, or a file, with the time of its state that is known."""

    source: str | Path
    known_time: int = 0


class Read(msgspec.Struct, frozen=True):
    """What became of it: an analysis, or the trouble with the file ("gone" or "damaged")."""

    source: str | Path
    time: int = 0
    analysis: Analysis | None = None
    sketch: Sketch | None = None
    trouble: str = ""
    reason: str = ""


class DesignReader(QObject):
    """Reads designs one after another; the window stays responsive."""

    #: A design was read.
    design_read = Signal(Read)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted: SimpleQueue[Wanted] = SimpleQueue()
        self._found: SimpleQueue[Read] = SimpleQueue()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._sketching: tuple[Read, Iterator[None]] | None = None
        self._timer = QTimer(self, interval=_POLL_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        self.destroyed.connect(self._stop.set)

    def read(self, wanted: list[Wanted]) -> None:
        """Begins to read these designs, after those that are being read already."""
        for item in wanted:
            self._wanted.put(item)
        if wanted:
            self._run()

    def _run(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            # A daemon: a file on a drive that does not answer must not keep the program from ending.
            arguments = (self._wanted, self._found, self._stop)
            self._thread = threading.Thread(target=_read_all, args=arguments, name="welcome", daemon=True)
            self._thread.start()
        self._timer.start()

    @Slot()
    def _on_timer_timeout(self) -> None:
        end = perf_counter() + _SLICE_S
        while perf_counter() < end:
            if self._sketching is None and not self._take():
                return
            assert self._sketching is not None
            read, steps = self._sketching
            if next(steps, self) is self:
                self._sketching = None
                self.design_read.emit(read)

    def _take(self) -> bool:
        """Takes the next design that was read; whether there is one."""
        try:
            read = self._found.get_nowait()
        except Empty:
            if self._thread is None or not self._thread.is_alive():
                self._finish()
            return False
        self._sketching = read, read.sketch.steps() if read.sketch is not None else iter(())
        return True

    def _finish(self) -> None:
        if not self._found.empty():
            return
        self._timer.stop()
        if not self._wanted.empty():
            self._run()


def _read_all(wanted: "SimpleQueue[Wanted]", found: "SimpleQueue[Read]", stop: threading.Event) -> None:
    """Reads until nothing is wanted any more. It touches no object of Qt: it runs beside the window's thread."""
    while not stop.is_set():
        try:
            item = wanted.get_nowait()
        except Empty:
            return
        read = _read(item)
        if read is not None:
            found.put(read)


def _read(item: Wanted) -> Read | None:
    source, time = item.source, 0
    try:
        if isinstance(source, str):
            return _drawn(source, 0, gallery.load(source))
        state = source.stat()
        time = state.st_mtime_ns
        if time == item.known_time:
            return None
        if state.st_size > _MOST_BYTES:
            return Read(source, time)
        return _drawn(source, time, read_design(source))
    except OSError as error:
        return Read(source, time, trouble="gone", reason=str(error.strerror or error))
    except OnebyoneError as error:
        return Read(source, time, trouble="damaged" if time else "gone", reason=str(error))


def _drawn(source: str | Path, time: int, design: Design) -> Read:
    if len(design.nodes) > _MOST_NODES:
        return Read(source, time, analyze(design))
    missing = [node for node in design.nodes if node.position is None]
    if missing:
        # With boxes of the usual size: texts are measured in the window's thread only.
        from onebyone.layout.groups import arrange_view

        design = edits.move(design, arrange_view(design, direction=design.direction))
    analysis = analyze(design)
    return Read(source, time, analysis, Sketch(analysis))

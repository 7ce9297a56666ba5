"""Clocks a canvas in a process of its own: `python canvas_speed.py ours|nodegraphqt DESIGN.1x1`.

It prints a line of JSON for each operation as soon as it is clocked, so that one that never ends costs only what is
behind it. Every time is the median of some repeats, from the call, or the mouse event, to the pixels.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, str(Path(__file__).parents[2]))

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from onebyone.design import Design
from onebyone.files.storage import load
from tests.benchmarks.canvases import Canvas, NodeGraphQtCanvas, Ours

_SIZE = 1200, 800
_REPEATS = 11
_SLOW_REPEATS = 3
_MOST_ROUNDS = 200
_DRAGGED = 200
_STEP = 48.0


class Pixels(QObject):
    """Knows whether a viewport has been painted."""

    def __init__(self, canvas: Canvas) -> None:
        self._is_painted = False
        super().__init__(canvas.view)
        canvas.view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self._is_painted = self._is_painted or event.type() == QEvent.Type.Paint
        return False

    def clock(self, act: Callable[[], object]) -> float:
        """Seconds from an action to the pixels that it changed."""
        settle()
        self._is_painted = False
        start = time.perf_counter()
        act()
        for _ in range(_MOST_ROUNDS):
            QApplication.processEvents()
            if self._is_painted:
                return time.perf_counter() - start
        raise AssertionError("Nothing was painted.")


class Mouse:
    """The left button on a viewport."""

    def __init__(self, canvas: Canvas, start: QPointF) -> None:
        self._canvas = canvas
        self._start = QPointF(canvas.view.mapFromScene(start))

    def press(self) -> None:
        self._send(QEvent.Type.MouseButtonPress, 0.0)

    def move(self, distance: float) -> None:
        self._send(QEvent.Type.MouseMove, distance)

    def release(self, distance: float) -> None:
        self._send(QEvent.Type.MouseButtonRelease, distance)

    def _send(self, kind: QEvent.Type, distance: float) -> None:
        viewport = self._canvas.view.viewport()
        at = self._start + QPointF(distance, distance / 2)
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
        event = QMouseEvent(kind, at, viewport.mapToGlobal(at), button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(viewport, event)


def settle() -> None:
    """Lets everything that an earlier action put off happen."""
    for _ in range(3):
        QApplication.processEvents()


def tell(what: str, value: float) -> None:
    print(json.dumps([what, value]), flush=True)


def median_ms(times: list[float]) -> float:
    return statistics.median(times) * 1e3


def resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 2**20


def clock_all(make: Callable[[Design], Canvas], design: Design) -> None:
    """Clocks what both canvases can do."""
    warm_up(make)
    before = resident_mib()
    start = time.perf_counter()
    canvas = make(design)
    tell("create", (time.perf_counter() - start) * 1e3)
    tell("memory", resident_mib() - before)
    canvas.view.resize(*_SIZE)
    canvas.view.show()
    settle()
    middle, block = _middle(design)
    pixels = Pixels(canvas)
    for name, scale in (("repaint overview", 0.2), ("repaint items", 0.35), ("repaint 1:1", 1.0)):
        canvas.zoom(scale)
        canvas.look_at(middle)
        tell(name, median_ms([pixels.clock(canvas.view.viewport().update) for _ in range(_REPEATS)]))
    tell("pan", median_ms([pixels.clock(lambda: canvas.pan(40.0)) for _ in range(_REPEATS)]))
    canvas.zoom(0.5)
    canvas.look_at(middle)
    tell("pan at 50 %", median_ms([pixels.clock(lambda: canvas.pan(-80.0)) for _ in range(_REPEATS)]))
    scales = iter([0.625, 0.5] * _REPEATS)
    tell("zoom step", median_ms([pixels.clock(lambda: canvas.zoom(next(scales))) for _ in range(_REPEATS)]))
    canvas.zoom(1.0)
    canvas.look_at(middle)
    for name, ids in (("select one", [middle]), ("select 200", block)):
        times = []
        for _ in range(_REPEATS):
            canvas.select([])
            times.append(pixels.clock(lambda ids=ids: canvas.select(ids)))
        tell(name, median_ms(times))
    for name, ids, scale in (
        ("move one", [middle], 1.0),
        ("drag 200", block, 1.0),
        ("drag 200 at 50 %", block, 0.5),
    ):
        canvas.zoom(scale)
        canvas.look_at(middle)
        frames, drop = clock_drag(canvas, pixels, middle, ids)
        tell(name, median_ms(frames))
        tell(f"{name}: drop", drop * 1e3)
    canvas.zoom(1.0)
    canvas.look_at(middle)
    canvas.select([])
    numbers = iter(range(1, 1_000))
    tell("rename", median_ms([pixels.clock(lambda: canvas.rename(middle, next(numbers))) for _ in range(_REPEATS)]))
    if isinstance(canvas, Ours):
        clock_ours(canvas, pixels, middle, numbers)
    else:
        tell("arrange", median_ms([pixels.clock(canvas.arrange)]))


def clock_drag(canvas: Canvas, pixels: Pixels, grabbed: str, ids: list[str]) -> tuple[list[float], float]:
    """Seconds of each frame of a drag of the selected nodes, and of the drop at its end."""
    canvas.select(ids)
    settle()
    mouse = Mouse(canvas, canvas.place_of(grabbed))
    mouse.press()
    mouse.move(_STEP / 2)
    frames = [pixels.clock(lambda place=place: mouse.move(_STEP * (1 + place % 5))) for place in range(2 * _REPEATS)]
    mouse.move(_STEP)
    start = time.perf_counter()
    mouse.release(_STEP)
    settle()
    return frames, time.perf_counter() - start


def clock_ours(canvas: Ours, pixels: Pixels, middle: str, numbers: Iterator[int]) -> None:
    """Clocks what only our canvas has."""
    tell("edit", median_ms([pixels.clock(lambda: canvas.edit(middle, next(numbers))) for _ in range(_REPEATS)]))
    wide = middle.replace("_conv", "_expand")
    times = [pixels.clock(lambda: canvas.edit(wide, next(numbers))) for _ in range(_REPEATS)]
    # The first one breaks the sum behind it: all that follows waits from then on.
    tell("edit that breaks", times[0] * 1e3)
    tell("edit while broken", median_ms(times[1:]))
    canvas.session.undo()
    group = next(group.id for group in canvas.session.design.groups if middle in group.nodes)
    folds = [pixels.clock(lambda now=now: canvas.fold(group, now)) for now in [True, False] * 4]
    tell("collapse a group", median_ms(folds[::2]))
    tell("expand a group", median_ms(folds[1::2]))
    times = []
    for _ in range(_SLOW_REPEATS):
        canvas.scatter()
        times.append(pixels.clock(canvas.arrange))
    tell("arrange", median_ms(times))
    tell("collapse all groups", pixels.clock(lambda: canvas.fold_all(True)) * 1e3)


def warm_up(make: Callable[[Design], Canvas]) -> None:
    """Loads modules, fonts and icons, which the first canvas does, whatever its size."""
    from onebyone.gallery import load as example

    first = make(example("inception-3a"))
    first.view.resize(*_SIZE)
    first.view.show()
    settle()
    first.view.hide()


def _middle(design: Design) -> tuple[str, list[str]]:
    """A node in the middle of a residual block in the middle of the drawing, and the 200 that are nearest to it."""
    places = {node.id: node.position or (0.0, 0.0) for node in design.nodes}
    x, y = (sum(place[axis] for place in places.values()) / len(places) for axis in (0, 1))
    blocks = [name for name in places if name.endswith("_conv")]
    middle = min(blocks, key=lambda name: abs(places[name][0] - x) + abs(places[name][1] - y))
    x, y = places[middle]
    nearest = sorted(places, key=lambda name: abs(places[name][0] - x) + abs(places[name][1] - y))
    return middle, nearest[:_DRAGGED]


if __name__ == "__main__":
    application = QApplication([])
    kinds: dict[str, Callable[[Design], Canvas]] = {"ours": Ours, "nodegraphqt": NodeGraphQtCanvas}
    clock_all(kinds[sys.argv[1]], load(Path(sys.argv[2])))

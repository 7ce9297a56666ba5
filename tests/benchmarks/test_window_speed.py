"""Budgets of the window and the canvas, printed: `pytest tests/benchmarks`."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from onebyone import edits
from onebyone.design import Design
from onebyone.layout import arrange
from onebyone_desktop import theme
from onebyone_desktop.canvas.view import DesignCanvas
from onebyone_desktop.session import Session
from tests.benchmarks.test_engine_speed import chain, residual, stacked_modules


def milliseconds(work: Callable[[], object], repeats: int = 15) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3


def shown_canvas(design: Design) -> DesignCanvas:
    canvas = DesignCanvas(Session(edits.move(design, arrange(design))))
    canvas.resize(1200, 800)
    canvas.show()
    QApplication.processEvents()
    return canvas


@pytest.mark.parametrize("count", [100, 500, 1_000, 2_000])
def test_canvas(qapp: QApplication, count: int) -> None:
    theme.apply(qapp, theme.LIGHT)
    design = residual(count // 5)
    placed = edits.move(design, arrange(design))
    start = time.perf_counter()
    canvas = DesignCanvas(Session(placed))
    created = (time.perf_counter() - start) * 1e3
    canvas.resize(1200, 800)
    canvas.show()
    qapp.processEvents()
    session = canvas.session
    ids = [node.id for node in session.design.nodes]

    def repaint() -> None:
        canvas.viewport().repaint()

    def move(moved: list[str]) -> None:
        everything = session.design.nodes_by_id()
        positions = {name: (everything[name].position[0] + 8.0, everything[name].position[1]) for name in moved}
        session.apply("Move", edits.move, positions)
        repaint()

    widths = iter(range(1, 10_000))

    def edit() -> None:
        session.apply("Edit", edits.set_fields, "b5", {"out_channels": 64 + next(widths)})
        repaint()

    canvas.camera.zoom_to(0.2)
    overview = milliseconds(repaint)
    canvas.camera.zoom_to(0.35)
    items = milliseconds(repaint)
    canvas.camera.zoom_to(1.0)
    full = milliseconds(repaint)
    pan = milliseconds(lambda: (canvas.camera.scroll_by(QPointF(40, 0)), repaint()))
    canvas.camera.zoom_to(0.5)
    zoom = milliseconds(lambda: (canvas.zoom_in(), repaint(), canvas.zoom_out(), repaint())) / 2
    canvas.camera.zoom_to(1.0)
    one = milliseconds(lambda: move(ids[:1]))
    many = milliseconds(lambda: move(ids[:200]))
    edited = milliseconds(edit)
    print(
        f"\ncanvas, {len(ids):,} nodes: create {created:.0f} ms, repaint overview {overview:.1f} / items {items:.1f}"
        f" / 1:1 {full:.1f} ms, pan {pan:.1f}, zoom {zoom:.1f}, move one {one:.1f}, move 200 {many:.1f},"
        f" edit to pixels {edited:.1f} ms"
    )
    canvas.close()
    canvas.deleteLater()


def test_arranging() -> None:
    for name, design in (
        ("141 modules' nodes", stacked_modules()),
        ("516 residual", residual(103)),
        ("chain 1,000", chain(1_000)),
    ):
        print(f"\narrange {name}: {milliseconds(lambda design=design: arrange(design), 5):.0f} ms (budget 150 at 516)")


_BARE = """
import time
start = time.perf_counter()
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1280, 800)
window.show()
app.processEvents()
print(time.perf_counter() - start)
"""
_OURS = """
import time
start = time.perf_counter()
from PySide6.QtWidgets import QApplication
from onebyone_desktop.app import make_window
app = QApplication([])
window = make_window()
window.show()
app.processEvents()
print(time.perf_counter() - start)
"""


def test_window_shown_over_a_bare_one() -> None:
    def run(code: str) -> float:
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        return float(done.stdout.split()[-1])

    pairs = [(run(_OURS), run(_BARE)) for _ in range(7)]
    ours, bare = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"\nwindow shown {ours * 1e3:.0f} ms, bare {bare * 1e3:.0f} ms, ratio {ratio:.2f} (budget 2.0)")

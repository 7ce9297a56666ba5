"""Budgets of the window and of arranging, printed: `pytest tests/benchmarks`."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from onebyone.layout.layered import arrange
from tests.benchmarks.test_engine_speed import chain, residual, stacked_modules


def milliseconds(work: Callable[[], object], repeats: int = 15) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3


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


def test_window_shown_over_a_bare_one(tmp_path: Path) -> None:
    # As installed: with the bytecode of all modules at hand, whatever the environment of the tests forbids.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def run(code: str) -> float:
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
        return float(done.stdout.split()[-1])

    run(_OURS)
    pairs = [(run(_OURS), run(_BARE)) for _ in range(7)]
    ours, bare = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"\nwindow shown {ours * 1e3:.0f} ms, bare {bare * 1e3:.0f} ms, ratio {ratio:.2f} (budget 2.0)")

"""Budgets of the window and of arranging, printed: `pytest tests/benchmarks`."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

import onebyone
from onebyone.layout.layered import arrange
from onebyone_desktop.canvas.placement import placed
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
import sys
import time
start = time.perf_counter()
from PySide6.QtWidgets import QApplication
from onebyone_desktop.app import make_window
app = QApplication([])
window = make_window(sys.argv[1:])
window.show()
app.processEvents()
print(time.perf_counter() - start)
"""
_STARTS = 11


def test_window_shown_over_a_bare_one(tmp_path: Path, qapp: QApplication) -> None:
    # As installed: with the bytecode of all modules at hand, whatever the environment of the tests forbids.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    block = tmp_path / "block.1x1"
    onebyone.save(placed(onebyone.gallery.load("inception-3a")), block)

    def seconds(code: str, *arguments: str) -> float:
        command = [sys.executable, "-c", code, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        return float(done.stdout.split()[-1])

    seconds(_OURS, str(block))
    rounds = [(seconds(_BARE), seconds(_OURS), seconds(_OURS, str(block))) for _ in range(_STARTS)]
    bare, welcome, with_file = (statistics.median(times) * 1e3 for times in zip(*rounds, strict=True))
    ratios = [statistics.median(each[place] / each[0] for each in rounds) for place in (1, 2)]
    print(f"\nbare window {bare:.0f} ms")
    print(f"window shown {welcome:.0f} ms, ratio {ratios[0]:.2f} (budget 3.0)")
    print(f"block.1x1 shown {with_file:.0f} ms, ratio {ratios[1]:.2f} (budget 3.5)")

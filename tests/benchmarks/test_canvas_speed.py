"""The canvas against its budgets and against NodeGraphQt, printed: `pytest -s tests/benchmarks/test_canvas_speed.py`.

NodeGraphQt is in the extra `benchmark`, never a dependency. It may also be in another environment:
`ONEBYONE_PEER_PYTHON` is an interpreter that has it beside this package and the same PySide6. Each canvas runs in a
process of its own, so that a peer that is missing, crashes or never ends costs nothing but its column.
"""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from onebyone import gallery
from onebyone.design import Design
from onebyone.files.storage import save
from onebyone_desktop.canvas.placement import placed
from tests.benchmarks.large_designs import network

_SCRIPT = Path(__file__).with_name("canvas_speed.py")
_TIMEOUT_S = 60
_FRAME = 16.0
_WITHIN_A_FRAME = (
    *("pan", "pan at 50 %", "zoom step", "select one", "select 200", "move one", "move one: drop"),
    *(
        "drag 200",
        "drag 200: drop",
        "drag 200 at 50 %",
        "drag 200 at 50 %: drop",
        "rename",
        "edit",
        "edit while broken",
    ),
)
#: DESIGN.md, section 9, by the number of nodes; everywhere else nothing lags that is within a frame.
_BUDGETS = {
    516: {"arrange": 150.0},
    1_000: {
        "create": 300.0,
        "memory": 30.0,
        "repaint overview": 3.0,
        "repaint items": 16.0,
        "repaint 1:1": 10.0,
        "pan": 3.0,
        "zoom step": 16.0,
        "move one": 2.0,
    },
}


def clock(python: str, kind: str, path: Path) -> dict[str, float]:
    """What a canvas took for each operation, in ms (memory in MiB); none that is behind one that did not end."""
    try:
        done = subprocess.run(
            [python, str(_SCRIPT), kind, str(path)], capture_output=True, timeout=_TIMEOUT_S, check=False
        )
        output = done.stdout
    except subprocess.TimeoutExpired as expired:
        output = expired.stdout or b""
    return dict(json.loads(line) for line in output.splitlines())


def show(title: str, ours: dict[str, float], theirs: dict[str, float], budgets: dict[str, float]) -> None:
    print(f"\n{title:26}{'ours':>9}{'budget':>9}{'theirs':>9}{'theirs ÷ ours':>15}")
    for name, value in ours.items():
        peer = theirs.get(name)
        budget = budgets.get(name)
        columns = (
            f"{value:9.1f}",
            f"{budget:9.0f}" if budget is not None else " " * 9,
            f"{peer:9.1f}" if peer is not None else f"{'–':>9}",
            f"{peer / value:14.1f}×" if peer is not None else "",
            "   missed" if budget is not None and value > budget else "",
        )
        print(f"{name:26}{''.join(columns)}")


@pytest.mark.parametrize("count", [100, 500, 1_000, 2_000, 516], ids=lambda count: f"{count} nodes")
@pytest.mark.timeout(3 * _TIMEOUT_S)
def test_canvas_against_nodegraphqt(qapp: QApplication, tmp_path: Path, count: int) -> None:
    design: Design = placed(gallery.load("resnet-152") if count == 516 else network(count))
    path = tmp_path / "design.1x1"
    save(design, path)
    python = os.environ.get("ONEBYONE_PEER_PYTHON", sys.executable)
    is_installed = python != sys.executable or importlib.util.find_spec("NodeGraphQt") is not None

    ours = clock(python, "ours", path)
    theirs = clock(python, "nodegraphqt", path) if is_installed else {}

    budgets = dict.fromkeys(_WITHIN_A_FRAME, _FRAME)
    show(f"{design.name}, ms (memory MiB)", ours, theirs, {**budgets, **_BUDGETS.get(count, {})})
    if not is_installed:
        print("NodeGraphQt is not installed: pip install -e '.[benchmark]', or set ONEBYONE_PEER_PYTHON.")
    elif "arrange" not in theirs:
        print(f"NodeGraphQt did not get further within {_TIMEOUT_S} s, or crashed.")

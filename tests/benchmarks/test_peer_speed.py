"""Our canvas beside NodeGraphQt's, each in a process of its own; prints both and theirs ÷ ours.

NodeGraphQt is in the extra `benchmark`, never a dependency. It may also be in another environment:
`ONEBYONE_PEER_PYTHON` is an interpreter that has it beside this package and the same PySide6.
"""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

_SCRIPT = Path(__file__).with_name("canvas_speed.py")
_TIMEOUT_S = 240
_PEER = "NodeGraphQt"


def figures(python: str, kind: str, count: int) -> dict[str, float]:
    done = subprocess.run(
        [python, str(_SCRIPT), kind, str(count)], capture_output=True, text=True, timeout=_TIMEOUT_S, check=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("count", [100, 500, 1_000, 2_000])
def test_beside_nodegraphqt(count: int) -> None:
    python = os.environ.get("ONEBYONE_PEER_PYTHON", sys.executable)
    if python == sys.executable and find_spec(_PEER) is None:
        pytest.skip(f"{_PEER} is not installed; pip install -e '.[benchmark]', or set ONEBYONE_PEER_PYTHON.")

    ours, theirs = (figures(python, kind, count) for kind in ("ours", _PEER))

    print(f"\n{count:,} nodes{'ours':>26}{_PEER:>14}{'theirs ÷ ours':>16}")
    for name, mine in ours.items():
        unit = "MiB" if name == "memory" else "ms"
        ratio = theirs[name] / mine if mine else float("nan")
        print(f"  {name:<20}{mine:>11.1f} {unit:<4}{theirs[name]:>9.1f} {unit:<4}{ratio:>12.1f}")

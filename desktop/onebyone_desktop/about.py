"""The texts of Help: versions in use and every shortcut."""

import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version

import PySide6
from PySide6.QtGui import QAction, QKeySequence

import onebyone


def versions_text() -> str:
    """The versions in use, a line each. Packages are asked for their version without being loaded."""
    lines = [
        f"OneByOne {onebyone.__version__}",
        f"Python {platform.python_version()} on {platform.system()} {platform.machine()}",
        f"Qt for Python {PySide6.__version__}",
    ]
    for name in ("torch", "networkx", "pyqtgraph", "msgspec"):
        lines.append(f"{name} {_version(name)}")
    return "\n".join(lines)


def shortcuts_text(actions: Iterable[QAction]) -> str:
    """Every action that has keys, a line each."""
    lines = []
    for action in actions:
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        if keys:
            lines.append(f"{keys}:  {action.statusTip()}")
    lines += [
        "Space + drag, or middle button:  Move the view",
        "Ctrl + wheel, or pinch:  Zoom",
        "Arrow keys:  Nudge the selected nodes",
    ]
    return "\n".join(lines)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"

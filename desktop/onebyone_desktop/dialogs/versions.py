"""The versions in use, for Help."""

import platform
from importlib.metadata import PackageNotFoundError, version

import PySide6

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


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"

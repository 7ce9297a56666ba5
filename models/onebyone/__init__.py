"""OneByOne's engine: designs of convolution blocks, their arithmetic, and their PyTorch source.

Importing it loads no Qt, torch, numpy or networkx; names are loaded when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from onebyone import edits, gallery, layers
    from onebyone.analysis import Analysis, analyze
    from onebyone.design import Design, Group, Node
    from onebyone.errors import OnebyoneError
    from onebyone.files.storage import dumps, load, loads, save
    from onebyone.problem import Problem
    from onebyone.pytorch_source import torch_source
    from onebyone.torch_backend.from_torch import from_torch

_HOMES = {
    "Analysis": "onebyone.analysis",
    "Design": "onebyone.design",
    "Group": "onebyone.design",
    "Node": "onebyone.design",
    "OnebyoneError": "onebyone.errors",
    "Problem": "onebyone.problem",
    "analyze": "onebyone.analysis",
    "from_torch": "onebyone.torch_backend.from_torch",
    "dumps": "onebyone.files.storage",
    "load": "onebyone.files.storage",
    "loads": "onebyone.files.storage",
    "save": "onebyone.files.storage",
    "torch_source": "onebyone.pytorch_source",
}
_MODULES = ("edits", "gallery", "layers")

__all__ = [
    "Analysis", "Design", "Group", "Node", "OnebyoneError", "Problem", "analyze", "dumps", "edits", "from_torch",
    "gallery", "layers", "load", "loads", "save", "torch_source",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    if name in _MODULES:
        return import_module(f"onebyone.{name}")
    raise AttributeError(f"module 'onebyone' has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)

"""Opens files of foreign models as designs; nothing in them is executed."""

from os import PathLike
from pathlib import Path

import msgspec

from onebyone.design import Design
from onebyone.interchange.lowering import Lowered, lower
from onebyone.interchange.model_process import read_model_file


def load(path: str | PathLike[str]) -> Design:
    """The design of an ONNX or `.pt2` file, named after the file where it has no name.

    Raises:
        ModelFileError: It is damaged, hostile, or does what no layer does.
        StorageError: It cannot be read.
    """
    return open_model(Path(path)).design


def open_model(path: Path) -> Lowered:
    """The design of an ONNX or `.pt2` file, with its report; see `load`."""
    lowered = lower(read_model_file(path))
    if lowered.design.name:
        return lowered
    return msgspec.structs.replace(lowered, design=msgspec.structs.replace(lowered.design, name=path.stem))

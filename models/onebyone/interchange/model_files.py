"""The files of foreign models that can be read, by their suffixes; in this process, which a hostile file may end."""

from collections.abc import Sequence
from pathlib import Path

from onebyone.errors import ModelFileError
from onebyone.interchange.graph import Graph
from onebyone.interchange.onnx_file import extract_onnx_constants, read_onnx
from onebyone.interchange.pt2_file import extract_pt2_constants, read_pt2

SUFFIXES = (".onnx", ".pt2")


def read_graph(path: Path, input_sizes: Sequence[tuple[int, ...]] | None = None) -> Graph:
    """The graph of a file.

    Args:
        path: The file.
        input_sizes: Sizes without the batch for the inputs in order, where an ONNX file leaves them open.

    Raises:
        ModelFileError: It is of another kind, or is not what its name says.
        StorageError: It cannot be read.
    """
    return read_onnx(path, input_sizes) if _suffix(path) == ".onnx" else read_pt2(path)


def write_constants(path: Path, target: Path) -> None:
    """Writes the constants of a file as a safetensors file, by the names that the graph's constants have.

    Raises:
        ModelFileError: It is of another kind, or its constants are not where it says.
        StorageError: A file cannot be read or written.
    """
    if _suffix(path) == ".onnx":
        extract_onnx_constants(path, target)
    else:
        extract_pt2_constants(path, target)


def _suffix(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix in {".pt", ".pth", ".bin", ".ckpt", ".pkl"}:
        raise ModelFileError(
            f"A {suffix} file is a pickle, which could run any program, and holds no network; save the model with "
            "torch.export.save as .pt2, or import the Python that builds it."
        )
    if suffix not in SUFFIXES:
        raise ModelFileError(f"{path.name[:100]!r} is no model that can be opened; {' and '.join(SUFFIXES)} files can.")
    return suffix

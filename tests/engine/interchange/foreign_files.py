"""Runs the graphs of foreign models' files, and what they are compared with."""

from pathlib import Path
from typing import Any

from onebyone.interchange.graph import Graph
from onebyone.interchange.model_files import write_constants
from onebyone.torch_backend.graph_run import run
from tests.models import require


def random_inputs(graph: Graph) -> dict[str, Any]:
    import torch

    torch.manual_seed(1)
    return {name: torch.rand(graph.tensors[name].shape) - 0.3 for name in graph.inputs}


def run_file(path: Path, graph: Graph, inputs: dict[str, Any]) -> dict[str, Any]:
    """Every tensor of a file's graph, with the file's own constants, each of the type that the graph says."""
    from safetensors.torch import load_file

    weights = path.with_suffix(".safetensors")
    write_constants(path, weights)
    made = run(graph, load_file(weights), inputs, {step.operator.target for step in graph.steps})
    for name, type in graph.tensors.items():
        assert (tuple(made[name].shape), str(made[name].dtype)) == (type.shape, f"torch.{type.dtype}"), name
    return made


def onnxruntime_outputs(path: Path, inputs: dict[str, Any]) -> list[Any]:
    require("onnxruntime")
    import onnxruntime

    onnxruntime.set_default_logger_severity(3)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run(None, {name: tensor.numpy() for name, tensor in inputs.items()})


def difference(ours: Any, theirs: Any) -> float:
    """The largest difference, as a part of the largest number."""
    import numpy

    assert tuple(ours.shape) == theirs.shape
    mine, other = ours.numpy().astype("float64"), numpy.asarray(theirs).astype("float64")
    assert numpy.isfinite(other).all() and numpy.ptp(other) > 0
    return float(numpy.abs(mine - other).max() / numpy.abs(other).max())

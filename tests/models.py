"""Networks that people have, for tests: those of torchvision and timm, where the extra [models] is installed."""

import functools
import importlib.util
import warnings
from pathlib import Path
from typing import Any

import pytest

_OPERATORS = ("nms", "qnms")


@functools.cache
def _torchvision_operators() -> Any:
    """Declares what torchvision declares in binaries of its own, which do not fit the CPU wheel of torch."""
    import torch

    library = torch.library.Library("torchvision", "DEF")
    for name in _OPERATORS:
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    return library


def require(*packages: str) -> None:
    """Skips the test where a package of the extra [models] is not installed."""
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"needs {' and '.join(missing)}, of the extra [models]")


def network(name: str, **arguments: Any) -> Any:
    """A network by its builder, "torchvision:resnet18" or "timm:convnext_atto", with random weights, for inference."""
    package, _, builder = name.partition(":")
    require(package)
    import torch

    _torchvision_operators()
    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if package == "timm":
            import timm

            made = timm.create_model(builder, **arguments)
        else:
            import torchvision

            made = torchvision.models.get_model(builder, **arguments)
    _disturb_norms(made)
    return made.eval()


def _disturb_norms(made: Any) -> None:
    """Gives norms numbers as training leaves them: those of a new network hide mistakes."""
    import torch

    with torch.no_grad():
        for module in made.modules():
            named = {**dict(module.named_parameters(recurse=False)), **dict(module.named_buffers(recurse=False))}
            if "norm" in type(module).__name__.lower():
                for key, tensor in named.items():
                    if key in {"weight", "running_var"}:
                        tensor.uniform_(0.7, 1.3)
                    elif key in {"bias", "running_mean"}:
                        tensor.uniform_(-0.2, 0.2)


def save_pt2(network: Any, inputs: tuple[Any, ...], path: Path, open_batch: bool = False) -> Path:
    """Saves a network as a `.pt2` file."""
    import torch

    shapes = tuple({0: torch.export.Dim.AUTO} for _ in inputs) if open_batch else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.export.save(torch.export.export(network, inputs, strict=False, dynamic_shapes=shapes), path)
    return path


def save_onnx(network: Any, inputs: tuple[Any, ...], path: Path, **options: Any) -> Path:
    """Saves a network as an ONNX file, by torch's older exporter: the newer one needs onnxscript."""
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(network, inputs, path, dynamo=False, **options)
    return path

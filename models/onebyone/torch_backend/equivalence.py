"""Whether merged convolutions compute what those before them did: both are run, with the same weights and input."""

from typing import Any

from onebyone.pointwise.parallel import Merge
from onebyone.pytorch_source import torch_module
from onebyone.torch_backend import build


def largest_difference(merge: Merge) -> tuple[float, float]:
    """The largest absolute difference between the outputs before and after, and the largest value before.

    Weights, norms and the input are seeded; the merged convolution gets the rows of those it stands for.

    Raises:
        MeasurementError: One of the designs cannot be run.
    """
    import torch

    analysis = build.checked(merge.before, "The design before")
    build.checked(merge.after, "The merged design")
    before, after = (build.build(torch_module(design)) for design in (merge.before, merge.after))
    _seed(before)
    after.load_state_dict(_merged(before.state_dict(), merge))
    inputs = build.seeded_inputs(analysis, 1)
    with torch.inference_mode():
        ours, theirs = (_outputs(module(*inputs)) for module in (before, after))
    differences = [float((one - other).abs().max()) for one, other in zip(ours, theirs, strict=True)]
    return max(differences), max(float(one.abs().max()) for one in ours)


def _outputs(result: Any) -> tuple[Any, ...]:
    return tuple(result) if isinstance(result, list | tuple) else (result,)


def _seed(module: Any) -> None:
    """Seeds the weights, and what a fresh batch norm and a fresh bias would make look alike."""
    import torch

    build.seed_weights(module)
    generator = torch.Generator().manual_seed(build.SEED)
    for name, value in module.state_dict().items():
        if value.dim() == 1:
            value.copy_(torch.rand(value.shape, generator=generator) + (0.5 if "var" in name else 0.0))


def _merged(state: dict[str, Any], merge: Merge) -> dict[str, Any]:
    """The state for the merged design: rows of the parts below each other."""
    import torch

    first = f"{merge.parts[0]}."
    found = {
        name: value for name, value in state.items() if not name.startswith(tuple(f"{part}." for part in merge.parts))
    }
    for name in [name for name in state if name.startswith(first)]:
        rest = name.removeprefix(first)
        rows = [state[f"{part}.{rest}"] for part in merge.parts]
        found[f"{merge.node}.{rest}"] = torch.cat(rows) if rows[0].dim() else rows[0]
    return found

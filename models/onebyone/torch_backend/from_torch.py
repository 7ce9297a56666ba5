"""`onebyone.from_torch`: a module in the caller's own process as a design."""

from collections.abc import Sequence
from typing import Any

import msgspec

from onebyone.analysis import analyze
from onebyone.design import Design
from onebyone.errors import ModelFileError
from onebyone.interchange.graph import Graph
from onebyone.interchange.lowering import lower
from onebyone.interchange.report import Report
from onebyone.torch_backend.agreement import compared, state_of
from onebyone.torch_backend.capture import CaptureError, capture, seeded_inputs, unwrapped


class Imported(msgspec.Struct, frozen=True):
    """A module as a design, what is to be said of it, and its tensors.

    `weights` is a state_dict for the module that `onebyone.torch_source` writes of the design, on the memory of the
    original's own tensors; None where one of its tensors is computed from others.
    """

    design: Design
    report: Report
    weights: dict[str, Any] | None


def from_torch(
    module: Any,
    example_inputs: Sequence[Any] | None = None,
    *,
    input_size: Sequence[int] = (3, 224, 224),
    name: str | None = None,
) -> Imported:
    """The design of a torch.nn.Module, compared with it.

    Args:
        module: The module; it is as it was afterwards.
        example_inputs: Its arguments, with a batch; normal values of `input_size` where there are none.
        input_size: Channels, height and width of its one input.
        name: What to call the design; the module's class where it is not said.

    Raises:
        ModelFileError: The module cannot be run on these inputs, or does what no layer does.
    """
    try:
        own = unwrapped(module)
        inputs = seeded_inputs(own, [input_size]) if example_inputs is None else tuple(example_inputs)
        plain, tensors = capture(own, inputs, name or "")
    except CaptureError as error:
        raise ModelFileError(str(error)) from error
    lowered = lower(msgspec.convert(plain, Graph))
    report = compared(lowered, tensors)
    if lowered.constants is None:
        return Imported(lowered.design, report, None)
    weights = state_of(lowered.design, analyze(lowered.design), lowered.constants, tensors)
    return Imported(lowered.design, report, weights)

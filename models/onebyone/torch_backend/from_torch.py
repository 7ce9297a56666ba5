"""`onebyone.from_torch`: a module in the caller's own process as a design."""

from collections.abc import Sequence
from typing import Any

import msgspec

from onebyone.design import Design
from onebyone.errors import ModelFileError
from onebyone.interchange.graph import Graph
from onebyone.interchange.lowering import lower
from onebyone.interchange.report import Report
from onebyone.torch_backend.agreement import compare
from onebyone.torch_backend.capture import CaptureError, capture, seeded_inputs


class Imported(msgspec.Struct, frozen=True):
    """A module as a design, what is to be said of it, and its tensors.

    `weights` is a state_dict for the module that `onebyone.torch_source` writes of the design; None where one of its
    tensors is computed from others.
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
        inputs = seeded_inputs(module, [input_size]) if example_inputs is None else tuple(example_inputs)
        plain, tensors = capture(module, inputs, name or "")
    except CaptureError as error:
        raise ModelFileError(str(error)) from error
    lowered = lower(msgspec.convert(plain, Graph))
    if lowered.constants is None:
        return Imported(lowered.design, lowered.report, None)
    report = lowered.report
    found = compare(lowered.design, lowered.constants, tensors)
    if found is not None:
        report = msgspec.structs.replace(report, equal=found[0], largest_difference=found[1])
    weights = {key: tensors[constant].detach() for key, constant in lowered.constants.items()}
    return Imported(lowered.design, report, weights)

"""Whether a layer or a module can take the result that a wire brings."""

import msgspec

from onebyone.analysis import analyze
from onebyone.design import Design, Node
from onebyone.edits import unused_id
from onebyone.layers import AnyLayer, Input, Output
from onebyone.shape import Shape


class Fit(msgspec.Struct, frozen=True):
    """What would come out, where that can be said, or why it cannot be."""

    shape: Shape | None = None
    reason: str = ""


def layer_fit(layer: AnyLayer, shape: Shape) -> Fit:
    """How a layer takes a single result; one that needs more can still get them."""
    if layer.minimum_inputs > 1:
        return Fit()
    reason = next((finding.message for finding in layer.problems(shape)), "")
    return Fit(reason=reason) if reason else Fit(layer.output_shape(shape))


def module_fit(nodes: tuple[Node, ...], shape: Shape) -> Fit:
    """How a module takes a result in all its open inputs."""
    if len(shape) == 1:
        return Fit(reason=f"it needs a feature map, but gets a vector of {shape[0]:,} features.")
    design = Design(nodes=nodes)
    source, result = unused_id(design, "source"), unused_id(design, "result")
    fed = tuple(
        msgspec.structs.replace(node, inputs=(*node.inputs, source))
        if len(node.inputs) < node.layer.minimum_inputs
        else node
        for node in nodes
    )
    ends = (Node(source, Input(*shape)), Node(result, Output(), inputs=(nodes[-1].id,)))
    analysis = analyze(Design(nodes=(*fed, *ends)))
    errors = [problem for problem in analysis.problems if problem.severity == "error"]
    return Fit(reason=errors[0].message) if errors else Fit(analysis.nodes[result].shape)

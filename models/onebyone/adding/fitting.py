"""Whether a layer or a module can take the result that a wire brings."""

import msgspec

from onebyone.analysis import analyze
from onebyone.design import Design, Node
from onebyone.edits import unused_id
from onebyone.gallery import recognition
from onebyone.layers import AnyLayer, Input, Output
from onebyone.shape import Shape


class Fit(msgspec.Struct, frozen=True):
    """What would come out, where that can be said, or why it cannot be."""

    shape: Shape | None = None
    reason: str = ""


def layer_fit(layer: AnyLayer, shapes: tuple[Shape | None, ...]) -> Fit:
    """How a layer takes these results; one that needs more can still get them."""
    most = layer.maximum_inputs
    if most is not None and len(shapes) > most:
        takes = "one input" if most == 1 else f"{most} inputs"
        return Fit(reason=f"it takes {takes}, but {len(shapes)} nodes are to feed it.")
    known = tuple(shape for shape in shapes if shape is not None)
    if not known or len(known) < max(len(shapes), layer.minimum_inputs):
        return Fit()
    reason = next((finding.message for finding in layer.problems(*known)), "")
    return Fit(reason=reason) if reason else Fit(layer.output_shape(*known))


def module_fit(nodes: tuple[Node, ...], shapes: tuple[Shape | None, ...]) -> Fit:
    """How a module takes a result in all its open inputs, with the numbers that follow it."""
    if len(shapes) > 1:
        return Fit(reason=f"it takes one result, but {len(shapes)} nodes are to feed it.")
    shape = shapes[0] if shapes else None
    if shape is None:
        return Fit()
    if len(shape) == 1:
        return Fit(reason=f"it needs a feature map, but gets a vector of {shape[0]:,} features.")
    nodes = recognition.fitted(nodes, shape[0])
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

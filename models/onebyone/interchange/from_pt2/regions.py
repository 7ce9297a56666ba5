"""Regions of a `.pt2` file, such as what stands under torch.no_grad, put where they are run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from onebyone.errors import ModelFileError
from onebyone.interchange.from_pt2.schema import Argument, Graph, Named, Node, OptionalTensor

_GRADIENTS = "torch.ops.higher_order.wrap_with_set_grad_enabled"
_AUTOCAST = "torch.ops.higher_order.wrap_with_autocast"
#: Where an autocast says whether it is on.
_ENABLED = 2
_MAX_DEPTH = 16


@dataclass
class Inlined:
    """A graph with its regions written out.

    `names` says what results of regions are called now; `notes` are sentences on what they did that is not done.
    """

    graph: Graph
    names: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def inlined(graph: Graph, most: int) -> Inlined:
    """Writes out the regions of a graph, up to so many nodes.

    Raises:
        ModelFileError: Regions lie in each other too deeply.
    """
    nodes: list[Node] = []
    types, symbols = dict(graph.tensor_values), dict(graph.sym_int_values)
    found = Inlined(graph)
    for node in _written_out(graph, found.names, "", 0):
        if isinstance(node, str):
            found.notes += [node] if node not in found.notes else []
        elif isinstance(node, Graph):
            types.update(node.tensor_values)
            symbols.update(node.sym_int_values)
        else:
            nodes.append(node)
            if len(nodes) >= most:
                break
    found.graph = msgspec.structs.replace(graph, nodes=tuple(nodes), tensor_values=types, sym_int_values=symbols)
    return found


def _written_out(graph: Graph, outside: dict[str, str], prefix: str, depth: int) -> Iterator[Node | Graph | str]:
    """The nodes of a graph, the types of regions on the way, and sentences.

    Its tensors are called as `outside` says; the results of regions are added there.
    """
    if depth > _MAX_DEPTH:
        raise ModelFileError("Its parts lie in each other too deeply; the file is damaged.")
    count = 0
    for node in graph.nodes:
        region = next((each.arg.as_graph.graph for each in node.inputs if each.arg.as_graph is not None), None)
        if region is None or node.target not in {_GRADIENTS, _AUTOCAST}:
            yield _renamed(node, outside)
            continue
        if node.target == _AUTOCAST and len(node.inputs) > _ENABLED and node.inputs[_ENABLED].arg.as_bool:
            yield "A part of the model runs under autocast, in fewer bits; here it runs in the numbers of its weights."
        count += 1
        inner = f"{prefix}region{count}_"
        given = [each.arg for each in node.inputs if each.arg.as_tensor is not None]
        inside = {name: f"{inner}{name}" for name in region.tensor_values}
        for place, argument in zip((each for each in region.inputs if each.as_tensor is not None), given, strict=False):
            inside[_name(place)] = outside.get(_name(argument), _name(argument))
        made = {inside[name]: meta for name, meta in region.tensor_values.items() if inside[name].startswith(inner)}
        yield msgspec.structs.replace(region, tensor_values=made, nodes=())
        yield from _written_out(region, inside, inner, depth + 1)
        results = [name for each in node.outputs for name in _names(each)]
        ends = [name for each in region.outputs for name in _names(each)]
        outside.update({result: inside.get(end, end) for result, end in zip(results, ends, strict=False)})


def _name(argument: Argument) -> str:
    return "" if argument.as_tensor is None else argument.as_tensor.name


def _names(argument: Argument) -> tuple[str, ...]:
    return (_name(argument),) if argument.as_tensors is None else tuple(each.name for each in argument.as_tensors)


def _renamed(node: Node, names: Mapping[str, str]) -> Node:
    if not names:
        return node
    inputs = tuple(msgspec.structs.replace(each, arg=_argument(each.arg, names)) for each in node.inputs)
    outputs = tuple(_argument(each, names) for each in node.outputs)
    return msgspec.structs.replace(node, inputs=inputs, outputs=outputs)


def _argument(argument: Argument, names: Mapping[str, str]) -> Argument:
    def named(tensor: Named) -> Named:
        return Named(names.get(tensor.name, tensor.name))

    def optional(tensor: OptionalTensor) -> OptionalTensor:
        return tensor if tensor.as_tensor is None else OptionalTensor(as_tensor=named(tensor.as_tensor))

    if argument.as_tensor is not None:
        return Argument(as_tensor=named(argument.as_tensor))
    if argument.as_tensors is not None:
        return Argument(as_tensors=tuple(named(each) for each in argument.as_tensors))
    if argument.as_optional_tensor is not None:
        return Argument(as_optional_tensor=optional(argument.as_optional_tensor))
    if argument.as_optional_tensors is not None:
        return Argument(as_optional_tensors=tuple(optional(each) for each in argument.as_optional_tensors))
    return argument

"""Ready sub-graphs for the palette: nodes that know each other, with the wires into them left open."""

from collections.abc import Mapping
from typing import Any

import msgspec

from onebyone.design import Design, Node
from onebyone.layers import Input, Output


class Target(msgspec.Struct, frozen=True):
    """A field of a node of a module."""

    node: str
    field: str = "out_channels"


class ModuleField(msgspec.Struct, frozen=True):
    """A number to fill in: it goes into all its targets.

    `follows_input` says that the module fits only where the number equals the channels in front of it.
    """

    name: str
    title: str
    targets: tuple[Target, ...]
    follows_input: bool = False


class Numbers(msgspec.Struct, frozen=True):
    """Published numbers for a module: what to call them, and the value of each field by name."""

    title: str
    values: dict[str, int]


class Module(msgspec.Struct, frozen=True):
    """A sub-graph to drop on the canvas.

    `open_inputs` are the ids of the nodes that wait for the wire from before; `result` is the node that feeds what
    comes after. The numbers fit `channels` input channels. `fields` are the numbers to fill in, `published` some sets
    of them.
    """

    name: str
    title: str
    description: str
    channels: int
    nodes: tuple[Node, ...]
    open_inputs: tuple[str, ...]
    result: str
    fields: tuple[ModuleField, ...] = ()
    published: tuple[Numbers, ...] = ()

    def values(self, nodes: Mapping[str, Node] | None = None) -> dict[str, int]:
        """The number in each field, of these nodes by their ids in the module or of the module's own."""
        found = nodes if nodes is not None else {node.id: node for node in self.nodes}
        return {
            field.name: getattr(found[field.targets[0].node].layer, field.targets[0].field)
            for field in self.fields
            if field.targets[0].node in found
        }

    def filled(self, values: Mapping[str, int]) -> "Module":
        """The module with other numbers; unknown names are passed over."""
        changes: dict[str, dict[str, Any]] = {}
        for field in self.fields:
            for target in field.targets if field.name in values else ():
                changes.setdefault(target.node, {})[target.field] = values[field.name]
        replace = msgspec.structs.replace
        nodes = tuple(
            replace(node, layer=replace(node.layer, **changes[node.id])) if node.id in changes else node
            for node in self.nodes
        )
        return replace(self, nodes=nodes)

    def design(self, name: str, notes: str, height: int, width: int) -> Design:
        """The module between an input that it fits and an output, laid out on opening."""
        source = Node("input", Input(self.channels, height, width))
        end = Node("output", Output(), inputs=(self.result,))
        return Design(name, notes, (source, *(self._wired(node) for node in self.nodes), end))

    def _wired(self, node: Node) -> Node:
        inputs = (*node.inputs, "input") if node.id in self.open_inputs else node.inputs
        return msgspec.structs.replace(node, inputs=inputs, position=None)


def width(name: str, title: str, *nodes: str, follows_input: bool = False) -> ModuleField:
    """A number of output channels, of one node or the same of several."""
    return ModuleField(name, title, tuple(Target(node) for node in nodes), follows_input)

"""Finds the modules of the gallery in designs, whatever their numbers, to fill these in."""

from collections.abc import Collection, Mapping

import msgspec

from onebyone import edits
from onebyone.design import Design, Node
from onebyone.gallery.catalogue import modules
from onebyone.gallery.modules import Module


class FoundModule(msgspec.Struct, frozen=True):
    """A module in a design: `ids` leads from each id of the module to that of the design."""

    module: Module
    ids: dict[str, str]

    def values(self, design: Design) -> dict[str, int]:
        """The number that each field of the module has in a design."""
        nodes = design.nodes_by_id()
        return self.module.values({name: nodes[node_id] for name, node_id in self.ids.items()})


def recognized(design: Design, ids: Collection[str]) -> FoundModule | None:
    """The module that these nodes make: the same kinds, kernels and wires, in the same order; None where they do not.

    The channels may be others, and so may norms and activations.
    """
    chosen = set(ids)
    nodes = [node for node in design.nodes if node.id in chosen]
    for module in modules():
        if len(module.nodes) == len(nodes):
            names = {node.id: own.id for node, own in zip(nodes, module.nodes, strict=True)}
            if all(_is_alike(node, own, names) for node, own in zip(nodes, module.nodes, strict=True)):
                return FoundModule(module, {own: node_id for node_id, own in names.items()})
    return None


def fill(design: Design, found: FoundModule, values: Mapping[str, int]) -> Design:
    """The design with other numbers in a module.

    Raises:
        EditError: A number is not one that its field takes.
    """
    for field in found.module.fields:
        for target in field.targets if field.name in values else ():
            design = edits.set_fields(design, found.ids[target.node], {target.field: values[field.name]})
    return design


def fitted(nodes: tuple[Node, ...], channels: int) -> tuple[Node, ...]:
    """A module's nodes with the numbers that must equal the channels in front of it; other nodes as they are."""
    found = recognized(Design(nodes=nodes), [node.id for node in nodes])
    if found is None:
        return nodes
    values = {field.name: channels for field in found.module.fields if field.follows_input}
    return fill(Design(nodes=nodes), found, values).nodes


def _is_alike(node: Node, own: Node, names: Mapping[str, str]) -> bool:
    inner = tuple(names[source] for source in node.inputs if source in names)
    return node.layer.kind == own.layer.kind and inner == own.inputs and _form(node) == _form(own)


def _form(node: Node) -> tuple[object, ...]:
    """What tells layers of a kind apart within a module: their types in words, and whether they work in groups."""
    return node.layer.type_name, node.layer.is_grouped

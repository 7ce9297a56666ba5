"""A design as a value: all that is saved, and nothing else."""

import keyword
import re
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from onebyone.layers import AnyLayer

#: The newest format version; a design is written in the oldest that can hold it.
FORMAT_VERSION = 3
MAX_NODES = 20_000
MAX_GROUPS = 20_000
ID_PATTERN = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}\Z")

#: How far from the origin a node may lie, in units of the scene.
MAX_COORDINATE = 1e6
Coordinate = Annotated[float, Meta(ge=-MAX_COORDINATE, le=MAX_COORDINATE)]
Position = tuple[Coordinate, Coordinate]
Direction = Literal["down", "right"]
#: The colours of a group by name; the empty one is the usual colour.
Colour = Literal["", "slate", "amber", "blue", "green", "violet", "grey", "teal"]
COLOURS: tuple[Colour, ...] = ("slate", "amber", "blue", "green", "violet", "grey", "teal")


class Node(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A layer in its place: which nodes feed it, in order, and where it is drawn (scene units, its top left).

    A bypassed node is drawn, but its input passes through it as if it were a wire.
    """

    id: str
    layer: AnyLayer
    title: str = ""
    inputs: tuple[str, ...] = ()
    position: Position | None = None
    bypassed: bool = False

    @property
    def name(self) -> str:
        """What it is called on screen: the title, or the id where there is none."""
        return self.title or self.id

    @property
    def passes_through(self) -> bool:
        """Whether it is bypassed and its kind can be, so that its input stands for its result."""
        return self.bypassed and self.layer.can_be_bypassed


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Nodes and groups that are drawn together; it changes the drawing, never the arithmetic."""

    id: str
    title: str = ""
    nodes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    collapsed: bool = False
    colour: Colour = ""


class Design(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A graph of layers; `direction` says where results flow when it is drawn."""

    name: str = ""
    notes: str = ""
    nodes: tuple[Node, ...] = ()
    groups: tuple[Group, ...] = ()
    direction: Direction = "down"

    def node(self, node_id: str) -> Node:
        """The node with this id.

        Raises:
            KeyError: There is none.
        """
        for node in self.nodes:
            if node.id == node_id:
                return node
        raise KeyError(node_id)

    def nodes_by_id(self) -> dict[str, Node]:
        """All nodes, by id, in the order of the file."""
        return {node.id: node for node in self.nodes}


def is_valid_id(text: str) -> bool:
    """Whether a text can be an id: a letter, then letters, digits and underscores, 64 at most, no Python keyword."""
    return ID_PATTERN.match(text) is not None and not keyword.iskeyword(text)

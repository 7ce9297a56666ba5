"""What is dragged from the palette and what is copied: JSON from outside, checked before it becomes nodes."""

from typing import Annotated

import msgspec
from msgspec import Meta

from onebyone.design import FORMAT_VERSION, Design, Group, Node, is_valid_id
from onebyone.errors import DesignFileError, EditError
from onebyone.files.storage import dumps, loads
from onebyone.layers import AnyLayer
from onebyone.layers.fields import checked_layer
from onebyone.text import clean_line

_MOST_BYTES = 4 * 2**20
_LIST_START = f'{{"onebyone": {FORMAT_VERSION}, "nodes": '


class Payload(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One dragged layer, or the nodes of a module; `base` is what new ids are made of, `title` what it is called."""

    layer: AnyLayer | None = None
    nodes: Annotated[tuple[Node, ...], Meta(max_length=10_000)] = ()
    base: str = ""
    title: str = ""


_DECODER = msgspec.json.Decoder(Payload)


def read_payload(data: bytes) -> Payload:
    """The layer or nodes that were dragged.

    Raises:
        EditError: The bytes come from elsewhere and hold neither.
    """
    try:
        if len(data) > _MOST_BYTES:
            raise EditError("What was dragged is too large to be a layer.")
        payload = _DECODER.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise EditError("What was dragged is not a layer, so it cannot be dropped here.") from error
    if (payload.layer is None) == (not payload.nodes):
        raise EditError("What was dragged holds no layer, so it cannot be dropped here.")
    if payload.layer is not None:
        checked_layer(payload.layer)
    else:
        read_nodes(write_nodes(payload.nodes))
    base = payload.base if is_valid_id(payload.base) else ""
    return msgspec.structs.replace(payload, base=base, title=clean_line(payload.title, 60))


def write_nodes(nodes: tuple[Node, ...], groups: tuple[Group, ...] = ()) -> str:
    """Nodes, and the groups that hold them, as text: a small design file."""
    return dumps(Design(nodes=nodes, groups=groups)).decode()


def read_nodes(text: str) -> Design:
    """The nodes in a text that was copied, and their groups: of a design file, or a list of nodes.

    Raises:
        EditError: It holds none; the text says what is wrong.
    """
    stripped = text.strip()
    if not stripped:
        raise EditError("There is no text to paste; copy nodes first.")
    if stripped.startswith("["):
        stripped = f"{_LIST_START}{stripped}}}"
    try:
        design = loads(stripped.encode("utf-8", "replace"))
    except DesignFileError as error:
        raise EditError(f"The copied text holds no nodes. {error}") from error
    if not design.nodes:
        raise EditError("The copied text is a design without nodes.")
    return design

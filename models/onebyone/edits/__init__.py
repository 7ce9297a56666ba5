"""Edits: pure functions from one design to the next.

Each returns a new design or raises `EditError` with a sentence that says why not; nothing is changed in place, and
nodes that an edit does not touch are the same objects afterwards.
"""

from onebyone.edits.bypass import effective
from onebyone.edits.checks import known_ids, node_of, unused_id
from onebyone.edits.copies import duplicate, paste
from onebyone.edits.nodes import (
    add,
    move,
    remove,
    rename,
    retitle,
    set_bypassed,
    set_direction,
    set_fields,
    set_name,
    set_notes,
)
from onebyone.edits.wires import (
    ancestors,
    connect,
    disconnect,
    insert_on_wire,
    reconnect,
    refuse_impossible_wire,
    rewire,
)

__all__ = [
    "add", "ancestors", "connect", "disconnect", "duplicate", "effective", "insert_on_wire", "known_ids", "move",
    "node_of", "paste", "reconnect", "refuse_impossible_wire", "remove", "rename", "retitle", "rewire",
    "set_bypassed", "set_direction", "set_fields", "set_name", "set_notes", "unused_id",
]  # fmt: skip

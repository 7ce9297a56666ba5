"""Nodes that are bypassed: the wires pass them as if they were not there."""

from onebyone.layers import AnyLayer


def can_bypass(layer: AnyLayer) -> bool:
    """Whether a node with this layer can be bypassed: it has exactly one input and a result of the same rank."""
    return layer.maximum_inputs == 1 and not layer.is_entry and not layer.is_exit and layer.kind != "flatten"

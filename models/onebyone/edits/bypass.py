"""Bypassed nodes: drawn and saved, but their input passes through them as if they were a wire."""

from onebyone.design import Design
from onebyone.edits.rewiring import dissolve


def effective(design: Design) -> Design:
    """The design as it is built and run: without its bypassed nodes, wires passing through where they were.

    It is the design itself where nothing is bypassed. Nodes of a kind that cannot be bypassed stay as they are, and
    so do those behind which nothing changes. A bypassed node without an input leaves those behind it unwired.
    """
    gone = [node.id for node in design.nodes if node.passes_through]
    return dissolve(design, gone) if gone else design

"""Which nodes can take the wire that is being pulled, and why the others cannot."""

from collections.abc import Iterator

import msgspec

from onebyone import edits
from onebyone.analysis import Analysis
from onebyone.design import Node
from onebyone.edits.wires import WireKey
from onebyone.errors import EditError
from onebyone.layers import AnyLayer
from onebyone.layers.finding import Finding
from onebyone.shape import Shape
from onebyone.text import visible


class Verdict(msgspec.Struct, frozen=True):
    """What comes of a wire to a node: `refusal` says why it cannot be, `objection` what would be wrong with it.

    `replaced` is the source of the wire that has to make way.
    """

    refusal: str = ""
    objection: str = ""
    replaced: str = ""


class WireRules:
    """Judges the targets of wires from one source; what holds for all of them is found once."""

    def __init__(self, analysis: Analysis, source: str, pulled_off: WireKey | None = None) -> None:
        self._analysis = analysis
        self._nodes = analysis.design.nodes_by_id()
        self._source = source
        self._pulled_off = pulled_off
        self._before = edits.ancestors(self._nodes, source) | {source}
        self._known: dict[tuple[AnyLayer, tuple[Shape, ...]], Finding | None] = {}

    def unfit(self) -> Iterator[str]:
        """The ids of the nodes that the wire should not end at."""
        for name, node in self._nodes.items():
            if name in self._before or self._is_full(node) or self._finding(node) is not None:
                yield name

    def verdict(self, name: str) -> Verdict:
        """What comes of a wire to a node, in words."""
        node = self._nodes[name]
        try:
            edits.refuse_impossible_wire(self._nodes, self._source, name)
        except EditError as error:
            return Verdict(refusal=str(error))
        most = node.layer.maximum_inputs
        shown = visible(node.name)
        if self._is_full(node):
            return Verdict(refusal=f"'{shown}' takes {most} inputs, and all are wired; disconnect one first.")
        finding = self._finding(node)
        words = "" if finding is None else f"{node.layer.label} '{shown}': {finding.message}"
        if finding is not None and finding.code == "rank-mismatch":
            return Verdict(refusal=words)
        wired = self._wired(node)
        replaced = wired[0] if most == 1 and wired else ""
        return Verdict(objection=words, replaced=replaced if replaced != self._source else "")

    def _wired(self, node: Node) -> tuple[str, ...]:
        """The inputs of a node, without the wire that is being pulled off."""
        if self._pulled_off is None or self._pulled_off[0] != node.id:
            return node.inputs
        index = self._pulled_off[1]
        return node.inputs[:index] + node.inputs[index + 1 :]

    def _is_full(self, node: Node) -> bool:
        most = node.layer.maximum_inputs
        if most == 0 or self._nodes[self._source].layer.is_exit:
            return True
        return most is not None and most > 1 and len(self._wired(node)) >= most

    def _finding(self, node: Node) -> Finding | None:
        """What would be wrong with the shapes, as far as they are known."""
        names = () if node.layer.maximum_inputs == 1 else self._wired(node)
        found = [self._analysis.nodes[name].shape for name in (*names, self._source) if name in self._nodes]
        shapes = tuple(shape for shape in found if shape is not None)
        if len(shapes) < max(len(found), node.layer.minimum_inputs):
            return None
        key = node.layer, shapes
        if key not in self._known:
            self._known[key] = next(node.layer.problems(*shapes), None)
        return self._known[key]

"""Which nodes of several designs stand for each other: by id, else by their place."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from onebyone.analysis import Analysis
from onebyone.design import Node

# Places are compared pair by pair; larger designs are matched by id alone.
_MOST_PLACES = 3_000


def match(first: Sequence[Node], second: Sequence[Node]) -> dict[str, str]:
    """Leads from ids of the second to ids of the first, both in the order of the forward pass.

    Nodes of the same id and kind match. Of the others those match that have the same kind and window and stand at the
    same place between what has matched.
    """
    known = {node.id: node for node in first}
    pairs = {node.id: node.id for node in second if node.id in known and known[node.id].layer.kind == node.layer.kind}
    if len(first) + len(second) <= _MOST_PLACES:
        pairs |= _by_place(first, second, pairs)
    return pairs


def _by_place(first: Sequence[Node], second: Sequence[Node], pairs: dict[str, str]) -> dict[str, str]:
    taken = set(pairs.values())
    # Those that match already are marks that nothing is moved across.
    ours = [(node.id, node.id if node.id in taken else _look(node)) for node in first]
    theirs = [(node.id, pairs[node.id] if node.id in pairs else _look(node)) for node in second]
    blocks = SequenceMatcher(None, [key for _, key in ours], [key for _, key in theirs], autojunk=False)
    return {
        theirs[block.b + step][0]: ours[block.a + step][0]
        for block in blocks.get_matching_blocks()
        for step in range(block.size)
    }


def _look(node: Node) -> str:
    """The kind, its type in words and the stride of a layer as one text, which no id is."""
    layer = node.layer
    return f" {layer.kind} {layer.type_name} {layer.window.stride if layer.window else ''}"


class Rows:
    """The nodes of several designs in rows of those that match; a place is None where a design has none."""

    def __init__(self, analyses: Sequence[Analysis]) -> None:
        self.rows: list[list[str | None]] = []
        for place, analysis in enumerate(analyses):
            self._add(place, analysis, analyses)
        for row in self.rows:
            row.extend([None] * (len(analyses) - len(row)))

    def _add(self, place: int, analysis: Analysis, analyses: Sequence[Analysis]) -> None:
        nodes = _ordered(analysis)
        found: dict[str, int] = {}
        taken: set[int] = set()
        for before in range(place):
            if len(found) == len(nodes):
                break
            where = {row[before]: number for number, row in enumerate(self.rows) if len(row) > before}
            waiting = [node for node in nodes if node.id not in found] if before else nodes
            for node_id, known in match(_ordered(analyses[before]), waiting).items():
                number = where.get(known)
                if number is not None and number not in taken and node_id not in found:
                    found[node_id] = number
                    taken.add(number)
        self._place(place, [node.id for node in nodes], found)

    def _place(self, place: int, ids: list[str], found: dict[str, int]) -> None:
        """Writes a design's nodes into their rows; those without one get a row behind that of the node before."""
        rows = dict(enumerate(self.rows))
        behind: dict[int, list[list[str | None]]] = {}
        last = -1
        for node_id in ids:
            if node_id in found:
                last = found[node_id]
                rows[last].extend([None] * (place - len(rows[last])))
                rows[last].append(node_id)
            else:
                behind.setdefault(last, []).append([*[None] * place, node_id])
        self.rows = list(behind.get(-1, []))
        for number, row in rows.items():
            self.rows += [row, *behind.get(number, [])]


def _ordered(analysis: Analysis) -> list[Node]:
    """The nodes in the order of the forward pass; those that have none, as on a cycle, behind them."""
    nodes = analysis.design_nodes
    return [nodes[name] for name in dict.fromkeys((*analysis.order, *nodes))]

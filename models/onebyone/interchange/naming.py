"""Ids, groups and wires for the nodes of a network that was read: from its modules, and from its source."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

import msgspec

from onebyone.analysis import Analysis
from onebyone.design import Design, Group, Node, is_valid_id
from onebyone.interchange.drafts import Draft
from onebyone.interchange.graph import Graph
from onebyone.text import TITLE_LENGTH

_LONGEST = 54
#: Variables that say nothing of what they hold.
_PLAIN_VARIABLES = frozenset({"x", "y", "out", "output", "outputs", "result", "input", "inputs", "res", "features"})
_WORDS = {"cat": "concat", "mul": "multiply", "mean": "pool", "constant_pad_nd": "pad"}


class Named(msgspec.Struct, frozen=True):
    """The design, and the nodes that it was made of in its order."""

    design: Design
    drafts: tuple[Draft, ...]

    def constants(self, analysis: Analysis) -> dict[str, dict[str, str]] | None:
        """The network's names of its tensors: by the ids of nodes, by their names in the state_dict of the node.

        None where one is not a tensor of the network, but computed from such.
        """
        found: dict[str, dict[str, str]] = {}
        for node, draft in zip(self.design.nodes, self.drafts, strict=True):
            for key in node.layer.tensors(*analysis.nodes[node.id].inputs):
                place, _, name = key.rpartition(".")
                if name == "num_batches_tracked":
                    continue
                constant = (draft.norm_constants if place == "1" else draft.constants).get(name)
                if constant is None:
                    return None
                found.setdefault(node.id, {})[key] = constant
        return found


def named(drafts: list[Draft], graph: Graph) -> Named:
    """The design of nodes in the order they run."""
    counts = Counter(path for draft in drafts for path in _around(draft.module))
    ids = _Ids()
    names = {draft: ids.unique(_wish(draft, counts)) for draft in drafts}
    nodes = tuple(
        Node(names[draft], draft.layer, inputs=tuple(names[source] for source in draft.inputs)) for draft in drafts
    )
    groups = _groups(drafts, names, counts, graph, ids)
    return Named(Design(name=graph.name[:TITLE_LENGTH], nodes=nodes, groups=groups), tuple(drafts))


def _around(path: str) -> list[str]:
    """A module and all that hold it, the outermost first."""
    parts = path.split(".") if path else []
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _wish(draft: Draft, counts: Counter[str]) -> str:
    """The largest module that holds only this node, or where it stands with what it is."""
    alone = [path for path in _around(draft.module) if counts[path] == 1]
    if alone:
        return alone[0]
    is_telling = draft.layer.is_entry or draft.variable not in _PLAIN_VARIABLES
    said = draft.variable if is_telling else ""
    own = said or draft.layer.id_base or _WORDS.get(draft.base, draft.base)
    return f"{draft.module}.{own}" if draft.module else own


class _Ids:
    """Gives every node and group an id of its own, as near to a wish as may be."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._times: Counter[str] = Counter()

    def unique(self, wish: str) -> str:
        """An id that was not given before."""
        base = re.sub(r"\W+", "_", wish, flags=re.ASCII).strip("_")
        if len(base) > _LONGEST:
            base = base[-_LONGEST:].lstrip("_")
        if not base or not base[0].isalpha():
            base = f"layer{base}"
        name = base
        while name in self._taken or not is_valid_id(name):
            self._times[base] += 1
            name = f"{base}_{self._times[base] + 1}"
        self._taken.add(name)
        return name


def _groups(
    drafts: list[Draft], names: dict[Draft, str], counts: Counter[str], graph: Graph, ids: "_Ids"
) -> tuple[Group, ...]:
    """A group for each module that holds two nodes or more; one that only holds another such is left out."""
    inner: dict[str, list[str]] = defaultdict(list)
    paths = list(dict.fromkeys(path for draft in drafts for path in _around(draft.module) if counts[path] > 1))
    kept = [path for path in paths if not any(counts[above] == counts[path] for above in _around(path)[:-1])]
    titled = {path: ids.unique(path) for path in kept}
    for path in kept:
        parent = _nearest(_around(path)[:-1], titled)
        if parent:
            inner[parent].append(titled[path])
    members: dict[str, list[str]] = defaultdict(list)
    for draft in drafts:
        parent = _nearest(_around(draft.module), titled)
        if parent:
            members[parent].append(names[draft])
    return tuple(Group(titled[path], _title(path, graph), tuple(members[path]), tuple(inner[path])) for path in kept)


def _nearest(paths: Iterable[str], ids: dict[str, str]) -> str:
    return next((path for path in reversed(list(paths)) if path in ids), "")


def _title(path: str, graph: Graph) -> str:
    kind = graph.modules.get(path, "")
    return f"{path} · {kind}"[:TITLE_LENGTH] if kind else path[:TITLE_LENGTH]

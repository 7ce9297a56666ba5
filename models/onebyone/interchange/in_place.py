"""Takes writing into tensors out of a graph: what reads a tensor later reads what was written."""

from collections import defaultdict
from collections.abc import Mapping

import msgspec

from onebyone.errors import ModelFileError
from onebyone.interchange.graph import Graph, Step
from onebyone.layers.operators import Argument, Item, Operator, TensorName

#: Operators whose results may be their input seen in another way, so that writing into one writes into the other.
_VIEWS = frozenset({
    "view", "reshape", "_unsafe_view", "flatten", "unflatten", "permute", "transpose", "t", "unsqueeze", "squeeze",
    "expand", "expand_as", "slice", "select", "narrow", "chunk", "split", "split_with_sizes", "unbind", "detach",
    "alias", "contiguous", "to",
})  # fmt: skip


def functional(graph: Graph) -> Graph:
    """The graph without operators that write into their input.

    Raises:
        ModelFileError: What is written is read through another view of the tensor, which no wire shows.
    """
    if not any(_writes(step.operator) for step in graph.steps):
        return graph
    current: dict[str, str] = {}
    views = _Views()
    steps = []
    for place, step in enumerate(graph.steps):
        operator = step.operator
        arguments = {key: _renamed(argument, current) for key, argument in operator.arguments.items()}
        target = operator.target
        read = Operator(target, arguments, operator.results)
        views.check(read.tensors())
        if _writes(operator):
            written = read.tensors()[0]
            target = target.replace(f".{operator.base}.", f".{operator.base.removesuffix('_')}.", 1)
            current[written] = operator.results[0]
            views.write(written, operator.results[0], step)
        elif operator.base in _VIEWS:
            views.add(read.tensors()[:1], operator.results, place)
        steps.append(msgspec.structs.replace(step, operator=Operator(target, arguments, operator.results)))
    outputs = tuple(_latest(name, current) for name in graph.outputs)
    views.check(outputs)
    return msgspec.structs.replace(graph, steps=tuple(steps), outputs=outputs)


def _writes(operator: Operator) -> bool:
    return operator.base.endswith("_") and bool(operator.results) and bool(operator.tensors())


class _Views:
    """Which tensors share their values, and which of them have been written into through another."""

    def __init__(self) -> None:
        self._sources: dict[str, str] = {}
        self._made_at: dict[str, int] = {}
        self._sharing: dict[str, list[str]] = defaultdict(list)
        self._stale: dict[str, Step] = {}

    def add(self, sources: tuple[str, ...], results: tuple[str, ...], place: int) -> None:
        """Results that are a view of a tensor, made by the step at this place."""
        for source in sources:
            for result in results:
                self._sources[result] = source
                self._made_at[result] = place
                self._sharing[self._chain(source)[-1]].append(result)

    def write(self, name: str, result: str, step: Step) -> None:
        """A tensor is written into and called by another name from then on."""
        chain = self._chain(name)
        for other in (chain[-1], *self._sharing[chain[-1]]):
            if other != name and not self._are_apart(chain, self._chain(other)):
                self._stale[other] = step
        if len(chain) > 1 or self._sharing[chain[-1]]:
            self._sources[result] = name
            self._made_at[result] = self._made_at.get(name, -1)
            self._sharing[chain[-1]].append(result)

    def check(self, names: tuple[str, ...]) -> None:
        """Raises where one of these tensors was written into through another."""
        for name in names:
            if name in self._stale:
                step = self._stale[name]
                where = f" in {step.module}" if step.module else ""
                raise ModelFileError(
                    f"It changes a part of a tensor in place ({step.operator.base}{where}) and reads the whole of it"
                    " later, which a design cannot show; write it without the change in place."
                )

    def _chain(self, name: str) -> list[str]:
        """A tensor, what it is a view of, and so on to the first."""
        found = [name]
        while found[-1] in self._sources:
            found.append(self._sources[found[-1]])
        return found

    def _are_apart(self, first: list[str], second: list[str]) -> bool:
        """Whether two views are, or come from, different parts that one operator cut a tensor into."""
        shared = set(first) & set(second)
        ends = [next((name for name in reversed(chain) if name not in shared), "") for chain in (first, second)]
        is_cut = all(ends) and self._made_at[ends[0]] == self._made_at[ends[1]]
        return is_cut and ends[0] != ends[1]


def _latest(name: str, current: Mapping[str, str]) -> str:
    while name in current:
        name = current[name]
    return name


def _renamed(argument: Argument, current: Mapping[str, str]) -> Argument:
    if isinstance(argument, tuple):
        return tuple(_item_renamed(item, current) for item in argument)
    return _item_renamed(argument, current)


def _item_renamed(item: Item, current: Mapping[str, str]) -> Item:
    return TensorName(_latest(item.name, current)) if isinstance(item, TensorName) else item

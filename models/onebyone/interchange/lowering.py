"""From a neutral graph to a design."""

from collections import Counter
from collections.abc import Callable, Mapping
from math import prod

import msgspec

from onebyone.analysis import analyze
from onebyone.design import MAX_NODES, Design
from onebyone.errors import EditError, ModelFileError
from onebyone.formats import listed
from onebyone.interchange.drafts import Call, Draft, Fixed, MapsWantedError, NoLayerError, Value, Wire
from onebyone.interchange.graph import Constant, Graph, Step
from onebyone.interchange.in_place import functional
from onebyone.interchange.layout import is_flat, map_layout
from onebyone.interchange.naming import Named, named
from onebyone.interchange.pruning import pruned
from onebyone.interchange.report import Report
from onebyone.interchange.value_operators import VALUE_OPERATORS
from onebyone.interchange.window_operators import WINDOW_OPERATORS
from onebyone.layers import Flatten, Input, Output
from onebyone.layers.fields import checked_layer
from onebyone.layers.operators import Operator
from onebyone.shape import MAX_CHANNELS, MAX_SIZE

_LOWERED: Mapping[str, Callable[[Call], Value | list[Value]]] = {**WINDOW_OPERATORS, **VALUE_OPERATORS}
#: More vectors than this are not turned into maps one after the other.
_MOST_RETRIES = 300
_MOST_NAMED = 6
#: Operators that give the same values in the same order.
_SAME_ORDER = frozenset(
    {"view", "reshape", "unsqueeze", "squeeze", "flatten", "alias", "detach", "clone", "contiguous", "lift_fresh_copy"}
)


Constants = dict[str, dict[str, str]]


class Lowered(msgspec.Struct, frozen=True):
    """A foreign network as a design, and what is to be said of it.

    `constants` are the names that the network has for its tensors, by the ids of nodes and the names in the state_dict
    of a node's module; None where a tensor of the design is computed from others.
    """

    design: Design
    report: Report
    constants: Constants | None


def lower(graph: Graph) -> Lowered:
    """The design of a network.

    Raises:
        ModelFileError: The network does what no layer does; the text names the operators and where they stand.
    """
    graph = functional(pruned(graph))
    kept: frozenset[str] = frozenset()
    for _ in range(_MOST_RETRIES):
        try:
            drafts = _Lowering(graph, kept).run()
        except MapsWantedError as wanted:
            kept |= wanted.entries
            continue
        return _lowered(graph, named(drafts, graph))
    raise ModelFileError("It goes back and forth between vectors and maps too often to be drawn.")


def _lowered(graph: Graph, named_drafts: Named) -> Lowered:
    design = named_drafts.design
    if len(design.nodes) > MAX_NODES:
        raise ModelFileError(f"It has {len(design.nodes):,} nodes, and a design has at most {MAX_NODES:,}.")
    for node in design.nodes:
        try:
            checked_layer(node.layer)
        except EditError as error:
            raise ModelFileError(f"Its part {node.id} has a number that no design holds: {error}") from error
    analysis = analyze(design)
    for problem in analysis.problems:
        if problem.severity == "error":
            raise ModelFileError(f"It cannot be drawn as it is. {problem.message}")
    constants = named_drafts.constants(analysis)
    read = {constant.name: constant for constant in graph.constants.values() if constant.role == "parameter"}
    held = sum(prod(constant.type.shape) for constant in read.values())
    opaque = tuple(node.id for node in design.nodes if node.layer.is_imported)
    report = Report(
        native=not opaque,
        opaque=opaque,
        nodes=len(design.nodes),
        groups=len(design.groups),
        kinds=dict(Counter(node.layer.kind for node in design.nodes)),
        parameters=analysis.totals.parameters or 0,
        parameters_not_in_graph=max(0, graph.parameters - held),
        macs=analysis.totals.macs or 0,
        assumed=graph.assumed,
        origin=graph.origin,
    )
    return Lowered(design, report, constants)


class _Lowering:
    """One walk over the steps."""

    def __init__(self, graph: Graph, kept_maps: frozenset[str]) -> None:
        self._graph = graph
        self._kept_maps = kept_maps
        self._drafts: list[Draft] = []
        self._values: dict[str, Value] = {
            name: Fixed(constant.type, constant) for name, constant in graph.constants.items()
        }
        self._uses = Counter(name for step in graph.steps for name in step.operator.tensors())
        self._uses.update(graph.outputs)
        self._refused: dict[str, str] = {}

    def run(self) -> list[Draft]:
        """The nodes in the order they run."""
        for name in self._graph.inputs:
            self._values[name] = self._entered(name)
        for step in self._graph.steps:
            self._take(step)
        if self._refused:
            raise ModelFileError(_refusal(self._refused))
        outputs = [self._left(name) for name in self._graph.outputs]
        reached = _reached(outputs)
        return [*(draft for draft in self._drafts if draft in reached or draft.layer.is_entry), *outputs]

    def _entered(self, name: str) -> Wire:
        kind = self._graph.tensors[name]
        shape = kind.shape[1:]
        if len(kind.shape) != 4 or not kind.dtype.startswith("float"):
            raise ModelFileError(
                f"Its input {name!r} is of size {'×'.join(map(str, kind.shape))} ({kind.dtype}); a design takes"
                " feature maps: batch, channels, height and width, as numbers with a fraction."
            )
        if not (0 < shape[0] <= MAX_CHANNELS and 0 < shape[1] <= MAX_SIZE and 0 < shape[2] <= MAX_SIZE):
            raise ModelFileError(f"Its input {name!r} is larger than a design can take: {shape}.")
        draft = Draft(Input(*shape), (), shape, "", name, "input")
        self._drafts.append(draft)
        return Wire(draft, map_layout(self._graph.batch, shape))

    def _take(self, step: Step) -> None:
        operator = step.operator
        results = [name for name in operator.results if name]
        tensors = operator.tensors()
        if all(isinstance(self._values.get(name), Fixed) for name in tensors):
            for name in results:
                self._values[name] = Fixed(self._graph.tensors[name], self._same_constant(operator))
            return
        if any(name not in self._values for name in tensors):
            # It reads what an operator without a layer would have given, which is named already, or one of several
            # results of which a layer gives the first.
            if not self._refused:
                self._refuse(step)
            return
        lowered = _LOWERED.get(operator.base)
        call = Call(step, self._values, self._graph, self._uses, self._kept_maps)
        try:
            if lowered is None:
                raise call.refused()
            value = lowered(call)
        except NoLayerError:
            self._refuse(step)
            return
        values = dict(zip(operator.results, value if isinstance(value, list) else [value], strict=False))
        values.pop("", None)
        if not all(self._is_right(name, each) for name, each in values.items()):
            self._refuse(step)
            return
        self._values |= values
        self._drafts += call.made

    def _is_right(self, name: str, value: Value) -> bool:
        """Whether a value has the shape that the network says, and the number type of the network."""
        said = self._graph.tensors[name]
        entering = self._graph.tensors[self._graph.inputs[0]]
        return said.dtype == entering.dtype and (not isinstance(value, Wire) or value.shape == said.shape)

    def _refuse(self, step: Step) -> None:
        self._refused.setdefault(step.operator.target, step.module)

    def _same_constant(self, operator: Operator) -> Constant | None:
        """The constant whose values an operator gives as they are, in other dimensions."""
        tensors = operator.tensors()
        source = self._values[tensors[0]] if len(tensors) == 1 and operator.base in _SAME_ORDER else None
        return source.constant if isinstance(source, Fixed) else None

    def _left(self, name: str) -> Draft:
        value = self._values.get(name)
        if isinstance(value, Wire) and not value.is_whole and is_flat(value.layout, value.draft.shape):
            flat = Draft(Flatten(), (value.draft,), (prod(value.draft.shape),), "", "", "flatten")
            self._drafts.append(flat)
            return _output(flat)
        if not isinstance(value, Wire) or not value.is_whole:
            raise ModelFileError(f"Its output {name!r} is neither a feature map nor a vector, which a design gives.")
        return _output(value.draft)


def _output(source: Draft) -> Draft:
    return Draft(Output(), (source,), source.shape, "", "", "output")


def _reached(outputs: list[Draft]) -> set[Draft]:
    found: set[Draft] = set()
    waiting = list(outputs)
    while waiting:
        draft = waiting.pop()
        if draft not in found:
            found.add(draft)
            waiting.extend(draft.inputs)
    return found


def _refusal(refused: dict[str, str]) -> str:
    """Which operators have no layer, and where the first of each stands."""
    words = []
    for target, where in list(refused.items())[:_MOST_NAMED]:
        name = target.removeprefix("aten.").removesuffix(".default")
        words.append(f"{name} (in {where})" if where else name)
    more = len(refused) - len(words)
    parts = [*words, f"{more} more"] if more > 0 else words
    return (
        f"It runs operators that no layer of a design computes, or not in this way: {listed(parts)}. Import a part of"
        " it that does without them."
    )

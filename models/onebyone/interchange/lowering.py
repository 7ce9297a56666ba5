"""From a neutral graph to a design."""

from collections import Counter
from collections.abc import Callable, Mapping

import msgspec

from onebyone.analysis import analyze
from onebyone.design import MAX_NODES, Design
from onebyone.errors import ModelFileError
from onebyone.formats import listed
from onebyone.interchange.drafts import Call, Draft, Fixed, MapsWantedError, UnknownOperatorError, Value, Wire
from onebyone.interchange.graph import Constant, Graph, Step
from onebyone.interchange.layout import map_layout
from onebyone.interchange.naming import Named, named
from onebyone.interchange.pruning import pruned
from onebyone.interchange.report import Report
from onebyone.interchange.value_operators import VALUE_OPERATORS
from onebyone.interchange.window_operators import WINDOW_OPERATORS
from onebyone.layers import Input, Output
from onebyone.layers.operators import Argument, Operator, TensorName
from onebyone.shape import MAX_CHANNELS, MAX_SIZE

_LOWERED: Mapping[str, Callable[[Call], Value | list[Value]]] = {**WINDOW_OPERATORS, **VALUE_OPERATORS}
#: More vectors than this are not turned into maps one after the other.
_MOST_RETRIES = 300
_MOST_NAMED = 6
#: Operators that give the same values in the same order.
_SAME_ORDER = frozenset(
    {"view", "reshape", "unsqueeze", "squeeze", "flatten", "alias", "detach", "clone", "contiguous"}
)


class Lowered(msgspec.Struct, frozen=True):
    """A foreign network as a design, and what is to be said of it.

    `constants` are the names that the network has for its tensors, by their keys in the state_dict of the design's
    module; None where a tensor of the design is computed from others.
    """

    design: Design
    report: Report
    constants: dict[str, str] | None


def lower(graph: Graph) -> Lowered:
    """The design of a network.

    Raises:
        ModelFileError: The network does what no layer does; the text names the operators and where they stand.
    """
    graph = _functional(pruned(graph))
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
    analysis = analyze(design)
    for problem in analysis.problems:
        if problem.severity == "error":
            raise ModelFileError(f"It cannot be drawn as it is. {problem.message}")
    constants = named_drafts.constants(analysis)
    read = {constant.name: constant for constant in graph.constants.values() if constant.role == "parameter"}
    held = sum(_numel(constant.type.shape) for constant in read.values())
    report = Report(
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


def _numel(shape: tuple[int, ...]) -> int:
    total = 1
    for size in shape:
        total *= size
    return total


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
        inputs = [draft for draft in self._drafts if draft.base == "input"]
        drafts = [draft for draft in self._drafts if draft in reached or draft in inputs]
        return [*drafts, *outputs]

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
            # It reads what an operator without a layer would have given; that one is named already.
            return
        lowered = _LOWERED.get(operator.base)
        call = Call(step, self._values, self._graph, self._uses, self._kept_maps)
        try:
            if lowered is None:
                raise call.refused()
            value = lowered(call)
        except UnknownOperatorError as error:
            self._refused.setdefault(operator.target, step.module or str(error))
            return
        values = value if isinstance(value, list) else [value]
        for name, each in zip(operator.results, values, strict=False):
            if name:
                self._values[name] = each
        self._drafts += call.made

    def _same_constant(self, operator: Operator) -> Constant | None:
        """The constant whose values an operator gives as they are, in other dimensions."""
        tensors = operator.tensors()
        source = self._values[tensors[0]] if len(tensors) == 1 and operator.base in _SAME_ORDER else None
        return source.constant if isinstance(source, Fixed) else None

    def _left(self, name: str) -> Draft:
        value = self._values.get(name)
        if not isinstance(value, Wire) or not (value.is_map or len(value.draft.shape) == 1):
            raise ModelFileError(f"Its output {name!r} is neither a feature map nor a vector, which a design gives.")
        return Draft(Output(), (value.draft,), value.draft.shape, "", "", "output")


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
        f"It runs operators, in a way, that no layer of a design computes yet: {listed(parts)}. What comes before"
        " them can be imported by itself: name that part of the module."
    )


def _functional(graph: Graph) -> Graph:
    """The graph without operators that write into their input: what reads it later reads their result."""
    current: dict[str, str] = {}
    steps = []
    for step in graph.steps:
        operator = step.operator
        arguments = {key: _renamed(argument, current) for key, argument in operator.arguments.items()}
        target, base = operator.target, operator.base
        if base.endswith("_") and operator.results and operator.tensors():
            current[operator.tensors()[0]] = operator.results[0]
            target = target.replace(f".{base}", f".{base.removesuffix('_')}", 1)
        steps.append(msgspec.structs.replace(step, operator=Operator(target, arguments, operator.results)))
    outputs = tuple(_latest(name, current) for name in graph.outputs)
    return msgspec.structs.replace(graph, steps=tuple(steps), outputs=outputs)


def _latest(name: str, current: Mapping[str, str]) -> str:
    while name in current:
        name = current[name]
    return name


def _renamed(argument: Argument, current: Mapping[str, str]) -> Argument:
    if isinstance(argument, TensorName):
        return TensorName(_latest(argument.name, current))
    if isinstance(argument, tuple):
        return tuple(
            TensorName(_latest(item.name, current)) if isinstance(item, TensorName) else item for item in argument
        )
    return argument

"""What a network is lowered into before it is a design: nodes without names, and values that lie on their results."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from onebyone.errors import ModelFileError
from onebyone.interchange.graph import Constant, Graph, Step, TensorType
from onebyone.interchange.layout import Layout, is_flat, is_map, map_layout, sizes, vector_layout
from onebyone.layers import AnyLayer
from onebyone.layers.operators import Argument, BatchSize, TensorName
from onebyone.shape import Pair, Shape


class NoLayerError(ModelFileError):
    """An operator has no kind of layer, or is used as none of them is."""


class MapsWantedError(Exception):
    """Vectors are used as maps of one pixel; `entries` are the tensors where such maps became vectors."""

    def __init__(self, entries: frozenset[str]) -> None:
        super().__init__()
        self.entries = entries


class Draft(msgspec.Struct, eq=False):
    """A node to be: its layer, what feeds it, the shape of its result, and the place in the network that it is from.

    `takes_norm`, `takes_activation` and `takes_offset` (one number a channel) say that what follows may become part of
    it. `constants` are the names that the network has for its tensors, by their names in the state_dict of a layer
    without followers; `norm_constants` those of its norm.
    """

    layer: AnyLayer
    inputs: tuple["Draft", ...]
    shape: Shape
    module: str
    variable: str
    base: str
    takes_norm: bool = False
    takes_activation: bool = False
    takes_offset: bool = False
    constants: dict[str, str] = {}
    norm_constants: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"Draft({self.layer!r}, {self.module!r})"


class Wire(msgspec.Struct, frozen=True, eq=False):
    """A tensor that lies on the result of a node. `is_sole` says that nothing else reads the node.

    `entries` names the tensors where a map of one pixel became the vector that it comes from. `spread` is its shape
    where it was expanded: it is read over and over then, by what spreads its inputs itself.
    """

    draft: Draft
    layout: Layout
    is_sole: bool = False
    entries: frozenset[str] = frozenset()
    spread: tuple[int, ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the tensor, with the batch."""
        return self.spread or sizes(self.layout)

    @property
    def is_whole(self) -> bool:
        """Whether it is the result itself, a feature map or a vector."""
        return self.is_map or (len(self.draft.shape) == 1 and is_flat(self.layout, self.draft.shape))

    @property
    def is_map(self) -> bool:
        """Whether it is the result itself, a feature map."""
        return is_map(self.layout, self.draft.shape)


class Fixed(msgspec.Struct, frozen=True):
    """A tensor that the network brings along; one that is computed from others has no constant."""

    type: TensorType
    constant: Constant | None = None

    @property
    def number(self) -> float | None:
        """Its value where it is a single one that is known."""
        values = self.constant.values if self.constant is not None else None
        return float(values[0]) if values is not None and len(values) == 1 else None


Value = Wire | Fixed
#: Operators that read a tensor that was expanded as if it were not: they spread their inputs themselves.
SPREADING = frozenset({"add", "sub", "mul", "expand", "expand_as"})


class Call:
    """An operator with the values of its arguments."""

    def __init__(
        self, step: Step, values: dict[str, Value], graph: Graph, uses: Mapping[str, int], kept_maps: frozenset[str]
    ) -> None:
        self.step = step
        self.base = step.operator.base
        self.results = step.operator.results
        self._arguments = step.operator.arguments
        self._values = values
        self._graph = graph
        self._uses = uses
        self.kept_maps = kept_maps
        #: The nodes that were made for it.
        self.made: list[Draft] = []

    def refused(self) -> NoLayerError:
        """The error that says that no layer does this."""
        return NoLayerError("No layer does this.")

    def plain(self, name: str, default: Any = None) -> Any:
        """An argument that is no tensor; a tuple for a list.

        Raises:
            NoLayerError: It is a tensor.
        """
        value: Any = self._arguments.get(name, default)
        if isinstance(value, tuple):
            return tuple(self._number(each) for each in value)
        return default if value is None else self._number(value)

    def _number(self, value: Any) -> Any:
        if isinstance(value, TensorName):
            raise self.refused()
        if isinstance(value, BatchSize):
            return value.times * self.batch
        return float(value) if isinstance(value, str) and value in {"inf", "-inf", "nan"} else value

    def pair(self, name: str, default: int) -> Pair:
        """One number for both axes, or one for each."""
        value = self.plain(name, default)
        if isinstance(value, int):
            return value, value
        numbers = tuple(value) or (default,)
        if len(numbers) > 2:
            raise self.refused()
        return numbers[0], numbers[-1]

    def value(self, name: str) -> Value | None:
        """A tensor among the arguments; None where there is none."""
        return self._read(self._arguments.get(name))

    def wire(self, name: str) -> Wire:
        """A tensor that a node gives."""
        value = self.value(name)
        if not isinstance(value, Wire):
            raise self.refused()
        return value

    def map(self, name: str) -> Wire:
        """A feature map N, C, H, W that a node gives."""
        wire = self.wire(name)
        if not wire.is_map:
            raise self.refused()
        return wire

    def fixed(self, name: str) -> Fixed | None:
        """A tensor that the network brings along; None where there is none."""
        value = self.value(name)
        if isinstance(value, Wire):
            raise self.refused()
        return value

    def values(self, name: str) -> list[Value]:
        """A list of tensors."""
        items = self._arguments.get(name)
        found = [self._read(item) for item in items] if isinstance(items, tuple) else []
        if any(value is None for value in found):
            raise self.refused()
        return [value for value in found if value is not None]

    def type_of(self, place: int = 0) -> TensorType:
        """The type of a result."""
        return self._graph.tensors[self.results[place]]

    @property
    def batch(self) -> int:
        """The size of the batch."""
        return self._graph.batch

    def _read(self, item: Argument) -> Value | None:
        if not isinstance(item, TensorName):
            return None
        value = self._values.get(item.name)
        if value is None:
            raise self.refused()
        if isinstance(value, Wire) and value.spread and self.base not in SPREADING:
            raise self.refused()
        if isinstance(value, Wire) and value.is_sole and self._uses[item.name] > 1:
            return msgspec.structs.replace(value, is_sole=False)
        return value

    def draft(
        self,
        layer: AnyLayer,
        inputs: Sequence[Wire],
        constants: dict[str, Fixed | None] | None = None,
        takes_norm: bool = False,
        takes_activation: bool = False,
    ) -> Draft:
        """A node for this call.

        Raises:
            NoLayerError: The layer does not take these shapes.
        """
        shapes = tuple(wire.draft.shape for wire in inputs)
        if any(True for _ in layer.problems(*shapes)):
            raise self.refused()
        names = {key: fixed.constant.name for key, fixed in (constants or {}).items() if fixed and fixed.constant}
        made = Draft(
            layer, tuple(wire.draft for wire in inputs), layer.output_shape(*shapes), self.step.module,
            self.step.variable, self.base, takes_norm, takes_activation, constants=names,
        )  # fmt: skip
        self.made.append(made)
        return made

    def whole(self, draft: Draft, entries: frozenset[str] = frozenset()) -> Wire:
        """The result of a node as torch has it: a feature map or a vector."""
        lay_out = map_layout if len(draft.shape) > 1 else vector_layout
        return Wire(draft, lay_out(self.batch, draft.shape), is_sole=True, entries=entries)

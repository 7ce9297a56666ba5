"""What the operators of an ONNX file are converted into while it is read: steps, and what is known of every tensor."""

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from onebyone.errors import ModelFileError
from onebyone.interchange.from_onnx.node import OnnxNode
from onebyone.interchange.from_onnx.sources import NUMBER_TYPES, Computed, Source
from onebyone.interchange.graph import Constant, Role, Step, TensorType
from onebyone.interchange.number_types import FLOATING, MAX_ELEMENTS, MAX_SHOWN_VALUES, finite, shortest
from onebyone.layers.operators import Argument, Operator, TensorName

MAX_STEPS = 20_000
#: Arrays with at most so many numbers are computed while reading.
MAX_FOLDED_VALUES = 65_536
MAX_RANK = 16


class UnknownOperatorError(Exception):
    """An operator, or this use of it, has no counterpart in aten; it becomes a step that only has a name."""


@dataclass(frozen=True, eq=False)
class Value:
    """A tensor of the file: its name in the graph, its type, and its numbers where they are few and known.

    `is_constant` is true of all that does not depend on the network's inputs, `is_weight` of what the file brings along
    as an array of floats: it is not folded, so that it keeps its name.
    """

    key: str
    type: TensorType
    array: Any = None
    source: Source | None = None
    is_constant: bool = False
    is_weight: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        """The size along every axis."""
        return self.type.shape

    @property
    def rank(self) -> int:
        """The number of axes."""
        return len(self.type.shape)

    @property
    def is_floating(self) -> bool:
        """Whether it holds floats."""
        return self.type.dtype in FLOATING

    @property
    def known(self) -> tuple[float | int | bool, ...] | None:
        """Its numbers in row-major order, or None."""
        return None if self.array is None else plain_numbers(self.array)

    @property
    def number(self) -> float | int | bool | None:
        """The number that it is, where it has one element that is known."""
        return None if self.array is None or self.array.size != 1 else plain_numbers(self.array)[0]


class Conversion:
    """Collects the steps of a graph, operator by operator."""

    def __init__(self, opset: int, batch: int, names: Iterable[str], read: Iterable[str]) -> None:
        self.opset = opset
        self.batch = batch
        self.values: dict[str, Value] = {}
        self.steps: list[Step] = []
        self.tensors: dict[str, TensorType] = {}
        self.constants: dict[str, Constant] = {}
        self.sources: dict[str, Source] = {}
        self.node = OnnxNode("", "", (), ())
        self._module, self._variable = "", ""
        self._read = frozenset(read)
        # Names that the file uses somewhere, and those made here; of the node at hand, those made here.
        self._taken = set(names)
        self._fresh: set[str] = set()
        # The tensors that depend on an input of the network.
        self._dependent: set[str] = set()

    def add_input(self, name: str, type: TensorType) -> None:
        """Adds an input of the network."""
        self.values[name] = Value(name, type)
        self.tensors[name] = type
        self._dependent.add(name)

    def begin(self, node: OnnxNode, module: str, variable: str) -> None:
        """Says whose steps the next ones are."""
        self.node, self._module, self._variable = node, module, variable
        self._fresh.clear()

    def input(self, place: int) -> Value:
        """An input of the node.

        Raises:
            ModelFileError: It is not given, or nothing has made it yet.
        """
        found = self.optional(place)
        if found is None:
            raise ModelFileError(f"{self.node.place} lacks its input {place + 1}; the file is damaged.")
        return found

    def optional(self, place: int) -> Value | None:
        """An input that may be left out.

        Raises:
            ModelFileError: It is given, and nothing has made it yet.
        """
        name = self.node.inputs[place] if place < len(self.node.inputs) else ""
        if not name:
            return None
        if name not in self.values:
            raise ModelFileError(f"{self.node.place} reads '{name[:100]}', which nothing before it makes.")
        return self.values[name]

    def reads_more_than_one(self) -> bool:
        """Whether something reads a result of the node beyond the first."""
        return not self._read.isdisjoint(self.node.outputs[1:])

    def integers(self, value: Value) -> tuple[int, ...]:
        """The numbers of an input that must be known, such as a shape.

        Raises:
            UnknownOperatorError: They depend on the network's input.
        """
        if value.known is None:
            raise UnknownOperatorError
        return tuple(int(each) for each in value.known)

    def tensor(self, value: Value) -> TensorName:
        """A value as an argument; a constant comes into the graph here."""
        if value.key not in self.tensors and value.key not in self.constants:
            shown = value.known if value.array is not None and value.array.size <= MAX_SHOWN_VALUES else None
            role: Role = "parameter" if value.is_weight else "constant"
            self.constants[value.key] = Constant(value.key, value.type, role, finite(shown))
            self.sources[value.key] = value.source or Computed(value.array)
        return TensorName(value.key)

    def as_buffer(self, value: Value) -> TensorName:
        """A running statistic as an argument: the file brings it along, and nobody learned it."""
        name = self.tensor(value)
        if value.key in self.constants:
            self.constants[value.key] = msgspec.structs.replace(self.constants[value.key], role="buffer")
        return name

    def operand(self, value: Value) -> TensorName | float | int | bool | str:
        """An operand as the number that it is, or as a tensor."""
        number = value.number
        if number is None or value.rank > 1:
            return self.tensor(value)
        shown: float | int | bool | str = finite((number,))[0]
        return shown

    def known(self, array: Any) -> Value:
        """A value that was computed while reading.

        Raises:
            UnknownOperatorError: It has numbers of a type that no tensor here has.
        """
        names = {"bool", *NUMBER_TYPES.values()}
        if array.dtype.name not in names:
            raise UnknownOperatorError
        return Value(
            self.fresh(), TensorType(tuple(array.shape), array.dtype.name), array, Computed(array), is_constant=True
        )

    def fresh(self) -> str:
        """A name that no tensor has."""
        stem = next((name for name in self.node.outputs if name), self.node.kind)
        name = next(name for count in itertools.count(1) if (name := f"{stem}.{count}") not in self._taken)
        self._taken.add(name)
        self._fresh.add(name)
        return name

    def emit(
        self, target: str, arguments: Mapping[str, Argument], shape: Sequence[int], dtype: str | None = None
    ) -> Value:
        """Adds a step with one result; its number type is that of its first tensor unless said."""
        return self.emit_many(target, arguments, [shape], dtype)[0]

    def emit_many(
        self,
        target: str,
        arguments: Mapping[str, Argument],
        shapes: Iterable[Sequence[int]],
        dtype: str | None = None,
        unread: int = 0,
    ) -> tuple[Value, ...]:
        """Adds a step with several results, and `unread` more that nothing reads.

        Raises:
            ModelFileError: A result has a size that no tensor has, or there are too many steps.
        """
        operator = Operator(target, dict(arguments), ())
        read = operator.tensors()
        kind = dtype or self._type(read[0]).dtype
        constant = self._dependent.isdisjoint(read)
        values = tuple(Value(self.fresh(), TensorType(tuple(shape), kind), is_constant=constant) for shape in shapes)
        for value in values:
            self._check(value.shape)
            self.tensors[value.key] = value.type
            if not constant:
                self._dependent.add(value.key)
        if len(self.steps) >= MAX_STEPS:
            raise ModelFileError(f"It has more than {MAX_STEPS:,} operators, the most that can be opened.")
        results = (*(value.key for value in values), *("" for _ in range(unread)))
        named = msgspec.structs.replace(operator, results=results)
        self.steps.append(Step(named, self._module, self._variable))
        return values

    def forget(self, count: int) -> None:
        """Takes back all steps but the first so many."""
        for step in self.steps[count:]:
            for name in step.operator.results:
                self.tensors.pop(name, None)
        del self.steps[count:]

    def bind(self, count: int, values: tuple[Value, ...]) -> None:
        """Gives the results of the node's steps, all but the first so many, the names that the file has for them."""
        for name, value in zip(self.node.outputs, values, strict=False):
            if not name:
                continue
            if name in self.values:
                raise ModelFileError(f"{self.node.place} makes '{name[:100]}' a second time; the file is damaged.")
            free = value.key in self._fresh and value.key not in self.constants
            self.values[name] = self._renamed(count, value, name) if free else value

    def _renamed(self, count: int, value: Value, name: str) -> Value:
        """The same value by the name that the file has for it, in the steps after the first so many too."""
        self._fresh.remove(value.key)
        if value.key in self.tensors:
            self.steps[count:] = [_renamed(step, value.key, name) for step in self.steps[count:]]
            self.tensors[name] = self.tensors.pop(value.key)
            if value.key in self._dependent:
                self._dependent.remove(value.key)
                self._dependent.add(name)
        return replace(value, key=name)

    def _type(self, key: str) -> TensorType:
        return self.tensors[key] if key in self.tensors else self.constants[key].type

    def _check(self, shape: tuple[int, ...]) -> None:
        if len(shape) > MAX_RANK or any(size < 0 for size in shape) or math.prod(shape) > MAX_ELEMENTS:
            raise ModelFileError(
                f"{self.node.place} would give a tensor of shape {shape[:MAX_RANK]}, which cannot be; "
                "the file is damaged, or it needs an input of another size."
            )


def _renamed(step: Step, old: str, new: str) -> Step:
    """A step with a tensor called differently."""

    def item(argument: Any) -> Any:
        return TensorName(new) if argument == TensorName(old) else argument

    operator = step.operator
    arguments = {
        name: tuple(item(each) for each in argument) if isinstance(argument, tuple) else item(argument)
        for name, argument in operator.arguments.items()
    }
    results = tuple(new if each == old else each for each in operator.results)
    return msgspec.structs.replace(step, operator=Operator(operator.target, arguments, results))


#: What turns a node into steps, and says what they give.
Converter = Callable[[Conversion, OnnxNode], Value | tuple[Value, ...]]


def plain_numbers(array: Any) -> tuple[float | int | bool, ...]:
    """The numbers of an array in row-major order; those of float32 as their shortest decimals."""
    flat = array.reshape(-1)
    if array.dtype.name == "float32":
        return tuple(shortest(each) for each in flat)
    return tuple(each.item() for each in flat)

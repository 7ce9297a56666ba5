"""Operators as the source of a torch module that runs them, one statement each."""

from collections.abc import Iterable, Sequence

from onebyone.layers.operator_rules import MEMORY_FORMATS, NOT_FINITE
from onebyone.layers.operators import Argument, BatchSize, Item, Operator, TensorName
from onebyone.layers.pure_operators import CREATING, SEVERAL_RESULTS

_LINE_LENGTH = 100
_INDENT = " " * 8
# What a variable would hide.
_TAKEN = frozenset({"self", "torch", "nn", "Tensor", "float"})
# A view is refused where a map lies in memory with its channels last; a reshape gives the same and copies there.
_VIEWS = frozenset({"aten.view.default", "aten._unsafe_view.default"})


def forward_source(
    operators: Sequence[Operator], inputs: Sequence[str], held: Iterable[str], result: str
) -> tuple[str, ...]:
    """The lines of a forward pass, its definition first; what it holds are attributes of the module.

    The operators have to be without flaws; see `operator_rules.flaw_in`.
    """
    return _Writer(operators, inputs, held, result).lines()


class _Writer:
    """Chooses variables and writes the statements."""

    def __init__(self, operators: Sequence[Operator], inputs: Sequence[str], held: Iterable[str], result: str) -> None:
        self._changes_in_place = any(operator.works_in_place for operator in operators)
        self._operators = operators if self._changes_in_place else [_reshaping(operator) for operator in operators]
        self._inputs = inputs
        self._result = result
        self._terms = {name: f"self.{name}" for name in held}
        results = [name for operator in operators for name in operator.results if name]
        self._made = frozenset(results)
        names = {*inputs, *results}
        for name in (*inputs, *results):
            variable = name
            while variable in _TAKEN or (variable != name and variable in names):
                variable += "_"
            names.add(variable)
            self._terms[name] = variable
        self._last_reads = {name: step for step, operator in enumerate(operators) for name in operator.tensors()}

    def lines(self) -> tuple[str, ...]:
        parameters = ", ".join(f"{self._terms[name]}: Tensor" for name in self._inputs)
        lines = [f"    def forward(self, {parameters}) -> Tensor:"]
        if self._changes_in_place:
            # Others may read what comes in.
            lines += [f"{_INDENT}{self._terms[name]} = {self._terms[name]}.clone()" for name in self._inputs]
        for step, operator in enumerate(self._operators):
            lines.append(self._statement(operator))
            if spent := self._spent(step, operator):
                lines.append(f"{_INDENT}del {', '.join(spent)}")
        return (*lines, f"{_INDENT}return {self._terms[self._result]}")

    def _statement(self, operator: Operator) -> str:
        targets = [self._terms[name] if name else "_" for name in operator.results]
        left = ", ".join(targets)
        if operator.target in SEVERAL_RESULTS and len(targets) == 1:
            left = f"({left},)"
        arguments = [f"{name}={self._argument(name, value)}" for name, value in operator.arguments.items()]
        if operator.target in CREATING:
            arguments.append(f"device={self._terms[self._inputs[0]]}.device")
        start = f"{_INDENT}{left} = torch.ops.{operator.target}("
        line = f"{start}{', '.join(arguments)})"
        if len(line) <= _LINE_LENGTH:
            return line
        return start + "".join(f"\n{_INDENT}    {argument}," for argument in arguments) + f"\n{_INDENT})"

    def _spent(self, step: int, operator: Operator) -> list[str]:
        """Results that nothing reads after this statement; deleting them keeps memory at its least."""
        read = dict.fromkeys(name for name in operator.tensors() if name in self._made and name != self._result)
        return [self._terms[name] for name in read if self._last_reads[name] == step]

    def _argument(self, name: str, value: Argument) -> str:
        if isinstance(value, tuple):
            return f"[{', '.join(self._item(name, item) for item in value)}]"
        return self._item(name, value)

    def _item(self, name: str, item: Item) -> str:
        if isinstance(item, TensorName):
            return self._terms[item.name]
        if isinstance(item, BatchSize):
            size = f"{self._terms[self._inputs[0]]}.shape[0]"
            return size if item.times == 1 else f"{item.times} * {size}"
        if isinstance(item, str):
            if name == "dtype" or item in MEMORY_FORMATS:
                return f"torch.{item}"
            return f'float("{item}")' if item in NOT_FINITE else f'"{item}"'
        return repr(item)


def _reshaping(operator: Operator) -> Operator:
    """A reshape in place of a view; any other operator itself."""
    if operator.target not in _VIEWS:
        return operator
    arguments = {{"size": "shape"}.get(name, name): value for name, value in operator.arguments.items()}
    return Operator("aten.reshape.default", arguments, operator.results)

"""What operators a design may hold: from the list, with numbers and wires only, each tensor there before it is read."""

import math
import re
from collections.abc import Iterable, Iterator
from keyword import iskeyword

from onebyone.layers.operators import Argument, BatchSize, Item, Operator, TensorName
from onebyone.layers.pure_operators import PURE_OPERATORS, SEVERAL_RESULTS

MAX_OPERATORS = 2_000
_MAX_NAME = 200
_MAX_ITEMS = 4_096
_MAX_ARGUMENTS = 64
_LARGEST_INTEGER = 2**63 - 1
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_LAST_SHOWN = 60

DTYPES = frozenset({
    "bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64",
})  # fmt: skip
MEMORY_FORMATS = frozenset({"contiguous_format", "preserve_format", "channels_last", "channels_last_3d"})
#: Texts that stand for a float that is not finite.
NOT_FINITE = frozenset({"inf", "-inf", "nan"})
_WORDS = frozenset({
    "none", "tanh", "trunc", "floor", "constant", "reflect", "replicate", "circular", "ij", "xy", "same", "valid",
    "sum", "prod", "mean", "amax", "amin", "fro", "nuc",
})  # fmt: skip
_EQUATION = re.compile(r"[A-Za-z,. >-]{1,200}\Z")
_TEXTS = {"dtype": DTYPES, "memory_format": MEMORY_FORMATS}
#: Where the result is stored, and how: the generated source follows its inputs.
WITHOUT_SAY = frozenset({"device", "layout", "pin_memory", "non_blocking", "generator", "names", "out"})
# They would draw random numbers.
_TRAINING = frozenset({"train", "training", "dropout_p"})


def why_not_allowed(operator: Operator) -> str | None:
    """Why an operator cannot stand in a design, as the end of a sentence; None where it can.

    Whether its tensors are there is another question, that of `flaw_in`.
    """
    if operator.target not in PURE_OPERATORS:
        return f"the operator {_shown(operator.target)} is not one of those that only compute"
    if len(operator.arguments) > _MAX_ARGUMENTS:
        return f"{operator.target} has {len(operator.arguments):,} arguments"
    for name, argument in operator.arguments.items():
        if not is_name(name) or name in WITHOUT_SAY:
            return f"{operator.target} may have no argument {_shown(name)}"
        if name in _TRAINING and argument:
            return f"{operator.target} draws random numbers with its argument {name}"
        if not _is_argument(name, argument):
            return f"the argument {name} of {operator.target} cannot be {_shown(argument)}"
    if not operator.results or (len(operator.results) > 1 and operator.target not in SEVERAL_RESULTS):
        return f"{operator.target} cannot have {len(operator.results):,} results"
    return None


def without_say(operator: Operator) -> Operator:
    """The operator without the arguments on which its result does not depend, as a design holds it."""
    kept = {name: value for name, value in operator.arguments.items() if name not in WITHOUT_SAY}
    target = "aten.to.dtype" if operator.target == "aten.to.device" else operator.target
    return Operator(target, kept, operator.results)


def flaw_in(operators: tuple[Operator, ...], inputs: Iterable[str], held: Iterable[str], result: str) -> str | None:
    """What is wrong with operators that run in their order, as the end of a sentence; None where nothing is."""
    if len(operators) > MAX_OPERATORS:
        return f"there are {len(operators):,} operators, and an opaque node has at most {MAX_OPERATORS:,}"
    owned = set(held)
    known = {*inputs, *owned}
    for operator in operators:
        flaw = why_not_allowed(operator) or next(_misplaced(operator, known, owned), None)
        if flaw is not None:
            return flaw
        known.update(name for name in operator.results if name)
    return None if result in known else f"nothing gives the result {_shown(result)}"


def _misplaced(operator: Operator, known: set[str], owned: set[str]) -> Iterator[str]:
    for name in operator.tensors():
        if name not in known:
            yield f"{operator.target} reads {_shown(name)}, which is not there before it"
    named = [name for name in operator.results if name]
    for name in named:
        if not is_name(name):
            yield f"a tensor cannot be called {_shown(name)}"
        if name in known or named.count(name) > 1:
            yield f"there are two tensors called {_shown(name)}"
    if operator.works_in_place and any(name in owned for name in operator.changed()):
        yield f"{operator.target} changes a tensor that the node holds"


def is_name(text: str) -> bool:
    """Whether a text can name a tensor or an argument: a plain identifier, no keyword, without double underscores."""
    is_plain = len(text) <= _MAX_NAME and _NAME.match(text) is not None
    return is_plain and "__" not in text and text != "_" and not iskeyword(text)


def _is_argument(name: str, argument: Argument) -> bool:
    if isinstance(argument, tuple):
        return len(argument) <= _MAX_ITEMS and all(_is_item(name, item) for item in argument)
    return _is_item(name, argument)


def _is_item(name: str, item: Item) -> bool:
    if isinstance(item, TensorName):
        return is_name(item.name)
    if isinstance(item, BatchSize):
        return 1 <= item.times <= _LARGEST_INTEGER
    if isinstance(item, str):
        if name == "equation":
            return _EQUATION.match(item) is not None
        return item in _TEXTS.get(name, _WORDS | NOT_FINITE)
    if isinstance(item, float):
        return math.isfinite(item)
    # A number type is always a text.
    return item is None or isinstance(item, bool) or (name not in _TEXTS and abs(item) <= _LARGEST_INTEGER + 1)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LAST_SHOWN else f"{text[: _LAST_SHOWN - 1]}…"

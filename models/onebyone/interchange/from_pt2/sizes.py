"""Sizes of a `.pt2` file's tensors: numbers, or expressions over symbols as sympy writes them."""

import ast
import math
from collections.abc import Callable, Mapping
from typing import Any

from onebyone.errors import ModelFileError
from onebyone.interchange.from_pt2.schema import SymInt
from onebyone.layers.operators import BatchSize

MAX_EXPRESSION = 2_000
_MAX_DEPTH = 40


def _power(base: Any, exponent: Any) -> Any:
    if abs(exponent) > 8 or abs(base) > 2**31:
        raise ValueError
    return base**exponent


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "Add": lambda *terms: sum(terms),
    "Mul": lambda *factors: math.prod(factors),
    "Pow": _power,
    "Mod": lambda left, right: left % right,
    "PythonMod": lambda left, right: left % right,
    "FloorDiv": lambda left, right: left // right,
    "CleanDiv": lambda left, right: left // right,
    "CeilDiv": lambda left, right: -(-left // right),
    "Max": max,
    "Min": min,
    "Integer": lambda number: number,
    "Rational": lambda number, below: number / below,
    "floor": math.floor,
    "ceiling": math.ceil,
    "FloorToInt": math.floor,
    "CeilToInt": math.ceil,
    "ToFloat": lambda number: number,
    "IntTrueDiv": lambda left, right: left / right,
}


_OPERATIONS: dict[type[ast.operator], str] = {
    ast.Add: "Add",
    ast.Mult: "Mul",
    ast.FloorDiv: "FloorDiv",
    ast.Mod: "Mod",
    ast.Pow: "Pow",
}


class Sizes:
    """What the symbols of a file stand for; the one of the batch for `batch`, others for what they were at export."""

    def __init__(self, batch: int) -> None:
        self.batch = batch
        self.batch_symbol = ""
        self.assumed: dict[str, int] = {}

    def number(self, size: SymInt) -> int:
        """A size as a number.

        Raises:
            ModelFileError: It depends on what the network computes, or is no expression.
        """
        return self._number(size, self.batch)

    def argument(self, size: SymInt) -> int | BatchSize:
        """A size as an argument: so many times the batch, where it is that."""
        number = self.number(size)
        if size.as_expr is None or not self.batch_symbol or number % self.batch:
            return number
        times = number // self.batch
        other = self.batch + 1
        return BatchSize(times) if times and self._number(size, other) == times * other else number

    def _number(self, size: SymInt, batch: int) -> int:
        if size.as_int is not None:
            return size.as_int
        if size.as_expr is None:
            raise ModelFileError("A size in it is neither a number nor an expression; the file is damaged.")
        text, hint = size.as_expr.expr_str, size.as_expr.hint
        symbols = {self.batch_symbol: batch} if self.batch_symbol else {}
        names = _symbols_of(text)
        unknown = names - symbols.keys() - self.assumed.keys()
        if unknown and len(names) == 1 and hint is not None and hint.as_int is not None and _is_symbol(text):
            self.assumed[unknown.pop()] = hint.as_int
        elif unknown:
            raise ModelFileError(
                f"A size in it, {text[:100]}, is known only when the network runs; export the model with fixed sizes."
            )
        try:
            value = _value(_parsed(text), {**self.assumed, **symbols}, 0)
        except (ArithmeticError, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise ModelFileError(f"A size in it, {text[:100]}, is not one that can be computed here.") from error
        if value != int(value) or abs(value) > 2**53:
            raise ModelFileError(f"A size in it, {text[:100]}, is not a whole number; the file is damaged.")
        return int(value)


def symbol_of(size: SymInt) -> str:
    """The symbol that a size is, or the empty text."""
    if size.as_expr is None or not _is_symbol(size.as_expr.expr_str):
        return ""
    return next(iter(_symbols_of(size.as_expr.expr_str)), "")


def _is_symbol(text: str) -> bool:
    node = _parsed(text)
    return isinstance(node, ast.Name) or (isinstance(node, ast.Call) and _called(node) == "Symbol")


def _parsed(text: str) -> ast.expr:
    """The expression of a text, which is only read, never evaluated by Python."""
    try:
        if len(text) > MAX_EXPRESSION:
            raise ValueError
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ModelFileError(f"A size in it, {text[:100]!r}, is no expression; the file is damaged.") from error


def _called(node: ast.Call) -> str:
    return (
        node.func.id
        if isinstance(node.func, ast.Name)
        else node.func.attr
        if isinstance(node.func, ast.Attribute)
        else ""
    )


def _symbols_of(text: str) -> set[str]:
    found = set()
    for node in ast.walk(_parsed(text)):
        if isinstance(node, ast.Call) and _called(node) == "Symbol" and node.args:
            name = node.args[0]
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                found.add(name.value)
        elif isinstance(node, ast.Name) and node.id not in _FUNCTIONS and node.id != "Symbol":
            found.add(node.id)
    return found


def _value(node: ast.expr, symbols: Mapping[str, int], depth: int) -> Any:
    if depth > _MAX_DEPTH:
        raise ValueError
    match node:
        case ast.Constant(value=int() as number):
            return number
        case ast.Name(id=name):
            return symbols[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, symbols, depth + 1)
        case ast.BinOp(left=left, op=operation, right=right):
            one, other = _value(left, symbols, depth + 1), _value(right, symbols, depth + 1)
            if isinstance(operation, ast.Sub):
                return one - other
            return _FUNCTIONS[_OPERATIONS[type(operation)]](one, other)
        case ast.Call(args=[ast.Constant(value=str() as symbol)]) if _called(node) == "Symbol":
            return symbols[symbol]
        case ast.Call(args=arguments):
            return _FUNCTIONS[_called(node)](*(_value(each, symbols, depth + 1) for each in arguments))
    raise ValueError

"""Which field takes which values, as it is written: reduce3x3.out_channels=16:192:16."""

import re
from collections.abc import Sequence
from difflib import get_close_matches

import msgspec

from onebyone.design import Design, Node
from onebyone.errors import SweepError
from onebyone.files.strict_json import shown
from onebyone.layers.fields import Field, fields_of

MAX_FIELDS = 3
#: Variants of one sweep; each is kept with its figures.
MAX_VARIANTS = 100_000
_FORM = "a field is varied as NODE.FIELD=START:STOP:STEP or NODE.FIELD=VALUE,VALUE"
_NUMBER = re.compile(r"-?[0-9]{1,12}\Z")
_NEAR = 3
_LISTED = 8


class Variation(msgspec.Struct, frozen=True):
    """A field of a node and the values that it takes, rising, each once."""

    node: str
    field: str
    values: tuple[int, ...]

    @property
    def name(self) -> str:
        """How it is written: reduce3x3.out_channels."""
        return f"{self.node}.{self.field}"


def parse_variation(text: str) -> Variation:
    """What a text such as "reduce3x3.out_channels=16:192:16" asks for; both ends count, and the step is 1 unless said.

    Raises:
        SweepError: It is not of this form, or has too many values.
    """
    target, sign, values = text.partition("=")
    node, dot, field = target.strip().rpartition(".")
    if not sign or not dot or not node or not field or not values.strip():
        raise SweepError(f"{shown(text)} is no range: {_FORM}.")
    return Variation(node, field, parse_values(values))


def parse_values(text: str) -> tuple[int, ...]:
    """The values of "16:192:16" or "16,32,64", rising, each once.

    Raises:
        SweepError: The text is of neither form, or there are too many values.
    """
    values: set[int] = set()
    for part in text.split(","):
        values.update(_range(part.strip(), text))
    if len(values) > MAX_VARIANTS:
        raise SweepError(_too_many(len(values)))
    return tuple(sorted(values))


def _range(part: str, text: str) -> Sequence[int]:
    numbers = [number.strip() for number in part.split(":")]
    if len(numbers) > 3 or not all(_NUMBER.match(number) for number in numbers):
        raise SweepError(f"{shown(text)} is no range of whole numbers: {_FORM}.")
    start, stop, step, *_ = [int(number) for number in numbers] + [1] * (3 - len(numbers))
    if len(numbers) == 1:
        return (start,)
    if step < 1:
        raise SweepError(f"The step of {shown(part)} is {step:,}; it is 1 or more.")
    if stop < start:
        raise SweepError(f"{shown(part)} ends before it starts; write {stop}:{start}:{step}.")
    values = range(start, stop + 1, step)
    if len(values) > MAX_VARIANTS:
        raise SweepError(_too_many(len(values)))
    return values


def check_variations(design: Design, variations: Sequence[Variation]) -> None:
    """Raises where a design cannot be varied like this.

    Raises:
        SweepError: A node or a field is unknown, not a whole number, out of its limits or named twice, or the
            variations are none or too many.
    """
    if not 1 <= len(variations) <= MAX_FIELDS:
        raise SweepError(f"A sweep varies one to {MAX_FIELDS} fields, not {len(variations)}.")
    nodes = design.nodes_by_id()
    seen: set[str] = set()
    total = 1
    for variation in variations:
        if variation.name in seen:
            raise SweepError(f"{variation.name} is varied twice; give all its values once, with commas.")
        seen.add(variation.name)
        field = _field(_node(nodes, variation.node), variation.field)
        if not variation.values:
            raise SweepError(f"{variation.name} has no values; {_FORM}.")
        for value in variation.values:
            reason = field.problem_with(value)
            if reason is not None:
                raise SweepError(f"{variation.name} {reason}.")
        total *= len(variation.values)
    if total > MAX_VARIANTS:
        raise SweepError(_too_many(total))


def whole_number_fields(node: Node) -> tuple[Field, ...]:
    """The fields of a node that can be varied, to an effect."""
    idle = node.layer.idle_fields
    return tuple(field for field in fields_of(node.layer.kind) if field.type == "integer" and field.name not in idle)


def _node(nodes: dict[str, Node], name: str) -> Node:
    if name in nodes:
        return nodes[name]
    by_lower = {known.lower(): known for known in nodes}
    near = [by_lower[found] for found in get_close_matches(name.lower(), by_lower, n=_NEAR, cutoff=0.5)]
    if near:
        raise SweepError(f"There is no node {shown(name)} in the design; did you mean {' or '.join(near)}?")
    ids = sorted(nodes)
    more = ", …" if len(ids) > _LISTED else ""
    listed = f"; its nodes are {', '.join(ids[:_LISTED])}{more}" if ids else ""
    raise SweepError(f"There is no node {shown(name)} in the design{listed}.")


def _field(node: Node, name: str) -> Field:
    fields = {field.name: field for field in fields_of(node.layer.kind)}
    offered = [field.name for field in whole_number_fields(node)]
    can = f"what can be varied is {' or '.join(offered)}" if offered else "it has none that can be varied"
    if name not in fields:
        raise SweepError(f"'{node.id}' ({node.layer.label}) has no field {shown(name)}; {can}.")
    if fields[name].type != "integer":
        raise SweepError(f"{node.id}.{name} is not a single whole number; {can}.")
    return fields[name]


def _too_many(count: int) -> str:
    return f"This asks for {count:,} variants, and a sweep has at most {MAX_VARIANTS:,}; take larger steps."

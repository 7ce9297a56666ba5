"""Finds layers and modules for what was typed: by name or alias, with their numbers, the best first."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from onebyone import quantity
from onebyone.adding.entries import PaletteEntry
from onebyone.adding.filling import Changes, changes_by_word, filled
from onebyone.adding.fitting import Fit, layer_fit, module_fit
from onebyone.adding.matching import EXACT, PREFIX, best_score, plain
from onebyone.adding.query import Query, read_query
from onebyone.design import Node
from onebyone.errors import EditError
from onebyone.layers import AnyLayer, Family
from onebyone.layers.fields import Field, fields_of
from onebyone.layers.norms import NORMS
from onebyone.shape import Pair, Shape

_LONGEST_SHOWN = 40
# Beside something that was meant, what only shares some letters is noise.
_FAR_BEHIND = 60.0
_AFTER_MAP = ("conv1x1", "conv3x3", "pool", "conv5x5", "concat", "add", "activation", "norm", "output")
_AFTER_POINT = ("flatten", "conv1x1", "output", "activation", "multiply", "concat", "add")
_AFTER_VECTOR = ("linear", "output", "activation", "dropout", "concat", "add", "scale")
_AFTER_SEVERAL = ("concat", "add", "multiply")
_AT_FIRST = ("input", *_AFTER_MAP)
_SWITCH_WORDS: dict[tuple[str, bool | str], str] = {("bias", False): "no bias", ("ceil_mode", True): "sizes rounded up"}
_SWITCH_WORDS |= {("norm", norm): words.lower() for norm, words in NORMS.items()}


class Place(msgspec.Struct, frozen=True):
    """Where the result goes: behind nodes that give `shapes` (None where unknown), unwired where there are none."""

    shapes: tuple[Shape | None, ...] = ()
    is_empty: bool = False

    @property
    def shape(self) -> Shape | None:
        """The shape of the only result that comes in."""
        return self.shapes[0] if len(self.shapes) == 1 else None


class Suggestion(msgspec.Struct, frozen=True):
    """One thing that can be added; `key` is the palette's entry it comes from, `reason` why it cannot be here.

    Where it has a `target`, a wire to that node of the design is added instead.
    """

    title: str
    detail: str
    base: str
    key: str
    family: Family
    nodes: tuple[Node, ...]
    result: str = ""
    reason: str = ""
    target: str = ""

    @property
    def is_module(self) -> bool:
        """Whether it adds several nodes."""
        return len(self.nodes) > 1

    @property
    def sentence(self) -> str:
        """All of it in words: "3×3 convolution, 128 channels, padding 1"."""
        words = ", ".join(part for part in (self.title, self.detail, self.reason) if part)
        return f"{words} → {self.result}" if self.result else words


class Answer(msgspec.Struct, frozen=True):
    """What was found, the best first; `message` says why the wish itself is not among it."""

    suggestions: tuple[Suggestion, ...] = ()
    message: str = ""


class _Match(msgspec.Struct, frozen=True):
    """How well an entry fits the words, and what the words change in its layer."""

    score: float
    changes: Changes


def search(
    entries: Iterable[PaletteEntry], text: str, place: Place | None = None, recent: Sequence[str] = ()
) -> Answer:
    """Finds what a text means at a place.

    Args:
        recent: The keys of what was added lately, the last first. While nothing is typed they lead, or follow what
            is best behind the wire.
    """
    place = place or Place()
    query = read_query(text)
    is_open = not text.endswith(" ")
    order = _order(place, recent if not text.strip() else ())
    found: list[_Found] = []
    refused: list[tuple[float, int, str]] = []
    known = tuple(entries)
    bases = {entry.base for entry in known}
    for number, entry in enumerate(known):
        match = _match(entry, query, is_open)
        if match is None or (place.shapes and entry.nodes[0].layer.maximum_inputs == 0):
            continue
        try:
            suggestion = _suggestion(entry, query, match.changes, place)
        except EditError as error:
            refused.append((-match.score, order.get(entry.base, len(order) + number), str(error)))
            continue
        if suggestion is not None:
            rank = order.get(entry.base, len(order) + number)
            found.append(
                _Found(match.score, rank, suggestion, suggestion.base != entry.base and suggestion.base in bases)
            )
    best = max((item.score for item in found), default=0.0)
    kept = [item for item in found if item.score > _FAR_BEHIND or best < PREFIX]
    return Answer(_distinct(kept), _message(text, best if found else None, refused))


class _Found(msgspec.Struct, frozen=True):
    """A suggestion and what decides on its place; `is_borrowed` where another entry of the palette is nearer."""

    score: float
    rank: int
    suggestion: Suggestion
    is_borrowed: bool

    @property
    def order(self) -> tuple[bool, float, bool, int]:
        """What is to be compared; scores that differ little count as the same."""
        return bool(self.suggestion.reason), -(self.score // 10), self.is_borrowed, self.rank


def _match(entry: PaletteEntry, query: Query, is_open: bool) -> _Match | None:
    title = plain(entry.title).replace("(", "").replace(")", "").split()
    names = [*title, *plain(entry.aliases).split(), plain(entry.base)]
    layer = entry.nodes[0].layer
    scores: list[float] = []
    changes: Changes = {}
    for place, word in enumerate(query.words):
        named = best_score(word, names)
        is_last = is_open and place == len(query.words) - 1
        changed = None if named >= PREFIX or entry.is_module else changes_by_word(layer, word, is_last)
        if changed is not None:
            changes |= changed
            if _is_named_by_choice(layer):
                scores.append(EXACT if changes_by_word(layer, word, False) else PREFIX)
        elif named > 0:
            changes |= _changes_of_name(layer, word)
            # A word of the title says more than an alias.
            scores.append(named + 10 * (word in title))
        else:
            return None
    if entry.is_module and query.has_numbers:
        return None
    if not scores and changes and not query.has_numbers:
        return None
    return _Match(sum(scores) / len(scores) if scores else 0.0, changes)


def _changes_of_name(layer: AnyLayer, word: str) -> Changes:
    """What is found by the name of one of its choices, such as a function, has that choice."""
    return changes_by_word(layer, word, _is_named_by_choice(layer)) or {}


def _is_named_by_choice(layer: AnyLayer) -> bool:
    """Whether a choice makes the layer what it is, as the function does an activation."""
    return any(field.required and field.choices for field in fields_of(layer.kind))


def _suggestion(entry: PaletteEntry, query: Query, changes: Changes, place: Place) -> Suggestion | None:
    if entry.is_module:
        fit = module_fit(entry.nodes, place.shapes)
        family: Family = "pointwise" if "reduced" in entry.base else entry.nodes[0].layer.family
        detail = entry.description.rstrip(".")
        return Suggestion(entry.title, detail, entry.base, entry.base, family, entry.nodes, _shape_of(fit), fit.reason)
    layer = filled(entry.nodes[0].layer, query, changes, place.shape)
    if layer is None:
        return None
    fit = layer_fit(layer, place.shapes)
    base = layer.id_base or entry.base
    node = msgspec.structs.replace(entry.nodes[0], id=base, layer=layer)
    title, detail = layer.type_name, reading(layer)
    return Suggestion(title, detail, base, entry.base, layer.family, (node,), _shape_of(fit), fit.reason)


def reading(layer: AnyLayer) -> str:
    """The numbers of a layer in words: "128 channels, padding 1, ReLU"."""
    if layer.is_entry:
        return quantity.shape(layer.output_shape())
    if layer.window is None:
        words = layer.summary()
        return "" if words.casefold() in layer.type_name.casefold() else words
    parts = []
    for field in fields_of(layer.kind):
        value = getattr(layer, "steps" if field.name == "stride" and field.optional else field.name)
        if (value == field.default and not field.required) or field.name in layer.idle_fields:
            continue
        parts.append(_field_words(field, value))
    return ", ".join(part for part in parts if part)


def _field_words(field: Field, value: Any) -> str:
    """A value with the word for it; nothing where the type's name says it, or a switch has no words."""
    if (field.name, value) in _SWITCH_WORDS:
        return _SWITCH_WORDS[field.name, value]
    if field.type == "choice":
        return field.title_of(value)
    if field.name == "kernel" or field.type == "boolean":
        return ""
    if field.type == "integer" and field.unit:
        return f"{quantity.count(value)} {field.unit}"
    return f"{field.title.lower()} {_shown(value)}"


def _shown(value: float | Pair) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, int):
        return quantity.count(value)
    return quantity.pair(value) if value[0] != value[1] else quantity.count(value[0])


def _shape_of(fit: Fit) -> str:
    return "" if fit.shape is None else quantity.shape(fit.shape)


def _order(place: Place, recent: Sequence[str]) -> dict[str, int]:
    usual: tuple[str, ...] = _AFTER_MAP
    if len(place.shapes) > 1:
        usual = _AFTER_SEVERAL
    elif place.shape is not None and len(place.shape) == 1:
        usual = _AFTER_VECTOR
    elif place.shape is not None and place.shape[1:] == (1, 1):
        usual = _AFTER_POINT
    elif place.is_empty:
        usual = _AT_FIRST
    keys = (*usual, *recent) if place.shapes else (*recent, *usual)
    return {key: number for number, key in enumerate(dict.fromkeys(keys))}


def _distinct(found: Iterable[_Found]) -> tuple[Suggestion, ...]:
    """The suggestions in order; of several 3×3 convolutions the first."""
    kept: dict[str, Suggestion] = {}
    for item in sorted(found, key=lambda item: item.order):
        kept.setdefault(item.suggestion.base, item.suggestion)
    return tuple(kept.values())


def _message(text: str, best: float | None, refused: list[tuple[float, int, str]]) -> str:
    if refused and (best is None or -min(refused)[0] > best):
        return min(refused)[2]
    shown = text.strip()
    shown = shown if len(shown) <= _LONGEST_SHOWN else f"{shown[: _LONGEST_SHOWN - 1]}…"
    return (
        f"No layer is called “{shown}”. Try a name such as concat, or a size such as 3x3 128." if best is None else ""
    )

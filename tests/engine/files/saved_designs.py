"""Random designs for hypothesis: whatever a file may hold, sense or nonsense."""

from keyword import iskeyword
from typing import Any

from hypothesis import strategies as st

from onebyone.design import COLOURS, Design, Group, Node
from onebyone.layers import CATALOGUE, AnyLayer
from onebyone.layers.fields import Field, fields_of
from onebyone.text import clean_line, clean_notes
from tests.engine.opaque_examples import EXAMPLES

IDS = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,63}", fullmatch=True).filter(lambda text: not iskeyword(text))
_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
_COORDINATES = st.floats(-1e6, 1e6, allow_nan=False)
_SELDOM = st.sampled_from([False, False, False, True])


def _value(field: Field) -> st.SearchStrategy[Any]:
    values: st.SearchStrategy[Any]
    if field.type in ("pair", "integer"):
        numbers = st.integers(int(field.minimum or 0), int(field.maximum or 0))
        values = st.tuples(numbers, numbers) if field.type == "pair" else numbers
    elif field.type == "number":
        values = st.floats(field.minimum, field.maximum, exclude_min=field.minimum_excluded)
    else:
        values = st.booleans() if field.type == "boolean" else st.sampled_from(field.choices)
    return st.none() | values if field.optional else values


def _layer(kind: str) -> st.SearchStrategy[AnyLayer]:
    if CATALOGUE[kind].is_imported:
        return st.sampled_from(EXAMPLES)
    given = {field.name: _value(field) for field in fields_of(kind)}
    required = {field.name: given[field.name] for field in fields_of(kind) if field.required}
    return st.builds(CATALOGUE[kind], **given) | st.builds(CATALOGUE[kind], **required)


LAYERS = st.sampled_from(sorted(CATALOGUE)).flatmap(_layer)


@st.composite
def saved_designs(draw: st.DrawFn) -> Design:
    """Cycles, self-loops, wires to nowhere, groups in groups, texts in all scripts, every field over its range."""
    ids = draw(st.lists(IDS, unique=True, max_size=6))
    sources = st.lists(st.sampled_from(ids) | IDS, max_size=4).map(tuple) if ids else st.just(())
    nodes = tuple(
        Node(
            node_id,
            draw(LAYERS),
            clean_line(draw(_TEXT)),
            draw(sources),
            draw(st.none() | st.tuples(_COORDINATES, _COORDINATES)),
            draw(_SELDOM),
        )
        for node_id in ids
    )
    direction = draw(st.sampled_from(["down", "right"]))
    return Design(clean_line(draw(_TEXT)), clean_notes(draw(_TEXT)), nodes, draw(_groups(ids)), direction)


@st.composite
def _groups(draw: st.DrawFn, ids: list[str]) -> tuple[Group, ...]:
    """Groups in which every node is at most once, and every group in at most one that comes later."""
    groups: list[Group] = []
    free_nodes, free_groups = list(ids), []
    for group_id in draw(st.lists(IDS.filter(lambda name: name not in ids), unique=True, max_size=3)):
        nodes = [node for node in free_nodes if draw(st.booleans())]
        inner = [group for group in free_groups if draw(st.booleans())]
        title, colour = clean_line(draw(_TEXT)), draw(st.sampled_from(["", *COLOURS]))
        groups.append(Group(group_id, title, tuple(nodes), tuple(inner), draw(st.booleans()), colour))
        free_nodes = [node for node in free_nodes if node not in nodes]
        free_groups = [group for group in free_groups if group not in inner] + [group_id]
    return tuple(groups)


def newer(data: bytes) -> bytes:
    """A file of version 1 that says it is of version 2."""
    return data.replace(b'"onebyone": 1', b'"onebyone": 2', 1)

"""Random layers, shapes and designs for hypothesis."""

from typing import Any

import msgspec
from hypothesis import strategies as st

from onebyone.design import Design, Node
from onebyone.edits import set_bypassed
from onebyone.layers import CATALOGUE, AnyLayer, Input, Output
from onebyone.layers.fields import Field, fields_of
from tests.engine.opaque_examples import EXAMPLES

# How far a number goes beyond the usual one: small enough that torch runs the layer in a moment, and the numbers close
# together so that misfits are common. What has no default is a count of channels or the like.
_BEYOND_DEFAULT = 3
_BEYOND_LEAST = {"integer": 11, "pair": 4}


def layers(kind: str) -> st.SearchStrategy[AnyLayer]:
    """Layers of one kind over all of its fields; of those that only imports bring, examples."""
    if CATALOGUE[kind].is_imported:
        return st.sampled_from(EXAMPLES)
    return st.builds(CATALOGUE[kind], **{field.name: _values(field) for field in fields_of(kind)})


def _small(field: Field) -> st.SearchStrategy[int]:
    least, most = max(int(field.minimum or 0), -_BEYOND_DEFAULT), int(field.maximum or 0)
    if field.default is None:
        return st.integers(least, min(least + _BEYOND_LEAST[field.type], most))
    usual = max(field.default) if field.type == "pair" else field.default
    return st.integers(least, min(usual + _BEYOND_DEFAULT, most))


def _values(field: Field) -> st.SearchStrategy[Any]:
    if field.type == "pair":
        numbers = _small(field)
        pairs = st.one_of(numbers.map(lambda n: (n, n)), st.tuples(numbers, numbers))
        return st.none() | pairs if field.optional else pairs
    if field.type == "integer":
        return _small(field)
    if field.type == "boolean":
        return st.booleans()
    if field.type == "choice":
        return st.sampled_from(field.choices)
    least = 1e-6 if field.minimum_excluded else max(field.minimum or 0.0, -10.0)
    numbers = st.floats(least, min(field.maximum or 0.0, 10.0), allow_subnormal=False)
    return st.none() | numbers if field.optional else numbers


FEATURE_MAPS = st.tuples(st.integers(1, 12), st.integers(1, 12), st.integers(1, 12))
SHAPES = st.one_of(FEATURE_MAPS, st.tuples(st.integers(1, 24)))
MIDDLE_KINDS = tuple(tag for tag, kind in CATALOGUE.items() if not (kind.is_entry or kind.is_exit))


@st.composite
def designs(draw: st.DrawFn, most_nodes: int = 10) -> Design:
    """Any acyclic graph of any layers: most have errors, some are valid."""
    nodes = [Node("input", draw(layers("input")))]
    for place in range(draw(st.integers(0, most_nodes))):
        kind = draw(st.sampled_from(MIDDLE_KINDS))
        layer = draw(layers(kind))
        most = layer.maximum_inputs or 4
        wired = draw(st.integers(layer.minimum_inputs, most))
        sources = draw(st.lists(st.sampled_from([node.id for node in nodes]), min_size=wired, max_size=wired))
        bypassed = draw(st.sampled_from([False, False, False, True]))
        nodes.append(Node(f"n{place}", layer, inputs=tuple(sources), bypassed=bypassed))
    ends = draw(st.lists(st.sampled_from([node.id for node in nodes]), min_size=1, max_size=2))
    nodes += [Node(f"output{place}", Output(), inputs=(end,)) for place, end in enumerate(ends)]
    return Design(draw(st.text(max_size=12)), nodes=tuple(nodes))


@st.composite
def partly_bypassed(draw: st.DrawFn) -> Design:
    """Designs without errors in which some nodes are bypassed."""
    from onebyone.analysis import analyze

    design = draw(valid_designs())
    for node in design.nodes:
        if node.layer.can_be_bypassed and draw(st.booleans()):
            changed = set_bypassed(design, [node.id], True)
            design = changed if analyze(changed).is_valid else design
    return design


@st.composite
def valid_designs(draw: st.DrawFn, most_nodes: int = 12) -> Design:
    """Designs without errors: every layer is kept only where it fits."""
    from onebyone.analysis import analyze

    design = Design("Random block", nodes=(Node("input", draw(st.builds(Input, *[st.integers(2, 12)] * 3))),))
    for place in range(draw(st.integers(1, most_nodes))):
        layer = draw(layers(draw(st.sampled_from(MIDDLE_KINDS))))
        wired = draw(st.integers(layer.minimum_inputs, layer.maximum_inputs or 3))
        ids = [node.id for node in design.nodes]
        sources = tuple(draw(st.sampled_from(ids)) for _ in range(wired))
        grown = msgspec.structs.replace(design, nodes=(*design.nodes, Node(f"n{place}", layer, inputs=sources)))
        found = analyze(grown).nodes[f"n{place}"].shape
        if found is not None and max(found) < 200:
            design = grown
    output = Node("output", Output(), inputs=(draw(st.sampled_from([node.id for node in design.nodes])),))
    return msgspec.structs.replace(design, nodes=(*design.nodes, output))

"""What a kind of layer lacks to be complete, a sentence each."""

from collections.abc import Iterator

import onebyone_resources
from onebyone.adding.entries import entries
from onebyone.design import FORMAT_VERSION
from onebyone.layers import Layer
from onebyone.layers.fields import Field, described
from onebyone.shape import Shape
from tests.engine.opaque_examples import EXAMPLES, MAP
from tests.engine.strategies import MIDDLE_KINDS

# A kind fits one of these, as often as it needs inputs: a map, or a vector, or what an import captured.
_INPUTS: tuple[Shape, ...] = ((64, 28, 28), (64,), MAP)


def lacking(kind: type[Layer]) -> Iterator[str]:
    """What has to be written before a kind is complete; nothing where it is."""
    tag = str(kind.__struct_config__.tag)
    is_end = kind.is_entry or kind.is_exit
    if not hasattr(kind, "label"):
        yield f"{tag} has no label; messages name it by that."
    for section in ("Shape:", *([] if is_end else ["Source:"])):
        if section not in (kind.__doc__ or ""):
            yield f"The docstring of {tag} has no section “{section}”."
    if kind.family is Layer.family:
        yield f"{tag} names no family; it is drawn in its colour."
    if not 1 <= kind.since <= FORMAT_VERSION:
        yield f"{tag} came with format version {kind.since}, but the newest is {FORMAT_VERSION}."
    for field in described(kind):
        yield from _lacking_in_field(tag, field)
    if not onebyone_resources.path(f"icons/{tag}.svg").is_file():
        yield f"{tag} has no icon; draw resources/onebyone_resources/icons/{tag}.svg."
    if not is_end and tag not in MIDDLE_KINDS:
        yield f"{tag} is not in the catalogue of layers/__init__.py, so torch checks neither its shape nor its MACs."
    layers = [node.layer for group in entries().values() for entry in group for node in entry.nodes]
    layer = next((layer for layer in (*layers, *EXAMPLES) if type(layer) is kind), None)
    if layer is None:
        yield f"{tag} has no entry in the palette; add one to onebyone/adding/entries.py."
    else:
        yield from _lacking_in_layer(tag, layer)


def _lacking_in_field(tag: str, field: Field) -> Iterator[str]:
    if not field.title:
        yield f"The field {field.name} of {tag} has no title; give it Meta(title=…)."
    if field.type in ("integer", "pair", "number") and None in (field.minimum, field.maximum):
        yield f"The field {field.name} of {tag} has no limits; give it Meta(ge=…, le=…)."
    if field.optional and not field.absent:
        yield f"The field {field.name} of {tag} does not say what it means to be empty; give it extra={{'absent': …}}."


def _lacking_in_layer(tag: str, layer: Layer) -> Iterator[str]:
    kind = type(layer)
    for member in ("summary",) if layer.is_entry or layer.is_exit else ("summary", "formula"):
        if getattr(kind, member) is getattr(Layer, member):
            yield f"{tag} has no {member}."
    if all(getattr(kind, member) is getattr(Layer, member) for member in ("torch_source", "torch_expression")):
        yield f"{tag} has no source; write torch_source or torch_expression."
    fitting = [shape for shape in _INPUTS if not any(layer.problems(*[shape] * layer.minimum_inputs))]
    if not fitting:
        yield f"The palette's {tag} fits neither a map of 64×28×28 nor a vector of 64."
        return
    learns = layer.cost(*[fitting[0]] * layer.minimum_inputs).parameters > 0
    if learns != kind.learns:
        yield f"{tag} says learns = {kind.learns}, but its costs say {learns}."

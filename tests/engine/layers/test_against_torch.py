"""Every kind of layer against torch itself: shapes, parameters, MACs, and what is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onebyone.analysis import analyze
from onebyone.design import Design, Node
from onebyone.layers import CATALOGUE, AnyLayer, Input, Output
from onebyone.shape import Shape
from tests.engine.strategies import MIDDLE_KINDS, SHAPES, layers

torch = pytest.importorskip("torch")

CHANNELS, SIDE = 4, 20


def made(layer: AnyLayer, inputs: tuple[Shape, ...]):
    """The module of a layer's own source, with the helper classes that it needs; None where an expression does."""
    from torch import Tensor, nn

    source = layer.torch_source(*inputs)
    names = {"nn": nn, "torch": torch, "Tensor": Tensor, "__name__": "generated"}
    for text in layer.helpers(*inputs).values():
        exec(text, names)
    return eval(source, names).eval() if source else None


def run_in_torch(layer: AnyLayer, inputs: tuple[Shape, ...]):
    """The result of the layer's own source on zeros, and the module where it has one; None where torch refuses."""
    tensors = tuple(torch.zeros(1, *shape) for shape in inputs)
    module = None
    try:
        module = made(layer, inputs)
        names = {f"t{place}": tensor for place, tensor in enumerate(tensors)}
        holder = type("Holder", (), {"layer": module})
        expression = layer.torch_expression("layer", tuple(names))
        with torch.no_grad():
            result = eval(expression, {"torch": torch, "self": holder, **names})
    except (RuntimeError, ValueError, IndexError, ZeroDivisionError):
        return None
    return result, module


def analyze_alone(layer: AnyLayer, inputs: tuple[Shape, ...]):
    """Our analysis of the layer; a vector comes from a flatten."""
    nodes = []
    for place, shape in enumerate(inputs):
        nodes.append(Node(f"in{place}", Input(*shape) if len(shape) == 3 else Input(shape[0], 1, 1)))
        if len(shape) == 1:
            nodes.append(Node(f"flat{place}", CATALOGUE["flatten"](), inputs=(f"in{place}",)))
    sources = tuple(f"in{p}" if len(shape) == 3 else f"flat{p}" for p, shape in enumerate(inputs))
    nodes += [Node("layer", layer, inputs=sources), Node("out", Output(), inputs=("layer",))]
    return analyze(Design(nodes=tuple(nodes)))


def counted_macs(layer: AnyLayer, inputs: tuple[Shape, ...]) -> int:
    from torch.utils.flop_counter import FlopCounterMode

    counter = FlopCounterMode(display=False)
    with counter:
        run_in_torch(layer, inputs)
    return counter.get_total_flops() // 2


def reaching(layer: AnyLayer) -> tuple[int, int]:
    """The largest extent of input pixels that change an output, each pixel changed in a sample of its own."""
    from torch import nn

    pixels = SIDE * SIDE
    samples = torch.full((pixels + 1, CHANNELS, pixels), 0.5)
    samples[range(pixels), :, range(pixels)] = torch.arange(1.0, CHANNELS + 1) * 100
    module = made(layer, ((CHANNELS, SIDE, SIDE),))
    for parameter in module.parameters() if module else ():
        nn.init.constant_(parameter, 0.01)
    names = {"torch": torch, "self": type("Holder", (), {"layer": module}), "x": samples.view(-1, CHANNELS, SIDE, SIDE)}
    with torch.no_grad():
        result = eval(layer.torch_expression("layer", ("x",)), names)
    # The same value may differ in its last bit from place to place, as Mish does at the end of a vector register.
    changed = (~torch.isclose(result[:-1], result[-1:])).any(1).view(SIDE, SIDE, -1)
    return tuple(_extent(changed.any(other)) for other in (1, 0))


def _extent(changed) -> int:
    """The largest distance, both ends counted, of what is true in a column."""
    places = torch.arange(len(changed))[:, None]
    last = torch.where(changed, places, -1).max(0).values
    first = torch.where(changed, places, len(changed)).min(0).values
    return max(0, int((last - first + 1).max()))


# What an import brings takes only what it was captured with; see test_opaque.
@pytest.mark.parametrize("kind", [kind for kind in MIDDLE_KINDS if not CATALOGUE[kind].is_imported])
@given(data=st.data())
def test_shape_parameters_and_refusals_agree_with_torch(kind: str, data: st.DataObject) -> None:
    layer = data.draw(layers(kind))
    count = data.draw(st.integers(layer.minimum_inputs, layer.maximum_inputs or 3))
    inputs = tuple(data.draw(SHAPES) for _ in range(count))
    if data.draw(st.booleans()):
        inputs = (inputs[0],) * count

    analysis = analyze_alone(layer, inputs)
    outcome = run_in_torch(layer, inputs)

    found = analysis.nodes["layer"]
    if outcome is None or 0 in outcome[0].shape:
        assert found.shape is None, f"torch refuses {layer} on {inputs}, we gave {found.shape}"
    if found.shape is not None:
        assert outcome is not None, f"torch refuses {layer} on {inputs}, we gave {found.shape}"
        result, module = outcome
        assert tuple(result.shape[1:]) == found.shape
        parameters = 0 if module is None else sum(p.numel() for p in module.parameters())
        assert found.costs.parameters == parameters
        state = {} if module is None else module.state_dict()
        assert layer.tensors(*inputs) == {name: tuple(value.shape) for name, value in state.items()}


@pytest.mark.parametrize("kind", MIDDLE_KINDS)
@given(data=st.data())
def test_macs_are_half_of_torchs_flops(kind: str, data: st.DataObject) -> None:
    layer = data.draw(layers(kind))
    inputs = (data.draw(SHAPES),) * layer.minimum_inputs
    found = analyze_alone(layer, inputs).nodes["layer"]
    if found.shape is None:
        return

    assert found.costs.macs == counted_macs(layer, inputs)


@pytest.mark.parametrize("kind", [tag for tag in MIDDLE_KINDS if CATALOGUE[tag].minimum_inputs == 1])
@settings(max_examples=25)
@given(data=st.data())
def test_the_receptive_field_is_what_reaches_an_output(kind: str, data: st.DataObject) -> None:
    layer = data.draw(layers(kind))
    found = analyze_alone(layer, ((CHANNELS, SIDE, SIDE),)).nodes["layer"]
    if found.shape is None or found.receptive_field is None:
        return

    extent = reaching(layer)

    # Softmax over equal sums and a factor of 0 let nothing through.
    assert extent in ((0, 0), found.receptive_field)


@pytest.mark.parametrize("kind", MIDDLE_KINDS)
@given(data=st.data())
def test_words_are_never_missing(kind: str, data: st.DataObject) -> None:
    layer = data.draw(layers(kind))
    count = data.draw(st.integers(layer.minimum_inputs, layer.maximum_inputs or 3))
    inputs = tuple(data.draw(SHAPES) for _ in range(count))

    assert layer.summary()
    assert layer.type_name
    if analyze_alone(layer, inputs).nodes["layer"].shape is not None:
        assert all(layer.formula(*inputs))

"""The generated source: built, run, and compared with an independent reading of the design."""

import ast

import pytest
from hypothesis import given

import onebyone
from onebyone.analysis import analyze
from onebyone.design import Design, Node
from onebyone.errors import SourceError
from onebyone.layers import Add, Concat, Conv2d, Input, Output
from onebyone.layers.module_names import MODULE_NAMES
from onebyone.pytorch_source import class_name, torch_module, torch_source
from tests.engine.strategies import valid_designs

torch = pytest.importorskip("torch")


def built(design: Design, clocked: bool = False):
    """The module that the text defines, with seeded weights."""
    module = torch_module(design, clocked=clocked)
    names: dict = {}
    exec(compile(module.text, "<design>", "exec"), names)
    torch.manual_seed(0)
    return names[module.class_name]().eval(), module


def inputs_of(design: Design):
    analysis = analyze(design)
    torch.manual_seed(1)
    return [torch.randn(2, *analysis.nodes[name].shape) for name in analysis.input_ids]


def interpreted(design: Design, module, inputs):
    """The outputs, computed node by node from the design with the module's layers."""
    analysis = analyze(design)
    results = dict(zip(analysis.input_ids, inputs, strict=True))
    attributes = torch_module(design).attributes

    def result(name: str):
        if name not in results:
            node = analysis.node(name)
            arguments = [result(source) for source in node.inputs]
            names = {f"a{place}": value for place, value in enumerate(arguments)}
            attribute = attributes.get(name, "unused")
            expression = node.layer.torch_expression(attribute, tuple(names))
            results[name] = eval(expression, {"torch": torch, "self": module, **names})
        return results[name]

    return [result(name) for name in analysis.output_ids]


@given(valid_designs())
def test_a_random_design_builds_and_computes_what_it_draws(design: Design) -> None:
    analysis = analyze(design)
    module, _ = built(design)
    inputs = inputs_of(design)

    with torch.no_grad():
        outcome = module(*inputs)

    assert outcome.shape[1:] == analysis.totals.outputs["output"]
    assert sum(p.numel() for p in module.parameters()) == analysis.totals.parameters
    with torch.no_grad():
        torch.testing.assert_close(outcome, interpreted(design, module, inputs)[0], equal_nan=True)


@given(valid_designs())
def test_clocks_change_nothing_but_are_called_between_statements(design: Design) -> None:
    plain, _ = built(design)
    clocked, module = built(design, clocked=True)
    calls = []
    clocked.clock = lambda: calls.append(1)
    inputs = inputs_of(design)

    with torch.no_grad():
        torch.testing.assert_close(clocked(*inputs), plain(*inputs), equal_nan=True)

    assert len(calls) == len(module.statements) + 1


@pytest.mark.parametrize("name", onebyone.gallery.names())
def test_a_gallery_design_has_the_parameters_it_shows(name: str) -> None:
    design = onebyone.gallery.load(name)
    module, _ = built(design)

    parameters = sum(p.numel() for p in module.parameters())

    assert parameters == analyze(design).totals.parameters


def test_inception_3a_computes_what_a_hand_written_module_does() -> None:
    from torch import nn

    module, _ = built(onebyone.gallery.load("inception-3a"))
    x = torch.randn(1, 192, 28, 28)

    def conv(name: str, value):
        layer = getattr(module, name)[0]
        return nn.functional.relu(
            nn.functional.conv2d(value, layer.weight, layer.bias, padding=layer.kernel_size[0] // 2)
        )

    with torch.no_grad():
        pooled = nn.functional.max_pool2d(x, 3, 1, 1)
        branches = (
            conv("conv1x1", x),
            conv("conv3x3", conv("reduce3x3", x)),
            conv("conv5x5", conv("reduce5x5", x)),
            conv("pool_proj", pooled),
        )
        torch.testing.assert_close(module(x), torch.cat(branches, 1))


def test_names_of_module_are_all_known() -> None:
    public = {name for name in dir(torch.nn.Module()) if not name.startswith("_")}

    assert public <= MODULE_NAMES


@pytest.mark.parametrize(
    "name", ["forward", "train", "parameters", "torch", "nn", "Tensor", "clock", "type", "x", "input"]
)
def test_an_id_that_means_something_to_torch_still_works(name: str) -> None:
    nodes = (
        Node("start", Input(3, 4, 4)),
        Node(name, Conv2d(2), inputs=("start",)),
        Node("forward_", Conv2d(2), inputs=("start",)),
        Node("sum", Add(), inputs=(name, "forward_")),
        Node("out", Output(), inputs=("sum",)),
    )

    module, _ = built(Design("Names", nodes=nodes))

    assert module(torch.zeros(1, 3, 4, 4)).shape == (1, 2, 4, 4)


@pytest.mark.parametrize(
    "name",
    ['"""\nimport os', "'; import os #", "\u202eevil", "\\", "a\nb", "# x", "naïve – é", "𝕊", "None", "1x1", ""],
)
def test_a_hostile_name_stays_a_comment(name: str) -> None:
    nodes = (Node("a", Input(1, 1, 1), title=name), Node("b", Output(), inputs=("a",)))

    text = torch_source(Design(name, name, nodes))

    tree = ast.parse(text)
    assert text.isascii() or "×" in text
    assert [type(part) for part in tree.body] == [ast.ImportFrom, ast.ClassDef]
    assert class_name(name).isidentifier()


def test_a_design_with_errors_has_no_source() -> None:
    design = Design(nodes=(Node("a", Conv2d(3)),))

    with pytest.raises(SourceError, match="errors"):
        torch_source(design)


def test_two_outputs_come_back_as_a_tuple() -> None:
    nodes = (
        Node("a", Input(2, 3, 3)),
        Node("b", Conv2d(4), inputs=("a",)),
        Node("c", Concat(), inputs=("a", "b")),
        Node("o1", Output(), inputs=("b",)),
        Node("o2", Output(), inputs=("c",)),
    )

    module, _ = built(Design(nodes=nodes))
    first, second = module(torch.zeros(1, 2, 3, 3))

    assert (first.shape[1], second.shape[1]) == (4, 6)


def test_an_addition_of_hundreds_of_terms_is_built() -> None:
    branches = [Node(f"c{place}", Conv2d(1), inputs=("a",)) for place in range(600)]
    nodes = (
        Node("a", Input(1, 2, 2)),
        *branches,
        Node("sum", Add(), inputs=tuple(node.id for node in branches)),
        Node("out", Output(), inputs=("sum",)),
    )

    module, _ = built(Design(nodes=nodes))

    assert module(torch.zeros(1, 1, 2, 2)).shape == (1, 1, 2, 2)

import msgspec
import pytest

from onebyone import gallery
from onebyone.analysis import analyze
from onebyone.design import Design, Node
from onebyone.gallery import Module
from onebyone.layers import Input, Output


def wired(module: Module) -> Design:
    """The module between an input that fits it and an output."""
    nodes = [
        msgspec.structs.replace(node, inputs=(*node.inputs, "input")) if node.id in module.open_inputs else node
        for node in module.nodes
    ]
    source, end = Node("input", Input(module.channels, 28, 28)), Node("output", Output(), inputs=(module.result,))
    return Design(nodes=(source, *nodes, end))


@pytest.mark.parametrize("module", gallery.modules(), ids=lambda module: module.name)
def test_a_module_is_valid_once_its_open_inputs_are_wired(module: Module) -> None:
    assert analyze(wired(module)).problems == ()


@pytest.mark.parametrize("module", gallery.modules(), ids=lambda module: module.name)
def test_wires_inside_a_module_stay_inside(module: Module) -> None:
    ids = {node.id for node in module.nodes}

    assert all(ids.issuperset(node.inputs) for node in module.nodes)
    assert ids.issuperset(module.open_inputs)
    assert module.result in ids


def test_the_reduced_module_costs_what_inception_3a_costs() -> None:
    module = {module.name: module for module in gallery.modules()}["inception-reduced"]

    assert analyze(wired(module)).totals.parameters == 163_696


def test_the_bottleneck_has_the_parameters_of_resnet50() -> None:
    """Source: torchvision's resnet50, layer1.1: 256·64 + 9·64·64 + 64·256 weights, 2·(64 + 64 + 256) of norms."""
    module = {module.name: module for module in gallery.modules()}["resnet-bottleneck"]

    assert analyze(wired(module)).totals.parameters == 70_400


@pytest.mark.parametrize("module", gallery.modules(), ids=lambda module: module.name)
def test_a_module_filled_with_its_own_numbers_is_itself(module: Module) -> None:
    assert module.filled(module.values()) == module
    assert list(module.values()) == [field.name for field in module.fields]


@pytest.mark.parametrize("module", gallery.modules(), ids=lambda module: module.name)
def test_every_convolution_of_a_module_can_be_filled_in(module: Module) -> None:
    targets = {target.node for field in module.fields for target in field.targets}

    assert {node.id for node in module.nodes if node.layer.kind == "conv2d"} == targets


def test_published_numbers_make_the_modules_of_the_table() -> None:
    module = {module.name: module for module in gallery.modules()}["inception-reduced"]
    numbers = {numbers.title: numbers.values for numbers in module.published}["Inception 5b"]

    filled = msgspec.structs.replace(module.filled(numbers), channels=832)

    assert analyze(filled.design("", "", 7, 7)).totals.parameters == 1_444_080

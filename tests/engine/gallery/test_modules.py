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

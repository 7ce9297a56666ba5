import pytest

from onebyone import edits, gallery
from onebyone.analysis import analyze
from onebyone.design import Design
from onebyone.errors import EditError
from onebyone.gallery import Module
from onebyone.gallery.recognition import fill, fitted, recognized

MODULES = gallery.modules()


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_module_is_recognized_in_a_design(module: Module) -> None:
    design = module.design("", "", 14, 14)
    inner = [node.id for node in design.nodes if node.layer.kind not in {"input", "output"}]

    found = recognized(design, inner)

    assert found is not None and found.module.name == module.name
    assert recognized(design, inner[1:]) is None


def test_the_groups_of_googlenet_are_inception_modules_with_the_tables_numbers() -> None:
    design = gallery.load("googlenet")

    for group in design.groups:
        found = recognized(design, group.nodes)
        assert found is not None and found.module.name == "inception-reduced"
        published = {numbers.title: numbers.values for numbers in found.module.published}
        assert published[group.title] == found.values(design)


def test_filling_in_the_numbers_of_3b_makes_3b() -> None:
    design = edits.set_fields(gallery.load("inception-3a"), "input", {"channels": 256})
    found = recognized(design, [node.id for node in design.nodes[1:-1]])
    assert found is not None
    numbers = next(each.values for each in found.module.published if each.title == "Inception 3b")

    filled = fill(design, found, numbers)

    assert analyze(filled).totals == analyze(gallery.load("inception-3b")).totals


def test_a_number_out_of_bounds_is_refused() -> None:
    design = gallery.load("fire")
    found = recognized(design, [node.id for node in design.nodes[1:-1]])
    assert found is not None

    with pytest.raises(EditError, match="1 to 1,048,576"):
        fill(design, found, {"squeeze": 0})


@pytest.mark.parametrize("name", ["resnet-bottleneck", "resnet-plain", "inverted-residual", "resnext-bottleneck"])
def test_a_residual_module_follows_the_channels_in_front_of_it(name: str) -> None:
    module = next(module for module in MODULES if module.name == name)

    nodes = fitted(module.nodes, 512)

    design = Module(name, "", "", 512, nodes, module.open_inputs, module.result).design("", "", 7, 7)
    assert analyze(design).is_valid
    assert analyze(design).totals.outputs == {"output": (512, 7, 7)}


def test_nodes_that_are_no_module_stay_as_they_are() -> None:
    nodes = gallery.load("alexnet").nodes

    assert fitted(nodes, 7) is nodes
    assert recognized(Design(nodes=nodes), []) is None

import pytest

from onebyone import gallery
from onebyone.analysis import analyze
from onebyone.errors import StorageError
from onebyone.files import storage


def test_inception_3a_has_the_published_numbers() -> None:
    totals = analyze(gallery.load("inception-3a")).totals

    assert (totals.weights, totals.biases, totals.parameters) == (163_328, 368, 163_696)
    assert totals.macs == 128_049_152
    assert totals.outputs == {"output": (256, 28, 28)}


def test_its_naive_twin_has_the_published_numbers() -> None:
    totals = analyze(gallery.load("inception-3a-naive")).totals

    assert (totals.weights, totals.biases) == (387_072, 224)
    assert totals.macs == 303_464_448
    assert totals.outputs == {"output": (416, 28, 28)}


def test_ids_are_those_of_the_picture() -> None:
    ids = [node.id for node in gallery.load("inception-3a").nodes]

    assert ids == [
        "input", "conv1x1", "reduce3x3", "conv3x3", "reduce5x5", "conv5x5", "pool", "pool_proj", "concat", "output",
    ]  # fmt: skip


@pytest.mark.parametrize("name", gallery.names())
def test_every_entry_is_valid_and_survives_a_file(name: str) -> None:
    design = gallery.load(name)

    assert analyze(design).problems == ()
    assert storage.loads(storage.dumps(design)) == design


def test_the_gallery_has_every_system_of_the_subject() -> None:
    modules = [f"inception-{name}" for name in ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b")]
    expected = {
        "nin", "alexnet", "googlenet", "googlenet-naive", "resnet-50", "resnet-101", "resnet-152", *modules,
        *(f"{name}-naive" for name in modules), "resnet-bottleneck", "resnet-plain", "mlpconv", "fire",
        "inverted-residual", "dense-layer", "inception-v3-a", "inception-v3-c", "resnext-bottleneck",
    }  # fmt: skip

    assert set(gallery.names()) == expected


@pytest.mark.parametrize("module", gallery.modules(), ids=lambda module: module.name)
def test_no_two_nodes_of_a_module_overlap(module: gallery.Module) -> None:
    places = [node.position for node in module.nodes]

    assert None not in places
    for index, (x, y) in enumerate(places):
        assert all(abs(x - a) >= 140 or abs(y - b) >= 70 for a, b in places[index + 1 :])


@pytest.mark.parametrize("name", gallery.names())
def test_every_entry_cites_its_source(name: str) -> None:
    assert "arXiv" in gallery.load(name).notes
    assert gallery.entry(name).description
    assert gallery.entry(name).section in gallery.SECTIONS


def test_an_unknown_name_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(StorageError, match=r"'vgg'.*inception-3a"):
        gallery.load("vgg")

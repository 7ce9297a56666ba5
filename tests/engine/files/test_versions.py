"""Format versions: what a file is written in, what an older one may hold, and how it is brought up to date."""

import json
from typing import Any

import msgspec
import pytest

from onebyone import gallery
from onebyone.adding.entries import entries
from onebyone.design import FORMAT_VERSION, Design, Group, Node
from onebyone.errors import DesignFileError
from onebyone.files import migrations, storage
from onebyone.layers import CATALOGUE, Activation, Add, BatchNorm2d, Conv2d, Scale, Slice, Upsample
from tests.engine.files.saved_designs import newer
from tests.engine.opaque_examples import EXAMPLES

PLAIN = Design(nodes=(Node("a", Add()),), groups=(Group("g", nodes=("a",)),))


@pytest.mark.parametrize(
    ("design", "line"),
    [
        (msgspec.structs.replace(PLAIN, direction="right"), '  "direction": "right",\n'),
        (
            msgspec.structs.replace(PLAIN, nodes=(Node("a", Add(), bypassed=True),)),
            '"layer": {"kind": "add"}, "bypassed": true}',
        ),
        (
            msgspec.structs.replace(PLAIN, groups=(Group("g", nodes=("a",), colour="teal"),)),
            '{"id": "g", "nodes": ["a"], "colour": "teal"}',
        ),
    ],
    ids=["direction", "bypassed", "colour"],
)
def test_version_2_is_written_only_where_one_of_its_fields_is_used(design: Design, line: str) -> None:
    data = storage.dumps(design)

    assert data.startswith(b'{\n  "onebyone": 2')
    assert line in data.decode()
    assert storage.loads(data) == design
    assert storage.dumps(PLAIN).startswith(b'{\n  "onebyone": 1')


def test_a_file_of_version_2_that_uses_none_of_its_fields_opens_and_is_written_as_version_1() -> None:
    data = storage.dumps(gallery.load("inception-3a"))

    assert storage.dumps(storage.loads(newer(data))) == data


@pytest.fixture
def later_kind(monkeypatch: pytest.MonkeyPatch) -> Design:
    """A design with a kind that came with the newest version."""
    monkeypatch.setattr(Scale, "since", FORMAT_VERSION)
    return Design(nodes=(Node("a", Scale(2.0), inputs=("b",), bypassed=True), Node("b", Add())))


def test_the_newest_version_is_written_where_a_kind_needs_it(later_kind: Design) -> None:
    data = storage.dumps(later_kind)

    assert json.loads(data)["onebyone"] == FORMAT_VERSION
    assert storage.loads(data) == later_kind
    assert json.loads(storage.dumps(PLAIN))["onebyone"] == 1


@pytest.mark.parametrize("version", range(1, FORMAT_VERSION))
def test_an_older_file_with_a_later_kind_is_refused_with_both_versions(later_kind: Design, version: int) -> None:
    document = json.loads(storage.dumps(later_kind))
    del document["nodes"][0]["bypassed"]

    with pytest.raises(DesignFileError) as caught:
        storage.loads(json.dumps({**document, "onebyone": version}).encode())

    assert f"Node 'a': there is no layer kind 'scale' in format version {version}" in str(caught.value)
    assert f"it came with version {FORMAT_VERSION}." in str(caught.value)


LATER_VALUES = {
    "norm": (Conv2d(8, norm="layer"), "the kind conv2d has no norm 'layer'"),
    "norm_eps": (Conv2d(8, norm="batch", norm_eps=1e-3), "the kind conv2d has no field 'norm_eps'"),
    "affine": (BatchNorm2d(affine=False), "the kind batch_norm2d has no field 'affine'"),
    "activation": (Conv2d(8, activation="mish"), "the kind conv2d has no activation 'mish'"),
    "function": (Activation("elu"), "the kind activation has no function 'elu'"),
    "slope": (Activation("leaky_relu", slope=0.2), "the kind activation has no field 'slope'"),
    "offset": (Scale(2.0, offset=1.0), "the kind scale has no field 'offset'"),
    "learnable": (Scale(2.0, learnable=True), "the kind scale has no field 'learnable'"),
    "step": (Slice(0, 8, step=2), "the kind slice has no field 'step'"),
    "mode": (Upsample(mode="bicubic"), "the kind upsample has no mode 'bicubic'"),
    "size": (Upsample(size=(7, 7)), "the kind upsample has no field 'size'"),
    "align_corners": (Upsample(mode="bilinear", align_corners=True), "the kind upsample has no field 'align_corners'"),
}


@pytest.mark.parametrize(("layer", "words"), LATER_VALUES.values(), ids=LATER_VALUES)
@pytest.mark.parametrize("version", [1, 2])
def test_a_value_that_came_later_is_written_in_its_version_and_refused_in_an_older_file(layer, words, version) -> None:
    design = Design(nodes=(Node("a", layer),))
    data = storage.dumps(design)

    assert json.loads(data)["onebyone"] == 3
    assert storage.loads(data) == design
    with pytest.raises(DesignFileError) as caught:
        storage.loads(data.replace(b'"onebyone": 3', b'"onebyone": %d' % version))
    assert str(caught.value) == f"Node 'a': {words} in format version {version}; it came with version 3."


def test_values_that_were_always_there_need_no_later_version() -> None:
    layers = (
        Conv2d(8, norm="batch", activation="relu"), BatchNorm2d(1e-3), Activation("leaky_relu"), Slice(0, 8),
        Upsample((4, 4), "bilinear"), Scale(0.5), Add(),
    )  # fmt: skip

    for layer in layers:
        assert json.loads(storage.dumps(Design(nodes=(Node("a", layer),))))["onebyone"] == 1


@pytest.mark.parametrize("kind", CATALOGUE)
def test_every_kind_is_written_in_the_version_that_first_knew_it(kind: str) -> None:
    added = [node.layer for group in entries().values() for entry in group for node in entry.nodes]
    layer = next(layer for layer in (*added, *EXAMPLES) if layer.kind == kind)

    assert json.loads(storage.dumps(Design(nodes=(Node("a", layer),))))["onebyone"] == CATALOGUE[kind].since


def _renamed(document: dict[str, Any]) -> dict[str, Any]:
    return {("name" if key == "title" else key): value for key, value in document.items()}


def test_an_older_version_is_migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(migrations.MIGRATIONS, 0, _renamed)

    assert storage.loads(b'{"onebyone": 0, "title": "Old"}').name == "Old"


def test_versions_are_migrated_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(migrations.MIGRATIONS, -1, lambda old: {"onebyone": -1, "title": old["heading"]})
    monkeypatch.setitem(migrations.MIGRATIONS, 0, _renamed)

    assert storage.loads(b'{"onebyone": -1, "heading": "Older"}').name == "Older"


def test_a_migrated_document_is_checked_like_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(migrations.MIGRATIONS, 0, _renamed)

    with pytest.raises(DesignFileError, match="name"):
        storage.loads(b'{"onebyone": 0, "title": 1}')

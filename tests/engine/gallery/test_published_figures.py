"""The gallery against torch: node by node where a network was measured, against hand-written modules elsewhere."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from onebyone import gallery
from onebyone.analysis import analyze

REFERENCE = Path(__file__).parents[4] / "shared" / "reference"
_MODULES = ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b")
FILES = {
    "nin": "nin_imagenet",
    "alexnet": "alexnet",
    "googlenet": "googlenet_v1_lrn",
    "resnet-50": "resnet50",
    "resnet-101": "resnet101",
    "resnet-152": "resnet152",
    **{f"inception-{name}": f"inception_{name}_reduced" for name in _MODULES},
    **{f"inception-{name}-naive": f"inception_{name}_naive" for name in _MODULES},
}
# What the gallery draws as part of the convolution, and torch counts as a layer of its own.
_FUSED = {"relu", "batchnorm2d"}
_OWN_KINDS = {
    "max_pool2d": "maxpool2d", "avg_pool2d": "avgpool2d", "adaptive_avg_pool2d": "adaptive_avgpool2d",
    "local_response_norm": "lrn",
}  # fmt: skip


class Figures(NamedTuple):
    kind: str
    shape: tuple[int, ...]
    parameters: int
    macs: int
    fed_by: tuple[int, ...]


def torchs_figures(rows: list[dict[str, Any]]) -> list[Figures]:
    """Those of the layers with what follows a convolution folded into it."""
    found: list[Figures] = []
    places: dict[str, int] = {}
    for row in rows:
        fed_by = tuple(places[name] for name in row["inputs"])
        if row["kind"] in _FUSED and found[fed_by[0]].kind == "conv2d":
            places[row["name"]] = fed_by[0]
            folded = found[fed_by[0]]
            found[fed_by[0]] = folded._replace(parameters=folded.parameters + row["params"])
            continue
        places[row["name"]] = len(found)
        found.append(Figures(row["kind"], tuple(row["output"]), row["params"], row["macs"], fed_by))
    return found


def our_figures(name: str) -> Iterator[Figures]:
    analysis = analyze(gallery.load(name))
    places = {node.id: place for place, node in enumerate(analysis.design.nodes)}
    for node in analysis.design.nodes:
        if node.layer.kind != "output":
            found = analysis.nodes[node.id]
            kind = _OWN_KINDS.get(node.layer.kind, node.layer.kind)
            kind = getattr(node.layer, "function", "") if kind == "activation" else kind
            fed_by = tuple(places[source] for source in node.inputs)
            assert found.shape is not None
            yield Figures(kind, tuple(found.shape), found.costs.parameters, found.costs.macs, fed_by)


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference networks are not beside this checkout")
@pytest.mark.parametrize(("name", "file"), FILES.items(), ids=FILES)
def test_every_node_has_torchs_figures_and_wires(name: str, file: str) -> None:
    document = json.loads((REFERENCE / f"{file}.json").read_text())

    assert list(our_figures(name)) == torchs_figures(document["layers"])
    totals = analyze(gallery.load(name)).totals
    assert totals.parameters == document["totals"]["params"]
    assert totals.macs == document["totals"]["macs"]
    assert totals.norm == document["totals"]["params_bn"]


def test_naive_modules_that_feed_each_other_grow() -> None:
    """Channels behind each concat by hand: the branches and all that came in."""
    analysis = analyze(gallery.load("googlenet-naive"))

    widths = [analysis.nodes[f"i{name}_concat"].shape for name in _MODULES]

    assert [shape[0] for shape in widths if shape] == [416, 832, 1280, 1728, 2176, 2640, 3344, 4048, 4944]


def test_the_nine_modules_on_equal_inputs_keep_a_quarter_of_the_weights() -> None:
    reduced = sum(analyze(gallery.load(f"inception-{name}")).totals.weights or 0 for name in _MODULES)
    naive = sum(analyze(gallery.load(f"inception-{name}-naive")).totals.weights or 0 for name in _MODULES)

    assert round(100 * reduced / naive, 1) == 24.6


def test_googlenet_has_few_parameters_and_many_macs_beside_alexnet() -> None:
    googlenet, alexnet = (analyze(gallery.load(name)).totals for name in ("googlenet", "alexnet"))

    assert round((alexnet.parameters or 0) / (googlenet.parameters or 1), 1) == 8.7
    assert round((googlenet.macs or 0) / (alexnet.macs or 1), 1) == 2.2


@pytest.mark.parametrize(
    ("name", "weights", "output"),
    [
        ("mlpconv", 9 * 192 * 192 + 2 * 192 * 192, (192, 16, 16)),
        ("resnet-bottleneck", 256 * 64 + 9 * 64 * 64 + 64 * 256, (256, 56, 56)),
        ("resnet-plain", 2 * 9 * 256 * 256, (256, 56, 56)),
        ("resnext-bottleneck", 256 * 128 + 9 * 4 * 128 + 128 * 256, (256, 56, 56)),
        ("fire", 96 * 16 + 16 * 64 + 9 * 16 * 64, (128, 55, 55)),
        ("inverted-residual", 24 * 144 + 9 * 144 + 144 * 24, (24, 56, 56)),
        ("dense-layer", 64 * 128 + 9 * 128 * 32, (96, 56, 56)),
        (
            "inception-v3-a",
            192 * 64 + 192 * 48 + 25 * 48 * 64 + 192 * 64 + 9 * 64 * 96 + 9 * 96 * 96 + 192 * 32,
            (256, 35, 35),
        ),
        (
            "inception-v3-c",
            768 * 192 + 768 * 128 + 7 * 128 * 128 + 7 * 128 * 192 + 768 * 128 + 3 * 7 * 128 * 128
            + 7 * 128 * 192 + 768 * 192,
            (768, 17, 17),
        ),
    ],
)  # fmt: skip
def test_a_block_has_the_weights_of_its_papers_table(name: str, weights: int, output: tuple[int, ...]) -> None:
    totals = analyze(gallery.load(name)).totals

    assert totals.weights == weights
    assert totals.outputs == {"output": output}

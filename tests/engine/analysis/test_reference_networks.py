"""Whole networks, node by node, against figures measured from torch."""

import json
from pathlib import Path
from typing import Any

import pytest

from onebyone.analysis import Analysis, analyze
from onebyone.design import Design, Node
from onebyone.layers import (
    Activation,
    AdaptiveAvgPool2d,
    Add,
    AnyLayer,
    AvgPool2d,
    BatchNorm2d,
    Concat,
    Conv2d,
    Dropout,
    Flatten,
    Input,
    Linear,
    LocalResponseNorm,
    MaxPool2d,
    Output,
)

REFERENCE = Path(__file__).parents[4] / "shared" / "reference"
FILES = sorted(REFERENCE.glob("*.json"))

pytestmark = pytest.mark.skipif(not FILES, reason="the reference networks are not beside this checkout")


def layer_of(row: dict[str, Any]) -> AnyLayer:
    hyper = row["hyper"]

    def pair(name: str, default: int = 1) -> tuple[int, int]:
        value = hyper.get(name, default)
        return (value, value) if isinstance(value, int) else (value[0], value[1])

    match row["kind"]:
        case "input":
            return Input(*row["output"])
        case "conv2d":
            return Conv2d(
                hyper["out_channels"], pair("kernel_size"), pair("stride"), pair("padding", 0), pair("dilation"),
                hyper["groups"], hyper["bias"],
            )  # fmt: skip
        case "maxpool2d":
            return MaxPool2d(
                pair("kernel_size"), pair("stride"), pair("padding", 0), pair("dilation"), hyper["ceil_mode"]
            )
        case "avgpool2d":
            return AvgPool2d(pair("kernel_size"), pair("stride"), pair("padding", 0), hyper.get("ceil_mode", False))
        case "adaptive_avgpool2d":
            return AdaptiveAvgPool2d(pair("output_size"))
        case "linear":
            return Linear(hyper["out_features"], hyper["bias"])
        case "lrn":
            return LocalResponseNorm(hyper["size"], hyper["alpha"], hyper["beta"], hyper["k"])
        case "softmax":
            return Activation("softmax")
        case "relu":
            return Activation("relu")
        case "dropout":
            return Dropout(hyper.get("p", 0.5))
        case "identity":
            return Dropout(0.0)
        case "batchnorm2d":
            return BatchNorm2d()
    return {"concat": Concat, "add": Add, "flatten": Flatten}[row["kind"]]()


def analyzed(document: dict[str, Any]) -> tuple[Analysis, dict[str, str]]:
    ids = {row["name"]: f"n{place}" for place, row in enumerate(document["layers"])}
    nodes = [
        Node(ids[row["name"]], layer_of(row), inputs=tuple(ids[source] for source in row["inputs"]))
        for row in document["layers"]
    ]
    used = {source for node in nodes for source in node.inputs}
    ends = [node.id for node in nodes if node.id not in used]
    nodes += [Node(f"out{place}", Output(), inputs=(end,)) for place, end in enumerate(ends)]
    return analyze(Design(nodes=tuple(nodes))), ids


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_node_has_torchs_figures(path: Path) -> None:
    document = json.loads(path.read_text())

    analysis, ids = analyzed(document)

    assert analysis.is_valid
    for row in document["layers"]:
        found = analysis.nodes[ids[row["name"]]]
        bias_or_shift = found.costs.biases + found.costs.norm // 2
        field = None if row["receptive_field"] is None else tuple(row["receptive_field"])
        assert found.shape == tuple(row["output"]), row["name"]
        assert found.costs.parameters == row["params"], row["name"]
        assert bias_or_shift == row["params_bias"], row["name"]
        assert found.costs.macs == row["macs"], row["name"]
        assert found.receptive_field == field, row["name"]
    assert analysis.totals.parameters == document["totals"]["params"]
    assert analysis.totals.macs == document["totals"]["macs"]

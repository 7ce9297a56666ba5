import csv
import io
import json

import msgspec

from onebyone import gallery
from onebyone.design import Design
from onebyone.edits import remove
from onebyone.reports import summary_csv, summary_json, summary_markdown
from onebyone.summary import summarize

#: Two operations a MAC over the bytes of input, output and parameters.
INTENSITY = 2 * 86704128 / (4 * (96 * 784 + 128 * 784 + 110720))


def rows(design: Design) -> list[list[str]]:
    return list(csv.reader(io.StringIO(summary_csv(summarize(design)))))


def test_csv_has_a_row_a_node_and_the_totals() -> None:
    found = rows(gallery.load("inception-3a"))

    assert found[4] == [
        "conv3x3", "conv2d", "reduce3x3", "128x28x28", "110592", "128", "0", "110720", "86704128", "401408", "3x3",
        str(INTENSITY),
    ]  # fmt: skip
    assert found[-1][:4] == ["total", "", "", "256x28x28"]
    assert found[-1][7:9] == ["163696", "128049152"]


def test_csv_leaves_unknown_figures_empty() -> None:
    cut = remove(gallery.load("inception-3a"), ["input"])

    assert rows(cut)[-1][4:10] == [""] * 6


def test_json_is_the_documented_form() -> None:
    document = json.loads(summary_json(summarize(gallery.load("inception-3a"))))

    assert set(document) == {"name", "valid", "problems", "nodes", "totals"}
    assert document["nodes"][3] == {
        "id": "conv3x3", "kind": "conv2d", "inputs": ["reduce3x3"], "shape": [128, 28, 28], "weights": 110592,
        "biases": 128, "norm": 0, "parameters": 110720, "macs": 86704128, "activation_bytes": 401408,
        "receptive_field": [3, 3], "arithmetic_intensity": INTENSITY,
    }  # fmt: skip
    assert document["totals"]["outputs"] == {"output": [256, 28, 28]}


def test_markdown_names_the_design_safely() -> None:
    design = msgspec.structs.replace(gallery.load("inception-3a"), name="# <b>|x|")

    text = summary_markdown(summarize(design))

    assert text.startswith("# \\# \\<b\\>\\|x\\|\n")
    assert "| `conv3x3` | conv2d | 28×28×128 |" in text


def test_markdown_tells_problems_and_withholds_totals() -> None:
    cut = remove(gallery.load("inception-3a"), ["input"])

    text = summary_markdown(summarize(cut))

    assert "- error: " in text
    assert "**–**" in text

"""Bypassed nodes: a wire in the figures, in memory and in the source; drawn and saved as they were."""

import json

import pytest
from hypothesis import given

from onebyone import edits
from onebyone.analysis import analyze
from onebyone.analysis.waiting import waiting
from onebyone.description import bypass_saving, cost_lines
from onebyone.design import Design, Group, Node
from onebyone.edits.bypass import effective
from onebyone.errors import EditError
from onebyone.files import storage
from onebyone.gallery import load
from onebyone.layers import CATALOGUE, Add, Concat, Conv2d, Flatten, Input, Output
from onebyone.layers.fields import fields_of
from onebyone.pytorch_source import torch_module
from onebyone.reports import summary_csv, summary_json, summary_markdown
from onebyone.summary import summarize
from tests.engine.strategies import designs, partly_bypassed

ENDS_AND_MERGES = {"input", "output", "concat", "add", "subtract", "multiply", "flatten"}


@pytest.fixture
def reduced() -> Design:
    """Inception 3a without its 3×3 convolution: the reduction goes to the concat."""
    return edits.set_bypassed(load("inception-3a"), ["conv3x3"], True)


@pytest.mark.parametrize("kind", [tag for tag, kind in CATALOGUE.items() if not kind.is_imported])
def test_kinds_with_one_input_of_the_rank_of_their_result_can_be_bypassed(kind: str) -> None:
    required = {"pair": (1, 1), "integer": 1, "number": 1.0, "choice": "relu"}
    layer = CATALOGUE[kind](**{field.name: required[field.type] for field in fields_of(kind) if field.required})

    assert layer.can_be_bypassed == (kind not in ENDS_AND_MERGES)


@pytest.mark.parametrize("name", ["input", "output", "concat"])
def test_other_kinds_are_refused_with_the_reason(name: str) -> None:
    with pytest.raises(EditError, match=f"'{name}' cannot be bypassed"):
        edits.set_bypassed(load("inception-3a"), [name], True)


def test_nothing_bypassed_is_the_same_design() -> None:
    design = load("inception-3a")

    assert effective(design) is design
    assert edits.set_bypassed(design, ["pool"], False) == design


def test_wires_pass_through_bypassed_nodes_in_place(reduced: Design) -> None:
    grouped = edits.set_bypassed(reduced, ["reduce3x3", "pool"], True)

    active = effective(grouped)

    assert active.node("concat").inputs == ("conv1x1", "input", "conv5x5", "pool_proj")
    assert active.node("pool_proj").inputs == ("input",)
    assert active.node("conv5x5") is grouped.node("conv5x5")


def test_a_bypassed_node_leaves_its_group_in_what_is_run() -> None:
    design = Design(
        nodes=(Node("a", Input(1, 2, 2)), Node("b", Conv2d(1), inputs=("a",), bypassed=True)),
        groups=(Group("g", nodes=("b",)),),
    )

    assert effective(design).groups == ()


def test_a_ring_of_bypassed_nodes_ends() -> None:
    nodes = tuple(Node(f"n{place}", Conv2d(1), inputs=(f"n{(place + 1) % 5}",), bypassed=True) for place in range(5))
    design = Design(nodes=(*nodes, Node("end", Output(), inputs=("n0",))))

    assert effective(design).nodes == (Node("end", Output()),)
    assert "cycle" in [problem.code for problem in analyze(design).problems]


def test_a_bypassed_node_costs_nothing_and_has_the_shape_of_its_input(reduced: Design) -> None:
    analysis = analyze(reduced)

    found = analysis.nodes["conv3x3"]
    assert found.shape == (96, 28, 28)
    assert (found.costs.parameters, found.costs.macs, found.activation_bytes) == (0, 0, 0)
    assert found.receptive_field == (1, 1)
    assert analysis.totals.outputs == {"output": (224, 28, 28)}
    assert analysis.is_live("conv3x3")


def test_what_a_bypass_saves_is_what_the_layer_would_cost(reduced: Design) -> None:
    before, after = analyze(load("inception-3a")), analyze(reduced)

    saved = bypass_saving(after, "conv3x3")

    assert saved == before.nodes["conv3x3"].costs == bypass_saving(before, "conv3x3")
    assert before.totals.macs - after.totals.macs == saved.macs
    assert cost_lines(after, "conv3x3")[1] == "saves its own 110,720 parameters and 86,704,128 MACs"


def test_a_layer_that_would_not_fit_saves_nothing_known() -> None:
    design = edits.set_fields(load("inception-3a"), "conv3x3", {"kernel": (31, 31)})
    design = edits.set_bypassed(design, ["conv3x3"], True)

    analysis = analyze(design)

    assert analysis.is_valid
    assert bypass_saving(analysis, "conv3x3") is None
    assert cost_lines(analysis, "conv3x3")[1] == "its layer would not fit this input"


def test_a_bypassed_node_without_an_input_has_the_problem_itself() -> None:
    design = edits.disconnect(edits.set_bypassed(load("inception-3a"), ["pool"], True), "pool", 0)

    analysis = analyze(design)

    assert [(problem.code, problem.node) for problem in analysis.problems if problem.severity == "error"] == [
        ("missing-input", "pool")
    ]
    assert waiting(analysis)["pool_proj"] == "pool"


@pytest.mark.parametrize("layer", [Concat(), Flatten(), Add()], ids=["concat", "flatten", "add"])
def test_a_bypass_that_cannot_be_is_a_problem_with_a_fix(layer) -> None:
    nodes = (
        Node("a", Input(2, 3, 3)),
        Node("b", layer, inputs=("a", "a")[: layer.minimum_inputs], bypassed=True),
        Node("out", Output(), inputs=("b",)),
    )
    analysis = analyze(storage.loads(storage.dumps(Design(nodes=nodes))))

    (problem,) = analysis.problems
    assert (problem.code, problem.node, problem.severity) == ("cannot-bypass", "b", "error")
    mended = analyze(problem.fixes[0].apply(analysis.design))
    assert mended.is_valid
    assert mended.nodes["b"].shape == analysis.nodes["b"].shape


def test_a_bypass_is_switched_incrementally_as_in_full() -> None:
    design = load("inception-3a")
    before = analyze(design)

    after = analyze(edits.set_bypassed(design, ["conv3x3"], True), previous=before)

    assert after.nodes["conv5x5"] is before.nodes["conv5x5"]
    assert after.nodes == analyze(after.design).nodes
    assert analyze(design, previous=after).totals == before.totals


@given(partly_bypassed())
def test_the_totals_are_those_of_the_design_without_its_bypassed_nodes(design: Design) -> None:
    whole, active = analyze(design), analyze(effective(design))

    assert whole.totals == active.totals
    for name, found in active.nodes.items():
        assert found == whole.nodes[name]
    assert [name for name in whole.order if name in active.nodes] == list(active.order)


@given(designs())
def test_what_is_run_has_no_error_that_was_not_there_before(design: Design) -> None:
    active = effective(design)

    assert not any(node.passes_through for node in active.nodes)
    if analyze(design).is_valid:
        assert analyze(active).is_valid


@given(partly_bypassed())
def test_torch_runs_what_is_left_with_the_figures_shown(design: Design) -> None:
    torch = pytest.importorskip("torch")
    analysis = analyze(design)
    source = torch_module(design, analysis)
    names: dict = {}
    exec(compile(source.text, "<design>", "exec"), names)
    module = names[source.class_name]().eval()

    with torch.no_grad():
        outcome = module(*[torch.zeros(1, *analysis.nodes[name].shape) for name in source.inputs])

    assert outcome.shape[1:] == analysis.totals.outputs["output"]
    assert sum(parameter.numel() for parameter in module.parameters()) == analysis.totals.parameters
    assert not any(design.node(name).bypassed for name in source.statements)


def test_the_summary_keeps_the_row_and_says_so_only_there(reduced: Design) -> None:
    summary = summarize(reduced)

    rows = {row["id"]: row for row in json.loads(summary_json(summary))["nodes"]}
    assert rows["conv3x3"]["bypassed"] is True
    assert rows["conv3x3"]["macs"] == 0
    assert "bypassed" not in rows["conv1x1"]
    assert rows["input"]["weights"] == 0
    assert "conv2d (bypassed)" in summary_markdown(summary)
    assert summary_csv(summary).splitlines()[0].endswith(",bypassed")
    assert "bypassed" not in summary_csv(summarize(load("inception-3a")))

from typing import Any

import msgspec
import pytest

from onebyone import edits, gallery
from onebyone.measurement.records import Form, MeasuredCell, MeasurementRequest, Verdict
from onebyone.node_table import columns
from onebyone.reports import Report, make_report
from onebyone.reports.facts import answer_of, verdict_of
from tests.engine.measurement.made_up_measurement import cells_of_two, measurement_of, request_for_two, run_of


def report(*verdicts: Verdict) -> Report:
    request = request_for_two()
    return make_report(
        [MeasuredCell(request, measurement_of(request, *verdicts))], ["gallery:inception-3a", "my block's.1x1"]
    )


def figures(made: Report) -> dict[str, dict[str, Any]]:
    """The values of the report's table of nodes, by node and column."""
    shown = columns("report sheet")
    rows = made.sections[0].nodes
    return {row.node.id: {column.key: column.value(row) for column in columns("report", rows) + shown} for row in rows}


def test_the_answer_gives_the_median_and_its_interval() -> None:
    assert answer_of(run_of(gallery.load("inception-3a"))) == (
        "7.00 ms a call; the 95 % interval is 6.90 ms to 7.10 ms."
    )


def test_a_refused_run_gives_only_a_range() -> None:
    answer = answer_of(run_of(gallery.load("inception-3a"), "refused"))

    assert answer == "No figure: single calls took from 6.70 ms to 8.20 ms."


@pytest.mark.parametrize(
    ("verdict", "words"),
    [("quiet", "Quiet. Why."), ("disturbed", "Disturbed. Take it as a hint. Why."), ("refused", "Only a range")],
)
def test_the_verdict_is_in_words_with_its_reason(verdict: Verdict, words: str) -> None:
    assert words in verdict_of(run_of(gallery.load("inception-3a"), verdict, "Why."))


def test_macs_stand_beside_times() -> None:
    nodes = figures(report())

    assert nodes["conv3x3"]["macs"] == 86_704_128
    assert nodes["conv3x3"]["macs_share"] == pytest.approx(0.677, abs=1e-3)
    assert nodes["conv3x3"]["median_s"] == 0.0019
    assert nodes["input"]["median_s"] is None


def test_bypassed_nodes_are_left_out_as_they_do_not_run() -> None:
    design = edits.set_bypassed(gallery.load("inception-3a"), ["reduce5x5"], True)
    request = MeasurementRequest((design,), threads=1)

    nodes = [row.node.id for row in make_report([MeasuredCell(request, measurement_of(request))]).sections[0].nodes]

    assert "reduce5x5" not in nodes
    assert len(nodes) == len(design.nodes) - 1


def test_activations_are_counted_in_the_dtype_measured() -> None:
    request = msgspec.structs.replace(request_for_two(), dtype="bfloat16")

    made = make_report([MeasuredCell(request, measurement_of(request))])

    assert figures(made)["input"]["activation_bytes"] == 2 * 192 * 28 * 28


def test_the_command_measures_the_same_again() -> None:
    assert report().command == (
        """onebyone measure gallery:inception-3a 'my block'"'"'s.1x1' --device cpu --dtype float32 --layout nchw"""
        " --batch 1 --threads 1 --mode eager --budget 3"
    )


def test_ratios_come_with_interval_and_resolution() -> None:
    values = [fact.value for fact in report().ratios]

    assert values == [
        "1.42× [1.39, 1.45]: slower",
        "MACs alone say 2.37×.",
        "a copy of the first design came out 1.0 % apart from it",
    ]


def test_an_unnamed_design_has_a_title_all_the_same() -> None:
    design = msgspec.structs.replace(gallery.load("inception-3a"), name="")
    request = MeasurementRequest((design,))

    made = make_report([MeasuredCell(request, measurement_of(request))])

    assert made.title == "Latency of Untitled"
    assert "Untitled.1x1" in made.command


def test_every_cell_has_its_own_lines_and_nothing_is_averaged() -> None:
    made = make_report(cells_of_two())

    assert [(line.cell, line.design) for line in made.table] == [
        ("NCHW", "Inception 3a"), ("NCHW", "Inception 3a naive"),
        ("channels last", "Inception 3a"), ("channels last", "Inception 3a naive"),
    ]  # fmt: skip
    assert [line.ratio for line in made.table] == ["", "1.42× [1.39, 1.45]: slower"] * 2
    assert [line.predicted for line in made.table] == ["", "2.37×"] * 2


def test_designs_that_share_a_name_keep_their_own_ratio() -> None:
    request = request_for_two()
    same = tuple(msgspec.structs.replace(design, name="Block") for design in request.designs)
    request = msgspec.structs.replace(request, designs=same)

    table = make_report([MeasuredCell(request, measurement_of(request))]).table

    assert [bool(line.ratio) for line in table] == [False, True]


def test_what_differs_between_the_cells_environments_stands_with_each() -> None:
    first, second = cells_of_two()
    busy = msgspec.structs.replace(second.measurement, environment={**second.measurement.environment, "load_before": 9})

    made = make_report([first, msgspec.structs.replace(second, measurement=busy)])

    assert "Load before" not in {fact.label for fact in made.environment}
    assert "PyTorch" in {fact.label for fact in made.environment}
    loads = [fact.value for section in made.sections for fact in section.facts if fact.label == "Load before"]
    assert loads == ["0.5, 0.25", "0.5, 0.25", "9", "9"]


@pytest.mark.parametrize(
    ("form", "words"), [("quick", "the rounds of one process"), ("trusted", "the medians of fresh processes")]
)
def test_what_the_interval_is_over_is_said(form: Form, words: str) -> None:
    question = {fact.label: fact.value for fact in make_report(cells_of_two(form=form)).question}

    assert words in question["The interval is over"]


def test_facts_tell_memory_correctness_and_the_distance_to_the_roof() -> None:
    facts = {fact.label: fact.value for fact in report().sections[0].facts}

    assert facts["Largest error against eager float32"] == "0"
    assert facts["Memory"].startswith("Measured 2.39 MiB, estimated by liveness 1.82 MiB")
    assert "3.8 times that" in facts["Distance to the roof"]


def test_the_command_asks_for_all_cells_and_the_form() -> None:
    made = make_report(cells_of_two(form="trusted", is_isolated=True, budget=20.0), ["a.1x1", "b.1x1"])

    assert made.command == (
        "onebyone measure a.1x1 b.1x1 --device cpu --dtype float32 --cells layout=nchw,channels_last --batch 1"
        " --threads 1 --mode eager --trusted --isolated --budget 20"
    )


def test_nodes_alone_stand_beside_their_times_in_the_graph() -> None:
    nodes = figures(make_report(cells_of_two(is_isolated=True)))

    assert (nodes["conv3x3"]["hot_s"], nodes["conv3x3"]["cold_s"]) == (0.0018, 0.0023)
    assert (nodes["pool"]["hot_s"], nodes["pool"]["cold_s"]) == (0.0034, None)
    assert nodes["conv3x3"]["bound"] == "compute"

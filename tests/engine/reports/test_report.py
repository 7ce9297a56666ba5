import msgspec
import pytest

from onebyone import edits, gallery
from onebyone.measurement import MeasuredCell, MeasurementRequest, Verdict
from onebyone.reports import Report, make_report
from onebyone.reports.facts import answer_of, verdict_of
from tests.engine.made_up_measurement import measurement_of, request_for_two, run_of


def report(*verdicts: Verdict) -> Report:
    request = request_for_two()
    return make_report(
        [MeasuredCell(request, measurement_of(request, *verdicts))], ["gallery:inception-3a", "my block's.1x1"]
    )


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
    nodes = {node.id: node for node in report().sections[0].nodes}

    assert nodes["conv3x3"].macs == 86_704_128
    assert nodes["conv3x3"].macs_share == pytest.approx(0.677, abs=1e-3)
    assert nodes["conv3x3"].median == 0.0019
    assert nodes["input"].median is None


def test_bypassed_nodes_are_left_out_as_they_do_not_run() -> None:
    design = edits.set_bypassed(gallery.load("inception-3a"), ["reduce5x5"], True)
    request = MeasurementRequest((design,), threads=1)

    nodes = [node.id for node in make_report([MeasuredCell(request, measurement_of(request))]).sections[0].nodes]

    assert "reduce5x5" not in nodes
    assert len(nodes) == len(design.nodes) - 1


def test_activations_are_counted_in_the_dtype_measured() -> None:
    request = msgspec.structs.replace(request_for_two(), dtype="bfloat16")

    made = make_report([MeasuredCell(request, measurement_of(request))])

    assert {node.id: node.activation_bytes for node in made.sections[0].nodes}["input"] == 2 * 192 * 28 * 28


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

import msgspec
import pytest
from hypothesis import given

from onebyone import edits, gallery
from onebyone.analysis import Analysis, analyze
from onebyone.comparison import Comparison, Held, compare
from onebyone.comparison.branches import branches
from onebyone.comparison.comparison import share_words
from onebyone.comparison.matching import Rows
from onebyone.design import Design, Node
from onebyone.errors import ComparisonError
from onebyone.gallery import inception
from tests.engine.measurement.made_up_measurement import cells_of_two
from tests.engine.strategies import designs


def analyses(*names: str) -> list[Analysis]:
    return [analyze(gallery.load(name)) for name in names]


@pytest.fixture(scope="module")
def both() -> Comparison:
    return compare(analyses("inception-3a-naive", "inception-3a"))


def test_module_3a_keeps_its_real_share_of_the_weights(both: Comparison) -> None:
    (sentence,) = both.sentences

    assert "42.2 % of the weights" in sentence
    assert "42.2 % of the MACs" in sentence


def test_without_the_projection_it_is_40_6_percent() -> None:
    design = edits.set_bypassed(gallery.load("inception-3a"), ["pool_proj"], True)

    found = compare([*analyses("inception-3a-naive"), analyze(design)])

    assert found.sentences[0].startswith("Inception 3a has 40.6 % of the weights")
    assert found.totals[-1].values == (416, 416)


def test_googlenet_beside_alexnet_is_told_in_real_figures() -> None:
    found = compare(analyses("alexnet", "googlenet"))

    assert "1/8.7 of the parameters, 2.2 times the MACs" in found.sentences[0]


def test_nodes_are_matched_by_id_and_those_of_one_design_stand_in_their_place(both: Comparison) -> None:
    assert both.rows == (
        ("input", "input"), ("conv1x1", "conv1x1"), (None, "reduce3x3"), ("conv3x3", "conv3x3"),
        (None, "reduce5x5"), ("conv5x5", "conv5x5"), ("pool", "pool"), (None, "pool_proj"), ("concat", "concat"),
        ("output", "output"),
    )  # fmt: skip
    fed_otherwise = {"conv3x3", "conv5x5", "concat", "output"}
    assert both.different(1) == {"reduce3x3", "reduce5x5", "pool_proj"} | fed_otherwise
    assert both.different(0) == fed_otherwise
    assert both.counterpart(0, "conv3x3", 1) == "conv3x3"
    assert both.counterpart(1, "reduce3x3", 0) is None


def test_branches_are_matched_by_the_nodes_they_share(both: Comparison) -> None:
    lines = {line.names: line.figures["weights"] for line in both.branches}

    assert lines == {
        ("conv1x1", "conv1x1"): (12_288, 12_288),
        ("conv3x3", "reduce3x3 → conv3x3"): (221_184, 129_024),
        ("conv5x5", "reduce5x5 → conv5x5"): (153_600, 15_872),
        ("pool", "pool → pool_proj"): (0, 6_144),
    }


def test_groups_are_branches_of_networks() -> None:
    found = compare(analyses("googlenet", "googlenet-naive"))

    modules = [line for line in found.branches if line.name.startswith("Inception")]
    assert [line.name for line in modules] == [f"Inception {name}" for name in inception.ROWS]
    assert all(None not in line.names and line.is_different for line in modules)


def test_nodes_with_other_ids_are_matched_by_place() -> None:
    first = gallery.load("inception-3a")
    renamed = Design(
        nodes=tuple(
            msgspec.structs.replace(node, id=f"x_{node.id}", inputs=tuple(f"x_{name}" for name in node.inputs))
            for node in first.nodes
        )
    )

    found = compare([analyze(first), analyze(renamed)])

    assert found.rows == tuple((node.id, f"x_{node.id}") for node in first.nodes)
    assert found.different(0) == found.different(1) == frozenset()


def test_six_designs_are_compared_and_seven_are_not() -> None:
    six = analyses("nin", "alexnet", "googlenet", "googlenet-naive", "resnet-50", "resnet-152")

    assert all(len(row) == 6 for row in compare(six).rows)
    with pytest.raises(ComparisonError, match="Two to 6"):
        compare([*six, six[0]])
    with pytest.raises(ComparisonError, match="not 1"):
        compare(six[:1])


def test_a_design_with_errors_is_compared_without_its_totals() -> None:
    broken = edits.set_fields(gallery.load("inception-3a"), "conv3x3", {"groups": 5})

    found = compare([*analyses("inception-3a"), analyze(broken)])

    assert found.totals[0].values == (163_328, None)
    assert found.totals[0].words == ("163,328", "–")
    assert "has errors" in found.sentences[0]
    assert found.nodes[2].figures["weights"] == (18_432, 18_432)


def test_designs_of_one_name_are_told_apart() -> None:
    assert compare(analyses("fire", "fire")).titles == ("Fire (SqueezeNet)", "Fire (SqueezeNet) (2)")


def test_a_measurement_is_shown_with_interval_verdict_and_ratio() -> None:
    cell = cells_of_two()[0]

    held = [[Held(cell, place)] for place in range(2)]
    found = compare([analyze(design) for design in cell.request.designs], held=held)

    (line,) = found.latency
    assert line.median(0) == "7.00 ms"
    assert line.verdict(1) == cell.measurement.runs[1].verdict
    assert line.ratio(0) == "" and "×" in line.ratio(1)


def test_designs_that_were_measured_apart_have_no_ratio() -> None:
    first, other = (cells_of_two()[0] for _ in range(2))

    found = compare([analyze(design) for design in first.request.designs], held=[[Held(first, 0)], [Held(other, 1)]])

    assert found.latency[0].median(1) == "7.00 ms"
    assert found.latency[0].ratio(1) == ""


@pytest.mark.parametrize(
    ("ratio", "words"),
    [(0.0, "none of"), (0.1145, "1/8.7 of"), (0.4219, "42.2 % of"), (1.0, "100 % of"), (1.44, "1.44 times"),
     (2.216, "2.2 times")],
)  # fmt: skip
def test_a_ratio_is_a_share_a_fraction_or_a_multiple(ratio: float, words: str) -> None:
    assert share_words(ratio) == words


@given(designs(), designs())
def test_every_node_of_every_design_is_in_one_row(first: Design, second: Design) -> None:
    pair = [analyze(first), analyze(second)]

    rows = Rows(pair).rows

    for place, analysis in enumerate(pair):
        found = [row[place] for row in rows if row[place] is not None]
        assert sorted(name for name in found if name) == sorted(analysis.design_nodes)
        in_branches = [name for branch in branches(analysis) for name in branch.nodes]
        assert len(in_branches) == len(set(in_branches))


@given(designs())
def test_a_design_does_not_differ_from_itself(design: Design) -> None:
    found = compare([analyze(design), analyze(design)])

    assert found.different(0) == frozenset()
    assert not any(line.is_different for line in found.branches)


def test_an_empty_design_is_compared() -> None:
    found = compare([analyze(Design()), analyze(Design(nodes=(Node("input", gallery.load("fire").nodes[0].layer),)))])

    assert found.rows == ((None, "input"),)

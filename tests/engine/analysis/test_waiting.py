"""Who waits for whom."""

from onebyone import edits, gallery
from onebyone.analysis import analyze
from onebyone.analysis.waiting import causes, waiting
from onebyone.design import Design, Node
from onebyone.layers import Concat, Conv2d, Input, MaxPool2d, Output


def test_nodes_behind_an_open_input_wait_for_the_node_that_has_it() -> None:
    design = edits.disconnect(gallery.load("inception-3a"), "pool", 0)

    assert waiting(analyze(design)) == {"pool_proj": "pool", "concat": "pool", "output": "pool"}


def test_nothing_waits_where_nothing_is_wrong() -> None:
    assert waiting(analyze(gallery.load("inception-3a"))) == {}


def test_a_warning_upstream_is_no_cause() -> None:
    design = Design(
        nodes=(
            Node("input", Input(3, 8, 8)),
            Node("unused", Conv2d(4), inputs=("input",)),
            Node("output", Output(), inputs=("input",)),
        )
    )

    assert waiting(analyze(design)) == {}


def test_only_causes_are_listed() -> None:
    design = Design(
        nodes=(
            Node("input", Input(3, 8, 8)),
            Node("pool", MaxPool2d((3, 3))),
            Node("conv", Conv2d(4), inputs=("pool",)),
            Node("merge", Concat(), inputs=("conv",)),
            Node("output", Output(), inputs=("merge",)),
        )
    )
    analysis = analyze(design)

    assert {problem.node for problem in analysis.problems if problem.code == "unreachable"} == {
        "conv",
        "merge",
        "output",
    }
    assert not any(problem.code == "unreachable" for problem in causes(analysis))
    assert any(problem.node == "pool" for problem in causes(analysis))

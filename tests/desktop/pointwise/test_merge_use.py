"""Parallel 1×1 convolutions are merged, checked by the worker, and clocked against the design before."""

import sys

import pytest

from onebyone import edits, gallery
from onebyone.analysis import analyze
from onebyone.pointwise.parallel import merge_parallel
from onebyone_desktop.pointwise.merging import MergeCheck

TIMEOUT_MS = 60_000


@pytest.fixture
def window(open_window):
    return open_window("gallery:inception-3a")


def test_parallel_1x1s_are_merged_in_one_step_and_checked(window, qtbot) -> None:
    before = window.session.design
    window.session.select(["reduce3x3"])

    def is_checked(sentence: str) -> bool:
        return sentence.startswith("Same function:")

    with qtbot.waitSignal(window.desk.said, timeout=TIMEOUT_MS, check_params_cb=is_checked):
        window.action("reduce.merge").trigger()

    assert window.session.selection == ("merged_1x1",)
    assert analyze(window.session.design).totals.weights == 163_328
    window.session.undo()
    assert window.session.design == before


def test_the_merge_is_clocked_against_the_design_before(window, monkeypatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(MergeCheck, "ask", lambda _self, _merge: None)
    monkeypatch.setattr(window.desk.measuring, "start", lambda chosen: started.append([each.title for each in chosen]))
    assert not window.action("reduce.clock_merge").isEnabled()
    window.session.select(["conv1x1", "reduce5x5"])
    window.action("reduce.merge").trigger()
    assert window.session.design.node("merged_1x1").layer.out_channels == 64 + 16

    window.action("reduce.clock_merge").trigger()

    assert started == [["Inception 3a before merging", "Inception 3a"]]


def test_it_is_off_where_nothing_can_be_merged(window) -> None:
    for chosen in (["pool_proj"], ["conv3x3"], ["conv1x1", "pool_proj"], []):
        window.session.select(chosen)
        assert not window.action("reduce.merge").isEnabled()


def test_a_worker_that_dies_is_said(qtbot) -> None:
    design = gallery.load("inception-3a")
    check = MergeCheck(command=[sys.executable, "-c", "import sys; sys.exit(3)"])

    with qtbot.waitSignal(check.answered, timeout=TIMEOUT_MS) as answer:
        check.ask(merge_parallel(design, ("conv1x1", "reduce3x3")))

    assert answer.args[0].startswith("The merge could not be checked.")
    check.stop()


def test_a_merge_that_computes_something_else_is_said(qtbot) -> None:
    import msgspec

    right = merge_parallel(gallery.load("inception-3a"), ("conv1x1", "reduce3x3", "reduce5x5"))
    wrong = msgspec.structs.replace(right, after=edits.set_fields(right.after, "reduce5x5", {"start": 0, "stop": 16}))
    check = MergeCheck()

    with qtbot.waitSignal(check.answered, timeout=TIMEOUT_MS) as answer:
        check.ask(wrong)

    assert answer.args[0].startswith("Not the same function")
    check.stop()

"""The lessons: every figure in them is known, no task is done before it is begun, and no number is typed by hand."""

import re

import pytest

from onebyone import edits, gallery
from onebyone.analysis import analyze
from onebyone.design import Design
from onebyone.gallery.recognition import fill, recognized
from onebyone.lessons.lesson import Lesson, Step, lesson_names, load_lesson, read_lesson
from onebyone.lessons.scope import Scope, clock_values
from onebyone.pointwise.reductions import insert_projection, insert_reduction
from tests.engine.measurement.made_up_measurement import cells_of_two

STEPS = [
    pytest.param(lesson, step, id=f"{lesson.name}-{place}")
    for lesson in map(load_lesson, lesson_names())
    for place, step in enumerate(lesson.steps, 1)
]
CLOCK = clock_values((cell, 0) for cell in cells_of_two())
PANELS = {"", "costs", "latency", "compare", "channels", "roofline", "sweep"}
# Numbers that are names, not figures.
_NAMES = re.compile(r"\d+×\d+|ResNet-\d+|Inception \w+|[Mm]odule 3a|`[^`]*`|[135]·[135]·")


def scope_of(step: Step) -> Scope:
    return Scope(analyze(gallery.load(step.opens[0])), CLOCK)


@pytest.mark.parametrize(("lesson", "step"), STEPS)
def test_every_figure_of_a_step_is_known(lesson: Lesson, step: Step) -> None:
    scope = scope_of(step)

    for text in (step.text, step.task, step.done):
        assert "–" not in scope.filled(text)
        assert "{" not in scope.filled(text)


@pytest.mark.parametrize(("lesson", "step"), STEPS)
def test_a_step_opens_selects_and_shows_what_there_is(lesson: Lesson, step: Step) -> None:
    nodes = gallery.load(step.opens[0]).nodes_by_id()

    assert set(step.opens) <= set(gallery.names())
    assert set(step.selects) <= set(nodes)
    assert step.panel in PANELS
    assert bool(step.task) == bool(step.check) == bool(step.done)
    assert set(re.findall(r"`(\w+)`", step.text + step.task)) <= set(nodes)


@pytest.mark.parametrize(("lesson", "step"), STEPS)
def test_a_task_is_not_done_before_it_is_begun(lesson: Lesson, step: Step) -> None:
    if step.check:
        assert not Scope(analyze(gallery.load(step.opens[0]))).holds(step.check)


@pytest.mark.parametrize(("lesson", "step"), STEPS)
def test_no_figure_is_typed_by_hand(lesson: Lesson, step: Step) -> None:
    for text in (step.title, step.text, step.task, step.done):
        plain = _NAMES.sub("", re.sub(r"\{[^}]*\}", "", text))
        assert not re.search(r"\d", plain), plain


def steps(name: str) -> list[Step]:
    return [step for step in load_lesson(name).steps if step.check]


def done(step: Step, design: Design) -> str:
    scope = Scope(analyze(design))
    assert scope.holds(step.check)
    return scope.filled(step.done)


def test_mixing_is_done_by_halving_the_cccp_layer() -> None:
    (step,) = steps("mixing")

    said = done(step, edits.set_fields(gallery.load("nin"), "cccp1", {"out_channels": 48}))

    assert f"{96 * 48:,} weights instead of {96 * 96:,}" in said
    assert f"fell from {96 * 96:,} to {48 * 96:,}" in said


def test_the_arithmetic_is_walked_from_naive_to_reduced() -> None:
    narrow5, narrow3, project = steps("arithmetic")
    design = insert_reduction(gallery.load("inception-3a-naive"), "conv5x5", 16)

    assert "5·5·16·32 = 12,800" in done(narrow5, design)
    design = insert_reduction(design, "conv3x3", 96)
    assert "157,184 weights, 40.6 % of the naive one" in done(narrow3, design)
    design = insert_projection(design, "pool", 32)
    assert "from 416 to 256 channels" in done(project, design)
    last = load_lesson("arithmetic").steps[-1]
    assert "163,328 are left: 42.2 %" in Scope(analyze(design)).filled(last.text)


def test_the_bottleneck_is_widened_until_it_costs_as_much() -> None:
    (step,) = steps("bottleneck")
    design = gallery.load("resnet-bottleneck")
    found = recognized(design, [node.id for node in design.nodes[1:-1]])
    assert found is not None

    said = done(step, fill(design, found, {"inner": 335}))

    assert "With 335 channels inside" in said
    assert not Scope(analyze(fill(design, found, {"inner": 330}))).holds(step.check)


def test_the_clock_lesson_tells_what_was_measured() -> None:
    both, pool = steps("clock")
    scope = Scope(analyze(gallery.load("inception-3a")), CLOCK)

    assert scope.holds(both.check)
    assert "1.42 times as long" in scope.filled(both.done)
    assert "50.0 % of the reduced module's time" in scope.filled(pool.done)


def test_measured_values_are_of_the_design_and_beside_the_other() -> None:
    of_naive = clock_values((cell, 1) for cell in cells_of_two())

    assert CLOCK["nchw.ratio"] == 1.42 and CLOCK["channels_last.median"] == 0.0070
    assert of_naive["nchw.ratio"] == pytest.approx(1 / 1.42)
    assert clock_values(()) == {}


def test_unknown_figures_are_dashes_and_hold_nothing() -> None:
    scope = Scope(analyze(edits.disconnect(gallery.load("inception-3a"), "conv3x3", 0)))

    assert scope.filled("{count weights} {count conv3x3.weights} {duration clock.nchw.median}") == "– – –"
    assert not scope.holds("weights > 0")
    assert scope.holds("valid == 0 and conv3x3.exists == 1 and nothing.exists == 0")


def test_figures_are_worked_out_from_left_to_right() -> None:
    scope = Scope(analyze(gallery.load("inception-3a")))

    assert scope.value("input.channels - 2 * 2 / 4") == (192 - 2) * 2 / 4
    assert scope.value("input.channels / 0") is None
    with pytest.raises(ValueError, match="ends with a sign"):
        scope.value("weights +")
    with pytest.raises(ValueError, match="compares nothing"):
        scope.holds("weights")


def test_a_lesson_is_read_from_markdown() -> None:
    text = (
        "# Title\nOne sentence,\nand more.\n\n## First\n@open fire\n@select squeeze\nText **bold**.\n\n## Second\nMore."
    )

    lesson = read_lesson("x", text)

    assert (lesson.title, lesson.summary) == ("Title", "One sentence, and more.")
    assert lesson.steps == (Step("First", "Text **bold**.", ("fire",), ("squeeze",)), Step("Second", "More."))


@pytest.mark.parametrize("language", ["de", "../en", "", "en"])
def test_a_language_that_is_missing_is_english(language: str) -> None:
    assert load_lesson("mixing", language) == load_lesson("mixing")

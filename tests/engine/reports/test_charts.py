"""Charts of a report: what they show, and that they are well-formed whatever is in them."""

from itertools import pairwise
from xml.etree import ElementTree

import msgspec
import pytest

from onebyone.measurement.records import Run
from onebyone.reports import Report, make_report
from onebyone.reports.charts import medians_chart, roofline_chart, rounds_chart, samples_chart, section_figures
from onebyone.reports.drawing import WIDTH
from tests.engine.measurement.made_up_measurement import cells_of_two

SVG = "{http://www.w3.org/2000/svg}"


def report(**changes: object) -> Report:
    return make_report(cells_of_two(**changes))


def run_with(**changes: object) -> Run:
    return msgspec.structs.replace(report().sections[0].run, **changes)


def shapes(svg: str, name: str, family: str = "") -> list[ElementTree.Element]:
    found = ElementTree.fromstring(svg).iter(f"{SVG}{name}")
    return [element for element in found if not family or element.get("class") == family]


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in shapes(svg, "text")]


def test_disturbed_samples_are_drawn_apart() -> None:
    svg = samples_chart(run_with(samples_seconds=(0.005,) * 9 + (0.006,), clean=(True,) * 9 + (False,)))

    assert len(shapes(svg, "rect", "clean")) == 1
    assert len(shapes(svg, "rect", "waited")) == 1


def test_the_slowest_samples_are_counted_and_do_not_squeeze_the_others() -> None:
    svg = samples_chart(run_with(samples_seconds=(0.005, 0.0051) * 100 + (1.0,), clean=(True,) * 201))

    assert "1 further right" in texts(svg)
    assert not any("1.0" in words and "s" in words and "ms" not in words for words in texts(svg))


def test_an_axis_has_the_digits_that_tell_its_ends_apart() -> None:
    svg = rounds_chart(run_with(rounds=(0.00700, 0.00701), median=0.007005, ci=(0.00700, 0.00701)))

    ticks = [words for words in texts(svg) if words.endswith("ms")]
    assert len(set(ticks)) == len(ticks) == 5


def test_processes_are_drawn_where_there_are_several() -> None:
    run = report(form="trusted").sections[0].run

    assert "3 processes" in texts(rounds_chart(run))
    assert len(shapes(rounds_chart(run), "circle")) == 3


def test_every_median_stands_by_itself_and_a_refused_one_has_no_bar() -> None:
    sections = list(report().sections)
    refused = msgspec.structs.replace(sections[1].run, median=None, ci=None, verdict="refused")
    sections[1] = msgspec.structs.replace(sections[1], run=refused)

    svg = medians_chart(sections)

    assert len(shapes(svg, "rect", "time")) == 3
    assert "no figure" in texts(svg)


def test_doubtful_medians_are_pale() -> None:
    sections = list(report().sections)
    sections[0] = msgspec.structs.replace(sections[0], run=run_with(verdict="disturbed"))

    opacities = [bar.get("opacity") for bar in shapes(medians_chart(sections), "rect", "time")]

    assert opacities == ["0.4", None, None, None]


def test_names_of_nodes_do_not_cover_each_other() -> None:
    section = report().sections[0]
    placed = tuple(msgspec.structs.replace(section.placed[0], id=f"node{place}") for place in range(8))

    assert section.roofs is not None
    svg = roofline_chart(placed, section.roofs)

    heights = [
        float(element.get("y", "0")) for element in shapes(svg, "text") if (element.text or "").startswith("node")
    ]
    assert len(heights) == 8
    assert all(after - before >= 12 for before, after in pairwise(heights))


def test_what_was_not_measured_has_no_chart() -> None:
    section = report().sections[0]
    bare = run_with(samples_seconds=(), clean=(), rounds=(), median=None, ci=None, nodes=())

    assert section_figures(msgspec.structs.replace(section, run=bare, roofs=None, placed=())) == ()


@pytest.mark.parametrize("seconds", [(0.0,), (0.005,) * 40, (1e-9, 1e9), (0.0, 0.0, 1.0)])
def test_odd_samples_give_a_chart_within_its_frame(seconds: tuple[float, ...]) -> None:
    svg = samples_chart(run_with(samples_seconds=seconds, clean=(True,) * len(seconds)))

    for bar in shapes(svg, "rect"):
        assert 0 <= float(bar.get("x", "-1")) <= WIDTH
        assert float(bar.get("height", "-1")) >= 0


def test_roofs_are_drawn_and_said_in_every_report() -> None:
    section = report().sections[0]

    words = [figure.words for figure in section_figures(section)]

    assert any("The roofs of this machine would allow" in text for text in words)

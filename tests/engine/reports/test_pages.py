"""The templates of web pages: what they print is text, and what they name is there."""

import re
from pathlib import Path

import msgspec
import pytest

from onebyone import analyze, gallery
from onebyone.comparison import compare
from onebyone.reports.comparison_pages import comparison_html
from onebyone.reports.drawing import Figure
from onebyone.reports.pages import _environment, render_page
from onebyone.reports.palette import PALETTE, variables
from onebyone_resources import path

TEMPLATES = sorted(Path(path("report_templates")).glob("*.html"))
HOSTILE = ("<script>alert(1)</script>", "\"onload='alert(1)", "a & b", "{{ 7 * 7 }}{% raw %}", "\u202egnp.exe", "a\nb")


def test_there_are_the_pages_and_what_they_share() -> None:
    assert {file.name for file in TEMPLATES} >= {"base.html", "report.html", "comparison.html", "sweep.html"}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_is_markup_or_a_template(name: str) -> None:
    first, second = (msgspec.structs.replace(gallery.load("fire"), name=name) for _ in range(2))

    page = comparison_html(compare([analyze(first), analyze(second)]))

    plain = comparison_html(compare([analyze(gallery.load("fire"))] * 2))
    assert re.findall(r"<(\w+)", page) == re.findall(r"<(\w+)", plain)
    assert "49" not in re.findall(r"<title>(.*)</title>", page)[0]
    assert "\u202e" not in page


def test_an_unknown_name_in_a_template_is_an_error() -> None:
    from jinja2 import UndefinedError

    with pytest.raises(UndefinedError):
        _environment().from_string("{{ nothing }}").render()
    with pytest.raises(UndefinedError):
        render_page("comparison.html", "Two designs")


def test_raw_figures_cannot_end_their_element() -> None:
    page = render_page("base.html", "A page", raw='{"name": "</script><!--"}')

    assert page.count("</script>") == 1
    assert "<!--" not in page


def test_only_our_own_drawings_are_printed_as_they_are() -> None:
    safe = [found for file in TEMPLATES for found in re.findall(r"\{\{ ([^}]*) \| safe", file.read_text("utf-8"))]

    assert {words.partition("(")[0] for words in safe} == {"drawn.svg", "median_bar", "share_bar", "figure_bar"}


def test_a_figure_without_a_drawing_is_left_out() -> None:
    parts = _environment().get_template("parts.html").module

    assert str(parts.figure(Figure("", "Nothing"))).strip() == ""  # type: ignore[attr-defined]
    assert "<figcaption>a &lt; b</figcaption>" in str(parts.figure(Figure("<svg/>", "a < b")))  # type: ignore[attr-defined]


def test_every_colour_of_a_chart_is_in_the_page_for_both_grounds() -> None:
    page = render_page("base.html", "A page")

    assert variables() in page and variables(is_dark=True) in page
    style = path("report_templates/report.css").read_text(encoding="utf-8")
    assert not [family for family in PALETTE if f"--{family}: {PALETTE[family].light}" in style]

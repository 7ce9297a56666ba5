import csv
import io
import json
import re
from xml.etree import ElementTree

import msgspec
import pytest

from onebyone import edits
from onebyone.reports.plane import ticks
from onebyone.reports.sweep_page import sweep_html
from onebyone.reports.sweep_sheet import sweep_csv, sweep_json
from onebyone.sweep.lines import held_words, lines_of
from onebyone.sweep.result import SweepResult, machines
from tests.engine.sweep.made_up_points import result_of

WIDTHS = "reduce3x3.out_channels=16:192:16"
NARROW = "reduce5x5.out_channels=8:32:8"


def rows_of(result: SweepResult) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sweep_csv(result))))


def svgs_of(page: str) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL)]


def test_csv_has_a_row_for_each_variant() -> None:
    rows = rows_of(result_of(WIDTHS, measured=2))

    assert [int(row["weights"]) for row in rows] == [163_328 + (r - 96) * (192 + 9 * 128) for r in range(16, 193, 16)]
    assert [row["reduce3x3.out_channels"] for row in rows] == [str(r) for r in range(16, 193, 16)]
    assert (float(rows[1]["median_s"]), float(rows[1]["ratio"])) == (pytest.approx(0.009), pytest.approx(0.9))
    assert rows[1]["cpu"] == "A <fast> CPU"
    assert (rows[2]["median_s"], rows[2]["valid"]) == ("", "true")


def test_csv_keeps_a_variant_with_an_error_and_its_reason() -> None:
    rows = rows_of(result_of("conv3x3.groups=1:3"))

    assert [row["valid"] for row in rows] == ["true", "true", "false"]
    assert "do not divide into 3 groups" in rows[2]["problem"]
    assert rows[2]["weights"] == ""


def test_csv_marks_the_front() -> None:
    rows = rows_of(result_of(WIDTHS, measured=3))

    # Every one costs more than the one before and is faster, so all three are on the front.
    assert [row["front_weights"] for row in rows[:4]] == ["true", "true", "true", ""]


def test_json_holds_every_variant_and_unknown_is_null() -> None:
    document = json.loads(sweep_json(result_of("conv3x3.groups=1:3", measured=1)))

    assert document["present"]["weights"] == 163_328
    assert [point["valid"] for point in document["points"]] == [True, True, False]
    assert document["points"][2]["macs"] is None
    assert document["points"][0]["measured"]["ratio_ci"] is not None
    assert document["points"][1]["measured"] is None
    assert document["fronts"] == {"weights": [0], "macs": [0], "peak_activation_bytes": [0]}


@pytest.mark.parametrize("texts", [(WIDTHS,), (WIDTHS, NARROW), (WIDTHS, NARROW, "pool_proj.out_channels=8:32:8")])
@pytest.mark.parametrize("measured", [0, 1, 5])
def test_the_page_stands_alone_and_its_charts_are_well_formed(texts: tuple[str, ...], measured: int) -> None:
    page = sweep_html(result_of(*texts, measured=measured))

    assert len(svgs_of(page)) == 3 + (measured > 0) + (3 if measured > 1 else 0)
    assert "src=" not in page
    assert "<script>" not in page
    assert not re.search(r"(href|url\()\W*http", page)


def test_the_page_names_the_front_the_environment_and_the_command() -> None:
    page = sweep_html(result_of(WIDTHS, measured=3, name="node7", address="tcp://10.0.0.7:4"))

    assert "Pareto front" in page
    assert "node7 at tcp://10.0.0.7:4: 3 points" in page
    assert "A &lt;fast&gt; CPU" in page
    assert "<pre>onebyone sweep</pre>" in page


def test_outputs_have_a_column_where_they_differ() -> None:
    same, other = sweep_html(result_of(WIDTHS)), sweep_html(result_of("pool_proj.out_channels=8,16"))

    assert "All put out 28×28×256." in same
    assert ">Outputs<" not in same
    assert ">Outputs<" in other


def test_names_are_never_markup() -> None:
    result = result_of(WIDTHS, measured=2)
    design = edits.set_name(result.sweep.design, "<img src=x onerror=alert(1)>")

    page = sweep_html(msgspec.structs.replace(result, sweep=msgspec.structs.replace(result.sweep, design=design)))

    assert "<img" not in page


def test_where_everything_has_an_error_there_is_still_a_page() -> None:
    assert "do not divide into 3 groups" in sweep_html(result_of("conv3x3.groups=3,5"))


def test_many_variants_are_shown_in_part_and_held_in_full() -> None:
    page = sweep_html(result_of("reduce3x3.out_channels=1:1000", measured=2))

    assert re.search(r"1?[0-9]{2} of 1,000 variants; the raw figures", page)
    assert page.count('"parameters":') == 1_001


def test_machines_are_told_apart() -> None:
    result = result_of(WIDTHS, measured=3, name="node7", address="tcp://10.0.0.7:4")
    other = result_of(WIDTHS, measured=1, name="node8", address="tcp://10.0.0.8:4").measured

    found = machines(msgspec.structs.replace(result, measured={**result.measured, **other}))

    assert [title for title, _ in found] == [
        "node8 at tcp://10.0.0.8:4: 1 point",
        "node7 at tcp://10.0.0.7:4: 2 points",
    ]
    assert found[0][1] == {"cpu": "A <fast> CPU", "torch": "2.13.0"}


def test_two_fields_give_a_line_for_each_value_of_the_second() -> None:
    sweep = result_of(WIDTHS, NARROW).sweep

    lines = lines_of(sweep)

    assert [line.name for line in lines] == [f"reduce5x5.out_channels {width}" for width in (8, 16, 24, 32)]
    for width, line in zip((8, 16, 24, 32), lines, strict=True):
        assert [sweep.values_at(index) for _, index in line.places] == [(r, width) for r in range(16, 193, 16)]


def test_a_third_field_stands_where_the_design_has_it() -> None:
    sweep = result_of(WIDTHS, "reduce5x5.out_channels=1:100", "pool_proj.out_channels=10:50:20").sweep

    lines = lines_of(sweep)

    assert len(lines) == 6
    assert "reduce5x5.out_channels 16" in [line.name for line in lines]
    assert {sweep.values_at(index)[2] for line in lines for _, index in line.places} == {30}
    assert held_words(sweep) == "pool_proj.out_channels stands at 30"


def test_where_there_are_too_many_lines_those_with_errors_alone_are_left_out() -> None:
    result = result_of(WIDTHS, "conv3x3.groups=1:16")

    lines = lines_of(result.sweep, points=result.points)

    assert [line.name for line in lines] == [f"conv3x3.groups {groups}" for groups in (1, 2, 4, 8, 16)]


def test_a_single_line_is_that_of_the_present_values() -> None:
    sweep = result_of(WIDTHS, NARROW).sweep

    (line,) = lines_of(sweep, 1)

    assert {sweep.values_at(index)[1] for _, index in line.places} == {16}


@pytest.mark.parametrize("ends", [(0, 1), (3, 3.001), (0, 1e12), (-5, 95), (16, 192)])
def test_ticks_are_round_and_within_the_ends(ends: tuple[float, float]) -> None:
    found = ticks(*ends)

    assert 3 <= len(found) <= 12
    assert all(ends[0] - 1e-9 <= tick <= ends[1] + 1e-9 for tick in found)

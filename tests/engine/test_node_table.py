"""The one table of nodes, and that every writer renders all of its columns."""

from typing import get_args

import pytest

from onebyone import analyze, edits, gallery, node_table
from onebyone.comparison import compare
from onebyone.design import Design
from onebyone.node_table import COLUMNS, Column, NodeRow, Table, columns, node_rows
from onebyone.reports import make_report, render_report, summary_csv, summary_json, summary_markdown
from onebyone.reports.comparison_pages import comparison_csv, comparison_html, comparison_markdown
from onebyone.summary import summarize
from tests.engine.measurement.made_up_measurement import cells_of_two


def rows_of(design: Design) -> dict[str, NodeRow]:
    return {row.node.id: row for row in node_rows(analyze(design), [node.id for node in design.nodes])}


def words_of(row: NodeRow, table: Table) -> dict[str, str]:
    return {column.key: column.words(row) for column in columns(table, (row,))}


@pytest.mark.parametrize("table", get_args(Table))
def test_no_table_has_two_columns_of_one_key(table: Table) -> None:
    keys = [column.key for column in COLUMNS if table in column.where]

    assert keys and len(set(keys)) == len(keys)


def test_every_column_stands_somewhere_and_is_optional_only_there() -> None:
    assert all(column.where and set(column.optional) <= set(column.where) for column in COLUMNS)


def test_a_node_is_written_for_people_and_for_sheets() -> None:
    row = rows_of(gallery.load("inception-3a"))["conv3x3"]

    assert words_of(row, "terminal").items() >= {
        "id": "conv3x3", "kind": "conv2d", "shape": "28×28×128", "parameters": "110,720", "macs": "86,704,128",
        "activation_bytes": "392 KiB", "receptive_field": "3×3",
    }.items()  # fmt: skip
    cells = {column.key: column.sheet_cell(column.value(row)) for column in columns("sheet")}
    assert (cells["shape"], cells["inputs"], cells["receptive_field"]) == ("128x28x28", "reduce3x3", "3x3")


def test_what_an_error_leaves_open_is_unknown_for_people_and_empty_in_sheets() -> None:
    row = rows_of(edits.remove(gallery.load("inception-3a"), ["input"]))["conv3x3"]

    figures = [column for column in columns("terminal") if not column.is_text]
    assert {column.words(row) for column in figures} == {"–"}
    assert {column.sheet_cell(column.value(row)) for column in figures} == {None}


def test_unknown_is_sorted_before_nothing() -> None:
    known, cut = gallery.load("inception-3a"), edits.remove(gallery.load("inception-3a"), ["input"])
    macs = next(column for column in COLUMNS if column.key == "macs")

    assert macs.sort_key(rows_of(cut)["pool"]) < macs.sort_key(rows_of(known)["pool"])


def test_a_part_adds_up_and_is_unknown_where_a_node_is() -> None:
    rows = rows_of(gallery.load("inception-3a"))
    unknown = rows_of(edits.remove(gallery.load("inception-3a"), ["input"]))["conv3x3"]
    weights = next(column for column in COLUMNS if column.key == "weights")

    assert weights.of_part([rows["reduce3x3"], rows["conv3x3"]]) == 129_024
    assert weights.of_part([rows["reduce3x3"], unknown]) is None


def test_columns_without_a_figure_are_left_out_where_they_are_optional() -> None:
    design = gallery.load("inception-3a")
    bypassed = edits.set_bypassed(design, ["pool_proj"], True)

    def keys(table: Table, of: Design) -> set[str]:
        return {column.key for column in columns(table, rows_of(of).values())}

    assert "bypassed" in keys("sheet", bypassed) - keys("sheet", design)
    assert not {"hot_s", "cold_s", "remark"} & keys("costs", design)
    assert {"median_s", "share"} <= keys("costs", design)
    assert "median_s" not in keys("report", design)
    assert {"hot_s", "cold_s", "bound"} <= keys("report sheet", design)


@pytest.mark.parametrize("table", get_args(Table))
def test_arithmetic_intensity_stands_in_every_table(table: Table) -> None:
    row = rows_of(gallery.load("inception-3a"))["conv3x3"]

    assert [column.words(row) for column in columns(table) if column.key == "arithmetic_intensity"] == ["151"]


def test_the_intensity_of_a_part_is_all_operations_over_all_bytes() -> None:
    rows = rows_of(gallery.load("inception-3a"))
    column = next(column for column in COLUMNS if column.key == "arithmetic_intensity")

    found = column.of_part([rows["reduce3x3"], rows["conv3x3"]])

    moved = 4 * ((192 + 96) * 784 + 18_528 + (96 + 128) * 784 + 110_720)
    assert found == pytest.approx(2 * 101_154_816 / moved)


def test_a_new_figure_is_one_line_for_every_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    new = Column("answer", "Answer", lambda row: 42_000)
    monkeypatch.setattr(node_table, "COLUMNS", (*COLUMNS, new))
    summary = summarize(gallery.load("inception-3a"))
    report = make_report(cells_of_two())
    compared = compare([analyze(gallery.load(name)) for name in ("inception-3a-naive", "inception-3a")])

    words = [summary_markdown(summary), comparison_html(compared), comparison_markdown(compared)]
    words += [render_report(report, suffix) for suffix in (".html", ".md")]
    exact = [summary_json(summary), summary_csv(summary), comparison_csv(compared)]
    exact += [render_report(report, suffix) for suffix in (".csv", ".json")]
    assert all("answer" in text.lower() and "42,000" in text for text in words)
    assert all("answer" in text.lower() and "42000" in text for text in exact)

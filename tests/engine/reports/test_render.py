import csv
import io
import json
import re
from base64 import b64decode
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from onebyone import gallery
from onebyone.errors import ExportError
from onebyone.measurement.records import MeasuredCell, MeasurementRequest, Verdict
from onebyone.reports import SUFFIXES, Report, make_report, render_report, write_report
from tests.engine.measurement.made_up_measurement import SAMPLES, cells_of_two, measurement_of, request_for_two

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '=HYPERLINK("http://evil","x")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "a|b\\| `c` [d](javascript:e) ![f](http://g)",
    "'\";--&amp;&lt;",
    "\u202eevil\u2066",
    "../../etc/passwd",
    "]]> --> */ }",
)


def report(*verdicts: Verdict) -> Report:
    request = request_for_two()
    return make_report([MeasuredCell(request, measurement_of(request, *verdicts))], ["gallery:a", "gallery:b"])


def hostile_report(name: str) -> Report:
    design = gallery.load("inception-3a")
    nodes = tuple(msgspec.structs.replace(node, title=name) for node in design.nodes)
    design = msgspec.structs.replace(design, name=name, nodes=nodes)
    request = MeasurementRequest((design, design))
    measurement = msgspec.structs.replace(measurement_of(request), environment={name: name, "nested": {name: [name]}})
    return make_report([MeasuredCell(request, measurement)], [name, name])


class Page(HTMLParser):
    """Collects what a browser would see: elements, the visible text, the raw data."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.raw = ""
        self._inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.raw += data
        elif self._inside != "style":
            self.text += data


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_holds_question_answer_and_raw_figures(suffix: str) -> None:
    text = render_report(report(), suffix)

    for expected in (
        "float32",
        "conv3x3",
        "Inception 3a naive",
        "2.13.0",
        "quiet",
        "onebyone measure gallery:a gallery:b",
    ):
        assert expected in text or expected.capitalize() in text
    assert "86704128" in text or "86,704,128" in text


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_takes_a_refused_run(suffix: str) -> None:
    assert "refused" in render_report(report("refused", "disturbed"), suffix).lower()


def test_html_is_one_file_that_asks_for_nothing() -> None:
    text = render_report(report(), ".html")
    page = Page(text)

    assert not {tag for tag, _ in page.elements} & {"link", "img", "iframe", "object", "embed", "base", "form"}
    links = [attributes for tag, attributes in page.elements if tag == "a"]
    assert [link["download"] for link in links] == ["latency.json"]
    assert str(links[0]["href"]).startswith("data:application/json;base64,")
    others = [attributes for tag, attributes in page.elements if tag != "a"]
    assert not any({"src", "href", "srcset", "data", "action"} & set(attributes) for attributes in others)
    assert "url(" not in text
    assert "@import" not in text
    assert set(re.findall(r"https?://[^\"]*", text)) <= {"http://www.w3.org/2000/svg"}


def test_the_link_in_html_saves_the_json_report() -> None:
    made = report()
    link = next(attributes for tag, attributes in Page(render_report(made, ".html")).elements if tag == "a")

    assert b64decode(str(link["href"]).partition(",")[2]).decode() == render_report(made, ".json")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_has_a_line_for_each_cell(suffix: str) -> None:
    requests = [msgspec.structs.replace(request_for_two(), layout=layout) for layout in ("nchw", "channels_last")]
    made = make_report([MeasuredCell(request, measurement_of(request)) for request in requests])

    text = render_report(made, suffix)

    assert "channels_last" in text if suffix == ".json" else "Inception 3a naive · channels last" in text
    assert "layout=nchw,channels_last" in text


def test_html_draws_samples_rounds_and_roofline() -> None:
    labels = [a.get("aria-label") for tag, a in Page(render_report(report(), ".html")).elements if tag == "svg"]

    for expected in ("Distribution of the samples", "Medians of the rounds and their interval", "Roofline"):
        assert labels.count(expected) == 2


@pytest.mark.parametrize("suffix", [".html", ".md"])
def test_nodes_alone_and_roofs_are_columns(suffix: str) -> None:
    text = render_report(make_report(cells_of_two(is_isolated=True)), suffix)

    for expected in ("of the roof", "Hot alone", "Cold alone", "1.80 ms", "2.30 ms", "91.3 %"):
        assert expected in text
    assert "Hot alone" not in render_report(make_report(cells_of_two()), suffix)


def test_several_cells_begin_with_their_table_in_html() -> None:
    text = render_report(make_report(cells_of_two()), ".html")

    assert text.index("All cells") < text.index("Medians of all cells") < text.index("Compared")
    assert 'class="answers"' not in text


def test_html_has_one_script_and_it_is_data() -> None:
    scripts = [attributes for tag, attributes in Page(render_report(report(), ".html")).elements if tag == "script"]

    assert scripts == [{"type": "application/json", "id": "raw"}]


def test_html_holds_all_raw_samples() -> None:
    raw = json.loads(Page(render_report(report(), ".html")).raw)

    assert raw["runs"][1]["samples_seconds"] == list(SAMPLES)


def test_html_shows_bars_that_end_at_the_largest_share() -> None:
    text = render_report(report(), ".html")

    assert re.search(r'<rect class="time" [^>]*width="64\.0"', text)
    assert re.search(r'<rect class="macs" [^>]*width="64\.0"', text)


@pytest.mark.parametrize("name", HOSTILE)
def test_html_lets_no_name_be_markup(name: str) -> None:
    page = Page(render_report(hostile_report(name), ".html"))
    plain = Page(render_report(hostile_report("plain"), ".html"))

    assert [tag for tag, _ in page.elements] == [tag for tag, _ in plain.elements]
    assert all(set(a) == set(b) for (_, a), (_, b) in zip(page.elements, plain.elements, strict=True))
    assert json.loads(page.raw)["runs"][0]["design"] == name


@pytest.mark.parametrize("name", HOSTILE)
def test_csv_lets_no_name_be_a_formula_or_a_column(name: str) -> None:
    rows = list(csv.reader(io.StringIO(render_report(hostile_report(name), ".csv"))))
    plain = list(csv.reader(io.StringIO(render_report(hostile_report("plain"), ".csv"))))

    assert [len(row) for row in rows] == [len(row) for row in plain]
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for row in rows for cell in row)


@pytest.mark.parametrize("name", HOSTILE)
def test_markdown_lets_no_name_break_a_table(name: str) -> None:
    lines = render_report(hostile_report(name), ".md").splitlines()
    plain = render_report(hostile_report("plain"), ".md").splitlines()

    def bars(line: str) -> int:
        return len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) if line.startswith("|") else 0

    assert [bars(line) for line in lines] == [bars(line) for line in plain]
    assert not re.search(r"(?<!\\)<", "\n".join(line for line in lines if "onebyone measure" not in line))


@pytest.mark.parametrize("name", HOSTILE)
def test_json_gives_names_back_as_they_are(name: str) -> None:
    document = json.loads(render_report(hostile_report(name), ".json"))

    assert document["designs"][0]["name"] == name
    assert document["environment"][name] == name


def test_json_has_the_figures_of_measure_json() -> None:
    document = json.loads(render_report(report(), ".json"))

    assert {"environment", "runs", "ratios"} <= set(document)
    assert document["runs"][0]["raw"]["p95"] == 0.0080
    assert document["ratios"][0] == {
        "of": "Inception 3a naive", "to": "Inception 3a", "ratio": 1.42, "ci": [1.39, 1.45], "verdict": "slower",
        "rounds": [],
    }  # fmt: skip


def test_csv_blocks_have_their_own_header_and_numbers_that_are_numbers() -> None:
    rows = list(csv.reader(io.StringIO(render_report(report(), ".csv"))))
    blocks = {row[0] for row in rows if row}

    assert blocks >= {"block", "question", "environment", "run", "ratio", "total", "node", "sample", "command"}
    assert ["sample", "Inception 3a", "4", "0.0081", "false"] in rows


def test_a_report_is_written_by_its_suffix(tmp_path: Path) -> None:
    write_report(report(), tmp_path / "latency.HTML")

    assert (tmp_path / "latency.HTML").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_an_unknown_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"\.html, \.pdf, \.md, \.csv or \.json"):
        write_report(report(), tmp_path / "latency.xlsx")

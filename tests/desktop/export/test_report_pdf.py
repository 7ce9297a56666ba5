"""Reports as PDF: their pages, their words, and that nothing in a name is obeyed."""

import re
import shutil
import subprocess
import unicodedata
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument

from onebyone import gallery
from onebyone.design import Design, Node
from onebyone.layers import Conv2d, Input, Output
from onebyone.measurement.records import MeasuredCell, MeasurementRequest
from onebyone.reports import Report, make_report, write_report
from onebyone_desktop.export.report_pdf import _Document
from tests.engine.measurement.made_up_measurement import cells_of_two, measurement_of

HOSTILE = (
    "<img src='file:///etc/passwd'><a href='http://evil'>x</a>",
    "<script>alert(1)</script>",
    "</td></tr></table><h1>gone",
    "\u202eevil\u2066",
    "(a) Tj ET endstream /JavaScript",
    "x" * 200,
    "&lt;b&gt;",
    "a\nb\tc\x1b",
)

needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext")


def report_named(name: str) -> Report:
    design = gallery.load("inception-3a")
    nodes = tuple(msgspec.structs.replace(node, title=name) for node in design.nodes)
    request = MeasurementRequest((msgspec.structs.replace(design, name=name, nodes=nodes),), is_isolated=True)
    measured = msgspec.structs.replace(measurement_of(request), environment={name: [name]})
    return make_report([MeasuredCell(request, measured)], [name])


def words_in(path: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, timeout=30)
    return unicodedata.normalize("NFKC", done.stdout.decode("utf-8")).replace("\u200b", "")


def pages(path: Path) -> int:
    return len(re.findall(rb"/Type /Page\b(?!s)", path.read_bytes()))


@pytest.fixture
def both(qapp, tmp_path: Path) -> Path:
    """Both Inceptions in both layouts, with everything that a measurement can answer."""
    path = tmp_path / "both.pdf"
    write_report(make_report(cells_of_two(form="trusted", is_isolated=True)), path)
    return path


@needs_pdftotext
def test_cells_figures_and_the_command_are_in_it(both: Path) -> None:
    words = words_in(both)

    for expected in (
        "Latency of Inception 3a and Inception 3a naive", "channels last", "7.00 ms", "6.90 ms to 7.10 ms", "2.37×",
        "1.42× [1.39, 1.45]: slower", "the medians of fresh processes", "Hot alone", "of the roof", "A <fast> CPU | x",
        "Largest error against eager float32", "onebyone measure", "Raw figures",
    ):  # fmt: skip
        assert expected in words


@needs_pdftotext
def test_every_page_has_its_number_and_the_title_above(both: Path) -> None:
    count = pages(both)
    texts = words_in(both).split("\f")[:count]

    assert count > 2
    for number, text in enumerate(texts, 1):
        assert f"{number}/{count}" in text.replace(" ", "")
        assert "Latency of Inception 3a and Inception 3a naive" in text


@needs_pdftotext
def test_no_heading_stands_alone_at_the_foot_of_a_page(qapp, tmp_path: Path) -> None:
    for rows in range(2, 40, 3):
        names = [f"conv{number}" for number in range(rows)]
        nodes = [Node("input", Input(3, 8, 8))]
        nodes += [Node(name, Conv2d(4), inputs=("input" if not number else names[number - 1],))
                  for number, name in enumerate(names)]  # fmt: skip
        design = Design("Chain", nodes=(*nodes, Node("output", Output(), inputs=(names[-1],))))
        request = MeasurementRequest((design,))
        write_report(make_report([MeasuredCell(request, measurement_of(request))]), tmp_path / "chain.pdf")

        for page in words_in(tmp_path / "chain.pdf").split("\f"):
            lines = [line.strip() for line in page.splitlines() if line.strip()]
            assert not lines or lines[-2] not in ("The question", "Raw figures", "Environment", "Measure again")
            assert "Raw figures" not in lines or "Samples" in lines[lines.index("Raw figures") + 1]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_no_name_is_obeyed(qapp, tmp_path: Path, name: str) -> None:
    write_report(report_named(name), tmp_path / "hostile.pdf")

    data = (tmp_path / "hostile.pdf").read_bytes()
    assert data.startswith(b"%PDF-")
    about = re.search(rb"<x:xmpmeta.*</x:xmpmeta>", data, re.DOTALL)
    assert about is not None
    ElementTree.fromstring(about[0])
    data = data.replace(about[0], b"")
    for forbidden in (b"/JavaScript", b"/URI", b"/Launch", b"/EmbeddedFile", b"/OpenAction"):
        assert forbidden not in data


@needs_pdftotext
@pytest.mark.parametrize("name", HOSTILE[:3], ids=range(3))
def test_names_are_words(qapp, tmp_path: Path, name: str) -> None:
    write_report(report_named(name), tmp_path / "hostile.pdf")

    shown = re.sub(r"\s", "", words_in(tmp_path / "hostile.pdf"))
    assert re.sub(r"\s", "", name) in shown


def test_the_document_fetches_nothing(qapp, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    document = _Document({})

    for address in (f"file://{tmp_path}/secret.txt", "http://localhost/x.png", str(tmp_path / "secret.txt")):
        found = document.resource(QTextDocument.ResourceType.ImageResource, QUrl(address))
        assert not found

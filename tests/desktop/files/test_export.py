"""Exported diagrams: complete, inert, written safely, and made without a display."""

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from onebyone import edits, gallery
from onebyone.design import Design, Node
from onebyone.errors import ExportError
from onebyone.layers import Input
from onebyone_desktop.appearance import theme
from onebyone_desktop.export import export_diagram

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    "<script>alert(1)</script>", "]]><!--", '" onload="x', "&amp;", "a\x00b\x01c", "\u202egnp.exe", "=1+1", "x" * 180,
    "\ufffe\uffff", "%s {} $HOME",
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def design() -> Design:
    return gallery.load("inception-3a")


def texts(path: Path) -> list[str]:
    return ["".join(element.itertext()) for element in ElementTree.parse(path).iter(f"{SVG}text")]


def test_an_svg_holds_every_name_as_text(design: Design, tmp_path: Path) -> None:
    export_diagram(design, tmp_path / "block.svg")

    shown = texts(tmp_path / "block.svg")
    assert {node.id for node in design.nodes} <= set(shown)
    assert {"Inception 3a", "1×1 convolution", "Merge", "28×28×128"} <= set(shown)
    assert any("163,696 parameters" in text and "128.0 M MACs" in text for text in shown)


def test_an_svg_names_its_fonts_with_fallbacks(design: Design, tmp_path: Path) -> None:
    export_diagram(design, tmp_path / "block.svg")

    families = re.findall(r'font-family="([^"]*)"', (tmp_path / "block.svg").read_text())
    assert families
    assert all(family.endswith("sans-serif") for family in families)


def test_only_used_families_are_in_the_legend(tmp_path: Path) -> None:
    export_diagram(Design(nodes=(Node("input", Input(3, 8, 8)),)), tmp_path / "one.svg")

    shown = texts(tmp_path / "one.svg")
    assert "Input, output" in shown
    assert "Pooling" not in shown


def test_totals_are_withheld_while_there_are_errors(design: Design, tmp_path: Path) -> None:
    export_diagram(edits.disconnect(design, "reduce5x5", 0), tmp_path / "broken.svg")

    shown = texts(tmp_path / "broken.svg")
    assert "nothing feeds it" in shown
    assert any(text.startswith("No totals yet") for text in shown)
    assert not any("parameters" in text for text in shown)


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_names_are_inert_in_an_svg(design: Design, tmp_path: Path, hostile: str) -> None:
    nodes = tuple(msgspec.structs.replace(node, title=hostile) for node in design.nodes)

    export_diagram(msgspec.structs.replace(design, name=hostile, nodes=nodes), tmp_path / "block.svg")

    root = ElementTree.parse(tmp_path / "block.svg").getroot()
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {
        "svg",
        "title",
        "desc",
        "defs",
        "g",
        "path",
        "rect",
        "text",
        "ellipse",
        "circle",
        "polyline",
        "line",
    }
    assert not any(name.startswith("on") or "href" in name for element in root.iter() for name in element.attrib)
    assert "\u202e" not in (tmp_path / "block.svg").read_text("utf-8")


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_names_do_not_break_a_pdf(design: Design, tmp_path: Path, hostile: str) -> None:
    export_diagram(msgspec.structs.replace(design, name=hostile), tmp_path / "block.pdf")

    data = (tmp_path / "block.pdf").read_bytes()
    assert data.startswith(b"%PDF-") and b"/JavaScript" not in data
    assert data.count(b"/Type /Page\n") == 1


def test_a_png_is_as_large_as_its_scale_says(design: Design, tmp_path: Path) -> None:
    for scale in (1, 3):
        export_diagram(design, tmp_path / f"{scale}.png", scale=scale)

    small, large = QImage(str(tmp_path / "1.png")), QImage(str(tmp_path / "3.png"))
    assert abs(large.width() - 3 * small.width()) <= 3


def test_a_png_is_white_or_transparent(design: Design, tmp_path: Path) -> None:
    export_diagram(design, tmp_path / "white.png", scale=1)
    export_diagram(design, tmp_path / "clear.png", scale=1, transparent=True)

    assert QImage(str(tmp_path / "white.png")).pixelColor(2, 2) == QColor("white")
    assert QImage(str(tmp_path / "clear.png")).pixelColor(2, 2).alpha() == 0


def test_a_dark_diagram_is_drawn_in_the_dark_colours(design: Design, tmp_path: Path) -> None:
    export_diagram(design, tmp_path / "dark.png", scale=1, theme="dark")

    assert QImage(str(tmp_path / "dark.png")).pixelColor(2, 2) == QColor(theme.DARK.canvas)


def test_a_suffix_in_capitals_is_understood(design: Design, tmp_path: Path) -> None:
    export_diagram(design, tmp_path / "BLOCK.SVG")

    assert texts(tmp_path / "BLOCK.SVG")


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("block.gif", {}, "not as '.gif'"),
        ("block", {}, "has no suffix"),
        ("block.png", {"scale": 0}, "scale from"),
        ("block.png", {"scale": float("nan")}, "scale from"),
        ("block.png", {"scale": 1e9}, "scale from"),
        ("block.png", {"scale": 16}, "use a smaller scale"),
        ("missing/block.svg", {}, "does not exist"),
    ],
    ids=["gif", "no suffix", "zero", "nan", "huge", "too large", "no folder"],
)
def test_what_cannot_be_drawn_is_said_in_one_sentence(
    design: Design, tmp_path: Path, name: str, options: dict, words: str
) -> None:
    with pytest.raises(ExportError, match=re.escape(words)) as caught:
        export_diagram(design, tmp_path / name, **options)

    assert str(caught.value).endswith(".")
    assert not list(tmp_path.iterdir())


def test_an_empty_design_is_not_drawn(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no nodes"):
        export_diagram(Design(), tmp_path / "empty.svg")


def test_a_read_only_file_is_left_as_it_is(design: Design, tmp_path: Path) -> None:
    target = tmp_path / "block.svg"
    target.write_text("old")
    target.chmod(0o444)

    with pytest.raises(ExportError, match="read-only"):
        export_diagram(design, target)

    assert target.read_text() == "old"


def test_a_design_without_positions_is_laid_out(design: Design, tmp_path: Path) -> None:
    bare = msgspec.structs.replace(
        design, nodes=tuple(msgspec.structs.replace(node, position=None) for node in design.nodes)
    )

    export_diagram(bare, tmp_path / "block.svg")

    assert "concat" in texts(tmp_path / "block.svg")


def test_a_very_long_design_fits_a_pdf_page(tmp_path: Path) -> None:
    nodes = tuple(Node(f"n{place}", Input(1, 1, 1), position=(0.0, place * 100.0)) for place in range(400))

    export_diagram(Design(nodes=nodes), tmp_path / "long.pdf")

    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", (tmp_path / "long.pdf").read_bytes())
    assert box is not None and float(box.group(2)) <= 14_400


def test_the_application_in_use_is_kept(qapp: QApplication, design: Design, tmp_path: Path) -> None:
    export_diagram(design, tmp_path / "block.png", scale=0.5)

    assert QApplication.instance() is qapp


def test_a_program_without_a_display_draws_text(tmp_path: Path) -> None:
    code = (
        "import os, sys\n"
        "for name in ('DISPLAY', 'WAYLAND_DISPLAY', 'QT_QPA_PLATFORM'):\n"
        "    os.environ.pop(name, None)\n"
        "from onebyone import gallery\n"
        "from onebyone_desktop.export import export_diagram\n"
        "export_diagram(gallery.load('inception-3a'), sys.argv[1], scale=1)\n"
    )
    target = tmp_path / "block.png"

    subprocess.run([sys.executable, "-c", code, str(target)], check=True, timeout=60)

    picture = QImage(str(target))
    title = [picture.pixelColor(x, y).lightness() for x in range(28, 160) for y in range(28, 48)]
    assert sum(lightness < 100 for lightness in title) > 100

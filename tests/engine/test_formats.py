"""The one list of formats, and that the command line reads it."""

from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner

import onebyone
from onebyone import analyze, formats, gallery
from onebyone.cli.export import KINDS
from onebyone.cli.main import commands
from onebyone.comparison import Comparison, compare
from onebyone.errors import ExportError
from onebyone.formats import FORMATS, Format, Kind

PLAIN = Format("comparison", ".txt", "Plain text", f"{__name__}:plain")
SOURCES = Path(onebyone.__file__).parent


def plain(comparison: Comparison) -> str:
    return " and ".join(comparison.titles)


def both() -> Comparison:
    return compare([analyze(gallery.load(name)) for name in ("inception-3a", "inception-3a-naive")])


def help_of(*words: str) -> str:
    return " ".join(CliRunner().invoke(commands, [*words, "--help"]).output.split())


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_has_formats_and_none_twice(kind: Kind) -> None:
    found = formats.suffixes(kind)

    assert found and len(set(found)) == len(found)


@pytest.mark.parametrize(
    "handler",
    sorted({name for each in FORMATS for name in (each.writer, each.reader) if name and "_desktop" not in name}),
)
def test_every_handler_is_there(handler: str) -> None:
    module, _, name = handler.partition(":")

    assert callable(getattr(import_module(module), name))


@pytest.mark.parametrize("each", formats.formats(*KINDS), ids=lambda each: each.suffix)
def test_the_help_of_export_lists_every_format(each: Format) -> None:
    assert f"{each.suffix} {each.words}" in help_of("export")


@pytest.mark.parametrize(
    ("words", "kind"), [(("measure",), "report"), (("history", "export"), "report"), (("compare",), "comparison"),
                        (("sweep",), "sweep")],
)  # fmt: skip
def test_help_says_how_files_may_end(words: tuple[str, ...], kind: Kind) -> None:
    assert formats.listed_suffixes(kind) in help_of(*words)


def test_a_new_format_is_its_writer_and_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "FORMATS", (*FORMATS, PLAIN))

    formats.write("comparison", tmp_path / "both.TXT", both())

    assert (tmp_path / "both.TXT").read_text() == "Inception 3a and Inception 3a naive"
    assert formats.filters("comparison").endswith(";;Plain text (*.txt)")
    with pytest.raises(ExportError, match=r"A comparison is written as \.html, \.md, \.csv or \.txt, not as '\.doc'\."):
        formats.find(".doc", "comparison")


def test_a_dialog_to_read_offers_only_what_is_read() -> None:
    assert formats.filters("report", is_read=True) == "JSON report (*.json)"
    own, foreign = "OneByOne designs (*.1x1)", "ONNX models (*.onnx);;PyTorch exported programs (*.pt2)"
    all_of_them = "All that can be opened (*.1x1 *.onnx *.pt2)"
    assert formats.filters("design", is_read=True) == f"{all_of_them};;{own};;{foreign}"


@pytest.mark.parametrize(
    ("name", "chosen", "expected"),
    [("a", "Markdown (*.md)", "a.md"), ("a", "", "a.html"), ("a.csv", "Markdown (*.md)", "a.csv"),
     ("a", "All files (*)", "a.html")],
)  # fmt: skip
def test_a_name_without_a_suffix_gets_that_of_the_chosen_filter(name: str, chosen: str, expected: str) -> None:
    assert formats.completed(name, chosen, "report") == Path(expected)


def test_the_command_line_writes_down_no_format_of_its_own() -> None:
    for file in (SOURCES / "cli").glob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert not any(f'"{each.suffix}"' in text for each in FORMATS), file.name

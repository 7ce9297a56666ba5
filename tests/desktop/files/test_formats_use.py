"""The list of formats in the window: the Export menu and every file dialog."""

from pathlib import Path
from typing import get_args

import pytest
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

import onebyone_desktop
from onebyone import formats
from onebyone.formats import FORMATS, Format, Kind
from onebyone_desktop.dialogs.file_choice import ask_to_read, ask_to_write
from onebyone_desktop.window.actions import SPECS

GALLERY = "gallery:inception-3a"
SOURCES = Path(onebyone_desktop.__file__).parent


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The filters of all dialogs that were opened; each is called off."""
    seen: list[str] = []

    def ask(_parent: QWidget, _title: str, _start: str, filters: str) -> tuple[str, str]:
        seen.append(filters)
        return "", ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", ask)
    return seen


def test_the_export_menu_has_every_kind_that_a_design_is_exported_as(open_window) -> None:
    window = open_window(GALLERY)

    names = [action.objectName() for action in window.findChild(QMenu, "file.export").actions()]

    assert names == [f"file.export_{kind}" for kind in formats.exported_kinds()]
    needs = {spec.name: spec.needs for spec in SPECS}
    assert {name: needs[name] for name in names} == {
        f"file.export_{kind}": need for kind, need in formats.exported_kinds().items()
    }


def test_the_dialogs_of_the_file_menu_offer_the_list(open_window, offered: list[str]) -> None:
    window = open_window(GALLERY)

    for name in ("file.open", "file.save_as", "file.export_diagram", "file.export_source"):
        window.action(name).trigger()

    read = f"{formats.filters('design', is_read=True)};;All files (*)"
    written = "OneByOne designs (*.1x1);;All files (*)"
    assert offered == [read, written, formats.filters("diagram"), formats.filters("source")]


@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_new_format_is_offered_at_once(qapp, monkeypatch: pytest.MonkeyPatch, offered: list[str], kind: Kind) -> None:
    new = Format(kind, ".new", "Something new", "there:is", reader="there:is")
    monkeypatch.setattr(formats, "FORMATS", (*FORMATS, new))
    parent = QWidget()

    ask_to_write(parent, "", Path("a"), kind)
    ask_to_read(parent, "", "", kind)

    assert len(offered) == 2
    assert all(filters.endswith("Something new (*.new)") for filters in offered)


def test_no_other_file_opens_a_dialog_or_says_a_filter() -> None:
    # The Channels panel reads pictures, whose formats are those of Qt.
    allowed = {"file_choice.py", "channels_panel.py"}
    files = [file for file in SOURCES.rglob("*.py") if file.name not in allowed]

    assert not [file.name for file in files if "QFileDialog.get" in (text := file.read_text("utf-8")) or " (*." in text]


@pytest.mark.parametrize("each", [each for each in FORMATS if each.is_drawn], ids=lambda each: each.suffix)
def test_what_is_drawn_has_its_writer(each: Format) -> None:
    assert callable(each.load())


def test_without_qt_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def import_nothing(name: str) -> None:
        raise ImportError(f"no {name}")

    monkeypatch.setattr(formats, "import_module", import_nothing)

    with pytest.raises(formats.ExportError, match=r"PDF is drawn by Qt, which cannot be loaded here: no onebyone"):
        formats.find(".pdf", "report").load()

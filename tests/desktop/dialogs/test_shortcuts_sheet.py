"""The shortcuts sheet, read and searched."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QTreeWidget

from onebyone_desktop.dialogs.gesture_table import GESTURES
from onebyone_desktop.dialogs.shortcuts_sheet import ShortcutsSheet, shortcuts
from onebyone_desktop.window.actions import SPECS
from onebyone_desktop.window.main_window import MainWindow


def opened(window: MainWindow) -> ShortcutsSheet:
    QTest.keyClick(window, Qt.Key.Key_F1)
    return window.findChild(ShortcutsSheet)


def shown(sheet: ShortcutsSheet) -> list[tuple[str, str]]:
    """The rows that are not hidden by the search: words and keys."""
    table = sheet.findChild(QTreeWidget, "shortcuts.table")
    rows = []
    for place in range(table.topLevelItemCount()):
        heading = table.topLevelItem(place)
        children = [heading.child(index) for index in range(heading.childCount())]
        rows += [(row.text(0), row.text(1)) for row in children if not row.isHidden()]
    return rows


def search(sheet: ShortcutsSheet, text: str) -> list[tuple[str, str]]:
    QTest.keyClicks(sheet.findChild(QLineEdit, "shortcuts.search"), text)
    return shown(sheet)


def test_every_action_is_in_the_sheet_with_its_keys(open_window) -> None:
    window = open_window()
    lines = {line.title: line.keys for line in shortcuts(window)}
    within = {"file.export": "Export › ", "copy": "Copy as › "}

    for spec in SPECS:
        path = within.get(spec.name.partition("_")[0], within.get(spec.name.partition(".")[0], ""))
        title = path + spec.text.replace("&", "").removesuffix("…")
        assert title in lines
        assert lines[title].split(", ")[0] == window.action(spec.name).shortcut().toString()


def test_f1_opens_it_with_the_cursor_in_the_search(open_window) -> None:
    window = open_window("gallery:inception-3a")

    sheet = opened(window)

    assert sheet.isVisible()
    assert sheet.focusWidget().objectName() == "shortcuts.search"
    rows = shown(sheet)
    assert ("Duplicate", "Ctrl+D") in rows
    assert ("Cut the wires that are crossed", "Ctrl + Shift + drag") in rows
    assert len(rows) == len(SPECS) + sum(len(gestures) for gestures in GESTURES.values())


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("duplic", ("Duplicate", "Ctrl+D")),
        ("ctrl+d", ("Duplicate", "Ctrl+D")),
        ("wheel", ("Zoom", "Ctrl + wheel, pinch")),
        ("next area", ("Next area", "F6")),
        ("clock", ("Measure", "Ctrl+Return")),
    ],
    ids=["words", "keys", "gesture", "two words", "what it does"],
)
def test_what_is_typed_narrows_it_down(open_window, text: str, row: tuple[str, str]) -> None:
    sheet = opened(open_window())

    rows = search(sheet, text)

    assert row in rows
    assert len(rows) < 12


def test_a_search_without_a_result_says_so_and_a_new_opening_shows_all(open_window) -> None:
    window = open_window()
    sheet = opened(window)

    assert search(sheet, "qqq") == []
    assert sheet.findChild(QLabel, "shortcuts.nothing").isVisible()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert len(shown(opened(window))) > len(SPECS)


def test_a_row_is_read_with_its_keys(open_window) -> None:
    table = opened(open_window()).findChild(QTreeWidget, "shortcuts.table")
    row = table.topLevelItem(0).child(0)

    assert row.data(0, Qt.ItemDataRole.AccessibleTextRole) == "New, Ctrl+N"

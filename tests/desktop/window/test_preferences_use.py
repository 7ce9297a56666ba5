"""The command palette and the preferences, in the window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QFrame, QLabel, QLineEdit, QListView

from onebyone import quantity
from onebyone_desktop.appearance import theme
from onebyone_desktop.commands.availability import REASONS, available
from onebyone_desktop.window.actions import SPECS
from onebyone_desktop.window.main_window import MainWindow
from tests.desktop.parts import panel

GALLERY = "gallery:inception-3a"
CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def decimal_units():
    yield
    quantity.choose_units("decimal")


def open_palette(window: MainWindow) -> QLineEdit:
    window.activateWindow()
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_P, CONTROL_SHIFT)
    return window.findChild(QLineEdit, "command_palette.search")


def open_preferences(window: MainWindow) -> None:
    QTest.keyClick(window.canvas, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)


def test_a_command_is_found_by_typing_and_run_with_enter(open_window) -> None:
    window = open_window(GALLERY)
    search = open_palette(window)

    QTest.keyClicks(search, "select all")
    QTest.keyClick(search, Qt.Key.Key_Return)

    assert len(window.session.selection) == len(window.session.design.nodes)
    assert not window.findChild(QFrame, "command_palette").isVisible()
    assert window.canvas.hasFocus()
    assert window.desk.settings.recent_commands == ["edit.select_all"]


def test_escape_closes_the_palette(open_window) -> None:
    window = open_window(GALLERY)
    search = open_palette(window)

    QTest.keyClick(search, Qt.Key.Key_Escape)

    assert not search.isVisible()
    assert window.canvas.hasFocus()


def test_the_palette_lists_every_action_with_its_keys_or_what_is_missing(open_window) -> None:
    window = open_window(GALLERY)
    open_palette(window)
    model = window.findChild(QListView, "command_palette.list").model()
    sentences = [model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(model.rowCount())]

    for spec in SPECS:
        title = window.action(spec.name).text().replace("&", "")
        assert spec.name == "view.commands" or any(title in sentence for sentence in sentences), spec.name
    assert any("nothing is selected" in sentence for sentence in sentences)
    assert any("Ctrl+L" in sentence for sentence in sentences)
    assert any("Inception 3a" in sentence for sentence in sentences)


def test_every_need_has_a_reason(open_window) -> None:
    window = open_window(GALLERY)

    assert set(available(window.desk)) == set(REASONS)


def test_the_theme_follows_the_preference_and_the_menu(open_window) -> None:
    window = open_window(GALLERY)
    open_preferences(window)
    box = window.findChild(QComboBox, "preferences.theme")

    box.setCurrentIndex(box.findData("dark"))
    box.activated.emit(box.currentIndex())

    assert theme.current() == theme.DARK
    window.desk.settings.change(theme="light")
    assert theme.current() == theme.LIGHT


def test_units_of_counts_change_everywhere_at_once(open_window) -> None:
    window = open_window(GALLERY)
    figures = window.findChild(QLabel, "status.macs")
    before = figures.text()

    window.desk.settings.change(units="binary")

    assert "Mi" in figures.text()
    assert figures.text() != before
    other = open_window(GALLERY)
    assert "Mi" in other.findChild(QLabel, "status.macs").text()


def test_memory_is_counted_in_the_chosen_type(open_window) -> None:
    window = open_window(GALLERY)
    before = window.session.analysis.totals.activation_bytes

    window.desk.settings.change(memory_dtype="float16")

    assert window.session.analysis.totals.activation_bytes == before // 2
    window.desk.documents.open_gallery("inception-3a-naive")
    assert window.session.analysis.bytes_per_element == 2


def test_snapping_and_the_map_are_switched_off(open_window) -> None:
    window = open_window(GALLERY)
    open_preferences(window)

    for name in ("has_grid", "has_guides", "has_minimap"):
        window.findChild(QCheckBox, f"preferences.{name}").click()

    assert not window.canvas.snapping.has_grid
    assert not window.canvas.snapping.has_guides
    window.canvas.camera.zoom_to(3.0)
    assert not window.canvas.minimap.isVisible()
    window.desk.settings.reset()
    assert window.canvas.minimap.isVisible()


def test_measuring_begins_with_the_preferred_choices(open_window) -> None:
    window = open_window(GALLERY)
    window.desk.settings.change(dtype="bfloat16", threads=2)

    for shown in (window, open_window(GALLERY)):
        matrix = panel(shown, "latency").choices.matrix
        assert (matrix.dtypes, matrix.threads) == (("bfloat16",), (2,))


def test_measuring_begins_with_both_layouts_on_one_thread_and_on_all_cores(open_window) -> None:
    window = open_window(GALLERY)
    unseen = window.desk.measuring.choices

    matrix = panel(window, "latency").choices.matrix

    assert window.desk.measuring.choices == unseen == panel(window, "latency").choices
    assert (matrix.layouts, matrix.threads) == (("nchw", "channels_last"), (1, None))


def test_following_the_system_follows_its_changes(open_window, monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_window(GALLERY)
    window.desk.settings.change(theme="system")
    monkeypatch.setattr(theme, "named", lambda name: theme.DARK if name == "system" else theme.LIGHT)

    QApplication.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)

    assert theme.current() == theme.DARK

"""The preferences, changed with mouse and keys; they are kept and can be reset."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QPushButton, QSpinBox

from onebyone_desktop.dialogs.preferences_dialog import PreferencesDialog
from onebyone_desktop.preferences import Preferences, checked
from onebyone_desktop.settings import Settings


@pytest.fixture
def dialog(qapp: QApplication):
    shown = PreferencesDialog(Settings())
    shown.show()
    yield shown
    shown.close()
    shown.deleteLater()


def click(box: QCheckBox) -> None:
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))


def choose(box: QComboBox, value: str) -> None:
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    while box.currentData() != value:
        QTest.keyClick(box, Qt.Key.Key_Down)


@pytest.mark.parametrize("name", ["has_grid", "has_guides", "has_minimap", "is_animated"])
def test_a_switch_takes_effect_at_once_and_is_kept(dialog: PreferencesDialog, name: str) -> None:
    click(dialog.findChild(QCheckBox, f"preferences.{name}"))

    assert getattr(Settings().preferences, name) is False


@pytest.mark.parametrize(
    ("name", "value"),
    [("theme", "dark"), ("units", "binary"), ("memory_dtype", "float16"), ("dtype", "bfloat16")],
)
def test_a_choice_takes_effect_at_once_and_is_kept(dialog: PreferencesDialog, name: str, value: str) -> None:
    choose(dialog.findChild(QComboBox, f"preferences.{name}"), value)

    assert getattr(Settings().preferences, name) == value


def test_threads_are_typed(dialog: PreferencesDialog) -> None:
    box = dialog.findChild(QSpinBox, "preferences.threads")
    box.setFocus()
    box.selectAll()

    QTest.keyClicks(box, "6")

    assert Settings().preferences.threads == 6


def test_a_device_is_offered_once_it_is_known(dialog: PreferencesDialog) -> None:
    dialog.offer_devices([("cpu", "a processor"), ("cuda:0", "an accelerator")])

    choose(dialog.findChild(QComboBox, "preferences.device"), "cuda:0")

    assert Settings().preferences.device == "cuda:0"
    again = PreferencesDialog(Settings())
    assert again.findChild(QComboBox, "preferences.device").currentData() == "cuda:0"
    again.deleteLater()


def test_reset_brings_the_defaults_back(dialog: PreferencesDialog) -> None:
    reset = dialog.findChild(QPushButton, "preferences.reset")
    assert not reset.isEnabled()
    click(dialog.findChild(QCheckBox, "preferences.has_grid"))

    QTest.mouseClick(reset, Qt.MouseButton.LeftButton)

    assert Settings().preferences == Preferences()
    assert dialog.findChild(QCheckBox, "preferences.has_grid").isChecked()


def test_escape_closes(dialog: PreferencesDialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Escape)

    assert not dialog.isVisible()


@pytest.mark.parametrize(
    ("name", "stored", "value"),
    [
        ("has_grid", "false", False),
        ("has_grid", "perhaps", True),
        ("threads", "4", 4),
        ("threads", "-2", -1),
        ("threads", "9999", -1),
        ("units", "furlongs", "decimal"),
        ("device", "", "cpu"),
        ("theme", "dark", "dark"),
    ],
)
def test_damaged_settings_are_the_defaults(name: str, stored: str, value: object) -> None:
    assert checked(name, stored) == value

"""The preferences: every choice takes effect at once and is kept."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent, QValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from onebyone_desktop.preferences import ALL_CORES, MOST_THREADS, ONE_AND_ALL, Preferences
from onebyone_desktop.settings import Settings

_THEMES = (("system", "Follow the system"), ("light", "Light"), ("dark", "Dark"))
_UNITS = (("decimal", "in steps of 10³: k, M, G"), ("binary", "in steps of 2¹⁰: Ki, Mi, Gi"))
_SHOWN_DTYPES = (
    ("float32", "float32, 4 bytes a value"),
    ("float16", "float16, 2 bytes a value"),
    ("bfloat16", "bfloat16, 2 bytes a value"),
)
_DTYPES = tuple((name, name) for name, _ in _SHOWN_DTYPES)


class ThreadsBox(QSpinBox):
    """A number of threads; below one stand all cores, and one thread and all cores."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = {ONE_AND_ALL: self.tr("1 and all cores"), ALL_CORES: self.tr("all cores")}
        self.setRange(ONE_AND_ALL, MOST_THREADS)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def textFromValue(self, value: int) -> str:
        return self._words.get(value) or str(value)

    def valueFromText(self, text: str) -> int:
        known = {words: value for value, words in self._words.items()}
        return known[text] if text in known else int(text) if text.isdecimal() else self.value()

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        is_known = text in self._words.values() or (text.isdecimal() and 1 <= int(text) <= MOST_THREADS)
        state = QValidator.State.Acceptable if is_known else QValidator.State.Intermediate
        return state, text, place


class PreferencesDialog(QDialog):
    """A form over the settings. Nothing has to be confirmed."""

    #: The dialog is seen for the first time: it wants to know what can be measured on.
    devices_wished = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._has_asked = False
        self._boxes: dict[str, QCheckBox] = {}
        self._choices: dict[str, QComboBox] = {}
        self.setObjectName("preferences")
        self.setWindowTitle(self.tr("Preferences"))
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(18)
        self._form.setVerticalSpacing(8)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._add_sections()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 14, 22, 16)
        layout.setSpacing(18)
        layout.addLayout(self._form)
        layout.addWidget(self._make_buttons())
        self.setMinimumWidth(460)
        self._show_preferences(settings.preferences)
        settings.preferences_changed.connect(self._show_preferences)

    @Slot(object)
    def offer_devices(self, devices: Sequence[tuple[str, str]]) -> None:
        """Lists the devices of this machine, each a name and a description."""
        box = self._choices["device"]
        for name, description in devices:
            place = box.findData(name)
            if place < 0:
                box.addItem(name, name)
                place = box.count() - 1
            box.setItemData(place, description, Qt.ItemDataRole.ToolTipRole)

    def _add_sections(self) -> None:
        self._head(self.tr("Appearance"))
        self._choice("theme", self.tr("Theme"), _THEMES)
        self._switch("has_minimap", self.tr("Map of the design"), self.tr("in the corner, where it exceeds the view"))
        self._switch("is_animated", self.tr("Animation"), self.tr("nodes glide to their places"))
        self._head(self.tr("Dragging nodes"))
        self._switch("has_grid", self.tr("Snap to the grid"), self.tr("in steps of 8"))
        self._switch("has_guides", self.tr("Snap to neighbours"), self.tr("with guides"))
        self._head(self.tr("Figures"))
        self._choice("units", self.tr("Large counts"), _UNITS)
        self._choice("memory_dtype", self.tr("Memory is counted in"), _SHOWN_DTYPES)
        self._head(self.tr("Measuring starts with"))
        self._choice("device", self.tr("Device"), (("cpu", "CPU"),))
        self._choice("dtype", self.tr("Number type"), _DTYPES)
        self._threads = ThreadsBox(self)
        self._threads.setObjectName("preferences.threads")
        self._threads.setAccessibleName(self.tr("Threads"))
        self._threads.valueChanged.connect(self._on_threads_value_changed)
        self._form.addRow(self.tr("Threads"), self._threads)

    def _make_buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self._reset = QPushButton(self.tr("Reset to defaults"), self)
        self._reset.setObjectName("preferences.reset")
        self._reset.setAutoDefault(False)
        buttons.addButton(self._reset, QDialogButtonBox.ButtonRole.ResetRole)
        self._reset.clicked.connect(self._settings.reset)
        buttons.rejected.connect(self.reject)
        return buttons

    def _head(self, text: str) -> None:
        label = QLabel(text.upper(), self)
        label.setProperty("role", "heading")
        label.setContentsMargins(0, 8 if self._form.rowCount() else 0, 0, 0)
        self._form.addRow(label)

    def _switch(self, name: str, title: str, words: str) -> None:
        box = self._boxes[name] = QCheckBox(words, self)
        box.setObjectName(f"preferences.{name}")
        box.setAccessibleName(title)
        box.clicked.connect(partial(self._on_box_clicked, name))
        self._form.addRow(title, box)

    def _choice(self, name: str, title: str, choices: Sequence[tuple[str, str]]) -> None:
        box = self._choices[name] = QComboBox(self)
        box.setObjectName(f"preferences.{name}")
        box.setAccessibleName(title)
        for value, words in choices:
            box.addItem(self.tr(words), value)
        box.activated.connect(partial(self._on_choice_activated, name))
        self._form.addRow(title, box)

    @Slot(object)
    def _show_preferences(self, preferences: Preferences) -> None:
        for name, box in self._boxes.items():
            box.setChecked(getattr(preferences, name))
        for name, choice in self._choices.items():
            value = getattr(preferences, name)
            if choice.findData(value) < 0:
                choice.addItem(value, value)
            choice.setCurrentIndex(choice.findData(value))
        self._threads.blockSignals(True)
        self._threads.setValue(preferences.threads)
        self._threads.blockSignals(False)
        self._reset.setEnabled(preferences != Preferences())

    def _on_box_clicked(self, name: str) -> None:
        self._settings.change(**{name: self._boxes[name].isChecked()})

    def _on_choice_activated(self, name: str, place: int) -> None:
        self._settings.change(**{name: self._choices[name].itemData(place)})

    @Slot(int)
    def _on_threads_value_changed(self, threads: int) -> None:
        self._settings.change(threads=threads)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._has_asked:
            self._has_asked = True
            self.devices_wished.emit()

"""Editors for the fields of a layer: what is typed is taken at once, or refused with the reason."""

import re
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from onebyone.layers.fields import Field
from onebyone_desktop.session import new_gesture

_PAIR_SEPARATOR = re.compile(r"\s*[x×,; ]\s*")
_LARGE_STEP = 10


def parsed(field: Field, text: str) -> Any:
    """The value that a text means for a field; the text itself where it means none."""
    cleaned = text.strip().replace("\u2212", "-")
    if field.optional and not cleaned:
        return None
    try:
        if field.type == "pair":
            numbers = tuple(int(part) for part in _PAIR_SEPARATOR.split(cleaned))
            return numbers * 2 if len(numbers) == 1 else numbers
        if field.type == "integer":
            return int(re.sub(r"(?<=\d)[,\u00a0 ](?=\d{3}\b)", "", cleaned))
        return float(cleaned)
    except ValueError:
        return text


def shown(field: Field, value: Any) -> str:
    """A value as the editor writes it."""
    if value is None:
        return ""
    if field.type == "pair":
        return f"{value[0]} × {value[1]}"
    return f"{value:g}" if field.type == "number" and float(f"{value:g}") == value else str(value)


class TextEditor(QLineEdit):
    """A number or a pair of numbers. Up, Down and the wheel step; Escape brings the old value back."""

    #: A value that fits was typed: the value and the number of the gesture it belongs to.
    value_edited = Signal(object, int)
    #: Why what is typed does not fit, or nothing where it does.
    refusal_changed = Signal(str)

    def __init__(self, field: Field, value: Any, parent: QWidget | None = None) -> None:
        super().__init__(shown(field, value), parent)
        self._field = field
        self._value = value
        self._gesture = new_gesture()
        if field.absent:
            self.setPlaceholderText(self.tr(field.absent))
        self.setToolTip(_limits(field))
        self.textEdited.connect(self._on_text_edited)

    def show_value(self, value: Any) -> None:
        """Shows the design's value, unless that is what is typed already."""
        self._value = value
        if not self.hasFocus() or parsed(self._field, self.text()) != value:
            self.setText(shown(self._field, value))
            self._say("")

    @Slot(str)
    def _on_text_edited(self, text: str) -> None:
        value = parsed(self._field, text)
        reason = self._field.problem_with(value)
        if reason is not None:
            self._say(f"{self._field.title} {reason}.")
            return
        self._say("")
        self._commit(value)

    def _commit(self, value: Any) -> None:
        if value != self._value:
            self._value = value
            self.value_edited.emit(value, self._gesture)

    def _say(self, reason: str) -> None:
        self.setProperty("refused", bool(reason))
        self.style().unpolish(self)
        self.style().polish(self)
        self.refusal_changed.emit(reason)

    def _step(self, steps: int) -> None:
        value = self._value
        if value is None or self._field.type == "number":
            return
        stepped = tuple(side + steps for side in value) if self._field.type == "pair" else value + steps
        if self._field.problem_with(stepped) is None:
            self.setText(shown(self._field, stepped))
            self._say("")
            self._commit(stepped)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        size = _LARGE_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        if event.key() == Qt.Key.Key_Up:
            self._step(size)
        elif event.key() == Qt.Key.Key_Down:
            self._step(-size)
        elif event.key() == Qt.Key.Key_Escape:
            self.setText(shown(self._field, self._value))
            self._say("")
            event.ignore()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            self._step(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._gesture = new_gesture()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.setText(shown(self._field, self._value))
        self._say("")


class ChoiceEditor(QComboBox):
    """One of the values that a field can take."""

    #: Another value was chosen: the value and the number of the gesture.
    value_edited = Signal(object, int)
    #: A choice is never refused; here so that all editors look alike.
    refusal_changed = Signal(str)

    def __init__(self, field: Field, value: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for choice in field.choices:
            self.addItem(field.title_of(choice), choice)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.show_value(value)
        self.activated.connect(self._on_activated)

    def show_value(self, value: Any) -> None:
        """Shows the design's value."""
        self.setCurrentIndex(self.findData(value))

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self.value_edited.emit(self.itemData(index), new_gesture())

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class SwitchEditor(QCheckBox):
    """A field that is on or off."""

    #: It was switched: the value and the number of the gesture.
    value_edited = Signal(object, int)
    #: A switch is never refused; here so that all editors look alike.
    refusal_changed = Signal(str)

    def __init__(self, field: Field, value: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.show_value(value)
        self.clicked.connect(self._on_clicked)

    def show_value(self, value: Any) -> None:
        """Shows the design's value."""
        self.setChecked(bool(value))

    @Slot(bool)
    def _on_clicked(self, is_on: bool) -> None:
        self.value_edited.emit(is_on, new_gesture())


FieldEditor = TextEditor | ChoiceEditor | SwitchEditor


def make_editor(field: Field, value: Any, parent: QWidget) -> FieldEditor:
    """The editor for a field."""
    editor: FieldEditor
    if field.type == "choice":
        editor = ChoiceEditor(field, value, parent)
    elif field.type == "boolean":
        editor = SwitchEditor(field, value, parent)
    else:
        editor = TextEditor(field, value, parent)
    editor.setObjectName(f"inspector.field.{field.name}")
    editor.setAccessibleName(field.title)
    return editor


def _limits(field: Field) -> str:
    if field.minimum is None or field.maximum is None:
        return ""
    numbers = (
        f"{field.minimum:,g} to {field.maximum:,}"
        if field.type == "number"
        else f"{field.minimum:,} to {field.maximum:,}"
    )
    limits = f"{numbers} {field.unit}".rstrip()
    return f"Height × width, each {limits}" if field.type == "pair" else limits

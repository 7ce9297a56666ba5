"""The part of the inspector that is about a module: its numbers, or those of a row of a paper's table."""

from functools import partial

import msgspec
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from onebyone.design import Design
from onebyone.gallery.recognition import FoundModule
from onebyone.layers.fields import Field, fields_of
from onebyone_desktop.inspector.field_editor import FieldEditor, make_editor
from onebyone_desktop.session import new_gesture


class ModuleForm(QWidget):
    """Edits the numbers of a module that is selected."""

    #: Numbers were filled in: by name of their field, and the number of the gesture they belong to.
    numbers_edited = Signal(object, int)
    #: Why what is typed does not fit, or nothing where it does.
    refusal_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: FoundModule | None = None
        self._editors: dict[str, FieldEditor] = {}
        self._title = QLabel(self)
        self._title.setObjectName("inspector.module")
        self._title.setWordWrap(True)
        self._title.setProperty("role", "muted")
        self._holder = QWidget(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._title)
        layout.addWidget(self._holder)
        self._layout = layout

    def show_module(self, found: FoundModule | None, design: Design) -> None:
        """Shows the numbers of a module in a design, or nothing where there is none."""
        self.setVisible(found is not None)
        if found is None:
            return
        if self._found is None or found.module != self._found.module:
            self._title.setText(found.module.title + ". " + found.module.description)
            self._make_fields(found)
        self._found = found
        values = found.values(design)
        for name, editor in self._editors.items():
            editor.show_value(values[name])
        self._tick_published(values)

    def _make_fields(self, found: FoundModule) -> None:
        holder = QWidget(self)
        form = QFormLayout(holder)
        form.setContentsMargins(0, 2, 0, 0)
        form.setVerticalSpacing(6)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._editors = {}
        self._published = QComboBox(holder)
        self._published.setObjectName("inspector.module.published")
        self._published.setAccessibleName(self.tr("Numbers of"))
        if found.module.published:
            self._published.addItem(self.tr("own numbers"))
            self._published.addItems([numbers.title for numbers in found.module.published])
            self._published.activated.connect(self._on_published_activated)
            form.addRow(self.tr("Numbers of"), self._published)
        self._published.setVisible(bool(found.module.published))
        for field in found.module.fields:
            target = field.targets[0].field
            known = next(each for each in fields_of("conv2d") if each.name == target)
            editor = make_editor(_titled(known, field.name, field.title), known.default or 1, holder)
            editor.setObjectName(f"inspector.module.{field.name}")
            editor.value_edited.connect(partial(self._on_value_edited, field.name))
            editor.refusal_changed.connect(self.refusal_changed)
            form.addRow(field.title, editor)
            self._editors[field.name] = editor
        self._layout.replaceWidget(self._holder, holder)
        self._holder.hide()
        self._holder.deleteLater()
        self._holder = holder

    def _tick_published(self, values: dict[str, int]) -> None:
        assert self._found is not None
        sets = [numbers.values for numbers in self._found.module.published]
        self._published.setCurrentIndex(sets.index(values) + 1 if values in sets else 0)

    def _on_value_edited(self, name: str, value: object, gesture: int) -> None:
        self.numbers_edited.emit({name: value}, gesture)

    @Slot(int)
    def _on_published_activated(self, place: int) -> None:
        if self._found is not None and place > 0:
            self.numbers_edited.emit(self._found.module.published[place - 1].values, new_gesture())


def _titled(field: Field, name: str, title: str) -> Field:
    return msgspec.structs.replace(field, name=name, title=title)

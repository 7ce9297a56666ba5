"""The inspector: the selected node's fields, edited in place, and what it costs."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from onebyone import edits
from onebyone.analysis import Analysis
from onebyone.description import cost_lines, totals_lines
from onebyone.design import Design, Group, Node
from onebyone.edits import groups as group_edits
from onebyone.edits import rewiring
from onebyone.gallery.recognition import FoundModule, fill, recognized
from onebyone.grouping import Grouping
from onebyone.layers.fields import fields_of
from onebyone.quantity import byte_size, count, macs
from onebyone.text import TITLE_LENGTH
from onebyone_desktop.inspector.field_editor import FieldEditor, make_editor
from onebyone_desktop.inspector.group_form import GroupForm, group_lines
from onebyone_desktop.inspector.input_list import InputList
from onebyone_desktop.inspector.module_form import ModuleForm
from onebyone_desktop.panels.panel import Panel
from onebyone_desktop.panels.plain import plain_area
from onebyone_desktop.pointwise.bought_form import BoughtForm
from onebyone_desktop.session import new_gesture

_LAID_OUT_MS = 40


class Inspector(Panel):
    """Shows the selected node, or the design where nothing is selected."""

    #: Enter or Escape was pressed: back to where the node was selected.
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("panel.inspector", "Inspector", parent)
        self._node_id: str | None = None
        self._group: Group | None = None
        self._module: FoundModule | None = None
        self._form_key: tuple[str, str] = ("", "")
        self._editors: dict[str, FieldEditor] = {}
        self._gesture = new_gesture()
        self._name = QLineEdit(self)
        self._name.setObjectName("inspector.name")
        self._name.setAccessibleName(self.tr("Name"))
        self._name.setFrame(False)
        self._kind = _plain_label(self, "inspector.kind")
        self._refusal = _plain_label(self, "inspector.refusal")
        self._refusal.setProperty("role", "error")
        self._refusal.setWordWrap(True)
        self._refusal.hide()
        self._form_holder = QWidget(self)
        self._group_form = GroupForm(self)
        self._module_form = ModuleForm(self)
        self._module_form.hide()
        self._inputs_title = _heading(self, self.tr("Inputs in order"))
        self._inputs = InputList(self)
        self._notes = QPlainTextEdit(self)
        self._notes.setObjectName("inspector.notes")
        self._notes.setAccessibleName(self.tr("Notes"))
        self._notes.setPlaceholderText(self.tr("Notes on this design"))
        self._notes.setTabChangesFocus(True)
        self._notes.setMaximumHeight(90)
        #: What the selected 1×1 buys.
        self.bought = BoughtForm(self)
        self.bought.hide()
        self._costs_title = _heading(self, self.tr("What it costs"))
        self._costs = _plain_label(self, "inspector.costs")
        self._costs.setWordWrap(True)
        self._costs.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()
        self._name.editingFinished.connect(self._on_name_editing_finished)
        self._inputs.input_moved.connect(self._on_inputs_input_moved)
        self._group_form.colour_chosen.connect(self._on_group_form_colour_chosen)
        self._module_form.numbers_edited.connect(self._on_module_form_numbers_edited)
        self.bought.width_dragged.connect(self._on_bought_width_dragged)
        self._module_form.refusal_changed.connect(self._on_refusal_changed)
        self._notes.textChanged.connect(self._on_notes_text_changed)

    def edit_name(self) -> None:
        """Puts the cursor into the name."""
        self._name.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._name.selectAll()

    def edit_fields(self) -> None:
        """Puts the cursor into the first field; into the name where there is none."""
        editor = next(iter(self._editors.values()), None)
        if editor is None:
            self.edit_name()
            return
        editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if isinstance(editor, QLineEdit):
            editor.selectAll()

    def reveal_bought(self) -> None:
        """Brings what the selected 1×1 buys into view."""
        # Once it has been laid out.
        QTimer.singleShot(_LAID_OUT_MS, self, self._reveal_bought)

    def refresh(self) -> None:
        session = self.session
        if session is None:
            return
        chosen = session.selection
        self._node_id = chosen[0] if len(chosen) == 1 else None
        self._group = selected_group(session.design, chosen)
        self._group_form.setVisible(self._group is not None)
        self._show_inputs(session.analysis)
        self.bought.show_node(session.analysis, self._node_id)
        self._module = recognized(session.design, chosen) if len(chosen) > 1 else None
        self._module_form.show_module(self._module, session.design)
        if self._group is not None:
            self._show_group(self._group, chosen, session.analysis)
        elif self._node_id is not None:
            self._show_node(session.analysis.node(self._node_id), session.analysis)
        elif chosen:
            self._show_several(chosen, session.analysis)
        else:
            self._show_design(session.analysis)

    def refresh_selection(self) -> None:
        self._gesture = new_gesture()
        self.refresh()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._name, 1)
        head.addWidget(self._kind)
        body = QWidget(self)
        body.setObjectName("inspector.body")
        layout = QVBoxLayout(body)
        layout.setContentsMargins(14, 12, 14, 8)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self._form_holder)
        layout.addWidget(self._group_form)
        layout.addWidget(self._module_form)
        layout.addWidget(self._inputs_title)
        layout.addWidget(self._inputs)
        layout.addWidget(self._refusal)
        layout.addWidget(self._notes)
        layout.addWidget(_line(self))
        layout.addWidget(self._costs_title)
        layout.addWidget(self._costs)
        layout.addWidget(self.bought)
        layout.addStretch(1)
        self._form_slot = layout
        area = plain_area(self, "inspector.area", self.tr("What is selected"), body)
        self._area = area
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def _show_node(self, node: Node, analysis: Analysis) -> None:
        self._show_name(node.title or node.id, self.tr("Name, shown on the canvas. Its id is {}.").format(node.id))
        self._kind.setText(node.layer.type_name)
        self._notes.hide()
        self._show_fields(node)
        self._costs_title.setText(self.tr("WHAT IT COSTS"))
        self._costs.setText("\n".join(cost_lines(analysis, node.id)))

    def _show_inputs(self, analysis: Analysis) -> None:
        node = None if self._node_id is None else analysis.design.nodes_by_id()[self._node_id]
        has_order = node is not None and len(node.inputs) > 1
        self._inputs_title.setVisible(has_order)
        self._inputs.setVisible(has_order)
        if node is not None and has_order:
            self._inputs.show_inputs(node, analysis)

    def _show_group(self, group: Group, members: tuple[str, ...], analysis: Analysis) -> None:
        self._show_name(group.title or group.id, self.tr("Title of the group"))
        self._kind.setText(self.tr("group"))
        self._notes.hide()
        self._clear_fields()
        self._group_form.show_group(group)
        self._costs_title.setText(self.tr("TOGETHER"))
        self._costs.setText("\n".join(group_lines(analysis, members)))

    def _show_several(self, chosen: tuple[str, ...], analysis: Analysis) -> None:
        self._show_name("", "")
        self._name.setPlaceholderText(self.tr("{} nodes selected").format(len(chosen)))
        self._name.setEnabled(False)
        self._kind.setText("")
        self._notes.hide()
        self._clear_fields()
        found = [analysis.nodes[name] for name in chosen]
        costs = [item.costs for item in found if item.costs is not None]
        self._costs_title.setText(self.tr("TOGETHER"))
        lines = [
            f"{count(sum(cost.parameters for cost in costs))} {self.tr('parameters')}",
            f"{macs(sum(cost.macs for cost in costs))} MACs",
            f"{byte_size(sum(item.activation_bytes or 0 for item in found))} {self.tr('out')}",
        ]
        if len(costs) < len(found):
            lines.append(self.tr("{} of them not known yet").format(len(found) - len(costs)))
        self._costs.setText("\n".join(lines))

    def _show_design(self, analysis: Analysis) -> None:
        self._show_name(analysis.design.name, self.tr("Name of the design"))
        self._name.setPlaceholderText(self.tr("Untitled"))
        self._kind.setText(self.tr("design"))
        self._clear_fields()
        self._notes.show()
        if self._notes.toPlainText() != analysis.design.notes and not self._notes.hasFocus():
            self._notes.blockSignals(True)
            self._notes.setPlainText(analysis.design.notes)
            self._notes.blockSignals(False)
        self._costs_title.setText(self.tr("WHAT IT COSTS"))
        self._costs.setText("\n".join(totals_lines(analysis)))

    def _show_name(self, name: str, tip: str) -> None:
        self._name.setEnabled(True)
        if self._name.text() != name and not (self._name.hasFocus() and self._name.isModified()):
            self._name.setText(name)
            self._name.setCursorPosition(0)
        self._name.setToolTip(tip)

    def _show_fields(self, node: Node) -> None:
        key = (node.id, node.layer.kind)
        if key != self._form_key:
            self._clear_fields()
            self._form_key = key
            self._make_fields(node)
        idle = node.layer.idle_fields
        for name, editor in self._editors.items():
            editor.show_value(getattr(node.layer, name))
            self._form.setRowVisible(editor, name not in idle)

    def _make_fields(self, node: Node) -> None:
        form = self._form = QFormLayout()
        form.setContentsMargins(0, 6, 0, 0)
        form.setVerticalSpacing(6)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        holder = QWidget(self)
        holder.setLayout(form)
        for field in fields_of(node.layer.kind):
            if field.type == "data":
                continue
            editor = make_editor(field, getattr(node.layer, field.name), holder)
            editor.setMinimumWidth(90)
            editor.value_edited.connect(partial(self._on_value_edited, field.name))
            editor.refusal_changed.connect(self._on_refusal_changed)
            form.addRow(field.title, editor)
            self._editors[field.name] = editor
        self._form_slot.replaceWidget(self._form_holder, holder)
        self._form_holder.deleteLater()
        self._form_holder = holder

    def _clear_fields(self) -> None:
        if not self._editors:
            return
        holder = QWidget(self)
        self._form_slot.replaceWidget(self._form_holder, holder)
        self._form_holder.hide()
        self._form_holder.deleteLater()
        self._form_holder = holder
        self._editors = {}
        self._form_key = ("", "")
        self._on_refusal_changed("")

    def _on_value_edited(self, name: str, value: Any, gesture: int) -> None:
        if self.session is not None and self._node_id is not None:
            title = next(f.title for f in fields_of(self._form_key[1]) if f.name == name)
            label = self.tr("Set {}").format(title.lower())
            self.session.apply(label, edits.set_fields, self._node_id, {name: value}, gesture=gesture)

    @Slot(str)
    def _on_refusal_changed(self, reason: str) -> None:
        self._refusal.setText(reason)
        self._refusal.setVisible(bool(reason))

    @Slot()
    def _on_name_editing_finished(self) -> None:
        session = self.session
        if session is None or not self._name.isModified():
            return
        self._name.setModified(False)
        text = self._name.text()[:TITLE_LENGTH]
        if self._group is not None:
            session.apply(self.tr("Rename group"), group_edits.retitle_group, self._group.id, text)
        elif self._node_id is not None:
            session.apply(self.tr("Rename"), edits.retitle, self._node_id, text)
        elif not session.selection:
            session.apply(self.tr("Rename design"), edits.set_name, text)
        self.refresh()

    @Slot(int, int)
    def _on_inputs_input_moved(self, start: int, end: int) -> None:
        if self.session is not None and self._node_id is not None:
            words = self.tr("Reorder inputs of {}").format(self._node_id)
            self.session.apply(words, rewiring.reorder_inputs, self._node_id, start, end)

    @Slot(str)
    def _on_group_form_colour_chosen(self, colour: str) -> None:
        if self.session is not None and self._group is not None:
            self.session.apply(self.tr("Colour group"), group_edits.set_group_colour, self._group.id, colour)

    @Slot()
    def _reveal_bought(self) -> None:
        if self.bought.isVisible():
            self._area.ensureWidgetVisible(self.bought)

    @Slot(str, int, int)
    def _on_bought_width_dragged(self, node_id: str, width: int, gesture: int) -> None:
        if self.session is not None:
            label = self.tr("Set width of {}").format(node_id)
            self.session.apply(label, edits.set_fields, node_id, {"out_channels": width}, gesture=gesture)

    @Slot(object, int)
    def _on_module_form_numbers_edited(self, values: dict[str, int], gesture: int) -> None:
        if self.session is not None and self._module is not None:
            label = self.tr("Fill in {}").format(self._module.module.title)
            self.session.apply(label, fill, self._module, values, gesture=gesture)

    @Slot()
    def _on_notes_text_changed(self) -> None:
        if self.session is not None and self._node_id is None:
            self.session.apply(self.tr("Edit notes"), edits.set_notes, self._notes.toPlainText(), gesture=self._gesture)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape) and not self._notes.hasFocus():
            if event.key() == Qt.Key.Key_Escape and self._name.hasFocus():
                # What was typed is dropped, not taken over when the focus leaves.
                self._name.setModified(False)
                self.refresh()
            self.left.emit()
        else:
            super().keyPressEvent(event)


def selected_group(design: Design, chosen: tuple[str, ...]) -> Group | None:
    """The outermost group that has just these nodes, if there is one; a group of one node is seen as the node."""
    if len(chosen) < 2 or not design.groups:
        return None
    grouping = Grouping(design)
    whole = grouping.whole_groups(chosen)
    exact = [name for name in whole if len(grouping.nodes_of(name)) == len(chosen)]
    return grouping.group(exact[0]) if exact else None


def _plain_label(parent: QWidget, name: str) -> QLabel:
    label = QLabel(parent)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _heading(parent: QWidget, text: str) -> QLabel:
    label = QLabel(text.upper(), parent)
    label.setProperty("role", "heading")
    return label


def _line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setFrameShape(QFrame.Shape.HLine)
    line.setProperty("role", "separator")
    return line

"""The part of the inspector on what a 1×1 buys: the design without it, in words, numbers and a curve."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from onebyone.analysis import Analysis
from onebyone.layers import Conv2d
from onebyone.layers.convolution import as_conv2d
from onebyone.pointwise.counterfactual import DIFFERENCES, Counterfactual, break_even_words, counterfactual, role_words
from onebyone.text import visible
from onebyone_desktop.panels.plain import plain_words
from onebyone_desktop.pointwise.break_even_curve import BreakEvenCurve
from onebyone_desktop.session import new_gesture


class BoughtForm(QWidget):
    """Shows what the selected 1×1 buys, and lets its width be dragged."""

    #: The design without the 1×1 is to be opened beside this one: a `Counterfactual`.
    twin_wished = Signal(Counterfactual)
    #: Both are to be measured, interleaved: a `Counterfactual`.
    clock_wished = Signal(Counterfactual)
    #: Another width was dragged: the node, the width and the number of the gesture.
    width_dragged = Signal(str, int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: Counterfactual | None = None
        self._gesture = new_gesture()
        title = QLabel(self.tr("What it buys").upper(), self)
        title.setProperty("role", "heading")
        self._role = plain_words(self, "inspector.bought.role", "")
        self._words = plain_words(self, "inspector.bought.words", "muted")
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._figures = QGridLayout()
        self._figures.setContentsMargins(0, 0, 0, 0)
        self._figures.setVerticalSpacing(2)
        self._figures.setColumnStretch(1, 1)
        self._make_figures()
        self._curve = BreakEvenCurve(self)
        self._slider = QSlider(Qt.Orientation.Horizontal, self)
        self._slider.setObjectName("inspector.bought.width")
        self._slider.setAccessibleName(self.tr("Width of the 1×1"))
        self._slider.setToolTip(self.tr("Drag to change the width; the totals follow"))
        self._slider.sliderPressed.connect(self._on_slider_pressed)
        self._slider.valueChanged.connect(self._on_slider_value_changed)
        self._twin = _button(self, "inspector.bought.twin", self.tr("Open as twin"))
        self._twin.setToolTip(self.tr("Open the design without this 1×1 in a tab, and compare both"))
        self._twin.clicked.connect(self._on_twin_clicked)
        self._clock = _button(self, "inspector.bought.clock", self.tr("Clock it"))
        self._clock.setToolTip(self.tr("Measure the design with and without this 1×1, call by call"))
        self._clock.clicked.connect(self._on_clock_clicked)
        buttons = QHBoxLayout()
        buttons.addWidget(self._twin)
        buttons.addWidget(self._clock)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(title)
        layout.addWidget(self._role)
        layout.addLayout(self._figures)
        layout.addWidget(self._curve)
        layout.addWidget(self._slider)
        layout.addWidget(self._words)
        layout.addLayout(buttons)

    @property
    def found(self) -> Counterfactual | None:
        """What is shown."""
        return self._found

    def show_node(self, analysis: Analysis, node_id: str | None) -> None:
        """Shows what a node buys; hides where it is no 1×1 that stands for something."""
        found = self._found = None if node_id is None else counterfactual(analysis, node_id)
        self.setVisible(found is not None)
        if found is None:
            return
        self._role.setText(visible(role_words(found)))
        self._show_differences(found)
        layer = as_conv2d(analysis.node(found.node).layer)
        assert layer is not None
        arithmetic = found.break_even
        self._curve.setVisible(arithmetic is not None)
        lines: tuple[str, ...] = (found.obstacle,) if found.obstacle else ()
        if arithmetic is not None:
            self._curve.show_widths(arithmetic, layer.out_channels)
            lines += break_even_words(arithmetic, layer.out_channels)
        self._words.setText("\n".join(visible(line) for line in lines))
        self._words.setVisible(bool(lines))
        self._show_width(analysis, found, layer)
        for button in (self._twin, self._clock):
            button.setEnabled(not found.obstacle)

    def _make_figures(self) -> None:
        self._head = QLabel(self.tr("the whole design, with it"), self)
        self._head.setProperty("role", "muted")
        self._figures.addWidget(self._head, 0, 0, 1, 2)
        self._figure_words: dict[str, QLabel] = {}
        self._figure_rows: list[QWidget] = [self._head]
        for row, title in enumerate(DIFFERENCES, start=1):
            words = self._figure_words[title] = QLabel(self)
            words.setObjectName(f"inspector.bought.{title.replace(' ', '_').lower()}")
            words.setAlignment(Qt.AlignmentFlag.AlignRight)
            heading = QLabel(self.tr(title), self)
            self._figure_rows += [heading, words]
            self._figures.addWidget(heading, row, 0)
            self._figures.addWidget(words, row, 1)

    def _show_differences(self, found: Counterfactual) -> None:
        for row in self._figure_rows:
            row.setVisible(bool(found.differences))
        for difference in found.differences:
            self._figure_words[difference.title].setText(difference.words)

    def _show_width(self, analysis: Analysis, found: Counterfactual, layer: Conv2d) -> None:
        shapes = analysis.nodes[found.node].inputs
        self._slider.setVisible(bool(shapes))
        if not shapes or self._slider.isSliderDown():
            return
        self._slider.blockSignals(True)
        self._slider.setRange(1, max(shapes[0][0], layer.out_channels))
        self._slider.setPageStep(16)
        self._slider.setValue(layer.out_channels)
        self._slider.blockSignals(False)

    @Slot()
    def _on_slider_pressed(self) -> None:
        self._gesture = new_gesture()

    @Slot(int)
    def _on_slider_value_changed(self, width: int) -> None:
        if self._found is not None:
            gesture = self._gesture if self._slider.isSliderDown() else new_gesture()
            self.width_dragged.emit(self._found.node, width, gesture)

    @Slot()
    def _on_twin_clicked(self) -> None:
        self.twin_wished.emit(self._found)

    @Slot()
    def _on_clock_clicked(self) -> None:
        self.clock_wished.emit(self._found)


def _button(parent: QWidget, name: str, words: str) -> QPushButton:
    button = QPushButton(words, parent)
    button.setObjectName(name)
    return button

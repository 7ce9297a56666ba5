"""The status bar: valid or not, what goes in and comes out, totals, the last latency, the zoom."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QLabel, QSizePolicy, QStatusBar, QWidget

from onebyone.quantity import byte_size, count, macs

if TYPE_CHECKING:
    from onebyone_desktop.session import Session

_MESSAGE_MS = 8_000


class StatusBar(QStatusBar):
    """One line of facts on the current design."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status")
        self.setSizeGripEnabled(False)
        self._state = self._add("status.state")
        self._shape = self._add("status.shape")
        self._parameters = self._add("status.parameters")
        self._macs = self._add("status.macs")
        self._peak = self._add("status.peak")
        self._latency = self._add("status.latency")
        self._message = QLabel(self)
        self._message.setObjectName("status.message")
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.addPermanentWidget(self._message, 1)
        self._until = QTimer(self, singleShot=True, interval=_MESSAGE_MS)
        self._until.timeout.connect(self._message.clear)
        self._zoom = QLabel(self)
        self._zoom.setObjectName("status.zoom")
        self._zoom.setProperty("role", "muted")
        self.addPermanentWidget(self._zoom)

    def show_session(self, session: "Session") -> None:
        """Shows the facts of a session."""
        from onebyone.description import shape_change
        from onebyone.measurement.cells import cell_words
        from onebyone_desktop.latency.answer import interval

        analysis = session.analysis
        errors = sum(problem.severity == "error" for problem in analysis.problems)
        is_empty = not session.design.nodes
        if is_empty:
            words, role = self.tr("empty"), "muted"
        elif errors:
            words, role = (self.tr("✕ 1 error") if errors == 1 else self.tr("✕ {} errors").format(errors)), "error"
        else:
            words, role = self.tr("✓ valid"), "ok"
        self._show_state(words, role)
        totals = analysis.totals
        self._shape.setText("" if is_empty else shape_change(analysis))
        self._parameters.setText("" if is_empty else self.tr("{} parameters").format(count(totals.parameters)))
        self._macs.setText("" if is_empty else self.tr("{} MACs").format(macs(totals.macs)))
        self._macs.setToolTip(self.tr("{} MACs").format(count(totals.macs)))
        self._peak.setText("" if is_empty else self.tr("peak {}").format(byte_size(totals.peak_activation_bytes)))
        run = session.run
        if run is None or run.median is None or run.ci is None:
            self._latency.clear()
            self._latency.setToolTip("")
        else:
            self._latency.setText(f"{interval(run.median, run.ci)} · {run.device}")
            self._latency.setToolTip(cell_words(run))

    def show_nothing(self) -> None:
        """Shows that nothing is open."""
        self._show_state(self.tr("empty"), "muted")
        for label in (self._shape, self._parameters, self._macs, self._peak, self._latency, self._zoom):
            label.clear()

    @Slot(str)
    def say(self, message: str) -> None:
        """Shows a sentence beside the facts for some seconds."""
        self._message.setText(message)
        self._message.setToolTip(message)
        self._until.start()

    def show_tip(self, tip: str) -> None:
        """Shows what the action under the pointer does, unless a message stands there."""
        if not self._until.isActive():
            self._message.setText(tip)

    @Slot(float)
    def show_zoom(self, zoom: float) -> None:
        """Shows the scale of the canvas."""
        self._zoom.setText(f"{round(zoom * 100)} %")

    def _show_state(self, words: str, role: str) -> None:
        self._state.setText(words)
        self._state.setProperty("role", role)
        self._state.style().unpolish(self._state)
        self._state.style().polish(self._state)

    def _add(self, name: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        self.addWidget(label)
        return label

"""What all panels around the canvas have in common: they follow the session of the current tab."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from onebyone_desktop.session import Session


class Panel(QWidget):
    """A view of the current session. It is filled when it is seen, and only then."""

    #: A node is to be selected and shown on the canvas; its id.
    node_wanted = Signal(str)

    def __init__(self, object_name: str, accessible_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(object_name)
        self.setAccessibleName(accessible_name)
        self._session: Session | None = None
        self._is_stale = True

    @property
    def session(self) -> "Session | None":
        """The session that is shown."""
        return self._session

    def set_session(self, session: "Session | None") -> None:
        """Shows another session."""
        if self._session is not None:
            self._session.design_changed.disconnect(self._on_session_design_changed)
            self._session.selection_changed.disconnect(self._on_session_selection_changed)
            self._session.measurement_changed.disconnect(self._on_session_measurement_changed)
            self._session.figures_changed.disconnect(self.refresh_soon)
        self._session = session
        if session is not None:
            session.design_changed.connect(self._on_session_design_changed)
            session.selection_changed.connect(self._on_session_selection_changed)
            session.measurement_changed.connect(self._on_session_measurement_changed)
            session.figures_changed.connect(self.refresh_soon)
        self.refresh_soon()

    @Slot()
    def refresh_soon(self) -> None:
        """Fills the panel now if it is seen, otherwise when it will be."""
        if self.isVisible():
            self._is_stale = False
            self.refresh()
        else:
            self._is_stale = True

    def refresh(self) -> None:
        """Fills the panel from the session."""

    def refresh_selection(self) -> None:
        """Follows the selection; most panels have nothing to do."""

    def refresh_measurement(self) -> None:
        """Follows a new or outdated measurement; most panels have nothing to do."""

    def refresh_colours(self) -> None:
        """Follows a new theme; most panels have nothing to do."""

    @Slot(object)
    def _on_session_design_changed(self, _before: object) -> None:
        self.refresh_soon()

    @Slot()
    def _on_session_selection_changed(self) -> None:
        if self.isVisible() and not self._is_stale:
            self.refresh_selection()

    @Slot()
    def _on_session_measurement_changed(self) -> None:
        if self.isVisible() and not self._is_stale:
            self.refresh_measurement()
        else:
            self._is_stale = True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._is_stale = False
            self.refresh()

"""The places of the panels: each panel is imported and built when it is first seen or asked for."""

from collections.abc import Callable
from typing import TypeVar

import msgspec
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from onebyone_desktop.panels.panel import Panel

_Kind = TypeVar("_Kind", bound=Panel)


class PanelSpec(msgspec.Struct, frozen=True):
    """A panel by name: what its tab is called, and the module whose `open_panel` makes it."""

    name: str
    title: str
    home: str


Build = Callable[[PanelSpec, QWidget], Panel]


class PanelPlace(QWidget):
    """An empty place until its panel is first seen."""

    def __init__(self, spec: PanelSpec, build: Build, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"place.{spec.name}")
        self.setAccessibleName(self.tr(spec.title))
        self.spec = spec
        self._build = build
        self._panel: Panel | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)

    @property
    def built(self) -> Panel | None:
        """The panel, if it has been built."""
        return self._panel

    def panel(self) -> Panel:
        """The panel; it is built now if nobody has asked for it before."""
        if self._panel is None:
            panel = self._panel = self._build(self.spec, self)
            least = self.minimumSize().expandedTo(panel.minimumSize())
            self.setMinimumSize(least)
            panel.setMinimumSize(least)
            layout = self.layout()
            assert layout is not None
            layout.addWidget(panel)
            # Whether the panel is seen is said by its place.
            panel.show()
        return self._panel

    def showEvent(self, event: QShowEvent) -> None:
        self.panel()
        super().showEvent(event)


class PanelPlaces:
    """All places of a window, by the names of their panels."""

    def __init__(self, build: Build) -> None:
        self._build = build
        self._places: dict[str, PanelPlace] = {}

    def make(self, spec: PanelSpec, parent: QWidget) -> PanelPlace:
        """The place of a panel that is not built yet."""
        place = self._places[spec.name] = PanelPlace(spec, self._build, parent)
        return place

    @property
    def built(self) -> list[Panel]:
        """The panels that have been built."""
        return [place.built for place in self._places.values() if place.built is not None]

    def get(self, name: str, kind: type[_Kind]) -> _Kind:
        """A panel of this kind; it is built now if it was not needed before."""
        panel = self._places[name].panel()
        assert isinstance(panel, kind)
        return panel

    def show(self, name: str) -> Panel:
        """Brings a panel to the front."""
        place = self._places[name]
        panel = place.panel()
        tabs = place.parent()
        while tabs is not None and not isinstance(tabs, QTabWidget):
            tabs = tabs.parent()
        if isinstance(tabs, QTabWidget):
            tabs.setCurrentWidget(place)
        else:
            place.show()
        return panel

    def hide(self, name: str) -> None:
        """Takes a panel that has a place of its own out of sight."""
        self._places[name].hide()

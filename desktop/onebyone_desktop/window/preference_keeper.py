"""Preferences at work: what the user has chosen, applied to a window."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from onebyone import quantity
from onebyone_desktop.appearance import theme
from onebyone_desktop.preferences import Preferences

if TYPE_CHECKING:
    from onebyone_desktop.window.desk import Desk


class PreferenceKeeper(QObject):
    """Applies preferences to a window at its start, when they change, and when the system changes its colours."""

    def __init__(self, desk: "Desk", use_theme: Callable[[theme.Theme], None]) -> None:
        super().__init__(desk)
        self._desk = desk
        self._use_theme = use_theme
        self._shown: Preferences | None = None
        desk.settings.preferences_changed.connect(self._on_settings_preferences_changed)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_color_scheme_changed)

    def start(self) -> None:
        """Applies the preferences to a new window; its theme is applied already."""
        preferences = self._shown = self._desk.settings.preferences
        quantity.choose_units(preferences.units)
        self.follow()

    def follow(self) -> None:
        """Applies the preferences to the designs that are open now."""
        preferences = self._desk.settings.preferences
        for canvas in self._desk.workspace.canvases():
            canvas.use(preferences)
            if canvas.session.analysis.bytes_per_element != preferences.bytes_per_element:
                canvas.session.show_figures(preferences.bytes_per_element)

    @Slot(object)
    def _on_settings_preferences_changed(self, preferences: Preferences) -> None:
        before, self._shown = self._shown, preferences
        self.follow()
        if before is None or before.theme != preferences.theme:
            self._use_theme(theme.named(preferences.theme))
        if before is None or before.units != preferences.units:
            quantity.choose_units(preferences.units)
            for canvas in self._desk.workspace.canvases():
                canvas.session.show_figures(preferences.bytes_per_element)
            self._desk.changed.emit()

    @Slot()
    def _on_system_color_scheme_changed(self) -> None:
        if self._desk.settings.theme == "system":
            self._use_theme(theme.named("system"))

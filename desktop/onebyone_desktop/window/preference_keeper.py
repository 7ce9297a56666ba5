"""Preferences at work: what the user has chosen, applied to a window, and the dialog to choose it in."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from onebyone import quantity
from onebyone_desktop.appearance import theme
from onebyone_desktop.preferences import Preferences

if TYPE_CHECKING:
    from onebyone_desktop.dialogs.preferences_dialog import PreferencesDialog
    from onebyone_desktop.window.main_window import MainWindow


class Preferring(QObject):
    """Applies preferences to a window at its start, when they change, and when the system changes its colours."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._shown: Preferences | None = None
        self._dialog: PreferencesDialog | None = None
        window.settings.preferences_changed.connect(self._on_settings_preferences_changed)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_color_scheme_changed)

    def start(self) -> None:
        """Applies the preferences to a new window; its theme is applied already."""
        preferences = self._shown = self._window.settings.preferences
        quantity.choose_units(preferences.units)
        self._window.latency.begin_with(preferences)
        self.follow()

    def follow(self) -> None:
        """Applies the preferences to the designs that are open now."""
        preferences = self._window.settings.preferences
        for canvas in self._window.workspace.canvases():
            canvas.use(preferences)
            if canvas.session.analysis.bytes_per_element != preferences.bytes_per_element:
                canvas.session.show_figures(preferences.bytes_per_element)

    def open_dialog(self) -> None:
        """Shows the dialog."""
        from onebyone_desktop.dialogs.preferences_dialog import PreferencesDialog

        if self._dialog is None:
            commands = self._window.measure_commands
            self._dialog = PreferencesDialog(self._window.settings, self._window)
            self._dialog.devices_wished.connect(commands.measuring.list_devices)
            commands.measuring.devices_listed.connect(self._dialog.offer_devices)
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    @Slot(object)
    def _on_settings_preferences_changed(self, preferences: Preferences) -> None:
        before, self._shown = self._shown, preferences
        window = self._window
        self.follow()
        if before is None or before.theme != preferences.theme:
            window.use_theme(theme.named(preferences.theme))
        if before is None or before.units != preferences.units:
            quantity.choose_units(preferences.units)
            for canvas in window.workspace.canvases():
                canvas.session.show_figures(preferences.bytes_per_element)
            window.follow_session()
        window.latency.begin_with(preferences, before)

    @Slot()
    def _on_system_color_scheme_changed(self) -> None:
        if self._window.settings.theme == "system":
            self._window.use_theme(theme.named("system"))

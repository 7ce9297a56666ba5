"""What the program remembers between starts: recent files, preferences, layout of the window."""

from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from onebyone_desktop.preferences import Preferences, checked

MOST_RECENT_FILES = 10
_MOST_RECENT_COMMANDS = 12
_MOST_RECENT_LAYERS = 5


class Settings(QObject):
    """Typed access to the user's settings."""

    #: A preference was changed, or all were reset.
    preferences_changed = Signal(Preferences)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "OneByOne", "OneByOne")
        self._preferences = self._read_preferences()

    @property
    def preferences(self) -> Preferences:
        """What the user has chosen."""
        return self._preferences

    @property
    def theme(self) -> str:
        """ "light", "dark" or "system"."""
        return self._preferences.theme

    @theme.setter
    def theme(self, name: str) -> None:
        self.change(theme=name)

    def change(self, **changes: Any) -> None:
        """Changes preferences by their names; they are kept, and everybody is told."""
        self._take(msgspec.structs.replace(self._preferences, **changes))

    def reset(self) -> None:
        """Puts all preferences back to those of a new installation."""
        self._take(Preferences())

    @property
    def recent_files(self) -> list[Path]:
        """Files opened or saved lately, newest first, also those that are gone since."""
        return [Path(name) for name in self._names("recent_files")]

    def remember_file(self, path: Path) -> None:
        """Puts a file at the front of the recent ones."""
        names = [str(path), *(str(other) for other in self.recent_files if other != path)]
        self._store.setValue("recent_files", names[:MOST_RECENT_FILES])

    def forget_file(self, path: Path) -> None:
        """Takes one file off the list of recent files."""
        self._store.setValue("recent_files", [str(other) for other in self.recent_files if other != path])

    def forget_files(self) -> None:
        """Empties the list of recent files."""
        self._store.remove("recent_files")

    @property
    def recent_commands(self) -> list[str]:
        """What was run from the command palette lately, newest first."""
        return self._names("recent_commands")

    def remember_command(self, key: str) -> None:
        """Puts a command at the front of the recent ones."""
        names = [key, *(other for other in self.recent_commands if other != key)]
        self._store.setValue("recent_commands", names[:_MOST_RECENT_COMMANDS])

    @property
    def recent_layers(self) -> list[str]:
        """The entries of the palette that the search added lately, newest first."""
        return self._names("recent_layers")

    def remember_layer(self, key: str) -> None:
        """Puts an entry of the palette at the front of the recent ones."""
        keys = [key, *(other for other in self.recent_layers if other != key)]
        self._store.setValue("recent_layers", keys[:_MOST_RECENT_LAYERS])

    @property
    def last_folder(self) -> str:
        """Where the last file was opened or saved."""
        return str(self._store.value("last_folder", ""))

    @last_folder.setter
    def last_folder(self, folder: str) -> None:
        self._store.setValue("last_folder", folder)

    def layout(self, name: str) -> QByteArray | None:
        """A stored state of the window or a splitter."""
        value = self._store.value(f"layout/{name}")
        return value if isinstance(value, QByteArray) and not value.isEmpty() else None

    def store_layout(self, name: str, state: QByteArray) -> None:
        """Stores the state of the window or a splitter."""
        self._store.setValue(f"layout/{name}", state)

    def _names(self, key: str) -> list[str]:
        stored = self._store.value(key, [])
        if isinstance(stored, str):
            return [stored]
        return [str(name) for name in stored] if isinstance(stored, list) else []

    def _read_preferences(self) -> Preferences:
        names = [name for name in Preferences.__struct_fields__ if self._store.contains(_key(name))]
        return Preferences(**{name: checked(name, self._store.value(_key(name))) for name in names})

    def _take(self, preferences: Preferences) -> None:
        if preferences == self._preferences:
            return
        self._preferences = preferences
        defaults = Preferences()
        for name in Preferences.__struct_fields__:
            value = getattr(preferences, name)
            if value == getattr(defaults, name):
                self._store.remove(_key(name))
            else:
                self._store.setValue(_key(name), value)
        self.preferences_changed.emit(preferences)


def _key(name: str) -> str:
    # The theme could be chosen before there were preferences.
    return "theme" if name == "theme" else f"preferences/{name}"

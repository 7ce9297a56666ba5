"""What the program remembers between starts: recent files and layers, theme, layout of the window."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

MOST_RECENT_FILES = 10
MOST_RECENT_LAYERS = 5


class Settings:
    """Typed access to the user's settings."""

    def __init__(self) -> None:
        self._store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "OneByOne", "OneByOne")

    @property
    def recent_files(self) -> list[Path]:
        """Files opened or saved lately, newest first; those that are gone are left out."""
        stored = self._store.value("recent_files", [])
        names = [stored] if isinstance(stored, str) else list(stored or [])
        return [Path(name) for name in names if Path(name).is_file()]

    def remember_file(self, path: Path) -> None:
        """Puts a file at the front of the recent ones."""
        names = [str(path), *(str(other) for other in self.recent_files if other != path)]
        self._store.setValue("recent_files", names[:MOST_RECENT_FILES])

    def forget_files(self) -> None:
        """Empties the list of recent files."""
        self._store.remove("recent_files")

    @property
    def recent_layers(self) -> list[str]:
        """The entries of the palette that the search added lately, newest first."""
        stored = self._store.value("recent_layers", [])
        return [stored] if isinstance(stored, str) else [str(key) for key in stored or []]

    def remember_layer(self, key: str) -> None:
        """Puts an entry of the palette at the front of the recent ones."""
        keys = [key, *(other for other in self.recent_layers if other != key)]
        self._store.setValue("recent_layers", keys[:MOST_RECENT_LAYERS])

    @property
    def theme(self) -> str:
        """ "light", "dark" or "system"."""
        stored = self._store.value("theme", "system")
        return stored if stored in {"light", "dark", "system"} else "system"

    @theme.setter
    def theme(self, name: str) -> None:
        self._store.setValue("theme", name)

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

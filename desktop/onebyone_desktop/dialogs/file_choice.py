"""The dialogs that ask for a file; what they offer is the list of formats."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from onebyone import formats
from onebyone.formats import Kind

_ALL = ";;All files (*)"


def ask_to_write(parent: QWidget, title: str, start: Path, kind: Kind, has_all: bool = False) -> Path | None:
    """Where to write something of a kind; None where that was called off.

    Args:
        start: What is proposed; without a suffix of the kind it gets that of the first format.
        has_all: Whether the dialog can show all files too.
    """
    suffixes = formats.suffixes(kind)
    proposed = str(start) if start.suffix in suffixes else f"{start}{suffixes[0]}"
    filters = formats.filters(kind) + (_ALL if has_all else "")
    name, chosen = QFileDialog.getSaveFileName(parent, title, proposed, parent.tr(filters))
    return formats.completed(name, chosen, kind) if name else None


def ask_to_read(parent: QWidget, title: str, folder: str, kind: Kind, has_all: bool = False) -> list[Path]:
    """The files to read something of a kind from; none where that was called off."""
    filters = formats.filters(kind, is_read=True) + (_ALL if has_all else "")
    names, _ = QFileDialog.getOpenFileNames(parent, title, folder, parent.tr(filters))
    return [Path(name) for name in names]

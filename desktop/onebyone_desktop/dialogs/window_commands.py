"""Everything that the menus of a window can do, as a list to search in."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from onebyone.adding.matching import best_score, plain

_HIDDEN = {"view.commands"}


class WindowCommand(msgspec.Struct, frozen=True):
    """One entry of a menu: what it is called, where it stands, its keys, and why it cannot be used now."""

    action: QAction
    title: str
    path: str
    keys: str
    reason: str = ""

    @property
    def key(self) -> str:
        """What it is remembered by."""
        return self.action.objectName() or f"{self.path} {self.title}"

    @property
    def sentence(self) -> str:
        """All of it in words, for a screen reader."""
        return ", ".join(part for part in (self.title, self.path, self.keys, self.reason) if part)


def window_commands(window: QMainWindow, reasons: dict[str, str]) -> tuple[WindowCommand, ...]:
    """The commands in the order of the menus; an action that is off is left out unless there is a reason to show."""
    found = []
    for action in window.menuBar().actions():
        menu = action.menu()
        if isinstance(menu, QMenu):
            found += list(_commands_of(menu, (_bare(action.text()),), reasons))
    return tuple(found)


def find_commands(commands: Iterable[WindowCommand], text: str, recent: Sequence[str]) -> tuple[WindowCommand, ...]:
    """The commands that fit what was typed, the best first; of equal ones those used lately, then those that are on."""
    words = plain(text).split()
    rank = {key: number for number, key in enumerate(recent)}
    scored = [(_score(command, words), number, command) for number, command in enumerate(commands)]
    kept = [item for item in scored if item[0] > 0]
    kept.sort(key=lambda item: (bool(item[2].reason), -item[0], rank.get(item[2].key, len(rank)), item[1]))
    return tuple(command for _, _, command in kept)


def _commands_of(menu: QMenu, path: tuple[str, ...], reasons: dict[str, str]) -> Iterator[WindowCommand]:
    # Menus such as that of recent files are filled when they are about to be shown.
    menu.aboutToShow.emit()
    for action in menu.actions():
        title = _bare(action.text())
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _commands_of(inner, (*path, title), reasons)
            continue
        name = action.objectName()
        reason = "" if action.isEnabled() else reasons.get(name, "")
        if action.isSeparator() or name in _HIDDEN or not action.isVisible() or not (action.isEnabled() or reason):
            continue
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        yield WindowCommand(action, title, " › ".join(path), keys, reason)


def _score(command: WindowCommand, words: list[str]) -> float:
    if not words:
        return 1.0
    title = plain(command.title)
    names = [*title.split(), title]
    path = plain(command.path).replace("›", " ").split()
    scores = [max(best_score(word, names), best_score(word, path) / 2) for word in words]
    return sum(scores) / len(scores) if min(scores) > 0 else 0.0


def _bare(text: str) -> str:
    """The text of an action without the sign for its key."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")

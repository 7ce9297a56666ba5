"""Random use of the window: whatever is done in whatever order, nothing breaks, and undo leads back to the first bytes.

A walk that fails says its number and what was done; `walk(user, NUMBER)` does the same again.
"""

import random
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from onebyone.files.storage import dumps
from onebyone_desktop.session import Session
from tests.desktop.random_use.agreement import check
from tests.desktop.random_use.user import Answers, User, forget_deleted

WALKS = 300
STEPS = 60
# The walks are shared among so many windows; without --deep each window is walked through once.
WINDOWS = 20
# In the middle of a drag something else happens, which is a step of its own.
_MOST_NEW_STEPS = {"drag_and_do": 2}


class Past:
    """How the histories of the open designs began, and how long they are."""

    def __init__(self) -> None:
        self.first: dict[Session, bytes] = {}
        self._lengths: dict[Session, int] = {}

    def follow(self, user: User, done: str) -> None:
        """Whatever a user does is one step in each history at most."""
        sessions = [canvas.session for canvas in user.window.workspace.canvases()]
        most = _MOST_NEW_STEPS.get(done.split(maxsplit=1)[0], 1)
        for session in sessions:
            past = session.undo_history.past
            # A tab that is opened again brings its history with it.
            self.first.setdefault(session, dumps(past[0].design if past else session.design))
            assert len(past) - self._lengths.get(session, len(past)) <= most
            self._lengths[session] = len(past)
        for session in self.first.keys() - set(sessions):
            del self.first[session], self._lengths[session]


def walk(user: User, number: int, steps: range = range(STEPS)) -> None:
    """Opens a design, does so many things, and takes all of them back."""
    past, trace, errors = Past(), [], []
    hook, sys.excepthook = sys.excepthook, lambda *error: errors.append(error)
    try:
        if number % 3:
            user.window.desk.documents.open_gallery("inception-3a" if number % 3 == 1 else "inception-3a-naive")
        past.follow(user, "open")
        for step in steps:
            trace.append(user.do(random.Random(f"{number}/{step}")))
            QApplication.processEvents()
            forget_deleted()
            if errors:
                raise errors[0][1]
            past.follow(user, trace[-1])
            check(user.window)
        for session, first in past.first.items():
            check_history(session, first)
        close_all(user, past)
    except Exception as error:
        lines = "\n".join(f"{step}: {line}" for step, line in enumerate(trace))
        raise AssertionError(f"walk {number} fails after\n{lines}\n{type(error).__name__}: {error}") from error
    finally:
        sys.excepthook = hook


def check_history(session: Session, first: bytes) -> None:
    """Undo leads to the first bytes, and redo to the last."""
    last, steps = dumps(session.design), len(session.undo_history.past)
    for _ in range(steps):
        session.undo()
    assert dumps(session.design) == first
    for _ in range(steps):
        session.redo()
    assert dumps(session.design) == last


def close_all(user: User, past: Past) -> None:
    """Closes all tabs without a question."""
    for session in list(user.window.workspace.sessions):
        session.mark_saved(user.folder / "walked.1x1")
        user.window.desk.documents.close(session)
    past.follow(user, "close")
    forget_deleted()
    check(user.window)


@pytest.mark.parametrize("first", range(WINDOWS))
def test_random_use_breaks_nothing_and_is_undone(
    open_window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sized, first: int
) -> None:
    answers = Answers(monkeypatch, tmp_path)
    (tmp_path / "junk.1x1").write_bytes(b'{"onebyone": 1, "nodes": [{')
    window = open_window()
    window.resize(1000, 680)
    user = User(window, answers)

    for number in range(first, sized(WINDOWS, WALKS), WINDOWS):
        walk(user, number)

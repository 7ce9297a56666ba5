"""Lessons as they are written: Markdown with a few lines that begin with @.

A file begins with its title ("# …") and a sentence on it. Each step begins with "## …"; its text may hold figures in
braces (see `scope`). Lines of a step that begin with @ say what it does:

    @open NAME      opens a design of the gallery, unless the lesson has it open; NAME may be several
    @select ID      selects nodes
    @panel NAME     brings a panel to the front
    @task TEXT      what the reader is asked to do
    @check TEXT     holds once it is done (see `scope`); a step has both or neither
    @done TEXT      what is said then, with figures in braces
"""

from functools import cache
from pathlib import Path

import msgspec

from onebyone_resources import path

#: The lessons in order; each is a file in the folder of a language.
_NAMES = ("mixing", "arithmetic", "bottleneck", "clock")
_DEFAULT_LANGUAGE = "en"


class Step(msgspec.Struct, frozen=True):
    """One step of a lesson, as it is written: the texts have their figures in braces still."""

    title: str
    text: str = ""
    opens: tuple[str, ...] = ()
    selects: tuple[str, ...] = ()
    panel: str = ""
    task: str = ""
    check: str = ""
    done: str = ""


class Lesson(msgspec.Struct, frozen=True):
    """A walk of a few steps."""

    name: str
    title: str
    summary: str
    steps: tuple[Step, ...]


def lesson_names() -> tuple[str, ...]:
    """The names of the lessons, in order."""
    return _NAMES


@cache
def load_lesson(name: str, language: str = _DEFAULT_LANGUAGE) -> Lesson:
    """A lesson in a language ("de"), or in English where it has not been translated."""
    wanted = path(f"lessons/{language}/{name}.md")
    found = wanted if _is_language(language) and wanted.is_file() else path(f"lessons/{_DEFAULT_LANGUAGE}/{name}.md")
    return read_lesson(name, Path(found).read_text(encoding="utf-8"))


def _is_language(language: str) -> bool:
    return language.isascii() and language.replace("_", "").isalpha()


def read_lesson(name: str, text: str) -> Lesson:
    """The lesson that a text of Markdown holds."""
    head, *parts = f"\n{text}".split("\n## ")
    title, _, summary = head.strip().removeprefix("# ").partition("\n")
    return Lesson(name, title.strip(), " ".join(summary.split()), tuple(_step(part) for part in parts))


def _step(part: str) -> Step:
    title, _, body = part.partition("\n")
    said: dict[str, str] = {}
    lines = []
    for line in body.splitlines():
        if line.startswith("@"):
            word, _, rest = line[1:].partition(" ")
            said[word] = rest.strip()
        else:
            lines.append(line)
    return Step(
        title=title.strip(),
        text="\n".join(lines).strip(),
        opens=tuple(said.pop("open", "").split()),
        selects=tuple(said.pop("select", "").split()),
        **said,
    )

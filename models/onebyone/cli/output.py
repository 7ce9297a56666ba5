"""Tables and lines on stdout, where no name is ever markup."""

import sys
from collections.abc import Iterable, Sequence

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from onebyone.reports.escaping import one_line

# Where no terminal sets a width, a table is as wide as its content.
_UNLIMITED_WIDTH = 2_000


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leaves it to `main` what the exit code is; rich would end the process."""
        raise BrokenPipeError


def console(stderr: bool = False) -> Console:
    """A console that shows text as it is."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else _UNLIMITED_WIDTH
    return _Console(stderr=stderr, markup=False, highlight=False, emoji=False, width=width)


def say(line: str, style: str = "") -> None:
    """One line on stdout; anything in it that is not text is made visible."""
    console().print(Text(one_line(line), style), soft_wrap=True)


def say_table(
    header: Sequence[str], rows: Iterable[Sequence[str]], numbers_from: int = 1, last_is_total: bool = False
) -> None:
    """A table on stdout; columns from `numbers_from` on are aligned to the right."""
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column, title in enumerate(header):
        table.add_column(Text(one_line(title)), justify="left" if column < numbers_from else "right", overflow="fold")
    lines = [[Text(one_line(cell)) for cell in row] for row in rows]
    for place, line in enumerate(lines):
        if last_is_total and place == len(lines) - 1:
            table.add_section()
        table.add_row(*line)
    console().print(table)


def say_document(text: str) -> None:
    """A whole document on stdout, in UTF-8 whatever the terminal speaks."""
    click.echo(text.encode(), nl=False)

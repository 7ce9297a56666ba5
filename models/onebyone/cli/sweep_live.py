"""What stands on the terminal while the points of a sweep are measured."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from onebyone.cli.output import console
from onebyone.measurement.records import MeasurementRequest
from onebyone.reports.escaping import one_line
from onebyone.sweep.measuring import progress_words
from onebyone.worker.messages import Progress

_REFRESHES_A_SECOND = 8


class LiveSweep:
    """A bar over all points, and what the one under way is at.

    Args:
        count: How many points are measured.
        budget: Seconds for each of them.
    """

    def __init__(self, count: int, budget: float) -> None:
        self._count = count
        self._budget = budget
        self._done = 0
        self._fraction = 0.0
        self._words = ""
        self._start = time.monotonic()
        self._live: Live | None = None

    @contextmanager
    def shown(self) -> Iterator["LiveSweep"]:
        """Shows it on stderr where that is a terminal, and takes it away at the end."""
        if not sys.stderr.isatty():
            yield self
            return
        with Live(console=console(stderr=True), transient=True, refresh_per_second=_REFRESHES_A_SECOND) as live:
            self._live = live
            self._update()
            yield self

    def follow(self, request: MeasurementRequest, progress: Progress) -> None:
        """Follows the worker on this machine; called from its thread."""
        self._fraction = progress.fraction
        self._words = progress_words(request, progress)
        self._update()

    def advance(self) -> None:
        """Another point is finished."""
        self._done, self._fraction = self._done + 1, 0.0
        self._update()

    def view(self) -> Group:
        """What is shown."""
        headline = f"{self._done:,} of {self._count:,} points; about {self._seconds_left():,.0f} s left"
        bar = Table.grid()
        bar.add_row(ProgressBar(total=1.0, completed=self._so_far() / self._count, width=60))
        return Group(Text(headline), bar, Text(one_line(self._words), "dim"))

    def _so_far(self) -> float:
        return min(self._done + self._fraction, self._count)

    def _seconds_left(self) -> float:
        """By the time that the finished ones took, several at once where there are several machines."""
        left = self._count - self._so_far()
        if not self._done:
            return left * self._budget
        return left * (time.monotonic() - self._start) / self._so_far()

    def _update(self) -> None:
        if self._live is not None:
            self._live.update(self.view())

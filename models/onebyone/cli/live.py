"""What stands on the terminal while a matrix is measured."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from onebyone import quantity
from onebyone.cli.output import console
from onebyone.measurement.cells import cell_words
from onebyone.measurement.records import MeasurementRequest, RunProgress
from onebyone.reports.escaping import one_line
from onebyone.worker.messages import PHASE_WORDS, Progress

_REFRESHES_A_SECOND = 8


class LiveMeasuring:
    """A bar over all cells, what is going on, and a line for each design with its interval as it shrinks."""

    def __init__(self, requests: Sequence[MeasurementRequest]) -> None:
        self._requests = requests
        self._counts: dict[str, tuple[int, int]] = {}
        self._place = -1
        self._live: Live | None = None

    @contextmanager
    def shown(self) -> Iterator["LiveMeasuring"]:
        """Shows it on stderr, and takes it away at the end."""
        with Live(console=console(stderr=True), transient=True, refresh_per_second=_REFRESHES_A_SECOND) as live:
            self._live = live
            yield self

    def show(self, place: int, progress: Progress) -> None:
        """Follows the worker."""
        if place != self._place:
            self._place, self._counts = place, {}
        for run in progress.runs:
            clean, disturbed = self._counts.get(run.design, (0, 0))
            now = sum(run.latest_clean)
            self._counts[run.design] = clean + now, disturbed + len(run.latest_clean) - now
        if self._live is not None:
            self._live.update(self.view(progress))

    def view(self, progress: Progress) -> Group:
        """What is shown."""
        done = (self._place + progress.fraction) / len(self._requests)
        headline = Text(one_line(self._headline(progress)))
        # A bar by itself does not end its line.
        bar = Table.grid()
        bar.add_row(ProgressBar(total=1.0, completed=done, width=60))
        return Group(headline, bar, self._table(progress.runs))

    def _headline(self, progress: Progress) -> str:
        words = PHASE_WORDS[progress.phase]
        cell = cell_words(self._requests[self._place])
        text = f"cell {self._place + 1} of {len(self._requests)}, {cell}: {words}"
        text += f", {progress.note}" if progress.note else ""
        return f"{text}; about {self._seconds_left(progress):.0f} s left"

    def _seconds_left(self, progress: Progress) -> float:
        """Of this cell, of which the worker knows more once it measures, and of those that follow; budgets in full."""
        this, *others = self._requests[self._place :]
        left = this.budget * (1 - progress.fraction) if progress.seconds_left is None else progress.seconds_left
        return left + sum(request.budget for request in others)

    def _table(self, runs: Sequence[RunProgress]) -> Table:
        table = Table.grid(padding=(0, 3))
        for run in runs:
            clean, disturbed = self._counts.get(run.design, (0, 0))
            table.add_row(
                Text(one_line(run.design)),
                Text(quantity.duration(run.median) if run.median is not None else "no undisturbed sample yet"),
                Text(_half_width(run)),
                Text(f"{clean:,} clean, {disturbed:,} disturbed", "dim"),
            )
        return table


def _half_width(run: RunProgress) -> str:
    if run.median is None or run.ci is None or run.rounds < 2:
        return ""
    return f"± {(run.ci[1] - run.ci[0]) / 2 / run.median * 100:.1f} %"

"""The work of a sweep in slices of time, so that the window goes on painting: figures of all variants, then a plan."""

import time
from collections.abc import Iterator
from itertools import islice

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from onebyone.analysis import Analysis
from onebyone.sweep.grid import Point, Sweep, points
from onebyone.sweep.measured import Job, PointSettings, make_jobs, this_machine
from onebyone.sweep.spread import spread

_SLICE_S = 0.008
# The first slice is part of an edit, which has a frame to be painted in.
_FIRST_SLICE_S = 0.004
_TELL_S = 0.1


class SweepWork(QObject):
    """Analyses all variants, then picks the points to measure and writes their questions.

    What is begun anew drops what was under way.
    """

    #: More variants are known, or all.
    advanced = Signal()
    #: The questions of the points to measure are written, in `jobs`.
    planned = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.points: list[Point] = []
        self.jobs: list[Job] = []
        self._sweep: Sweep | None = None
        self._coming: Iterator[Point] = iter(())
        self._planning: Iterator[Job] | None = None
        self._count = 0
        self._settings = PointSettings()
        self._is_planned = False
        self._told = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._on_timer_timeout)

    @property
    def is_computed(self) -> bool:
        """Whether every variant is known."""
        return self._sweep is not None and len(self.points) == self._sweep.count

    @property
    def is_planned(self) -> bool:
        """Whether the points to measure are picked."""
        return self._is_planned

    def clear(self) -> None:
        """Drops everything."""
        self._timer.stop()
        self._sweep, self.points, self.jobs = None, [], []
        self._planning, self._is_planned = None, False

    def begin(self, sweep: Sweep, analysis: Analysis, count: int, settings: PointSettings) -> None:
        """Begins with another sweep."""
        self.clear()
        self._sweep = sweep
        self._coming = points(sweep, analysis, analysis.bytes_per_element)
        self._count, self._settings = count, settings
        self._go_on(_FIRST_SLICE_S)

    def plan(self, count: int, settings: PointSettings) -> None:
        """Picks other points to measure, or the same ones for other settings."""
        self._count, self._settings = count, settings
        self._planning, self._is_planned, self.jobs = None, False, []
        if self._sweep is not None:
            self._timer.start()

    @Slot()
    def _on_timer_timeout(self) -> None:
        self._go_on(_SLICE_S)

    def _go_on(self, seconds: float) -> None:
        sweep = self._sweep
        if sweep is None:
            self._timer.stop()
            return
        end = time.perf_counter() + seconds
        if not self.is_computed:
            while time.perf_counter() < end and not self.is_computed:
                self.points.extend(islice(self._coming, 16))
            now = time.perf_counter()
            if self.is_computed or now - self._told > _TELL_S:
                self._told = now
                self.advanced.emit()
        elif self._planning is None:
            valid = [index for index, point in enumerate(self.points) if point.is_valid]
            chosen = spread(sweep, valid, self._count) if valid else ()
            self._planning = make_jobs(sweep, chosen, self._settings, this_machine())
        else:
            self._write_questions(self._planning, end)
        # A listener may have begun another sweep.
        if self._is_planned:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def _write_questions(self, planning: Iterator[Job], end: float) -> None:
        while time.perf_counter() < end:
            job = next(planning, None)
            if job is None:
                self._is_planned = True
                self._timer.stop()
                self.planned.emit()
                return
            self.jobs.append(job)

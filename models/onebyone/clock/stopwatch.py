"""Times spans of calls, with the evidence read outside the timed span."""

import time
from collections.abc import Callable

from onebyone.clock.evidence import Evidence
from onebyone.clock.statistics import Sample

NANOSECOND = 1e-9

Call = Callable[[], object]


class Stopwatch:
    """Times blocks of calls that are followed by one synchronisation of the device."""

    def __init__(self, evidence: Evidence, synchronize: Callable[[], None]) -> None:
        self._evidence = evidence
        self._synchronize = synchronize

    def now(self) -> float:
        """Seconds on the clock that the samples are taken with."""
        return time.perf_counter()

    def begin_round(self) -> None:
        """Gets ready for a round: threads born since the last one are watched as well."""
        self._evidence.refresh()

    def sample(self, call: Call, calls: int = 1) -> Sample:
        """One sample: the time of a block of calls, synchronised at its end."""
        synchronize = self._synchronize
        repeats = range(calls)
        before = self._evidence.read()
        start = time.perf_counter_ns()
        for _ in repeats:
            call()
        synchronize()
        end = time.perf_counter_ns()
        after = self._evidence.read()
        span = (end - start) * NANOSECOND
        has_delay = before.delay_ns is not None and after.delay_ns is not None
        return Sample(
            seconds=span / calls,
            delay=(after.delay_ns - before.delay_ns) * NANOSECOND if has_delay else None,  # type: ignore[operator]
            cpu=(after.cpu_ns - before.cpu_ns) * NANOSECOND,
            switches=after.switches - before.switches,
            span=span,
        )

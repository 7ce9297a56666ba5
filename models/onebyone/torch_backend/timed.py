"""What was timed of one design, before it becomes an answer."""

import msgspec

from onebyone.clock.protocol import WarmUp
from onebyone.clock.statistics import Round
from onebyone.measurement.records import IsolatedTime, NodeTime
from onebyone.torch_backend.candidate import Candidate


class Timed(msgspec.Struct, frozen=True):
    """All that was found out about one candidate; a compiled one has no times of nodes."""

    candidate: Candidate
    warm_up: WarmUp
    calls_per_sample: int
    rounds: list[Round]
    nodes: tuple[NodeTime, ...] = ()
    unattributed: float | None = None
    peak_bytes: int | None = None
    device_median: float | None = None
    isolated: tuple[IsolatedTime, ...] = ()

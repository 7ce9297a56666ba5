"""What a measurement asks for and what it answers, as data; no torch here."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from onebyone.design import Design

DType = Literal["float32", "bfloat16", "float16"]
Layout = Literal["nchw", "channels_last"]
Mode = Literal["eager", "compile"]
Verdict = Literal["quiet", "usable", "disturbed", "refused"]
Comparison = Literal["faster", "slower", "same", "cannot tell"]
#: Quick: the rounds of one process. Trusted: at least three fresh processes, and the interval is over them.
Form = Literal["quick", "trusted"]
Phase = Literal[
    "starting", "loading torch", "waiting", "waiting for quiet", "checking", "warming up", "measuring", "per node",
    "memory", "single nodes", "roofs",
]  # fmt: skip

BYTES_PER_ELEMENT: dict[DType, int] = {"float32": 4, "bfloat16": 2, "float16": 2}
MAX_BATCH = 4096
MAX_DESIGNS = 6
MAX_THREADS = 1024
#: Seconds for the rounds of one cell where nothing else is asked for.
QUICK_BUDGET_S = 3.0
TRUSTED_BUDGET_S = 20.0


class MeasurementRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One cell of the measuring matrix, for one to six designs that are interleaved call by call.

    `threads` None means all physical cores; `budget` is in seconds for all designs together, warm-up excluded (of the
    trusted form everything counts, the starts of its processes too). `is_isolated` asks for every node alone as well,
    `has_roofs` for the machine's own roofs.
    """

    designs: Annotated[tuple[Design, ...], Meta(min_length=1, max_length=MAX_DESIGNS)]
    device: str = "cpu"
    dtype: DType = "float32"
    layout: Layout = "nchw"
    batch: Annotated[int, Meta(ge=1, le=MAX_BATCH)] = 1
    threads: Annotated[int, Meta(ge=1, le=MAX_THREADS)] | None = None
    mode: Mode = "eager"
    budget: Annotated[float, Meta(gt=0, le=3600)] = QUICK_BUDGET_S
    form: Form = "quick"
    is_isolated: bool = False
    has_roofs: bool = True


class RawTimes(msgspec.Struct, frozen=True):
    """All samples, disturbed ones included; seconds a call. Tails are None where a sample is a block of calls."""

    median: float
    p5: float | None
    p95: float | None
    min: float
    max: float


class NodeTime(msgspec.Struct, frozen=True):
    """The time of one node inside the graph: seconds a call, and its share of the whole."""

    id: str
    median: float
    share: float


class IsolatedTime(msgspec.Struct, frozen=True):
    """The time of one node by itself, on inputs of the shape that it has in the graph: seconds a call.

    Hot: called again and again; cold: after the caches were filled with something else. Never summed: the graph's
    own times are in `NodeTime`. None where the budget did not reach.
    """

    id: str
    hot: float | None
    cold: float | None


class Roofs(msgspec.Struct, frozen=True):
    """The best that a machine does: operations (a MAC is two) and bytes a second, and the least time of a call."""

    device: str
    dtype: DType
    threads: int
    operations_per_second: float
    bytes_per_second: float
    call_seconds: float


class DeviceInfo(msgspec.Struct, frozen=True):
    """A device that can be measured on, and what it is."""

    name: str
    description: str


class RunProgress(msgspec.Struct, frozen=True):
    """What is known of one design while it is being measured; None until the first undisturbed sample.

    `latest` are the samples since the last message, in seconds a call, or some of them where there are many, and
    `latest_clean` says which of them were undisturbed.
    """

    design: str
    rounds: int
    samples: int
    median: float | None
    ci: tuple[float, float] | None
    latest: tuple[float, ...] = ()
    latest_clean: tuple[bool, ...] = ()


class Run(msgspec.Struct, frozen=True):
    """The answer for one design. Times are in seconds a call; `median` and `ci` are None where refused.

    `rounds` are the medians of the clean samples of each round, `median` is theirs and the interval a bootstrap over
    them. `samples_seconds` are all samples in order, or every `sample_stride`-th where there are very many, and
    `clean` says which of them were undisturbed. `peak_bytes` counts activations, the inputs among them, not weights.
    `delay_seconds`, `cpu_seconds` and `switches` (involuntary) are sums over all samples.

    In the trusted form `processes` are the medians of the processes, `median` is theirs and the interval is over them;
    `rounds` are those of all processes. `estimated_peak_bytes` is the liveness estimate of the analysis for this batch
    and number type. `compile_seconds` is what the first compiled call took beyond a later one. `device_median` is
    the time on the accelerator's own clock, None on the CPU.
    """

    design: str
    digest: str
    device: str
    dtype: DType
    layout: Layout
    batch: int
    threads: int
    mode: Mode
    verdict: Verdict
    reason: str
    samples: int
    clean_samples: int
    first_call: float
    median: float | None
    ci: tuple[float, float] | None
    raw: RawTimes
    peak_bytes: int | None
    nodes: tuple[NodeTime, ...] = ()
    unattributed: float | None = None
    rounds: tuple[float, ...] = ()
    outliers: int = 0
    warm_up_calls: int = 0
    is_settled: bool = True
    calls_per_sample: int = 1
    largest_error: float = 0.0
    delay_seconds: float | None = None
    cpu_seconds: float = 0.0
    switches: int = 0
    input_shapes: tuple[tuple[int, ...], ...] = ()
    samples_seconds: tuple[float, ...] = ()
    clean: tuple[bool, ...] = ()
    sample_stride: int = 1
    form: Form = "quick"
    processes: tuple[float, ...] = ()
    estimated_peak_bytes: int | None = None
    compile_seconds: float | None = None
    device_median: float | None = None
    isolated: tuple[IsolatedTime, ...] = ()


class Ratio(msgspec.Struct, frozen=True):
    """How one design's time compares with another's: the median ratio of interleaved calls with its interval.

    `rounds` are the median ratios of the rounds.
    """

    of: str
    to: str
    ratio: float | None
    ci: tuple[float, float] | None
    verdict: Comparison
    rounds: tuple[float, ...] = ()


class Measurement(msgspec.Struct, frozen=True):
    """A finished measurement: where it was made, a run for each design, and ratios to the first design.

    `resolution` is how far apart a design and its copy came out (0.01: one percent), None where nothing was compared
    or the copies could not be; `copy_rounds` are their median ratios by round.
    """

    environment: dict[str, Any]
    runs: tuple[Run, ...]
    ratios: tuple[Ratio, ...] = ()
    resolution: float | None = None
    copy_rounds: tuple[float, ...] = ()
    roofs: Roofs | None = None


class MeasuredCell(msgspec.Struct, frozen=True):
    """A cell of the matrix: what was asked for, and the answer."""

    request: MeasurementRequest
    measurement: Measurement

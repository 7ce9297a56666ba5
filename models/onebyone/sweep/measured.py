"""What is measured of a variant: the question, its key, and the answer as it is kept."""

import platform
from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from onebyone.computation import digest
from onebyone.measurement.records import (
    MAX_BATCH,
    MAX_THREADS,
    QUICK_BUDGET_S,
    Comparison,
    DType,
    Layout,
    Measurement,
    MeasurementRequest,
    Mode,
    Verdict,
)
from onebyone.sweep.grid import Sweep


class PointSettings(msgspec.Struct, frozen=True):
    """The one cell in which all points of a sweep are measured, each in turn with the design as it is.

    `threads` None means all physical cores of the machine that measures; `budget` is in seconds a point.
    """

    device: str = "cpu"
    dtype: DType = "float32"
    layout: Layout = "nchw"
    batch: Annotated[int, Meta(ge=1, le=MAX_BATCH)] = 1
    threads: Annotated[int, Meta(ge=1, le=MAX_THREADS)] | None = 1
    mode: Mode = "eager"
    budget: Annotated[float, Meta(gt=0, le=3600)] = QUICK_BUDGET_S


class Job(msgspec.Struct, frozen=True):
    """A point that is to be measured; `key` is the same wherever the same designs are asked for in the same way."""

    index: int
    values: tuple[int, ...]
    key: str
    request: MeasurementRequest


class Machine(msgspec.Struct, frozen=True):
    """Where a point was measured; a name and an address where it was a worker of a cluster."""

    environment: dict[str, Any]
    name: str = ""
    address: str = ""


class MeasuredPoint(msgspec.Struct, frozen=True):
    """A measured variant: its time a call in seconds, and how it compares with the design as it is, call by call.

    `median` and `ci` are None where the measurement was refused; then only `least` and `most` are known. `base_median`
    is the time of the design as it is beside this point, `ratio` the median ratio of the interleaved calls.
    `failure` says why there is no answer at all; such a point is not kept.
    """

    key: str
    values: tuple[int, ...]
    verdict: Verdict = "refused"
    reason: str = ""
    median: float | None = None
    ci: tuple[float, float] | None = None
    base_median: float | None = None
    ratio: float | None = None
    ratio_ci: tuple[float, float] | None = None
    comparison: Comparison = "cannot tell"
    samples: int = 0
    clean_samples: int = 0
    least: float | None = None
    most: float | None = None
    peak_bytes: int | None = None
    finished: str = ""
    machine: Machine = Machine({})
    failure: str = ""

    @property
    def is_answered(self) -> bool:
        """Whether there is a time and a ratio, so that it need not be asked again."""
        return self.median is not None and self.ratio is not None


def make_jobs(sweep: Sweep, indexes: Iterable[int], settings: PointSettings, where: str) -> Iterator[Job]:
    """The questions for these variants, each beside the design as it is; made one by one, as they are asked for.

    Args:
        sweep: What is varied.
        indexes: Which variants.
        settings: How they are measured.
        where: What they are measured on: answers from elsewhere are no answers.
    """
    base = sweep.design if sweep.design.name else msgspec.structs.replace(sweep.design, name="Untitled")
    base_digest = digest(base)
    for index in indexes:
        variant = sweep.design_at(index)
        request = MeasurementRequest(
            (base, variant),
            settings.device,
            settings.dtype,
            settings.layout,
            settings.batch,
            settings.threads,
            settings.mode,
            settings.budget,
            has_roofs=False,
        )
        asked = msgspec.json.encode([where, base_digest, digest(variant), settings], order="sorted")
        yield Job(index, sweep.values_at(index), sha256(asked).hexdigest(), request)


def this_machine() -> str:
    """This machine and its PyTorch, as far as a kept answer holds only for them."""
    try:
        torch = version("torch")
    except PackageNotFoundError:
        torch = ""
    return f"{platform.node()} torch {torch}"


def answered(job: Job, measurement: Measurement, name: str = "", address: str = "") -> MeasuredPoint:
    """What is kept of an answer."""
    base, run = measurement.runs
    (ratio,) = measurement.ratios
    return MeasuredPoint(
        job.key,
        job.values,
        run.verdict,
        run.reason,
        run.median,
        run.ci,
        base.median,
        ratio.ratio,
        ratio.ci,
        ratio.verdict,
        run.samples,
        run.clean_samples,
        run.raw.min,
        run.raw.max,
        run.peak_bytes,
        str(measurement.environment.get("finished", "")),
        Machine(measurement.environment, name, address),
    )


def failed(job: Job, reason: str) -> MeasuredPoint:
    """A point that has no answer."""
    return MeasuredPoint(job.key, job.values, failure=reason)

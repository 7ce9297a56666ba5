"""What the history holds, as values."""

import msgspec

from onebyone.measurement.records import DType, Form, Layout, Measurement, MeasurementRequest, Mode, Verdict

#: Where a measurement came from if it was made by this user on this machine.
HERE = ""


class RunRow(msgspec.Struct, frozen=True):
    """One line of the history: a run of one design, without its samples. Times are in seconds a call.

    `measurement` is the number of the measurement that it belongs to, `place` which of its designs it is.
    `origin` is the name of the file that it was imported from, or nothing.
    """

    id: int
    measurement: int
    place: int
    finished: str
    origin: str
    machine: str
    design: str
    digest: str
    device: str
    dtype: DType
    layout: Layout
    batch: int
    threads: int
    mode: Mode
    form: Form
    verdict: Verdict
    median: float | None
    low: float | None
    high: float | None


class RunFilter(msgspec.Struct, frozen=True):
    """Which runs are wanted: `text` is looked for in the names of design, machine and file; None takes all."""

    text: str = ""
    verdict: Verdict | None = None
    device: str | None = None
    digest: str | None = None
    limit: int | None = None


class StoredMeasurement(msgspec.Struct, frozen=True):
    """A measurement as it was made, with its designs."""

    id: int
    origin: str
    request: MeasurementRequest
    measurement: Measurement

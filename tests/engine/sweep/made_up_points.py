"""Points that were never measured, for tests of what is done with them."""

from onebyone import analyze, gallery
from onebyone.sweep.grid import make_sweep, points
from onebyone.sweep.measured import Machine, MeasuredPoint, PointSettings, make_jobs
from onebyone.sweep.result import SweepResult, present_point
from onebyone.sweep.variation import parse_variation

ENVIRONMENT = {"cpu": "A <fast> CPU", "torch": "2.13.0", "load_before": [0.5], "finished": "2026-11-24T10:00:00+00:00"}


def result_of(*texts: str, measured: int = 0, name: str = "", address: str = "") -> SweepResult:
    """A sweep of Inception 3a; the first variants are measured, each a tenth faster than the one before."""
    sweep = make_sweep(gallery.load("inception-3a"), [parse_variation(text) for text in texts])
    settings = PointSettings()
    jobs = make_jobs(sweep, range(measured), settings, "here")
    found = {
        job.index: point_of(job.key, job.values, 0.010 - 0.001 * job.index, Machine(ENVIRONMENT, name, address))
        for job in jobs
    }
    return SweepResult(
        sweep, tuple(points(sweep)), present_point(sweep, analyze(sweep.design)), settings, found, "onebyone sweep"
    )


def point_of(key: str, values: tuple[int, ...], seconds: float, machine: Machine) -> MeasuredPoint:
    return MeasuredPoint(
        key,
        values,
        "quiet",
        "98% of the samples undisturbed.",
        seconds,
        (seconds * 0.99, seconds * 1.01),
        0.010,
        seconds / 0.010,
        (seconds / 0.0101, seconds / 0.0099),
        "faster",
        200,
        196,
        seconds * 0.98,
        seconds * 1.2,
        1_000,
        "2026-11-24T10:00:00+00:00",
        machine,
    )

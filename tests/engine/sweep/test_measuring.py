import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from onebyone import gallery
from onebyone.measurement.records import MeasurementRequest
from onebyone.sweep.grid import make_sweep
from onebyone.sweep.measured import Job, PointSettings, make_jobs
from onebyone.sweep.measuring import Answer, LocalMeasuring, measure_alone, measure_points
from onebyone.sweep.variation import parse_variation
from onebyone.worker import launch
from tests.engine.measurement.made_up_measurement import measurement_of

STAND_IN = Path(__file__).parents[2] / "stand_in_worker.py"


def jobs(count: int = 3) -> tuple[Job, ...]:
    sweep = make_sweep(gallery.load("inception-3a"), [parse_variation("reduce3x3.out_channels=16:192:16")])
    return tuple(make_jobs(sweep, range(count), PointSettings(), "here"))


def made_up(request: bytes) -> bytes:
    asked = msgspec.json.decode(request, type=MeasurementRequest)
    return msgspec.json.encode(Answer(measurement_of(asked), "", "node7", "tcp://10.0.0.7:40001"))


@pytest.fixture
def executor() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as one:
        yield one


def test_each_point_is_measured_beside_the_design_as_it_is() -> None:
    request = jobs()[1].request

    assert [design.name for design in request.designs] == ["Inception 3a", "Inception 3a · reduce3x3.out_channels 32"]
    assert not request.has_roofs


def test_an_answer_has_its_figures_its_ratio_and_its_machine(executor: Executor) -> None:
    (point,) = measure_points(executor, jobs(1), made_up)

    assert (point.values, point.median, point.ci) == ((16,), 0.0070, (0.0069, 0.0071))
    assert (point.ratio, point.ratio_ci, point.comparison) == (1.42, (1.39, 1.45), "slower")
    assert (point.machine.name, point.machine.address) == ("node7", "tcp://10.0.0.7:40001")
    assert point.machine.environment["torch"] == "2.13.0"
    assert not point.failure


def test_one_that_fails_does_not_end_the_others(executor: Executor) -> None:
    def measure(request: bytes) -> bytes:
        if b"out_channels 32" in request:
            return msgspec.json.encode(Answer(None, "Out of memory."))
        if b"out_channels 16" in request:
            raise OSError("the node is gone")
        return made_up(request)

    found = {point.values: point.failure for point in measure_points(executor, jobs(), measure)}

    assert found == {
        (16,): "The executor could not run it: OSError: the node is gone",
        (32,): "Out of memory.",
        (48,): "",
    }


class Counting(Executor):
    """Runs nothing but the first job."""

    def __init__(self) -> None:
        self.futures: list[Future[bytes]] = []

    def submit(self, work: Callable[..., bytes], /, *arguments: object, **named: object) -> Future[bytes]:  # type: ignore[override]
        future: Future[bytes] = Future()
        if not self.futures:
            future.set_result(work(*arguments, **named))
        self.futures.append(future)
        return future


def test_leaving_early_cancels_what_waits() -> None:
    executor = Counting()
    points = measure_points(executor, jobs(), made_up)

    next(points)
    points.close()  # type: ignore[attr-defined]

    assert [future.cancelled() for future in executor.futures] == [False, True, True]


def use_stand_in(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr(launch, "command", lambda: [sys.executable, str(STAND_IN), *arguments])


def test_a_worker_that_dies_is_a_sentence_and_the_next_point_has_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use_stand_in(monkeypatch, "exit", str(tmp_path / "marker"))
    local = LocalMeasuring()
    first, second = (msgspec.json.encode(job.request) for job in jobs(2))

    try:
        died = msgspec.json.decode(local(first), type=Answer)
        lived = msgspec.json.decode(local(second), type=Answer)
    finally:
        local.close()

    assert "no more strength" in died.failure
    assert lived.measurement is not None


def test_a_cancelled_one_gives_up_soon_and_starts_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    use_stand_in(monkeypatch, "live")
    asked: list[object] = []

    def follow(_request: MeasurementRequest, progress: object) -> None:
        asked.append(progress)
        local.cancel()

    local = LocalMeasuring(follow)
    try:
        answers = [msgspec.json.decode(local(msgspec.json.encode(job.request)), type=Answer) for job in jobs(2)]
    finally:
        local.close()

    assert [answer.failure for answer in answers] == ["The measurement was cancelled."] * 2
    assert asked


def test_alone_a_process_that_cannot_be_started_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "command", lambda: ["/nowhere/python"])

    answer = msgspec.json.decode(measure_alone(msgspec.json.encode(jobs(1)[0].request)), type=Answer)

    assert "could not be started" in answer.failure
    assert answer.name


def test_a_real_point_is_measured(executor: Executor) -> None:
    sweep = make_sweep(gallery.load("inception-3a"), [parse_variation("reduce3x3.out_channels=8")])
    local = LocalMeasuring()

    try:
        (point,) = measure_points(executor, tuple(make_jobs(sweep, [0], PointSettings(budget=0.3), "here")), local)
    finally:
        local.close()

    assert not point.failure
    assert point.samples > 0
    assert point.machine.environment["torch"]

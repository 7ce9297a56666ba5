"""The window's client against workers with faults, and the real worker."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from onebyone import gallery
from onebyone.measurement.records import Measurement, MeasurementRequest
from onebyone.worker.messages import Devices, Progress
from onebyone_desktop.worker import measuring_client as worker_client
from onebyone_desktop.worker import process as worker_process
from onebyone_desktop.worker.measuring_client import WorkerClient
from onebyone_desktop.worker.process import WorkerProcess
from tests.processes import wait_until_gone

STAND_IN = Path(__file__).parents[2] / "stand_in_worker.py"
ANSWER_TIMEOUT_MS = 60_000


class Ear(QObject):
    """Hears how each job ends."""

    #: A job has ended.
    heard = Signal()

    def __init__(self, client: WorkerClient) -> None:
        super().__init__(client)
        self.finished: dict[int, Measurement] = {}
        self.failed: dict[int, str] = {}
        self.devices: dict[int, Devices] = {}
        self.phases: list[str] = []
        client.finished.connect(self._on_client_finished)
        client.failed.connect(self._on_client_failed)
        client.devices_listed.connect(self._on_client_devices_listed)
        client.progressed.connect(self._on_client_progressed)

    @Slot(int, object)
    def _on_client_finished(self, job_id: int, measurement: Measurement) -> None:
        assert job_id not in self.finished | self.failed
        self.finished[job_id] = measurement
        self.heard.emit()

    @Slot(int, str)
    def _on_client_failed(self, job_id: int, sentence: str) -> None:
        assert job_id not in self.finished | self.failed
        self.failed[job_id] = sentence
        self.heard.emit()

    @Slot(int, object)
    def _on_client_devices_listed(self, job_id: int, devices: Devices) -> None:
        self.devices[job_id] = devices
        self.heard.emit()

    @Slot(int, object)
    def _on_client_progressed(self, job_id: int, progress: Progress) -> None:
        self.phases.append(progress.phase)


class Bench:
    """A client with an ear, and the test's patience."""

    def __init__(self, qtbot: QtBot, client: WorkerClient) -> None:
        self._qtbot = qtbot
        self.client = client
        self.ear = Ear(client)

    def submit(self, batch: int = 1, budget: float = 0.1) -> int:
        return self.client.submit(MeasurementRequest((gallery.load("inception-3a"),), batch=batch, budget=budget))

    def until(self, is_true: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(is_true, timeout=ANSWER_TIMEOUT_MS)

    def failure(self, job_id: int) -> str:
        self.until(lambda: job_id in self.ear.finished or job_id in self.ear.failed)
        return self.ear.failed.get(job_id, "")

    def answer(self, job_id: int) -> Measurement:
        assert self.failure(job_id) == ""
        return self.ear.finished[job_id]


@pytest.fixture
def bench_with(qtbot: QtBot, qapp: QApplication) -> Iterator[Callable[..., Bench]]:
    """Makes clients of stand-in workers; after the test no process is left."""
    clients: list[WorkerClient] = []

    def make(fault: str | None, marker: Path | None = None) -> Bench:
        command = [sys.executable, str(STAND_IN), fault, *([str(marker)] if marker else [])] if fault else None
        clients.append(WorkerClient(command=command))
        return Bench(qtbot, clients[-1])

    yield make
    for client in clients:
        process_id = client.pid
        client.stop()
        wait_until_gone(process_id)
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert client.findChildren(WorkerProcess) == []
        client.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("garbage", "said something that is no message"),
        ("nesting", "said something that is no message"),
        ("garbage-flood", "said something that is no message"),
        ("long-line", "more than 1,000,000 bytes"),
        ("exit", "exit code 3; measuring again starts a new one. It last said: no more strength."),
        ("half-line", "exit code 0"),
        ("killed", "ran out of memory"),
    ],
)
def test_a_fault_is_one_sentence_and_the_next_request_works(
    bench_with: Callable[..., Bench], tmp_path: Path, fault: str, words: str
) -> None:
    bench = bench_with(fault, tmp_path / "over")

    sentence = bench.failure(bench.submit())

    assert words in sentence
    assert "\n" not in sentence
    assert bench.answer(bench.submit()).runs[0].design == "stand-in"


def test_a_stopped_worker_is_noticed_and_killed(
    bench_with: Callable[..., Bench], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_process, "HEARTBEAT_S", 0.3)
    bench = bench_with("stopped", tmp_path / "over")

    job_id = bench.submit()
    bench.until(lambda: bench.client.pid != 0)
    process_id = bench.client.pid

    assert "has not answered for 3 seconds" in bench.failure(job_id)
    wait_until_gone(process_id)
    assert bench.answer(bench.submit()).runs[0].design == "stand-in"


def test_a_program_that_does_not_exist_is_one_sentence(qtbot: QtBot, tmp_path: Path) -> None:
    client = WorkerClient(command=[str(tmp_path / "nowhere")])
    bench = Bench(qtbot, client)

    assert "could not be started" in bench.failure(bench.submit())
    client.stop()
    client.deleteLater()


def test_a_flood_of_messages_leaves_time_to_paint(bench_with: Callable[..., Bench]) -> None:
    bench = bench_with("flood")
    turns: list[float] = []
    paint = QTimer(interval=0)
    paint.timeout.connect(lambda: turns.append(time.perf_counter()))
    paint.start()

    bench.answer(bench.submit())

    paint.stop()
    assert len(turns) > 20


def test_jobs_are_done_in_order_by_one_worker(bench_with: Callable[..., Bench]) -> None:
    bench = bench_with("none")
    jobs = [bench.submit() for _ in range(3)]

    workers = {bench.answer(job_id).environment["pid"] for job_id in jobs}

    assert list(bench.ear.finished) == jobs
    assert len(workers) == 1


def test_nothing_is_said_within_the_call_that_asks(bench_with: Callable[..., Bench]) -> None:
    bench = bench_with("none")

    job_id = bench.submit()
    bench.client.cancel(job_id)

    assert bench.ear.failed == {}
    assert bench.failure(job_id) == "The measurement was cancelled."


def test_progress_begins_at_once_and_follows_the_worker(bench_with: Callable[..., Bench]) -> None:
    bench = bench_with("none")

    bench.answer(bench.submit())

    assert bench.ear.phases == ["starting", "measuring"]


def test_an_answer_to_something_else_is_dropped(bench_with: Callable[..., Bench]) -> None:
    bench = bench_with("other-answer")
    job_id = bench.submit()

    bench.answer(job_id)

    assert list(bench.ear.finished) == [job_id]


def test_a_worker_deaf_to_cancel_and_terminate_is_killed(
    bench_with: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_client.launch, "CANCEL_GRACE_S", 0.2)
    monkeypatch.setattr(worker_client.launch, "TERMINATE_GRACE_S", 0.2)
    bench = bench_with("deaf")
    job_id = bench.submit()
    bench.until(lambda: "starting" in bench.ear.phases and bench.client.pid != 0)
    process_id = bench.client.pid

    bench.client.cancel(job_id)

    assert bench.failure(job_id) == "The measurement was cancelled."
    wait_until_gone(process_id)


def test_three_deaths_within_a_minute_end_the_attempts_at_one_job(bench_with: Callable[..., Bench]) -> None:
    bench = bench_with("killed")
    for _ in range(3):
        assert "was killed" in bench.failure(bench.submit())

    assert "has died 3 times within a minute" in bench.failure(bench.submit())
    assert "was killed" in bench.failure(bench.submit(batch=2))


def test_a_job_is_tried_again_after_a_minute(bench_with: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch) -> None:
    bench = bench_with("killed")
    for _ in range(3):
        bench.failure(bench.submit())
    monkeypatch.setattr(worker_client, "DEATHS_WITHIN_S", 0.0)

    assert "was killed" in bench.failure(bench.submit())


def test_after_a_stop_the_next_job_starts_a_new_worker(bench_with: Callable[..., Bench]) -> None:
    bench = bench_with("none")
    first = bench.answer(bench.submit()).environment["pid"]

    bench.client.stop()

    assert bench.answer(bench.submit()).environment["pid"] != first


def test_a_job_that_is_stopped_says_nothing_more(bench_with: Callable[..., Bench], qtbot: QtBot) -> None:
    bench = bench_with("deaf")
    bench.submit()
    bench.until(lambda: bench.client.pid != 0)

    bench.client.stop()

    with qtbot.assertNotEmitted(bench.ear.heard, wait=200):
        assert bench.client.pid == 0


def test_a_real_measurement_is_cancelled_and_the_worker_lives_on(bench_with: Callable[..., Bench]) -> None:
    pytest.importorskip("torch")
    bench = bench_with(None)
    job_id = bench.submit(budget=600)
    bench.until(lambda: "measuring" in bench.ear.phases)
    process_id = bench.client.pid

    bench.client.cancel(job_id)

    assert bench.failure(job_id) == "The measurement was cancelled."
    run = bench.answer(bench.submit()).runs[0]
    assert run.design == "Inception 3a"
    assert bench.client.pid == process_id


def test_a_real_worker_killed_in_the_middle_is_one_sentence_and_the_next_request_works(
    bench_with: Callable[..., Bench],
) -> None:
    pytest.importorskip("torch")
    bench = bench_with(None)
    job_id = bench.submit(budget=600)
    bench.until(lambda: "measuring" in bench.ear.phases)

    os.kill(bench.client.pid, signal.SIGKILL)

    assert "was killed" in bench.failure(job_id)
    assert bench.answer(bench.submit()).runs[0].samples > 0


def test_devices_are_listed(bench_with: Callable[..., Bench]) -> None:
    pytest.importorskip("torch")
    bench = bench_with(None)

    job_id = bench.client.submit_devices()

    bench.until(lambda: job_id in bench.ear.devices)
    assert bench.ear.devices[job_id].devices[0].name == "cpu"

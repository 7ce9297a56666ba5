"""The window while its worker goes wrong: the longest gap of its event loop, and how soon it knows."""

import os
import signal
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from onebyone_desktop.app import make_window
from onebyone_desktop.worker import process as worker_process
from onebyone_desktop.worker.measuring_client import WorkerClient
from tests.desktop.worker.test_measuring_client import STAND_IN, Bench
from tests.stand_in_worker import FAULTS

ROUNDS = 10
KILLS = 10


@pytest.fixture
def bench_with(qtbot: QtBot) -> Iterator[Callable[..., Bench]]:
    """A client of the real worker, or of a stand-in with faults, under an open window."""
    window = make_window([])
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    clients: list[WorkerClient] = []

    def make(command: list[str] | None) -> Bench:
        clients.append(WorkerClient(window, command=command))
        return Bench(qtbot, clients[-1])

    yield make
    for client in clients:
        client.stop()


@contextmanager
def turns(interval_ms: int = 1) -> Iterator[list[float]]:
    """The moments at which the event loop came to a timer."""
    moments: list[float] = []
    timer = QTimer(interval=interval_ms)
    timer.timeout.connect(lambda: moments.append(time.perf_counter()))
    timer.start()
    try:
        yield moments
    finally:
        timer.stop()


def gaps(moments: list[float]) -> list[float]:
    return sorted(after - before for before, after in pairwise(moments))


def test_gaps_in_a_hundred_faults(bench_with: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_process, "HEARTBEAT_S", 0.1)
    bench = bench_with([sys.executable, str(STAND_IN), "by-batch"])
    worst: dict[str, float] = {}

    for batch in range(len(FAULTS), len(FAULTS) * (ROUNDS + 1)):
        with turns() as moments:
            bench.failure(bench.submit(batch=batch))
            bench.answer(bench.submit())
        fault = FAULTS[batch % len(FAULTS)]
        worst[fault] = max(worst.get(fault, 0.0), gaps(moments)[-1])

    found = ", ".join(f"{fault} {seconds * 1e3:.0f}" for fault, seconds in worst.items())
    print(f"\nlongest gap of the window in {ROUNDS} faults each, ms (budget 50): {found}")


def test_a_killed_worker_is_noticed(bench_with: Callable[..., Bench]) -> None:
    pytest.importorskip("torch")
    bench = bench_with(None)
    noticed, ready, longest = [], [], 0.0

    for batch in range(1, KILLS + 1):
        with turns() as moments:
            job = bench.submit(batch=batch, budget=600)
            bench.ear.phases.clear()
            bench.until(lambda: "measuring" in bench.ear.phases)
            os.kill(bench.client.pid, signal.SIGKILL)
            start = time.perf_counter()
            bench.failure(job)
            noticed.append(time.perf_counter() - start)
            devices = bench.client.submit_devices()
            bench.until(lambda: devices in bench.ear.devices)  # noqa: B023
            ready.append(time.perf_counter() - start)
        longest = max(longest, gaps(moments)[-1])

    print(
        f"\nkill -9 while measuring, {KILLS} times: noticed after {max(noticed) * 1e3:.0f} ms at most (budget 100),"
        f" longest gap {longest * 1e3:.0f} ms (50), ready again with torch after {statistics.median(ready):.1f} s"
    )


def test_a_cancel(bench_with: Callable[..., Bench]) -> None:
    pytest.importorskip("torch")
    bench = bench_with(None)
    taken = []

    for _ in range(KILLS):
        job = bench.submit(budget=600)
        bench.ear.phases.clear()
        bench.until(lambda: "measuring" in bench.ear.phases)
        start = time.perf_counter()
        bench.client.cancel(job)
        bench.failure(job)
        taken.append(time.perf_counter() - start)

    print(f"\ncancel to the end of the measurement, {KILLS} times: {max(taken) * 1e3:.0f} ms at most (budget 500)")

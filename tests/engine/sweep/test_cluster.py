"""Measuring on a real Dask cluster of two worker processes on this machine."""

import builtins
import gc
import importlib.util
import logging
import os
import socket
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import onebyone
from onebyone import gallery
from onebyone.errors import SweepError
from onebyone.sweep.cluster import RESOURCE, cluster_executor
from onebyone.sweep.grid import make_sweep
from onebyone.sweep.measured import Job, PointSettings, make_jobs
from onebyone.sweep.measuring import measure_alone, measure_points
from onebyone.sweep.variation import parse_variation

needs_distributed = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="distributed is not installed"
)

# Clusters that end leave sockets and tasks to the collector, which then says so in whatever test is running.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),
]


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    yield
    gc.collect()


def jobs(count: int, budget: float = 0.3) -> tuple[Job, ...]:
    sweep = make_sweep(gallery.load("inception-3a"), [parse_variation("reduce3x3.out_channels=8:64:8")])
    return tuple(make_jobs(sweep, range(count), PointSettings(budget=budget), "cluster"))


def cluster(**arguments: Any) -> Any:
    with warnings.catch_warnings():
        # It asks for ports and for memory limits that a container may not grant, and says so.
        warnings.simplefilter("ignore")
        from distributed import LocalCluster

        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        return LocalCluster(
            n_workers=2, threads_per_worker=2, processes=True, dashboard_address=None, host="127.0.0.1", **arguments
        )


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    found = cluster(resources={RESOURCE: 1})
    yield found.scheduler_address
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found.close()


@needs_distributed
def test_points_are_measured_by_the_workers_and_say_where(address: str) -> None:
    with cluster_executor(address) as executor:
        points = list(measure_points(executor, jobs(3), measure_alone))

    assert {point.values for point in points} == {(8,), (16,), (24,)}
    assert [point.failure for point in points] == [""] * 3
    assert all(point.samples for point in points)
    assert all(point.machine.address.startswith("tcp://127.0.0.1:") for point in points)
    assert {point.machine.name for point in points} == {socket.gethostname()}
    assert all(point.machine.environment["torch"] for point in points)


# The workers cannot import the tests: functions that are made within another one travel whole.


def busy() -> Callable[[bytes], bytes]:
    def work(_request: bytes) -> bytes:

        start = time.time()
        threading.Event().wait(0.2)
        return f"{os.getpid()} {start} {time.time()}".encode()

    return work


def never_ending() -> Callable[[bytes], bytes]:
    def work(_request: bytes) -> bytes:

        threading.Event().wait(60)
        return b""

    return work


@needs_distributed
def test_one_at_a_time_on_each_worker(address: str) -> None:
    work = busy()
    with cluster_executor(address) as executor:
        done = [future.result().decode().split() for future in [executor.submit(work, b"") for _ in range(6)]]

    spans: dict[str, list[tuple[float, float]]] = {}
    for pid, start, end in done:
        spans.setdefault(pid, []).append((float(start), float(end)))
    assert len(spans) == 2
    for found in spans.values():
        ordered = sorted(found)
        assert all(end <= start for (_, end), (start, _) in pairwise(ordered))


@needs_distributed
def test_workers_with_another_version_are_named(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onebyone, "__version__", "99.0")

    with pytest.raises(SweepError, match=r"2 of 2 workers .* have no OneByOne 99\.0, tcp"), cluster_executor(address):
        pass


@needs_distributed
def test_workers_that_do_not_offer_to_measure_are_told_apart_from_busy_ones() -> None:
    found = cluster()
    try:
        with (
            pytest.raises(SweepError, match="offers the resource measure; start its workers with: dask worker"),
            cluster_executor(found.scheduler_address),
        ):
            pass
    finally:
        found.close()


@needs_distributed
def test_a_cluster_that_goes_away_is_a_sentence_and_no_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    found = cluster(resources={RESOURCE: 1})
    with cluster_executor(found.scheduler_address) as executor:
        points = measure_points(executor, jobs(4), never_ending())
        found.close()
        failures = {point.failure for point in points}

    assert failures == {"What was to run it gave it up: the scheduler or its workers have gone away."}
    assert "Traceback" not in capfd.readouterr().err


@needs_distributed
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense", "gopher://x:1"])
def test_where_no_scheduler_answers_that_is_said(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onebyone.sweep.cluster.CONNECT_TIMEOUT_S", 1)

    with pytest.raises(SweepError, match="No Dask scheduler answers at"), cluster_executor(address):
        pass


def test_without_the_extra_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any) -> Any:
        if name.partition(".")[0] == "distributed":
            raise ModuleNotFoundError("No module named 'distributed'")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(SweepError, match=r"pip install 'onebyone\[cluster\]'"), cluster_executor("tcp://127.0.0.1:1"):
        pass


def test_the_engine_does_not_load_it(tmp_path: Path) -> None:
    import subprocess

    code = "import sys, onebyone.cli.sweep; print('distributed' in sys.modules, 'torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)

    assert done.stdout.split() == ["False", "False"]

"""The trusted form with real processes of a tiny design."""

import time
from pathlib import Path

import pytest

from onebyone.clock import merging
from onebyone.clock.statistics import median
from onebyone.errors import MeasurementError, WorkerError
from onebyone.measurement.records import MeasurementRequest
from onebyone.worker import client, fresh
from onebyone.worker.messages import Measure, Progress
from tests.engine.worker.test_client import request, small, wait_until_gone

pytest.importorskip("torch")

CANCEL_S = 2.0


def trusted(**choices: object) -> MeasurementRequest:
    return request(small(), small(16), form="trusted", has_roofs=False, **choices)


def children_of(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in children.read_text("ascii").split()]


def test_three_fresh_processes_answer_as_one_with_their_medians() -> None:
    told: list[Progress] = []

    found = client.measure(trusted(budget=0.5), on_progress=told.append)

    assert found.environment["processes"] == merging.LEAST_PROCESSES
    assert found.environment["alone"] is True
    for run in found.runs:
        # A process without an undisturbed sample has no median.
        assert len(run.processes) <= merging.LEAST_PROCESSES
        assert run.samples > merging.LEAST_PROCESSES
        assert run.median in (None, median(run.processes or (0.0,)))
    assert {run.form for run in found.runs} == {"trusted"}
    assert [progress.fraction for progress in told] == sorted(progress.fraction for progress in told)
    assert any(progress.note.startswith("process 3") for progress in told)


def test_a_cancel_ends_the_process_that_is_measuring_too() -> None:
    with client.WorkerProcess() as worker:
        seen: list[int] = []

        def on_progress(progress: Progress) -> None:
            if progress.phase == "measuring" and not seen:
                seen.extend(children_of(worker.pid))

        started = time.monotonic()

        def is_cancelled() -> bool:
            nonlocal started
            if not seen:
                started = time.monotonic()
            return bool(seen)

        with pytest.raises(MeasurementError, match="cancelled"):
            worker.ask(Measure(1, trusted(budget=60)), on_progress, is_cancelled)

        assert time.monotonic() - started < CANCEL_S
        for child in seen:
            wait_until_gone(child)
        assert worker.ask(Measure(2, request()))


def test_a_design_that_cannot_be_measured_is_the_sentence_of_the_process() -> None:
    with pytest.raises(MeasurementError, match="There is no device 'xpu'"):
        client.measure(trusted(device="xpu"))


def test_a_process_that_dies_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onebyone.worker.launch.command", lambda: ["/bin/false"])

    with pytest.raises(WorkerError, match="exit code 1"):
        fresh.measure(trusted(budget=1), lambda *_, **__: None, lambda: False)

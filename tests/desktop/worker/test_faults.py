"""All faults of the worker again and again, under an open window."""

import sys

import pytest
from pytestqt.qtbot import QtBot

from onebyone_desktop.app import make_window
from onebyone_desktop.worker import process as worker_process
from onebyone_desktop.worker.measuring_client import WorkerClient
from tests.desktop.worker.test_measuring_client import STAND_IN, Bench, wait_until_gone
from tests.stand_in_worker import FAULTS, REPLY_NAME


def test_after_each_of_many_faults_the_next_request_is_answered(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, sized
) -> None:
    monkeypatch.setattr(worker_process, "HEARTBEAT_S", 0.1)
    window = make_window([])
    qtbot.addWidget(window)
    window.show()
    client = WorkerClient(window, command=[sys.executable, str(STAND_IN), "by-batch"])
    bench = Bench(qtbot, client)
    workers: set[int] = set()
    rounds = sized(2, 10)

    for batch in range(len(FAULTS), len(FAULTS) * (rounds + 1)):
        sentence = bench.failure(bench.submit(batch=batch))
        assert sentence.endswith(".") or FAULTS[batch % len(FAULTS)] == "flood"
        assert "\n" not in sentence
        answer = bench.answer(bench.submit())
        assert answer.runs[0].design == REPLY_NAME
        workers.add(answer.environment["pid"])

    client.stop()
    for process_id in workers:
        wait_until_gone(process_id)

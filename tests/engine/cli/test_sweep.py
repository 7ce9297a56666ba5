import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from onebyone import edits, gallery
from onebyone.cli.main import main
from onebyone.cli.sweep_live import LiveSweep
from onebyone.errors import WorkerError
from onebyone.files import storage
from onebyone.measurement.records import MeasurementRequest, RunProgress
from onebyone.sweep.journal import default_journal
from onebyone.sweep.measuring import measure_points
from onebyone.worker import client
from onebyone.worker.messages import Finished, Measure, Progress
from tests.engine.measurement.made_up_measurement import measurement_of

REDUCED = "gallery:inception-3a"
WIDTHS = ("--vary", "reduce3x3.out_channels=16:192:16")


class Said:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


Run = Callable[..., Said]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str | Path) -> Said:
        code = main(["sweep", *(str(word) for word in words)])
        out, err = capfd.readouterr()
        return Said(code, out, err)

    return call


class Worker:
    """Takes the worker's place; keeps what it was asked, and is stopped or dies where it is told to."""

    asked: list[MeasurementRequest]
    dies_at: int | None
    is_refusing: bool

    def __init__(self, *_: object) -> None:
        pass

    def ask(self, message: Measure, on_progress: Any = None, _is_cancelled: object = None) -> Finished:
        place = len(Worker.asked)
        Worker.asked.append(message.request)
        on_progress(Progress(message.id, "measuring", 0.5))
        if place == Worker.dies_at:
            raise WorkerError("The measuring process was killed.")
        verdicts = ("quiet", "refused" if Worker.is_refusing else "quiet")
        return Finished(message.id, measurement_of(message.request, *verdicts))  # type: ignore[arg-type]

    def close(self) -> None:
        pass


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> type[Worker]:
    Worker.asked, Worker.dies_at, Worker.is_refusing = [], None, False
    monkeypatch.setattr(client, "WorkerProcess", Worker)
    return Worker


def test_without_a_file_it_prints_a_table(run: Run) -> None:
    said = run(REDUCED, *WIDTHS)

    assert (said.code, said.err) == (0, "")
    assert said.out.count("28×28×256") == 12
    assert f"{163_328 + (64 - 96) * (192 + 9 * 128):,}" in said.out
    assert said.out.endswith("12 variants.\n")


def test_the_sheet_has_all_variants(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "sweep.csv"

    said = run(REDUCED, *WIDTHS, "--vary", "reduce5x5.out_channels=8,16", "--out", out)

    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert said.code == 0
    assert len(rows) == 24
    assert rows[1]["reduce5x5.out_channels"] == "16"
    assert rows[0]["reduce3x3.out_channels"] == "16"


def test_points_are_measured_evenly_spread_and_beside_the_design(
    run: Run, worker: type[Worker], tmp_path: Path
) -> None:
    out = tmp_path / "sweep.html"

    said = run(REDUCED, *WIDTHS, "--measure", "4", "--layout", "channels_last", "--batch", "8", "--out", out)

    assert said.code == 0
    assert [request.designs[1].name.rpartition(" ")[2] for request in worker.asked] == ["16", "80", "128", "192"]
    assert {request.designs[0].name for request in worker.asked} == {"Inception 3a"}
    assert {(request.layout, request.batch) for request in worker.asked} == {("channels_last", 8)}
    page = out.read_text(encoding="utf-8")
    assert "4 with a measured time" in page
    assert "--measure 4 --layout channels_last --batch 8" in page


def test_json_is_one_document(run: Run, worker: type[Worker]) -> None:
    said = run(REDUCED, *WIDTHS, "--measure", "2", "--json")

    document = json.loads(said.out)
    assert [point["values"] for point in document["points"] if point["measured"]] == [[16], [192]]
    assert document["settings"]["budget"] == 3.0
    assert worker.asked


def test_what_was_measured_is_not_measured_again(run: Run, worker: type[Worker]) -> None:
    run(REDUCED, *WIDTHS, "--measure", "4")
    said = run(REDUCED, *WIDTHS, "--measure", "4")
    again = len(worker.asked)
    run(REDUCED, *WIDTHS, "--measure", "4", "--fresh")

    assert again == 4
    assert "4 of 4 points were measured before" in said.err
    assert len(worker.asked) == 8


def test_other_settings_are_another_question(run: Run, worker: type[Worker]) -> None:
    run(REDUCED, *WIDTHS, "--measure", "2")
    run(REDUCED, *WIDTHS, "--measure", "2", "--batch", "2")

    assert len(worker.asked) == 4


def test_ctrl_c_keeps_what_is_there_and_the_same_command_goes_on(
    run: Run, worker: type[Worker], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "sweep.csv"
    with monkeypatch.context() as patch:
        patch.setattr("onebyone.cli.sweep.measure_points", interrupted_after_two)
        stopped = run(REDUCED, *WIDTHS, "--measure", "4", "--out", out)
    kept = default_journal().read_bytes().count(b'"quiet"')

    went_on = run(REDUCED, *WIDTHS, "--measure", "4", "--out", out)

    assert (stopped.code, kept) == (130, 2)
    assert "Stopped. 2 of 4 points are measured and kept; the same command goes on from there." in stopped.err
    assert "2 of 4 points were measured before" in went_on.err
    assert went_on.code == 0


def interrupted_after_two(executor: Any, jobs: Any, measure: Any) -> Any:
    for place, point in enumerate(measure_points(executor, jobs, measure)):
        if place == 2:
            raise KeyboardInterrupt
        yield point


def test_a_point_that_fails_is_said_and_the_others_are_measured(run: Run, worker: type[Worker]) -> None:
    worker.dies_at = 1

    said = run(REDUCED, *WIDTHS, "--measure", "4")

    assert said.code == 0
    assert said.err == "onebyone: The measuring process was killed. (1 of 4 points)\n"
    assert "no answer" in said.out


def test_a_machine_that_is_too_busy_is_said(run: Run, worker: type[Worker]) -> None:
    worker.is_refusing = True

    said = run(REDUCED, *WIDTHS, "--measure", "2")

    assert said.code == 0
    assert "2 refused because the machine was too busy" in said.out


def test_variants_with_errors_are_kept_and_not_measured(run: Run, worker: type[Worker]) -> None:
    said = run(REDUCED, "--vary", "conv3x3.groups=1:4", "--measure", "4")

    assert said.code == 0
    assert "do not divide into 3 groups" in said.out
    assert "4 variants, 1 with an error, 3 with a measured time." in said.out
    assert len(worker.asked) == 3


def test_where_every_variant_has_an_error_it_is_one(run: Run) -> None:
    assert run(REDUCED, "--vary", "conv3x3.groups=3,5,7").code == 1


def test_a_design_with_errors_is_swept_but_not_measured(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "wrong.1x1"
    storage.save(edits.set_fields(gallery.load("inception-3a"), "conv3x3", {"groups": 3}), path)

    swept = run(path, "--vary", "conv3x3.groups=1:3")
    measured = run(path, "--vary", "conv3x3.groups=1:3", "--measure", "2")

    assert swept.code == 0
    assert measured.code == 1
    assert "has errors" in measured.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((REDUCED, "--vary", "reduce3.out_channels=1:2"), "did you mean reduce3x3"),
        ((REDUCED, "--vary", "nonsense"), "'nonsense' is no range"),
        ((REDUCED,), "Missing option '--vary'"),
        ((REDUCED, *WIDTHS, "--measure", "0"), "0 is not in the range"),
        ((REDUCED, *WIDTHS, "--budget", "nan"), "--budget takes seconds"),
        ((REDUCED, *WIDTHS, "--out", "x.pdf"), "A sweep is written as .html or .csv, not as '.pdf'."),
        ((REDUCED, *WIDTHS, "--out", "/nowhere/x.csv"), "does not exist"),
        (("missing.1x1", *WIDTHS), "does not exist"),
        ((REDUCED, *WIDTHS, "--measure", "2", "--journal", "/"), "is a folder"),
    ],
)
def test_what_cannot_be_asked_for_is_one_line(run: Run, words: tuple[str, ...], sentence: str) -> None:
    said = run(*words)

    assert said.code == 2
    assert sentence in said.err
    assert said.err.startswith("onebyone: ")
    assert said.err.count("\n") == 1
    assert said.out == ""


def test_what_is_shown_while_measuring() -> None:
    live = LiveSweep(4, 3.0)
    request = MeasurementRequest((gallery.load("inception-3a"),))

    live.follow(request, Progress(1, "measuring", 0.5))
    headline, _, words = live.view().renderables

    assert str(headline) == "0 of 4 points; about 10 s left"
    assert str(words) == "Inception 3a: Measuring"


def test_the_interval_of_the_point_is_shown_as_it_shrinks() -> None:
    live = LiveSweep(4, 3.0)
    request = MeasurementRequest((gallery.load("inception-3a"), gallery.load("inception-3a-naive")))
    runs = (RunProgress("A", 2, 9, 0.005, (0.0049, 0.0051)), RunProgress("B", 2, 9, 0.007, (0.0069, 0.0071)))

    live.follow(request, Progress(1, "measuring", 0.5, runs, note="process 2"))

    assert str(live.view().renderables[2]) == "Inception 3a naive: Measuring, process 2, 7.00 ms ± 1.4 %"

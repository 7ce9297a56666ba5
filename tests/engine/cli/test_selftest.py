"""`onebyone selftest`, and `measure --against`."""

import json
from pathlib import Path

import msgspec
import pytest

from onebyone import gallery
from onebyone.cli import selftest
from onebyone.cli.main import main
from onebyone.errors import WorkerError
from onebyone.measurement.records import MeasuredCell, MeasurementRequest
from onebyone.reports import make_report, write_report
from onebyone.worker import client
from tests.engine.measurement.made_up_measurement import measurement_of

REDUCED = "gallery:inception-3a"


def test_everything_is_tried_for_real(capsys) -> None:
    code = main(["selftest", "--json"])

    checks = {check["name"]: check for check in json.loads(capsys.readouterr().out)}
    assert code == (1 if any(check["works"] is False for check in checks.values()) else 0)
    assert checks["The arithmetic"]["works"] is True
    assert checks["Measuring on cpu"]["works"] is True
    assert checks["The history of measurements"]["works"] is True


def test_what_fails_is_said_and_the_exit_code_tells(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    def fail(*_: object) -> None:
        raise WorkerError("The measuring process could not be started.")

    monkeypatch.setattr(client, "devices", fail)

    assert main(["selftest"]) == selftest.FAILED

    assert "The measuring process could not be started." in capsys.readouterr().out


def test_each_accelerator_is_tried(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    asked: list[str] = []

    def measure(request: MeasurementRequest):
        asked.append(request.device)
        return measurement_of(request, "refused" if request.device == "xpu" else "quiet")

    monkeypatch.setattr(client, "devices", lambda: {"devices": [{"name": name} for name in ("cpu", "cuda", "xpu")]})
    monkeypatch.setattr(client, "measure", measure)

    assert main(["selftest"]) == 0

    out = capsys.readouterr().out
    assert asked == ["cpu", "cuda", "xpu"]
    assert "takes 7.00 ms (quiet)" in out
    assert "6.60 ms on its own clock" in out
    assert "it runs; no figure" in out


ONE_CELL = ("--threads", "1", "--layout", "nchw")


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A report of before, and a clock that says the same again."""
    design = msgspec.structs.replace(gallery.load("inception-3a"), name="Inception 3a")
    request = MeasurementRequest((design,), threads=1)
    measurement = measurement_of(request)
    path = tmp_path / "before.json"
    write_report(make_report([MeasuredCell(request, measurement)]), path)
    monkeypatch.setattr(client, "measure_cells", lambda cells, *_: [measurement_of(cell) for cell in cells])
    return path


def test_a_cell_that_was_not_measured_before_is_said(report: Path, capsys) -> None:
    assert main(["measure", REDUCED, "--threads", "1", "--against", str(report)]) == 0

    said = capsys.readouterr().out
    assert "NCHW · batch 1 · 1 thread · eager, before and now: The second takes 1.00 times" in said
    assert "channels last · batch 1 · 1 thread · eager, before and now: no run of before" in said


def slowed(report: Path, factor: float) -> None:
    document = json.loads(report.read_text())
    run = document["runs"][0]
    run["median"] *= factor
    run["ci"] = [end * factor for end in run["ci"]]
    report.write_text(json.dumps(document))


def test_as_fast_as_before_is_fine(report: Path, capsys) -> None:
    assert main(["measure", REDUCED, *ONE_CELL, "--against", str(report)]) == 0

    assert "before and now" in capsys.readouterr().out


@pytest.mark.parametrize(("form", "is_said"), [("quick", True), ("trusted", False)])
def test_what_quick_measurements_cannot_tell_is_said(
    report: Path, monkeypatch: pytest.MonkeyPatch, capsys, form: str, is_said: bool
) -> None:
    def measured(cells, *_):
        found = [measurement_of(cell) for cell in cells]
        return [msgspec.structs.replace(one, runs=tuple(_of(run, form) for run in one.runs)) for one in found]

    monkeypatch.setattr(client, "measure_cells", measured)
    document = json.loads(report.read_text())
    document["runs"][0]["form"] = form
    report.write_text(json.dumps(document))

    main(["measure", REDUCED, *ONE_CELL, "--against", str(report)])

    assert ("measure both with --trusted" in capsys.readouterr().out) is is_said


def _of(run, form: str):
    return msgspec.structs.replace(run, form=form)


@pytest.mark.parametrize(("factor", "code"), [(0.5, 1), (0.98, 0), (2.0, 0)])
def test_slower_beyond_both_intervals_is_exit_code_1(report: Path, factor: float, code: int) -> None:
    slowed(report, factor)

    assert main(["measure", REDUCED, *ONE_CELL, "--against", str(report), "--json"]) == code


def test_a_report_that_is_none_is_said_before_measuring(tmp_path: Path, monkeypatch, capsys) -> None:
    (tmp_path / "junk.json").write_text("[]")
    monkeypatch.setattr(client, "measure_cells", lambda *_, **__: pytest.fail("measured"))

    assert main(["measure", REDUCED, *ONE_CELL, "--against", str(tmp_path / "junk.json")]) == 2

    assert "junk.json: It is no JSON report" in capsys.readouterr().err


def test_a_design_that_was_not_measured_before_is_said(report: Path, capsys) -> None:
    assert main(["measure", "gallery:inception-3a-naive", *ONE_CELL, "--against", str(report)]) == 0

    assert "no run of before has this name" in capsys.readouterr().out

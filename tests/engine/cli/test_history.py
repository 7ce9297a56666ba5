"""`onebyone history` on a history of its own."""

import json
from pathlib import Path

import msgspec
import pytest

from onebyone import gallery, load
from onebyone.cli.main import main
from onebyone.measurement.records import MeasuredCell, MeasurementRequest
from onebyone.reports import make_report, write_report
from onebyone.reports.json_document import render_json
from onebyone.run_store.store import FOLDER_VARIABLE, RunStore
from tests.engine.measurement.made_up_measurement import cells_of_two, measurement_of, request_for_two


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A history with one measurement of both Inceptions."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    store = RunStore(tmp_path / "history.sqlite3")
    request = request_for_two()
    store.add(request, measurement_of(request))
    store.close()
    return tmp_path


def test_an_empty_history_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "new"))

    assert main(["history"]) == 0

    assert capsys.readouterr().out == "Nothing has been measured yet.\n"


@pytest.mark.usefixtures("folder")
def test_runs_are_listed(capsys) -> None:
    assert main(["history"]) == 0

    out = capsys.readouterr().out
    assert "Inception 3a" in out
    assert "7.00 ms" in out
    assert "6.90 ms to 7.10 ms" in out


@pytest.mark.usefixtures("folder")
def test_runs_are_listed_as_json_and_filtered(capsys) -> None:
    assert main(["history", "list", "--json", "--text", "naive"]) == 0

    (row,) = json.loads(capsys.readouterr().out)
    assert row["median"] == 0.0070
    assert main(["history", "list", "--text", "zebra"]) == 0
    assert capsys.readouterr().out == "No run is like that.\n"


@pytest.mark.usefixtures("folder")
def test_a_measurement_is_shown_in_words(capsys) -> None:
    assert main(["history", "show", "1"]) == 0

    out = capsys.readouterr().out
    assert "7.00 ms a call" in out
    assert "CPU: A <fast> CPU | x" in out


def test_what_is_special_about_a_measurement_is_shown(folder: Path, capsys) -> None:
    request = msgspec.structs.replace(request_for_two(), form="trusted", mode="compile", device="cuda")
    store = RunStore(folder / "history.sqlite3")
    number = store.add(request, measurement_of(request))
    store.close()

    assert main(["history", "show", str(number)]) == 0

    out = capsys.readouterr().out
    for expected in (
        "Form: trusted", "The interval is over: the medians of fresh processes", "Medians of the processes: 6.90 ms",
        "Compiling: 12.5 s, not part of the figure", "Time on the device's own clock: 6.60 ms", "Memory: Measured",
        "Distance to the roof: The roofs",
    ):  # fmt: skip
        assert expected in out


def test_the_format_of_reports_is_told(capsys) -> None:
    assert main(["history", "format"]) == 0

    out = capsys.readouterr().out
    for field in msgspec.json.decode(render_json(make_report(cells_of_two()))):
        assert f"`{field}`" in out


@pytest.mark.parametrize("suffix", [".html", ".json", ".csv", ".md"])
def test_a_measurement_is_exported(folder: Path, suffix: str) -> None:
    target = folder / f"report{suffix}"

    assert main(["history", "export", "1", str(target)]) == 0

    assert "Inception 3a" in target.read_text("utf-8")


def test_the_design_is_exported_as_it_was(folder: Path) -> None:
    target = folder / "design.1x1"

    assert main(["history", "export", "1", str(target)]) == 0

    assert load(target) == request_for_two().designs[0]


def test_every_cell_of_a_report_is_imported(folder: Path, capsys) -> None:
    write_report(make_report(cells_of_two()), folder / "lab.json")

    assert main(["history", "import", str(folder / "lab.json")]) == 0

    out = capsys.readouterr().out
    assert "lab.json is measurement 2 (cpu · float32 · NCHW · batch 1 · 1 thread · eager)." in out
    assert "lab.json is measurement 3 (cpu · float32 · channels last" in out


def test_a_measurement_is_exported_as_pdf(folder: Path) -> None:
    assert main(["history", "export", "1", str(folder / "report.pdf")]) == 0

    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF-")


def test_a_report_of_another_machine_is_imported(folder: Path, capsys) -> None:
    request = MeasurementRequest((gallery.load("inception-3a"),))
    write_report(make_report([MeasuredCell(request, measurement_of(request))]), folder / "lab.json")

    assert main(["history", "import", str(folder / "lab.json")]) == 0

    assert capsys.readouterr().out == "lab.json is measurement 2.\n"
    store = RunStore(folder / "history.sqlite3")
    assert store.measurement(2).origin == "lab.json"
    store.close()


def test_a_file_that_is_no_report_is_named(folder: Path, capsys) -> None:
    (folder / "junk.json").write_text("{}")

    assert main(["history", "import", str(folder / "junk.json")]) == 2

    assert "junk.json: It is no JSON report" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
def test_two_runs_are_set_side_by_side(capsys) -> None:
    assert main(["history", "compare", "1", "2"]) == 0

    out = capsys.readouterr().out
    assert "1.00 times as long" in out
    assert "not told apart" in out


@pytest.mark.usefixtures("folder")
def test_a_measurement_is_forgotten(capsys) -> None:
    assert main(["history", "delete", "1"]) == 0
    assert main(["history"]) == 0
    assert capsys.readouterr().out == "Nothing has been measured yet.\n"
    assert main(["history", "delete", "1"]) == 2
    assert "no measurement 1" in capsys.readouterr().err


def test_a_damaged_history_is_put_aside_and_said(folder: Path, capsys) -> None:
    for ending in ("-wal", "-shm"):
        Path(f"{folder / 'history.sqlite3'}{ending}").unlink(missing_ok=True)
    (folder / "history.sqlite3").write_bytes(b"no database" * 500)

    assert main(["history"]) == 0

    assert "The history was damaged" in capsys.readouterr().err

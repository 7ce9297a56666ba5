import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest

from onebyone import edits, gallery
from onebyone.cli import COMMANDS
from onebyone.cli.main import main
from onebyone.errors import MeasurementError
from onebyone.files import storage
from onebyone.measurement import cells
from onebyone.measurement.records import Measurement, MeasurementRequest, Roofs
from onebyone.worker import client
from tests.engine.measurement.made_up_measurement import measurement_of

REDUCED, NAIVE = "gallery:inception-3a", "gallery:inception-3a-naive"


class Said:
    """What a command wrote, and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


Run = Callable[..., Said]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str | Path) -> Said:
        code = main([str(word) for word in words])
        out, err = capfd.readouterr()
        return Said(code, out, err)

    return call


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.1x1"
    storage.save(edits.disconnect(gallery.load("inception-3a"), "conv3x3", 0), path)
    return path


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[MeasurementRequest]:
    """Takes the worker's place; collects what it was asked."""
    asked: list[MeasurementRequest] = []

    def measure_cells(asked_cells: Sequence[MeasurementRequest], *_: object) -> list[Measurement]:
        asked.extend(asked_cells)
        return [measurement_of(request) for request in asked_cells]

    monkeypatch.setattr(client, "measure_cells", measure_cells)
    return asked


def test_gallery_lists_the_designs_with_their_totals(run: Run) -> None:
    said = run("gallery")

    assert said.code == 0
    assert "inception-3a-naive" in said.out
    assert "128,049,152" in said.out


def test_check_of_a_good_design_is_zero(run: Run) -> None:
    said = run("check", REDUCED)

    assert (said.code, said.out) == (0, "No problems.\n")


def test_check_of_a_wrong_design_is_one_and_tells_the_problems(run: Run, broken: Path) -> None:
    said = run("check", broken)

    assert said.code == 1
    assert "conv3x3" in said.out
    assert "[missing-input]" in said.out


def test_check_of_warnings_only_is_zero(run: Run, tmp_path: Path) -> None:
    design = gallery.load("inception-3a")
    unused = msgspec.structs.replace(design.node("conv1x1"), id="unused")
    storage.save(edits.add(design, unused), tmp_path / "x.1x1")

    said = run("check", tmp_path / "x.1x1")

    assert said.code == 0
    assert "warning: " in said.out


def test_summary_shows_every_node_and_the_totals(run: Run) -> None:
    said = run("summary", REDUCED)

    assert said.code == 0
    for expected in ("reduce3x3", "28×28×96", "163,696", "128,049,152", "163,328 weights, 368 biases"):
        assert expected in said.out


def test_summary_json_is_one_document(run: Run) -> None:
    said = run("summary", REDUCED, "--json")

    assert json.loads(said.out)["totals"]["parameters"] == 163_696
    assert said.err == ""


def test_summary_json_of_a_wrong_design_has_nulls_and_is_one(run: Run, broken: Path) -> None:
    said = run("summary", broken, "--json")

    document = json.loads(said.out)
    assert said.code == 1
    assert document["valid"] is False
    assert document["totals"]["macs"] is None


def test_summary_csv_is_a_sheet(run: Run) -> None:
    rows = list(csv.reader(io.StringIO(run("summary", REDUCED, "--csv").out)))

    assert len(rows) == 12
    assert {len(row) for row in rows} == {12}


def test_summary_markdown_is_a_table(run: Run) -> None:
    assert run("summary", REDUCED, "--markdown").out.startswith("# Inception 3a\n\n| Node |")


def test_summary_has_one_form_at_a_time(run: Run) -> None:
    said = run("summary", REDUCED, "--json", "--csv")

    assert (said.code, said.out) == (2, "")


def test_compare_gives_ratios_to_the_first(run: Run) -> None:
    said = run("compare", REDUCED, NAIVE)

    macs = next(line for line in said.out.splitlines() if line.startswith("MACs"))
    assert said.code == 0
    assert macs.split() == ["MACs", "128,049,152", "303,464,448", "2.37×"]


def test_compare_with_a_wrong_design_is_one(run: Run, broken: Path) -> None:
    said = run("compare", REDUCED, broken)

    assert said.code == 1
    assert "withheld" in said.out


def test_compare_needs_two_and_takes_six(run: Run) -> None:
    assert run("compare", REDUCED).code == 2
    assert "Two to 6" in run("compare", *[REDUCED] * 7).err


def test_compare_tells_branches_and_nodes(run: Run) -> None:
    said = run("compare", NAIVE, REDUCED, "--nodes")

    assert "42.2 % of the weights" in said.out
    assert "conv5x5 / reduce5x5 → conv5x5" in said.out
    assert next(line for line in said.out.splitlines() if line.startswith("pool_proj")).count("–") == 4


def test_compare_measures_interleaved_and_keeps_it(run: Run, requests: list[MeasurementRequest]) -> None:
    said = run("compare", NAIVE, REDUCED, "--measure", "--layout", "nchw", "--threads", "1")

    assert said.code == 0
    assert [len(request.designs) for request in requests] == [2]
    line = next(line for line in said.out.splitlines() if line.startswith("Latency, cpu"))
    assert "7.00 ms" in line and "1.42× (1.39 to 1.45), slower" in line
    assert "quiet" in next(line for line in said.out.splitlines() if line.startswith("Verdict"))
    assert "Inception 3a naive" in run("history").out


def test_compare_as_json_has_everything(run: Run, requests: list[MeasurementRequest]) -> None:
    found = json.loads(run("compare", NAIVE, REDUCED, "--measure", "--json").out)

    assert found["totals"]["Weights"]["values"] == [387_072, 163_328]
    assert len(found["latency"]) == len(requests)
    assert [line["names"] for line in found["nodes"]][2] == [None, "reduce3x3"]


@pytest.mark.parametrize("suffix", [".html", ".md", ".csv"])
def test_compare_writes_a_report(run: Run, requests: list[MeasurementRequest], tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"both{suffix}"

    assert run("compare", NAIVE, REDUCED, "--measure", "--threads", "1", "--report", path).code == 0

    text = path.read_text(encoding="utf-8")
    assert "Inception 3a naive" in text and "pool" in text
    assert "0.00700" in text or "7.00 ms" in text or "0.007" in text
    assert "163,328" in text or "163328" in text


def test_compare_refuses_other_reports_before_it_measures(
    run: Run, requests: list[MeasurementRequest], tmp_path: Path
) -> None:
    said = run("compare", NAIVE, REDUCED, "--measure", "--report", tmp_path / "both.xlsx")

    assert said.code == 2
    assert ".html, .md or .csv" in said.err
    assert requests == []


def test_export_writes_pytorch_source(run: Run, tmp_path: Path) -> None:
    said = run("export", REDUCED, tmp_path / "block.py")

    text = (tmp_path / "block.py").read_text(encoding="utf-8")
    assert (said.code, said.out, said.err) == (0, "", "")
    assert "nn.Module" in text
    compile(text, "block.py", "exec")


def test_export_of_source_needs_a_design_without_errors(run: Run, broken: Path, tmp_path: Path) -> None:
    said = run("export", broken, tmp_path / "block.py")

    assert said.code == 1
    assert "conv3x3" in said.err
    assert not (tmp_path / "block.py").exists()


def test_export_copies_a_design(run: Run, broken: Path, tmp_path: Path) -> None:
    assert run("export", broken, tmp_path / "copy.1x1").code == 0
    assert (tmp_path / "copy.1x1").read_bytes() == broken.read_bytes()


@pytest.mark.parametrize("name", ["block.txt", "block", ".svg", "block.svg.exe"])
def test_export_knows_its_suffixes(run: Run, tmp_path: Path, name: str) -> None:
    said = run("export", REDUCED, tmp_path / name)

    assert said.code == 2
    assert ".1x1, .svg, .png, .pdf or .py" in said.err


def test_measure_says_answer_verdict_and_ratio(run: Run, requests: list[MeasurementRequest]) -> None:
    said = run("measure", REDUCED, NAIVE)

    assert said.code == 0
    for expected in ("7.00 ms a call", "Quiet. 98 %", "conv3x3", "1.42× [1.39, 1.45]: slower"):
        assert expected in said.out
    assert said.err == ""


def test_measure_passes_its_options_on(run: Run, requests: list[MeasurementRequest]) -> None:
    options = (
        "--device cuda:1 --dtype bfloat16 --layout channels_last --batch 8 --threads 3 --mode compile --budget 1.5"
    )

    run("measure", NAIVE, *options.split())

    asked = requests[0]
    assert (asked.device, asked.dtype, asked.layout, asked.batch) == ("cuda:1", "bfloat16", "channels_last", 8)
    assert (asked.threads, asked.mode, asked.budget) == (3, "compile", 1.5)
    assert [design.name for design in asked.designs] == ["Inception 3a naive"]


def test_measure_json_is_one_document_in_seconds(run: Run, requests: list[MeasurementRequest]) -> None:
    said = run("measure", REDUCED, NAIVE, "--json")

    document = json.loads(said.out)
    assert said.err == ""
    assert document["runs"][0]["median"] == 0.0070
    assert document["ratios"][0]["verdict"] == "slower"


@pytest.mark.parametrize("suffix", [".html", ".json", ".csv", ".md"])
def test_measure_writes_a_report(run: Run, requests: list[MeasurementRequest], tmp_path: Path, suffix: str) -> None:
    said = run("measure", REDUCED, "--report", tmp_path / f"latency{suffix}")

    assert said.code == 0
    text = (tmp_path / f"latency{suffix}").read_text(encoding="utf-8")
    assert "onebyone measure gallery:inception-3a --device cpu" in text


@pytest.mark.parametrize("report", ["latency.txt", "missing/latency.html", "old.md"])
def test_measure_refuses_a_report_before_it_measures(
    run: Run, requests: list[MeasurementRequest], tmp_path: Path, report: str
) -> None:
    (tmp_path / "old.md").touch(mode=0o444)

    said = run("measure", REDUCED, "--report", tmp_path / report)

    assert said.code == 2
    assert requests == []


def test_measure_of_a_wrong_design_is_one(run: Run, requests: list[MeasurementRequest], broken: Path) -> None:
    said = run("measure", REDUCED, broken, "--json")

    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("onebyone: ")
    assert requests == []


def test_a_failed_measurement_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(cells: Sequence[MeasurementRequest], *_: object) -> list[MeasurementError]:
        return [MeasurementError("There is no device 'cuda'.") for _ in cells]

    monkeypatch.setattr(client, "measure_cells", fail)

    said = run("measure", REDUCED, "--json")

    assert (said.code, said.out, said.err) == (2, "", "onebyone: There is no device 'cuda'.\n")


def test_both_layouts_on_one_thread_and_all_cores_are_cells_of_their_own(
    run: Run, requests: list[MeasurementRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cells, "physical_cores", lambda: 4)

    said = run("measure", REDUCED, NAIVE)

    assert [(cell.threads, cell.layout) for cell in requests] == [
        (1, "nchw"), (1, "channels_last"), (4, "nchw"), (4, "channels_last"),
    ]  # fmt: skip
    assert said.out.count("NCHW · 4 threads") >= 2


def test_cells_and_form_are_asked_for(run: Run, requests: list[MeasurementRequest]) -> None:
    run(
        *[
            "measure",
            "gallery:inception-3a",
            "--cells",
            "batch=1,8",
            "--cells",
            "threads=1",
            "--layout",
            "nchw",
            "--trusted",
            "--isolated",
        ]
    )

    assert [cell.batch for cell in requests] == [1, 8]
    assert {(cell.form, cell.budget, cell.is_isolated) for cell in requests} == {("trusted", 20.0, True)}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--cells", "layout"], "AXIS=VALUE,VALUE with an axis of device, dtype"),
        (["--cells", "colour=red"], "not 'colour=red'"),
        (["--cells", "layout=nchw,blue"], "layout takes nchw or channels_last, not 'blue'"),
        (["--cells", "batch=0"], "batch takes whole numbers from 1 to 4,096, not '0'"),
        (["--cells", "batch=1,,2"], "not ''"),
        (["--cells", "threads=all"], "threads takes whole numbers from 1 to 1,024, not 'all'"),
        (["--cells", "layout=nchw", "--layout", "nchw"], "layout is given twice"),
        (["--cells", f"batch={','.join(map(str, range(1, 40)))}"], "156 cells, and at most 64"),
        (["--device", "my gpu"], "'my gpu' is no device"),
    ],
)
def test_cells_that_are_none_are_refused_with_the_reason(
    run: Run, requests: list[MeasurementRequest], monkeypatch: pytest.MonkeyPatch, options: list[str], words: str
) -> None:
    monkeypatch.setattr(cells, "physical_cores", lambda: 4)

    said = run("measure", REDUCED, *options)

    assert said.code == 2
    assert words in said.err
    assert requests == []


def test_a_cell_that_fails_is_named_and_the_others_answer(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def measure(cells: Sequence[MeasurementRequest], *_: object) -> list[object]:
        return [measurement_of(cells[0]), *(MeasurementError("It did not fit.") for _ in cells[1:])]

    monkeypatch.setattr(client, "measure_cells", measure)

    said = run("measure", REDUCED, "--cells", "batch=1,2", "--threads", "1", "--layout", "nchw")

    assert said.code == 0
    assert "7.00 ms a call" in said.out
    assert said.err == "onebyone: It did not fit. (cpu · float32 · NCHW · batch 2 · 1 thread · eager)\n"


def test_json_of_several_cells_says_which_cell_each_ratio_is_of(run: Run, requests: list[MeasurementRequest]) -> None:
    document = json.loads(run("measure", REDUCED, NAIVE, "--threads", "1", "--json").out)

    assert [run["layout"] for run in document["runs"]] == ["nchw", "nchw", "channels_last", "channels_last"]
    assert [ratio["layout"] for ratio in document["ratios"]] == ["nchw", "channels_last"]


def test_a_pdf_is_drawn(run: Run, requests: list[MeasurementRequest], tmp_path: Path) -> None:
    said = run("measure", REDUCED, "--report", tmp_path / "latency.pdf")

    assert said.code == 0
    assert (tmp_path / "latency.pdf").read_bytes().startswith(b"%PDF-")


def test_roofline_says_the_roofs_of_the_machine(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "roofs", lambda _: Roofs("cpu", "float32", 1, 100e9, 10 * 2**30, 2e-6))

    said = run("roofline")

    assert "100 G operations/s" in said.out
    assert "10.0 GiB/s" in said.out
    assert "2.00 µs at least" in said.out


def test_roofline_places_the_nodes_of_a_design(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "measure", measurement_of)

    said = run("roofline", REDUCED, "--threads", "1")
    document = json.loads(run("roofline", REDUCED, "--json").out)

    assert "conv3x3" in said.out
    assert "91.3 %" in said.out
    assert "The roofs of this machine would allow" in said.out
    assert document["nodes"][0]["bound"] == "compute"


def test_devices_lists_what_the_worker_knows(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = {
        "devices": [{"name": "cpu", "description": "A CPU"}],
        "environment": {"torch": "2.13.0", "cpu_limit": None},
    }
    monkeypatch.setattr(client, "devices", lambda: answer)

    said = run("devices")

    assert said.code == 0
    assert "A CPU" in said.out
    assert "PyTorch: 2.13.0" in said.out


@pytest.mark.parametrize("words", [["--help"], ["-h"], *([command, "--help"] for command in COMMANDS)], ids=" ".join)
def test_help_helps(run: Run, words: list[str]) -> None:
    said = run(*words)

    assert said.code == 0
    assert said.out.startswith("Usage: onebyone")


def test_version_is_one_line(run: Run) -> None:
    assert run("--version").out == "onebyone 0.1.0\n"


def test_a_bug_is_one_line_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gallery, "entries", lambda: 1 / 0)

    said = run("gallery")

    assert (said.code, said.out) == (2, "")
    assert said.err == "onebyone: A bug in OneByOne, please report it: ZeroDivisionError: division by zero\n"


@pytest.mark.parametrize("name", ["[red]x[/red]", "\x1b[31mx", ":smile: \u202e<b>", "a\nb"])
def test_names_are_shown_and_not_obeyed(run: Run, tmp_path: Path, name: str) -> None:
    design = msgspec.structs.replace(gallery.load("inception-3a"), name=name)
    storage.save(design, tmp_path / "x.1x1")

    said = run("summary", tmp_path / "x.1x1")

    assert said.out.splitlines()[0] == name.replace("\x1b", "").replace("\u202e", "U+202E").replace("\n", " ")

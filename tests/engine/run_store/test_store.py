"""The history: what is kept comes back, whatever happened to the file."""

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, suppress
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onebyone import gallery
from onebyone.errors import HistoryError
from onebyone.measurement.records import MeasurementRequest
from onebyone.run_store import schema
from onebyone.run_store.records import RunFilter
from onebyone.run_store.store import FOLDER_VARIABLE, RunStore, default_path
from onebyone.run_store.words import setting_words
from tests.engine.measurement.made_up_measurement import measurement_of, request_for_two


@pytest.fixture
def store(tmp_path: Path):
    opened = RunStore(tmp_path / "history.sqlite3")
    yield opened
    opened.close()


def request_for(name: str, **choices) -> MeasurementRequest:
    return MeasurementRequest((gallery.load(name),), **choices)


def test_a_measurement_comes_back_as_it_was(store: RunStore) -> None:
    request = request_for_two()
    measurement = measurement_of(request)

    number = store.add(request, measurement)

    found = store.measurement(number)
    assert found.request == request
    assert found.measurement == measurement
    assert found.origin == ""


def test_each_run_is_a_row(store: RunStore) -> None:
    request = request_for_two()
    number = store.add(request, measurement_of(request, "quiet", "refused"))

    first, second = store.rows()

    assert (first.measurement, first.place, second.place) == (number, 0, 1)
    assert first.design == request.designs[0].name
    assert (first.median, first.low, first.high) == (0.0070, 0.0069, 0.0071)
    assert (second.verdict, second.median, second.low) == ("refused", None, None)
    assert first.digest != second.digest
    assert store.row(second.id) == second


def test_rows_are_the_newest_first(store: RunStore) -> None:
    request = request_for("inception-3a")
    for day in ("2026-01-02", "2026-01-03", "2026-01-01"):
        measurement = measurement_of(request)
        dated = msgspec.structs.replace(measurement, environment={**measurement.environment, "finished": day})
        store.add(request, dated)

    assert [row.finished for row in store.rows()] == ["2026-01-03", "2026-01-02", "2026-01-01"]
    assert len(store.rows(RunFilter(limit=2))) == 2


def test_rows_are_filtered(store: RunStore) -> None:
    both = request_for_two()
    store.add(both, measurement_of(both, "quiet", "disturbed"))
    store.add(request_for("inception-3a"), measurement_of(request_for("inception-3a")), origin="from_lab.json")

    assert len(store.rows(RunFilter(text="naive"))) == 1
    assert len(store.rows(RunFilter(text="NAIVE"))) == 1
    assert len(store.rows(RunFilter(text="from_lab"))) == 1
    assert store.rows(RunFilter(text="100%")) == []
    assert store.rows(RunFilter(text="fromXlab")) == []
    assert len(store.rows(RunFilter(verdict="disturbed"))) == 1
    assert store.rows(RunFilter(device="cuda")) == []
    digest = store.rows(RunFilter(text="from_lab"))[0].digest
    assert len(store.rows(RunFilter(digest=digest))) == 2


def test_the_same_design_is_kept_once(store: RunStore, tmp_path: Path) -> None:
    request = request_for("inception-3a")
    for _ in range(5):
        store.add(request, measurement_of(request))

    with sqlite3.connect(tmp_path / "history.sqlite3") as other:
        assert other.execute("SELECT count(*) FROM designs").fetchone() == (1,)


def test_deleting_takes_runs_and_designs_that_nothing_else_has(store: RunStore, tmp_path: Path) -> None:
    both, one = request_for_two(), request_for("inception-3a")
    first, second = store.add(both, measurement_of(both)), store.add(one, measurement_of(one))

    store.delete([first])

    assert [row.measurement for row in store.rows()] == [second]
    assert store.measurement(second).request == one
    with pytest.raises(HistoryError, match=f"no measurement {first}"):
        store.measurement(first)
    with sqlite3.connect(tmp_path / "history.sqlite3") as other:
        assert other.execute("SELECT count(*) FROM designs").fetchone() == (1,)


def test_what_is_kept_outlives_the_process(tmp_path: Path) -> None:
    path = tmp_path / "deeper" / "history.sqlite3"
    request = request_for("inception-3a")
    first = RunStore(path)
    number = first.add(request, measurement_of(request))
    first.close()

    second = RunStore(path)

    assert second.measurement(number).request == request
    second.close()


def test_a_killed_writer_leaves_whole_measurements(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    code = (
        "import sys; from pathlib import Path; from onebyone.run_store.store import RunStore\n"
        "from tests.engine.measurement.made_up_measurement import measurement_of, request_for_two\n"
        "request = request_for_two(); store = RunStore(Path(sys.argv[1]))\n"
        "while True:\n    store.add(request, measurement_of(request)); print('.', flush=True)\n"
    )
    for _ in range(5):
        writer = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        for _ in range(3):
            writer.stdout.readline()
        writer.kill()
        writer.communicate()

        store = RunStore(path)
        rows = store.rows()
        assert store.put_aside is None
        assert len(rows) % 2 == 0
        assert len(rows) >= 6
        assert store.measurement(rows[0].measurement).request == request_for_two()
        store.close()


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000, b"\0" * 4096])
def test_a_damaged_file_is_put_aside_and_a_new_one_begun(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "history.sqlite3"
    path.write_bytes(content)

    store = RunStore(path)

    assert store.put_aside is not None
    assert store.put_aside.read_bytes() == content
    request = request_for("inception-3a")
    assert store.measurement(store.add(request, measurement_of(request))).request == request
    store.close()


@given(st.data())
def test_a_file_with_damaged_bytes_never_raises_anything_but_ours(tmp_path_factory, data) -> None:
    path = tmp_path_factory.mktemp("history") / "history.sqlite3"
    store = RunStore(path)
    request = request_for("inception-3a")
    for _ in range(3):
        store.add(request, measurement_of(request))
    store.close()
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 40))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(content))

    with suppress(HistoryError), closing(RunStore(path)) as opened:
        for row in opened.rows():
            opened.row(row.id)
            opened.measurement(row.measurement)
        opened.add(request, measurement_of(request))


def test_a_locked_file_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    store = RunStore(path, patience_s=0.05)
    request = request_for("inception-3a")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(HistoryError, match="held by another program"):
        store.add(request, measurement_of(request))
    assert store.rows() == []

    other.execute("ROLLBACK")
    other.close()
    store.add(request, measurement_of(request))
    assert len(store.rows()) == 1
    store.close()


def test_two_programs_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    request = request_for("inception-3a")
    RunStore(path).close()

    def write() -> None:
        store = RunStore(path)
        for _ in range(20):
            store.add(request, measurement_of(request))
        store.close()

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    store = RunStore(path)
    assert len(store.rows()) == 40
    store.close()


def test_a_newer_database_is_refused_with_its_version(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    RunStore(path).close()
    with sqlite3.connect(path) as other:
        other.execute(f"PRAGMA user_version = {schema.VERSION + 7}")

    with pytest.raises(HistoryError, match=f"version {schema.VERSION + 7}"):
        RunStore(path)


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "history.sqlite3"
    store = RunStore(path)
    request = request_for("inception-3a")
    store.add(request, measurement_of(request))
    store.close()
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("CREATE TABLE extra (x)", "no statement")))
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)

    with pytest.raises(HistoryError):
        RunStore(path)

    monkeypatch.undo()
    again = RunStore(path)
    assert len(again.rows()) == 1
    again.close()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(HistoryError, match="cannot be kept"):
        RunStore(tmp_path / "file" / "history.sqlite3")


def test_the_place_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert default_path() == tmp_path / "history.sqlite3"

    monkeypatch.delenv(FOLDER_VARIABLE)
    assert default_path().name == "history.sqlite3"
    assert "OneByOne" in str(default_path())


def test_a_row_says_in_which_form_its_run_was_measured(tmp_path: Path) -> None:
    request = request_for("inception-3a")
    measurement = measurement_of(request)
    trusted = msgspec.structs.replace(
        measurement, runs=tuple(msgspec.structs.replace(run, form="trusted") for run in measurement.runs)
    )
    with closing(RunStore(tmp_path / "history.sqlite3")) as store:
        store.add(request, trusted)

        assert setting_words(store.rows()[0]).endswith("eager, trusted")


def test_a_history_of_the_first_version_is_brought_up_to_date(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "history.sqlite3"
    request = request_for("inception-3a")
    with monkeypatch.context() as earlier:
        earlier.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:1])
        earlier.setattr(schema, "VERSION", 1)
        RunStore(path).close()
    with closing(sqlite3.connect(path)) as old:
        old.execute("INSERT INTO designs VALUES ('d', x'00')")
        old.execute("INSERT INTO measurements VALUES (1, '2026-01-01', '', 'here', '{}', x'00')")
        values = "1, 1, 0, 'a', 'd', 'cpu', 'float32', 'nchw', 1, 1, 'eager', 'quiet', 1.0, 0.9, 1.1"
        old.execute(f"INSERT INTO runs VALUES ({values})")
        old.commit()

    with closing(RunStore(path)) as store:
        assert store.put_aside is None
        assert [row.form for row in store.rows()] == ["quick"]
        store.add(request, measurement_of(request))
        assert len(store.rows()) == 2

from pathlib import Path

import msgspec
import pytest

from onebyone import edits, gallery
from onebyone.errors import StorageError
from onebyone.sweep.grid import Sweep, make_sweep
from onebyone.sweep.journal import Journal
from onebyone.sweep.measured import Machine, MeasuredPoint, PointSettings, make_jobs
from onebyone.sweep.variation import Variation
from tests.engine.sweep.made_up_points import point_of

POINT = point_of("a", (16,), 0.005, Machine({"cpu": "C"}))
SETTINGS = PointSettings()
FIELD = Variation("reduce3x3", "out_channels", (16, 32))


def key_of(sweep: Sweep, settings: PointSettings = SETTINGS, where: str = "here") -> str:
    return next(make_jobs(sweep, [0], settings, where)).key


def test_a_point_that_was_written_is_known_to_the_next_journal(tmp_path: Path) -> None:
    path = tmp_path / "new" / "sweeps.jsonl"

    Journal(path).add(POINT)

    assert Journal(path).known(["a", "b"]) == {"a": POINT}


def test_a_line_that_a_crash_cut_off_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "sweeps.jsonl"
    Journal(path).add(POINT)
    with path.open("ab") as file:
        file.write(b'{"key": "half')

    Journal(path).add(msgspec.structs.replace(POINT, key="b"))

    assert list(Journal(path).known(["a", "half", "b"])) == ["a", "b"]


@pytest.mark.parametrize("line", [b"\x00\xff\n", b"[" * 10_000 + b"\n", b'{"key": 3}\n', b"\n\n"])
def test_nonsense_is_passed_over(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "sweeps.jsonl"
    path.write_bytes(line)
    journal = Journal(path)

    journal.add(POINT)

    assert Journal(path).known(["a"]) == {"a": POINT}


def test_what_has_no_answer_is_asked_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "sweeps.jsonl")

    journal.add(MeasuredPoint("failed", (1,), failure="The worker died."))
    journal.add(msgspec.structs.replace(POINT, key="disturbed", ratio=None))

    assert not Journal(journal.path).known(["failed", "disturbed"])
    assert journal.path.read_bytes().count(b'"failed"') == 0


def test_a_later_answer_stands_for_an_earlier_one(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "sweeps.jsonl")

    journal.add(POINT)
    journal.add(msgspec.structs.replace(POINT, median=0.004))

    assert Journal(journal.path).known(["a"])["a"].median == 0.004


def test_where_nothing_can_be_written_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(StorageError, match="could not be kept"):
        Journal(tmp_path / "file" / "sweeps.jsonl").add(POINT)


def test_a_folder_is_no_journal(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="is a folder"):
        Journal(tmp_path)


def test_the_key_is_of_what_is_computed_and_how_it_is_measured() -> None:
    design = gallery.load("inception-3a")
    sweep = make_sweep(design, [FIELD])
    moved = edits.move(edits.set_name(design, "Other"), {"concat": (5.0, 5.0)})
    changed = edits.set_fields(design, "conv1x1", {"out_channels": 65})

    assert key_of(make_sweep(moved, [FIELD])) == key_of(sweep)
    assert (
        len(
            {
                key_of(sweep),
                key_of(make_sweep(changed, [FIELD])),
                key_of(sweep, PointSettings(layout="channels_last")),
                key_of(sweep, PointSettings(budget=4.0)),
                key_of(sweep, where="there"),
            }
        )
        == 5
    )

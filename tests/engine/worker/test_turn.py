"""The machine's turn to measure."""

import os
from pathlib import Path

import pytest

from onebyone.errors import MeasurementError
from onebyone.worker import turn
from onebyone.worker.turn import machine_turn


def nothing() -> None: ...


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn, "POLL_S", 0.0)


def test_the_turn_is_free_again_after_use(tmp_path: Path) -> None:
    for _ in range(2):
        with machine_turn(pytest.fail, nothing, tmp_path / "lock") as is_held:
            assert is_held


def test_a_second_measurement_says_that_it_waits_and_gives_up_in_the_end(tmp_path: Path) -> None:
    waits: list[bool] = []

    with (
        machine_turn(nothing, nothing, tmp_path / "lock"),
        pytest.raises(MeasurementError, match="Another measurement"),
        machine_turn(lambda: waits.append(True), nothing, tmp_path / "lock", timeout_s=0.01),
    ):
        pytest.fail("two at a time")
    assert waits == [True]


def test_waiting_can_be_cancelled(tmp_path: Path) -> None:
    class GivenUpError(Exception): ...

    def give_up() -> None:
        raise GivenUpError

    with (
        machine_turn(nothing, nothing, tmp_path / "lock"),
        pytest.raises(GivenUpError),
        machine_turn(nothing, give_up, tmp_path / "lock"),
    ):
        pytest.fail("two at a time")


def test_without_a_place_for_the_lock_it_is_measured_all_the_same(tmp_path: Path) -> None:
    with machine_turn(pytest.fail, nothing, tmp_path / "nowhere" / "lock") as is_held:
        assert not is_held


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
def test_a_link_planted_as_the_lock_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to(tmp_path / "victim")

    with machine_turn(pytest.fail, nothing, tmp_path / "lock") as is_held:
        assert not is_held
    assert not (tmp_path / "victim").exists()

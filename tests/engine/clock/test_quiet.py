"""Waiting for a quiet machine, on a made-up /proc."""

import subprocess
import sys
from collections.abc import Callable
from itertools import repeat
from pathlib import Path

import pytest

from onebyone.clock import machine, quiet
from onebyone.clock.quiet import Look, usage
from onebyone.errors import CancelledError


def look(total: float, own: float = 0.0, moment: float = 0.0, **processes: float) -> Look:
    return Look(moment, total, own, {int(name[1:]): seconds for name, seconds in processes.items()})


def proc_of(folder: Path, ready: int) -> Path:
    (folder / "loadavg").write_text(f"0.50 0.40 0.30 {ready + 1}/345 9999\n", "ascii")
    return folder


def never() -> None:
    pass


def test_what_others_used_leaves_out_this_process() -> None:
    assert usage(look(10, 5, 0), look(13, 6, 2)).busy == pytest.approx(1.0)


def test_the_busiest_program_is_named(tmp_path: Path) -> None:
    (tmp_path / "41").mkdir()
    (tmp_path / "41" / "comm").write_text("make\n", "ascii")

    found = usage(look(0, p41=1.0, p42=5.0), look(1, 0, 1, p41=1.9, p42=5.1), tmp_path)

    assert found.busiest == "make"


def test_a_name_with_control_characters_stays_one_line(tmp_path: Path) -> None:
    (tmp_path / "41").mkdir()
    (tmp_path / "41" / "comm").write_text("a\u202eb\x1b[2J", "utf-8")

    found = usage(look(0, p41=1.0), look(1, 0, 1, p41=1.9), tmp_path)

    assert found.busiest.isprintable()


def test_a_quiet_machine_is_not_waited_for(tmp_path: Path) -> None:
    told: list[str] = []

    assert quiet.wait_for_quiet(1, 5, lambda words, _: told.append(words), never, proc_of(tmp_path, 0))
    assert told == []


def test_a_busy_machine_is_waited_for_with_the_reason_and_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "logical_cores", lambda: 2)
    totals = iter(range(0, 10_000, 10))
    monkeypatch.setattr(quiet, "look", lambda *_, **__: quiet.Look(next(totals) / 7, next(totals), 0.0, {}))
    monkeypatch.setattr(quiet, "LOOK_S", 0.01)
    told: list[str] = []

    assert not quiet.wait_for_quiet(1, 0.05, lambda words, _: told.append(words), never, proc_of(tmp_path, 9))
    assert set(told) == {"other programs use 2.0 of 2 processors"}


def test_waiting_can_be_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    totals = iter(range(0, 10_000, 10))
    monkeypatch.setattr(quiet, "look", lambda *_, **__: quiet.Look(next(totals) / 7, next(totals), 0.0, {}))

    def give_up() -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        quiet.wait_for_quiet(1, 60, lambda *_: None, give_up, proc_of(tmp_path, 9))


def test_a_system_that_tells_nothing_is_not_waited_for(tmp_path: Path) -> None:
    assert quiet.wait_for_quiet(1, 60, lambda *_: None, never, tmp_path)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_really_busy_process_is_seen_and_named() -> None:
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        found = usage_until(lambda one: one.busy > 0.4)
    finally:
        busy.kill()
        busy.wait()

    assert found.busy > 0.4
    assert found.busiest


def usage_until(is_enough: Callable[[quiet.Usage], bool]) -> quiet.Usage:
    found = quiet.Usage(0.0)
    for _ in repeat(None, 20):
        start = quiet.look()
        quiet._pause(0.3, never)
        end = quiet.look()
        assert start is not None
        assert end is not None
        found = quiet.usage(start, end)
        if is_enough(found):
            break
    return found

"""What is read of the machine."""

from pathlib import Path

import pytest

from onebyone.clock import machine
from onebyone.torch_backend import environment
from onebyone.torch_backend.memory import running_maximum


def test_physical_cores_are_at_most_the_logical_ones() -> None:
    assert 1 <= machine.physical_cores() <= machine.logical_cores()


def test_the_model_of_the_processor_is_the_text_behind_its_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cpuinfo").write_text("processor\t: 0\nmodel name\t: Abacus 9000 @ 1 Hz\n")
    monkeypatch.setattr(machine, "CPUINFO", tmp_path / "cpuinfo")

    assert machine.cpu_model() == "Abacus 9000 @ 1 Hz"


def test_the_memory_of_a_container_bounds_what_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in (("info", "MemAvailable: 4096 kB\n"), ("limit", "1000000\n"), ("used", "400000\n")):
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(machine, "MEMINFO", tmp_path / "info")
    monkeypatch.setattr(machine, "MEMORY_LIMIT", tmp_path / "limit")
    monkeypatch.setattr(machine, "MEMORY_USED", tmp_path / "used")

    assert machine.available_bytes() == 600_000


def test_a_system_that_tells_nothing_of_its_memory_leaves_it_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MEMINFO", "MEMORY_LIMIT", "MEMORY_USED"):
        monkeypatch.setattr(machine, name, tmp_path / "nothing")

    assert machine.available_bytes() is None


def test_only_telling_variables_are_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_PROC_BIND", "true")
    monkeypatch.setenv("SECRET_TOKEN", "x")

    recorded = environment.variables()

    assert recorded["OMP_PROC_BIND"] == "true"
    assert "SECRET_TOKEN" not in recorded


def test_peak_memory_is_the_highest_level() -> None:
    assert running_maximum([100, 50, -100, 20, -70]) == 150

"""The machine's roofs, measured for a moment and on made-up devices."""

from pathlib import Path

import pytest

from onebyone.errors import MeasurementError
from onebyone.torch_backend import devices, roofs
from onebyone.torch_backend.devices import CpuDevice

pytest.importorskip("torch")


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roofs, "CANDIDATE_S", 0.001)
    monkeypatch.setattr(roofs, "MAX_COPY_BYTES", 2**20)
    roofs.measure_roofs.cache_clear()


def cache(folder: Path, index: int, size: str) -> None:
    (folder / f"index{index}").mkdir()
    (folder / f"index{index}" / "size").write_text(size, "ascii")


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_roofs_of_the_cpu_are_positive_and_a_call_is_the_least(dtype: str) -> None:
    found = roofs.measure_roofs("cpu", dtype, 1)  # type: ignore[arg-type]

    assert found.operations_per_second > 1e6
    assert found.bytes_per_second > 1e6
    assert 0 < found.call_seconds < 2 * roofs.MATMUL_SIZE**3 / found.operations_per_second
    assert (found.device, found.dtype, found.threads) == ("cpu", dtype, 1)


def test_the_threads_are_as_before_afterwards() -> None:
    import torch

    before = torch.get_num_threads()

    roofs.measure_roofs("cpu", "float32", 2 if before == 1 else 1)

    assert torch.get_num_threads() == before


def test_roofs_are_measured_once_for_device_type_and_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    first = roofs.measure_roofs("cpu", "float32", 1)
    monkeypatch.setattr(roofs, "least_seconds", lambda *_: 1.0)

    assert roofs.measure_roofs("cpu", "float32", 1) is first
    assert roofs.measure_roofs("cpu", "float32", 2).call_seconds == 1.0


def test_a_roof_is_the_best_of_the_candidates_with_a_mac_as_two_operations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roofs, "least_seconds", lambda *_: 0.5)

    found = roofs.measure_roofs("cpu", "float32", 1)

    assert found.operations_per_second == pytest.approx(2 * 28 * 28 * 9 * 256 * 256 / 0.5)
    assert found.bytes_per_second == pytest.approx(2 * 2**20 / 0.5)


def test_the_shortest_call_is_taken_after_the_device_is_done() -> None:
    class Slow(CpuDevice):
        waits = 0

        def synchronize(self) -> None:
            self.waits += 1

    device = Slow()

    assert roofs.least_seconds(lambda: None, device, 0.0) < 0.1
    assert device.waits == 1 + roofs.LEAST_CALLS


def test_what_the_device_cannot_do_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoHalf(CpuDevice):
        def place(self, value: object) -> object:  # type: ignore[override]
            raise RuntimeError('"addmm" not implemented for Half\nand more')

    monkeypatch.setattr(devices, "find", lambda _: NoHalf())

    with pytest.raises(MeasurementError, match=r'roofs of cpu in float16 cannot be measured: "addmm" not .* Half\.$'):
        roofs.measure_roofs("cpu", "float16", 1)


def test_the_last_level_cache_is_the_largest(tmp_path: Path) -> None:
    cache(tmp_path, 0, "48K")
    cache(tmp_path, 2, "2M")
    cache(tmp_path, 3, "36864K\n")

    assert roofs.last_level_cache_bytes(tmp_path) == 36864 * 1024


def test_without_a_known_cache_a_usual_size_is_taken(tmp_path: Path) -> None:
    cache(tmp_path, 0, "large")

    assert roofs.last_level_cache_bytes(tmp_path) == roofs.DEFAULT_CACHE_BYTES

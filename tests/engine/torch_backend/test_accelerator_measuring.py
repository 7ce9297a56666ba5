"""Whole measurements on an accelerator with a scripted clock, asynchronous launches and memory that runs out."""

import msgspec
import pytest

pytest.importorskip("torch")

from onebyone.clock import protocol, stopwatch
from onebyone.errors import MeasurementError
from onebyone.measurement.records import Measurement, MeasurementRequest
from onebyone.torch_backend import candidate, devices, measuring
from tests.engine.torch_backend.fake_accelerator import CALL_S, LAUNCH_S, NAME, FakeAccelerator, FakeDevice
from tests.engine.torch_backend.test_measuring import block


@pytest.fixture(autouse=True)
def quick_warm_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "LEAST_WARM_UP_S", 0.01)
    monkeypatch.setattr(protocol, "WARM_UP_CAP_S", 0.1)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeAccelerator:
    made = FakeAccelerator()
    monkeypatch.setattr(devices, "find", lambda _: FakeDevice(made))
    for module in (stopwatch, candidate):
        monkeypatch.setattr(module, "time", made.clock)
    return made


def measured(**choices: object) -> Measurement:
    request = MeasurementRequest((block(),), device=NAME, budget=0.2, threads=1, has_roofs=False)
    return measuring.measure(msgspec.structs.replace(request, **choices), lambda *_, **__: None, lambda: False)


def test_a_sample_ends_when_the_device_is_done_not_when_the_launch_returns(fake: FakeAccelerator) -> None:
    run = measured().runs[0]

    assert (run.raw.min, run.raw.max) == pytest.approx((LAUNCH_S + CALL_S, LAUNCH_S + CALL_S))
    assert run.first_call == pytest.approx(LAUNCH_S + CALL_S)


def test_the_devices_own_time_comes_from_events_and_is_exact(fake: FakeAccelerator) -> None:
    assert measured().runs[0].device_median == pytest.approx(CALL_S)


def test_events_are_made_beforehand_and_read_after_one_synchronisation(fake: FakeAccelerator) -> None:
    device = FakeDevice(fake)
    before = fake.synchronisations

    times = device.own_times(fake.launch, 10)

    assert times == pytest.approx([CALL_S] * 10)
    assert fake.synchronisations == before + 1
    assert fake.events == 20


def test_the_record_names_the_device_and_memory_is_the_allocators(fake: FakeAccelerator) -> None:
    found = measured()

    assert found.environment["device"] == "Scripted accelerator"
    assert found.runs[0].device == NAME
    assert found.runs[0].peak_bytes == 4096 + 4 * 8 * 16 * 16


def test_a_design_that_would_not_fit_is_refused_beforehand_with_the_estimate(fake: FakeAccelerator) -> None:
    fake.free = 1000

    with pytest.raises(MeasurementError, match=r"needs about 0\.0 GiB of memory on cuda:0, and 0\.0 GiB are free"):
        measured()

    assert fake.queue_end == 0


@pytest.mark.parametrize("calls", [0, 5, 40])
def test_running_out_of_memory_is_an_answer_and_the_next_measurement_works(fake: FakeAccelerator, calls: int) -> None:
    fake.calls_until_full = calls
    with pytest.raises(MeasurementError, match="not enough memory on cuda:0 to run Block with a batch of 1"):
        measured()
    fake.calls_until_full = None

    assert fake.caches_emptied == 1
    assert measured().runs[0].samples > 0


def test_on_the_cpu_no_event_is_asked_for_the_time() -> None:
    run = measured(device="cpu").runs[0]

    assert run.device_median is None

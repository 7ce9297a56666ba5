"""Nodes alone: hot and cold, bounded, and only where they were asked for."""

import pytest

pytest.importorskip("torch")

from onebyone import gallery
from onebyone.analysis import analyze
from onebyone.clock import protocol
from onebyone.clock.evidence import Evidence
from onebyone.clock.statistics import Sample
from onebyone.clock.stopwatch import Stopwatch
from onebyone.errors import CancelledError
from onebyone.measurement.records import MeasurementRequest
from onebyone.torch_backend import build, candidate, isolated, roofs
from onebyone.torch_backend.devices import CpuDevice
from onebyone.torch_backend.isolated import Step
from tests.engine.torch_backend.test_measuring import block, measured, two_outputs


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "LEAST_WARM_UP_S", 0.01)
    monkeypatch.setattr(protocol, "WARM_UP_CAP_S", 0.1)
    monkeypatch.setattr(roofs, "MAX_COPY_BYTES", 2**20)
    monkeypatch.setattr(isolated, "MAX_SAMPLES", 4)


class ScriptedTimer:
    """A clock that goes on by a second a sample; each sample takes what the script says."""

    def __init__(self, *samples: Sample) -> None:
        self._samples = samples
        self._taken = 0
        self._now = 0.0

    def now(self) -> float:
        return self._now

    def begin_round(self) -> None:
        pass

    def sample(self, call: object, calls: int = 1) -> Sample:
        self._taken += 1
        self._now += 1.0
        return self._samples[(self._taken - 1) % len(self._samples)]


def steps(*names: str) -> list[Step]:
    return [Step(name, lambda: None) for name in names]


def never() -> None:
    pass


def test_every_node_has_a_hot_and_a_cold_time_where_it_was_asked_for() -> None:
    run = measured(block(), is_isolated=True, has_roofs=False).runs[0]

    assert [time.id for time in run.isolated] == ["conv", "pool", "concat"]
    assert all(time.hot is None or time.hot > 0 for time in run.isolated)


@pytest.mark.parametrize("choices", [{}, {"is_isolated": True, "layout": "channels_last"}], ids=["not asked", "asked"])
def test_nodes_alone_are_only_measured_where_they_were_asked_for(choices: dict[str, object]) -> None:
    run = measured(two_outputs(), has_roofs=False, **choices).runs[0]

    assert bool(run.isolated) is bool(choices)


@pytest.mark.parametrize("layout", ["nchw", "channels_last"])
def test_a_step_computes_what_its_node_computes_in_the_graph(layout: str) -> None:
    import torch

    design = gallery.load("resnet-50")
    request = MeasurementRequest((design,), layout=layout, threads=1)  # type: ignore[arg-type]
    device = CpuDevice()
    with torch.inference_mode():
        made = candidate.make("Net", build.checked(design, "Net"), request, device)
        analysis = analyze(design)
        for step in isolated.steps(analysis, made.module, request, device):
            result = step.call()
            assert tuple(result.shape[1:]) == analysis.nodes[step.node].shape  # type: ignore[attr-defined]


def test_nodes_behind_the_budget_have_no_time() -> None:
    timer = ScriptedTimer(Sample(0.001))

    found = isolated.measure(iter(steps("a", "b", "c")), 3, timer, CpuDevice(), 12.0, never)

    assert found[0] == isolated.IsolatedTime("a", 0.001, 0.001)
    assert found[-1] == isolated.IsolatedTime("c", None, None)


def test_disturbed_samples_are_left_out_and_too_few_give_nothing() -> None:
    disturbed = Sample(0.009, delay=0.005, span=0.009)

    script = ScriptedTimer(Sample(0.001), Sample(0.001), disturbed, Sample(0.001))
    mixed = isolated.measure(iter(steps("a")), 1, script, CpuDevice(), 60.0, never)
    busy = isolated.measure(iter(steps("a")), 1, ScriptedTimer(disturbed), CpuDevice(), 60.0, never)

    assert mixed[0].hot == 0.001
    assert (busy[0].hot, busy[0].cold) == (None, None)


def test_a_cancel_ends_it() -> None:
    def give_up() -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        isolated.measure(iter(steps("a")), 1, ScriptedTimer(Sample(0.001)), CpuDevice(), 60.0, give_up)


def test_the_caches_are_filled_before_every_cold_call_and_not_within_it() -> None:
    order: list[str] = []

    class Flushing(CpuDevice):
        def synchronize(self) -> None:
            order.append("flush")

    evidence = Evidence()
    timer = Stopwatch(evidence, never)
    flusher = isolated.Flusher(Flushing())

    isolated._cold(lambda: order.append("call"), timer, flusher, 0.01, never)
    evidence.close()

    assert order[:4] == ["flush", "call", "flush", "call"]

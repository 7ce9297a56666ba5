"""Whole measurements of tiny designs, in this process."""

from collections.abc import Callable

import msgspec
import pytest

from onebyone.clock import protocol
from onebyone.design import Design, Node
from onebyone.errors import CancelledError, MeasurementError
from onebyone.layers import Concat, Conv2d, Input, MaxPool2d, Output
from onebyone.measurement.records import Measurement, MeasurementRequest
from onebyone.torch_backend import answer, measuring, roofs

pytest.importorskip("torch")


@pytest.fixture(autouse=True)
def quick_warm_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "LEAST_WARM_UP_S", 0.01)
    monkeypatch.setattr(protocol, "WARM_UP_CAP_S", 0.1)
    monkeypatch.setattr(roofs, "CANDIDATE_S", 0.001)
    monkeypatch.setattr(roofs, "MAX_COPY_BYTES", 2**20)


def block(name: str = "Block", channels: int = 8) -> Design:
    return Design(
        name,
        nodes=(
            Node("input", Input(8, 16, 16)),
            Node("conv", Conv2d(channels), inputs=("input",)),
            Node("pool", MaxPool2d((3, 3), stride=(1, 1), padding=(1, 1)), inputs=("input",)),
            Node("concat", Concat(), inputs=("conv", "pool")),
            Node("output", Output(), inputs=("concat",)),
        ),
    )


def two_outputs() -> Design:
    return Design(
        nodes=(
            Node("a", Input(8, 4, 4)),
            Node("b", Input(8, 4, 4)),
            Node("conv", Conv2d(3), inputs=("a",)),
            Node("first", Output(), inputs=("conv",)),
            Node("second", Output(), inputs=("b",)),
        )
    )


def measured(*designs: Design, **choices: object) -> Measurement:
    request = MeasurementRequest(designs, budget=0.05, threads=1, **choices)  # type: ignore[arg-type]
    return measuring.measure(request, lambda *_, **__: None, lambda: False)


def test_an_answer_can_be_sent_and_is_complete() -> None:
    found = measured(block())

    assert msgspec.json.decode(msgspec.json.encode(found), type=Measurement) == found
    run = found.runs[0]
    assert run.samples == len(run.samples_seconds) == len(run.clean)
    assert run.input_shapes == ((8, 16, 16),)
    assert len(run.digest) == 64
    assert found.ratios == ()


def test_the_environment_says_where_and_with_what_it_was_measured() -> None:
    environment = measured(block()).environment

    assert environment["threads"] == 1
    assert environment.keys() >= {
        "cpu", "instruction_set", "torch", "torch_build", "load_before", "load_after", "evidence", "seed", "variables",
    }  # fmt: skip


def test_every_node_of_the_forward_pass_has_a_time() -> None:
    run = measured(block()).runs[0]

    assert [node.id for node in run.nodes] == ["conv", "pool", "concat"]
    assert run.unattributed is not None
    assert sum(node.share for node in run.nodes) < 1.2


def test_peak_memory_holds_at_least_inputs_and_outputs() -> None:
    run = measured(block()).runs[0]

    assert run.peak_bytes is not None
    assert run.peak_bytes >= (8 + 16) * 16 * 16 * 4


def test_designs_measured_together_have_ratios_to_the_first() -> None:
    found = measured(block("A"), block("B", 64), block("A"))

    assert [run.design for run in found.runs] == ["A", "B", "A (2)"]
    assert [(ratio.of, ratio.to) for ratio in found.ratios] == [("B", "A"), ("A (2)", "A")]
    assert all((ratio.ratio is None) == (ratio.ci is None) for ratio in found.ratios)


def test_a_refused_run_has_a_range_and_no_median(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer.statistics, "REFUSED_BELOW_SAMPLES", 10**9)

    run = measured(block()).runs[0]

    assert (run.verdict, run.median, run.ci) == ("refused", None, None)
    assert run.raw.min <= run.raw.max


def test_very_many_samples_are_thinned_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer, "MAX_SAMPLES_KEPT", 10)

    run = measured(block()).runs[0]

    assert len(run.samples_seconds) == len(run.clean) <= 10
    assert run.sample_stride == -(-run.samples // 10)


def test_several_inputs_and_outputs_can_be_measured() -> None:
    run = measured(two_outputs(), layout="channels_last").runs[0]

    assert run.design == "design 1"
    assert [node.id for node in run.nodes] == ["conv"]


def test_progress_tells_phases_in_order_and_ends_near_the_whole() -> None:
    told: list[tuple[str, float]] = []
    request = MeasurementRequest((block(),), budget=0.05, threads=1)

    measuring.measure(request, lambda phase, fraction, *_, **__: told.append((phase, fraction)), lambda: False)

    assert list(dict.fromkeys(phase for phase, _ in told)) == [
        "checking", "warming up", "measuring", "per node", "memory", "roofs",
    ]  # fmt: skip
    fractions = [fraction for _, fraction in told]
    assert fractions == sorted(fractions)
    assert 0.9 < fractions[-1] <= 1


def test_roofs_that_cannot_be_measured_lose_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MeasurementError("The roofs of cpu in float32 cannot be measured: no.")

    monkeypatch.setattr(roofs, "measure_roofs", fail)

    found = measured(block())

    assert found.runs[0].samples > 0
    assert found.roofs is None
    assert found.environment["roofs"] == "The roofs of cpu in float32 cannot be measured: no."


def cancelled_after(questions: int) -> Callable[[], bool]:
    asked = iter(range(questions))
    return lambda: next(asked, None) is None


@pytest.mark.parametrize("questions", [0, 5, 40])
def test_a_cancel_ends_any_phase(questions: int) -> None:
    request = MeasurementRequest((block(),), budget=60, threads=1)

    with pytest.raises(CancelledError):
        measuring.measure(request, lambda *_, **__: None, cancelled_after(questions))

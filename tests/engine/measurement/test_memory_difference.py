"""What is said of measured and estimated memory, against figures worked out by hand and by torch."""

import msgspec
import pytest

from onebyone import gallery
from onebyone.analysis import analyze
from onebyone.measurement.memory_difference import Peak, memory_words, peak_with_working_memory
from tests.engine.measurement.made_up_measurement import run_of

DESIGN = gallery.load("inception-3a")
ANALYSIS = analyze(DESIGN)
ESTIMATE = ANALYSIS.totals.peak_activation_bytes
INDICES = 8 * 28 * 28 * 192


def words(measured: int | None, estimated: int | None = ESTIMATE, **changes: object) -> str:
    run = msgspec.structs.replace(run_of(DESIGN), peak_bytes=measured, estimated_peak_bytes=estimated, **changes)
    return memory_words(ANALYSIS, run)


def test_the_indices_of_a_max_pooling_lift_the_peak() -> None:
    peak = peak_with_working_memory(ANALYSIS, 4, 1)

    assert peak is not None
    assert (peak.node, peak.working_bytes) == ("pool", INDICES)


def test_activations_are_counted_for_the_batch_and_the_number_type() -> None:
    whole = peak_with_working_memory(ANALYSIS, 4, 1)
    half = peak_with_working_memory(ANALYSIS, 2, 3)

    assert whole is not None
    assert half == Peak("pool", 3 * ((whole.total_bytes - INDICES) // 2 + INDICES), 3 * INDICES)


def test_the_node_that_explains_the_difference_is_named() -> None:
    peak = peak_with_working_memory(ANALYSIS, 4, 1)

    assert peak is not None
    assert words(peak.total_bytes) == (
        "Measured 2.97 MiB, estimated by liveness 1.82 MiB. While pool (3×3 max pooling) runs, PyTorch holds 1.15 MiB"
        " beside its inputs and its result, which makes 2.97 MiB: that is the difference."
    )


def test_what_is_not_explained_is_said() -> None:
    assert words(4 * 2**20).endswith("; the other 1.03 MiB are not explained by this.")


@pytest.mark.parametrize(
    ("measured", "end"),
    [
        (ESTIMATE, ": they agree."),
        ((ESTIMATE or 0) // 2, ": 931 KiB less."),
    ],
    ids=["same", "less"],
)
def test_no_more_than_estimated(measured: int, end: str) -> None:
    assert words(measured).endswith(end)


def test_a_compiled_graph_is_not_explained_by_the_nodes_of_the_design() -> None:
    assert words(4 * 2**20, mode="compile").endswith("A compiled graph makes other tensors than the design has nodes.")


@pytest.mark.parametrize(("measured", "estimated"), [(None, 1), (1, None)])
def test_nothing_is_said_where_one_of_them_is_missing(measured: int | None, estimated: int | None) -> None:
    assert words(measured, estimated) == ""


def test_torch_agrees_with_the_peak_of_inception_3a() -> None:
    pytest.importorskip("torch")
    from onebyone.measurement.records import MeasurementRequest
    from onebyone.torch_backend import build, candidate
    from onebyone.torch_backend.devices import CpuDevice

    device = CpuDevice()
    request = MeasurementRequest((DESIGN,), threads=1)
    made = candidate.make("Block", build.checked(DESIGN, "Block"), request, device)
    measured = (device.peak_bytes(made.call) or 0) + made.input_bytes
    peak = peak_with_working_memory(ANALYSIS, 4, 1)

    assert peak is not None
    assert measured == pytest.approx(peak.total_bytes, rel=0.02)

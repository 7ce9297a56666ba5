"""Designs made into modules, and answers that are checked."""

import msgspec
import pytest

from onebyone.design import Design, Node
from onebyone.errors import MeasurementError
from onebyone.layers import Conv2d, Input, Output, Scale
from onebyone.measurement.records import MeasurementRequest
from onebyone.pytorch_source import torch_module
from onebyone.torch_backend import build, candidate, faults
from onebyone.torch_backend.devices import CpuDevice

torch = pytest.importorskip("torch")


def design(**convolution: object) -> Design:
    return Design(
        "Small",
        nodes=(
            Node("input", Input(4, 8, 8)),
            Node("conv", Conv2d(**({"out_channels": 6} | convolution)), inputs=("input",)),
            Node("output", Output(), inputs=("conv",)),
        ),
    )


def test_equal_names_are_told_apart() -> None:
    names = ("A", "", "A", "A")

    labels = build.labels(tuple(Design(name) for name in names))

    assert labels == ("A", "design 2", "A (2)", "A (3)")


def test_a_name_with_direction_controls_is_shown_as_it_is() -> None:
    assert build.labels((Design("a\u202eb"),)) == ("aU+202Eb",)


@pytest.mark.parametrize(
    "broken",
    [
        design(out_channels=0),
        design(out_channels="6); import os; os.abort("),
        design(kernel=(3, "__import__('os').abort()")),
        design(activation="relu(); print("),
        Design("Names", nodes=(Node("in put", Input(1, 1, 1)), Node("output", Output(), inputs=("in put",)))),
        Design("Keyword", nodes=(Node("import", Input(1, 1, 1)), Node("output", Output(), inputs=("import",)))),
        Design("Twice", nodes=(Node("a", Input(1, 1, 1)), Node("a", Output(), inputs=("a",)))),
        Design(
            "Infinite",
            nodes=(
                Node("a", Input(1, 1, 1)),
                Node("b", Scale(float("inf")), inputs=("a",)),
                Node("c", Output(), inputs=("b",)),
            ),
        ),
    ],
    ids=["zero", "text", "code", "choice", "id", "keyword", "twice", "infinite"],
)
def test_nothing_is_built_from_what_a_file_could_not_hold(broken: Design) -> None:
    with pytest.raises(MeasurementError, match="cannot be measured"):
        build.checked(broken, "It")


def test_a_design_with_errors_is_refused_with_its_first_problem() -> None:
    with pytest.raises(MeasurementError, match="before its errors are mended"):
        build.checked(design(kernel=(9, 9)), "Small")


def test_the_same_design_gets_the_same_weights_again() -> None:
    source = torch_module(design())
    one, other = build.build(source), build.build(source)
    build.seed_weights(one)
    build.seed_weights(other)

    assert torch.equal(one.conv.weight, other.conv.weight)
    assert one.conv.weight.std() == pytest.approx(0.5, rel=0.3)


def test_inputs_are_seeded_and_have_the_batch_in_front() -> None:
    analysis = build.checked(design(), "Small")

    (one,), (other,) = build.seeded_inputs(analysis, 3), build.seeded_inputs(analysis, 3)

    assert one.shape == (3, 4, 8, 8)
    assert torch.equal(one, other)


@pytest.mark.parametrize("layout", ["nchw", "channels_last"])
def test_a_candidate_gives_the_plain_answer(layout: str) -> None:
    request = MeasurementRequest((design(),), layout=layout, batch=2)  # type: ignore[arg-type]

    with torch.inference_mode():
        made = candidate.make("Small", build.checked(design(), "Small"), request, CpuDevice())

    assert made.largest_error <= candidate.TOLERANCE
    assert made.input_bytes == 2 * 4 * 8 * 8 * 4
    expected = torch.channels_last if layout == "channels_last" else torch.contiguous_format
    assert made.inputs[0].is_contiguous(memory_format=expected)


def test_the_error_of_reduced_precision_is_kept() -> None:
    request = MeasurementRequest((design(),), dtype="bfloat16")

    with torch.inference_mode():
        made = candidate.make("Small", build.checked(design(), "Small"), request, CpuDevice())

    assert 1e-5 < made.largest_error < 0.1
    assert made.inputs[0].dtype == torch.bfloat16


class WrongDevice(CpuDevice):
    """Gets every weight a little wrong, or loses it."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self._factor = factor

    def place(self, value: object) -> object:  # type: ignore[override]
        if isinstance(value, torch.nn.Module):
            with torch.no_grad():
                for parameter in value.parameters():
                    parameter.mul_(self._factor)
        return value


@pytest.mark.parametrize(("factor", "words"), [(1.001, "is off by"), (float("nan"), "is not finite")])
def test_no_latency_for_a_wrong_answer(factor: float, words: str) -> None:
    analysis = build.checked(design(), "Small")

    with pytest.raises(MeasurementError, match=words), torch.no_grad():
        candidate.make("Small", analysis, MeasurementRequest((design(),)), WrongDevice(factor))


def test_a_design_that_needs_more_memory_than_there_is_is_refused_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidate.machine, "available_bytes", lambda: 100_000)
    request = MeasurementRequest((design(),), batch=64)

    with pytest.raises(MeasurementError, match="use a smaller batch"):
        candidate.make("Small", build.checked(design(), "Small"), request, CpuDevice())


def test_clocks_stand_around_every_statement() -> None:
    with torch.inference_mode():
        made = candidate.make("Small", build.checked(design(), "Small"), MeasurementRequest((design(),)), CpuDevice())
        clocked = made.clocked(CpuDevice().marks())
        clocked.call()

    assert clocked.statements == ("conv",)
    assert len(clocked.marks.intervals()) == 1


@pytest.mark.parametrize(
    ("error", "mode", "words"),
    [
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), "eager", "not enough memory on cpu to run X"),
        (RuntimeError("InvalidCxxCompiler: No working C++ compiler found in x"), "compile", "needs a C\\+\\+ compiler"),
        (
            RuntimeError("\"conv\" not implemented for\n  'Half'"),
            "eager",
            'float32, nchw, eager mode on cpu: "conv" not',
        ),
        (RuntimeError(""), "eager", ": RuntimeError"),
    ],
    ids=["memory", "compiler", "other", "silent"],
)
def test_what_torch_could_not_do_is_said_in_one_sentence(error: Exception, mode: str, words: str) -> None:
    request = msgspec.structs.replace(MeasurementRequest((design(),)), mode=mode)

    with pytest.raises(MeasurementError, match=words) as caught, faults.said_plainly("X", request):
        raise error
    assert "\n" not in str(caught.value)

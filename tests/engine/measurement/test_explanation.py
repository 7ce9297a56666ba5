"""What explains a ratio: MACs, and the node that makes most of the difference."""

import msgspec
import pytest

from onebyone.measurement.explanation import explanation
from onebyone.measurement.records import Comparison, NodeTime, Ratio, Run
from tests.engine.measurement.made_up_measurement import measurement_of, request_for_two


def runs(first: dict[str, float], second: dict[str, float]) -> tuple[Run, ...]:
    request = request_for_two()
    made = measurement_of(request).runs
    return tuple(
        msgspec.structs.replace(
            run,
            median=sum(times.values()),
            nodes=tuple(NodeTime(name, time, time / sum(times.values())) for name, time in times.items()),
        )
        for run, times in zip(made, (first, second), strict=True)
    )


def ratio(found: tuple[Run, ...], verdict: Comparison = "slower") -> Ratio:
    return Ratio(found[1].design, found[0].design, 1.5, (1.4, 1.6), verdict)


def why(first: dict[str, float], second: dict[str, float], verdict: Comparison = "slower") -> str:
    found = runs(first, second)
    return explanation(request_for_two(), found, ratio(found, verdict))


def test_macs_predict_and_a_node_explains() -> None:
    words = why({"conv3x3": 0.001, "pool": 0.003}, {"conv3x3": 0.003, "pool": 0.0031})

    assert words.startswith("MACs alone say 2.37×.")
    assert "conv3x3 (3×3 convolution) makes most of the difference: it takes 2.00 ms more." in words


def test_a_node_that_only_one_of_them_has_is_said() -> None:
    words = why({"conv3x3": 0.001, "reduce3x3": 0.004}, {"conv3x3": 0.001})

    assert "reduce3x3 (1×1 convolution, which only one of them has)" in words
    assert "4.00 ms less" in words


@pytest.mark.parametrize("verdict", ["same", "cannot tell"])
def test_a_difference_that_was_not_told_is_not_explained(verdict: Comparison) -> None:
    assert why({"pool": 0.001}, {"pool": 0.003}, verdict) == "MACs alone say 2.37×."


def test_many_small_differences_are_no_single_one() -> None:
    words = why(
        {"conv1x1": 0.001, "conv3x3": 0.001, "pool": 0.001}, {"conv1x1": 0.002, "conv3x3": 0.002, "pool": 0.002}
    )

    assert "No single node makes the difference" in words


def test_without_times_of_nodes_only_the_macs_speak() -> None:
    request = request_for_two()
    refused = measurement_of(request, "quiet", "refused").runs

    assert explanation(request, refused, ratio(refused)) == "MACs alone say 2.37×."


def test_names_that_do_not_tell_designs_apart_explain_nothing() -> None:
    request = request_for_two()
    found = runs({"pool": 0.001}, {"pool": 0.002})
    same = tuple(msgspec.structs.replace(run, design="twin") for run in found)

    assert explanation(request, same, ratio(same)) == ""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from onebyone import analyze, edits, gallery
from onebyone.sweep.grid import Point, Sweep, make_sweep, points
from onebyone.sweep.variation import parse_variation


def sweep_of(*texts: str, name: str = "inception-3a") -> Sweep:
    return make_sweep(gallery.load(name), [parse_variation(text) for text in texts])


def all_points(*texts: str) -> list[Point]:
    return list(points(sweep_of(*texts)))


def test_weights_follow_the_width_as_worked_out_by_hand() -> None:
    found = all_points("reduce3x3.out_channels=16:192:16")

    # Of Inception 3a's 163,328 weights 192 a channel are in the reduction and 9·128 a channel in the 3×3 behind it.
    assert [point.weights for point in found] == [163_328 + (r - 96) * (192 + 9 * 128) for r in range(16, 193, 16)]
    assert [point.values for point in found] == [(r,) for r in range(16, 193, 16)]


def test_the_present_values_have_the_figures_of_the_design() -> None:
    sweep = sweep_of("reduce3x3.out_channels=96", "reduce5x5.out_channels=16")
    totals = analyze(sweep.design).totals

    (point,) = points(sweep)

    assert sweep.present == (96, 16)
    assert (point.weights, point.parameters, point.macs) == (163_328, 163_696, 128_049_152)
    assert point.peak_activation_bytes == totals.peak_activation_bytes
    assert point.outputs == ((256, 28, 28),)


def test_the_last_field_goes_fastest() -> None:
    found = all_points("reduce3x3.out_channels=1,2", "reduce5x5.out_channels=3,4")

    assert [point.values for point in found] == [(1, 3), (1, 4), (2, 3), (2, 4)]


def test_a_variant_with_an_error_is_kept_and_says_its_problem() -> None:
    found = all_points("conv3x3.groups=1:4")

    assert [point.is_valid for point in found] == [True, True, False, True]
    assert "do not divide into 3 groups" in found[2].problem
    assert found[2].weights is None


def test_values_and_places_name_the_same_variant() -> None:
    sweep = sweep_of("reduce3x3.out_channels=1:3", "reduce5x5.out_channels=5:8", "pool_proj.out_channels=2,9")

    assert [sweep.index_of(sweep.values_at(index)) for index in range(sweep.count)] == list(range(24))
    assert sweep.index_of((4, 5, 2)) is None


def test_a_variant_as_a_design_says_its_values_in_its_name() -> None:
    design = sweep_of("reduce3x3.out_channels=16:192:16").design_at(3)

    assert design.name == "Inception 3a · reduce3x3.out_channels 64"
    assert analyze(design).totals.weights == 163_328 + (64 - 96) * (192 + 9 * 128)


widths = st.lists(st.integers(1, 400), min_size=1, max_size=6)


@given(widths, widths)
def test_every_variant_equals_an_analysis_from_nothing(first: list[int], second: list[int]) -> None:
    texts = (
        f"reduce3x3.out_channels={','.join(map(str, first))}",
        f"conv5x5.groups={','.join(map(str, second))}",
    )
    sweep = sweep_of(*texts)

    for point in points(sweep):
        design = edits.set_fields(sweep.design, "reduce3x3", {"out_channels": point.values[0]})
        analysis = analyze(edits.set_fields(design, "conv5x5", {"groups": point.values[1]}))
        assert point.is_valid == analysis.is_valid
        assert (point.weights, point.macs) == (analysis.totals.weights, analysis.totals.macs)
        assert point.peak_activation_bytes == analysis.totals.peak_activation_bytes


def test_memory_is_of_the_dtype() -> None:
    sweep = sweep_of("reduce3x3.out_channels=96")
    (whole,), (half,) = points(sweep), points(sweep, bytes_per_element=2)

    assert whole.peak_activation_bytes == 2 * (half.peak_activation_bytes or 0)


def test_a_point_goes_through_json() -> None:
    (point,) = points(sweep_of("reduce3x3.out_channels=96"))

    assert msgspec.json.decode(msgspec.json.encode(point), type=Point) == point

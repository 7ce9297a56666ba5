"""Where a layer answers in a shorter way, the answer is that of the longer one."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onebyone.layers import CATALOGUE, AvgPool2d, Conv2d, MaxPool2d
from onebyone.layers.windows import window_fits
from onebyone.shape import MIXED, WHOLE, Field, merge_fields, widen, window_output
from tests.engine.strategies import FEATURE_MAPS, SHAPES, layers

PAIRS = st.tuples(st.integers(1, 6), st.integers(1, 6))
PADDINGS = st.tuples(st.integers(0, 3), st.integers(0, 3))
STEPS = st.integers(1, 4) | st.builds(Fraction, st.integers(1, 4), st.integers(1, 4)) | st.just(MIXED)
FIELDS = st.tuples(st.integers(1, 9), STEPS) | st.just(WHOLE)


@pytest.mark.parametrize("kind", CATALOGUE)
@settings(max_examples=50)
@given(data=st.data())
def test_the_result_is_shape_and_costs(kind: str, data: st.DataObject) -> None:
    layer = data.draw(layers(kind))
    least = layer.minimum_inputs
    inputs = data.draw(st.lists(SHAPES, min_size=least, max_size=least)) if least < 2 else [(4, 8, 8)] * least
    if list(layer.problems(*inputs)):
        return

    assert layer.result(*inputs) == (layer.output_shape(*inputs), layer.cost(*inputs))


@given(FEATURE_MAPS, PAIRS, PAIRS, PADDINGS, PAIRS, st.booleans())
def test_a_window_fits_where_it_takes_a_position(shape, kernel, stride, padding, dilation, ceil_mode) -> None:
    positions = [
        window_output(shape[1 + axis], kernel[axis], stride[axis], padding[axis], dilation[axis], ceil_mode)
        for axis in (0, 1)
    ]

    assert window_fits(shape, kernel, padding, dilation) == all(count > 0 for count in positions)


@given(st.sampled_from([MaxPool2d, AvgPool2d]), PAIRS, PADDINGS)
def test_a_pool_takes_padding_up_to_half_its_window(kind, kernel, padding) -> None:
    found = [finding.code for finding in kind(kernel, padding=padding).problems((1, 12, 12))]

    fits = all(pad <= size // 2 for pad, size in zip(padding, kernel, strict=True))
    assert ("padding-too-large" in found) != fits


@given(st.integers(0, 1), PAIRS, PAIRS, PAIRS, FIELDS)
def test_a_convolution_widens_the_field_of_each_axis(axis, kernel, stride, dilation, field) -> None:
    layer = Conv2d(1, kernel, stride, dilation=dilation)

    window = ((kernel[axis] - 1) * dilation[axis] + 1, stride[axis])
    assert layer.receptive_field(axis, ((1, 9, 9),), (field,)) == widen(field, window)


@given(st.lists(FIELDS, min_size=1, max_size=4))
def test_a_merge_takes_the_largest_field_and_the_step_all_agree_on(fields: list[Field]) -> None:
    found = merge_fields(tuple(fields))

    if WHOLE in fields:
        assert found is WHOLE
    else:
        steps = {step for _, step in fields}
        assert found == (max(size for size, _ in fields), steps.pop() if len(steps) == 1 else MIXED)

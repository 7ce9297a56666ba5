"""Presets of weights, and weights that cannot be."""

import pytest

from onebyone.channels import MAX_BY_HAND, MAX_WEIGHT, preset, why_not_by_hand


def test_identity_passes_the_first_channels_on() -> None:
    assert preset("identity", 2, 3) == ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))


def test_average_and_difference_sum_to_one_and_to_nothing() -> None:
    average, difference = preset("average", 3, 4), preset("difference", 5, 4)

    assert average is not None and difference is not None
    assert [sum(row) for row in average] == [1.0] * 3
    assert [sum(row) for row in difference] == [0.0] * 5
    assert difference[3] == (-1.0, 0.0, 0.0, 1.0)


def test_luma_is_that_of_bt_601() -> None:
    assert preset("luma", 1, 3) == ((0.299, 0.587, 0.114),)


@pytest.mark.parametrize(("name", "outputs", "inputs"), [("identity", 4, 3), ("difference", 1, 1), ("luma", 1, 4)])
def test_a_preset_that_does_not_fit_is_none(name, outputs: int, inputs: int) -> None:
    assert preset(name, outputs, inputs) is None


@pytest.mark.parametrize(
    ("weights", "outputs", "inputs", "words"),
    [
        (((1.0,),), 1, MAX_BY_HAND + 1, "up to 8×8 channels; this is 1×9"),
        (((1.0, 2.0),), 1, 3, "1 rows of 3"),
        (((float("nan"),),), 1, 1, "has to be a number"),
        (((MAX_WEIGHT * 2,),), 1, 1, "has to be a number"),
    ],
)
def test_weights_that_cannot_be_are_refused_in_words(weights, outputs: int, inputs: int, words: str) -> None:
    assert words in str(why_not_by_hand(weights, outputs, inputs))


def test_every_preset_that_fits_can_be_set_by_hand() -> None:
    for name in ("identity", "average", "difference", "luma"):
        for outputs in range(1, MAX_BY_HAND + 1):
            for inputs in range(1, MAX_BY_HAND + 1):
                weights = preset(name, outputs, inputs)
                assert weights is None or why_not_by_hand(weights, outputs, inputs) is None

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onebyone import gallery
from onebyone.errors import SweepError
from onebyone.sweep.grid import make_sweep
from onebyone.sweep.variation import Variation, parse_values, parse_variation


def refusal(*texts: str) -> str:
    with pytest.raises(SweepError) as caught:
        make_sweep(gallery.load("inception-3a"), [parse_variation(text) for text in texts])
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("16:64:16", (16, 32, 48, 64)),
        ("16:63:16", (16, 32, 48)),
        ("3:5", (3, 4, 5)),
        ("7", (7,)),
        ("64, 16,32,16", (16, 32, 64)),
        ("1:3, 10:20:5", (1, 2, 3, 10, 15, 20)),
    ],
)
def test_both_ends_count_and_values_rise(text: str, values: tuple[int, ...]) -> None:
    assert parse_variation(f"reduce3x3.out_channels={text}") == Variation("reduce3x3", "out_channels", values)


@given(st.integers(0, 10**6), st.integers(0, 500), st.integers(1, 10**4))
def test_a_range_is_every_step_from_its_start_up_to_its_end(start: int, steps: int, step: int) -> None:
    end = start + steps * step

    assert parse_values(f"{start}:{end}:{step}") == tuple(start + place * step for place in range(steps + 1))
    assert parse_values(f"{start}:{end + step - 1}:{step}") == parse_values(f"{start}:{end}:{step}")


@given(st.text(max_size=40))
def test_whatever_is_written_is_a_range_or_a_sentence(text: str) -> None:
    with suppress(SweepError):
        found = parse_variation(text)
        assert found.values == tuple(sorted(set(found.values)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("out_channels=1:2", "is no range"),
        ("reduce3x3.out_channels", "is no range"),
        ("reduce3x3.out_channels=", "is no range"),
        ("reduce3x3.out_channels=1:2:3:4", "no range of whole numbers"),
        ("reduce3x3.out_channels=1.5", "no range of whole numbers"),
        ("reduce3x3.out_channels=1,,2", "no range of whole numbers"),
        ("reduce3x3.out_channels=٣", "no range of whole numbers"),
        ("reduce3x3.out_channels=9:4", "ends before it starts; write 4:9:1"),
        ("reduce3x3.out_channels=4:9:0", "The step of '4:9:0' is 0; it is 1 or more."),
        ("reduce3.out_channels=4", "There is no node 'reduce3' in the design; did you mean reduce3x3"),
        ("zzz.out_channels=4", "There is no node 'zzz' in the design; its nodes are "),
        ("reduce3x3.widht=4", "has no field 'widht'; what can be varied is out_channels or groups."),
        ("reduce3x3.kernel=3", "reduce3x3.kernel is not a single whole number"),
        ("output.size=3", "it has none that can be varied"),
        ("reduce3x3.out_channels=0:4", "reduce3x3.out_channels needs a whole number from 1 to 1,048,576, not 0."),
        ("reduce3x3.out_channels=1:999999999999", "999,999,999,999 variants, and a sweep has at most 100,000"),
    ],
)
def test_what_cannot_be_varied_is_said_in_a_sentence(text: str, words: str) -> None:
    said = refusal(text)

    assert words in said
    assert said.endswith((".", "?"))


def test_a_field_is_varied_once() -> None:
    assert "varied twice" in refusal("reduce3x3.out_channels=1:2", "reduce3x3.out_channels=3:4")


def test_a_sweep_has_at_most_three_fields() -> None:
    fields = ("conv1x1", "reduce3x3", "reduce5x5", "conv5x5")

    assert "one to 3 fields, not 4" in refusal(*(f"{name}.out_channels=1:2" for name in fields))


def test_all_fields_together_have_a_limit() -> None:
    said = refusal("reduce3x3.out_channels=1:1000", "reduce5x5.out_channels=1:101")

    assert said.startswith("This asks for 101,000 variants, and a sweep has at most 100,000")

"""Aligning and distributing boxes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onebyone.layout.alignment import Box, align, distribute

BOXES = {"a": Box(0, 0, 100, 50), "b": Box(40, 90, 60, 50), "c": Box(200, 300, 80, 20)}
numbers = st.integers(-1000, 1000).map(float)
sizes = st.integers(1, 300).map(float)
some_boxes = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.builds(Box, numbers, numbers, sizes, sizes))


@pytest.mark.parametrize(
    ("edge", "expected"),
    [
        ("left", {"a": (0, 0), "b": (0, 90), "c": (0, 300)}),
        ("centre", {"a": (90, 0), "b": (110, 90), "c": (100, 300)}),
        ("right", {"a": (180, 0), "b": (220, 90), "c": (200, 300)}),
        ("top", {"a": (0, 0), "b": (40, 0), "c": (200, 0)}),
        ("middle", {"a": (0, 135), "b": (40, 135), "c": (200, 150)}),
        ("bottom", {"a": (0, 270), "b": (40, 270), "c": (200, 300)}),
    ],
)
def test_align(edge, expected) -> None:
    assert align(BOXES, edge) == expected


def test_distribute_makes_equal_gaps() -> None:
    assert distribute(BOXES, "down") == {"a": (0, 0), "b": (40, 150), "c": (200, 300)}
    assert distribute(BOXES, "across") == {"a": (0, 0), "b": (120, 90), "c": (200, 300)}


@given(some_boxes, st.sampled_from(["across", "down"]))
def test_distributing_moves_along_one_axis_only(boxes, axis) -> None:
    found = distribute(boxes, axis)

    assert found.keys() == boxes.keys()
    along = 0 if axis == "across" else 1
    assert all(found[name][1 - along] == boxes[name][1 - along] for name in boxes)


@given(some_boxes)
def test_aligning_twice_changes_nothing_more(boxes) -> None:
    once = align(boxes, "left")
    again = align({name: Box(*once[name], box.width, box.height) for name, box in boxes.items()}, "left")

    assert again == once

"""The matrix of a measurement: its cells, their order and their words."""

import pytest

from onebyone import gallery
from onebyone.errors import MeasurementError
from onebyone.measurement.cells import MAX_CELLS, Matrix, cell_words, requests, telling_words

DESIGN = gallery.load("inception-3a")


def test_both_layouts_with_one_thread_and_all_cores_are_measured_by_default():
    cells = requests([DESIGN], Matrix(), cores=4)

    assert [(cell.threads, cell.layout) for cell in cells] == [
        (1, "nchw"), (1, "channels_last"), (4, "nchw"), (4, "channels_last"),
    ]  # fmt: skip


def test_one_core_is_measured_once():
    assert [cell.threads for cell in requests([DESIGN], Matrix(layouts=("nchw",)), cores=1)] == [1]


@pytest.mark.parametrize(("form", "seconds"), [("quick", 3.0), ("trusted", 20.0)])
def test_the_form_has_its_own_budget(form, seconds):
    assert {cell.budget for cell in requests([DESIGN], Matrix(), 2, form)} == {seconds}


def test_too_many_cells_are_refused_with_both_numbers():
    with pytest.raises(MeasurementError, match=f"{MAX_CELLS + 2} cells.*{MAX_CELLS}"):
        requests([DESIGN], Matrix(batches=tuple(range(1, MAX_CELLS + 3)), layouts=("nchw",), threads=(1,)), cores=2)


def test_a_cell_is_said_in_words():
    cell = requests([DESIGN], Matrix(dtypes=("bfloat16",), threads=(2,), layouts=("channels_last",)), cores=2)[0]

    assert cell_words(cell) == "cpu · bfloat16 · channels last · batch 1 · 2 threads · eager"


def test_of_several_cells_only_the_differences_are_said():
    cells = requests([DESIGN], Matrix(threads=(1,)), cores=2)

    assert telling_words(cells) == ("NCHW", "channels last")

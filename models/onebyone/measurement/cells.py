"""The matrix of a measurement: which devices, types, layouts, batches, threads and modes; no torch here."""

from collections.abc import Sequence
from itertools import product

import msgspec

from onebyone.clock.cores import physical_cores
from onebyone.design import Design
from onebyone.errors import MeasurementError
from onebyone.measurement.records import (
    QUICK_BUDGET_S,
    TRUSTED_BUDGET_S,
    DType,
    Form,
    Layout,
    MeasurementRequest,
    Mode,
    Run,
)

MAX_CELLS = 64
LAYOUT_WORDS: dict[Layout, str] = {"nchw": "NCHW", "channels_last": "channels last"}
_MODE_WORDS: dict[Mode, str] = {"eager": "eager", "compile": "torch.compile"}


class Matrix(msgspec.Struct, frozen=True):
    """What is measured: every combination of the values of the axes.

    Both layouts by default, because the layout changes which of two blocks is faster. `threads` None means all
    physical cores; default is one thread and all cores.
    """

    devices: tuple[str, ...] = ("cpu",)
    dtypes: tuple[DType, ...] = ("float32",)
    layouts: tuple[Layout, ...] = ("nchw", "channels_last")
    batches: tuple[int, ...] = (1,)
    threads: tuple[int | None, ...] = (1, None)
    modes: tuple[Mode, ...] = ("eager",)


def requests(
    designs: Sequence[Design],
    matrix: Matrix,
    cores: int | None = None,
    form: Form = "quick",
    budget: float | None = None,
    is_isolated: bool = False,
) -> tuple[MeasurementRequest, ...]:
    """One request a cell, in the order device, mode, type, threads, batch, layout; equal cells are asked once.

    Args:
        designs: What is measured in every cell.
        matrix: The axes.
        cores: The physical cores; those of this machine unless said.
        form: Quick or trusted.
        budget: Seconds for each cell; 3 for quick and 20 for trusted unless said.
        is_isolated: Whether every node is clocked alone as well.

    Raises:
        MeasurementError: There are more cells than can sensibly be measured.
    """
    seconds = budget if budget is not None else (TRUSTED_BUDGET_S if form == "trusted" else QUICK_BUDGET_S)
    cores = cores if cores is not None else physical_cores()
    threads = dict.fromkeys(cores if count is None else count for count in matrix.threads)
    cells = [
        MeasurementRequest(tuple(designs), device, dtype, layout, batch, count, mode, seconds, form, is_isolated)
        for device, mode, dtype, count, batch, layout in product(
            matrix.devices, matrix.modes, matrix.dtypes, threads, matrix.batches, matrix.layouts
        )
    ]
    if len(cells) > MAX_CELLS:
        raise MeasurementError(f"This asks for {len(cells)} cells, and at most {MAX_CELLS} are measured in one run.")
    return tuple(cells)


def cell_words(cell: MeasurementRequest | Run) -> str:
    """A cell in words: "cpu · float32 · NCHW · batch 1 · 1 thread · eager"."""
    threads = {None: "all cores", 1: "1 thread"}.get(cell.threads, f"{cell.threads} threads")
    words = (cell.device, cell.dtype, LAYOUT_WORDS[cell.layout], f"batch {cell.batch}", threads, _MODE_WORDS[cell.mode])
    return " · ".join(words)


def telling_words(cells: Sequence[MeasurementRequest | Run]) -> tuple[str, ...]:
    """For each cell only the words in which the cells differ: "NCHW · 1 thread"; all words where there is one cell."""
    split = [cell_words(cell).split(" · ") for cell in cells]
    if len(split) < 2:
        return tuple(" · ".join(words) for words in split)
    differs = [len(set(column)) > 1 for column in zip(*split, strict=True)]
    return tuple(" · ".join(word for word, tells in zip(words, differs, strict=True) if tells) for words in split)

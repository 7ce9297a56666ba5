"""The matrix as it is said on the command line: --cells AXIS=VALUE,VALUE, and one option for a single value."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

import click

from onebyone.files.strict_json import shown
from onebyone.measurement.cells import Matrix
from onebyone.measurement.records import MAX_BATCH, MAX_THREADS, DType, Layout, Mode

_DEVICE = re.compile(r"[a-z]{1,20}(:[0-9]{1,3})?\Z")
CORES = "cores"
#: From the name of an axis to the field of the matrix.
_FIELDS = {
    "device": "devices",
    "dtype": "dtypes",
    "layout": "layouts",
    "batch": "batches",
    "threads": "threads",
    "mode": "modes",
}


def matrix_of(single: Mapping[str, Any], cells: Sequence[str]) -> Matrix:
    """The matrix of the options that were given; an axis that was not has its default.

    Args:
        single: From an axis to its one value, None where the option was not given.
        cells: What was given as --cells.

    Raises:
        click.UsageError: An axis or a value is none, or an axis is given twice.
    """
    given = {axis: (_one(axis, str(value)),) for axis, value in single.items() if value is not None}
    for text in cells:
        axis, sign, values = text.partition("=")
        if not sign or axis not in _FIELDS:
            raise click.UsageError(f"--cells takes AXIS=VALUE,VALUE with an axis of {_listed()}, not {shown(text)}.")
        if axis in given:
            raise click.UsageError(f"The axis {axis} is given twice; give all its values in one --cells {axis}=….")
        given[axis] = tuple(dict.fromkeys(_one(axis, value.strip()) for value in values.split(",")))
    return Matrix(**{_FIELDS[axis]: values for axis, values in given.items()})


def _listed() -> str:
    return ", ".join(_FIELDS)


def _one(axis: str, value: str) -> Any:
    return _READERS[axis](axis, value)


def _device(axis: str, value: str) -> str:
    if not _DEVICE.match(value):
        raise click.UsageError(f"{shown(value)} is no device; it is like cpu, cuda or cuda:1.")
    return value


def _number(most: int) -> Callable[[str, str], int]:
    def read(axis: str, value: str) -> int:
        if not value.isascii() or not value.isdigit() or len(value) > 9 or not 1 <= int(value) <= most:
            raise click.UsageError(f"{axis} takes whole numbers from 1 to {most:,}, not {shown(value)}.")
        return int(value)

    return read


def _threads(axis: str, value: str) -> int | None:
    return None if value == CORES else _number(MAX_THREADS)(axis, value)


def _word(words: Sequence[str]) -> Callable[[str, str], str]:
    def read(axis: str, value: str) -> str:
        if value not in words:
            raise click.UsageError(f"{axis} takes {' or '.join(words)}, not {shown(value)}.")
        return value

    return read


_READERS: dict[str, Callable[[str, str], Any]] = {
    "device": _device,
    "dtype": _word(get_args(DType)),
    "layout": _word(get_args(Layout)),
    "batch": _number(MAX_BATCH),
    "threads": _threads,
    "mode": _word(get_args(Mode)),
}

"""JSON reports: what is written is read again, and nothing else is."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onebyone.errors import HistoryError, OnebyoneError
from onebyone.measurement.records import MeasuredCell
from onebyone.reports import make_report
from onebyone.reports.json_document import REPORT_VERSION, read_json, render_json
from tests.engine.measurement.made_up_measurement import measurement_of, request_for_two


def written() -> str:
    request = request_for_two()
    return render_json(make_report([MeasuredCell(request, measurement_of(request, "quiet", "refused"))]))


def test_a_report_is_read_as_it_was_written() -> None:
    request = request_for_two()
    measurement = measurement_of(request, "quiet", "refused")

    assert read_json(render_json(make_report([MeasuredCell(request, measurement)])).encode()) == (
        MeasuredCell(request, measurement),
    )


def test_several_cells_are_read_as_they_were_written() -> None:
    requests = [msgspec.structs.replace(request_for_two(), layout=layout) for layout in ("nchw", "channels_last")]
    cells = tuple(MeasuredCell(request, measurement_of(request)) for request in requests)

    assert read_json(render_json(make_report(cells)).encode()) == cells


def test_a_report_of_version_1_is_read() -> None:
    request = request_for_two()
    measurement = msgspec.structs.replace(measurement_of(request), roofs=None)
    old = msgspec.to_builtins(measurement) | {"report": 1, "request": msgspec.to_builtins(request)}

    assert read_json(json.dumps(old).encode()) == (MeasuredCell(request, measurement),)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no JSON report"),
        (b"{}", "lacks the report version"),
        (b"[]", "no JSON report"),
        (b'{"report": 99}', "report version 99"),
        (b'{"report": 1}', "no JSON report"),
        (b'{"report": "1"}', "no JSON report"),
        (b"[" * 100_000, "no JSON report"),
        (b'{"report": 1, "x": "\xff"}', "no JSON report"),
    ],
)
def test_what_is_no_report_is_refused_with_the_reason(data: bytes, words: str) -> None:
    with pytest.raises(HistoryError, match=words):
        read_json(data)


def test_runs_and_designs_go_together() -> None:
    document = json.loads(written())
    document["runs"] = document["runs"][:1]

    with pytest.raises(HistoryError, match="1 runs of 2 designs"):
        read_json(json.dumps(document).encode())


def test_a_design_is_read_as_strictly_as_a_file() -> None:
    document = json.loads(written())
    document["cells"][0]["request"]["designs"][0]["nodes"][0]["id"] = "no id; import os"

    with pytest.raises(OnebyoneError):
        read_json(json.dumps(document).encode())


def test_the_version_is_written() -> None:
    assert json.loads(written())["report"] == REPORT_VERSION


@given(st.data())
def test_damaged_reports_raise_nothing_but_ours(data) -> None:
    content = bytearray(written().encode())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    try:
        read_json(bytes(content))
    except OnebyoneError as error:
        assert str(error)  # noqa: PT017

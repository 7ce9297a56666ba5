"""What stands on the terminal while a matrix is measured."""

import io

import msgspec
from rich.console import Console

from onebyone.cli.live import LiveMeasuring
from onebyone.measurement.records import RunProgress
from onebyone.worker.messages import Progress
from tests.engine.measurement.made_up_measurement import request_for_two

REQUESTS = tuple(msgspec.structs.replace(request_for_two(), layout=layout) for layout in ("nchw", "channels_last"))


def lines_of(live: LiveMeasuring, progress: Progress) -> list[str]:
    console = Console(file=io.StringIO(), width=200)
    console.print(live.view(progress))
    return console.file.getvalue().splitlines()  # type: ignore[attr-defined]


def measuring(*runs: RunProgress, **more: object) -> Progress:
    return Progress(1, "measuring", 0.5, runs, **more)  # type: ignore[arg-type]


def test_cell_phase_reason_and_time_left_are_said() -> None:
    live = LiveMeasuring(REQUESTS)
    progress = Progress(1, "waiting for quiet", 0.0, note="other programs use 2.0 of 2 processors", seconds_left=2.0)

    live.show(0, progress)

    assert lines_of(live, progress)[0] == (
        "cell 1 of 2, cpu · float32 · NCHW · batch 1 · 1 thread · eager: Waiting for a quiet machine,"
        " other programs use 2.0 of 2 processors; about 5 s left"
    )


def test_before_the_worker_knows_the_budgets_are_taken_in_full() -> None:
    live = LiveMeasuring(REQUESTS)
    progress = Progress(1, "loading torch", 0.0)

    live.show(0, progress)

    assert lines_of(live, progress)[0].endswith("Loading PyTorch; about 6 s left")


def test_the_interval_and_the_samples_of_each_design_have_a_line() -> None:
    live = LiveMeasuring(REQUESTS)
    run = RunProgress("A", 2, 3, 0.0050, (0.0049, 0.0051), (0.005, 0.005, 0.009), (True, True, False))

    live.show(0, measuring(run))
    live.show(0, measuring(run))

    *_, line = lines_of(live, measuring(run))
    assert line.split("   ")[0] == "A"
    assert "5.00 ms" in line
    assert "± 2.0 %" in line
    assert "4 clean, 2 disturbed" in line


def test_another_cell_begins_to_count_anew() -> None:
    live = LiveMeasuring(REQUESTS)
    run = RunProgress("A", 1, 1, 0.005, (0.005, 0.005), (0.005,), (True,))

    live.show(0, measuring(run))
    live.show(1, measuring(run))

    assert "1 clean, 0 disturbed" in lines_of(live, measuring(run))[-1]


def test_without_an_undisturbed_sample_that_is_said() -> None:
    live = LiveMeasuring(REQUESTS)
    run = RunProgress("A\x1b[2J", 1, 1, None, None, (0.005,), (False,))

    live.show(0, measuring(run))

    line = lines_of(live, measuring(run))[-1]
    assert "no undisturbed sample yet" in line
    assert "\x1b" not in line


def test_the_bar_has_a_line_of_its_own() -> None:
    live = LiveMeasuring(REQUESTS)
    run = RunProgress("A", 1, 1, 0.005, (0.005, 0.005))

    live.show(0, measuring(run))

    assert len(lines_of(live, measuring(run))) == 3

"""What the history says of runs."""

from onebyone import quantity
from onebyone.measurement.records import Run
from onebyone.run_store.records import RunRow


def setting_words(row: RunRow) -> str:
    """How a run was made: "cpu float32 nchw batch 1, 2 threads, eager, quick"."""
    threads = "1 thread" if row.threads == 1 else f"{row.threads} threads"
    return f"{row.device} {row.dtype} {row.layout} batch {row.batch}, {threads}, {row.mode}, {row.form}"


def finished_words(row: RunRow) -> str:
    """When a run was made: "2026-11-24 03:54:01", in UTC."""
    return row.finished.replace("T", " ").removesuffix("+00:00")


def interval_words(row: RunRow) -> str:
    """The interval of a run: "6.90 ms to 7.10 ms"; nothing where it was refused."""
    return "" if row.low is None else f"{quantity.duration(row.low)} to {quantity.duration(row.high)}"


def ratio_words(first: Run, second: Run) -> str:
    """How two runs compare that were not made together; their intervals are taken at their worst."""
    if first.median is None or second.median is None or first.ci is None or second.ci is None:
        return "One of them was refused, so there is no ratio."
    ratio = second.median / first.median
    low, high = second.ci[0] / first.ci[1], second.ci[1] / first.ci[0]
    words = "slower" if low > 1 else "faster" if high < 1 else "not told apart: the intervals overlap"
    return f"The second takes {ratio:.2f} times as long as the first ({low:.2f} to {high:.2f}): {words}."

"""How far a latency of OneByOne can be trusted, as ratios within one run.

Run as `python -m tests.benchmarks.latency_quality` in a checkout, on a machine that does nothing else; takes about ten
minutes. Prints a Markdown table with the targets beside what was found.
"""

import json
import math
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onebyone import gallery
from onebyone.clock import machine
from onebyone.measurement.records import MeasurementRequest, Run
from onebyone.worker import client
from onebyone.worker.messages import ListDevices, Measure, Progress
from tests.benchmarks.latency_process import blocks

PROCESSES = 10
COMPARISONS = 100
STARTS = 5
ROOT = Path(__file__).parents[2]


def main() -> None:
    """Measures everything and prints the table."""
    rows = [("what", "found", "target"), ("---", "---", "---")]
    still = processes()
    with busy_machine():
        loaded = processes()
    rows += [*accuracy(still), *spread(still, loaded), *coverage(still), false_verdicts(), *overheads(), *starts()]
    say(f"{machine.cpu_model()}, {machine.logical_cores()} cores, Python {platform.python_version()}\n")
    for row in rows:
        say(f"| {' | '.join(row)} |")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def processes() -> list[dict[str, dict]]:
    """The answers of fresh processes, one after the other."""
    command = [sys.executable, "-m", "tests.benchmarks.latency_process"]
    found = []
    for _ in range(PROCESSES):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        found.append(json.loads(done.stdout))
    return found


@contextmanager
def busy_machine() -> Iterator[None]:
    """One process a core that does nothing but compute."""
    command = [sys.executable, "-c", "while True: pass"]
    busy = [subprocess.Popen(command) for _ in range(machine.logical_cores())]
    try:
        yield
    finally:
        for one in busy:
            one.kill()
            one.wait()


def accuracy(found: list[dict[str, dict]]) -> Iterator[tuple[str, str, str]]:
    """Ours over theirs, as the median over processes."""
    for name in found[0]:
        ratios = [one[name]["median"] / one[name]["theirs"] for one in found if one[name]["median"]]
        yield f"our median ÷ torch.utils.benchmark, {name}", f"{statistics.median(ratios):.3f}", "0.99–1.01"


def spread(still: list[dict[str, dict]], loaded: list[dict[str, dict]]) -> Iterator[tuple[str, str, str]]:
    """The coefficient of variation over processes of both, and refusals."""
    for words, found in (("quiet", still), ("one busy process a core", loaded)):
        for name in found[0]:
            mine = [one[name]["median"] for one in found if one[name]["median"]]
            others = [one[name]["theirs"] for one in found]
            ratio = variation(mine) / variation(others) if len(mine) > 1 else math.nan
            text = (
                f"{ratio:.2f} ({variation(mine):.1%} ÷ {variation(others):.1%}; {len(found) - len(mine)} refused;"
                f" medians {milliseconds(mine)} and {milliseconds(others)})"
            )
            yield f"spread ÷ theirs, {name}, {words}", text, "≤ 0.5 under load"


def variation(values: list[float]) -> float:
    return statistics.stdev(values) / statistics.fmean(values) if len(values) > 1 else math.nan


def milliseconds(values: list[float]) -> str:
    return f"{statistics.median(values) * 1e3:.2f} ms" if values else "none"


def coverage(still: list[dict[str, dict]]) -> Iterator[tuple[str, str, str]]:
    """How many intervals hold the median over the processes: quick ones, and trusted ones of Inception 3a."""
    for name in still[0]:
        known = [one[name] for one in still if one[name]["ci"]]
        middle = statistics.median(one["median"] for one in known)
        covered = sum(one["ci"][0] <= middle <= one["ci"][1] for one in known)
        yield f"quick interval covers the median of the processes, {name}", f"{covered} of {len(known)}", "≥ 9 of 10"
    runs = [trusted() for _ in range(PROCESSES)]
    known_runs = [run for run in runs if run.median and run.ci]
    middle = statistics.median(run.median or 0.0 for run in known_runs)
    covered = sum(run.ci[0] <= middle <= run.ci[1] for run in known_runs if run.ci)
    width = statistics.median((run.ci[1] - run.ci[0]) / 2 / middle for run in known_runs if run.ci)
    text = f"{covered} of {len(known_runs)} (half-width {width:.1%})"
    yield "trusted interval covers their median, Inception 3a", text, "≥ 9 of 10"


def trusted() -> Run:
    request = MeasurementRequest((gallery.load("inception-3a"),), threads=1, form="trusted", budget=20, has_roofs=False)
    return client.measure(request).runs[0]


def false_verdicts() -> tuple[str, str, str]:
    """Two copies of one design, compared again and again on a short budget."""
    design = blocks()["Inception 5a, 7×7"]
    request = MeasurementRequest((design, design), threads=1, budget=0.6, has_roofs=False)
    with client.WorkerProcess() as worker:
        answers = [worker.ask(Measure(number, request)) for number in range(1, COMPARISONS + 1)]
    verdicts = [answer.measurement.ratios[0].verdict for answer in answers]  # type: ignore[union-attr]
    wrong = sum(verdict in {"faster", "slower"} for verdict in verdicts)
    text = f"{wrong} of {len(verdicts)} ({verdicts.count('same')} same, {verdicts.count('cannot tell')} cannot tell)"
    return "A/A comparison says faster or slower", text, "≤ 1 in 100"


def overheads() -> Iterator[tuple[str, str, str]]:
    """The generated module and the one with clocks against a hand-written one, interleaved call by call."""
    command = [sys.executable, "-m", "tests.benchmarks.latency_overhead"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    yield "generated module ÷ hand-written", found["generated"], "≤ 1.00"
    yield "module with clocks ÷ without", found["clocked"], "≤ 1.02"


def starts() -> Iterator[tuple[str, str, str]]:
    """How long a person waits for the first figure."""
    firsts = [first_number() for _ in range(STARTS)]
    yield "warm worker: request to first number", f"{statistics.median(firsts):.2f} s", "≤ 0.5 s"
    ratios = [cold_start() / import_torch() for _ in range(STARTS)]
    yield "cold start ÷ import torch", f"{statistics.median(ratios):.2f}", "≤ 1.2"


def first_number() -> float:
    request = MeasurementRequest((gallery.load("inception-3a"),), threads=1, has_roofs=False)
    moments: list[float] = []

    def on_progress(progress: Progress) -> None:
        if any(run.median for run in progress.runs):
            moments.append(time.perf_counter())

    with client.WorkerProcess() as worker:
        worker.ask(Measure(1, request))
        start = time.perf_counter()
        worker.ask(Measure(2, request), on_progress)
    return moments[0] - start


def cold_start() -> float:
    """From no process to one that has loaded PyTorch and answers."""
    start = time.perf_counter()
    with client.WorkerProcess() as worker:
        worker.ask(ListDevices(1))
        return time.perf_counter() - start


def import_torch() -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import torch"], check=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()

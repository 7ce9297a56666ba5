"""The client of the command line against workers with faults, and the real worker."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from onebyone.design import Design, Node
from onebyone.errors import MeasurementError, WorkerError
from onebyone.layers import Conv2d, Input, Output
from onebyone.measurement.records import Measurement, MeasurementRequest
from onebyone.worker import client
from onebyone.worker.messages import Measure, MeasureRoofs, Progress
from tests.processes import wait_until_gone
from tests.stand_in_worker import FAULTS

STAND_IN = Path(__file__).parents[2] / "stand_in_worker.py"

NO_TORCH = """
import sys, runpy
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "torch":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Blocker())
runpy.run_module("onebyone.worker", run_name="__main__")
"""
LITTLE_MEMORY = """
import resource, runpy
resource.setrlimit(resource.RLIMIT_AS, (6 * 2**30, 6 * 2**30))
runpy.run_module("onebyone.worker", run_name="__main__")
"""
ORPHAN = """
import sys
from onebyone.worker.client import WorkerProcess
worker = WorkerProcess()
print(worker.pid, flush=True)
sys.stdin.read()
"""


def small(channels: int = 8, size: int = 16) -> Design:
    return Design(
        "Small",
        nodes=(
            Node("input", Input(channels, size, size)),
            Node("conv", Conv2d(channels), inputs=("input",)),
            Node("output", Output(), inputs=("conv",)),
        ),
    )


def request(*designs: Design, **choices: object) -> MeasurementRequest:
    return MeasurementRequest(designs or (small(),), **({"budget": 0.1, "threads": 1} | choices))  # type: ignore[arg-type]


def stand_in(fault: str, marker: Path | None = None) -> list[str]:
    return [sys.executable, str(STAND_IN), fault, *([str(marker)] if marker else [])]


def measured(fault: str, marker: Path | None = None) -> Measurement:
    return client.measure(request(), command=stand_in(fault, marker))


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("garbage", "said something that is no message"),
        ("nesting", "said something that is no message"),
        ("garbage-flood", "said something that is no message"),
        ("long-line", "more than 1,000,000 bytes"),
        ("exit", r"exit code 3; .* It last said: no more strength\."),
        ("half-line", "exit code 0"),
        ("killed", "ran out of memory"),
        ("other-version", "version 99 of the protocol"),
    ],
)
def test_a_fault_is_one_sentence_and_the_next_request_works(tmp_path: Path, fault: str, words: str) -> None:
    marker = tmp_path / "over"

    with pytest.raises(WorkerError, match=words) as caught:
        measured(fault, marker)

    assert "\n" not in str(caught.value)
    if fault != "other-version":
        assert measured(fault, marker).runs[0].design == "stand-in"


def test_a_stopped_worker_is_noticed_and_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "HEARTBEAT_S", 0.1)

    with pytest.raises(WorkerError, match="has not answered for 3 seconds"):
        measured("stopped")


def test_a_flood_of_messages_is_read_through() -> None:
    assert measured("flood").runs[0].design == "stand-in"


def test_an_answer_to_something_else_is_passed_over() -> None:
    assert measured("other-answer").runs[0].design == "stand-in"


def test_a_program_that_does_not_exist_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WorkerError, match=r"could not be started: .*nowhere: No such file"):
        client.measure(request(), command=[str(tmp_path / "nowhere")])


def test_a_worker_deaf_to_cancel_and_terminate_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client.launch, "CANCEL_GRACE_S", 0.2)
    monkeypatch.setattr(client.launch, "TERMINATE_GRACE_S", 0.2)

    with client.WorkerProcess(stand_in("deaf")) as worker:
        with pytest.raises(MeasurementError, match="was cancelled"):
            worker.ask(Measure(1, request()), is_cancelled=lambda: True)
        wait_until_gone(worker.pid)


def test_nothing_is_left_behind() -> None:
    threads = threading.active_count()

    with client.WorkerProcess(stand_in("none")) as worker:
        worker.ask(Measure(1, request()))

    assert threading.active_count() == threads
    wait_until_gone(worker.pid)


def test_cells_after_one_that_killed_the_worker_are_measured_in_a_new_one() -> None:
    killed = len(FAULTS)
    asked = [request(batch=1), request(batch=killed), request(batch=killed + FAULTS.index("compile")), request(batch=1)]

    answers = list(client.measure_cells(asked, command=stand_in("by-batch")))

    assert [type(answer) for answer in answers] == [Measurement, WorkerError, MeasurementError, Measurement]
    first, _, _, last = answers
    assert isinstance(first, Measurement)
    assert isinstance(last, Measurement)
    assert first.environment["pid"] != last.environment["pid"]


def test_the_place_of_the_cell_comes_with_its_progress() -> None:
    told: list[tuple[int, str]] = []
    asked = [request(), request(layout="channels_last")]

    list(client.measure_cells(asked, lambda place, progress: told.append((place, progress.phase)), stand_in("none")))

    assert told == [(0, "measuring"), (1, "measuring")]


def test_the_roofs_of_the_machine_are_measured_in_the_worker() -> None:
    pytest.importorskip("torch")

    found = client.roofs(MeasureRoofs(1, threads=1))

    assert (found.device, found.dtype, found.threads) == ("cpu", "float32", 1)
    assert found.operations_per_second > 0


def test_progress_arrives_before_the_answer() -> None:
    told: list[Progress] = []

    client.measure(request(), told.append, command=stand_in("none"))

    assert [progress.phase for progress in told] == ["measuring"]


def test_without_torch_it_says_what_to_install() -> None:
    with pytest.raises(MeasurementError, match="pip install torch"):
        client.measure(request(), command=[sys.executable, "-c", NO_TORCH])


def test_a_broken_torch_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "torch.py").write_text('raise OSError("libtorch_cpu.so: cannot open shared object file\\nand more")')
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    with pytest.raises(MeasurementError, match=r"cannot be loaded: libtorch_cpu.so: cannot open shared object file\.$"):
        client.measure(request())


def test_the_worker_measures_one_request_after_another() -> None:
    pytest.importorskip("torch")
    with client.WorkerProcess() as worker:
        answers = [worker.ask(Measure(number, request())) for number in (1, 2)]
        with pytest.raises(MeasurementError, match="no device 'abacus'"):
            worker.ask(Measure(3, request(device="abacus")))
        again = worker.ask(Measure(4, request()))

    assert {answer.id for answer in [*answers, again]} == {1, 2, 4}
    environment = answers[0].measurement.environment  # type: ignore[union-attr]
    assert environment["variables"]["OMP_WAIT_POLICY"] == "passive"
    assert environment["threads_between_operators"] == 1
    assert environment["alone"] is True


def test_a_measurement_is_cancelled_by_a_message_and_the_worker_lives_on() -> None:
    pytest.importorskip("torch")
    told: list[Progress] = []
    with client.WorkerProcess() as worker:
        with pytest.raises(MeasurementError, match="was cancelled"):
            worker.ask(
                Measure(1, request(budget=600)),
                told.append,
                is_cancelled=lambda: any(progress.phase == "warming up" for progress in told),
            )

        assert worker.ask(Measure(2, request())).id == 2


def test_a_worker_killed_in_the_middle_is_one_sentence() -> None:
    pytest.importorskip("torch")

    with client.WorkerProcess() as worker:

        def kill(progress: Progress) -> None:
            if progress.phase == "warming up":
                os.kill(worker.pid, signal.SIGKILL)

        with pytest.raises(WorkerError, match="was killed"):
            worker.ask(Measure(1, request(budget=600)), kill)


def test_running_out_of_memory_is_an_answer() -> None:
    pytest.importorskip("torch")
    with client.WorkerProcess([sys.executable, "-c", LITTLE_MEMORY]) as worker:
        with pytest.raises(MeasurementError, match=r"memory.*use a smaller batch\.$"):
            worker.ask(Measure(1, request(small(64, 128), batch=2048)))

        assert worker.ask(Measure(2, request())).id == 2


def test_without_a_compiler_it_says_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    monkeypatch.setenv("CXX", "/nowhere/g++")

    with pytest.raises(MeasurementError, match=r"needs a C\+\+ compiler.*eager mode"):
        client.measure(request(mode="compile"))


def test_devices_lists_the_cpu_and_what_is_known_of_the_machine() -> None:
    pytest.importorskip("torch")

    known = client.devices()

    assert known["devices"][0]["name"] == "cpu"
    assert known["environment"]["physical_cores"] >= 1


@pytest.mark.skipif(sys.platform != "linux", reason="the system tells the worker only on Linux")
def test_the_worker_goes_when_its_client_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ORPHAN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        worker_id = int(parent.stdout.readline())
        parent.kill()

    wait_until_gone(worker_id)


def test_the_client_loads_no_torch() -> None:
    code = "import sys, onebyone.worker.client; print('torch' in sys.modules, 'networkx' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout.split() == ["False", "False"]

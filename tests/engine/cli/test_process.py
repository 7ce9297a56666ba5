"""The command line as a process: signals, pipes, what it loads."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

PATIENCE_S = 60.0


def start(*words: str, **options: object) -> subprocess.Popen[str]:
    return subprocess.Popen(  # type: ignore[call-overload, no-any-return]
        [sys.executable, "-m", "onebyone", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )


def test_version_loads_nothing_heavy() -> None:
    code = (
        "import sys; from onebyone.cli.main import main; main(['--version'])\n"
        "print(sorted({'torch', 'PySide6', 'networkx', 'numpy', 'rich', 'pyqtgraph'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=PATIENCE_S)

    assert done.stdout == "onebyone 0.1.0\n[]\n"


def test_summary_loads_neither_torch_nor_qt() -> None:
    code = (
        "import sys; from onebyone.cli.main import main; main(['summary', 'gallery:inception-3a', '--json'])\n"
        "print(sorted({'torch', 'PySide6', 'numpy', 'pyqtgraph'} & set(sys.modules)), file=sys.stderr)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=PATIENCE_S)

    assert done.stderr == "[]\n"


def test_a_reader_that_has_had_enough_is_no_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with subprocess.Popen(
        [sys.executable, "-m", "onebyone", "summary", "gallery:inception-3a"], stdout=writer, stderr=subprocess.PIPE
    ) as process:
        os.close(writer)
        _, err = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 141
    assert err == b""


def test_a_full_device_is_one_line() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run(
            [sys.executable, "-m", "onebyone", "gallery"], stdout=full, stderr=subprocess.PIPE, text=True, check=False,
            timeout=PATIENCE_S,
        )  # fmt: skip

    assert done.returncode == 2
    assert done.stderr == "onebyone: The output could not be written: No space left on device.\n"


def test_a_terminal_without_unicode_gets_escapes() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "onebyone", "summary", "gallery:inception-3a"], capture_output=True, check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"}, timeout=PATIENCE_S,
    )  # fmt: skip

    assert done.returncode == 0
    assert rb"28\xd728\xd796" in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="looks for the worker in /proc")
def test_interrupting_a_measurement_ends_the_worker() -> None:
    # A group of its own, so that the interrupt reaches the command and not the worker.
    process = start(
        "measure", "gallery:inception-3a", "--budget", "600", start_new_session=True, preexec_fn=_obey_interrupts
    )
    worker = os.pidfd_open(_child_of(process))

    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 130
    assert err == "onebyone: Stopped.\n"
    has_ended, _, _ = select.select([worker], [], [], PATIENCE_S)
    os.close(worker)
    assert has_ended


def _obey_interrupts() -> None:
    # A shell starts its background jobs with interrupts ignored, and what they start inherits that: the tests too.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _child_of(process: subprocess.Popen[str]) -> int:
    """The worker's process id, once there is one."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while process.poll() is None:
        if found := children.read_text(encoding="ascii").split():
            return int(found[0])
    raise AssertionError(process.stderr.read() if process.stderr else "")


def test_a_real_measurement_ends_with_a_report(tmp_path: Path) -> None:
    process = start(
        "measure", "gallery:inception-3a", "--budget", "0.5", "--threads", "1", "--report", str(tmp_path / "x.html")
    )

    out, err = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 0
    assert err == ""
    assert "Inception 3a" in out
    assert (tmp_path / "x.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")

"""Captures a PyTorch module in a process of its own, by the user's interpreter, and gives its graph.

It runs the user's code with the user's rights: the caller asks first.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from onebyone.errors import CancelledError, ModelFileError
from onebyone.interchange.graph import Graph
from onebyone.interchange.reading import Answer

TIMEOUT_S = 300.0
TENSORS = "tensors.safetensors"
_POLL_S = 0.05
_MOST_SIZES = 8
_LAST_WORDS = 300
_LAST_BYTES = 10_000
#: More than this nobody reads; it would fill the disk.
_MOST_PRINTED = 256 * 2**20
_SCRIPT = Path(__file__).parents[1] / "torch_backend" / "capture" / "script.py"
PHASES = {
    "importing": "Importing the code",
    "building": "Building the module",
    "tracing": "Tracing what it runs",
    "running": "Running it once to compare with",
    "writing": "Writing its tensors",
}


class CaptureRequest(msgspec.Struct, frozen=True):
    """What to capture: an attribute of a module ("torchvision.models") or of a file ("net.py").

    It is a torch.nn.Module, or makes one of `arguments`; `sizes` are those of its inputs without the batch.
    """

    source: str
    attribute: str
    arguments: dict[str, Any] = {}
    sizes: tuple[tuple[int, ...], ...] = ((3, 224, 224),)
    name: str = ""


def parse_target(text: str) -> tuple[str, str]:
    """Source and attribute of "module:attribute" or "file.py:attribute".

    Raises:
        ModelFileError: It is neither.
    """
    source, colon, attribute = text.rpartition(":")
    if not colon or not source or not all(part.isidentifier() for part in attribute.split(".")):
        raise ModelFileError(
            f"{text[:100]!r} names no module; write MODULE:NAME, such as torchvision.models:resnet18, or FILE.py:NAME."
        )
    if source.endswith(".py"):
        path = Path(source)
        if not path.is_file():
            raise ModelFileError(f"There is no file {source[:200]!r}.")
        return str(path.absolute()), attribute
    if not all(part.isidentifier() for part in source.split(".")):
        raise ModelFileError(f"{source[:100]!r} is neither a Python module nor a .py file.")
    return source, attribute


def capture(
    request: CaptureRequest,
    python: str = sys.executable,
    keep: Path | None = None,
    on_progress: Callable[[str], None] = lambda words: None,
    is_cancelled: Callable[[], bool] = lambda: False,
    timeout: float = TIMEOUT_S,
) -> Graph:
    """The graph of a module.

    Args:
        request: What to capture.
        python: The interpreter that runs the user's code; it needs torch 2.6 or newer.
        keep: Where the module's tensors are to go, as a safetensors file.
        on_progress: Is told in words what is done now.
        is_cancelled: Is asked whether to give up.
        timeout: The longest that it may take, in seconds.

    Raises:
        ModelFileError: There is no graph; the text says why.
        CancelledError: It was given up.
    """
    if not 1 <= len(request.sizes) <= _MOST_SIZES:
        raise ModelFileError(f"A module takes 1 to {_MOST_SIZES} inputs here, not {len(request.sizes)}.")
    with tempfile.TemporaryDirectory(prefix="onebyone-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "request.json").write_bytes(msgspec.json.encode(request))
        said = _run(python, folder, on_progress, is_cancelled, timeout)
        answer = _answer(folder, said)
        if keep is not None:
            shutil.move(folder / TENSORS, keep)
        return answer


def _run(
    python: str, folder: Path, on_progress: Callable[[str], None], is_cancelled: Callable[[], bool], timeout: float
) -> str:
    """Runs the capture to its end; what it said last on its streams."""
    with open(folder / "said", "w+b") as said:
        try:
            process = subprocess.Popen(
                [python, str(_SCRIPT), str(folder / "request.json")], stdin=subprocess.DEVNULL, stdout=said,
                stderr=said, start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            raise ModelFileError(f"{python} cannot be started: {error.strerror or error}.") from error
        end = time.monotonic() + timeout
        seen = 0
        try:
            while process.poll() is None:
                if is_cancelled():
                    raise CancelledError("The import was cancelled.")
                if time.monotonic() > end:
                    raise ModelFileError(
                        f"The code was still running after {timeout:g} seconds and was ended; code that trains or waits"
                        ' when it is imported belongs under if __name__ == "__main__".'
                    )
                if os.fstat(said.fileno()).st_size > _MOST_PRINTED:
                    raise ModelFileError("The code printed without end and was ended; let it print less.")
                seen = _report(folder, seen, on_progress)
                time.sleep(_POLL_S)
            _report(folder, seen, on_progress)
        finally:
            _end(process)
        said.seek(max(0, said.seek(0, os.SEEK_END) - _LAST_BYTES))
        return said.read().decode(errors="replace")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ends a process with what it has started, which may outlive it."""
    if os.name == "posix":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _report(folder: Path, seen: int, on_progress: Callable[[str], None]) -> int:
    try:
        phases = (folder / "progress").read_text(encoding="utf-8").split()
    except OSError:
        return seen
    for phase in phases[seen:]:
        on_progress(PHASES.get(phase, phase))
    return len(phases)


def _answer(folder: Path, said: str) -> Graph:
    try:
        answer = msgspec.json.decode((folder / "answer.json").read_bytes(), type=Answer)
    except OSError as error:
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        last = f" It last said: {lines[-1][:_LAST_WORDS]}" if lines else ""
        raise ModelFileError(f"The code ended the process before its module could be read.{last}") from error
    except msgspec.MsgspecError as error:
        raise ModelFileError(f"The interpreter gave a graph that is none: {error}.") from error
    if answer.graph is None:
        raise ModelFileError(answer.error)
    return answer.graph

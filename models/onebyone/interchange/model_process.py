"""Reads foreign models' files in a process of their own, which a hostile file may end and this one not."""

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import msgspec

from onebyone.errors import ModelFileError, WorkerError
from onebyone.interchange.graph import Graph
from onebyone.interchange.reading import Answer, Request
from onebyone.worker.launch import kill_group

TIMEOUT_S = 60
#: Writing out the weights of a large model takes as long as its disk does.
EXTRACTION_TIMEOUT_S = 600
MAX_ANSWER_BYTES = 256 * 2**20


def read_model_file(path: Path, input_sizes: Sequence[tuple[int, ...]] | None = None) -> Graph:
    """The graph of an ONNX or `.pt2` file, read by another process.

    Args:
        path: The file.
        input_sizes: Sizes without the batch for the inputs in order, where an ONNX file leaves them open.

    Raises:
        ModelFileError: It cannot be opened; the text is one sentence and a way on.
        WorkerError: There could be no process.
    """
    sizes = None if input_sizes is None else tuple(tuple(size) for size in input_sizes)
    answer = _ask(Request(str(path.absolute()), None, sizes, TIMEOUT_S), path)
    if answer.graph is None:
        raise ModelFileError(answer.error)
    return answer.graph


def extract_constants(path: Path, target: Path) -> None:
    """Writes the constants of an ONNX or `.pt2` file as a safetensors file, in another process.

    They are named as the constants of the graph that `read_model_file` gives.

    Raises:
        ModelFileError: They are not where the file says, or it keeps them in a pickle.
        WorkerError: There could be no process.
    """
    answer = _ask(Request(str(path.absolute()), str(target.absolute()), None, EXTRACTION_TIMEOUT_S), path)
    if answer.error:
        raise ModelFileError(answer.error)


def command() -> list[str]:
    """The program and its arguments: this executable when frozen, else this interpreter."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--read-model"]
    return [sys.executable, "-P", "-m", "onebyone.interchange.reading"]


def _ask(request: Request, path: Path) -> Answer:
    try:
        process = subprocess.Popen(
            command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
    except OSError as error:
        raise WorkerError(f"No process could be started to read {path.name!r}: {error.strerror or error}.") from error
    late = threading.Event()

    def give_up() -> None:
        late.set()
        _end(process)

    timer = threading.Timer(request.limit_s, give_up)
    timer.start()
    try:
        data = _exchange(process, msgspec.json.encode(request))
    finally:
        timer.cancel()
        _end(process)
        process.wait()
    return _answer(data, process.returncode, path, request.limit_s if late.is_set() else 0)


def _exchange(process: "subprocess.Popen[bytes]", request: bytes) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdout as answers:
        try:
            with process.stdin as requests:
                requests.write(request)
        except BrokenPipeError:
            return b""
        data = answers.read(MAX_ANSWER_BYTES + 1)
        if len(data) <= MAX_ANSWER_BYTES:
            # What it answered is whole; its exit code says whether it ended by itself.
            process.wait()
        return data


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        kill_group(process.pid)
        process.kill()


def _answer(data: bytes, code: int, path: Path, waited_s: int) -> Answer:
    if waited_s:
        raise ModelFileError(
            f"{path.name!r} was not read within {waited_s} s; it is too large, damaged, or made to do harm."
        )
    if len(data) > MAX_ANSWER_BYTES:
        raise ModelFileError(f"{path.name!r} describes more than can be opened; it is damaged, or made to do harm.")
    try:
        return msgspec.json.decode(data, type=Answer)
    except msgspec.MsgspecError:
        raise ModelFileError(
            f"{path.name!r} could not be read: the process that read it ended (code {code}); the file is damaged, or "
            "made to do harm."
        ) from None

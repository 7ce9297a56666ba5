"""The process that reads a foreign model's file: `python -m onebyone.interchange.reading`, or the frozen program.

It is given what to do as JSON on stdin and answers with JSON on stdout; it may be ended by the file at any time.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from onebyone.errors import OnebyoneError
from onebyone.interchange.graph import Graph

MAX_REQUEST_BYTES = 2**20
_BASE_BYTES = 4 * 2**30
#: A file is held as bytes, as messages, and as the numbers that are copied out of it.
_COPIES = 4


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file to read, or with a target, the file to write its constants to; how long in seconds it may compute."""

    path: str
    target: str | None = None
    input_sizes: tuple[tuple[int, ...], ...] | None = None
    limit_s: int = 60


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The graph, nothing where constants were written, or a sentence on why there is none."""

    graph: Graph | None = None
    error: str = ""


def main() -> None:
    """Serves one request."""
    request = msgspec.json.decode(os.read(0, MAX_REQUEST_BYTES), type=Request)
    answers = os.dup(1)
    # No library can write into the answer.
    os.dup2(2, 1)
    path = Path(request.path)
    _limit(path, request.limit_s)
    with open(answers, "wb") as file:
        file.write(msgspec.json.encode(_answer(request, path)))


def _answer(request: Request, path: Path) -> Answer:
    from onebyone.interchange.model_files import read_graph, write_constants

    try:
        if request.target is not None:
            write_constants(path, Path(request.target))
            return Answer()
        return Answer(read_graph(path, request.input_sizes))
    except OnebyoneError as error:
        return Answer(error=str(error))
    except MemoryError:
        return Answer(error="It needs more memory than a file of its size may take; it is damaged, or made to do harm.")


def _limit(path: Path, limit_s: int) -> None:
    """Bounds the time and memory of this process, where the system can, and lets it go with its parent on Linux."""
    if sys.platform == "win32":
        return
    import resource

    size = 0
    with suppress(OSError):
        size = path.stat().st_size
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_CPU, limit_s)
    if sys.platform == "linux":
        import ctypes
        import signal

        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
        _lower(resource.RLIMIT_AS, _BASE_BYTES + _COPIES * size)


def _lower(what: Any, limit: int) -> None:
    import resource

    hard = resource.getrlimit(what)[1]
    with suppress(ValueError, OSError):
        resource.setrlimit(what, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


if __name__ == "__main__":
    main()

"""What PyTorch could not do, said in one sentence."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from onebyone.errors import MeasurementError
from onebyone.measurement.records import MeasurementRequest
from onebyone.torch_backend.devices import is_out_of_memory

NO_COMPILER = (
    "torch.compile needs a C++ compiler, and none was found; install g++ or clang (or name one in the environment"
    " variable CXX), or measure in eager mode."
)
_COMPILER_MISSING = ("InvalidCxxCompiler", "No working C++ compiler found", "Compiler: cl is not found")
_DETAIL_LENGTH = 200


@contextmanager
def said_plainly(label: str, request: MeasurementRequest) -> Iterator[None]:
    """Turns what PyTorch raises while it builds or runs a design into a `MeasurementError` of one sentence."""
    try:
        yield
    except (RuntimeError, MemoryError, TypeError, ValueError, OSError) as error:
        raise MeasurementError(sentence(error, label, request)) from error


def sentence(error: BaseException, label: str, request: MeasurementRequest) -> str:
    """What went wrong with a design, and what would help where that is known."""
    if is_out_of_memory(error):
        return (
            f"There is not enough memory on {request.device} to run {label} with a batch of {request.batch};"
            " use a smaller batch."
        )
    if request.mode == "compile" and any(words in _chain(error) for words in _COMPILER_MISSING):
        return NO_COMPILER
    lines = str(error).strip().splitlines()
    detail = re.sub(r"\s+", " ", lines[0])[:_DETAIL_LENGTH].rstrip(" .") if lines else type(error).__name__
    return (
        f"PyTorch could not run {label} in {request.dtype}, {request.layout}, {request.mode} mode"
        f" on {request.device}: {detail}."
    )


def _chain(error: BaseException | None) -> str:
    """The names and texts of an error and of those behind it."""
    texts: list[str] = []
    while error is not None and len(texts) < 10:
        texts.append(f"{type(error).__name__}: {error}")
        error = error.__cause__ or error.__context__
    return "\n".join(texts)

"""The journal of measured points: a line of JSON a point, so that a sweep goes on where it was stopped."""

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from onebyone.errors import StorageError
from onebyone.files import safe_file
from onebyone.run_store.store import default_path
from onebyone.sweep.measured import MeasuredPoint

FILE_NAME = "sweeps.jsonl"
MAX_BYTES = 256 * 2**20


def default_journal() -> Path:
    """Where the measured points of this user are kept, beside the history."""
    return default_path().with_name(FILE_NAME)


class Journal:
    """A file that points are added to. A line that cannot be read, cut off by a crash say, is passed over.

    Raises:
        StorageError: The file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._points: dict[str, MeasuredPoint] = {}
        if path.exists():
            decoder = msgspec.json.Decoder(MeasuredPoint)
            for line in safe_file.read(path, MAX_BYTES).splitlines():
                try:
                    point = decoder.decode(line)
                except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                    continue
                self._points[point.key] = point

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    def known(self, keys: Iterable[str]) -> dict[str, MeasuredPoint]:
        """What came out for those of the keys that were measured before with an answer."""
        return {key: self._points[key] for key in keys if key in self._points and self._points[key].is_answered}

    def add(self, point: MeasuredPoint) -> None:
        """Writes a point; one that has no answer is not kept, so that it is tried again.

        Raises:
            StorageError: It cannot be written.
        """
        if point.failure:
            return
        self._points[point.key] = point
        line = msgspec.json.encode(point)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0), 0o644)
            try:
                # The line feed before it ends a line that a crash cut off; empty lines are passed over.
                os.write(file, b"\n" + line + b"\n")
                os.fsync(file)
            finally:
                os.close(file)
        except OSError as error:
            raise StorageError(
                f"The measured point could not be kept in {str(self._path)!r}: {error.strerror}."
            ) from error

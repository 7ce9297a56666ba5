"""Keeps measurements, lists them and gives them back."""

import hashlib
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from onebyone.errors import HistoryError, OnebyoneError
from onebyone.files.storage import dumps, loads
from onebyone.measurement.records import Measurement, MeasurementRequest
from onebyone.run_store import schema
from onebyone.run_store.records import HERE, RunFilter, RunRow, StoredMeasurement

#: Points to another folder for the user's data.
FOLDER_VARIABLE = "ONEBYONE_DATA"
FILE_NAME = "history.sqlite3"
#: How long another program may hold the database.
PATIENCE_S = 2.0
_MOST_CONTENT_BYTES = 256 * 2**20
_COLUMNS = (
    "runs.id", "runs.measurement", "runs.place", "measurements.finished", "measurements.origin",
    "measurements.machine", "runs.design", "runs.digest", "runs.device", "runs.dtype", "runs.layout", "runs.batch",
    "runs.threads", "runs.mode", "runs.form", "runs.verdict", "runs.median", "runs.low", "runs.high",
)  # fmt: skip


def default_path() -> Path:
    """Where the history of this user is."""
    folder = os.environ.get(FOLDER_VARIABLE)
    if folder:
        return Path(folder) / FILE_NAME
    from platformdirs import user_data_path

    return user_data_path("OneByOne", appauthor=False) / FILE_NAME


class RunStore:
    """The history in one file. A damaged file is put aside and a new one begun; `put_aside` says where it is then.

    Raises:
        HistoryError: The file cannot be opened, is locked, or was written by a newer OneByOne.
    """

    def __init__(self, path: Path, patience_s: float = PATIENCE_S) -> None:
        self.path = path
        self.put_aside: Path | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HistoryError(f"The history cannot be kept in {path.parent}: {error.strerror or error}.") from error
        self._patience_s = patience_s
        try:
            self._connection = self._opened()
        except sqlite3.OperationalError as error:
            raise HistoryError(_words(path, error)) from error
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            # SQLite quotes damaged names in its message, and they need not be text.
            self._put_aside()
            with self._asking():
                self._connection = self._opened()

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def add(self, request: MeasurementRequest, measurement: Measurement, origin: str = HERE) -> int:
        """Keeps a finished measurement with its designs; its number.

        Raises:
            HistoryError: It could not be written; nothing of it was.
        """
        contents = [dumps(design) for design in request.designs]
        digests = [hashlib.sha256(content).hexdigest() for content in contents]
        environment = measurement.environment
        finished = str(environment.get("finished") or datetime.now(UTC).isoformat(timespec="seconds"))
        bare = msgspec.json.encode({**msgspec.to_builtins(request), "designs": digests}).decode()
        packed = zlib.compress(msgspec.json.encode(measurement))
        with self._asking(), self._transaction() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO designs VALUES (?, ?)",
                [(digest, zlib.compress(content)) for digest, content in zip(digests, contents, strict=True)],
            )
            cursor = connection.execute(
                "INSERT INTO measurements (finished, origin, machine, request, content) VALUES (?, ?, ?, ?, ?)",
                (finished, origin, str(environment.get("cpu") or ""), bare, packed),
            )
            number = int(cursor.lastrowid or 0)
            connection.executemany(
                f"INSERT INTO runs ({', '.join(_RUN_COLUMNS)}) VALUES ({', '.join('?' * len(_RUN_COLUMNS))})",
                [
                    (
                        number, place, run.design, digest, run.device, run.dtype, run.layout, run.batch, run.threads,
                        run.mode, run.form, run.verdict, run.median, *(run.ci or (None, None)),
                    )
                    for place, (run, digest) in enumerate(zip(measurement.runs, digests, strict=True))
                ],
            )  # fmt: skip
        return number

    def rows(self, wanted: RunFilter | None = None) -> list[RunRow]:
        """The runs that a filter lets pass, the newest first.

        Raises:
            HistoryError: The file cannot be read.
        """
        conditions, values = _conditions(wanted or RunFilter())
        query = (
            f"SELECT {', '.join(_COLUMNS)} FROM runs JOIN measurements ON measurements.id = runs.measurement"
            f"{conditions} ORDER BY measurements.finished DESC, runs.measurement DESC, runs.place LIMIT ?"
        )
        limit = -1 if wanted is None or wanted.limit is None else wanted.limit
        with self._asking():
            found = self._connection.execute(query, (*values, limit)).fetchall()
            return [msgspec.convert(dict(zip(RunRow.__struct_fields__, row, strict=True)), RunRow) for row in found]

    def measurement(self, number: int) -> StoredMeasurement:
        """A measurement with its designs and all of its samples.

        Raises:
            HistoryError: There is none with this number, or it cannot be read.
        """
        with self._asking():
            row = self._connection.execute(
                "SELECT origin, request, content FROM measurements WHERE id = ?", (number,)
            ).fetchone()
            if row is None:
                raise HistoryError(f"There is no measurement {number} in the history.")
            origin, bare, packed = row
            asked: dict[str, Any] = msgspec.json.decode(bare)
            designs = tuple(loads(self._design(digest)) for digest in asked.pop("designs"))
            measurement = msgspec.json.decode(_unpacked(packed), type=Measurement)
            request = msgspec.convert({**asked, "designs": msgspec.to_builtins(designs)}, MeasurementRequest)
            return StoredMeasurement(number, origin, request, measurement)

    def row(self, run: int) -> RunRow:
        """One line of the history.

        Raises:
            HistoryError: There is no run with this number.
        """
        query = (
            f"SELECT {', '.join(_COLUMNS)} FROM runs JOIN measurements ON measurements.id = runs.measurement"
            " WHERE runs.id = ?"
        )
        with self._asking():
            found = self._connection.execute(query, (run,)).fetchone()
            if found is None:
                raise HistoryError(f"There is no run {run} in the history.")
            return msgspec.convert(dict(zip(RunRow.__struct_fields__, found, strict=True)), RunRow)

    def delete(self, measurements: Iterable[int]) -> None:
        """Forgets measurements, and designs that no other measurement has.

        Raises:
            HistoryError: The file cannot be written; nothing was deleted.
        """
        with self._asking(), self._transaction() as connection:
            connection.executemany("DELETE FROM measurements WHERE id = ?", [(number,) for number in measurements])
            connection.execute("DELETE FROM designs WHERE digest NOT IN (SELECT digest FROM runs)")

    def _design(self, digest: str) -> bytes:
        row = self._connection.execute("SELECT content FROM designs WHERE digest = ?", (digest,)).fetchone()
        if row is None:
            raise HistoryError(f"The history lacks the design {digest[:12]} of this measurement.")
        return _unpacked(row[0])

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=self._patience_s, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            version = schema.version_of(connection)
            if version > schema.VERSION:
                raise HistoryError(
                    f"The history {self.path} has version {version}, and this OneByOne reads up to {schema.VERSION};"
                    " a newer OneByOne opens it."
                )
            if version < schema.VERSION:
                schema.bring_up_to_date(connection)
            elif connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError("quick_check")
        except BaseException:
            connection.close()
            raise
        return connection

    def _put_aside(self) -> None:
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        self.put_aside = self.path.with_name(f"{self.path.stem}.damaged-{stamp}{self.path.suffix}")
        try:
            self.path.replace(self.put_aside)
            for ending in ("-wal", "-shm"):
                Path(f"{self.path}{ending}").unlink(missing_ok=True)
        except OSError as error:
            raise HistoryError(f"The history {self.path} is damaged and cannot be put aside: {error}.") from error

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            yield
        except HistoryError:
            raise
        except sqlite3.Error as error:
            raise HistoryError(_words(self.path, error)) from error
        except (msgspec.MsgspecError, zlib.error, OnebyoneError, UnicodeDecodeError) as error:
            raise HistoryError(f"The history {self.path} holds something that cannot be read: {error}") from error


_RUN_COLUMNS = (
    "measurement", "place", "design", "digest", "device", "dtype", "layout", "batch", "threads", "mode", "form",
    "verdict", "median", "low", "high",
)  # fmt: skip


def _conditions(wanted: RunFilter) -> tuple[str, list[str]]:
    parts: list[str] = []
    values: list[str] = []
    if wanted.text:
        # A word may hold what LIKE takes for a pattern.
        pattern = "%" + "".join(f"\\{c}" if c in "%_\\" else c for c in wanted.text) + "%"
        columns = ("runs.design", "measurements.machine", "measurements.origin")
        parts.append("(" + " OR ".join(f"{column} LIKE ? ESCAPE '\\'" for column in columns) + ")")
        values += [pattern] * len(columns)
    for column, value in (("verdict", wanted.verdict), ("device", wanted.device), ("digest", wanted.digest)):
        if value is not None:
            parts.append(f"runs.{column} = ?")
            values.append(value)
    return (" WHERE " + " AND ".join(parts) if parts else ""), values


def _unpacked(packed: bytes) -> bytes:
    # A few bytes can stand for gigabytes.
    content = zlib.decompressobj()
    data = content.decompress(packed, _MOST_CONTENT_BYTES)
    if content.unconsumed_tail:
        raise HistoryError("The history holds something too large to be a measurement.")
    return data


def _words(path: Path, error: sqlite3.Error) -> str:
    text = str(error)
    if "locked" in text or "busy" in text:
        return f"The history {path} is held by another program; try again."
    if "readonly" in text or "read-only" in text:
        return f"The history {path} cannot be written; it is read-only."
    if "full" in text:
        return f"The history {path} could not be written: the disk is full."
    return f"The history {path} cannot be used: {text}."

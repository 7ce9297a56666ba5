"""The zip that a `.pt2` file is, read within limits: nothing is unpacked to the disk, and no pickle is opened."""

import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onebyone.errors import ModelFileError
from onebyone.files import safe_file

MAX_ENTRIES = 50_000
MAX_JSON_BYTES = 64 * 2**20
MAX_TENSOR_BYTES = 2**34
#: JSON shrinks to a twentieth; what shrinks to a thousandth is made to fill a disk.
MAX_RATIO = 200
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


class Archive:
    """The entries of a zip by their names below its first folder."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        infos = file.infolist()
        if len(infos) > MAX_ENTRIES:
            raise ModelFileError(f"It has {len(infos):,} entries; a model has {MAX_ENTRIES:,} at most.")
        names = [info.filename for info in infos]
        if len(set(names)) != len(names):
            raise ModelFileError("It has two entries of one name, as no program writes it; export the model again.")
        bad = next((name for name in names if _leaves(name)), None)
        if bad is not None:
            raise ModelFileError(f"Its entry {bad[:100]!r} would lie outside of it; the file is not from torch.")
        folders = {name.partition("/")[0] for name in names}
        prefix = f"{folders.pop()}/" if len(folders) == 1 and all("/" in name for name in names) else ""
        self._infos = {info.filename.removeprefix(prefix): info for info in infos}

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def names(self, folder: str, suffix: str) -> list[str]:
        """The names of entries in a folder that end so."""
        return sorted(name for name in self._infos if name.startswith(folder) and name.endswith(suffix))

    def read(self, name: str, most: int) -> bytes:
        """The bytes of an entry.

        Raises:
            ModelFileError: It is not there, is larger than `most`, or shrinks suspiciously well.
        """
        info = self._infos.get(name)
        if info is None:
            raise ModelFileError(f"It lacks its entry '{name[:100]}'; the file is damaged.")
        if info.file_size > most:
            raise ModelFileError(
                f"Its entry '{name[:100]}' has {info.file_size / 2**20:,.0f} MiB, more than can be read."
            )
        if info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise ModelFileError(
                f"Its entry '{name[:100]}' would grow {MAX_RATIO} times and more; it is not from torch."
            )
        try:
            with self._file.open(info) as entry:
                data = entry.read(most + 1)
        except _DAMAGED as error:
            raise ModelFileError(f"Its entry '{name[:100]}' cannot be read; the file is damaged.") from error
        if len(data) != info.file_size:
            raise ModelFileError(f"Its entry '{name[:100]}' has not the length that it says; the file is damaged.")
        return data


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The archive of a file.

    Raises:
        ModelFileError: It is no zip, or one that torch does not write.
        StorageError: It cannot be read.
    """
    with safe_file.opened(path) as file:
        try:
            archive = zipfile.ZipFile(file)
        except _DAMAGED as error:
            raise ModelFileError(
                "It is not a file of torch.export.save, or a damaged one; save the model with torch.export.save again."
            ) from error
        with archive:
            yield Archive(archive)


def _leaves(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or not parts[0] or ":" in parts[0] or os.path.isabs(name)

"""Files read without surprises and written so that a crash, a full disk or a kill leaves the old one whole."""

import contextlib
import errno
import os
import re
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NoReturn

from onebyone.errors import StorageError
from onebyone.files.strict_json import shown

_TEMPORARY = re.compile(r"\.onebyone-[0-9a-f]{12}\.tmp\Z")
_LITTER_AGE_S = 3600.0
_CHUNK = 2**20
_REPLACE_TRIES = 10
_REPLACE_PAUSE_S = 0.05

_REASONS = {
    errno.ENOENT: "does not exist",
    errno.EACCES: "may not be opened: permission denied",
    errno.EPERM: "may not be opened: permission denied",
    errno.EISDIR: "is a folder, not a file",
    errno.ENOTDIR: "lies under something that is not a folder",
    errno.ELOOP: "is a link that leads back to itself",
    errno.ENAMETOOLONG: "has a name that is too long for this system",
    errno.ENOSPC: "could not be written: the disk is full",
    errno.EDQUOT: "could not be written: your disk quota is used up",
    errno.EFBIG: "could not be written: it is over the limit for a file's size",
    errno.EROFS: "is on a disk that is read-only",
    errno.EIO: "could not be read or written: the disk reports an error",
}
# A file system that cannot flush a folder says so with one of these.
_CANNOT_FLUSH_FOLDER = {errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES}


def read(path: Path, max_bytes: int) -> bytes:
    """The bytes of a regular file; nothing else is opened, so that a pipe or a device cannot hang the program.

    Raises:
        StorageError: It cannot be read, or is larger than `max_bytes`.
    """
    with opened(path) as file:
        try:
            data = file.read(max_bytes + 1) if os.fstat(file.fileno()).st_size <= max_bytes else None
        except OSError as error:
            _fail(path, error)
    if data is None or len(data) > max_bytes:
        raise StorageError(f"{_quoted(path)} is larger than {max_bytes // 2**20} MiB, the most a file may have.")
    return data


@contextlib.contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A regular file to be read bit by bit; nothing else is opened.

    Raises:
        StorageError: It cannot be opened.
    """
    try:
        _refuse_irregular(path, os.stat(path))
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        _fail(path, error)
    with open(descriptor, "rb", closefd=True) as file:
        _refuse_irregular(path, os.fstat(descriptor))
        yield file


def write(path: Path, data: bytes) -> None:
    """Replaces a file, or makes it: a temporary file beside it, flushed, read back, renamed, the folder flushed.

    The mode is kept and links are followed.

    Raises:
        StorageError: It could not be written; the old file is as it was, unless the text says otherwise.
    """
    try:
        target = Path(os.path.realpath(path))
        old = _writable_status(path, target)
        temporary = target.parent / f".onebyone-{os.urandom(6).hex()}.tmp"
        try:
            _write_temporary(temporary, data, old)
            _replace(temporary, target)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
    except (OSError, ValueError) as error:
        _fail(path, error)
    _flush_folder(path, target.parent)


def require_writable(path: Path) -> None:
    """Raises where `write` would be refused now, so that it can be said before long work.

    Raises:
        StorageError: The file or its folder cannot be written.
    """
    try:
        _writable_status(path, Path(os.path.realpath(path)))
    except (OSError, ValueError) as error:
        _fail(path, error)


def sweep(path: Path) -> None:
    """Removes temporary files that a killed save left beside a file over an hour ago."""
    oldest = time.time() - _LITTER_AGE_S
    folder = os.path.dirname(os.path.realpath(path))
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _TEMPORARY.match(entry.name):
                with contextlib.suppress(OSError):
                    status = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(status.st_mode) and status.st_mtime < oldest:
                        os.unlink(entry.path)


def _refuse_irregular(path: Path, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise StorageError(f"{_quoted(path)} is a folder, not a file.")
    if not stat.S_ISREG(status.st_mode):
        raise StorageError(f"{_quoted(path)} is a device, a pipe or a socket, not a file.")


def _writable_status(path: Path, target: Path) -> os.stat_result | None:
    """The status of the file that will be replaced, None where there is none yet.

    os.replace would silently replace a read-only file, and root may write everything: so the mode is asked as well.
    """
    try:
        folder = os.stat(target.parent)
    except FileNotFoundError:
        raise StorageError(f"The folder {_quoted(path.parent)} does not exist.") from None
    if not stat.S_ISDIR(folder.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    try:
        status = os.stat(target)
    except FileNotFoundError:
        status = None
    if status is not None:
        _refuse_irregular(path, status)
        if not status.st_mode & 0o222 or not os.access(target, os.W_OK):
            raise StorageError(f"{_quoted(path)} is read-only; save under another name.")
    if not folder.st_mode & 0o222 or not os.access(target.parent, os.W_OK | os.X_OK):
        raise StorageError(f"The folder {_quoted(target.parent)} is read-only; save in another one.")
    return status


def _write_temporary(temporary: Path, data: bytes, old: os.stat_result | None) -> None:
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    # A new file gets what the umask allows; a copy of an old one is nobody else's to read until it has the old mode.
    descriptor = os.open(temporary, flags, 0o666 if old is None else 0o600)
    try:
        if old is not None:
            _copy_rights(descriptor, temporary, old)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest[:_CHUNK]) :]
        _flush(descriptor)
        os.lseek(descriptor, 0, os.SEEK_SET)
        if not _holds(descriptor, data):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
    finally:
        os.close(descriptor)


def _copy_rights(descriptor: int, temporary: Path, old: os.stat_result) -> None:
    if sys.platform == "win32":
        os.chmod(temporary, stat.S_IMODE(old.st_mode))
        return
    status = os.fstat(descriptor)
    if (status.st_uid, status.st_gid) != (old.st_uid, old.st_gid):
        # Only root may give a file away; for others the copy belongs to who saves it.
        with contextlib.suppress(OSError):
            os.fchown(descriptor, old.st_uid, old.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(old.st_mode))


def _flush(descriptor: int) -> None:
    if sys.platform == "darwin":
        import fcntl

        # fsync leaves the data in the drive's cache there.
        with contextlib.suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


def _holds(descriptor: int, data: bytes) -> bool:
    """Whether the rest of the file is exactly these bytes: a full disk was seen to lie about it."""
    rest = memoryview(data)
    while block := os.read(descriptor, _CHUNK):
        if rest[: len(block)] != block:
            return False
        rest = rest[len(block) :]
    return not rest


def _replace(temporary: Path, target: Path) -> None:
    if sys.platform == "win32":
        # Another program, a virus scanner for one, may hold the target for a moment.
        for _ in range(_REPLACE_TRIES):
            with contextlib.suppress(PermissionError):
                os.replace(temporary, target)
                return
            time.sleep(_REPLACE_PAUSE_S)
    os.replace(temporary, target)


def _flush_folder(path: Path, folder: Path) -> None:
    if sys.platform == "win32":
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT_FLUSH_FOLDER:
            raise StorageError(
                f"{_quoted(path)} was written, but the disk does not confirm it ({error.strerror}); save again."
            ) from error


def _quoted(path: Path) -> str:
    text = str(path)
    return repr(text) if len(text) <= 200 else shown(path.name)


def _fail(path: Path, error: OSError | ValueError) -> NoReturn:
    if isinstance(error, OSError):
        reason = _REASONS.get(error.errno or 0) or f"could not be opened: {error.strerror or error}"
        raise StorageError(f"{_quoted(path)} {reason}.") from error
    raise StorageError(f"{_quoted(path)} is not a name that a file can have.") from error

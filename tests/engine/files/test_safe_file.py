import errno
import json
import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from onebyone.errors import StorageError
from onebyone.files import safe_file

resource = pytest.importorskip("resource", reason="these are tests of POSIX permissions, pipes and limits")

SAVES = Path(__file__).with_name("crashing_saves.py")
LIMIT = 1_000


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "block.1x1"
    path.write_bytes(b"old")
    return path


def crashed(what: str, folder: Path, kills: int = 0) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, str(SAVES), what, str(folder), str(kills)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, int] = json.loads(done.stdout)
    return found


def test_kills_at_random_damage_nothing(tmp_path: Path, sized) -> None:
    kills = sized(40, 500)

    found = crashed("kill", tmp_path, kills)

    assert found["damaged"] == 0
    assert found["old"] + found["new"] == kills
    assert min(found["old"], found["new"]) > kills * 0.1


def test_ending_after_any_step_leaves_the_old_or_the_new_file(tmp_path: Path) -> None:
    found = crashed("exit", tmp_path)

    assert found["damaged"] == 0
    assert found["steps"] > 10
    assert found["old"] > 5
    assert found["new"] > 1


def test_write_makes_a_file_with_the_rights_that_the_umask_gives(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        safe_file.write(tmp_path / "new", b"data")
    finally:
        os.umask(old)

    assert (tmp_path / "new").read_bytes() == b"data"
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o755])
def test_write_keeps_the_mode(target: Path, mode: int) -> None:
    target.chmod(mode)

    safe_file.write(target, b"new")

    assert stat.S_IMODE(target.stat().st_mode) == mode
    assert target.read_bytes() == b"new"


def test_write_leaves_nothing_else_in_the_folder(target: Path) -> None:
    safe_file.write(target, b"new" * 1_000_000)

    assert list(target.parent.iterdir()) == [target]


def test_write_follows_links(target: Path, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "link").symlink_to(target)
    (folder / "link to link").symlink_to("link")

    safe_file.write(folder / "link to link", b"new")

    assert (folder / "link").is_symlink()
    assert (folder / "link to link").is_symlink()
    assert target.read_bytes() == b"new"


def test_write_through_a_dangling_link_makes_its_target(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("real")

    safe_file.write(tmp_path / "link", b"new")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_write_refuses_a_read_only_target(target: Path) -> None:
    target.chmod(0o444)

    with pytest.raises(StorageError, match="read-only"):
        safe_file.write(target, b"new")

    assert target.read_bytes() == b"old"


def test_write_refuses_a_read_only_folder(target: Path) -> None:
    target.parent.chmod(0o555)

    try:
        with pytest.raises(StorageError, match=r"folder .* read-only"):
            safe_file.write(target, b"new")
    finally:
        target.parent.chmod(0o755)

    assert target.read_bytes() == b"old"


def _folder(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


def _loop(path: Path) -> None:
    path.symlink_to(path)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


IRREGULAR = {
    "folder": (_folder, "is a folder"),
    "pipe": (_pipe, "not a file"),
    "socket": (_socket, "not a file"),
    "device": (_device, "not a file"),
    "loop": (_loop, "leads back"),
}


@pytest.mark.parametrize(("make", "expected"), IRREGULAR.values(), ids=IRREGULAR.keys())
def test_read_opens_only_regular_files(tmp_path: Path, make: Callable[[Path], None], expected: str) -> None:
    make(tmp_path / "x")

    with pytest.raises(StorageError, match=expected):
        safe_file.read(tmp_path / "x", LIMIT)


@pytest.mark.parametrize(("make", "expected"), IRREGULAR.values(), ids=IRREGULAR.keys())
def test_write_replaces_only_regular_files(tmp_path: Path, make: Callable[[Path], None], expected: str) -> None:
    make(tmp_path / "x")

    with pytest.raises(StorageError, match=expected):
        safe_file.write(tmp_path / "x", b"new")

    assert [path.name for path in tmp_path.iterdir()] == ["x"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("missing", "does not exist"),
        ("old/x", "not a folder"),
        ("x" * 300, "too long"),
        ("a\0b", "not a name"),
    ],
    ids=["missing", "under a file", "long", "NUL"],
)
def test_read_says_why_not(tmp_path: Path, name: str, expected: str) -> None:
    (tmp_path / "old").write_bytes(b"")

    with pytest.raises(StorageError, match=expected) as caught:
        safe_file.read(tmp_path / name, LIMIT)

    assert str(caught.value).isprintable()
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("name", ["missing/x", "old/x", "x" * 300, "a\0b"])
def test_write_says_why_not(tmp_path: Path, name: str) -> None:
    (tmp_path / "old").write_bytes(b"")

    with pytest.raises(StorageError):
        safe_file.write(tmp_path / name, b"new")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_read_of_an_unreadable_file_says_permission(target: Path) -> None:
    target.chmod(0)

    with pytest.raises(StorageError, match="permission denied"):
        safe_file.read(target, LIMIT)


def test_read_refuses_a_file_over_the_limit(target: Path) -> None:
    target.write_bytes(b"x" * (LIMIT + 1))

    with pytest.raises(StorageError, match="larger than"):
        safe_file.read(target, LIMIT)


def test_read_refuses_endless_files_that_claim_to_be_empty(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status = os.stat(target)
    target.write_bytes(b"x" * (LIMIT + 1))
    monkeypatch.setattr(safe_file.os, "fstat", lambda _: status)

    with pytest.raises(StorageError, match="larger than"):
        safe_file.read(target, LIMIT)


def test_steps_come_in_the_order_that_survives_a_power_cut(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    folders: set[int] = set()

    def noted(name: str) -> None:
        real: Callable[..., Any] = getattr(os, name)

        def call(*arguments: Any, **options: Any) -> Any:
            result = real(*arguments, **options)
            if name == "open":
                is_folder = stat.S_ISDIR(os.fstat(result).st_mode)
                (folders.add if is_folder else folders.discard)(result)
            else:
                steps.append("fsync folder" if name == "fsync" and arguments[0] in folders else name)
            return result

        monkeypatch.setattr(safe_file.os, name, call)

    for name in ("open", "write", "fsync", "replace"):
        noted(name)
    safe_file.write(target, b"new")

    assert steps == ["write", "fsync", "replace", "fsync folder"]


@pytest.mark.parametrize("step", ["open", "write", "fsync", "read", "replace", "fchmod"])
@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC, errno.EDQUOT], ids=errno.errorcode.get)
def test_a_failing_step_is_reported_and_leaves_the_old_file(
    target: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(safe_file.os, step, fail)
        with pytest.raises(StorageError) as caught:
            safe_file.write(target, b"new")

    assert str(caught.value).endswith(".")
    assert target.read_bytes() == b"old"
    assert list(target.parent.iterdir()) == [target]


def test_a_disk_that_lies_is_found_out(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_file.os, "write", lambda descriptor, data: len(data))

    with pytest.raises(StorageError, match="disk"):
        safe_file.write(target, b"new")

    assert target.read_bytes() == b"old"


def test_short_writes_are_continued(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(safe_file.os, "write", lambda descriptor, data: real(descriptor, data[:7]))

    safe_file.write(target, b"new" * 100)

    assert target.read_bytes() == b"new" * 100


def test_a_folder_that_cannot_be_flushed_is_said(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def fail_for_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(descriptor)

    monkeypatch.setattr(safe_file.os, "fsync", fail_for_folders)

    with pytest.raises(StorageError, match="does not confirm"):
        safe_file.write(target, b"new")

    assert target.read_bytes() == b"new"


def test_an_interrupted_write_leaves_no_litter(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(safe_file.os, "fsync", interrupt)

    with pytest.raises(KeyboardInterrupt):
        safe_file.write(target, b"new")

    assert list(target.parent.iterdir()) == [target]


def test_a_file_size_limit_is_reported_and_leaves_the_old_file(target: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        with pytest.raises(StorageError, match="limit for a file's size"):
            safe_file.write(target, b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert target.read_bytes() == b"old"
    assert list(target.parent.iterdir()) == [target]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("no right to mount a file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_reported_and_leaves_the_old_file(small_disk: Path) -> None:
    target = small_disk / "block.1x1"
    safe_file.write(target, b"old" * 10_000)

    with pytest.raises(StorageError, match="disk is full"):
        safe_file.write(target, b"new" * 15_000)

    assert target.read_bytes() == b"old" * 10_000
    assert list(small_disk.iterdir()) == [target]


def test_sweep_removes_own_temporary_files_older_than_an_hour(target: Path) -> None:
    names = {
        ".onebyone-0123456789ab.tmp": 3_700,
        ".onebyone-abcdef012345.tmp": 3_500,
        ".onebyone-notours.tmp": 9_999,
        "block.1x1.tmp": 9_999,
    }
    for name, age in names.items():
        (target.parent / name).write_bytes(b"")
        os.utime(target.parent / name, (time.time() - age,) * 2)

    safe_file.sweep(target)

    left = {path.name for path in target.parent.iterdir()}
    assert left == {*names, "block.1x1"} - {".onebyone-0123456789ab.tmp"}


def test_sweep_leaves_links_and_folders_alone(target: Path) -> None:
    link, folder = target.with_name(".onebyone-0123456789ab.tmp"), target.with_name(".onebyone-0123456789ac.tmp")
    link.symlink_to(target)
    folder.mkdir()
    os.utime(target, (0, 0))
    os.utime(folder, (0, 0))

    safe_file.sweep(target)

    assert link.is_symlink()
    assert folder.is_dir()


def test_sweep_of_a_missing_folder_does_nothing(tmp_path: Path) -> None:
    safe_file.sweep(tmp_path / "none" / "block.1x1")

    assert list(tmp_path.iterdir()) == []


def test_require_writable_asks_without_touching(target: Path) -> None:
    safe_file.require_writable(target)
    safe_file.require_writable(target.with_name("new"))
    target.chmod(0o444)

    with pytest.raises(StorageError, match="read-only"):
        safe_file.require_writable(target)

    assert target.read_bytes() == b"old"

"""Each wrong word or file gives exit code 2 and one line on stderr, in a process of its own, for two seconds at most.

These are seconds of a processor: a busy neighbour may take as many from the wall clock.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ENOUGH_S = 2.0
PATIENCE_S = 30.0
DESIGN = '{"id": "a", "layer": {"kind": "add"}}'


def run(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment.pop("QT_QPA_PLATFORM", None)
    before = os.times()
    done = subprocess.run(
        [sys.executable, "-m", "onebyone", *words],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    assert used < ENOUGH_S
    return done


def assert_refused(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("onebyone: ")
    assert done.stderr.count("\n") == 1
    assert done.stderr.rstrip("\n").isprintable()
    assert "Traceback" not in done.stderr


def text(content: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(content, encoding="utf-8")


def data(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


FILES: dict[str, Callable[[Path], object]] = {
    "empty": data(b""),
    "binary garbage": data(bytes(range(256)) * 100),
    "pickle": data(b"\x80\x04\x95\x1b\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94."),
    "deep nesting": data(b"[" * 1_000_000),
    "deep nesting in an unknown field": data(b'{"onebyone": 1, "z": ' + b'{"a":' * 1_000_000),
    "duplicate ids": text(f'{{"onebyone": 1, "nodes": [{DESIGN}, {DESIGN}]}}'),
    "duplicate keys": text('{"onebyone": 1, "name": "a", "name": "b"}'),
    "unknown kind": text('{"onebyone": 1, "nodes": [{"id": "a", "layer": {"kind": "evil"}}]}'),
    "unknown field": text('{"onebyone": 1, "__class__": "os.system"}'),
    "wrong type": text('{"onebyone": 1, "nodes": "all"}'),
    "NaN": text('{"onebyone": 1, "nodes": [{"id": "a", "layer": {"kind": "scale", "value": NaN}}]}'),
    "huge number": data(
        b'{"onebyone": 1, "nodes": [{"id": "a", "layer": {"kind": "scale", "value": ' + b"9" * 10_000_000 + b"}}]}"
    ),
    "newer version": text('{"onebyone": 99}'),
    "id with an escape": text('{"onebyone": 1, "nodes": [{"id": "\\u001b[31m\\u202e", "layer": {"kind": "add"}}]}'),
    "invalid UTF-8": data(b'{"onebyone": 1, "z": "\xff"}'),
    "32 MiB of spaces": data(b" " * 32 * 2**20),
    "32 MiB and a byte": data(b" " * (32 * 2**20 + 1)),
    "a million nodes": data(
        b'{"onebyone":1,"nodes":[' + b",".join([b'{"id":"a","layer":{"kind":"add"}}'] * 900_000) + b"]}"
    ),
    "a million keys": data(b'{"onebyone":1,' + b",".join(b'"k%d":1' % number for number in range(1_000_000)) + b"}"),
    "folder": lambda path: path.mkdir(),
    "pipe": os.mkfifo,
    "endless device": lambda path: path.symlink_to("/dev/zero"),
    "link to itself": lambda path: path.symlink_to(path),
    "missing": lambda path: None,
}


@pytest.mark.parametrize("make", FILES.values(), ids=FILES.keys())
def test_a_bad_file_is_one_line(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "bad.1x1")

    assert_refused(run("summary", "bad.1x1", "--json", folder=tmp_path))


@pytest.mark.parametrize("command", ["check", "compare", "measure", "export", "open"])
def test_a_bad_file_is_one_line_for_every_command(tmp_path: Path, command: str) -> None:
    (tmp_path / "bad.1x1").write_text("{")
    words = {"compare": ["compare", "bad.1x1", "bad.1x1"], "export": ["export", "bad.1x1", "x.py"], "open": ["bad.1x1"]}

    assert_refused(run(*words.get(command, [command, "bad.1x1"]), folder=tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["bad.1x1"]


WORDS = {
    "no design": ["summary"],
    "unknown option": ["summary", "gallery:inception-3a", "--jsno"],
    "unknown gallery name": ["summary", "gallery:../../etc/passwd"],
    "empty name": ["summary", ""],
    "name with a newline": ["summary", "a\nb\x1b[31m\u202e.1x1"],
    "name of 300": ["summary", "x" * 300],
    "name of 100,000": ["summary", "x" * 100_000],
    "misspelt command": ["sumary", "gallery:inception-3a"],
    "too much": ["check", "gallery:inception-3a", "gallery:inception-3a"],
    "batch zero": ["measure", "gallery:inception-3a", "--batch", "0"],
    "batch huge": ["measure", "gallery:inception-3a", "--batch", "9" * 4000],
    "batch of text": ["measure", "gallery:inception-3a", "--batch", "many"],
    "threads negative": ["measure", "gallery:inception-3a", "--threads", "-1"],
    "budget NaN": ["measure", "gallery:inception-3a", "--budget", "nan"],
    "budget infinite": ["measure", "gallery:inception-3a", "--budget", "inf"],
    "budget zero": ["measure", "gallery:inception-3a", "--budget", "0"],
    "dtype unknown": ["measure", "gallery:inception-3a", "--dtype", "int8"],
    "device with code": ["measure", "gallery:inception-3a", "--device", "cpu;import os"],
    "cells of no axis": ["measure", "gallery:inception-3a", "--cells", "colour=\x1b[31m\u202e"],
    "cells and an option": ["measure", "gallery:inception-3a", "--cells", "batch=1,2", "--batch", "1"],
    "cells of 100,000": ["measure", "gallery:inception-3a", "--cells", "batch=" + "9" * 100_000],
    "roofline of a device with code": ["roofline", "--device", "cpu;import os"],
    "seven designs": ["measure", *["gallery:inception-3a"] * 7],
    "report unknown": ["measure", "gallery:inception-3a", "--report", "x.exe"],
    "report into a folder": ["measure", "gallery:inception-3a", "--report", "none/x.html"],
    "export onto a folder": ["export", "gallery:inception-3a", "folder.py"],
    "export to nowhere": ["export", "gallery:inception-3a", "none/x.py"],
    "export unknown": ["export", "gallery:inception-3a", "x.onnx"],
    "export scale": ["export", "gallery:inception-3a", "x.png", "--scale", "1e9"],
    "no display": [],
    "no display for a design": ["gallery:inception-3a"],
}


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS.keys())
def test_bad_words_are_one_line(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "folder.py").mkdir()

    assert_refused(run(*words, folder=tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["folder.py"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "bad.1x1").touch(mode=0)

    assert_refused(run("check", "bad.1x1", folder=tmp_path))


def test_a_read_only_target_stays(tmp_path: Path) -> None:
    (tmp_path / "x.1x1").touch(mode=0o444)

    assert_refused(run("export", "gallery:inception-3a", "x.1x1", folder=tmp_path))
    assert (tmp_path / "x.1x1").read_bytes() == b""


@pytest.mark.parametrize("name", ["cycle", "self-loop"])
def test_a_wrong_design_is_exit_code_one(tmp_path: Path, name: str) -> None:
    inputs = {"cycle": ("b", "a"), "self-loop": ("a", "b")}[name]
    nodes = ", ".join(
        f'{{"id": "{node}", "layer": {{"kind": "concat"}}, "inputs": ["{source}"]}}'
        for node, source in zip("ab", inputs, strict=True)
    )
    (tmp_path / "wrong.1x1").write_text(f'{{"onebyone": 1, "nodes": [{nodes}]}}')

    done = run("check", "wrong.1x1", folder=tmp_path)

    assert done.returncode == 1
    assert f"[{name}]" in done.stdout
    assert done.stderr == ""


def test_a_file_called_like_a_command_is_opened_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "check").write_text("{")

    done = run("./check", folder=tmp_path)

    assert_refused(done)
    assert "'./check' does not open" in done.stderr

"""Saves in processes that die: `python crashing_saves.py kill|exit FOLDER KILLS`, prints what was found as JSON.

A program of its own, so that it may fork: it has one thread.
"""

import json
import os
import random
import select
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

from onebyone.design import Design
from onebyone.files import safe_file
from onebyone.files.storage import dumps, loads, save

LONGEST_REST_S = 0.02
STEPS = ("stat", "open", "fstat", "fchmod", "write", "fsync", "lseek", "read", "close", "replace", "access")
DESIGNS = tuple(Design(name=f"Version {number}", notes=str(number) * 90_000) for number in range(2))


def main() -> None:
    what, folder, kills = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    target = folder / "block.1x1"
    save(DESIGNS[0], target)
    print(json.dumps(killed_at_random(target, kills) if what == "kill" else ended_at_each_step(target)))


def killed_at_random(target: Path, kills: int) -> dict[str, int]:
    """Kills a process that saves in a loop, so many times; both designs must have been seen whole.

    Its life is one save or two and a rest: on a busy machine time alone may be up before anything is saved.
    """
    rng = random.Random(7)
    found = {"damaged": 0, "old": 0, "new": 0}
    for kill in range(kills):
        pid, saved = forked(lambda writer: save_for_ever(target, writer))
        for _ in range(1 + kill % 2):
            os.read(saved, 1)
        # Nothing is looked for: this waits, for a random time.
        select.select([], [], [], rng.random() * LONGEST_REST_S)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(saved)
        found[state_of(target)] += 1
        for litter in target.parent.glob(".onebyone-*.tmp"):
            litter.unlink()
    return found


def save_for_ever(target: Path, writer: int) -> None:
    """Saves one design after the other, and says so after each."""
    for number in count():
        save(DESIGNS[number % 2], target)
        os.write(writer, b"!")


def ended_at_each_step(target: Path) -> dict[str, int]:
    """Ends the process after the first, second, ... system call of a save, until one gets through."""
    found = {"damaged": 0, "old": 0, "new": 0, "steps": 0}
    for last in count(1):
        save(DESIGNS[0], target)
        pid, reader = forked(lambda _, last=last: save_for(last, target))  # type: ignore[misc]
        _, status = os.waitpid(pid, 0)
        os.close(reader)
        found[state_of(target)] += 1
        if os.waitstatus_to_exitcode(status) == 0:
            found["steps"] = last - 1
            return found
    raise AssertionError


def save_for(steps: int, target: Path) -> None:
    """Saves, and ends the process without any farewell after so many system calls."""
    left = steps

    def counted(function: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            nonlocal left
            result = function(*arguments, **options)
            left -= 1
            if left == 0:
                os._exit(9)
            return result

        return call

    for name in STEPS:
        setattr(safe_file.os, name, counted(getattr(os, name)))
    save(DESIGNS[1], target)


def forked(work: Callable[[int], object]) -> tuple[int, int]:
    """A child at work, and a pipe for what it has to say."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        work(writer)
        os._exit(0)
    os.close(writer)
    return pid, reader


def state_of(target: Path) -> str:
    data = target.read_bytes()
    if data not in [dumps(design) for design in DESIGNS]:
        return "damaged"
    return "old" if loads(data) == DESIGNS[0] else "new"


if __name__ == "__main__":
    main()

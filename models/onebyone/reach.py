"""What can be reached from some nodes along the wires, in either direction."""

from collections.abc import Callable, Iterable


def reached(starts: Iterable[str], following: Callable[[str], Iterable[str]]) -> set[str]:
    """The starts and all that comes after them, each followed once; `following` gives what comes next after one."""
    found = set(starts)
    waiting = list(found)
    while waiting:
        for name in following(waiting.pop()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found

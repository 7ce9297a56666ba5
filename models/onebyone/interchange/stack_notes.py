"""What torch.export notes beside every operator: the modules around it, and the lines of source that called it."""

import re

_LONGEST = 200_000
_LIBRARY = re.compile(r"[/\\]torch[/\\](nn|_)")
_ASSIGNED = re.compile(r"\s*([A-Za-z_]\w*)\s*(?:[-+*/@|&]|//|\*\*)?=[^=]")


def module_of(note: str, modules: dict[str, str]) -> str:
    """The path of the innermost module of an `nn_module_stack`; all on the way are added to `modules` with their class.

    A module that is called a second time has "@1" at the end of its key, and of its path here.
    """
    path = ""
    for entry in note[:_LONGEST].split(";"):
        key, _, rest = entry.partition(",")
        inner, _, kind = rest.rpartition(",")
        if not inner:
            continue
        _, again, call = key.rpartition("@")
        path = f"{inner}@{call}" if again and call.isdigit() else inner
        modules.setdefault(path, kind.rpartition(".")[2])
    return path


def variable_of(trace: str) -> str:
    """The variable that the innermost line outside of torch assigns to, or the empty text."""
    lines = trace[:_LONGEST].splitlines()
    for place in range(len(lines) - 2, -1, -1):
        if lines[place].lstrip().startswith('File "') and not _LIBRARY.search(lines[place]):
            found = _ASSIGNED.match(lines[place + 1])
            return found[1] if found else ""
    return ""

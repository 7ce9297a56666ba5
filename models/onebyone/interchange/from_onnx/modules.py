"""The modules that the operators of an ONNX file stood in, as both of torch's exporters write them down."""

import re

from onebyone.interchange.from_onnx.node import OnnxNode

_SCOPES = "pkg.torch.onnx.name_scopes"
_CLASSES = "pkg.torch.onnx.class_hierarchy"
_LONGEST_NOTE = 20_000
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
# Names that only count.
_NUMBERED = re.compile(r"(n|node)?_?[0-9]*\Z")
_NAMED = re.compile(r"[A-Za-z][A-Za-z0-9_./ -]*\Z")


def module_of(node: OnnxNode, modules: dict[str, str]) -> tuple[str, str]:
    """The path of the module that a node stood in and its name there; modules on the way are added to `modules`."""
    if _SCOPES in node.notes:
        return _from_notes(node, modules)
    if node.name.startswith("/"):
        return _from_name(node.name, modules)
    made = next((output for output in node.outputs if output), "")
    name = made if _NUMBERED.match(node.name.removeprefix(node.kind)) else node.name
    return "", name if _NAMED.match(name) else ""


def _from_notes(node: OnnxNode, modules: dict[str, str]) -> tuple[str, str]:
    """The exporter by torch.export notes the paths of all modules around a node, then the node, and their classes."""
    paths, classes = _texts(node.notes[_SCOPES]), _texts(node.notes.get(_CLASSES, ""))
    classes += [""] * (len(paths) - len(classes))
    for path, kind in zip(paths[:-1], classes, strict=False):
        if path:
            modules.setdefault(path, kind.rpartition(".")[2])
    return (paths[-2] if len(paths) > 1 else ""), (paths[-1] if paths else "")


def _texts(note: str) -> list[str]:
    return [one or other for one, other in _QUOTED.findall(note)] if len(note) <= _LONGEST_NOTE else []


def _from_name(name: str, modules: dict[str, str]) -> tuple[str, str]:
    """The older exporter names a node by its modules: "/layer1/layer1.0/conv1/Conv" stood in "layer1.0.conv1"."""
    *scopes, own = [part for part in name.split("/") if part] or [""]
    path = before = ""
    for scope in scopes[:64]:
        # A module in a container has the container's name before its own.
        inside = before and scope.startswith(f"{before}.")
        path = f"{path}{scope[len(before) :]}" if inside else f"{path}.{scope}" if path else scope
        before = scope
        modules.setdefault(path, "")
    return path, own

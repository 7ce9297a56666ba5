"""The borders: what loads what."""

import ast
import inspect
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import onebyone
from onebyone.layers import CATALOGUE
from onebyone_desktop.window.actions import SPECS
from onebyone_desktop.window.dispatch import commands_class

ROOT = Path(__file__).parents[1]
PACKAGES = {"onebyone": ROOT / "models", "onebyone_desktop": ROOT / "desktop"}
HEAVY = ("PySide6", "torch", "numpy", "networkx", "pyqtgraph", "jinja2")


def loaded_after(code: str) -> set[str]:
    """The heavy packages that a fresh interpreter has loaded after running the code."""
    report = f"\nimport sys\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code + report], capture_output=True, text=True, timeout=60, check=True)
    return set(eval(done.stdout.strip().splitlines()[-1]))


def modules_of(package: str) -> dict[str, Path]:
    """The files of a package by the names of their modules."""
    root = PACKAGES[package]
    names = {file: ".".join(file.relative_to(root).with_suffix("").parts) for file in (root / package).rglob("*.py")}
    return {name.removesuffix(".__init__"): file for file, name in names.items()}


def imported_by(file: Path, known: dict[str, Path]) -> Iterator[str]:
    """The modules that a file imports, wherever in it, those that are only needed for types too."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                yield submodule if submodule in known else str(node.module)


def imports_of(package: str) -> Any:
    """The files of a package as a graph, with an edge from each to those that it imports."""
    import networkx as nx

    known = modules_of(package)
    graph = nx.DiGraph()
    for name, file in known.items():
        graph.add_edges_from((name, other) for other in imported_by(file, known) if other in known and other != name)
    return graph


@pytest.mark.parametrize("package", PACKAGES)
def test_no_files_import_each_other_in_a_circle(package: str) -> None:
    import networkx as nx

    circles = [sorted(part) for part in nx.strongly_connected_components(imports_of(package)) if len(part) > 1]

    assert not circles, "\n".join(f"These files form a circle: {', '.join(names)}" for names in circles)


def asks_for_a_kind(node: ast.AST) -> bool:
    """Whether a piece of code tells layers apart by their class or by their tag."""
    names = {kind.__name__ for kind in CATALOGUE.values()}
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance":
        return bool(names & {each.id for each in ast.walk(node.args[1]) if isinstance(each, ast.Name)})
    if isinstance(node, ast.Compare) and isinstance(node.left, ast.Attribute) and node.left.attr == "kind":
        values = [each.value for part in node.comparators for each in ast.walk(part) if isinstance(each, ast.Constant)]
        return bool(CATALOGUE.keys() & set(values))
    return False


@pytest.mark.parametrize("package", PACKAGES)
def test_only_the_layers_tell_kinds_apart(package: str) -> None:
    files = [file for name, file in modules_of(package).items() if not name.startswith("onebyone.layers")]

    asking = [
        f"{file.name}:{node.lineno}"
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if asks_for_a_kind(node)
    ]

    assert not asking, f"Ask a member of the layer, so that a new kind can answer, in {', '.join(asking)}."


def test_no_room_of_the_window_knows_the_main_window() -> None:
    main_window = "onebyone_desktop.window.main_window"

    knowing = set(imports_of("onebyone_desktop").predecessors(main_window))

    assert {name for name in knowing if not name.startswith("onebyone_desktop.window.")} == {"onebyone_desktop.app"}


def test_no_name_of_ours_hides_one_of_qt() -> None:
    overridden = {"clone", "count", "data", "event", "paint", "pixmap", "run", "validate"}
    hiding = []
    for module in map(import_module, modules_of("onebyone_desktop")):
        for name, kind in vars(module).items():
            if not inspect.isclass(kind) or kind.__module__ != module.__name__:
                continue
            qt = {own for base in kind.__mro__ if base.__module__.startswith("PySide6") for own in vars(base)}
            # What is written in camelCase is meant to override.
            hiding += [f"{name}.{own}" for own in vars(kind) if own in qt and own.islower() and own[0] != "_"]

    assert {own.partition(".")[2] for own in hiding} <= overridden, hiding


def test_every_action_has_its_command() -> None:
    missing = [
        spec.name for spec in SPECS if not hasattr(commands_class(spec.name.partition(".")[0]), spec.name.split(".")[1])
    ]

    assert not missing


def test_the_engine_is_light() -> None:
    assert loaded_after("import onebyone") == set()


def test_the_list_of_formats_is_light() -> None:
    assert loaded_after("import onebyone.formats") == set()


def test_loading_a_design_needs_only_msgspec() -> None:
    assert loaded_after("import onebyone; onebyone.loads(b'{\"onebyone\": 1}'); onebyone.gallery.names()") == set()


def test_the_function_torch_source_is_not_hidden_by_a_module() -> None:
    code = (
        "import onebyone.pytorch_source, onebyone.gallery; onebyone.torch_source(onebyone.gallery.load('inception-3a'))"
    )

    assert loaded_after(code) == set()


def test_analysis_and_source_need_nothing_heavy() -> None:
    code = "import onebyone; onebyone.torch_source(onebyone.gallery.load('inception-3a'))"

    assert loaded_after(code) == set()


def test_only_a_cycle_needs_networkx() -> None:
    code = """
import onebyone
from onebyone.analysis import analyze
from onebyone.design import Design, Node
from onebyone.layers import Conv2d
def design(*wires):
    return Design(nodes=tuple(Node(f"n{place}", Conv2d(1), inputs=inputs) for place, inputs in enumerate(wires)))
analyze(design((), ("n0",), ("gone",), ("n3",)))
assert "networkx" not in __import__("sys").modules
analyze(design(("n1",), ("n0",)))
"""
    assert loaded_after(code) == {"networkx"}


def test_a_shown_window_has_loaded_neither_torch_nor_plots_nor_graphs() -> None:
    code = """
from PySide6.QtWidgets import QApplication
from onebyone_desktop.app import make_window
app = QApplication([])
window = make_window()
window.show()
app.processEvents()
"""
    assert loaded_after(code) == {"PySide6"}


def test_a_window_with_a_design_never_loads_torch() -> None:
    code = """
from PySide6.QtWidgets import QApplication
from onebyone_desktop.app import make_window
app = QApplication([])
window = make_window(["gallery:inception-3a"])
window.show()
app.processEvents()
"""
    assert loaded_after(code) == {"PySide6", "networkx"}


def test_twenty_thousand_signals_do_not_lose_references() -> None:
    code = """
from PySide6.QtCore import QObject, Signal
class Sender(QObject):
    sent = Signal(bool, object)
sender = Sender()
received = []
sender.sent.connect(lambda flag, thing: received.append(flag))
for _ in range(20_000):
    sender.sent.emit(True, None)
assert len(received) == 20_000
"""
    assert loaded_after(code) == {"PySide6"}


def test_the_engine_lists_its_public_names_and_no_others() -> None:
    assert dir(onebyone) == sorted(onebyone.__all__)
    assert all(getattr(onebyone, name) is not None for name in dir(onebyone))

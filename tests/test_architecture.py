"""The borders: what loads what."""

import subprocess
import sys

HEAVY = ("PySide6", "torch", "numpy", "networkx", "pyqtgraph", "jinja2")


def loaded_after(code: str) -> set[str]:
    """The heavy packages that a fresh interpreter has loaded after running the code."""
    report = f"\nimport sys\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code + report], capture_output=True, text=True, timeout=60, check=True)
    return set(eval(done.stdout.strip().splitlines()[-1]))


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

    assert loaded_after(code) == {"networkx"}


def test_analysis_and_source_need_no_torch() -> None:
    code = "import onebyone; onebyone.torch_source(onebyone.gallery.load('inception-3a'))"

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

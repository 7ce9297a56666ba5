"""`onebyone import`: code of the user's own, run where it was consented to, and whatever it does."""

import json

import pytest

from onebyone.cli.main import main
from onebyone.errors import CancelledError, ModelFileError
from onebyone.files.storage import load
from onebyone.interchange import capturing
from onebyone.interchange.capturing import CaptureRequest, capture, parse_target
from tests.processes import wait_until_gone

NET = """
import torch
from torch import nn

print("noise on stdout")


class Net(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU())
        self.mix = nn.Conv2d(8, 8, 1)
        self.head = nn.Linear(8, classes)

    def forward(self, x):
        x = self.stem(x)
        x = x + self.mix(x)
        return self.head(x.mean((2, 3)))
"""


@pytest.fixture
def net(tmp_path):
    path = tmp_path / "net.py"
    path.write_text(NET)
    return path


def test_a_file_of_ones_own_becomes_a_design(net, tmp_path, capsys) -> None:
    target = tmp_path / "net.1x1"

    options = ["--arg", "classes=5", "--input", "3x32x32", "--trust", "--json", "-o", str(target)]
    code = main(["import", f"{net}:Net", *options])

    report = json.loads(capsys.readouterr().out)
    assert code == 0
    assert report["native"] is True
    assert report["equal"] in {"bit", "float64"}
    assert report["parameters"] == 3 * 8 * 9 + 8 + 8 * 8 + 8 + 8 * 5 + 5
    assert [node.id for node in load(target).nodes] == [
        "x", "stem", "mix", "add", "pool", "flatten", "head", "output",
    ]  # fmt: skip


def test_nothing_runs_without_consent(net, tmp_path, capsys) -> None:
    net.write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n{NET}")

    code = main(["import", f"{net}:Net", "--arg", "classes=5"])

    assert code == 2
    assert "--trust" in capsys.readouterr().err
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("raise ValueError('no luck')", "ValueError: no luck"),
        ("import os; os._exit(3)", "ended the process"),
        ("raise SystemExit(4)", "exit code 4"),
        ("import not_there_at_all", "not_there_at_all"),
        ("def broken(:", "syntax error in line 1"),
        ("Net = 3", "neither a module nor what makes one"),
        ("def Net():\n    return 3", "instead of a torch.nn.Module"),
        ("def Net(width):\n    return None", "needs the argument width"),
        ("import torch\nNet = torch.jit.script(torch.nn.ReLU())", "ScriptModule"),
        ("", "There is no 'Net'"),
    ],
)
def test_code_that_goes_wrong_is_one_sentence(text, reason, tmp_path) -> None:
    path = tmp_path / "code.py"
    path.write_text(text)

    with pytest.raises(ModelFileError, match=reason.replace("(", r"\(")):
        capture(CaptureRequest(str(path), "Net"))


def test_code_that_hangs_is_ended_with_what_it_started(tmp_path) -> None:
    pid_file = tmp_path / "pid"
    path = tmp_path / "hang.py"
    path.write_text(
        "import os, time\nchild = os.fork()\n"
        f"open({str(pid_file)!r}, 'a').write(str(os.getpid()) + ' ')\ntime.sleep(600)\n"
    )

    with pytest.raises(ModelFileError, match="still running after"):
        capture(CaptureRequest(str(path), "Net"), timeout=8)

    pids = [int(word) for word in pid_file.read_text().split()]
    assert len(pids) == 2
    for pid in pids:
        wait_until_gone(pid)


def test_a_child_that_outlives_the_code_is_ended(tmp_path) -> None:
    pid_file = tmp_path / "pid"
    path = tmp_path / "left.py"
    path.write_text(
        "import os, time\nchild = os.fork()\nif not child:\n    time.sleep(600)\n"
        f"open({str(pid_file)!r}, 'w').write(str(child))\nraise ValueError('done')\n"
    )

    with pytest.raises(ModelFileError, match="done"):
        capture(CaptureRequest(str(path), "Net"))

    wait_until_gone(int(pid_file.read_text()))


def test_code_that_prints_without_end_is_ended(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capturing, "_MOST_PRINTED", 100_000)
    path = tmp_path / "loud.py"
    path.write_text("while True:\n    print('x' * 1000)\n")

    with pytest.raises(ModelFileError, match="printed without end"):
        capture(CaptureRequest(str(path), "Net"))


def test_modules_of_the_users_are_not_hidden_by_ours(tmp_path) -> None:
    (tmp_path / "words.py").write_text("WIDTH = 7\n")
    (tmp_path / "capture.py").write_text("DEPTH = 2\n")
    path = tmp_path / "net.py"
    path.write_text(
        "import torch, words, capture\n"
        "def Net():\n    return torch.nn.Sequential(*[torch.nn.Conv2d(3, words.WIDTH, 1)] * (capture.DEPTH - 1))\n"
    )

    graph = capture(CaptureRequest(str(path), "Net", sizes=((3, 8, 8),)))

    assert graph.tensors[graph.outputs[0]].shape == (2, 7, 8, 8)


def test_an_import_can_be_given_up(net) -> None:
    with pytest.raises(CancelledError):
        capture(CaptureRequest(str(net), "Net", {"classes": 5}), is_cancelled=lambda: True)


@pytest.mark.parametrize("text", ["", "net", ":Net", "no/such/file.py:Net", "a-b:Net", "torch.nn:1x"])
def test_a_target_that_is_none_is_refused(text) -> None:
    with pytest.raises(ModelFileError):
        parse_target(text)

"""Files that are damaged or made to do harm: each gives a graph or a sentence, within limits, and runs nothing."""

import io
import json
import pickle
import random
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from onebyone.errors import OnebyoneError
from onebyone.interchange import model_process
from onebyone.interchange.graph import Graph
from onebyone.interchange.model_files import read_graph, write_constants
from onebyone.interchange.model_process import extract_constants, read_model_file
from tests.models import save_pt2
from tests.onnx_models import save_small, small_model

LONGEST_S = 5.0


class Marks:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return (Path.touch, (self.path,))


def small_pt2(folder: Path) -> Path:
    import torch

    torch.manual_seed(0)
    network = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.ReLU())
    return save_pt2(network.eval(), (torch.rand(2, 3, 8, 8),), folder / "small.pt2")


def rewritten(path: Path, change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None) -> Path:
    """The same zip with some entries changed, None to leave one out, and more entries."""
    with zipfile.ZipFile(path) as old:
        entries = {info.filename: old.read(info) for info in old.infolist()}
    new = path.with_name("changed.pt2")
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries.items():
            kept = change(name, data)
            if kept is not None:
                file.writestr(name, kept)
        for name, data in (extra or {}).items():
            file.writestr(name, data)
    return new


def sentence(path: Path, sizes: Any = None) -> str:
    """What is said about a file that cannot be read."""
    with pytest.raises(OnebyoneError) as caught:
        read_graph(path, sizes)
    return str(caught.value)


def test_a_pt2_with_pickles_inside_does_nothing(tmp_path: Path) -> None:
    marker = tmp_path / "it ran"
    evil = pickle.dumps(Marks(marker))
    pickle.loads(evil)
    assert marker.exists()
    marker.unlink()

    def change(name: str, data: bytes) -> bytes:
        if name.endswith("_config.json"):
            return data.replace(b'"use_pickle": false', b'"use_pickle": true')
        return evil if "/data/weights/weight" in name or name.endswith(".pt") else data

    path = rewritten(small_pt2(tmp_path), change)

    assert len(read_model_file(path).steps) == 3
    with pytest.raises(OnebyoneError, match="in a pickle, which could run any program and is not opened"):
        extract_constants(path, tmp_path / "w.safetensors")
    assert not marker.exists()


def test_a_bomb_is_refused_before_it_grows(tmp_path: Path) -> None:
    bomb = b'{"graph_module": "' + b" " * 50_000_000 + b'"}'
    path = rewritten(small_pt2(tmp_path), lambda name, data: bomb if name.endswith("model.json") else data)

    assert path.stat().st_size < 200_000
    assert "would grow 200 times and more" in sentence(path)


def test_entries_outside_of_the_archive_are_refused(tmp_path: Path) -> None:
    for name in ("../evil", "/evil", "small/../../evil", "C:/evil"):
        path = rewritten(small_pt2(tmp_path), lambda name, data: data, {name: b"evil"})

        assert "would lie outside of it" in sentence(path)


def test_deep_json_is_refused(tmp_path: Path) -> None:
    deep = b'{"graph_module": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    noisy = b'{"other": ' + b"[" * 200_000 + b"]" * 200_000 + b', "graph_module": 1}'

    for text in (deep, noisy):
        path = rewritten(small_pt2(tmp_path), lambda name, data, text=text: text if "model.json" in name else data)

        with pytest.raises(OnebyoneError):
            read_model_file(path)


def test_too_many_operators_are_refused(tmp_path: Path) -> None:
    def change(name: str, data: bytes) -> bytes:
        if not name.endswith("models/model.json"):
            return data
        model = json.loads(data)
        model["graph_module"]["graph"]["nodes"] *= 7_000
        return json.dumps(model).encode()

    path = rewritten(small_pt2(tmp_path), change)

    assert "20,000 can be opened" in sentence(path) or "more than can be read" in sentence(path)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_off_is_said_to_be_damaged(share: float, tmp_path: Path) -> None:
    whole = small_pt2(tmp_path).read_bytes()
    (tmp_path / "cut.pt2").write_bytes(whole[: int(len(whole) * share)])

    assert "save the model with torch.export.save" in sentence(tmp_path / "cut.pt2")


def test_a_state_dict_is_refused_with_a_way_on(tmp_path: Path) -> None:
    import torch

    torch.save({"w": torch.rand(2)}, tmp_path / "w.pt")
    torch.save({"w": torch.rand(2)}, tmp_path / "w.pt2")

    assert "save the model with torch.export.save as .pt2" in sentence(tmp_path / "w.pt")
    assert "save the model with torch.export.save, or import the Python" in sentence(tmp_path / "w.pt2")


def test_an_expression_in_a_size_is_never_evaluated(tmp_path: Path) -> None:
    marker = tmp_path / "it ran"
    code = f"open({str(marker)!r}, 'w')"

    def change(name: str, data: bytes) -> bytes:
        if not name.endswith("models/model.json"):
            return data
        model = json.loads(data)
        for meta in model["graph_module"]["graph"]["tensor_values"].values():
            meta["sizes"][:1] = [{"as_expr": {"expr_str": code, "hint": {"as_int": 2}}}]
        return json.dumps(model).encode()

    said = sentence(rewritten(small_pt2(tmp_path), change))

    assert said.startswith("A size in it") and not marker.exists()


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A file with some bytes changed, dropped, repeated or cut off."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        place = chance.randrange(len(changed))
        match chance.randrange(5):
            case 0 | 1:
                changed[place] = chance.randrange(256)
            case 2:
                changed[place] ^= 1 << chance.randrange(8)
            case 3:
                del changed[place : place + chance.choice((1, 2, 16))]
            case 4:
                changed[place:place] = changed[place : place + chance.choice((1, 8, 64))]
    return bytes(changed)


def refusal(path: Path, target: Path | None = None) -> str:
    """What is said about a file that cannot be read, or nothing."""
    try:
        graph = read_graph(path)
        # Whatever was read can be sent.
        assert msgspec.json.decode(msgspec.json.encode(graph), type=Graph) == graph
        if target is not None:
            write_constants(path, target)
    except OnebyoneError as error:
        return str(error)
    return ""


def mutable_models() -> list[bytes]:
    """Small ONNX files with arithmetic on shapes, pools, norms and resizing, most of their bytes structure."""
    import numpy
    from onnx import helper

    node = helper.make_node
    ones = {f"n{place}": numpy.ones(4, numpy.float32) for place in range(4)}
    first = small_model(
        [
            node("Conv", ["x", "w"], ["a"], pads=[1, 1, 1, 1], strides=[2, 2], name="/layer/conv/Conv"),
            node("BatchNormalization", ["a", "n0", "n1", "n2", "n3"], ["b"], epsilon=1e-5),
            node("MaxPool", ["b"], ["c"], kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1),
            node("Shape", ["c"], ["s"]),
            node("Gather", ["s", "zero"], ["n"]),
            node("Concat", ["n", "rest"], ["v"], axis=0),
            node("Reshape", ["c", "v"], ["d"]),
            node("Gemm", ["d", "g"], ["y"], transB=1, alpha=0.5),
        ],
        {
            "w": numpy.ones((4, 2, 3, 3), numpy.float32),
            **ones,
            "zero": numpy.array([0]),
            "rest": numpy.array([-1]),
            "g": numpy.ones((3, 16), numpy.float32),
        },
        ["batch", 2, 8, 8],
    )
    second = small_model(
        [
            node("Resize", ["x", "", "scales"], ["a"], mode="linear"),
            node("Pad", ["a", "pads"], ["b"]),
            node("Slice", ["b", "starts", "ends", "axes"], ["c"]),
            node("Transpose", ["c"], ["d"], perm=[0, 2, 3, 1]),
            node("ReduceMean", ["d"], ["e"], axes=[1, 2]),
            node("Range", ["zero", "four", "one"], ["r"]),
            node("Tile", ["r", "times"], ["t"]),
            node("ConstantOfShape", ["t"], ["f"]),
            node("Expand", ["e", "t2"], ["y"]),
        ],
        {
            "scales": numpy.array([1, 1, 2, 2], numpy.float32),
            "pads": numpy.array([0, 0, 1, 1, 0, 0, 1, 1]),
            "starts": numpy.array([1]),
            "ends": numpy.array([9]),
            "axes": numpy.array([2]),
            "zero": numpy.array(0),
            "one": numpy.array(1),
            "four": numpy.array(4),
            "times": numpy.array([2]),
            "t2": numpy.array([1, 2]),
        },
        [1, 2, 6, 6],
    )
    return [model.SerializeToString() for model in (first, second)]


def test_a_mutated_onnx_file_gives_a_graph_or_a_sentence(tmp_path: Path, sized: Callable[[int, int], int]) -> None:
    chance = random.Random(0)
    models, path = mutable_models(), tmp_path / "mutated.onnx"
    graphs = sentences = 0

    for count in range(sized(200, 20_000)):
        path.write_bytes(mutated(models[count % 2], chance))
        started = time.perf_counter()
        said = refusal(path)
        graphs, sentences = graphs + (not said), sentences + bool(said)
        assert not said or (said[0].isupper() and said.endswith(".")), said
        assert time.perf_counter() - started < LONGEST_S

    # Chance finds both, or it does not mutate what matters.
    assert graphs > 10 and sentences > 10


def test_a_mutated_pt2_file_gives_a_graph_or_a_sentence(tmp_path: Path, sized: Callable[[int, int], int]) -> None:
    chance = random.Random(0)
    path, made = small_pt2(tmp_path), tmp_path / "mutated.pt2"
    with zipfile.ZipFile(path) as archive:
        entries = {info.filename: archive.read(info) for info in archive.infolist()}
    text = next(name for name in entries if name.endswith("models/model.json"))

    for count in range(sized(100, 2_000)):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, data in entries.items():
                archive.writestr(name, mutated(data, chance) if name == text and count % 2 else data)
        made.write_bytes(buffer.getvalue() if count % 2 else mutated(buffer.getvalue(), chance))
        said = refusal(made, tmp_path / "w.safetensors")
        assert not said or said.endswith("."), said


def test_the_process_gives_what_reading_here_gives(tmp_path: Path) -> None:
    onnx = save_small(
        tmp_path / "net.onnx", "MaxPool", {"kernel_shape": [3, 3], "pads": [2, 2, 2, 2]}, (), [1, 3, 9, 9], 17
    )

    for path in (onnx, small_pt2(tmp_path)):
        assert read_model_file(path) == read_graph(path)
        extract_constants(path, tmp_path / "theirs.safetensors")
        write_constants(path, tmp_path / "ours.safetensors")
        assert (tmp_path / "theirs.safetensors").read_bytes() == (tmp_path / "ours.safetensors").read_bytes()


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import os; os.kill(os.getpid(), 11)", r"the process that read it ended \(code -11\)"),
        ("import time; time.sleep(60)", "was not read within 1 s"),
        ("import sys; sys.stdout.write('x' * 30_000_000)", "describes more than can be opened"),
        ("print('nonsense')", r"the process that read it ended \(code 0\)"),
    ],
    ids=["crash", "hang", "flood", "nonsense"],
)
def test_what_a_reading_process_does_is_a_sentence(
    program: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setattr(model_process, "command", lambda: [sys.executable, "-c", program])
    monkeypatch.setattr(model_process, "TIMEOUT_S", 1)
    monkeypatch.setattr(model_process, "MAX_ANSWER_BYTES", 10_000_000)

    with pytest.raises(OnebyoneError, match=said):
        read_model_file(tmp_path / "any.onnx")


def test_memory_that_a_file_asks_for_is_bounded(tmp_path: Path) -> None:
    import numpy
    from onnx import helper, save

    fill = helper.make_node("ConstantOfShape", ["shape"], ["f"])
    model = small_model([fill, helper.make_node("Add", ["x", "f"], ["y"])], {"shape": numpy.array([2**35])}, [1, 1])
    save(model, tmp_path / "fill.onnx")

    with pytest.raises(OnebyoneError, match=r"128 GiB, more than a file of weights may have"):
        extract_constants(tmp_path / "fill.onnx", tmp_path / "w.safetensors")

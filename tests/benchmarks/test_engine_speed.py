"""Budgets of the engine, printed as times and as ratios within one run: `pytest tests/benchmarks`."""

import importlib.util
import statistics
import time
from collections.abc import Callable

import pytest

from onebyone import edits
from onebyone.analysis import analyze
from onebyone.design import Design, Node
from onebyone.files.storage import dumps, loads
from onebyone.gallery import load
from onebyone.gallery.inception import ROWS, reduced_module
from onebyone.layers import AdaptiveAvgPool2d, Add, Conv2d, Flatten, Input, Linear, MaxPool2d, Output
from onebyone.pytorch_source import torch_module


def seconds(work: Callable[[], object], repeats: int = 31) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def chain(count: int) -> Design:
    nodes = [Node("input", Input(64, 28, 28))]
    for place in range(count - 2):
        nodes.append(Node(f"n{place}", Conv2d(64, (3, 3), padding=(1, 1)), inputs=(nodes[-1].id,)))
    return Design("Chain", nodes=(*nodes, Node("output", Output(), inputs=(nodes[-1].id,))))


def stacked_modules() -> Design:
    """As many nodes as GoogLeNet drawn with separate activations: modules one behind the other."""
    nodes = [Node("input", Input(192, 28, 28))]
    source = "input"
    for number in range(17):
        for node in reduced_module(ROWS["3a"], "SOURCE"):
            inputs = tuple(source if name == "SOURCE" else f"m{number}_{name}" for name in node.inputs)
            nodes.append(Node(f"m{number}_{node.id}", node.layer, inputs=inputs))
        source = f"m{number}_concat"
    tail = [("pool", AdaptiveAvgPool2d()), ("flat", Flatten()), ("fc", Linear(1000)), ("output", Output())]
    for name, layer in tail:
        nodes.append(Node(name, layer, inputs=(source,)))
        source = name
    return Design("Stacked modules", nodes=tuple(nodes))


def residual(blocks: int) -> Design:
    """Bottlenecks one behind the other; with 103 blocks as many nodes as ResNet-152 drawn with separate norms."""
    nodes = [Node("input", Input(256, 14, 14)), Node("pool", MaxPool2d((3, 3), (1, 1), (1, 1)), inputs=("input",))]
    source = "pool"
    for number in range(blocks):
        narrow = Node(f"a{number}", Conv2d(64), inputs=(source,))
        middle = Node(f"b{number}", Conv2d(64, (3, 3), padding=(1, 1)), inputs=(narrow.id,))
        wide = Node(f"c{number}", Conv2d(256), inputs=(middle.id,))
        relu = Node(f"d{number}", Conv2d(256), inputs=(wide.id,))
        nodes += [narrow, middle, wide, relu, Node(f"s{number}", Add(), inputs=(relu.id, source))]
        source = f"s{number}"
    return Design("Residual", nodes=(*nodes, Node("output", Output(), inputs=(source,))))


@pytest.mark.parametrize(
    ("name", "design", "budget_ms"),
    [
        ("Inception 3a", load("inception-3a"), 0.15),
        ("141 nodes of Inception modules", stacked_modules(), 1),
        ("518 nodes of residual blocks", residual(103), 3),
        ("1,000 nodes", chain(1_000), 8),
        ("10,000 nodes", chain(10_000), 120),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_full_analysis(name: str, design: Design, budget_ms: float) -> None:
    took = seconds(lambda: analyze(design)) * 1e3
    print(f"\nfull analysis, {name}: {took:.3f} ms, budget {budget_ms} ms, {took / budget_ms:.2f} of it")


def test_local_edit_against_full_analysis() -> None:
    design = chain(1_000)
    before = analyze(design)
    edited = edits.set_fields(design, "n500", {"bias": False})

    full, local = seconds(lambda: analyze(edited)), seconds(lambda: analyze(edited, previous=before))

    print(f"\nlocal edit at 1,000 nodes: {local * 1e6:.0f} µs; full ÷ local = {full / local:.0f} (budget 20)")


def test_loading_a_thousand_nodes() -> None:
    data = dumps(chain(1_000))

    print(f"\nload and validate 1,000 nodes: {seconds(lambda: loads(data)) * 1e3:.2f} ms, budget 5 ms")


def test_torch_meta_forward_over_our_analysis() -> None:
    torch = pytest.importorskip("torch")
    design = stacked_modules()
    generated = torch_module(design)
    names: dict = {}
    exec(generated.text, names)
    with torch.device("meta"):
        module = names[generated.class_name]().eval()
    shapes: list = []
    for part in module.modules():
        part.register_forward_hook(lambda _module, _inputs, output: shapes.append(output.shape))
    sample = torch.empty(1, 192, 28, 28, device="meta")
    with torch.no_grad():
        peer = seconds(lambda: module(sample), 11)

    ours = seconds(lambda: analyze(design))

    print(f"\ntorch meta forward with hooks ÷ our full analysis: {peer / ours:.1f} (budget 30)")


@pytest.mark.skipif(importlib.util.find_spec("onnx") is None, reason="onnx is not installed")
def test_onnx_shape_inference_over_our_analysis() -> None:
    import onnx
    from onnx import TensorProto, helper

    design = stacked_modules()
    analysis = analyze(design)
    graph_nodes, weights = [], []
    for name in analysis.order:
        node = design.node(name)
        layer = node.layer
        if isinstance(layer, Conv2d):
            shape = [layer.out_channels, analysis.nodes[name].inputs[0][0], *layer.kernel]
            weights.append(helper.make_tensor_value_info(f"{name}_w", TensorProto.FLOAT, shape))
            pads = [*layer.padding, *layer.padding]
            graph_nodes.append(helper.make_node("Conv", [node.inputs[0], f"{name}_w"], [name], pads=pads))
        elif isinstance(layer, MaxPool2d):
            pads = [*layer.padding, *layer.padding]
            made = helper.make_node(
                "MaxPool", [node.inputs[0]], [name], kernel_shape=layer.kernel, strides=layer.steps, pads=pads
            )
            graph_nodes.append(made)
        elif layer.kind == "concat":
            graph_nodes.append(helper.make_node("Concat", list(node.inputs), [name], axis=1))
        elif layer.kind == "adaptive_avg_pool2d":
            graph_nodes.append(helper.make_node("GlobalAveragePool", [node.inputs[0]], [name]))
        elif layer.kind == "flatten":
            graph_nodes.append(helper.make_node("Flatten", [node.inputs[0]], [name]))
        elif isinstance(layer, Linear):
            weights.append(helper.make_tensor_value_info(f"{name}_w", TensorProto.FLOAT, [256, layer.out_features]))
            graph_nodes.append(helper.make_node("Gemm", [node.inputs[0], f"{name}_w"], [name]))
    entry = helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 192, 28, 28])
    leaving = helper.make_tensor_value_info("fc", TensorProto.FLOAT, [1, 1000])
    model = helper.make_model(helper.make_graph(graph_nodes, "g", [entry, *weights], [leaving]))

    peer = seconds(lambda: onnx.shape_inference.infer_shapes(model), 11)
    ours = seconds(lambda: analyze(design))

    print(f"\nONNX shape inference ÷ our full analysis: {peer / ours:.2f} (budget 1.0)")


def test_generated_module_over_hand_written() -> None:
    torch = pytest.importorskip("torch")
    from torch import nn

    class HandWritten(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.b1 = nn.Sequential(nn.Conv2d(192, 64, 1), nn.ReLU())
            self.b2 = nn.Sequential(nn.Conv2d(192, 96, 1), nn.ReLU(), nn.Conv2d(96, 128, 3, padding=1), nn.ReLU())
            self.b3 = nn.Sequential(nn.Conv2d(192, 16, 1), nn.ReLU(), nn.Conv2d(16, 32, 5, padding=2), nn.ReLU())
            self.b4 = nn.Sequential(nn.MaxPool2d(3, 1, 1), nn.Conv2d(192, 32, 1), nn.ReLU())

        def forward(self, x):
            return torch.cat([self.b1(x), self.b2(x), self.b3(x), self.b4(x)], 1)

    names: dict = {}
    generated = torch_module(load("inception-3a"))
    exec(generated.text, names)
    ours, theirs = names[generated.class_name]().eval(), HandWritten().eval()
    sample = torch.randn(1, 192, 28, 28)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    ratios = []
    with torch.inference_mode():
        for _ in range(20):
            ours(sample), theirs(sample)
        for _ in range(150):
            ratios.append(seconds(lambda: ours(sample), 1) / seconds(lambda: theirs(sample), 1))
    torch.set_num_threads(threads)
    print(f"\ngenerated ÷ hand-written, Inception 3a: {statistics.median(ratios):.3f} (budget 1.00)")

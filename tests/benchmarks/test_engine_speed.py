"""Budgets of the engine, printed as times and as ratios within one run: `pytest tests/benchmarks`."""

import importlib.util
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from onebyone import edits
from onebyone.analysis import analyze
from onebyone.design import Design, Node
from onebyone.files.storage import dumps, loads
from onebyone.gallery import load
from onebyone.gallery.inception import ROWS, reduced_module
from onebyone.layers import (
    Activation,
    AdaptiveAvgPool2d,
    Add,
    AvgPool2d,
    Conv2d,
    Flatten,
    Input,
    Layer,
    Linear,
    MaxPool2d,
    Output,
)
from onebyone.pytorch_source import torch_module


def seconds(work: Callable[[], object], repeats: int = 31) -> float:
    """The median of the processor's time, so that what else the machine does is left out; all work is one thread's."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def forget() -> None:
    """Empties every cache of the engine."""
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] == "onebyone":
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def cold_and_warm(design: Design, repeats: int = 31) -> tuple[float, float]:
    """Seconds of a full analysis: of a design that was just read, without any cache, and of the same design again."""
    data = dumps(design)
    cold = []
    for _ in range(repeats):
        forget()
        fresh = loads(data)
        cold.append(seconds(lambda design=fresh: analyze(design), 1))
    return statistics.median(cold), seconds(lambda: analyze(design), repeats)


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


def googlenet_with_activations() -> Design:
    """GoogLeNet drawn with each activation as a node of its own, as ONNX counts."""
    nodes: list[Node] = []
    result: dict[str, str] = {}
    for node in load("googlenet").nodes:
        inputs = tuple(result.get(source, source) for source in node.inputs)
        layer = node.layer
        if isinstance(layer, Conv2d) and layer.activation != "none":
            result[node.id] = f"{node.id}_act"
            nodes.append(Node(node.id, msgspec.structs.replace(layer, activation="none"), inputs=inputs))
            nodes.append(Node(f"{node.id}_act", Activation(layer.activation), inputs=(node.id,)))
        else:
            nodes.append(Node(node.id, layer, inputs=inputs))
    return Design("GoogLeNet", nodes=tuple(nodes))


@pytest.mark.parametrize(
    ("name", "design", "budget_ms"),
    [
        ("Inception 3a", load("inception-3a"), 0.15),
        ("GoogLeNet, 145 nodes", googlenet_with_activations(), 1),
        ("141 nodes of Inception modules", stacked_modules(), 1),
        ("518 nodes of residual blocks", residual(103), 3),
        ("1,000 nodes", chain(1_000), 8),
        ("10,000 nodes", chain(10_000), 120),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_full_analysis(name: str, design: Design, budget_ms: float) -> None:
    cold, warm = (took * 1e3 for took in cold_and_warm(design))
    print(
        f"\nfull analysis, {name}: cold {cold:.3f} ms, warm {warm:.3f} ms, budget {budget_ms} ms,"
        f" {cold / budget_ms:.2f} and {warm / budget_ms:.2f} of it"
    )


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
@pytest.mark.parametrize(
    ("name", "design"),
    [("GoogLeNet, 145 nodes", googlenet_with_activations()), ("141 nodes of Inception modules", stacked_modules())],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_onnx_shape_inference_over_our_analysis(name: str, design: Design) -> None:
    import onnx

    model, data = onnx_model(design), dumps(design)
    inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=False)
    assert len(inferred.graph.value_info) >= len(model.graph.node) - 1
    peer, cold, warm = [], [], []
    # In turn, so that what else the machine does slows each of them alike.
    for _ in range(101):
        peer.append(seconds(lambda: onnx.shape_inference.infer_shapes(model), 1))
        forget()
        fresh = loads(data)
        cold.append(seconds(lambda design=fresh: analyze(design), 1))
        warm.append(seconds(lambda: analyze(design), 1))
    ratios = [statistics.median(peer) / statistics.median(ours) for ours in (cold, warm)]

    print(
        f"\nONNX shape inference of {len(model.graph.node)} nodes ÷ our full analysis, {name}:"
        f" cold {ratios[0]:.2f}, warm {ratios[1]:.2f} (budget 1.0)"
    )


def onnx_model(design: Design) -> Any:
    """The design as ONNX knows it, node for node, with weights of known shape."""
    from onnx import TensorProto, helper

    analysis = analyze(design)
    nodes, given = [], []
    for name in analysis.order:
        node, found = design.node(name), analysis.nodes[name]
        layer = node.layer
        if layer.is_entry:
            given.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, *found.shape]))
        elif not layer.is_exit:
            inputs = list(node.inputs)
            if isinstance(layer, Conv2d | Linear):
                size = layer.kernel if isinstance(layer, Conv2d) else ()
                shape = [found.shape[0], found.inputs[0][0], *size]
                given.append(helper.make_tensor_value_info(f"{name}_w", TensorProto.FLOAT, shape))
                inputs.append(f"{name}_w")
            operator, attributes = onnx_operator(layer)
            nodes.append(helper.make_node(operator, inputs, [name], **attributes))
    (end,) = (design.node(name).inputs[0] for name in analysis.output_ids)
    leaving = helper.make_tensor_value_info(end, TensorProto.FLOAT, [1, *analysis.nodes[end].shape])
    return helper.make_model(helper.make_graph(nodes, "g", given, [leaving]))


def onnx_operator(layer: Layer) -> tuple[str, dict[str, Any]]:
    """The operator of a layer and its attributes, without those that ONNX takes for granted."""
    if isinstance(layer, Conv2d | MaxPool2d | AvgPool2d):
        pooled = isinstance(layer, MaxPool2d | AvgPool2d)
        attributes: dict[str, Any] = {"pads": [*layer.padding, *layer.padding]}
        attributes |= {"kernel_shape": layer.kernel} if pooled else {}
        strides = layer.steps if pooled else layer.stride
        attributes |= {"strides": strides} if strides != (1, 1) else {}
        attributes |= {"ceil_mode": 1} if pooled and layer.ceil_mode else {}
        return {"conv2d": "Conv", "max_pool2d": "MaxPool", "avg_pool2d": "AveragePool"}[layer.kind], attributes
    operators: dict[str, tuple[str, dict[str, Any]]] = {
        "concat": ("Concat", {"axis": 1}),
        "activation": ("Relu", {}),
        "local_response_norm": ("LRN", {"size": 5}),
        "adaptive_avg_pool2d": ("GlobalAveragePool", {}),
        "dropout": ("Dropout", {}),
        "flatten": ("Flatten", {}),
        "linear": ("Gemm", {"transB": 1}),
    }
    return operators[layer.kind]


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

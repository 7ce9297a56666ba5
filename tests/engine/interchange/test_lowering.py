"""Foreign networks as designs, held against what the originals compute."""

import msgspec
import pytest

import onebyone
from onebyone.analysis import analyze
from onebyone.errors import ModelFileError
from onebyone.grouping import Grouping
from onebyone.interchange.graph import Graph
from onebyone.interchange.lowering import lower
from onebyone.interchange.opening import open_model
from onebyone.torch_backend.capture import capture, seeded_inputs
from tests.models import network, save_onnx, save_pt2

NETWORKS = [
    "torchvision:alexnet",
    "torchvision:resnet18",
    "torchvision:googlenet",
    "torchvision:mobilenet_v2",
    "torchvision:mobilenet_v3_small",
    "torchvision:shufflenet_v2_x1_0",
    "torchvision:squeezenet1_1",
    "torchvision:efficientnet_b0",
    "torchvision:regnet_y_400mf",
    "timm:seresnet18",
    "timm:convnext_atto",
    "timm:darknet17",
]


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_computes_the_same_as_a_design(name: str) -> None:
    module = network(name)

    found = onebyone.from_torch(module, input_size=(3, 128, 128))

    assert found.report.equal in {"bit", "float64"}, found.report
    assert analyze(found.design).is_valid
    held = sum(parameter.numel() for parameter in module.parameters())
    assert found.report.parameters + found.report.parameters_not_in_graph == held


def test_googlenet_is_named_and_grouped_by_its_modules() -> None:
    found = onebyone.from_torch(network("torchvision:googlenet"))

    nodes, grouping = found.design.nodes_by_id(), Grouping(found.design)
    assert len(nodes) == 85
    assert nodes["inception3a_branch2_0"].layer.summary() == "96 · 1×1"
    around = [grouping.group(name).title for name in grouping.around("inception3a_branch2_0")]
    assert around == ["inception3a.branch2 · Sequential", "inception3a · Inception"]


def test_a_squeeze_on_vectors_becomes_1x1_convolutions() -> None:
    import torch

    class Excite(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = torch.nn.Conv2d(3, 8, 3)
            self.narrow, self.widen = torch.nn.Linear(8, 2), torch.nn.Linear(2, 8)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            x = self.conv(x)
            gate = x.mean((2, 3))
            gate = torch.sigmoid(self.widen(torch.relu(self.narrow(gate))))
            return x * gate.view(-1, 8, 1, 1)

    found = onebyone.from_torch(Excite(), input_size=(3, 16, 16))

    kinds = [node.layer.kind for node in found.design.nodes]
    assert kinds == ["input", "conv2d", "adaptive_avg_pool2d", "conv2d", "conv2d", "multiply", "output"]
    assert found.report.equal in {"bit", "float64"}


def test_a_linear_layer_on_channels_last_is_a_1x1_convolution() -> None:
    import torch

    class Mlp(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.norm, self.fc1, self.fc2 = torch.nn.LayerNorm(6), torch.nn.Linear(6, 24), torch.nn.Linear(24, 6)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            y = self.norm(x.permute(0, 2, 3, 1))
            return x + self.fc2(torch.nn.functional.gelu(self.fc1(y))).permute(0, 3, 1, 2)

    found = onebyone.from_torch(Mlp(), input_size=(6, 9, 7))

    assert [node.layer.is_pointwise for node in found.design.nodes].count(True) == 2
    assert found.report.equal in {"bit", "float64"}


def test_an_operator_without_a_layer_is_named() -> None:
    import torch

    class Strange(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.cumsum(x, 2)

    with pytest.raises(ModelFileError, match="cumsum"):
        onebyone.from_torch(Strange())


def test_a_module_keeps_its_modes_and_values() -> None:
    import torch

    module = network("torchvision:resnet18").train()
    module.layer1.eval()
    before = {name: tensor.clone() for name, tensor in module.state_dict().items()}

    onebyone.from_torch(module, input_size=(3, 64, 64))

    assert module.training and module.layer2.training and not module.layer1.training
    assert all(torch.equal(tensor, before[name]) for name, tensor in module.state_dict().items())


@pytest.mark.parametrize("size", [(3, 5), (7, 64, 64)])
def test_a_size_that_does_not_fit_is_said(size: tuple[int, ...]) -> None:
    with pytest.raises(ModelFileError, match="does not run on an input of"):
        onebyone.from_torch(network("torchvision:resnet18"), input_size=size)


def test_the_design_of_a_file_is_that_of_its_module(tmp_path) -> None:
    module = network("torchvision:squeezenet1_1")
    inputs = seeded_inputs(module, [(3, 96, 96)])
    plain, _ = capture(module, inputs, "net")
    expected = lower(msgspec.convert(plain, Graph)).design

    found = open_model(save_pt2(module, inputs, tmp_path / "net.pt2")).design

    assert found.nodes == expected.nodes
    from_onnx = open_model(save_onnx(module, inputs, tmp_path / "net.onnx")).design
    assert [node.layer.kind for node in from_onnx.nodes if node.layer.learns] == [
        node.layer.kind for node in expected.nodes if node.layer.learns
    ]

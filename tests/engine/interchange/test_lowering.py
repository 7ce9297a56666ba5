"""Foreign networks as designs, held against what the originals compute."""

from pathlib import Path

import msgspec
import pytest

import onebyone
from onebyone.analysis import analyze
from onebyone.design import is_valid_id
from onebyone.errors import ModelFileError
from onebyone.grouping import Grouping
from onebyone.interchange.graph import Graph
from onebyone.interchange.lowering import lower
from onebyone.interchange.model_files import read_graph, write_constants
from onebyone.interchange.opening import open_model
from onebyone.pytorch_source import torch_module
from onebyone.torch_backend.agreement import state_of
from onebyone.torch_backend.build import build
from onebyone.torch_backend.capture import capture, seeded_inputs
from tests.engine.interchange.foreign_files import difference, onnxruntime_outputs, random_inputs
from tests.models import network, require, save_onnx, save_pt2
from tests.onnx_models import LIGHT, light_model

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


def test_the_weights_are_a_state_dict_of_the_generated_module() -> None:
    import torch

    module = network("torchvision:resnet18")
    found = onebyone.from_torch(module, input_size=(3, 64, 64))
    namespace: dict = {"__name__": "generated"}
    exec(onebyone.torch_source(found.design), namespace)
    generated = namespace["ResNet"]().eval()

    generated.load_state_dict(found.weights)

    inputs = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        assert torch.equal(generated(inputs), module(inputs))


def test_a_linear_layer_that_became_a_1x1_convolution_has_its_weights_in_that_shape() -> None:
    import torch

    class Mix(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.eval_ = torch.nn.Identity()
            self.mix = torch.nn.Linear(3, 5)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.mix(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)

    found = onebyone.from_torch(Mix(), input_size=(3, 8, 8))

    assert found.weights is not None
    assert found.weights["mix.weight"].shape == (5, 3, 1, 1)


def test_a_tensor_without_a_name_is_not_varied() -> None:
    import torch

    class Centred(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scale = torch.tensor([0.5, 2.0, 3.0]).reshape(1, 3, 1, 1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x * self.scale

    assert onebyone.from_torch(Centred(), input_size=(3, 8, 8)).report.equal == "bit"


def test_a_tied_weight_is_one_tensor() -> None:
    import torch

    class Tied(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.last = torch.nn.Conv2d(4, 4, 1)
            self.first = torch.nn.Conv2d(4, 4, 1)
            self.first.weight, self.first.bias = self.last.weight, self.last.bias

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.last(torch.relu(self.first(x)))

    report = onebyone.from_torch(Tied(), input_size=(4, 8, 8)).report

    assert report.equal == "bit"
    assert (report.parameters, report.parameters_not_in_graph) == (40, 0)


def test_an_input_that_is_not_read_does_not_shift_the_others() -> None:
    import torch

    class Second(torch.nn.Module):
        def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
            return torch.relu(y)

    found = onebyone.from_torch(Second(), [torch.randn(2, 3, 4, 4), torch.randn(2, 5, 6, 6)])

    assert found.report.equal == "bit"


def test_a_recorded_run_is_read_where_nothing_can_be_exported(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    def refuse(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("cannot be exported")

    monkeypatch.setattr(torch.export, "export", refuse)

    found = onebyone.from_torch(network("torchvision:squeezenet1_1"), input_size=(3, 64, 64))

    assert found.report.equal == "bit"
    assert any("recorded while it ran once" in sentence for sentence in found.report.assumed)


def test_a_region_that_uses_names_again_is_read_in_its_place() -> None:
    import torch

    class Region(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = torch.nn.Conv2d(3, 3, 1), torch.nn.Conv2d(3, 3, 1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            x = torch.relu(self.one(x))
            with torch.autocast("cpu", enabled=False):
                y = torch.relu(self.two(x))
            return x + y

    assert onebyone.from_torch(Region(), input_size=(3, 8, 8)).report.equal == "bit"


@pytest.mark.parametrize("value", [3, "resnet18", None])
def test_what_is_no_module_is_said(value: object) -> None:
    with pytest.raises(ModelFileError, match=r"torch\.nn\.Module is needed"):
        onebyone.from_torch(value)


def test_ids_are_short_and_differ_whatever_modules_are_called() -> None:
    from onebyone.interchange.naming import _Ids

    ids = _Ids()
    wishes = ["7" * 200, "7" * 200, "a" * 300, "", "ünder", "for", "layer.0", "layer_0", "x" * 54, *["same"] * 2_000]

    found = [ids.unique(wish) for wish in wishes]

    assert len(set(found)) == len(wishes)
    assert all(is_valid_id(name) for name in found)


@pytest.mark.parametrize("name", LIGHT)
def test_the_design_of_a_light_onnx_model_gives_what_onnxruntime_gives(name: str, tmp_path: Path) -> None:
    require("onnxruntime")
    import onnx
    from safetensors.torch import load_file

    path = tmp_path / "light.onnx"
    onnx.save(light_model(name), path)
    lowered = open_model(path)
    write_constants(path, tmp_path / "tensors.safetensors")
    inputs = random_inputs(read_graph(path))
    assert lowered.constants is not None

    source = torch_module(lowered.design)
    module = build(source)
    tensors = load_file(tmp_path / "tensors.safetensors")
    module.load_state_dict(state_of(lowered.design, analyze(lowered.design), lowered.constants, tensors))
    found = module(*inputs.values())

    expected = onnxruntime_outputs(path, inputs)[0]
    assert difference(found.reshape(expected.shape), expected) < 2e-5

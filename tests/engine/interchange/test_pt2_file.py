"""`.pt2` files of whole networks, against the networks themselves, and what their graphs say."""

import zipfile
from pathlib import Path
from typing import Any

import pytest

from onebyone.errors import ModelFileError
from onebyone.interchange.pt2_file import extract_pt2_constants, read_pt2
from onebyone.layers.operators import BatchSize
from tests.engine.interchange.foreign_files import random_inputs, run_file
from tests.models import network, save_pt2

NETWORKS = (
    "torchvision:resnet18",
    "torchvision:mobilenet_v3_small",
    "torchvision:squeezenet1_1",
    "torchvision:shufflenet_v2_x0_5",
    "torchvision:densenet121",
    "timm:convnext_atto",
    "timm:efficientvit_b0",
)


def own_network() -> Any:
    """A network with a region without gradients, a weight that is not laid out row by row, and a constant."""
    import torch

    class Own(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = torch.nn.Conv2d(3, 4, (3, 2))
            self.conv.weight.data = torch.rand(2, 3, 3, 4).permute(3, 2, 1, 0)

        def forward(self, x: Any) -> tuple[Any, Any]:
            y = self.conv(x)
            with torch.no_grad():
                scaled = y * torch.tensor(0.1)
            flat = scaled.view(x.shape[0], -1)
            scaled += 1
            return torch.cat([y, scaled]), flat

    return Own().eval()


@pytest.mark.parametrize("open_batch", [False, True], ids=["fixed", "open"])
@pytest.mark.parametrize("name", NETWORKS)
def test_a_file_gives_exactly_what_its_network_gives(name: str, open_batch: bool, tmp_path: Path) -> None:
    import torch

    original = network(name)
    path = save_pt2(original, (torch.rand(2, 3, 64, 64),), tmp_path / "net.pt2", open_batch)

    graph = read_pt2(path)

    inputs = random_inputs(graph)
    ours = run_file(path, graph, inputs)[graph.outputs[0]]
    with torch.no_grad():
        theirs = original(*inputs.values())
    assert ours.equal(theirs) and theirs.std() > 0
    assert graph.batch == 2
    assert graph.parameters == sum(parameter.numel() for parameter in original.parameters())


@pytest.mark.filterwarnings("ignore")
def test_regions_strides_constants_and_views_that_are_written_into(tmp_path: Path) -> None:
    import torch

    original = own_network()
    path = save_pt2(original, (torch.rand(2, 3, 8, 8),), tmp_path / "own.pt2", open_batch=True)

    graph = read_pt2(path)

    inputs = random_inputs(graph)
    made = run_file(path, graph, inputs)
    whole, flat = original(*inputs.values())
    assert made[graph.outputs[0]].equal(whole)
    # What a view saw later is not what it was when it was made.
    assert made[graph.outputs[1]].equal(flat - 1) or made[graph.outputs[1]].sub(flat - 1).abs().max() < 1e-6
    assert [constant.values for constant in graph.constants.values() if constant.role == "constant"] == [(0.1,)]


def test_modules_classes_and_variables_are_known(tmp_path: Path) -> None:
    import torch

    path = save_pt2(network("torchvision:resnet18"), (torch.rand(2, 3, 64, 64),), tmp_path / "net.pt2")

    graph = read_pt2(path)

    steps = {step.module: step for step in graph.steps}
    assert graph.modules["layer1.0"] == "BasicBlock" and graph.modules["layer1.0.relu@1"] == "ReLU"
    assert steps["layer1.0"].variable == "out"
    assert graph.origin == f"torch.export, torch {torch.__version__}"


def test_a_size_that_follows_the_batch_says_so(tmp_path: Path) -> None:
    import torch

    class Views(torch.nn.Module):
        def forward(self, x: Any) -> Any:
            return x.view(x.shape[0] * 3, 4, 4)

    path = save_pt2(Views(), (torch.rand(5, 3, 4, 4),), tmp_path / "views.pt2", open_batch=True)

    graph = read_pt2(path)

    assert graph.tensors[graph.outputs[0]].shape == (6, 4, 4)
    assert graph.steps[0].operator.arguments["size"] == (BatchSize(3), 4, 4)


def test_only_operators_on_the_list_are_run(tmp_path: Path) -> None:
    import torch

    from onebyone.torch_backend.graph_run import run

    path = save_pt2(torch.nn.ReLU(), (torch.rand(2, 3),), tmp_path / "net.pt2")

    with pytest.raises(ModelFileError, match=r"aten\.relu\.default cannot be run here"):
        run(read_pt2(path), {}, {"input": torch.rand(2, 3)}, ["aten.add.Tensor"])


def test_the_layout_of_older_torch_opens_without_its_weights(tmp_path: Path) -> None:
    """Before 2.8 the graph stood by another name beside weights that are a pickle."""
    import torch

    new = save_pt2(torch.nn.Conv2d(3, 4, 1), (torch.rand(2, 3, 8, 8),), tmp_path / "net.pt2")
    old = tmp_path / "old.pt2"
    with zipfile.ZipFile(new) as source, zipfile.ZipFile(old, "w") as target:
        target.writestr("version", "8.5")
        target.writestr("serialized_exported_program.json", source.read("net/models/model.json"))
        target.writestr("serialized_state_dict.pt", b"a pickle")

    graph = read_pt2(old)

    assert graph.steps == read_pt2(new).steps
    with pytest.raises(ModelFileError, match=r"no plain numbers for '(weight|bias)': it was saved by an older torch"):
        extract_pt2_constants(old, tmp_path / "w.safetensors")
    assert not (tmp_path / "w.safetensors").exists()

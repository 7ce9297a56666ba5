"""ONNX files of whole networks, against onnxruntime, and what their graphs say."""

from pathlib import Path
from typing import Any

import pytest

from onebyone.errors import ModelFileError
from onebyone.interchange.onnx_file import extract_onnx_constants, read_onnx
from onebyone.layers.operators import TensorName
from tests.engine.interchange.foreign_files import difference, onnxruntime_outputs, random_inputs, run_file
from tests.models import network, require, save_onnx
from tests.onnx_models import LIGHT, light_model, save_small, small_model

EXPORTED = ("resnet18", "mobilenet_v3_small", "squeezenet1_1", "shufflenet_v2_x0_5", "densenet121")


def saved(model: Any, path: Path) -> Path:
    import onnx

    onnx.save(model, path)
    return path


def node(kind: str, inputs: list[str], outputs: list[str], **attributes: Any) -> Any:
    from onnx import helper

    return helper.make_node(kind, inputs, outputs, **attributes)


def floats(*shape: int) -> Any:
    import numpy

    return numpy.random.default_rng(0).random(shape, numpy.float32)


@pytest.mark.parametrize("name", LIGHT)
def test_a_light_model_gives_what_onnxruntime_gives(name: str, tmp_path: Path) -> None:
    require("onnxruntime")
    path = saved(light_model(name), tmp_path / "light.onnx")

    graph = read_onnx(path)

    inputs = random_inputs(graph)
    ours = run_file(path, graph, inputs)[graph.outputs[0]]
    assert difference(ours, onnxruntime_outputs(path, inputs)[0]) < 2e-5


@pytest.mark.parametrize("name", EXPORTED)
def test_an_exported_network_gives_what_onnxruntime_gives(name: str, tmp_path: Path) -> None:
    require("onnxruntime")
    import torch

    options = {"input_names": ["x"], "dynamic_axes": {"x": {0: "batch"}}}
    path = save_onnx(network(f"torchvision:{name}"), (torch.rand(1, 3, 64, 64),), tmp_path / "net.onnx", **options)

    graph = read_onnx(path)

    assert graph.batch == 2 and not graph.assumed
    inputs = random_inputs(graph)
    ours = run_file(path, graph, inputs)[graph.outputs[0]]
    assert difference(ours, onnxruntime_outputs(path, inputs)[0]) < 2e-5


def test_a_light_models_repeated_numbers_are_its_weights(tmp_path: Path) -> None:
    import onnx
    from safetensors.torch import load_file

    path = Path(onnx.__file__).parent / "backend/test/data/light/light_squeezenet.onnx"

    graph = read_onnx(path)
    extract_onnx_constants(path, tmp_path / "w.safetensors")

    weights = load_file(tmp_path / "w.safetensors")
    assert graph.parameters == sum(tensor.numel() for tensor in weights.values()) == 1_235_496
    assert graph.origin == "ONNX, opset 9, by onnx-caffe2"
    assert graph.constants["conv10_w_0"].role == "parameter" and weights["conv10_w_0"].unique().numel() == 1


def test_open_axes_get_sizes_and_sentences(tmp_path: Path) -> None:
    path = saved(small_model([node("Relu", ["x"], ["y"])], {}, ["n", 3, "h", "w"]), tmp_path / "open.onnx")

    graph = read_onnx(path)

    assert graph.tensors["y"].shape == (2, 3, 224, 224) and graph.batch == 2
    assert graph.assumed == (
        "The input 'x' leaves its height open; 224 was assumed.",
        "The input 'x' leaves its width open; 224 was assumed.",
    )
    assert read_onnx(path, [(3, 32, 48)]).tensors["y"].shape == (2, 3, 32, 48)
    with pytest.raises(ModelFileError, match="has 3 along axis 1 and no other size; 4 was asked for"):
        read_onnx(path, [(4, 32, 48)])


def test_a_network_that_insists_on_one_sample_gets_one(tmp_path: Path) -> None:
    import numpy

    reshape = node("Reshape", ["x", "shape"], ["y"])
    model = small_model([reshape], {"shape": numpy.array([1, 12])}, ["n", 3, 2, 2])

    assert read_onnx(saved(model, tmp_path / "one.onnx")).batch == 1


def test_arithmetic_on_shapes_leaves_no_operators(tmp_path: Path) -> None:
    import numpy

    nodes = [
        node("Shape", ["x"], ["shape"]),
        node("Gather", ["shape", "first"], ["batch"]),
        node("Unsqueeze", ["batch", "zero"], ["batch1"]),
        node("Concat", ["batch1", "rest"], ["wanted"], axis=0),
        node("Reshape", ["x", "wanted"], ["y"]),
    ]
    arrays = {"first": numpy.array(0), "zero": numpy.array([0]), "rest": numpy.array([-1])}

    graph = read_onnx(saved(small_model(nodes, arrays, ["n", 3, 2, 2]), tmp_path / "shape.onnx"))

    assert [step.operator.target for step in graph.steps] == ["aten.reshape.default"]
    assert graph.steps[0].operator.arguments == {"self": TensorName("x"), "shape": (2, 12)}
    assert not graph.constants


def test_float_attributes_are_the_shortest_decimals(tmp_path: Path) -> None:
    path = save_small(tmp_path / "b.onnx", "BatchNormalization", {"epsilon": 1e-5}, ((3,),) * 4, [1, 3, 4, 4], 17)

    graph = read_onnx(path)

    assert graph.steps[0].operator.arguments["eps"] == 1e-5
    assert [graph.constants[f"c{place}"].role for place in range(4)] == ["parameter", "parameter", "buffer", "buffer"]
    assert graph.parameters == 6


def test_names_of_the_older_exporter_are_modules(tmp_path: Path) -> None:
    relu = node("Relu", ["x"], ["y"], name="/layer1/layer1.0/conv1/block/block.2/Relu")

    graph = read_onnx(saved(small_model([relu], {}, [1, 3, 4, 4]), tmp_path / "names.onnx"))

    assert (graph.steps[0].module, graph.steps[0].variable) == ("layer1.0.conv1.block.2", "Relu")
    assert list(graph.modules) == [
        "layer1",
        "layer1.0",
        "layer1.0.conv1",
        "layer1.0.conv1.block",
        "layer1.0.conv1.block.2",
    ]


def test_notes_of_the_newer_exporter_are_modules_with_classes(tmp_path: Path) -> None:
    relu = node("Relu", ["x"], ["y"], name="node_relu")
    for key, value in (
        ("pkg.torch.onnx.name_scopes", "['', 'layer1', 'layer1.0', 'relu']"),
        (
            "pkg.torch.onnx.class_hierarchy",
            "['net.Net', 'torch.nn.modules.container.Sequential', 'net.BasicBlock', 'aten.relu.default']",
        ),
    ):
        relu.metadata_props.add(key=key, value=value)

    graph = read_onnx(saved(small_model([relu], {}, [1, 3, 4, 4]), tmp_path / "notes.onnx"))

    assert (graph.steps[0].module, graph.steps[0].variable) == ("layer1.0", "relu")
    assert graph.modules == {"layer1": "Sequential", "layer1.0": "BasicBlock"}


def test_an_operator_that_is_not_known_keeps_its_name_where_the_file_says_its_shape(tmp_path: Path) -> None:
    from onnx import helper

    model = small_model([node("Det", ["x"], ["d"]), node("Relu", ["d"], ["y"])], {}, ["n", 3, 4, 4])
    with pytest.raises(ModelFileError, match="The operator Det 'd' is not known here"):
        read_onnx(saved(model, tmp_path / "det.onnx"))
    model.graph.value_info.append(helper.make_tensor_value_info("d", 1, ["n", 3]))

    graph = read_onnx(saved(model, tmp_path / "det.onnx"))

    assert [step.operator.target for step in graph.steps] == ["onnx.Det", "aten.relu.default"]
    assert graph.tensors["y"].shape == (2, 3)


def test_functions_of_the_file_are_written_out(tmp_path: Path) -> None:
    from onnx import helper

    model = small_model([helper.make_node("Twice", ["x"], ["y"], domain="own")], {}, [1, 3, 4, 4])
    opsets = [helper.make_opsetid("", 17)]
    model.functions.append(helper.make_function("own", "Twice", ["a"], ["b"], [node("Add", ["a", "a"], ["b"])], opsets))
    model.opset_import.append(helper.make_opsetid("own", 1))

    graph = read_onnx(saved(model, tmp_path / "function.onnx"))

    assert [step.operator.target for step in graph.steps] == ["aten.add.Tensor"]


def external(tmp_path: Path) -> Path:
    """A convolution whose weights lie in "w.bin" beside the file."""
    import onnx

    model = small_model([node("Conv", ["x", "w"], ["y"])], {"w": floats(4, 3, 3, 3)}, [1, 3, 8, 8])
    onnx.save(
        model,
        tmp_path / "net.onnx",
        save_as_external_data=True,
        location="w.bin",
        size_threshold=0,
    )
    return tmp_path / "net.onnx"


def test_numbers_beside_the_file_are_read_only_for_weights(tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    path = external(tmp_path)

    extract_onnx_constants(path, tmp_path / "w.safetensors")

    assert (load_file(tmp_path / "w.safetensors")["w"] == floats(4, 3, 3, 3)).all()
    (tmp_path / "w.bin").unlink()
    assert read_onnx(path).constants["w"].type.shape == (4, 3, 3, 3)
    with pytest.raises(ModelFileError, match=r"lie in 'w\.bin' beside the model: No such file"):
        extract_onnx_constants(path, tmp_path / "w.safetensors")


@pytest.mark.parametrize("kind", ["symbolic link", "hard link", "short", "folder"])
def test_numbers_behind_links_are_refused(kind: str, tmp_path: Path) -> None:
    path, data = external(tmp_path), tmp_path / "w.bin"
    other = tmp_path / "elsewhere"
    data.rename(other)
    match kind:
        case "symbolic link":
            data.symlink_to(other)
        case "hard link":
            data.hardlink_to(other)
        case "short":
            data.write_bytes(other.read_bytes()[:-1])
        case "folder":
            data.mkdir()

    with pytest.raises(ModelFileError, match=r"w\.bin"):
        extract_onnx_constants(path, tmp_path / "w.safetensors")

    assert not (tmp_path / "w.safetensors").exists()


@pytest.mark.parametrize("location", ["../w.bin", "/etc/passwd", "..", "a/b", "", "C:w"])
def test_numbers_outside_of_the_folder_are_refused(location: str, tmp_path: Path) -> None:
    import onnx

    path = external(tmp_path)
    model = onnx.load(path, load_external_data=False)
    model.graph.initializer[0].external_data[0].value = location
    path.write_bytes(model.SerializeToString())

    with pytest.raises(ModelFileError, match="is not a file beside the model"):
        extract_onnx_constants(path, tmp_path / "w.safetensors")

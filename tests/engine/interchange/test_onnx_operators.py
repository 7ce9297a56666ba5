"""Every ONNX operator that is known, against onnxruntime."""

from pathlib import Path
from typing import Any

import pytest

from onebyone.interchange.onnx_file import read_onnx
from tests.engine.interchange.foreign_files import difference, onnxruntime_outputs, random_inputs, run_file
from tests.models import require
from tests.onnx_models import save_small, small_model

Case = tuple[str, dict[str, Any], tuple[Any, ...], int, list[int]]

PICTURE = [2, 6, 9, 11]
VECTOR = [2, 6]


def case(
    kind: str, shape: list[int] = PICTURE, opset: int = 17, constants: tuple[Any, ...] = (), **attributes: Any
) -> Any:
    """A node from "x" and constants to "y", which are as `save_small` takes them."""
    said = ", ".join(f"{name}={value}" for name, value in attributes.items())
    given = ", ".join(map(str, constants))
    return pytest.param((kind, attributes, constants, opset, shape), id=f"{kind}-{opset}({given}; {said})")


CASES = [
    case("Conv", constants=((4, 6, 3, 3), (4,)), pads=[1, 1, 1, 1], strides=[2, 2]),
    case("Conv", constants=((4, 6, 3, 3),), pads=[0, 1, 2, 3]),
    case("Conv", constants=((4, 6, 2, 3),), auto_pad="SAME_UPPER", strides=[2, 2]),
    case("Conv", constants=((4, 6, 2, 3),), auto_pad="SAME_LOWER"),
    case("Conv", constants=((6, 2, 3, 3),), group=3, dilations=[2, 2]),
    case("Conv", [2, 4, 13], constants=((5, 4, 3),), pads=[1, 1]),
    case("Conv", [1, 2, 5, 6, 7], constants=((3, 2, 3, 3, 3),), pads=[1, 1, 1, 1, 1, 1]),
    case("ConvTranspose", constants=((6, 4, 3, 3), (4,)), strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 1]),
    case("ConvTranspose", constants=((6, 4, 3, 3),), strides=[2, 3], pads=[0, 1, 1, 2]),
    case("ConvTranspose", constants=((6, 4, 2, 2),), strides=[2, 2], auto_pad="SAME_UPPER"),
    case("ConvTranspose", constants=((6, 4, 3, 3),), strides=[2, 2], output_shape=[19, 22]),
    case("ConvTranspose", constants=((6, 2, 3, 3),), group=2, dilations=[2, 2]),
    case("Gemm", VECTOR, constants=((6, 5), (5,))),
    case("Gemm", VECTOR, constants=((5, 6), (1, 5)), transB=1),
    case("Gemm", VECTOR, constants=((5, 6), (2, 1)), transB=1, alpha=0.5, beta=2.0),
    case("Gemm", VECTOR, constants=((2, 5),), transA=1),
    case("MatMul", VECTOR, constants=((6, 5),)),
    case("MatMul", PICTURE, constants=((2, 6, 11, 3),)),
    case("MatMul", PICTURE, constants=((11,),)),
    case("MaxPool", kernel_shape=[3, 3]),
    case("MaxPool", kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1),
    case("MaxPool", kernel_shape=[3, 3], strides=[2, 2], pads=[0, 0, 1, 1]),
    case("MaxPool", kernel_shape=[3, 3], strides=[3, 2], pads=[2, 0, 1, 2], ceil_mode=1),
    case("MaxPool", kernel_shape=[2, 2], auto_pad="SAME_LOWER"),
    case("MaxPool", [2, 3, 10], kernel_shape=[3], strides=[2]),
    case("MaxPool", [1, 2, 5, 6, 7], kernel_shape=[2, 2, 2]),
    case("AveragePool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]),
    case("AveragePool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], count_include_pad=1),
    case("AveragePool", kernel_shape=[3, 3], strides=[2, 2], pads=[0, 0, 2, 2]),
    case("AveragePool", kernel_shape=[3, 3], strides=[1, 1], pads=[1, 0, 2, 1], count_include_pad=1),
    case("AveragePool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], ceil_mode=1),
    case("AveragePool", kernel_shape=[3, 3], strides=[2, 2], auto_pad="SAME_UPPER"),
    case("AveragePool", kernel_shape=[4, 4], strides=[2, 2], auto_pad="SAME_LOWER"),
    case("AveragePool", [2, 3, 10], kernel_shape=[3], pads=[1, 1]),
    case("GlobalAveragePool"),
    case("GlobalMaxPool"),
    case("BatchNormalization", constants=((6,), (6,), (6,), (6,)), epsilon=1e-3),
    case("InstanceNormalization", constants=((6,), (6,))),
    case("LayerNormalization", constants=((11,), (11,))),
    case("LayerNormalization", constants=((9, 11),), axis=-2),
    case("GroupNormalization", constants=((6,), (6,)), num_groups=3, opset=21),
    case("LRN", size=3, alpha=0.1),
    case("Softmax", axis=1),
    case("Softmax", opset=11),
    case("Softmax", VECTOR, opset=11),
    case("LogSoftmax"),
    *(
        case(kind)
        for kind in ("Abs", "Ceil", "Cos", "Erf", "Exp", "Floor", "HardSwish", "Neg", "Reciprocal", "Relu", "Round")
    ),
    *(case(kind) for kind in ("Sigmoid", "Sign", "Sin", "Softplus", "Tanh", "Softsign", "Elu", "Selu", "Celu")),
    case("Mish", opset=18),
    case("Elu", alpha=0.5),
    case("HardSigmoid"),
    case("HardSigmoid", alpha=1 / 6),
    case("LeakyRelu", alpha=0.2),
    case("PRelu", constants=((6, 1, 1),)),
    case("PRelu", constants=((1,),)),
    case("PRelu", constants=((1, 6, 1, 1),)),
    case("ThresholdedRelu", alpha=0.3),
    case("Gelu", opset=20),
    case("Gelu", opset=20, approximate="tanh"),
    case("Clip", constants=(0.0, 0.5)),
    case("Clip", opset=10, min=-0.1, max=0.2),
    case("Add", constants=((6, 1, 1),)),
    case("Add", constants=(0.5,)),
    case("Sub", constants=((11,),)),
    case("Mul", constants=(3.0,)),
    case("Div", constants=((9, 1),)),
    case("Pow", constants=(2.0,)),
    case("Max", constants=((11,), (9, 1))),
    case("Sum", constants=((11,), (9, 1))),
    case("Mean", constants=((11,), (9, 1))),
    case("Reshape", constants=([0, -1, 11],)),
    case("Flatten"),
    case("Flatten", axis=2),
    case("Transpose", perm=[0, 2, 3, 1]),
    case("Squeeze", [2, 1, 5, 1], constants=([1, 3],)),
    case("Unsqueeze", constants=([1, -1],)),
    case("Concat", constants=((2, 3, 9, 11),), axis=1),
    case("Slice", constants=([1, -8], [-1, 9], [2, -1])),
    case("Slice", constants=([0], [9], [2], [2])),
    case("Slice", constants=([-1], [-100], [3], [-1])),
    case("Slice", opset=9, starts=[1], ends=[3], axes=[1]),
    case("Pad", constants=([0, 0, 1, 2, 0, 0, 3, 4], 0.5)),
    case("Pad", constants=([0, 1, 0, 0, 0, 2, 0, 0],)),
    case("Pad", constants=([0, 0, -1, 2, 0, 0, 3, -4],)),
    case("Pad", constants=([0, 0, 1, 2, 0, 0, 3, 4],), mode="reflect"),
    case("Pad", constants=([0, 0, 1, 2, 0, 0, 3, 4],), mode="edge"),
    case("Pad", opset=10, pads=[0, 0, 1, 1, 0, 0, 1, 1]),
    case("Expand", [2, 6, 1, 1], constants=([2, 6, 4, 5],)),
    case("Tile", constants=([1, 2, 1, 3],)),
    case("Gather", constants=([3],), axis=1),
    case("Gather", constants=([[0, 5], [-1, 2]],), axis=1),
    case("ScatterND", [4, 3], opset=16, constants=([[1], [-1]], (2, 3))),
    case("ScatterND", [4, 3], opset=16, constants=([[1, 2], [0, 1]], (2,))),
    case("CumSum", constants=([2],)),
    case("DepthToSpace", [1, 8, 3, 4], blocksize=2),
    case("DepthToSpace", [1, 8, 3, 4], blocksize=2, mode="CRD"),
    case("SpaceToDepth", [1, 2, 6, 4], blocksize=2),
    case("ReduceMean", axes=[2, 3]),
    case("ReduceMean", opset=18, constants=([-1],), keepdims=0),
    case("ReduceSum", constants=([1],)),
    case("ReduceMax", axes=[1], keepdims=0),
    case("ReduceMin", axes=[1]),
    case("ReduceL2", axes=[1]),
    case("ReduceL1", axes=[1, 2]),
    case("ReduceLogSumExp", axes=[1]),
    case("Resize", constants=((0,), [1.0, 1.0, 2.0, 2.0])),
    case(
        "Resize",
        constants=((0,), [1.0, 1.0, 3.0, 2.0]),
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
    ),
    case(
        "Resize",
        constants=((0,), [1.0, 1.0, 1.7, 0.6]),
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
    ),
    case("Resize", constants=((0,), [1.0, 1.0, 2.0, 2.0]), mode="linear"),
    case("Resize", constants=((0,), [1.0, 1.0, 1.7, 0.6]), mode="linear"),
    case(
        "Resize", constants=((0,), (0,), [2, 6, 5, 20]), mode="linear", coordinate_transformation_mode="align_corners"
    ),
    case("Resize", constants=((0,), (0,), [2, 6, 20, 20]), mode="cubic"),
    case("Upsample", opset=9, constants=([1.0, 1.0, 2.0, 2.0],)),
]


@pytest.mark.parametrize("case", CASES)
def test_an_operator_gives_what_onnxruntime_gives(case: Case, tmp_path: Path) -> None:
    require("onnxruntime")
    kind, attributes, constants, opset, shape = case
    path = save_small(tmp_path / "one.onnx", kind, attributes, constants, shape, opset)

    graph = read_onnx(path)

    assert not [step for step in graph.steps if step.operator.target.startswith("onnx.")]
    inputs = random_inputs(graph)
    ours = run_file(path, graph, inputs)[graph.outputs[0]]
    assert difference(ours, onnxruntime_outputs(path, inputs)[0]) < 2e-6


def test_split_gives_every_part(tmp_path: Path) -> None:
    require("onnxruntime")
    from onnx import helper, save

    model = small_model([helper.make_node("Split", ["x"], ["y", "z"], axis=1)], {}, [2, 6, 4])
    model.graph.output.append(helper.make_tensor_value_info("z", 1, None))
    save(model, tmp_path / "split.onnx")

    graph = read_onnx(tmp_path / "split.onnx")

    inputs = random_inputs(graph)
    made = run_file(tmp_path / "split.onnx", graph, inputs)
    theirs = onnxruntime_outputs(tmp_path / "split.onnx", inputs)
    assert [difference(made[name], other) for name, other in zip(graph.outputs, theirs, strict=True)] == [0, 0]


def test_before_opset_7_the_second_operand_is_aligned_where_the_node_says(tmp_path: Path) -> None:
    path = save_small(tmp_path / "old.onnx", "Add", {"broadcast": 1, "axis": 1}, ((6,),), PICTURE, 6)

    graph = read_onnx(path)

    inputs = random_inputs(graph)
    made = run_file(path, graph, inputs)
    assert made["y"].equal(inputs["x"] + made["c0"].reshape(6, 1, 1))


def test_a_norm_by_its_own_input_needs_no_running_statistics(tmp_path: Path) -> None:
    """Against ONNX's own reference: onnxruntime's optimiser takes the constants for what is computed from them."""
    import numpy
    from onnx import helper, save
    from onnx.reference import ReferenceEvaluator

    arrays = {f"c{place}": numpy.arange(1, 7, dtype=numpy.float32) for place in range(4)}
    norm = helper.make_node("BatchNormalization", ["x", *arrays], ["y", "mean", "variance"], training_mode=1)
    path = tmp_path / "norm.onnx"
    save(small_model([norm], arrays, PICTURE), path)

    graph = read_onnx(path)

    inputs = random_inputs(graph)
    theirs = ReferenceEvaluator(str(path)).run(["y"], {"x": inputs["x"].numpy()})[0]
    assert difference(run_file(path, graph, inputs)["y"], theirs) < 2e-6
    assert set(graph.constants) == {"c0", "c1"}


@pytest.mark.parametrize("kind", ["Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual"])
@pytest.mark.parametrize("other", [0.0, (11,)], ids=["number", "tensor"])
def test_a_comparison_chooses_what_onnxruntime_chooses(kind: str, other: Any, tmp_path: Path) -> None:
    require("onnxruntime")
    import numpy
    from onnx import helper, save

    other = numpy.full(other, 0.2, numpy.float32) if other else numpy.float32(0)
    nodes = [helper.make_node(kind, ["x", "c"], ["chosen"]), helper.make_node("Where", ["chosen", "x", "two"], ["y"])]
    path = tmp_path / "where.onnx"
    save(small_model(nodes, {"c": numpy.asarray(other), "two": numpy.full(11, 2, numpy.float32)}, PICTURE), path)

    graph = read_onnx(path)

    inputs = {"x": random_inputs(graph)["x"].mul(10).round().div(10)}
    ours = run_file(path, graph, inputs)["y"]
    theirs = onnxruntime_outputs(path, inputs)[0]
    assert ours.numpy().tolist() == theirs.tolist()

"""ONNX files for tests: those of onnx's wheel with weights that tell something, and models of a few operators."""

from pathlib import Path
from typing import Any

LIGHT = (
    "bvlc_alexnet",
    "densenet121",
    "inception_v1",
    "inception_v2",
    "resnet50",
    "shufflenet",
    "squeezenet",
    "vgg19",
    "zfnet512",
)


def light_model(name: str) -> Any:
    """A light model of onnx's wheel, with random weights where it has one number everywhere.

    The weights of a layer are scaled so that what it gives neither dies nor grows.
    """
    import numpy
    import onnx
    from onnx import numpy_helper

    model = onnx.load(Path(onnx.__file__).parent / f"backend/test/data/light/light_{name}.onnx")
    shapes = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer if each.data_type == 7}
    chance = numpy.random.default_rng(0)
    made = []
    for node in [each for each in model.graph.node if each.op_type == "ConstantOfShape"]:
        shape = tuple(int(size) for size in shapes[node.input[0]])
        fan_in = int(numpy.prod(shape[1:])) if len(shape) > 1 else 1
        numbers = chance.standard_normal(shape) * (2 / fan_in) ** 0.5 if len(shape) > 1 else chance.random(shape) + 0.5
        made.append(numpy_helper.from_array(numbers.astype("float32"), node.output[0]))
        model.graph.node.remove(node)
    model.graph.initializer.extend(made)
    # Behind a softmax over random numbers one class has everything, and differences before it do not show.
    last = model.graph.node[-1]
    if last.op_type == "Softmax":
        model.graph.output[0].name = last.input[0]
        del model.graph.output[0].type.tensor_type.shape.dim[:]
        model.graph.output[0].type.tensor_type.ClearField("shape")
        model.graph.node.remove(last)
    return model


def small_model(nodes: list[Any], constants: dict[str, Any], shape: list[int | str], opset: int = 17) -> Any:
    """A model from "x" of a shape, an open axis as a text, to "y"."""
    from onnx import TensorProto, helper, numpy_helper

    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def save_small(
    path: Path, kind: str, attributes: dict[str, Any], constants: tuple[Any, ...], shape: list[int], opset: int
) -> Path:
    """Saves a model of one node; a constant is the shape of random floats, a list of numbers, or a float."""
    import numpy
    import onnx
    from onnx import helper

    chance = numpy.random.default_rng(0)
    arrays = {}
    for place, constant in enumerate(constants):
        if isinstance(constant, tuple):
            array = chance.random(constant, numpy.float32) + numpy.float32(0.1)
        elif isinstance(constant, float):
            array = numpy.array(constant, numpy.float32)
        else:
            array = numpy.array(constant)
            array = array.astype(numpy.float32) if array.dtype.kind == "f" else array
        arrays[f"c{place}"] = array
    node = helper.make_node(kind, ["x", *arrays], ["y"], **attributes)
    if kind == "Resize" and len(constants) == 3:
        node.input[2] = ""
        del arrays["c1"]
    onnx.save(small_model([node], arrays, list(shape), opset), path)
    return path

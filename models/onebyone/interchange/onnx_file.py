"""Reads an ONNX file into a neutral graph; nothing in it is executed, and no other file is opened."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from onebyone.errors import ModelFileError
from onebyone.files import safe_file
from onebyone.interchange.from_onnx import (
    convolutions,
    elementwise,
    normalization,
    pooling,
    reductions,
    reshaping,
    resizing,
)
from onebyone.interchange.from_onnx.conversion import Conversion, Converter, UnknownOperatorError, Value
from onebyone.interchange.from_onnx.folding import ALWAYS_FOLDED, folded, stored_value
from onebyone.interchange.from_onnx.inputs import OPEN_BATCH, InputSizes, input_sizes_of
from onebyone.interchange.from_onnx.modules import module_of
from onebyone.interchange.from_onnx.node import OnnxNode, plain_node, text
from onebyone.interchange.from_onnx.sources import number_type, raw_bytes
from onebyone.interchange.graph import Graph
from onebyone.interchange.number_types import finite
from onebyone.interchange.pruning import pruned
from onebyone.interchange.safetensors_file import write_safetensors
from onebyone.layers.operators import Argument

#: protobuf takes no more.
MAX_FILE_BYTES = 2**31 - 1
MAX_NODES = 200_000
_MIN_OPSET = 1

_CONVERTERS: dict[str, Converter] = {
    **convolutions.CONVERTERS,
    **elementwise.CONVERTERS,
    **normalization.CONVERTERS,
    **pooling.CONVERTERS,
    **reductions.CONVERTERS,
    **reshaping.CONVERTERS,
    **resizing.CONVERTERS,
}

# What arithmetic on sizes and numbers of a damaged file can end in.
_DAMAGED = (ArithmeticError, AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError)


def read_onnx(path: Path, input_sizes: Sequence[tuple[int, ...]] | None = None) -> Graph:
    """The graph of an ONNX file.

    Args:
        path: The file; external data beside it is not opened.
        input_sizes: Sizes without the batch for the inputs in order, where the file leaves them open.

    Raises:
        ModelFileError: It is not an ONNX file, or one that cannot be opened.
        StorageError: It cannot be read.
    """
    return _read(path, input_sizes)[0]


def extract_onnx_constants(path: Path, target: Path) -> None:
    """Writes the constants of an ONNX file's graph as a safetensors file, by their names.

    Numbers that lie beside the file are read too: from a plain file of the same folder.

    Raises:
        ModelFileError: It is not an ONNX file, or its constants are not where it says.
        StorageError: A file cannot be read or written.
    """
    graph, conversion = _read(path, None)
    keys = {constant.name: key for key, constant in graph.constants.items()}
    types = {name: graph.constants[key].type for name, key in keys.items()}
    folder = path.resolve().parent
    write_safetensors(target, types, lambda name: raw_bytes(conversion.sources[keys[name]], types[name], folder))


def _read(path: Path, input_sizes: Sequence[tuple[int, ...]] | None) -> tuple[Graph, Conversion]:
    model = _model(safe_file.read(path, MAX_FILE_BYTES))
    try:
        return _converted(model, path, input_sizes, OPEN_BATCH)
    except ModelFileError as error:
        # A model whose batch is open may yet be made for one sample.
        try:
            return _converted(model, path, input_sizes, 1)
        except ModelFileError:
            raise error from None


def _model(data: bytes) -> Any:
    """The file as the onnx package reads it, with the functions that it defines written out."""
    import onnx
    from google.protobuf.message import DecodeError

    model = onnx.ModelProto()
    try:
        model.ParseFromString(data)
    except (DecodeError, ValueError, RecursionError):
        raise ModelFileError("It is not an ONNX file, or a damaged one; export the model again.") from None
    if not model.graph.node and not model.graph.output:
        raise ModelFileError("It is not an ONNX file, or one without a network; export the model again.")
    if model.functions:
        from onnx import inliner

        try:
            model = inliner.inline_local_functions(model)
        except (RuntimeError, ValueError, DecodeError, IndexError) as error:
            raise ModelFileError("It defines functions that cannot be written out; export the model again.") from error
    if len(model.graph.node) > MAX_NODES:
        raise ModelFileError(f"It has {len(model.graph.node):,} operators; {MAX_NODES:,} can be opened.")
    return model


def _opset(model: Any) -> int:
    versions = [each.version for each in model.opset_import if each.domain in {"", "ai.onnx"}]
    version = max(versions, default=_MIN_OPSET)
    if not _MIN_OPSET <= version < 2**16:
        raise ModelFileError(f"It says that it uses version {version} of ONNX's operators, which there is not.")
    return int(version)


def _converted(
    model: Any, path: Path, input_sizes: Sequence[tuple[int, ...]] | None, open_batch: int
) -> tuple[Graph, Conversion]:
    proto = model.graph
    stored = {text(each.name) for each in proto.initializer}
    sizes = input_sizes_of([each for each in proto.input if each.name not in stored], input_sizes, open_batch)
    nodes = [plain_node(each) for each in proto.node]
    names = {name for node in nodes for name in (*node.inputs, *node.outputs)} | stored | set(sizes.types)
    read = {name for node in nodes for name in node.inputs if name} | {each.name for each in proto.output}
    c = Conversion(_opset(model), sizes.batch, names, read)
    for name, type in sizes.types.items():
        c.add_input(name, type)
    for each in proto.initializer:
        c.values[each.name] = stored_value(each, each.name)
    if proto.sparse_initializer:
        raise ModelFileError("It holds sparse tensors, which cannot be read here; export the model without them.")
    modules: dict[str, str] = {}
    shown = {text(each.name): each for each in (*proto.value_info, *proto.output)}
    for node in nodes:
        _convert(c, node, modules, shown, sizes)
    outputs = tuple(_output(c, each.name) for each in proto.output)
    producer = (
        f", by {text(model.producer_name)} {text(model.producer_version)}".rstrip() if model.producer_name else ""
    )
    graph = Graph(
        steps=tuple(c.steps),
        tensors=c.tensors,
        constants=c.constants,
        inputs=tuple(sizes.types),
        outputs=outputs,
        name=path.stem,
        modules=modules,
        batch=sizes.batch,
        parameters=_parameters(c),
        assumed=tuple(sizes.assumed),
        origin=f"ONNX, opset {c.opset}{producer[:100]}",
    )
    return pruned(graph), c


def _parameters(c: Conversion) -> int:
    """How many numbers the file brings along that were learned: floats that are no running statistics."""
    buffers = {key for key, constant in c.constants.items() if constant.role == "buffer"}
    weights = {value.key: value.shape for value in c.values.values() if value.is_weight and value.key not in buffers}
    return sum(math.prod(shape) for shape in weights.values())


def _output(c: Conversion, name: str) -> str:
    if name not in c.values:
        raise ModelFileError(f"Its output '{name[:100]}' is made by no operator; the file is damaged.")
    return c.tensor(c.values[name]).name


def _convert(c: Conversion, node: OnnxNode, modules: dict[str, str], shown: dict[str, Any], sizes: InputSizes) -> None:
    """Adds what one node does."""
    c.begin(node, *module_of(node, modules))
    count = len(c.steps)
    try:
        try:
            made = _result(c, node)
        except UnknownOperatorError:
            c.forget(count)
            made = _unknown(c, node, shown, sizes)
        c.bind(count, made if isinstance(made, tuple) else (made,))
    except _DAMAGED as error:
        raise ModelFileError(
            f"{node.place} has inputs or attributes that ONNX does not give it; the file is damaged."
        ) from error


def _result(c: Conversion, node: OnnxNode) -> Value | tuple[Value, ...]:
    """What a node gives.

    Raises:
        UnknownOperatorError: Nothing of aten does what it does.
    """
    if node.domain:
        raise UnknownOperatorError
    if node.kind in ALWAYS_FOLDED:
        return ALWAYS_FOLDED[node.kind](c, node)
    known = folded(c, node)
    if known is not None:
        return known
    if node.kind not in _CONVERTERS:
        raise UnknownOperatorError
    return _CONVERTERS[node.kind](c, node)


def _unknown(c: Conversion, node: OnnxNode, shown: dict[str, Any], sizes: InputSizes) -> tuple[Value, ...]:
    """A step that only has a name, where the file says what shapes it gives."""
    given = [c.optional(place) for place in range(len(node.inputs))]
    arguments: dict[str, Argument] = {"inputs": tuple(None if each is None else c.tensor(each) for each in given)}
    for name, value in node.attributes.items():
        plain = value if isinstance(value, tuple) else (value,)
        if all(isinstance(each, bool | int | float | str) for each in plain):
            arguments[name] = finite(plain) if isinstance(value, tuple) else finite(plain)[0]
    results = []
    for name in node.outputs:
        if name and name not in shown:
            raise ModelFileError(
                f"{node.place} is not known here, and the file does not say what shape it gives; "
                "run onnx.shape_inference on it, or export the model with other operators."
            )
        results.append((_shown_shape(shown[name], sizes), _shown_dtype(shown[name])) if name else ((0,), "float32"))
    kind = results[0][1] if results else "float32"
    return c.emit_many(f"onnx.{node.kind}", arguments, [shape for shape, _ in results], kind)


def _shown_shape(proto: Any, sizes: InputSizes) -> tuple[int, ...]:
    """A shape that the file says, where all of its axes are known."""
    shape = []
    for axis, each in enumerate(proto.type.tensor_type.shape.dim):
        size = each.dim_value or sizes.symbols.get(each.dim_param, 0) or (sizes.batch if axis == 0 else 0)
        if size <= 0:
            raise ModelFileError(
                f"The size of '{proto.name[:100]}' along axis {axis} is not known, and the operator that makes it is "
                "not either; export the model with fixed sizes."
            )
        shape.append(size)
    return tuple(shape)


def _shown_dtype(proto: Any) -> str:
    return number_type(proto.type.tensor_type.elem_type, f"The tensor '{proto.name[:100]}'")

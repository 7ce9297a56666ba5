"""Reads a `.pt2` file of torch.export.save into a neutral graph: JSON in a zip; torch and pickle are never asked."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from onebyone.errors import ModelFileError
from onebyone.interchange.from_pt2 import schema
from onebyone.interchange.from_pt2.archive import MAX_JSON_BYTES, Archive, opened
from onebyone.interchange.from_pt2.arguments import NUMBER_TYPES, Arguments
from onebyone.interchange.from_pt2.regions import inlined
from onebyone.interchange.from_pt2.sizes import Sizes, symbol_of
from onebyone.interchange.from_pt2.weights import Weights
from onebyone.interchange.graph import Constant, Graph, Role, Step, TensorType
from onebyone.interchange.number_types import MAX_ELEMENTS
from onebyone.interchange.pruning import pruned
from onebyone.interchange.safetensors_file import write_safetensors
from onebyone.interchange.stack_notes import module_of, variable_of
from onebyone.layers.operators import Operator

MAX_NODES = 20_000
MAX_RANK = 16
OPEN_BATCH = 2
_SCHEMA_MAJOR = 8
_OLD_GRAPH = "serialized_exported_program.json"

# Operators that only guard sizes, or compute with them: what they say is in the sizes already.
_GUARDS = ("aten._assert", "aten.sym_", "aten.sym_size", "_operator.", "math.", "torch.sym_")


def read_pt2(path: Path) -> Graph:
    """The graph of a `.pt2` file.

    Raises:
        ModelFileError: It is not such a file, or one that cannot be opened.
        StorageError: It cannot be read.
    """
    with opened(path) as archive:
        graph = _graph(_program(archive), path.stem)
        return _with_values(graph, Weights(archive, _decoded))


def extract_pt2_constants(path: Path, target: Path) -> None:
    """Writes the constants of a `.pt2` file's graph as a safetensors file, by their names.

    Raises:
        ModelFileError: It is not such a file, or keeps constants in a pickle.
        StorageError: A file cannot be read or written.
    """
    with opened(path) as archive:
        graph = _graph(_program(archive), path.stem)
        types = {constant.name: constant.type for constant in graph.constants.values()}
        weights = Weights(archive, _decoded)
        write_safetensors(target, types, lambda name: weights.raw_bytes(name, types[name]))


def _program(archive: Archive) -> schema.ExportedProgram:
    names = archive.names("models/", ".json") or archive.names(_OLD_GRAPH, "")
    if not names:
        raise ModelFileError(
            "It is a zip without an exported model in it; save the model with torch.export.save, or import the Python "
            "that builds it."
        )
    name = "models/model.json" if "models/model.json" in names else names[0]
    program: schema.ExportedProgram = _decoded(archive.read(name, MAX_JSON_BYTES), schema.ExportedProgram)
    if program.schema_version.major != _SCHEMA_MAJOR:
        raise ModelFileError(
            f"It has version {program.schema_version.major} of torch's format, and this program reads version "
            f"{_SCHEMA_MAJOR}; save the model with torch 2.6 or newer."
        )
    return program


def _decoded(data: bytes, type: Any) -> Any:
    try:
        return msgspec.json.decode(data, type=type)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        reason = (
            str(error).partition("\n")[0].rstrip(".") if isinstance(error, msgspec.MsgspecError) else "it is nested"
        )
        raise ModelFileError(f"Its description is not what torch writes: {reason[:200]}.") from None


def _graph(program: schema.ExportedProgram, name: str) -> Graph:
    signature = program.graph_module.signature
    written = inlined(program.graph_module.graph, MAX_NODES + 1)
    proto = written.graph
    if len(proto.nodes) > MAX_NODES:
        raise ModelFileError(f"It has {len(proto.nodes):,} operators; {MAX_NODES:,} can be opened.")
    inputs = tuple(
        spec.user_input.arg.as_tensor.name
        for spec in signature.input_specs
        if spec.user_input is not None and spec.user_input.arg.as_tensor is not None
    )
    sizes, batch = _sizes(proto, inputs)
    types = {key: _type(key, meta, sizes) for key, meta in proto.tensor_values.items()}
    constants = _constants(signature, types)
    arguments = Arguments(proto.sym_int_values, sizes)
    modules: dict[str, str] = {}
    steps = [_step(node, arguments, modules) for node in proto.nodes if not _only_guards(node)]
    outputs = tuple(
        written.names.get(spec.user_output.arg.as_tensor.name, spec.user_output.arg.as_tensor.name)
        for spec in signature.output_specs
        if spec.user_output is not None and spec.user_output.arg.as_tensor is not None
    )
    _require_order(steps, {*inputs, *constants}, outputs)
    assumed = [f"The model leaves the size {symbol} open; {size} was taken." for symbol, size in sizes.assumed.items()]
    return pruned(
        Graph(
            steps=tuple(steps),
            tensors={key: type for key, type in types.items() if key not in constants},
            constants=constants,
            inputs=inputs,
            outputs=outputs,
            name=name,
            modules=modules,
            batch=batch,
            parameters=sum(math.prod(each.type.shape) for each in constants.values() if each.role == "parameter"),
            assumed=(*assumed, *written.notes),
            origin=f"torch.export, torch {program.torch_version}"[:100],
        )
    )


def _sizes(proto: schema.Graph, inputs: tuple[str, ...]) -> tuple[Sizes, int]:
    """What the sizes of the file mean, and the batch: the first size of the first input that has one."""
    first = next((proto.tensor_values[name] for name in inputs if name in proto.tensor_values), None)
    sizes = Sizes(OPEN_BATCH)
    if first is None or not first.sizes:
        return sizes, 1
    sizes.batch_symbol = symbol_of(first.sizes[0])
    return sizes, OPEN_BATCH if sizes.batch_symbol else max(sizes.number(first.sizes[0]), 1)


def _type(key: str, meta: schema.TensorMeta, sizes: Sizes) -> TensorType:
    if meta.dtype not in NUMBER_TYPES:
        raise ModelFileError(f"The tensor '{key[:100]}' holds numbers of a type that cannot be read here.")
    shape = tuple(sizes.number(size) for size in meta.sizes)
    if len(shape) > MAX_RANK or min(shape, default=0) < 0 or math.prod(shape) > MAX_ELEMENTS:
        raise ModelFileError(f"The tensor '{key[:100]}' has the shape {shape[:MAX_RANK]}, which no tensor has.")
    return TensorType(shape, NUMBER_TYPES[meta.dtype])


def _constants(signature: schema.Signature, types: Mapping[str, TensorType]) -> dict[str, Constant]:
    found: dict[str, Constant] = {}
    for spec in signature.input_specs:
        entry: tuple[str, str, Role] | None = None
        if spec.parameter is not None:
            entry = (spec.parameter.arg.name, spec.parameter.parameter_name, "parameter")
        elif spec.buffer is not None:
            entry = (spec.buffer.arg.name, spec.buffer.buffer_name, "buffer")
        elif spec.tensor_constant is not None:
            entry = (spec.tensor_constant.arg.name, spec.tensor_constant.tensor_constant_name, "constant")
        if entry is not None:
            key, name, role = entry
            if key not in types:
                raise ModelFileError(f"It does not say what type '{name[:100]}' has; the file is damaged.")
            found[key] = Constant(name, types[key], role)
    return found


def _with_values(graph: Graph, weights: Weights) -> Graph:
    """The graph with the numbers of small tensors that nobody learned: they may be part of a computation."""
    constants = {
        key: msgspec.structs.replace(each, values=weights.values(each.name, each.type))
        if each.role == "constant" or not each.type.shape
        else each
        for key, each in graph.constants.items()
    }
    return msgspec.structs.replace(graph, constants=constants)


def _only_guards(node: schema.Node) -> bool:
    target = node.target.removeprefix("torch.ops.")
    return target.startswith(_GUARDS) or node.target.startswith(_GUARDS)


def _step(node: schema.Node, arguments: Arguments, modules: dict[str, str]) -> Step:
    target = node.target.removeprefix("torch.ops.")
    given = {each.name: arguments.argument(each.arg, target) for each in node.inputs}
    results = tuple(name for each in node.outputs for name in arguments.results(each))
    module = module_of(node.metadata.get("nn_module_stack", ""), modules)
    variable = variable_of(node.metadata.get("stack_trace", ""))
    return Step(Operator(target, given, results), module, variable)


def _require_order(steps: list[Step], known: set[str], outputs: tuple[str, ...]) -> None:
    """Raises where an operator reads what nothing before it makes."""
    made = set(known)
    for step in steps:
        missing = next((name for name in step.operator.tensors() if name not in made), None)
        if missing is not None:
            raise ModelFileError(f"{step.operator.target} reads '{missing[:100]}', which nothing before it makes.")
        made.update(step.operator.results)
    missing = next((name for name in outputs if name not in made), None)
    if missing is not None:
        raise ModelFileError(f"Its output '{missing[:100]}' is made by no operator; the file is damaged.")

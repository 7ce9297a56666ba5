"""The JSON of a `.pt2` file, as far as it is read: torch/_export/serde/schema.py, by the names of torch.

A union is an object with one key; here it is a class with one field for each, all but one of them None.
"""

import msgspec


class SymExprHint(msgspec.Struct, frozen=True):
    """The value that a symbol had when the model was exported."""

    as_int: int | None = None


class SymExpr(msgspec.Struct, frozen=True):
    """An expression over symbols, as sympy writes it."""

    expr_str: str
    hint: SymExprHint | None = None


class SymInt(msgspec.Struct, frozen=True):
    """A size: a number or an expression."""

    as_expr: SymExpr | None = None
    as_int: int | None = None


class Named(msgspec.Struct, frozen=True):
    """A tensor, or another value, by name."""

    name: str


class SymIntArgument(msgspec.Struct, frozen=True):
    """A size as an argument: a number, or a value by name."""

    as_name: str | None = None
    as_int: int | None = None


class Device(msgspec.Struct, frozen=True):
    """Where a tensor lies."""

    type: str
    index: int | None = None


class TensorMeta(msgspec.Struct, frozen=True):
    """The type of a tensor; `dtype` and `layout` are numbers of torch's enumerations."""

    dtype: int
    sizes: tuple[SymInt, ...]
    strides: tuple[SymInt, ...] = ()
    storage_offset: SymInt = SymInt(as_int=0)
    layout: int = 7


class OptionalTensor(msgspec.Struct, frozen=True):
    """A tensor or none, in a list."""

    as_tensor: Named | None = None
    as_none: bool | None = None


class GraphArgument(msgspec.Struct, frozen=True):
    """A part of the network as an argument of an operator that runs it."""

    graph: "Graph"


class Argument(msgspec.Struct, frozen=True):
    """An argument or a result of an operator."""

    as_none: bool | None = None
    as_tensor: Named | None = None
    as_tensors: tuple[Named, ...] | None = None
    as_int: int | None = None
    as_ints: tuple[int, ...] | None = None
    as_float: float | str | None = None
    as_floats: tuple[float | str, ...] | None = None
    as_string: str | None = None
    as_strings: tuple[str, ...] | None = None
    as_sym_int: SymIntArgument | None = None
    as_sym_ints: tuple[SymIntArgument, ...] | None = None
    as_scalar_type: int | None = None
    as_memory_format: int | None = None
    as_layout: int | None = None
    as_device: Device | None = None
    as_bool: bool | None = None
    as_bools: tuple[bool, ...] | None = None
    as_optional_tensor: OptionalTensor | None = None
    as_optional_tensors: tuple[OptionalTensor, ...] | None = None
    as_graph: GraphArgument | None = None


class NamedArgument(msgspec.Struct, frozen=True):
    """An argument with its name in the operator's schema."""

    name: str
    arg: Argument


class Node(msgspec.Struct, frozen=True):
    """A call of an operator."""

    target: str
    inputs: tuple[NamedArgument, ...]
    outputs: tuple[Argument, ...]
    metadata: dict[str, str] = {}


class Graph(msgspec.Struct, frozen=True):
    """The operators in order, and the types of all tensors."""

    nodes: tuple[Node, ...]
    tensor_values: dict[str, TensorMeta]
    inputs: tuple[Argument, ...] = ()
    outputs: tuple[Argument, ...] = ()
    sym_int_values: dict[str, SymInt] = {}


class InputToParameter(msgspec.Struct, frozen=True):
    """A parameter that comes in as an input of the graph."""

    arg: Named
    parameter_name: str


class InputToBuffer(msgspec.Struct, frozen=True):
    """A buffer that comes in as an input of the graph."""

    arg: Named
    buffer_name: str


class InputToConstant(msgspec.Struct, frozen=True):
    """A constant tensor that comes in as an input of the graph."""

    arg: Named
    tensor_constant_name: str


class UserInput(msgspec.Struct, frozen=True):
    """What the caller gives, or gets."""

    arg: Argument


class InputSpec(msgspec.Struct, frozen=True):
    """What an input of the graph is."""

    user_input: UserInput | None = None
    parameter: InputToParameter | None = None
    buffer: InputToBuffer | None = None
    tensor_constant: InputToConstant | None = None


class OutputSpec(msgspec.Struct, frozen=True):
    """What an output of the graph is; others than the caller's change the network, and are left out."""

    user_output: UserInput | None = None


class Signature(msgspec.Struct, frozen=True):
    """What the inputs and outputs of the graph are."""

    input_specs: tuple[InputSpec, ...]
    output_specs: tuple[OutputSpec, ...]


class GraphModule(msgspec.Struct, frozen=True):
    """The graph and its signature."""

    graph: Graph
    signature: Signature


class Version(msgspec.Struct, frozen=True):
    """The version of the schema; another first number is another schema."""

    major: int
    minor: int = 0


class ExportedProgram(msgspec.Struct, frozen=True):
    """The whole file."""

    graph_module: GraphModule
    schema_version: Version
    torch_version: str = ""


class Payload(msgspec.Struct, frozen=True):
    """Where the numbers of a tensor lie in the archive."""

    path_name: str
    use_pickle: bool = False
    tensor_meta: TensorMeta | None = None


class Payloads(msgspec.Struct, frozen=True):
    """Where the numbers of all tensors of a kind lie."""

    config: dict[str, Payload] = {}

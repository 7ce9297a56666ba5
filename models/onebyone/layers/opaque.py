"""The node for what no other kind is: operators as they were captured, for the shapes that they had."""

import re
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from math import prod
from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from onebyone.layers.base import Costs, Family, Layer
from onebyone.layers.finding import Finding
from onebyone.layers.module_names import MODULE_NAMES
from onebyone.layers.operator_rules import DTYPES, flaw_in, is_name
from onebyone.layers.operator_source import forward_source
from onebyone.layers.operators import Operator
from onebyone.quantity import count
from onebyone.quantity import macs as shown_macs
from onebyone.quantity import shape as shown_shape
from onebyone.shape import MAX_ELEMENTS, MAX_PARAMETERS, WHOLE, Field, Shape

_MAX_INPUTS = 64
_MAX_HELD = 2_000
_MAX_RANK = 8
_WORDS = re.compile(r"[A-Za-z0-9_ .:()\[\]-]{0,80}\Z")
_FLOATS = frozenset({"float16", "bfloat16", "float32", "float64"})
_MOST_NAMED = 6


class HeldTensor(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A tensor that an opaque node holds, as its name in the state_dict, its whole shape and its number type.

    A parameter is learned and counted; a buffer is neither.
    """

    name: str
    shape: Shape
    dtype: str = "float32"
    role: Literal["parameter", "buffer"] = "parameter"


class Opaque(Layer, frozen=True, tag="opaque"):
    """Operators of an imported network that no other kind stands for, such as an attention; nothing of it is edited.

    Its operators call the inputs "input0", "input1" and so on, and what it holds by its name. It runs for any size of
    batch, but for no other shapes than those that it was captured with. `result_name` is the tensor that it gives.

    Shape: input_shapes → result_shape, maps or vectors

    Source: torch.export; the native functions of torch (aten).
    """

    operators: Annotated[tuple[Operator, ...], Meta(title="Operators", extra={"is_data": True})]
    input_shapes: Annotated[tuple[Shape, ...], Meta(title="Shapes of the inputs", extra={"is_data": True})]
    result_shape: Annotated[Shape, Meta(title="Shape of the result", extra={"is_data": True})]
    result_name: Annotated[str, Meta(title="Result", extra={"is_data": True})]
    tensors_held: Annotated[tuple[HeldTensor, ...], Meta(title="Tensors", extra={"is_data": True})] = ()
    macs: Annotated[int, Meta(title="MACs", ge=0, le=2**62, extra={"is_data": True})] = 0
    words: Annotated[str, Meta(title="What it was", extra={"is_data": True})] = ""

    label: ClassVar[str] = "Opaque"
    since: ClassVar[int] = 3
    is_imported: ClassVar[bool] = True
    maximum_inputs: ClassVar[int | None] = None
    learns: ClassVar[bool] = True

    @property
    def family(self) -> Family:
        return "head"

    @property
    def type_name(self) -> str:
        return self.words or "Opaque"

    @property
    def can_be_bypassed(self) -> bool:
        return len(self.input_shapes) == 1 and len(self.input_shapes[0]) == len(self.result_shape)

    @property
    def input_names(self) -> tuple[str, ...]:
        """What the operators call the inputs, in the order of the wires."""
        return tuple(f"input{place}" for place in range(len(self.input_shapes)))

    def flaw(self) -> str | None:
        if not 1 <= len(self.input_shapes) <= _MAX_INPUTS:
            return f"an opaque node has 1 to {_MAX_INPUTS} inputs, not {len(self.input_shapes):,}"
        for shape in (*self.input_shapes, self.result_shape):
            if len(shape) not in {1, 3} or not 0 < min(shape) <= prod(shape) <= MAX_ELEMENTS:
                return f"a shape has channels, height and width, or features, each 1 or more, not {str(shape)[:60]}"
        if _WORDS.match(self.words) is None:
            return "what it was is said in up to 80 plain letters, digits and signs"
        if isinstance(self.macs, bool) or not 0 <= self.macs <= 2**62:
            return f"its MACs are a whole number of 0 or more, not {str(self.macs)[:60]}"
        names = [tensor.name for tensor in self.tensors_held]
        flaw = next(self._flaws_of_held(), None)
        return flaw or flaw_in(self.operators, self.input_names, names, self.result_name)

    def _flaws_of_held(self) -> Iterator[str]:
        if len(self.tensors_held) > _MAX_HELD:
            yield f"it holds {len(self.tensors_held):,} tensors, and an opaque node holds at most {_MAX_HELD:,}"
            return
        taken = {*self.input_names, *MODULE_NAMES}
        for tensor in self.tensors_held:
            if not is_name(tensor.name) or tensor.name.startswith("_") or tensor.name in taken:
                yield f"a tensor that it holds cannot be called {tensor.name[:60]!r}"
            if len(tensor.shape) > _MAX_RANK or any(axis < 0 for axis in tensor.shape):
                yield f"the tensor {tensor.name!r} cannot have the shape {str(tensor.shape)[:60]}"
            if prod(tensor.shape) > MAX_PARAMETERS:
                yield f"the tensor {tensor.name!r} is larger than can be run"
            if tensor.dtype not in (_FLOATS if tensor.role == "parameter" else DTYPES):
                yield f"the {tensor.role} {tensor.name!r} cannot have the number type {tensor.dtype[:60]!r}"
            taken.add(tensor.name)

    def problems(self, *inputs: Shape) -> Iterator[Finding]:
        flaw = self.flaw()
        if flaw is not None:
            yield Finding("malformed-operators", f"{flaw}; import the network again.")
        elif inputs != self.input_shapes:
            yield Finding(
                "fixed-shape",
                f"it was captured with {_listed(self.input_shapes)}, but gets {_listed(inputs)}; give it what it had,"
                " or import the network again with the new size.",
            )

    def output_shape(self, *inputs: Shape) -> Shape:
        return self.result_shape

    def cost(self, *inputs: Shape) -> Costs:
        parameters = sum(prod(tensor.shape) for tensor in self.tensors_held if tensor.role == "parameter")
        return Costs(weights=parameters, macs=self.macs)

    def receptive_field(self, axis: int, inputs: tuple[Shape, ...], fields: tuple[Field, ...]) -> Field:
        return WHOLE

    @property
    def _class_name(self) -> str:
        """A name for its class that no other content has."""
        words = "".join(re.findall(r"[A-Za-z0-9]+", self.words)) or "Opaque"
        return f"_{words}_{sha256(msgspec.json.encode(self)).hexdigest()[:8]}"

    def torch_source(self, *inputs: Shape) -> str:
        return f"{self._class_name}()"

    def helpers(self, *inputs: Shape) -> dict[str, str]:
        name = self._class_name
        entering = ", ".join(map(shown_shape, self.input_shapes))
        facts = f"{len(self.operators)} operators, {self.macs} MACs; {entering} → {shown_shape(self.result_shape)}"
        lines = [f"class {name}(nn.Module):", f'    """{self.type_name}: {facts}."""', ""]
        if self.tensors_held:
            lines += ["    def __init__(self) -> None:", "        super().__init__()"]
            lines += [f"        {_holding(tensor)}" for tensor in self.tensors_held]
            lines.append("")
        held = [tensor.name for tensor in self.tensors_held]
        return {name: "\n".join((*lines, *forward_source(self.operators, self.input_names, held, self.result_name)))}

    def torch_expression(self, attribute: str, arguments: tuple[str, ...]) -> str:
        return f"self.{attribute}({', '.join(arguments)})"

    def tensors(self, *inputs: Shape) -> dict[str, Shape]:
        parameters = [tensor for tensor in self.tensors_held if tensor.role == "parameter"]
        buffers = [tensor for tensor in self.tensors_held if tensor.role == "buffer"]
        return {tensor.name: tensor.shape for tensor in (*parameters, *buffers)}

    def summary(self, *inputs: Shape) -> str:
        return f"{len(self.operators):,} operator{'' if len(self.operators) == 1 else 's'}"

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        named = Counter(operator.base for operator in self.operators).most_common()
        shown = ", ".join(f"{name} ×{times}" if times > 1 else name for name, times in named[:_MOST_NAMED])
        costs = self.cost(*inputs)
        return (
            f"{shown}{', …' if len(named) > _MOST_NAMED else ''}" or "no operators",
            f"{count(costs.parameters)} parameters, {shown_macs(costs.macs)} MACs, as captured",
        )


def _holding(tensor: HeldTensor) -> str:
    """The statement that gives a module a tensor: what multiplies begins as one, what is added as zero."""
    dtype = f", dtype=torch.{tensor.dtype}" if tensor.dtype != "float32" else ""
    begins_as_one = tensor.name.endswith(("weight", "gamma", "scale", "var"))
    maker = "ones" if begins_as_one and tensor.dtype in _FLOATS else "zeros"
    if tensor.role == "buffer":
        return f'self.register_buffer("{tensor.name}", torch.{maker}({tensor.shape}{dtype}))'
    if len(tensor.shape) > 1:
        # As transformers begin; see Devlin et al., BERT, 2018.
        return f"self.{tensor.name} = nn.Parameter(nn.init.normal_(torch.empty({tensor.shape}{dtype}), std=0.02))"
    return f"self.{tensor.name} = nn.Parameter(torch.{maker}({tensor.shape}{dtype}))"


def _listed(shapes: tuple[Shape, ...]) -> str:
    return " and ".join(map(shown_shape, shapes))

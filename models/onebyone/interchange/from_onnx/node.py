"""An operator of an ONNX file as plain values."""

from dataclasses import dataclass, field
from typing import Any

from onebyone.errors import ModelFileError
from onebyone.interchange.number_types import shortest

MAX_ATTRIBUTE_ITEMS = 65_536


@dataclass(frozen=True)
class OnnxNode:
    """One call of an ONNX operator; names of tensors are the file's, the empty text is an input that is not given.

    Attributes that hold a tensor or a graph stay as the file has them.
    """

    kind: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: dict[str, Any] = field(default_factory=dict)
    domain: str = ""
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """How a sentence calls it."""
        name = self.name or next((output for output in self.outputs if output), "")
        kind = f"The operator {self.kind[:100]}"
        return f"{kind} '{name[:100]}'" if name else kind

    def get(self, attribute: str, default: Any) -> Any:
        """An attribute, or what ONNX takes where it is not given."""
        return self.attributes.get(attribute, default)


def text(value: Any) -> str:
    """A text of the file; protobuf gives bytes where it is none.

    Raises:
        ModelFileError: It is no text.
    """
    if not isinstance(value, str):
        raise ModelFileError("It has a name that is not text in UTF-8; the file is damaged.")
    return value


def plain_node(proto: Any) -> OnnxNode:
    """A NodeProto as plain values.

    Raises:
        ModelFileError: An attribute has a type that no ONNX operator has.
    """
    return OnnxNode(
        kind=text(proto.op_type),
        name=text(proto.name),
        inputs=tuple(map(text, proto.input)),
        outputs=tuple(map(text, proto.output)),
        attributes={text(each.name): _attribute(proto, each) for each in proto.attribute},
        domain="" if proto.domain == "ai.onnx" else text(proto.domain),
        notes={text(each.key): text(each.value) for each in proto.metadata_props},
    )


def _attribute(node: Any, attribute: Any) -> Any:
    """The value of an AttributeProto; the numbers are those of its enumeration of types."""
    match attribute.type:
        case 1:
            return shortest(attribute.f)
        case 2:
            return int(attribute.i)
        case 3:
            return attribute.s.decode("utf-8", "replace")
        case 4:
            return attribute.t
        case 5:
            return attribute.g
        case 6 if len(attribute.floats) <= MAX_ATTRIBUTE_ITEMS:
            return tuple(shortest(each) for each in attribute.floats)
        case 7 if len(attribute.ints) <= MAX_ATTRIBUTE_ITEMS:
            return tuple(int(each) for each in attribute.ints)
        case 8 if len(attribute.strings) <= MAX_ATTRIBUTE_ITEMS:
            return tuple(each.decode("utf-8", "replace") for each in attribute.strings)
        case 9 | 10 | 11 | 12 | 13 | 14:
            return attribute
    raise ModelFileError(
        f"The attribute '{attribute.name[:100]}' of {node.op_type[:100]} has a type or a length that no operator of "
        "ONNX takes; the file is damaged."
    )

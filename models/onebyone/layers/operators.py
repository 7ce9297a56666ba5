"""Operators of aten as data: what an opaque node holds, and what foreign models are read into."""

import msgspec


class TensorName(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="tensor"):
    """A tensor as an argument, by name."""

    name: str


class BatchSize(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="batch"):
    """A whole number as an argument that is so many times the size of the batch."""

    times: int = 1


#: What may be an argument. A float that is not finite is the text "inf", "-inf" or "nan", which JSON can hold; a number
#: type is a text such as "float32".
Item = None | bool | int | float | str | TensorName | BatchSize
Argument = Item | tuple[Item, ...]


class Operator(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A call of an operator: `target` is its name with its overload, such as "aten.conv2d.default".

    `arguments` go by the names of the operator's schema; what is not given has the schema's default. `results` names
    what it gives, in order; results that nothing reads may be the empty text.
    """

    target: str
    arguments: dict[str, Argument]
    results: tuple[str, ...]

    def __hash__(self) -> int:
        # The arguments have no hash; equal operators have equal names.
        return hash((self.target, self.results))

    @property
    def base(self) -> str:
        """The name without namespace and overload: "conv2d"."""
        return self.target.split(".")[1] if "." in self.target else self.target

    def tensors(self) -> tuple[str, ...]:
        """The names of the tensors that it reads, in order, those within lists too."""
        found: list[str] = []
        for argument in self.arguments.values():
            for item in argument if isinstance(argument, tuple) else (argument,):
                if isinstance(item, TensorName):
                    found.append(item.name)
        return tuple(found)

    @property
    def works_in_place(self) -> bool:
        """Whether it changes its argument `self`, as the name that ends in an underscore says."""
        return self.base.endswith("_")

    def changed(self) -> tuple[str, ...]:
        """The name of the tensor that it works on, where it works in place."""
        own = self.arguments.get("self")
        return (own.name,) if isinstance(own, TensorName) else ()

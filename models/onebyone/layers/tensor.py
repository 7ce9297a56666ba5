"""Where tensors enter and leave a design."""

from typing import Annotated, ClassVar

from msgspec import Meta

from onebyone.layers.base import PIXELS, Channels, Family, Layer, Size
from onebyone.shape import Shape


class Input(Layer, frozen=True, tag="input"):
    """A feature map that is given to the design.

    Shape: () → (channels, height, width)
    """

    channels: Annotated[Channels, Meta(title="Channels", extra={"unit": "channels"})]
    height: Annotated[Size, Meta(title="Height", extra=PIXELS)]
    width: Annotated[Size, Meta(title="Width", extra=PIXELS)]

    label: ClassVar[str] = "Input"
    is_entry: ClassVar[bool] = True
    minimum_inputs: ClassVar[int] = 0
    maximum_inputs: ClassVar[int | None] = 0

    @property
    def family(self) -> Family:
        return "tensor"

    def output_shape(self, *inputs: Shape) -> Shape:
        return self.channels, self.height, self.width

    def torch_expression(self, attribute: str, arguments: tuple[str, ...]) -> str:
        return attribute

    def summary(self, *inputs: Shape) -> str:
        return f"{self.channels:,} channels" if self.channels > 1 else "1 channel"


class Output(Layer, frozen=True, tag="output"):
    """A result of the design.

    Shape: S → S
    """

    label: ClassVar[str] = "Output"
    is_exit: ClassVar[bool] = True

    @property
    def family(self) -> Family:
        return "tensor"

    def torch_expression(self, attribute: str, arguments: tuple[str, ...]) -> str:
        return arguments[0]

    def summary(self, *inputs: Shape) -> str:
        return f"{inputs[0][0]:,} channels" if inputs and len(inputs[0]) > 1 else "result"

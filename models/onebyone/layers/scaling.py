"""Factors and offsets: one for all values, or one for each channel."""

from typing import Annotated, ClassVar

from msgspec import Meta

from onebyone.layers.base import Costs, Family, Layer
from onebyone.quantity import count
from onebyone.shape import FEATURE_MAP_RANK, Shape

_LEARNED_SCALE = '''class _LearnedScale(nn.Module):
    """One learned factor for all values."""

    def __init__(self, value: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor([value]))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.weight'''

_CHANNEL_SCALE = '''class _ChannelScale(nn.Module):
    """A learned factor for each channel, and a learned offset where asked."""

    def __init__(self, *shape: int, bias: bool = False) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(shape))
        self.bias = nn.Parameter(torch.zeros(shape)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        return x * self.weight if self.bias is None else x * self.weight + self.bias'''


class Scale(Layer, frozen=True, tag="scale"):
    """Multiplies every value by a factor, which may be learned, and adds an offset.

    Shape: S → S

    Source: torch.mul, torch.add.
    """

    value: Annotated[float, Meta(title="Factor", ge=-1e6, le=1e6)]
    offset: Annotated[float, Meta(title="Offset", ge=-1e6, le=1e6, extra={"since": 3})] = 0.0
    learnable: Annotated[bool, Meta(title="Learned factor", extra={"since": 3})] = False

    label: ClassVar[str] = "Scale"

    @property
    def family(self) -> Family:
        return "normalization"

    def cost(self, *inputs: Shape) -> Costs:
        return Costs(weights=1 if self.learnable else 0)

    def torch_source(self, *inputs: Shape) -> str:
        return f"_LearnedScale({float(self.value)!r})" if self.learnable else ""

    def helpers(self, *inputs: Shape) -> dict[str, str]:
        return {"_LearnedScale": _LEARNED_SCALE} if self.learnable else {}

    def tensors(self, *inputs: Shape) -> dict[str, Shape]:
        return {"weight": (1,)} if self.learnable else {}

    def torch_expression(self, attribute: str, arguments: tuple[str, ...]) -> str:
        scaled = f"self.{attribute}({arguments[0]})" if self.learnable else f"{arguments[0]} * {self.value!r}"
        if not self.offset:
            return scaled
        return f"{scaled} {'-' if self.offset < 0 else '+'} {abs(self.offset)!r}"

    def summary(self, *inputs: Shape) -> str:
        words = f"× {self.value:g}"
        if self.offset:
            words += f" {'−' if self.offset < 0 else '+'} {abs(self.offset):g}"
        return f"{words}, learned" if self.learnable else words

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        parameters = "1 parameter" if self.learnable else "0 parameters"
        return (f"{parameters}; its multiplications are not counted as MACs",)


class ChannelScale(Layer, frozen=True, tag="channel_scale"):
    """Multiplies each channel by a factor of its own, which is learned, and adds a learned offset where asked.

    Shape: S → S

    Source: Touvron et al., Going deeper with Image Transformers, 2021 (LayerScale).
    """

    bias: Annotated[bool, Meta(title="Offset")] = False

    label: ClassVar[str] = "ChannelScale"
    since: ClassVar[int] = 3
    is_follower: ClassVar[bool] = True
    learns: ClassVar[bool] = True

    @property
    def family(self) -> Family:
        return "normalization"

    @property
    def type_name(self) -> str:
        return "Channel scale"

    def cost(self, *inputs: Shape) -> Costs:
        return Costs(weights=inputs[0][0], biases=inputs[0][0] if self.bias else 0)

    def torch_source(self, *inputs: Shape) -> str:
        sizes = ", ".join(map(str, _spread(inputs[0])))
        return f"_ChannelScale({sizes}{', bias=True' if self.bias else ''})"

    def helpers(self, *inputs: Shape) -> dict[str, str]:
        return {"_ChannelScale": _CHANNEL_SCALE}

    def tensors(self, *inputs: Shape) -> dict[str, Shape]:
        names = ("weight", "bias") if self.bias else ("weight",)
        return dict.fromkeys(names, _spread(inputs[0]))

    def summary(self, *inputs: Shape) -> str:
        return "× and + a channel" if self.bias else "× a channel"

    def formula(self, *inputs: Shape) -> tuple[str, ...]:
        costs = self.cost(*inputs)
        biases = f" + {count(costs.biases)} offsets" if self.bias else ""
        return f"{count(costs.weights)} factors{biases}", "0 MACs: its multiplications are not counted"


def _spread(shape: Shape) -> Shape:
    """The shape of one value for each channel, so that it is spread over the positions."""
    return (shape[0], 1, 1) if len(shape) == FEATURE_MAP_RANK else shape

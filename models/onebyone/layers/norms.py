"""What the normalisations share, in a convolution or alone: words, source, tensors, and what they cannot normalise."""

from typing import Annotated, Any, Literal

from msgspec import Meta

from onebyone.layers.base import Channels
from onebyone.layers.finding import Finding, Repair
from onebyone.quantity import count
from onebyone.shape import Shape

USUAL_EPS = 1e-5
#: The group norms of the paper have 32 groups (Wu and He, Group Normalization, 2018).
USUAL_GROUPS = 32

NORMS = {"batch": "Batch norm", "layer": "Layer norm", "group": "Group norm", "instance": "Instance norm"}
#: Those that take mean and variance over the positions of a map, so that each value sees the whole of it.
OVER_POSITIONS = frozenset({"group", "instance"})
#: Those that take mean and variance over channels, so that each channel sees others.
OVER_CHANNELS = frozenset({"layer", "group"})

NormName = Annotated[
    Literal["none", "batch", "layer", "group", "instance"],
    Meta(title="Norm", extra={"titles": NORMS, "choices_since": {"layer": 3, "group": 3, "instance": 3}}),
]
Epsilon = Annotated[float, Meta(title="Epsilon", gt=0.0, le=1.0)]
NormEpsilon = Annotated[float, Meta(title="Norm epsilon", gt=0.0, le=1.0, extra={"since": 3})]
NormGroups = Annotated[Channels, Meta(title="Norm groups", extra={"unit": "groups", "since": 3})]

LAYER_NORM_2D = "_LayerNorm2d"
#: Helper classes by their names. The underscore keeps them apart from the class of a design and from its nodes.
HELPERS = {
    LAYER_NORM_2D: '''class _LayerNorm2d(nn.LayerNorm):
    """Layer norm over the channels of N, C, H, W, at each position alone."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)''',
}


def norm_source(norm: str, channels: int, eps: float, groups: int, **arguments: bool) -> str:
    """The constructor of a norm over a feature map; arguments are torch's, those at its defaults left out."""
    names = {
        "batch": "nn.BatchNorm2d",
        "layer": LAYER_NORM_2D,
        "group": "nn.GroupNorm",
        "instance": "nn.InstanceNorm2d",
    }
    parts = [str(channels)] if norm != "group" else [str(groups), str(channels)]
    if eps != USUAL_EPS:
        parts.append(f"eps={eps!r}")
    parts += [f"{name}={value}" for name, value in arguments.items()]
    return f"{names[norm]}({', '.join(parts)})"


def norm_helpers(norm: str) -> dict[str, str]:
    """The helper classes that the source of a norm over a feature map needs."""
    return dict(HELPERS) if norm == "layer" else {}


def norm_tensors(norm: str, channels: int, affine: bool = True, bias: bool = True) -> dict[str, Shape]:
    """The tensors of a norm; the last of a batch norm counts the batches of a training."""
    names = ["weight", *(["bias"] if bias else [])] if affine else []
    if norm == "batch":
        names += ["running_mean", "running_var"]
    found: dict[str, Shape] = dict.fromkeys(names, (channels,))
    return {**found, "num_batches_tracked": ()} if norm == "batch" else found


def norm_parameters(norm: str, channels: int) -> int:
    """Scale and shift of a norm in a convolution; an instance norm has none unless asked."""
    return 0 if norm in {"none", "instance"} else 2 * channels


def norm_line(words: str, channels: int) -> str:
    """How the parameters of a norm come about: two for each channel."""
    return f"2·{channels:,} = {count(2 * channels)} {words}"


def single_value(norm: str, repairs: dict[str, Any] | None = None) -> Finding:
    """The finding for a norm whose mean would be that of one value."""
    mending = (Repair("Set norm to batch norm", repairs),) if repairs else ()
    return Finding(
        "nothing-to-normalize",
        f"its {norm} norm would take mean and variance of a single value; it needs a larger map"
        f"{' or fewer groups' if norm == 'group' else ''}, or use a batch norm.",
        mending,
    )


def groups_of_norm(channels: int, groups: int, fitting: int, field: str) -> Finding:
    """The finding for a group norm whose channels do not divide into its groups."""
    return Finding(
        "groups-do-not-divide",
        f"{channels:,} channels do not divide into {groups:,} groups of the norm; use {fitting:,}.",
        (Repair(f"Set groups of the norm to {fitting:,}", {field: fitting}),),
    )

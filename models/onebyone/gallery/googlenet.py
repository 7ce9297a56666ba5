"""GoogLeNet, and the network that its naive modules would make."""

from onebyone.design import Design, Group, Node
from onebyone.gallery.bricks import chain, convolution
from onebyone.gallery.inception import ROWS, SOURCE, naive_module, reduced_module
from onebyone.layers import (
    Activation,
    AvgPool2d,
    Conv2d,
    Dropout,
    Flatten,
    Input,
    Linear,
    LocalResponseNorm,
    MaxPool2d,
    Output,
)

#: The modules after which a pool halves the maps.
_POOLED = {"3b": "pool3", "4e": "pool4"}


def googlenet() -> Design:
    """GoogLeNet with local response normalisation and without the auxiliary heads, which are for training only.

    Source: Szegedy et al., Going Deeper with Convolutions, 2014, table 1; pools round up, as in its published model.
    """
    return _network("GoogLeNet", SOURCE, is_naive=False)


def googlenet_naive() -> Design:
    """GoogLeNet of naive modules that really feed each other, so that the width grows from one to the next.

    Source: Szegedy et al., 2014, table 1 for the branches, figure 2(a) for the module, section 4 on why it grows.
    """
    return _network("GoogLeNet naive", f"{SOURCE}; all modules naive, figure 2(a)", is_naive=True)


def _network(name: str, notes: str, is_naive: bool) -> Design:
    nodes = list(_stem())
    groups = []
    for module in ROWS:
        made = _prefixed(f"i{module}_", module, nodes[-1].id, is_naive)
        nodes += made
        groups.append(Group(f"inception_{module}", f"Inception {module}", tuple(node.id for node in made)))
        if module in _POOLED:
            nodes.append(Node(_POOLED[module], _halving(), inputs=(nodes[-1].id,)))
    nodes += chain(
        nodes[-1].id,
        ("pool5", AvgPool2d((7, 7), (1, 1))),
        ("dropout", Dropout(0.4)),
        ("flatten", Flatten()),
        ("classifier", Linear(1000)),
        ("softmax", Activation("softmax")),
        ("output", Output()),
    )
    return Design(name, notes, tuple(nodes), tuple(groups))


def _stem() -> tuple[Node, ...]:
    return chain(
        "",
        ("input", Input(3, 224, 224)),
        ("conv1", Conv2d(64, (7, 7), (2, 2), (3, 3), activation="relu")),
        ("pool1", _halving()),
        ("norm1", LocalResponseNorm()),
        ("reduce2", convolution(64)),
        ("conv2", convolution(192, 3)),
        ("norm2", LocalResponseNorm()),
        ("pool2", _halving()),
    )


def _prefixed(prefix: str, module: str, source: str, is_naive: bool) -> list[Node]:
    nodes = (naive_module if is_naive else reduced_module)(ROWS[module], "source")
    return [
        Node(
            prefix + node.id,
            node.layer,
            inputs=tuple(source if name == "source" else prefix + name for name in node.inputs),
        )
        for node in nodes
    ]


def _halving() -> MaxPool2d:
    return MaxPool2d((3, 3), (2, 2), ceil_mode=True)

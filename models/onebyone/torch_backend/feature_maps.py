"""Runs the part of a design that leads to a node on a picture, and shows what the node makes of it."""

import hashlib
import math
from typing import Any

import msgspec

from onebyone.analysis import Analysis, analyze
from onebyone.channels import Channels, ChannelsRequest, FeatureMap, WeightedSum, why_not_by_hand
from onebyone.design import Design, Node
from onebyone.edits.bypass import effective
from onebyone.edits.wires import ancestors
from onebyone.errors import DesignFileError, MeasurementError
from onebyone.files.storage import dumps, loads
from onebyone.layers import Output
from onebyone.pytorch_source import torch_module
from onebyone.quantity import byte_size
from onebyone.text import visible
from onebyone.torch_backend import picture_input
from onebyone.torch_backend.build import build, input_shapes
from onebyone.torch_backend.map_pixels import feature_map, percentiles
from onebyone.torch_backend.weighted_sum import taken_apart

#: More weights and values than this are not computed for a picture.
MAX_BYTES = 2 * 2**30
#: From here on sums of absolute values may be infinite.
_TOO_LARGE = 1e30
_BIAS_SIZE = 0.1
_SHOWN = "shown"


def show(request: ChannelsRequest) -> Channels:
    """The feature maps of a node, and its weighted sums where it is a 1×1 convolution.

    Raises:
        MeasurementError: The node cannot be shown; the text says why.
    """
    node, part = _leading_to(request)
    analysis = _checked(part)
    shape = analysis.nodes[node].shape
    assert shape is not None
    try:
        ran = _Run(request, node, analysis)
    except (RuntimeError, MemoryError, TypeError, ValueError) as error:
        lines = str(error).strip().splitlines()
        reason = lines[0].rstrip(" .") if lines else type(error).__name__
        raise MeasurementError(f"PyTorch could not run the design on the picture: {reason}.") from error
    entering = [analysis.nodes[name].shape or () for name in analysis.input_ids]
    return Channels(
        node=request.node,
        channels=shape[0],
        width=ran.maps.shape[2],
        height=ran.maps.shape[1],
        entered=" ".join(dict.fromkeys(picture_input.words(one) for one in entering)),
        remarks=_remarks(request, node, analysis, ran),
        maps=_page(request, ran.maps),
        sum=ran.weighted_sum(request),
    )


class _Run:
    """The module of a part of a design, run once; what entered and left the convolution of the node is kept."""

    def __init__(self, request: ChannelsRequest, node: str, analysis: Analysis) -> None:
        import torch

        source = torch_module(analysis.design, analysis)
        module = build(source)
        for name, attribute in source.attributes.items():
            seed_node(getattr(module, attribute), name, request.seed)
        self.convolution: Any = None
        self._kept: list[Any] = []
        if analysis.node(node).layer.is_pointwise:
            own = getattr(module, source.attributes[node])
            self.convolution = own[0] if isinstance(own, torch.nn.Sequential) else own
            self.convolution.register_forward_hook(self._keep)
        if request.weights is not None:
            self._set_by_hand(request)
        generator = torch.Generator().manual_seed(request.seed)
        inputs = [picture_input.entering(request.picture, shape, generator) for shape in input_shapes(analysis)]
        with torch.inference_mode():
            result = module(*inputs)[0].clone()
        # A vector is drawn as a map of one pixel a channel.
        self.maps = result if result.dim() == 3 else result.reshape(-1, 1, 1)
        self.is_finite = all(bool((own.abs() < _TOO_LARGE).all()) for own in (*self._kept, self.maps))

    def weighted_sum(self, request: ChannelsRequest) -> WeightedSum | None:
        """One output channel taken apart; None where the node is no 1×1 convolution, or its values are no numbers."""
        import torch

        if self.convolution is None or not self.is_finite:
            return None
        entering, total = self._kept
        output = min(request.output, self.convolution.out_channels - 1)
        with torch.inference_mode():
            return taken_apart(self.convolution, entering, total, self.maps[None], output, request.side)

    def _keep(self, _module: Any, inputs: tuple[Any, ...], output: Any) -> None:
        # Copies: an activation behind it may work in place.
        self._kept = [inputs[0].clone(), output.clone()]

    def _set_by_hand(self, request: ChannelsRequest) -> None:
        import torch

        if self.convolution is None or request.weights is None:
            raise MeasurementError("Weights can be set by hand for a 1×1 convolution alone.")
        outputs, inputs = self.convolution.weight.shape[:2]
        reason = why_not_by_hand(request.weights, outputs, inputs)
        if reason:
            raise MeasurementError(reason)
        self.convolution.weight.copy_(torch.tensor(request.weights).reshape(outputs, inputs, 1, 1))
        if self.convolution.bias is not None:
            self.convolution.bias.zero_()


def seed_node(layer: Any, name: str, seed: int) -> None:
    """Fills the weights of a node; they depend on the seed and on the node's id alone, not on the rest of the design.

    Normal values with a variance of 2 / fan-in keep the size of what passes through layers with ReLU.

    Source: He et al., Delving Deep into Rectifiers, 2015, equation 10.
    """
    import torch

    digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    generator = torch.Generator().manual_seed(int.from_bytes(digest[:7], "big"))
    for module in layer.modules():
        fan_in = _fan_in(module)
        if fan_in:
            module.weight.normal_(0.0, (2 / fan_in) ** 0.5, generator=generator)
            if module.bias is not None:
                module.bias.normal_(0.0, _BIAS_SIZE, generator=generator)
        elif isinstance(module, torch.nn.BatchNorm2d):
            module.register_forward_pre_hook(_know)


def _fan_in(module: Any) -> int:
    """How many products each sum of a layer has on average; 0 where it has no sums of weights."""
    outputs: int = getattr(module, "out_channels", 0) or getattr(module, "out_features", 0)
    if not outputs:
        return 0
    skipped = math.prod(module.stride) if getattr(module, "transposed", False) else 1
    return max(1, int(module.weight.numel()) // outputs // skipped)


def _know(norm: Any, inputs: tuple[Any, ...]) -> None:
    """Gives a batch norm the mean and variance of what enters it, as if it had been trained on this picture."""
    norm.running_mean.copy_(inputs[0].mean((0, 2, 3)))
    norm.running_var.copy_(inputs[0].var((0, 2, 3), unbiased=False))


def _leading_to(request: ChannelsRequest) -> tuple[str, Design]:
    """The node that is run, and the design of it and all that leads to it; of an output it is the node before."""
    design = effective(request.design)
    nodes = {node.id: node for node in design.nodes}
    if request.node not in nodes:
        raise MeasurementError("The node is bypassed or gone: its input passes through. Select another one.")
    wanted = nodes[request.node]
    if wanted.layer.is_exit:
        if not wanted.inputs or wanted.inputs[0] not in nodes:
            raise MeasurementError("Nothing is wired to this output; wire a node to it, or select another one.")
        wanted = nodes[wanted.inputs[0]]
    kept = ancestors(nodes, wanted.id) | {wanted.id}
    end = _SHOWN
    while end in kept:
        end += "_"
    part = [node for node in design.nodes if node.id in kept]
    ending = Node(id=end, layer=Output(), inputs=(wanted.id,))
    return wanted.id, msgspec.structs.replace(design, nodes=(*part, ending), groups=())


def _checked(part: Design) -> Analysis:
    """The analysis of what leads to the node; written and read like a file, as all that becomes source."""
    try:
        analysis = analyze(loads(dumps(part)))
    except DesignFileError as error:
        raise MeasurementError(f"The design cannot be run. {error}") from error
    for problem in analysis.problems:
        if problem.severity == "error":
            raise MeasurementError(f"What leads to this node has an error and cannot run. {problem.message}")
    size = 4 * (analysis.totals.parameters or 0) + (analysis.totals.peak_activation_bytes or 0)
    if size > MAX_BYTES:
        raise MeasurementError(
            f"Running it on a picture takes {byte_size(size)} for weights and values, more than the"
            f" {byte_size(MAX_BYTES)} that this is done for; choose a node nearer to the input, or a smaller input."
        )
    return analysis


def _page(request: ChannelsRequest, maps: Any) -> tuple[FeatureMap, ...]:
    first = min(request.first, len(maps) - 1) // request.maps * request.maps
    page = maps[first : first + request.maps]
    limits = percentiles(page) if request.scaling == "shared" else None
    return tuple(feature_map(first + place, own, request.side, limits) for place, own in enumerate(page))


def _remarks(request: ChannelsRequest, node: str, analysis: Analysis, ran: _Run) -> tuple[str, ...]:
    """What has to be known to read the maps."""
    nodes = analysis.design_nodes
    remarks = []
    if node != request.node:
        remarks.append(f"An output holds what '{visible(nodes[node].name)}' gives it; this is shown.")
    if any(own.layer.has_batch_norm for own in nodes.values()):
        remarks.append("Batch norm takes its mean and variance from this picture.")
    if not ran.is_finite:
        remarks.append(
            "Some values are undefined or above 1e30; they are drawn as black or white, and no sum is shown."
        )
    return tuple(remarks)

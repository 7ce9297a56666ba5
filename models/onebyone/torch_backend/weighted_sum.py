"""A 1×1 convolution taken apart: its matrix, one output as a sum of terms, and the same function computed otherwise."""

import math
import struct
from typing import Any

from onebyone.channels import LARGE_SIDE, MAX_TERMS, MAX_WEIGHTS, Equivalence, Term, WeightedSum, WeightMatrix
from onebyone.torch_backend.map_pixels import feature_map


def taken_apart(convolution: Any, entering: Any, total: Any, result: Any, output: int, side: int) -> WeightedSum:
    """One output channel as the weighted sum of the input maps.

    Args:
        convolution: An nn.Conv2d with a kernel of 1×1.
        entering: What entered it, with a batch axis of 1.
        total: What it put out, before norm and activation.
        result: What the node puts out, after them.
        output: The channel that is taken apart.
        side: The longest side of the terms' maps.
    """
    import torch

    seen = positions(convolution, entering)
    width = convolution.in_channels // convolution.groups
    first = output // (convolution.out_channels // convolution.groups) * width
    inputs = seen[first : first + width]
    weights = convolution.weight[output, :, 0, 0]
    bias = None if convolution.bias is None else float(convolution.bias[output])
    contributions = weights.abs() * inputs.abs().mean((1, 2))
    # An infinite or undefined map comes first: it is what spoils the sum.
    order = torch.nan_to_num(contributions, nan=torch.inf).argsort(descending=True, stable=True)[:MAX_TERMS].tolist()
    terms = tuple(
        Term(
            first + place,
            float(weights[place]),
            float(contributions[place]),
            feature_map(first + place, inputs[place], side),
        )
        for place in order
    )
    summed = _summed(weights, inputs, bias)
    of_all = float(contributions.sum())
    shown = sum(term.contribution for term in terms)
    return WeightedSum(
        output=output,
        matrix=_matrix(convolution),
        first_input=first,
        terms=terms,
        others=width - len(terms),
        others_share=max(0.0, 1 - shown / of_all) if of_all > 0 and width > len(terms) else 0.0,
        bias=bias,
        total=feature_map(output, total[0, output], LARGE_SIDE),
        result=feature_map(output, result[0, output], LARGE_SIDE),
        difference=largest(summed - total[0, output]),
        equivalence=_equivalence(convolution, seen, total[0]),
    )


def positions(convolution: Any, entering: Any) -> Any:
    """The values of all channels at the positions that a 1×1 convolution looks at: padded and strided as it is."""
    import torch

    rows, columns = convolution.padding
    padded = torch.nn.functional.pad(entering[0], (columns, columns, rows, rows))
    return padded[:, :: convolution.stride[0], :: convolution.stride[1]]


def largest(values: Any) -> float:
    """The largest absolute value."""
    return float(values.abs().max())


def _summed(weights: Any, inputs: Any, bias: float | None) -> Any:
    """All terms, one after the other, and then the bias."""
    import torch

    total = torch.zeros_like(inputs[0])
    for weight, own in zip(weights, inputs, strict=True):
        total += weight * own
    return total if bias is None else total + bias


def _matrix(convolution: Any) -> WeightMatrix:
    weights = convolution.weight[:, :, 0, 0]
    rows, columns = weights.shape
    row_step = column_step = 1
    while math.ceil(rows / row_step) * math.ceil(columns / column_step) > MAX_WEIGHTS:
        if rows / row_step >= columns / column_step:
            row_step += 1
        else:
            column_step += 1
    values = weights[::row_step, ::column_step].flatten().tolist()
    packed = struct.pack(f"<{len(values)}f", *values)
    return WeightMatrix(rows, columns, row_step, column_step, packed, largest(weights), convolution.groups)


def _equivalence(convolution: Any, seen: Any, total: Any) -> Equivalence:
    """The convolution against nn.Linear at every pixel, and against a cccp layer; groups each by themselves.

    Source: Lin et al., Network in Network, 2013, equation 3: a weighted sum over the channels at each pixel, then ReLU.
    """
    import torch

    linear, cccp = torch.empty_like(total), torch.empty_like(total)
    groups = convolution.groups
    outputs, inputs = convolution.out_channels // groups, convolution.in_channels // groups
    weights = convolution.weight[:, :, 0, 0]
    for group in range(groups):
        own = slice(group * outputs, (group + 1) * outputs)
        values = seen[group * inputs : (group + 1) * inputs]
        bias = None if convolution.bias is None else convolution.bias[own]
        linear[own] = _by_linear(weights[own], bias, values)
        cccp[own] = _by_cccp(weights[own], bias, values)
    return Equivalence(
        linear=largest(linear - total),
        cccp=largest(cccp - torch.relu(total)),
        largest=largest(total),
        compared=_compared(convolution),
    )


def _by_linear(weights: Any, bias: Any, values: Any) -> Any:
    """An nn.Linear over the channels, given one pixel after the other as its batch."""
    import torch

    layer = torch.nn.Linear(weights.shape[1], weights.shape[0], bias=bias is not None)
    state = {"weight": weights} if bias is None else {"weight": weights, "bias": bias}
    layer.load_state_dict(state)
    return layer(values.permute(1, 2, 0)).permute(2, 0, 1)


def _by_cccp(weights: Any, bias: Any, values: Any) -> Any:
    """Cascaded cross-channel parametric pooling: max(sum over k of w·x + b, 0) at each pixel i, j."""
    import torch

    pooled = torch.einsum("ok,kij->oij", weights, values)
    if bias is not None:
        pooled = pooled + bias[:, None, None]
    return pooled.clamp_min(0.0)


def _compared(convolution: Any) -> str:
    """What is compared where the convolution does not look at every pixel and every channel."""
    parts = []
    if convolution.stride != (1, 1) or convolution.padding != (0, 0):
        parts.append(
            "only the pixels that the convolution looks at (its stride and padding) are given to the other two"
        )
    if convolution.groups > 1:
        parts.append(f"each of the {convolution.groups:,} groups has an nn.Linear and a cccp layer of its own")
    return "; ".join(parts)

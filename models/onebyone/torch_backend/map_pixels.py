"""Feature maps as thumbnails: down-sampled, robustly scaled, in 8 bit."""

import math
from typing import Any

from onebyone.channels import FeatureMap

LOW_PERCENTILE, HIGH_PERCENTILE = 0.01, 0.99
CONSTANT = 128
#: Above so many values a percentile is taken of every n-th; torch refuses more than 2**24.
_MOST_VALUES = 2**20


def feature_map(channel: int, values: Any, side: int, limits: tuple[float, float] | None = None) -> FeatureMap:
    """A map as it is shown.

    Args:
        channel: Its number.
        values: Height by width.
        side: The longest side of the thumbnail.
        limits: What is black and what is white; the percentiles 1 and 99 of the map where none are given.
    """
    import torch

    low, high = limits if limits is not None else percentiles(values)
    # In double: the range of floats can be larger than a float.
    small = torch.nan_to_num(_shrunk(values, side).double(), nan=low, posinf=high, neginf=low)
    if high > low:
        scaled = ((small - low) / (high - low) * 255).round().clamp(0, 255)
    else:
        scaled = torch.full_like(small, CONSTANT)
    height, width = small.shape
    pixels = bytes(scaled.to(torch.uint8).flatten().tolist())
    return FeatureMap(channel, width, height, pixels, low, high)


def percentiles(values: Any) -> tuple[float, float]:
    """The percentiles 1 and 99 of all finite values; the extremes where the percentiles are equal and these are not."""
    import torch

    known = values.flatten()
    known = known[torch.isfinite(known)]
    if not known.numel():
        return 0.0, 0.0
    known = known[:: math.ceil(known.numel() / _MOST_VALUES)]
    low, high = torch.quantile(known, torch.tensor([LOW_PERCENTILE, HIGH_PERCENTILE])).tolist()
    if low == high:
        # A few bright points on a dark ground are what there is to see.
        return float(known.min()), float(known.max())
    return float(low), float(high)


def _shrunk(values: Any, side: int) -> Any:
    """The map with its longest side at most `side`, each pixel the mean of those that it stands for."""
    import torch

    height, width = values.shape
    factor = max(height, width) / side
    if factor <= 1:
        return values
    size = (max(1, round(height / factor)), max(1, round(width / factor)))
    return torch.nn.functional.adaptive_avg_pool2d(values[None, None], size)[0, 0]

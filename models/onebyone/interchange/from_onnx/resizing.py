"""Resize and Upsample, where ONNX's way to place the points is one that torch has."""

import math

from onebyone.errors import ModelFileError
from onebyone.interchange.from_onnx.conversion import Conversion, Converter, UnknownOperatorError, Value
from onebyone.interchange.from_onnx.node import OnnxNode
from onebyone.layers.operators import Argument

_LINEAR = {1: "linear1d", 2: "bilinear2d", 3: "trilinear3d"}
_MODES_OPSET = 11
_HALF_PIXEL = {"half_pixel", "pytorch_half_pixel"}


def resize(c: Conversion, node: OnnxNode) -> Value:
    """Resize (Upsample before opset 10): nearest, linear or cubic."""
    input = c.input(0)
    scales, sizes = _scales_and_sizes(c, node, input)
    spatial = sizes[2:]
    if sizes == input.shape and not node.get("antialias", 0):
        return input
    if input.rank not in {3, 4, 5} or sizes[:2] != input.shape[:2] or node.get("antialias", 0) or min(spatial) < 1:
        raise UnknownOperatorError
    mode = node.get("mode", "nearest")
    place = node.get("coordinate_transformation_mode", "half_pixel" if c.opset >= _MODES_OPSET else "asymmetric")
    if place == "tf_crop_and_resize" or node.get("exclude_outside", 0):
        raise UnknownOperatorError
    whole = all(size % old == 0 for size, old in zip(spatial, input.shape[2:], strict=True))
    factors = tuple(size / old for size, old in zip(spatial, input.shape[2:], strict=True)) if whole else scales
    arguments: dict[str, Argument] = {
        "input": c.tensor(input),
        "output_size": None if factors else spatial,
        "scale_factors": factors,
    }
    match mode:
        case "nearest":
            target = _nearest(node, place, input.shape[2:], spatial, factors)
        case "linear" | "cubic":
            target = _smooth(node, mode, place, spatial)
            arguments["align_corners"] = place == "align_corners"
        case _:
            raise UnknownOperatorError
    return c.emit(f"aten.{target}.vec", arguments, sizes)


def _scales_and_sizes(c: Conversion, node: OnnxNode, input: Value) -> tuple[tuple[float, ...] | None, tuple[int, ...]]:
    """The scales of the spatial axes where they are given, and the sizes of the result."""
    roi_first = node.kind == "Resize" and c.opset >= _MODES_OPSET
    scales = c.optional(2 if roi_first else 1)
    wanted = c.optional(3) if roi_first else None
    axes = node.get("axes", tuple(range(input.rank)))
    if node.get("keep_aspect_ratio_policy", "stretch") != "stretch":
        raise UnknownOperatorError
    if wanted is not None and wanted.shape != (0,):
        numbers = dict(zip(axes, c.integers(wanted), strict=True))
        return None, tuple(numbers.get(axis, size) for axis, size in enumerate(input.shape))
    known = node.get("scales", None) if scales is None else scales.known
    if known is None:
        raise UnknownOperatorError
    given = {axis % max(input.rank, 1): float(each) for axis, each in zip(axes, known, strict=True)}
    if not all(math.isfinite(each) and each > 0 for each in given.values()):
        raise ModelFileError(f"{node.place} resizes by {tuple(given.values())[:8]}, which cannot be.")
    factors = tuple(given.get(axis, 1.0) for axis in range(input.rank))
    sizes = tuple(math.floor(size * factor) for size, factor in zip(input.shape, factors, strict=True))
    return factors[2:], sizes


def _nearest(
    node: OnnxNode, place: str, old: tuple[int, ...], new: tuple[int, ...], factors: tuple[float, ...] | None
) -> str:
    """The operator of torch that takes the same points.

    Raises:
        UnknownOperatorError: Neither does.
    """
    rounding = node.get("nearest_mode", "floor" if place == "asymmetric" and node.kind == "Upsample" else "")
    wanted = []
    plain = []
    exact = []
    for axis, (before, after) in enumerate(zip(old, new, strict=True)):
        scale = factors[axis] if factors else after / before
        wanted.append([_nearest_place(x, scale, before, after, place, rounding) for x in range(after)])
        plain.append([min(math.floor(x / scale), before - 1) for x in range(after)])
        exact.append([min(math.floor((x + 0.5) / scale), before - 1) for x in range(after)])
    if wanted == plain:
        return f"upsample_nearest{len(old)}d"
    if wanted == exact:
        return f"_upsample_nearest_exact{len(old)}d"
    raise UnknownOperatorError


def _nearest_place(x: int, scale: float, before: int, after: int, place: str, rounding: str) -> int:
    """The point of the input that a point of the result takes, as the ONNX operator Resize says."""
    match place:
        case "asymmetric":
            point = x / scale
        case "align_corners":
            point = x * (before - 1) / (after - 1) if after > 1 else 0.0
        case "pytorch_half_pixel" if after == 1:
            point = 0.0
        case "half_pixel" | "pytorch_half_pixel":
            point = (x + 0.5) / scale - 0.5
        case _:
            raise UnknownOperatorError
    match rounding or "round_prefer_floor":
        case "round_prefer_floor":
            found = math.ceil(point - 0.5)
        case "round_prefer_ceil":
            found = math.floor(point + 0.5)
        case "floor":
            found = math.floor(point)
        case "ceil":
            found = math.ceil(point)
        case _:
            raise UnknownOperatorError
    return min(max(found, 0), before - 1)


def _smooth(node: OnnxNode, mode: str, place: str, spatial: tuple[int, ...]) -> str:
    """The operator of torch for linear or cubic interpolation."""
    fits = place in _HALF_PIXEL or place == "align_corners"
    # The two half-pixel rules differ where one point is left.
    if not fits or (place == "pytorch_half_pixel" and 1 in spatial):
        raise UnknownOperatorError
    if mode == "linear":
        return f"upsample_{_LINEAR[len(spatial)]}"
    if len(spatial) != 2 or node.get("cubic_coeff_a", -0.75) != -0.75:
        raise UnknownOperatorError
    return "upsample_bicubic2d"


CONVERTERS: dict[str, Converter] = {"Resize": resize, "Upsample": resize}

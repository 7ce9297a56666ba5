"""Views, pieces and copies of tensors: nothing here computes with their numbers."""

import math

from onebyone.errors import ModelFileError
from onebyone.interchange.from_onnx.conversion import Conversion, Converter, UnknownOperatorError, Value
from onebyone.interchange.from_onnx.node import OnnxNode
from onebyone.interchange.from_onnx.sizes import axes_of, axis_of, broadcast, replaced
from onebyone.layers.operators import Argument

_AXES_ARE_INPUTS_OPSET = 13


def _viewed(c: Conversion, value: Value, shape: tuple[int, ...]) -> Value:
    if shape == value.shape:
        return value
    return c.emit("aten.reshape.default", {"self": c.tensor(value), "shape": shape}, shape)


def reshape(c: Conversion, node: OnnxNode) -> Value:
    """Reshape; 0 keeps a size and -1 takes what is left."""
    input = c.input(0)
    wanted = list(node.get("shape", ()) if c.opset < 5 else c.integers(c.input(1)))
    if not node.get("allowzero", 0):
        wanted = [input.shape[axis] if size == 0 and axis < input.rank else size for axis, size in enumerate(wanted)]
    count = math.prod(input.shape)
    if wanted.count(-1) == 1:
        rest = math.prod(size for size in wanted if size != -1)
        wanted[wanted.index(-1)] = count // rest if rest else 0
    if min(wanted, default=1) < 0 or math.prod(wanted) != count:
        raise ModelFileError(
            f"{node.place} views a tensor of shape {input.shape} as {tuple(wanted)}, which has another number of "
            "elements; open the file with the input size that it was made for."
        )
    return _viewed(c, input, tuple(wanted))


def flatten(c: Conversion, node: OnnxNode) -> Value:
    """Flatten to a matrix."""
    input = c.input(0)
    axis = node.get("axis", 1)
    axis = axis if axis == input.rank else axis_of(axis, input.rank)
    shape = (math.prod(input.shape[:axis]), math.prod(input.shape[axis:]))
    if axis == 1 and input.rank > 1:
        return c.emit("aten.flatten.using_ints", {"self": c.tensor(input), "start_dim": 1}, shape)
    return _viewed(c, input, shape)


def transpose(c: Conversion, node: OnnxNode) -> Value:
    """Transpose."""
    input = c.input(0)
    order = node.get("perm", tuple(reversed(range(input.rank))))
    if sorted(order) != list(range(input.rank)):
        raise ModelFileError(f"{node.place} puts {input.rank} axes into the order {order}; the file is damaged.")
    shape = tuple(input.shape[axis] for axis in order)
    return c.emit("aten.permute.default", {"self": c.tensor(input), "dims": order}, shape)


def _named_axes(c: Conversion, node: OnnxNode) -> tuple[int, ...] | None:
    given = c.optional(1)
    if given is None:
        axes: tuple[int, ...] | None = node.get("axes", None)
        return axes
    return c.integers(given)


def squeeze(c: Conversion, node: OnnxNode) -> Value:
    """Squeeze."""
    input = c.input(0)
    named = _named_axes(c, node)
    axes = (
        tuple(axis for axis, size in enumerate(input.shape) if size == 1)
        if named is None
        else axes_of(named, input.rank)
    )
    if any(input.shape[axis] != 1 for axis in axes):
        raise ModelFileError(f"{node.place} drops axes {axes} of a tensor of shape {input.shape}, where not all are 1.")
    shape = tuple(size for axis, size in enumerate(input.shape) if axis not in axes)
    return c.emit("aten.squeeze.dims", {"self": c.tensor(input), "dim": axes}, shape) if axes else input


def unsqueeze(c: Conversion, node: OnnxNode) -> Value:
    """Unsqueeze, an axis at a time."""
    result = c.input(0)
    named = _named_axes(c, node) or ()
    for axis in axes_of(named, result.rank + len(named)):
        shape = (*result.shape[:axis], 1, *result.shape[axis:])
        result = c.emit("aten.unsqueeze.default", {"self": c.tensor(result), "dim": axis}, shape)
    return result


def concat(c: Conversion, node: OnnxNode) -> Value:
    """Concat."""
    parts = [c.input(place) for place in range(len(node.inputs))]
    first = parts[0]
    axis = axis_of(node.get("axis", 1), first.rank)
    shape = replaced(first.shape, axis, sum(part.shape[axis] for part in parts if part.rank == first.rank))
    if any(replaced(part.shape, axis, shape[axis]) != shape for part in parts):
        said = ", ".join(str(part.shape) for part in parts[:8])
        raise ModelFileError(f"{node.place} joins tensors of the shapes {said} along axis {axis}, which do not fit.")
    return c.emit("aten.cat.default", {"tensors": tuple(c.tensor(part) for part in parts), "dim": axis}, shape)


def split(c: Conversion, node: OnnxNode) -> tuple[Value, ...]:
    """Split, into the given sizes or into equal ones."""
    input, given = c.input(0), c.optional(1)
    axis = axis_of(node.get("axis", 0), input.rank)
    sizes = node.get("split", None) if given is None else c.integers(given)
    size, count = input.shape[axis], len(node.outputs)
    if sizes is None:
        piece = -(-size // count)
        sizes = tuple(min(piece, size - start * piece) for start in range(count))
    if len(sizes) != count or sum(sizes) != size or min(sizes) < 0:
        raise ModelFileError(f"{node.place} splits {size} along axis {axis} into {sizes[:16]}, which do not add up.")
    arguments: dict[str, Argument] = {"self": c.tensor(input), "split_sizes": sizes, "dim": axis}
    shapes = [replaced(input.shape, axis, piece) for piece in sizes]
    return c.emit_many("aten.split_with_sizes.default", arguments, shapes)


def slices(c: Conversion, node: OnnxNode) -> Value:
    """Slice, an axis at a time; backwards only over a whole axis."""
    result = c.input(0)
    if len(node.inputs) > 1:
        starts, ends = c.integers(c.input(1)), c.integers(c.input(2))
        given_axes, given_steps = c.optional(3), c.optional(4)
        axes = tuple(range(len(starts))) if given_axes is None else c.integers(given_axes)
        steps = (1,) * len(starts) if given_steps is None else c.integers(given_steps)
    else:
        starts, ends = node.get("starts", ()), node.get("ends", ())
        axes, steps = node.get("axes", tuple(range(len(starts)))), (1,) * len(starts)
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        result = _sliced(c, result, axis_of(axis, result.rank), slice(start, end, step))
    return result


def _sliced(c: Conversion, value: Value, axis: int, piece: slice) -> Value:
    size = value.shape[axis]
    places = range(size)[piece]
    if places == range(size):
        return value
    if places == range(size)[::-1]:
        return c.emit("aten.flip.default", {"self": c.tensor(value), "dims": (axis,)}, value.shape)
    if places.step < 0:
        raise UnknownOperatorError
    arguments: dict[str, Argument] = {
        "self": c.tensor(value),
        "dim": axis,
        "start": places.start,
        "end": max(places.stop, places.start),
        "step": places.step,
    }
    return c.emit("aten.slice.Tensor", arguments, replaced(value.shape, axis, len(places)))


def pad(c: Conversion, node: OnnxNode) -> Value:
    """Pad with a number, by reflection, by repeating the border, or around."""
    input = c.input(0)
    modes = {"constant": "constant", "reflect": "reflect", "edge": "replicate", "wrap": "circular"}
    given, filling, named = c.optional(1), c.optional(2), c.optional(3)
    pads = node.get("pads", node.get("paddings", ())) if given is None else c.integers(given)
    axes = tuple(range(input.rank)) if named is None else tuple(axis_of(each, input.rank) for each in c.integers(named))
    mode = modes[node.get("mode", "constant")]
    sides = {axis: (pads[place], pads[place + len(axes)]) for place, axis in enumerate(axes)}
    if not any(any(pair) for pair in sides.values()):
        return input
    shape = [size + sum(sides.get(axis, (0, 0))) for axis, size in enumerate(input.shape)]
    first = min(axis for axis, pair in sides.items() if any(pair))
    if mode != "constant":
        # torch pads the axes behind the channels alone, and all of them.
        if first < 2:
            raise UnknownOperatorError
        first = 2
    flat = tuple(side for axis in reversed(range(first, input.rank)) for side in sides.get(axis, (0, 0)))
    if mode != "constant":
        return c.emit("aten.pad.default", {"self": c.tensor(input), "pad": flat, "mode": mode}, shape)
    value = node.get("value", 0.0) if filling is None else c.operand(filling)
    if not isinstance(value, int | float | str):
        raise UnknownOperatorError
    return c.emit("aten.constant_pad_nd.default", {"self": c.tensor(input), "pad": flat, "value": value}, shape)


def expand(c: Conversion, node: OnnxNode) -> Value:
    """Expand."""
    input = c.input(0)
    shape = broadcast(input.shape, c.integers(c.input(1)))
    return c.emit("aten.expand.default", {"self": c.tensor(input), "size": shape}, shape)


def tile(c: Conversion, node: OnnxNode) -> Value:
    """Tile."""
    input = c.input(0)
    repeats = c.integers(c.input(1))
    shape = tuple(size * times for size, times in zip(input.shape, repeats, strict=True))
    return c.emit("aten.repeat.default", {"self": c.tensor(input), "repeats": repeats}, shape)


def gather(c: Conversion, node: OnnxNode) -> Value:
    """Gather along an axis, one place or several."""
    input, index = c.input(0), c.input(1)
    axis = axis_of(node.get("axis", 0), input.rank)
    shape = (*input.shape[:axis], *index.shape, *input.shape[axis + 1 :])
    if index.number is not None and not index.rank:
        place = int(index.number)
        if not -input.shape[axis] <= place < input.shape[axis]:
            raise ModelFileError(f"{node.place} takes place {place} of {input.shape[axis]}, which there is not.")
        arguments: dict[str, Argument] = {"self": c.tensor(input), "dim": axis, "index": place}
        return c.emit("aten.select.int", arguments, shape)
    arguments = {"self": c.tensor(input), "indices": (*(None,) * axis, c.tensor(index))}
    return c.emit("aten.index.Tensor", arguments, shape)


def gather_elements(c: Conversion, node: OnnxNode) -> Value:
    """GatherElements."""
    input, index = c.input(0), c.input(1)
    axis = axis_of(node.get("axis", 0), input.rank)
    arguments: dict[str, Argument] = {"self": c.tensor(input), "dim": axis, "index": c.tensor(index)}
    return c.emit("aten.gather.default", arguments, index.shape)


def scatter(c: Conversion, node: OnnxNode) -> Value:
    """ScatterND at places that are known."""
    input, index, updates = c.input(0), c.input(1), c.input(2)
    if index.array is None or node.get("reduction", "none") != "none":
        raise UnknownOperatorError
    places = tuple(c.tensor(c.known(index.array[..., axis])) for axis in range(index.shape[-1]))
    arguments: dict[str, Argument] = {"self": c.tensor(input), "indices": places, "values": c.tensor(updates)}
    return c.emit("aten.index_put.default", arguments, input.shape)


def depth_to_space(c: Conversion, node: OnnxNode) -> Value:
    """DepthToSpace; in the order of torch it is pixel_shuffle."""
    input, size = c.input(0), node.get("blocksize", 0)
    batch, channels, height, width = input.shape
    if size < 1 or channels % (size * size):
        raise ModelFileError(f"{node.place} makes blocks of {size}×{size} from {channels} channels, which cannot be.")
    depth = channels // (size * size)
    shape = (batch, depth, height * size, width * size)
    if node.get("mode", "DCR") == "CRD":
        return c.emit("aten.pixel_shuffle.default", {"self": c.tensor(input), "upscale_factor": size}, shape)
    blocks = _viewed(c, input, (batch, size, size, depth, height, width))
    return _viewed(c, _permuted(c, blocks, (0, 3, 4, 1, 5, 2)), shape)


def space_to_depth(c: Conversion, node: OnnxNode) -> Value:
    """SpaceToDepth."""
    input, size = c.input(0), node.get("blocksize", 0)
    batch, channels, height, width = input.shape
    if size < 1 or height % size or width % size:
        raise ModelFileError(f"{node.place} takes blocks of {size}×{size} from {height}×{width}, which cannot be.")
    blocks = _viewed(c, input, (batch, channels, height // size, size, width // size, size))
    shape = (batch, channels * size * size, height // size, width // size)
    return _viewed(c, _permuted(c, blocks, (0, 3, 5, 1, 2, 4)), shape)


def _permuted(c: Conversion, value: Value, order: tuple[int, ...]) -> Value:
    shape = tuple(value.shape[axis] for axis in order)
    return c.emit("aten.permute.default", {"self": c.tensor(value), "dims": order}, shape)


CONVERTERS: dict[str, Converter] = {
    "Reshape": reshape,
    "Flatten": flatten,
    "Transpose": transpose,
    "Squeeze": squeeze,
    "Unsqueeze": unsqueeze,
    "Concat": concat,
    "Split": split,
    "Slice": slices,
    "Pad": pad,
    "Expand": expand,
    "Tile": tile,
    "Gather": gather,
    "GatherElements": gather_elements,
    "ScatterND": scatter,
    "DepthToSpace": depth_to_space,
    "SpaceToDepth": space_to_depth,
}

"""How a tensor lies on the result of a node: which axes of the map its dimensions run over.

permute, reshape and their like make no copy that a design would show; they only change the layout.
"""

from math import prod

import msgspec

from onebyone.shape import Shape


class Part(msgspec.Struct, frozen=True):
    """A part of an axis ("N" batch, "C", "H", "W"): `size` places, `stride` places of the axis apart."""

    axis: str
    size: int
    stride: int = 1


#: The parts that one dimension runs over, the slowest first; none where its size is 1.
Dimension = tuple[Part, ...]
Layout = tuple[Dimension, ...]


def map_layout(batch: int, shape: Shape) -> Layout:
    """The layout of a feature map as torch has it: N, C, H, W."""
    return ((Part("N", batch),), *(_whole(axis, size) for axis, size in zip("CHW", shape, strict=True)))


def vector_layout(batch: int, shape: Shape) -> Layout:
    """The layout of a vector: N, F. Its features are called "C", as the channels of a map are."""
    return (Part("N", batch),), _whole("C", shape[0])


def _whole(axis: str, size: int) -> Dimension:
    return (Part(axis, size),) if size > 1 else ()


def sizes(layout: Layout) -> tuple[int, ...]:
    """The size of each dimension."""
    return tuple(prod(part.size for part in dimension) for dimension in layout)


def axis_of(dimension: Dimension, shape: Shape) -> str | None:
    """The axis whose whole this dimension is; "" where its size is 1, None where it is another thing."""
    if not dimension:
        return ""
    if len(dimension) > 1 or dimension[0].stride != 1:
        return None
    part = dimension[0]
    whole = {"N": part.size, **dict(zip("CHW", shape, strict=False))}
    return part.axis if part.size == whole.get(part.axis) else None


def permuted(layout: Layout, order: tuple[int, ...]) -> Layout:
    """The dimensions in another order."""
    return tuple(layout[place] for place in order)


def reshaped(layout: Layout, target: tuple[int, ...]) -> Layout | None:
    """The same values in dimensions of other sizes; None where they do not fit."""
    parts = [part for dimension in layout for part in dimension]
    found: list[Dimension] = []
    for place, wanted in enumerate(target):
        own: list[Part] = []
        missing = wanted
        if place == 0 and parts and parts[0].axis == "N" and parts[0].size == 1:
            # A batch of one has no size that would say where it belongs.
            own.append(parts.pop(0))
        while missing > 1:
            if not parts:
                return None
            part = parts.pop(0)
            if missing % part.size == 0:
                own.append(part)
                missing //= part.size
            elif part.size % missing == 0:
                rest = part.size // missing
                own.append(Part(part.axis, missing, part.stride * rest))
                parts.insert(0, Part(part.axis, rest, part.stride))
                missing = 1
            else:
                return None
        found.append(_joined(own))
    return None if parts else tuple(found)


def _joined(parts: list[Part]) -> Dimension:
    """Neighbours that run over one stretch of an axis, as one part."""
    found: list[Part] = []
    for part in parts:
        last = found[-1] if found else None
        if last is not None and last.axis == part.axis and last.stride == part.stride * part.size:
            found[-1] = Part(part.axis, last.size * part.size, part.stride)
        else:
            found.append(part)
    return tuple(found)


def is_map(layout: Layout, shape: Shape) -> bool:
    """Whether the tensor is the map itself, N, C, H, W."""
    axes = [axis_of(dimension, shape) for dimension in layout]
    wanted = [axis if size > 1 else "" for axis, size in zip("CHW", shape, strict=False)]
    return len(layout) == 4 and len(shape) == 3 and axes == ["N", *wanted]


def is_flat(layout: Layout, shape: Shape) -> bool:
    """Whether the tensor is the map, or the vector, laid out as N, F."""
    if len(layout) != 2 or axis_of(layout[0], shape) != "N":
        return False
    wanted = [Part(axis, size) for axis, size in zip("CHW", shape, strict=False) if size > 1]
    return list(layout[1]) == wanted


def shuffle_groups(layout: Layout, shape: Shape) -> int:
    """In how many groups a channel shuffle makes the map that the tensor is; 0 where none does."""
    if len(layout) != 4 or len(shape) != 3 or len(layout[1]) != 2:
        return 0
    inner, outer = layout[1]
    plain = (layout[0], _whole("C", shape[0]), *layout[2:])
    fits = inner.axis == outer.axis == "C" and inner.stride == 1 and outer.stride == inner.size
    return outer.size if fits and outer.size * inner.size == shape[0] and is_map(plain, shape) else 0

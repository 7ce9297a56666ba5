"""Arithmetic of shapes with the batch, as ONNX has it."""

from collections.abc import Sequence

from onebyone.errors import ModelFileError


def broadcast(*shapes: Sequence[int]) -> tuple[int, ...]:
    """The shape of an operation over several tensors, aligned at their last axes.

    Raises:
        ModelFileError: They do not fit.
    """
    rank = max(map(len, shapes))
    result = []
    for sizes in zip(*((1,) * (rank - len(shape)) + tuple(shape) for shape in shapes), strict=True):
        other = {size for size in sizes if size != 1}
        if len(other) > 1:
            said = " and ".join(str(tuple(shape)) for shape in shapes)
            raise ModelFileError(f"Tensors of the shapes {said} meet, which do not fit each other.")
        result.append(other.pop() if other else 1)
    return tuple(result)


def axis_of(axis: int, rank: int) -> int:
    """An axis counted from the front.

    Raises:
        ModelFileError: There is no such axis.
    """
    if not -rank <= axis < max(rank, 1):
        raise ModelFileError(f"An operator names axis {axis} of a tensor that has {rank}; the file is damaged.")
    return axis % rank if rank else 0


def axes_of(axes: Sequence[int], rank: int) -> tuple[int, ...]:
    """Axes counted from the front, in order.

    Raises:
        ModelFileError: There is no such axis.
    """
    return tuple(sorted({axis_of(axis, rank) for axis in axes}))


def replaced(shape: Sequence[int], axis: int, size: int) -> tuple[int, ...]:
    """A shape with another size along an axis."""
    return (*shape[:axis], size, *shape[axis + 1 :])


def without(shape: Sequence[int], axes: Sequence[int], keep: bool) -> tuple[int, ...]:
    """A shape after a reduction over axes, which stay with size 1 if they are kept."""
    if keep:
        return tuple(1 if axis in axes else size for axis, size in enumerate(shape))
    return tuple(size for axis, size in enumerate(shape) if axis not in axes)

"""A picture as what enters a design: cut to the input's proportions, resized, and lifted to its channels."""

from typing import Any

from onebyone.channels import LUMA, Picture
from onebyone.errors import MeasurementError

#: Beside red, green, blue and luma: edges across, down and along both diagonals.
_PLANES = 8
_EDGES = (
    ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),
    ((-1, -2, -1), (0, 0, 0), (1, 2, 1)),
    ((-2, -1, 0), (-1, 0, 1), (0, 1, 2)),
    ((0, 1, 2), (-1, 0, 1), (-2, -1, 0)),
)


def entering(picture: Picture, shape: tuple[int, ...], generator: Any) -> Any:
    """The picture as a tensor of this shape, with a batch axis in front; from 0 to 1 where it has 1 or 3 channels.

    Args:
        picture: What is shown to the design.
        shape: Channels, height and width of the input.
        generator: Draws the weights of the mixes that fill an input of more than eight channels.

    Raises:
        MeasurementError: The picture does not hold what its size says.
    """
    channels, height, width = shape
    pixels = _resized(_tensor(picture), height, width)
    if channels == 3:
        return pixels
    luma = _luma(pixels)
    if channels == 1:
        return luma
    edges = _edges(luma)
    if channels == 2:
        return _joined(luma, edges.abs().amax(1, keepdim=True))
    planes = _joined(pixels, luma, edges)
    if channels <= _PLANES:
        return planes[:, :channels].contiguous()
    return _joined(planes, _mixes(planes, channels - _PLANES, generator))


def words(shape: tuple[int, ...]) -> str:
    """How the picture enters an input of this shape."""
    channels, height, width = shape
    size = f"cut to the proportions of the input and resized to {height}×{width}"
    if channels == 3:
        return f"The picture is {size}; red, green and blue are the channels 0 to 2, from 0 to 1."
    if channels == 1:
        return f"The picture is {size}; the one channel is its luma (BT.601), from 0 to 1."
    if channels == 2:
        return f"The picture is {size}; a picture has no two channels, so 0 is its luma and 1 its edges."
    planes = "red, green, blue, luma and edges in four directions"
    if channels <= _PLANES:
        return f"The picture is {size}; the input has {channels} channels: the first of {planes}."
    return (
        f"The picture is {size}. The input has {channels:,} channels, as if layers came before it: 0 to {_PLANES - 1}"
        f" are {planes}; the others are seeded mixes of these {_PLANES} through a 1×1 convolution with ReLU."
    )


def _tensor(picture: Picture) -> Any:
    import torch

    if len(picture.rgb) != 3 * picture.width * picture.height:
        raise MeasurementError("The picture does not hold as many bytes as its size says; choose it again.")
    # A copy: torch warns of memory that must not be written.
    values = torch.frombuffer(bytearray(picture.rgb), dtype=torch.uint8)
    return values.reshape(1, picture.height, picture.width, 3).permute(0, 3, 1, 2).to(torch.float32) / 255


def _resized(pixels: Any, height: int, width: int) -> Any:
    """The middle of the picture in the proportions of the input, at its size."""
    import torch

    rows, columns = pixels.shape[-2:]
    if rows * width > columns * height:
        kept = max(1, columns * height // width)
        pixels = pixels[..., (rows - kept) // 2 : (rows - kept) // 2 + kept, :]
    else:
        kept = max(1, rows * width // height)
        pixels = pixels[..., (columns - kept) // 2 : (columns - kept) // 2 + kept]
    if tuple(pixels.shape[-2:]) == (height, width):
        return pixels.contiguous()
    sized = torch.nn.functional.interpolate(pixels, (height, width), mode="bilinear", antialias=True)
    return sized.clamp(0.0, 1.0)


def _joined(*parts: Any) -> Any:
    import torch

    return torch.cat(parts, 1)


def _luma(pixels: Any) -> Any:
    red, green, blue = LUMA
    return red * pixels[:, 0:1] + green * pixels[:, 1:2] + blue * pixels[:, 2:3]


def _edges(luma: Any) -> Any:
    import torch

    kernels = torch.tensor(_EDGES, dtype=torch.float32).unsqueeze(1) / 4
    return torch.nn.functional.conv2d(torch.nn.functional.pad(luma, (1, 1, 1, 1), mode="replicate"), kernels)


def _mixes(planes: Any, count: int, generator: Any) -> Any:
    """Weighted sums of the planes around their means, negative values cut: what a first layer might put out."""
    import torch

    weights = torch.randn(count, planes.shape[1], 1, 1, generator=generator)
    centred = planes - planes.mean((2, 3), keepdim=True)
    # Edges are weak beside colours; each plane has an equal say.
    strength = centred.std((2, 3), keepdim=True, unbiased=False).clamp_min(1e-3)
    return torch.relu(torch.nn.functional.conv2d(centred / strength, weights))

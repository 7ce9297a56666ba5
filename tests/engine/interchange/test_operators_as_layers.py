"""Single operators, with arguments that change what they mean: the design computes the same, or is refused."""

from collections.abc import Callable

import pytest

import onebyone
from onebyone.errors import ModelFileError

torch = pytest.importorskip("torch")
Tensor, nn, F = torch.Tensor, torch.nn, torch.nn.functional

Function = Callable[[Tensor], Tensor]


class Plain(nn.Module):
    """A function as a module."""

    def __init__(self, function: Function) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        return self.function(x)


def _gated(x: Tensor) -> Tensor:
    gate = torch.sigmoid(F.adaptive_avg_pool2d(x, 1))
    return x * gate.expand_as(x)


def _overwritten(x: Tensor) -> Tensor:
    y = x * 2
    y.relu_()
    y.add_(1.0)
    return y * 3


def _parts_in_place(x: Tensor) -> Tensor:
    x = x * 1.5
    first, second = x.chunk(2, 1)
    return torch.cat((first.relu_(), second), 1)


def _scaled_and_shifted(x: Tensor) -> Tensor:
    factors = torch.tensor([1.0, 2.0, 3.0, 4.0])
    return x * factors.reshape(1, 4, 1, 1) + torch.tensor([[[0.5]], [[1.5]], [[2.5]], [[3.5]]])


SAME: dict[str, Function] = {
    "expanded gate": _gated,
    "written twice": _overwritten,
    "a part written into": _parts_in_place,
    "division by a number": lambda x: x / 3,
    "a number less": lambda x: 2 - x,
    "mean over both axes at once": lambda x: x.flatten(2).mean(2),
    "clamp from below": lambda x: x.clamp(min=0.25),
    "clamp to both": lambda x: x.clamp(-0.5, 0.75),
    "upsampled to a size": lambda x: F.interpolate(x, size=(7, 9), mode="bilinear"),
    "upsampled by a factor": lambda x: F.interpolate(x, scale_factor=2),
    "halved": lambda x: F.interpolate(x, scale_factor=0.5, mode="bilinear"),
    "cropped": lambda x: F.pad(x, (-1, 0, -2, 1)),
    "mirrored": lambda x: F.pad(x, (1, 2, 1, 0), mode="reflect"),
    "shuffled": lambda x: x.view(2, 2, 2, 6, 8).transpose(1, 2).reshape(2, 4, 6, 8),
    "softplus": F.softplus,
    "factors and offsets": _scaled_and_shifted,
    "softmax over channels": lambda x: x.softmax(1),
    "two of the channels": lambda x: x[:, 1:3],
    "difference of maps": lambda x: torch.relu(x) - torch.sigmoid(x),
    "concat of one-pixel maps": lambda x: torch.cat([F.adaptive_avg_pool2d(x, 1), F.adaptive_max_pool2d(x, 1)], 1),
    "all in a vector": lambda x: torch.relu(x.flatten(1)),
    "a gate as an output": lambda x: F.adaptive_avg_pool2d(x, 1).flatten(1),
}

REFUSED: dict[str, Function] = {
    "softplus of another steepness": lambda x: F.softplus(x, beta=2),
    "division rounded down": lambda x: torch.div(x, 3, rounding_mode="floor"),
    "dropout that is always on": lambda x: F.dropout(x, 0.5, training=True),
    "whole numbers": lambda x: x.to(torch.int32).float(),
    "half the bits": lambda x: x.half().float(),
    "an offset for each channel alone": lambda x: x + torch.arange(4.0).reshape(1, 4, 1, 1),
    "mean over a part of an axis": lambda x: x.view(2, 4, 3, 2, 8).mean((3, 4)).view(2, 4, 3, 1),
    "mean over channels": lambda x: x.mean(1, keepdim=True),
    "concat along rows of one-row maps": lambda x: torch.cat([x[:, :, :1], x[:, :, 1:2]], 2),
    "concat of flat maps along their height": lambda x: torch.cat([F.adaptive_avg_pool2d(x, (1, 8))] * 2, 2),
    "a factor that is not quite two": lambda x: F.interpolate(x, scale_factor=2.05, mode="bilinear"),
    "softmax over columns": lambda x: x.softmax(3),
    "clamp by a tensor": lambda x: torch.clamp(x, torch.zeros(1), torch.ones(1)),
    "quotient of maps": lambda x: torch.relu(x) / (torch.sigmoid(x) + 1),
    "the places of the largest": lambda x: F.adaptive_max_pool2d(x, 2, return_indices=True)[1].float(),
}


@pytest.mark.parametrize("function", SAME.values(), ids=SAME)
def test_it_computes_the_same(function: Function) -> None:
    found = onebyone.from_torch(Plain(function), input_size=(4, 6, 8))

    assert found.report.equal in {"bit", "float64"}, found.report


@pytest.mark.parametrize("function", REFUSED.values(), ids=REFUSED)
def test_it_is_refused_by_name(function: Function) -> None:
    with pytest.raises(ModelFileError, match=r"no layer of a design computes|neither a feature map nor a vector"):
        onebyone.from_torch(Plain(function), input_size=(4, 6, 8))


def test_what_is_written_into_a_part_and_read_as_a_whole_is_refused() -> None:
    def written(x: Tensor) -> Tensor:
        y = x * 2
        y[:, :2].relu_()
        return y

    with pytest.raises(ModelFileError, match="in place"):
        onebyone.from_torch(Plain(written), input_size=(4, 6, 8))


def test_a_branch_on_values_is_one_sentence() -> None:
    def branching(x: Tensor) -> Tensor:
        return x + 1 if x.sum() > 0 else x

    with pytest.raises(ModelFileError) as caught:
        onebyone.from_torch(Plain(branching), input_size=(4, 6, 8))

    assert "\n" not in str(caught.value)
    assert "values of its input" in str(caught.value)


def test_a_number_that_no_design_holds_is_said() -> None:
    with pytest.raises(ModelFileError, match="a number that no design holds"):
        onebyone.from_torch(Plain(lambda x: x * 1e9), input_size=(4, 6, 8))

"""Feature maps of a picture, against figures made by hand and by torch alone."""

import struct
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from onebyone import analyze, gallery
from onebyone.channels import LUMA, ChannelsRequest, Picture, preset
from onebyone.design import Design, Node
from onebyone.edits import set_bypassed
from onebyone.edits.bypass import effective
from onebyone.errors import MeasurementError
from onebyone.layers import Activation, BatchNorm2d, Conv2d, Input, Output, Scale
from onebyone.torch_backend import feature_maps
from onebyone.torch_backend.feature_maps import show
from onebyone.worker import messages
from onebyone.worker.messages import ChannelsShown, ShowChannels
from tests.engine.strategies import designs, valid_designs

SIDE = 12


def picture(width: int = SIDE, height: int = SIDE) -> Picture:
    rgb = bytes((x * 19 + y * 7 + c * 83 + x * y) % 256 for y in range(height) for x in range(width) for c in range(3))
    return Picture(width, height, rgb)


def chain(*layers: Any, channels: int = 3, side: int = SIDE) -> Design:
    nodes = [Node("input", Input(channels, side, side))]
    for place, layer in enumerate(layers):
        nodes.append(Node(f"n{place}", layer, inputs=(nodes[-1].id,)))
    nodes.append(Node("output", Output(), inputs=(nodes[-1].id,)))
    return Design(name="chain", nodes=tuple(nodes))


def planes(of: Picture) -> list[list[float]]:
    """Red, green and blue of a picture, from 0 to 1."""
    return [[value / 255 for value in of.rgb[c::3]] for c in range(3)]


def values_of(map_: Any) -> list[float]:
    return [map_.low + pixel / 255 * (map_.high - map_.low) for pixel in map_.pixels]


def ran(design: Design, node: str, **more: Any) -> Any:
    """The exact maps behind the answer."""
    request = ChannelsRequest(design, node, picture(), **more)
    name, part = feature_maps._leading_to(request)
    return feature_maps._Run(request, name, feature_maps._checked(part))


def test_identity_weights_return_the_input_exactly() -> None:
    maps = ran(chain(Conv2d(3)), "n0", weights=preset("identity", 3, 3)).maps

    for own, plane in zip(maps, planes(picture()), strict=True):
        assert own.flatten().tolist() == pytest.approx(plane, abs=1e-7)
    entering = ran(chain(Conv2d(3)), "input").maps
    assert bool((maps == entering).all())


def test_luma_is_the_weighted_sum_made_by_hand() -> None:
    found = ran(chain(Conv2d(1)), "n0", weights=preset("luma", 1, 3)).maps[0].flatten().tolist()

    by_hand = [0.299 * red + 0.587 * green + 0.114 * blue for red, green, blue in zip(*planes(picture()), strict=True)]
    assert found == pytest.approx(by_hand, abs=1e-6)


def test_weights_set_by_hand_leave_the_bias_out_and_the_activation_in() -> None:
    request = ChannelsRequest(chain(Conv2d(2, activation="relu")), "n0", picture(), weights=((1, -1, 0), (-1, 1, 0)))

    found = show(request).sum

    assert found is not None and found.bias == 0.0
    assert found.total.low < 0 <= found.result.low


@pytest.mark.parametrize(
    ("layer", "channels"),
    [
        (Conv2d(5), 3),
        (Conv2d(7, bias=False), 20),
        (Conv2d(64, norm="batch", activation="relu"), 192),
        (Conv2d(6, groups=3), 12),
        (Conv2d(4, stride=(2, 3)), 9),
        (Conv2d(4, padding=(1, 2), stride=(2, 1)), 5),
    ],
    ids=["plain", "no bias", "wide", "grouped", "strided", "padded"],
)
def test_terms_and_bias_add_up_and_the_three_ways_agree(layer: Conv2d, channels: int) -> None:
    import torch

    run = ran(chain(layer, channels=channels), "n0")
    found = run.weighted_sum(ChannelsRequest(chain(layer), "n0", picture(), output=3))
    entering, total = run._kept

    again = torch.nn.functional.conv2d(
        entering.double(), run.convolution.weight.double(), None, layer.stride, layer.padding, groups=layer.groups
    )
    bias = run.convolution.bias
    again = again if bias is None else again + bias.double()[:, None, None]
    assert float((total - again).abs().max()) < 1e-5
    assert found.difference < 1e-5 and found.equivalence.linear < 1e-5 and found.equivalence.cccp < 1e-5
    assert found.equivalence.largest == pytest.approx(float(total.abs().max()))
    assert found.bias == (None if not layer.bias else pytest.approx(float(bias[3])))
    assert bool(found.equivalence.compared) == (layer.groups > 1 or layer.stride != (1, 1))


def test_a_wrong_linear_would_be_seen() -> None:
    import torch

    run = ran(chain(Conv2d(5)), "n0")
    with torch.inference_mode():
        run._kept[1][0, 2, 3, 4] += 0.25

    found = run.weighted_sum(ChannelsRequest(chain(Conv2d(5)), "n0", picture(), output=2))

    assert found.difference == pytest.approx(0.25, abs=1e-5)
    assert found.equivalence.linear == pytest.approx(0.25, abs=1e-5)


def test_the_largest_terms_come_first_and_the_matrix_is_exact() -> None:
    found = show(ChannelsRequest(gallery.load("inception-3a"), "reduce3x3", picture(), output=5)).sum

    assert found is not None
    matrix = found.matrix
    values = struct.unpack(f"<{matrix.rows * matrix.columns}f", matrix.values)
    row = values[5 * 192 : 6 * 192]
    assert (matrix.rows, matrix.columns, matrix.row_step, matrix.column_step) == (96, 192, 1, 1)
    assert [term.weight for term in found.terms] == [row[term.channel] for term in found.terms]
    sizes = [term.contribution for term in found.terms]
    assert sizes == sorted(sizes, reverse=True) and len(found.terms) + found.others == 192
    assert matrix.largest == max(abs(value) for value in values)


def test_terms_of_a_grouped_convolution_name_the_channels_of_its_group() -> None:
    found = show(ChannelsRequest(chain(Conv2d(6, groups=3), channels=12), "n0", picture(), output=4)).sum

    assert found is not None and found.first_input == 8
    assert {term.channel for term in found.terms} == {8, 9, 10, 11}


def test_a_large_matrix_is_thinned_out() -> None:
    found = show(ChannelsRequest(chain(Conv2d(512), channels=300), "n0", picture())).sum

    assert found is not None
    matrix = found.matrix
    rows, columns = -(-512 // matrix.row_step), -(-300 // matrix.column_step)
    assert len(matrix.values) == 4 * rows * columns <= 4 * 32_768


def test_a_node_behind_norm_and_activation_shows_them_and_the_sum_is_before() -> None:
    found = show(ChannelsRequest(chain(Conv2d(4, norm="batch", activation="relu")), "n0", picture(), output=1))

    assert found.sum is not None
    assert found.sum.total.low < 0 <= found.sum.result.low
    assert found.maps[1].pixels == found.sum.result.pixels
    assert "Batch norm takes its mean and variance from this picture." in found.remarks


def test_what_a_node_shows_does_not_hang_on_what_comes_behind_it() -> None:
    short = chain(Conv2d(4))
    long = chain(Conv2d(4), Conv2d(8, (3, 3)), BatchNorm2d())

    of_short, of_long = (show(ChannelsRequest(design, "n0", picture())) for design in (short, long))

    assert of_short.maps == of_long.maps


def test_an_error_behind_the_node_does_not_keep_it_from_being_shown() -> None:
    design = chain(Conv2d(4), Conv2d(8, (99, 99)))

    assert len(show(ChannelsRequest(design, "n0", picture())).maps) == 4
    with pytest.raises(MeasurementError, match="has an error and cannot run"):
        show(ChannelsRequest(design, "n1", picture()))


def test_the_seed_and_nothing_else_chooses_the_weights() -> None:
    first, again, other = (show(ChannelsRequest(chain(Conv2d(4)), "n0", picture(), seed=seed)) for seed in (1, 1, 2))

    assert first == again != other


@pytest.mark.parametrize(("channels", "words"), [(1, "luma"), (2, "edges"), (3, "red"), (5, "first of"), (40, "mixes")])
def test_how_the_picture_enters_is_said(channels: int, words: str) -> None:
    found = show(ChannelsRequest(chain(channels=channels), "input", picture()))

    assert words in found.entered and len(found.maps) == channels
    assert all(own.high > own.low for own in found.maps)


def test_one_channel_is_the_luma() -> None:
    found = ran(chain(channels=1), "input").maps.flatten().tolist()

    by_hand = [sum(w * v for w, v in zip(LUMA, pixel, strict=True)) for pixel in zip(*planes(picture()), strict=True)]
    assert found == pytest.approx(by_hand, abs=1e-6)


def test_a_picture_is_cut_to_the_proportions_of_the_input() -> None:
    wide = Picture(30, 10, bytes([255, 0, 0]) * 300)
    striped = Picture(30, 10, (bytes([0, 0, 0]) * 10 + bytes([255, 255, 255]) * 10 + bytes([0, 0, 0]) * 10) * 10)

    assert set(show(ChannelsRequest(chain(side=10), "input", wide)).maps[0].pixels) == {128}
    middle = show(ChannelsRequest(chain(side=10), "input", striped)).maps[0]
    assert middle.low == middle.high == 1.0


def test_a_picture_of_another_length_is_refused() -> None:
    with pytest.raises(MeasurementError, match="as many bytes"):
        show(ChannelsRequest(chain(), "input", Picture(4, 4, b"abc")))


def test_the_range_is_from_the_first_to_the_last_percentile() -> None:
    import torch

    values = torch.arange(10_000, dtype=torch.float32).reshape(100, 100)
    values[0, 0], values[99, 99] = -1e9, 1e9

    found = feature_maps.feature_map(0, values, 64)

    assert found.low == pytest.approx(100, rel=0.02) and found.high == pytest.approx(9_899, rel=0.02)


def test_maps_in_a_shared_range_can_be_compared() -> None:
    found = show(ChannelsRequest(chain(Conv2d(6)), "n0", picture(), scaling="shared"))

    assert len({(own.low, own.high) for own in found.maps}) == 1


def test_pages_follow_one_another() -> None:
    design = gallery.load("inception-3a")

    pages = [show(ChannelsRequest(design, "concat", picture(), first=first, maps=64)) for first in (0, 192, 9_999)]

    assert [[page.maps[0].channel, page.maps[-1].channel] for page in pages] == [[0, 63], [192, 255], [192, 255]]


def test_a_bypassed_node_is_said_to_be_none() -> None:
    design = set_bypassed(chain(Conv2d(4), Activation("relu")), ["n0"], True)

    assert "n0" not in effective(design).nodes_by_id()
    with pytest.raises(MeasurementError, match="bypassed"):
        show(ChannelsRequest(design, "n0", picture()))


def test_what_is_too_large_is_refused_with_its_size() -> None:
    design = chain(Conv2d(30_000), channels=30_000, side=2)

    with pytest.raises(MeasurementError, match="GiB that this is done for"):
        show(ChannelsRequest(design, "n0", picture()))


def test_infinite_values_leave_the_maps_and_take_the_sum() -> None:
    design = chain(*[Scale(1e6)] * 7, Conv2d(2))

    found = show(ChannelsRequest(design, "n7", picture()))

    assert found.sum is None and any("undefined" in remark for remark in found.remarks)
    assert messages.decode_reply(messages.encode(ChannelsShown(1, found)))


@pytest.mark.parametrize("weights", [((1.0, 0.0),), ((float(10**6),) * 3,)], ids=["shape", "size"])
def test_weights_that_do_not_fit_are_refused(weights: Any) -> None:
    with pytest.raises(MeasurementError):
        show(ChannelsRequest(chain(Conv2d(1)), "n0", picture(), weights=weights))


def test_a_request_comes_back_as_it_was() -> None:
    request = ShowChannels(3, ChannelsRequest(gallery.load("inception-3a"), "reduce3x3", picture(), weights=((0.5,),)))

    assert messages.decode_request(messages.encode(request)) == request


@given(st.one_of(designs(), valid_designs()), st.data())
def test_any_node_of_any_design_is_shown_in_a_line_or_refused_in_a_sentence(
    design: Design, data: st.DataObject
) -> None:
    assume(design.nodes)
    node = data.draw(st.sampled_from(design.nodes)).id
    request = ChannelsRequest(design, node, picture(), output=data.draw(st.integers(0, 20)))

    refusal = None
    try:
        found = show(request)
    except MeasurementError as error:
        refusal = str(error)
    if refusal is not None:
        assert refusal.endswith(".") and "\n" not in refusal
        return

    line = messages.encode(ChannelsShown(1, found))
    assert len(line) <= messages.MAX_REPLY_BYTES
    assert messages.decode_reply(line) == ChannelsShown(1, found)


@settings(max_examples=settings().max_examples // 5)
@given(st.integers(1, 700), st.integers(1, 700), st.sampled_from([(1, 1), (1, 900), (900, 1), (200, 200), (65, 31)]))
def test_the_reply_stays_below_its_limit_at_any_size(inputs: int, outputs: int, size: tuple[int, int]) -> None:
    design = chain(Conv2d(outputs), channels=inputs)
    entering = msgspec.structs.replace(design.nodes[0], layer=Input(inputs, *size))
    design = msgspec.structs.replace(design, nodes=(entering, *design.nodes[1:]))
    assume(inputs * size[0] * size[1] < 4e6)

    found = show(ChannelsRequest(design, "n0", picture()))

    assert len(messages.encode(ChannelsShown(1, found))) <= messages.MAX_REPLY_BYTES
    assert found.channels == analyze(design).nodes["n0"].shape[0]

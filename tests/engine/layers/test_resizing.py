"""What a layer changes by itself so that sizes fit: with a typed window, and where branches meet."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onebyone.analysis import analyze
from onebyone.design import Design, Node
from onebyone.layers import Concat, Conv2d, ConvTranspose2d, Input, MaxPool2d, Output, Pad2d

SIDES = st.integers(1, 7)
PAIRS = st.tuples(SIDES, SIDES)
SHAPE = (4, 16, 16)


@given(PAIRS, PAIRS)
def test_a_transposed_convolution_with_a_typed_kernel_grows_by_its_stride(kernel, stride) -> None:
    changes = {"kernel": kernel, "stride": stride}
    layer = ConvTranspose2d(4)

    found = msgspec.structs.replace(layer, **changes, **layer.following(changes))

    assert not list(found.problems(SHAPE))
    for axis in (0, 1):
        # An even kernel at stride 1 would need half a pixel.
        if stride[axis] > 1 or kernel[axis] % 2:
            assert found.output_shape(SHAPE)[1 + axis] == SHAPE[1 + axis] * stride[axis]


@pytest.mark.parametrize(
    ("layer", "setting"),
    [(Pad2d(), ("padding", (1, 2))), (Pad2d(), ("", (3, 3)))],
)
def test_a_typed_number_pads_all_sides(layer: Pad2d, setting: tuple) -> None:
    name, (height, width) = setting

    assert layer.setting(name, (height, width)) == {"left": width, "right": width, "top": height, "bottom": height}
    assert layer.setting("groups", (1, 1)) == {}


MENDED = {
    "convolution": (Conv2d(4, (3, 3)), "Set padding of 'end' to 1×1"),
    "pool": (MaxPool2d((3, 3), (1, 1)), "Set padding of 'end' to 1×1"),
    "transposed": (ConvTranspose2d(4, (3, 3), (1, 1), (2, 2)), "Set padding of 'end' to 1×1"),
    "padding": (Pad2d(1, 0, 0, 0), "Set left of 'end' to 0"),
    "lopsided padding": (Pad2d(1, 1, 0, 2), "Set left to 0, right to 0, bottom to 0 of 'end'"),
}


@pytest.mark.parametrize(("layer", "label"), MENDED.values(), ids=MENDED.keys())
def test_where_sizes_differ_the_layer_that_sets_them_is_mended(layer, label: str) -> None:
    nodes = (
        Node("input", Input(*SHAPE)),
        Node("other", Conv2d(4), inputs=("input",)),
        Node("end", layer, inputs=("input",)),
        Node("concat", Concat(), inputs=("input", "other", "end")),
        Node("output", Output(), inputs=("concat",)),
    )
    (problem,) = analyze(Design(nodes=nodes)).problems

    (fix,) = (fix for fix in problem.fixes if fix.label == label)

    assert analyze(fix.apply(Design(nodes=nodes))).is_valid

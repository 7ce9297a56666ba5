"""Receptive fields against torch's gradients: which input pixels reach an output in the middle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onebyone.analysis import analyze
from onebyone.design import Design, Node
from onebyone.layers import AvgPool2d, Conv2d, Input, Output, Upsample
from onebyone.pytorch_source import torch_module

torch = pytest.importorskip("torch")

SIZE = 64
SIDES = st.integers(1, 4)
PAIRS = st.tuples(SIDES, SIDES)
STRIDES = st.tuples(st.integers(1, 2), st.integers(1, 2))
CONVOLUTIONS = st.builds(Conv2d, st.just(1), PAIRS, STRIDES, dilation=STRIDES)
POOLINGS = st.builds(AvgPool2d, PAIRS, STRIDES)
BRANCHES = st.lists(st.one_of(CONVOLUTIONS, POOLINGS), min_size=1, max_size=3)


def chain(layers: list, start: str = "input") -> list[Node]:
    nodes = []
    for place, layer in enumerate(layers):
        nodes.append(Node(f"n{place}", layer, inputs=(start,)))
        start = nodes[-1].id
    return nodes


def reached(design: Design, rows: range, columns: range) -> tuple[int, int]:
    """The largest extent of input pixels that reach one of these outputs."""
    generated = torch_module(design)
    names: dict = {}
    exec(generated.text, names)
    module = names[generated.class_name]().double().eval()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.fill_(1.0)
    sample = torch.ones(1, 1, SIZE, SIZE, dtype=torch.float64, requires_grad=True)
    result = module(sample)
    extents = []
    for row in rows:
        for column in columns:
            (gradient,) = torch.autograd.grad(result[0, 0, row, column], sample, retain_graph=True)
            places = gradient[0, 0].nonzero()
            extents.append((places.max(0).values - places.min(0).values + 1).tolist())
    return max(extent[0] for extent in extents), max(extent[1] for extent in extents)


@given(BRANCHES)
def test_a_chain_of_windows_sees_what_its_field_says(layers: list) -> None:
    nodes = chain(layers)
    design = Design(nodes=(Node("input", Input(1, SIZE, SIZE)), *nodes, Node("out", Output(), inputs=(nodes[-1].id,))))
    found = analyze(design).nodes[nodes[-1].id]

    height, width = found.shape[1:]
    extent = reached(design, range(height // 2, height // 2 + 1), range(width // 2, width // 2 + 1))

    assert found.receptive_field == extent


@given(st.sampled_from([1, 2, 3]), st.integers(1, 5), st.sampled_from(["nearest", "bilinear"]))
def test_a_window_after_upsampling_sees_fewer_pixels(factor: int, kernel: int, mode: str) -> None:
    nodes = chain([Upsample((factor, factor), mode), Conv2d(1, (kernel, kernel))])
    design = Design(nodes=(Node("input", Input(1, SIZE, SIZE)), *nodes, Node("out", Output(), inputs=("n1",))))
    found = analyze(design).nodes["n1"]

    middle = range(found.shape[1] // 2, found.shape[1] // 2 + factor)

    extent = reached(design, middle, middle)
    if mode == "nearest":
        assert found.receptive_field == extent
    else:
        # Some positions of an odd factor fall on a pixel and need one neighbour less than the formula allows for.
        assert extent[0] <= found.receptive_field[0] <= extent[0] + 1

"""What two designs compute: the same where the same source is generated, and only there."""

import msgspec
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from onebyone.analysis import analyze
from onebyone.computation import computes_same, digest
from onebyone.design import Design, Node
from onebyone.edits import set_bypassed
from onebyone.layers import Activation, Conv2d, Input, MaxPool2d, Output
from onebyone.pytorch_source import TorchModule, torch_module
from tests.engine.strategies import layers, valid_designs

CHAIN = Design(
    "Chain",
    nodes=(
        Node("input", Input(8, 8, 8)),
        Node("reduce", Conv2d(4), inputs=("input",)),
        Node("relu", Activation("relu"), inputs=("reduce",)),
        Node("output", Output(), inputs=("relu",)),
    ),
)


def changed(design: Design, place: int, **fields: object) -> Design:
    nodes = list(design.nodes)
    nodes[place] = msgspec.structs.replace(nodes[place], **fields)
    return msgspec.structs.replace(design, nodes=tuple(nodes))


@st.composite
def changes(draw: st.DrawFn) -> tuple[Design, Design]:
    """A valid design, and what one of many edits makes of it where that is valid too."""
    design = draw(valid_designs(most_nodes=6))
    place = draw(st.integers(0, len(design.nodes) - 1))
    node = design.nodes[place]
    kind = draw(st.sampled_from(["title", "position", "layer", "wire", "bypass", "order", "more"]))
    if kind == "title":
        return design, changed(design, place, title="Another name")
    if kind == "position":
        return design, changed(design, place, position=(10.0, 20.0))
    if kind == "layer":
        return design, changed(design, place, layer=draw(layers(node.layer.kind)))
    if kind == "wire":
        sources = [other.id for other in design.nodes[:place]] or [""]
        inputs = tuple(draw(st.sampled_from(sources)) for _ in node.inputs)
        return design, changed(design, place, inputs=inputs)
    if kind == "bypass":
        assume(node.layer.can_be_bypassed)
        return design, set_bypassed(design, [node.id], True)
    if kind == "order":
        return design, msgspec.structs.replace(design, nodes=tuple(draw(st.permutations(design.nodes))))
    extra = Node(
        draw(st.sampled_from(["extra", "type_", "x"])), Activation("relu"), inputs=(design.nodes[place - 1].id,)
    )
    return design, msgspec.structs.replace(design, nodes=(*design.nodes, extra))


def generated(design: Design) -> TorchModule:
    return torch_module(msgspec.structs.replace(design, name="Same"))


@settings(max_examples=300)
@given(changes())
@example((CHAIN, set_bypassed(CHAIN, ["relu"], True)))
@example((CHAIN, set_bypassed(CHAIN, ["reduce"], True)))
def test_same_means_the_same_digest_and_the_same_source(pair: tuple[Design, Design]) -> None:
    one, other = pair
    assume(analyze(other).is_valid)

    is_same = generated(one) == generated(other)

    assert computes_same(one, other) == is_same
    assert (digest(one) == digest(other)) == is_same


def test_a_bypassed_node_computes_otherwise() -> None:
    assert not computes_same(CHAIN, set_bypassed(CHAIN, ["reduce"], True))


def test_what_a_bypassed_node_would_do_does_not_matter() -> None:
    passed = set_bypassed(CHAIN, ["reduce"], True)

    assert computes_same(passed, changed(passed, 1, layer=Conv2d(5, kernel=(3, 3))))


def test_a_stride_that_is_the_kernel_may_be_written_out() -> None:
    short = changed(CHAIN, 2, layer=MaxPool2d((2, 2)))

    assert computes_same(short, changed(short, 2, layer=MaxPool2d((2, 2), stride=(2, 2))))
    assert not computes_same(short, changed(short, 2, layer=MaxPool2d((2, 2), stride=(1, 1))))


def test_a_design_with_an_error_beside_what_runs_does_not_compute_the_same() -> None:
    astray = msgspec.structs.replace(CHAIN, nodes=(*CHAIN.nodes, Node("astray", Conv2d(4))))

    assert not analyze(astray).is_valid
    assert not computes_same(CHAIN, astray)


@pytest.mark.parametrize("end", ["reduce", "side"])
def test_what_leads_to_a_node_is_compared_where_it_leads_to_no_output_too(end: str) -> None:
    beside = msgspec.structs.replace(CHAIN, nodes=(*CHAIN.nodes, Node("side", Conv2d(4), inputs=("reduce",))))
    wider = changed(beside, 4, layer=Conv2d(6))

    assert computes_same(beside, wider)
    assert computes_same(beside, wider, ends=[end]) == (end == "reduce")


def test_wires_that_lead_nowhere_and_cycles_are_compared_too() -> None:
    loop = changed(CHAIN, 1, inputs=("relu", "gone"))

    assert computes_same(loop, changed(loop, 1, title="Named"))
    assert not computes_same(loop, CHAIN)

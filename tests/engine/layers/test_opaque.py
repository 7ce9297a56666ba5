"""Opaque nodes: run by torch as they say, and neither read nor run where they hold what is not on the list."""

import json
from typing import Any

import msgspec
import pytest

from onebyone.analysis import analyze
from onebyone.design import Design, Node
from onebyone.edits import set_fields
from onebyone.errors import DesignFileError, EditError, SourceError
from onebyone.files import storage
from onebyone.layers import HeldTensor, Input, Opaque, Output
from onebyone.layers.operator_rules import why_not_allowed, without_say
from onebyone.layers.operators import BatchSize, Operator, TensorName
from onebyone.layers.pure_operators import CREATING, PURE_OPERATORS, SEVERAL_RESULTS
from onebyone.pytorch_source import torch_source
from tests.engine.opaque_examples import ATTENTION, EXAMPLES, MAP, MASKED, call, tensor

replace = msgspec.structs.replace


def alone(layer: Opaque, size: tuple[int, int, int] = MAP) -> Design:
    inputs = tuple(f"in{place}" for place in range(len(layer.input_shapes)))
    entries = [Node(name, Input(*size)) for name in inputs]
    return Design(
        "Alone", nodes=(*entries, Node("node", layer, inputs=inputs), Node("out", Output(), inputs=("node",)))
    )


def built(layer: Opaque) -> Any:
    pytest.importorskip("torch")
    from onebyone.pytorch_source import torch_module
    from onebyone.torch_backend.build import build

    return build(torch_module(alone(layer)))


@pytest.mark.parametrize("layer", EXAMPLES, ids=lambda layer: layer.words)
@pytest.mark.parametrize("batch", [1, 3])
def test_torch_gives_the_shape_the_tensors_and_the_parameters_that_are_said(layer: Opaque, batch: int) -> None:
    import torch

    module = built(layer)

    result = module(*(torch.randn(batch, *shape) for shape in layer.input_shapes))

    assert result.shape == (batch, *layer.result_shape)
    state = {name: tuple(value.shape) for name, value in module.node.state_dict().items()}
    assert state == layer.tensors(*layer.input_shapes)
    found = analyze(alone(layer)).nodes["node"]
    assert found.shape == layer.result_shape
    assert found.costs.parameters == sum(each.numel() for each in module.parameters())


def test_the_attention_is_that_of_torch() -> None:
    import torch

    module = built(ATTENTION)
    x = torch.randn(2, *MAP)

    result = module(x)

    tokens = x.flatten(2).transpose(1, 2)
    q, k, v = (tokens @ module.node.qkv_weight.T + module.node.qkv_bias).chunk(3, 2)
    wanted = torch.nn.functional.scaled_dot_product_attention(q, k, v, scale=1.0).transpose(1, 2).reshape(2, *MAP)
    assert torch.allclose(result, wanted, atol=1e-6)


def test_macs_are_half_of_torchs_flops() -> None:
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    counter = FlopCounterMode(display=False)
    with counter:
        built(ATTENTION)(torch.zeros(1, *MAP))

    assert analyze(alone(ATTENTION)).totals.macs == counter.get_total_flops() // 2


def test_what_works_in_place_leaves_the_input_alone() -> None:
    import torch

    inputs = [torch.full((1, *MAP), -1.0) for _ in range(2)]

    built(MASKED)(*inputs)

    assert all(bool((each == -1.0).all()) for each in inputs)


def test_a_view_takes_maps_with_their_channels_last_too() -> None:
    import torch

    viewed = call("view.default", "rows", self=tensor("input0"), size=(BatchSize(2), 4, -1))
    back = call("view.default", "result", self=tensor("rows"), size=(BatchSize(), 8, 4, 4))
    module = built(replace(ATTENTION, operators=(viewed, back), tensors_held=(), macs=0))
    x = torch.randn(2, *MAP)

    result = module(x.to(memory_format=torch.channels_last))

    assert torch.equal(result, x)


def test_other_shapes_are_a_problem_in_words() -> None:
    (problem,) = analyze(alone(ATTENTION, (8, 5, 4))).problems

    assert problem.code == "fixed-shape"
    assert problem.message == (
        "Opaque 'node': it was captured with 4×4×8, but gets 5×4×8; give it what it had, or import the network"
        " again with the new size."
    )


def test_nodes_of_the_same_content_share_a_class() -> None:
    chained = Design(
        nodes=(
            Node("x", Input(*MAP)),
            Node("one", ATTENTION, inputs=("x",)),
            Node("other", ATTENTION, inputs=("one",)),
            Node("out", Output(), inputs=("other",)),
        )
    )

    assert torch_source(chained).count("class _Attention_") == 1


@pytest.mark.parametrize("layer", EXAMPLES, ids=lambda layer: layer.words)
def test_it_is_saved_and_read_whole(layer: Opaque) -> None:
    design = alone(layer)

    data = storage.dumps(design)

    assert storage.loads(data) == design
    assert json.loads(data)["onebyone"] == 3


def test_the_operators_are_those_of_torch_and_change_nothing_but_themselves() -> None:
    torch = pytest.importorskip("torch")

    assert SEVERAL_RESULTS <= PURE_OPERATORS and CREATING <= PURE_OPERATORS
    for target in PURE_OPERATORS:
        _, name, overload = target.split(".")
        schema = getattr(getattr(torch.ops.aten, name), overload)._schema
        kinds = [str(result.type) for result in schema.returns]
        assert set(kinds) <= {"Tensor", "List[Tensor]"}, target
        assert (len(kinds) > 1 or kinds == ["List[Tensor]"]) == (target in SEVERAL_RESULTS), target
        written = [each.name for each in schema.arguments if each.alias_info and each.alias_info.is_write]
        assert written == (["self"] if name.endswith("_") else []), target
        types = [str(each.type) for each in schema.arguments]
        assert not any("Generator" in kind or "Storage" in kind for kind in types), target
        has_device = any(each.name == "device" for each in schema.arguments)
        assert (has_device and not any("Tensor" in kind for kind in types)) == (target in CREATING), target


def test_arguments_without_say_are_left_out() -> None:
    operator = call("zeros.default", "z", size=(2, 3), device="cpu", dtype="float32")

    assert why_not_allowed(operator) == "aten.zeros.default may have no argument 'device'"
    assert why_not_allowed(without_say(operator)) is None
    moved = call("to.device", "m", self=tensor("input0"), device="cpu", dtype="float32")
    assert without_say(moved) == call("to.dtype", "m", self=tensor("input0"), dtype="float32")


def test_an_einsum_is_run_by_its_equation() -> None:
    import torch

    turned = call("einsum.default", "result", equation="n c h w -> n c w h", tensors=(tensor("input0"),))
    module = built(replace(ATTENTION, operators=(turned,), tensors_held=(), macs=0))
    x = torch.randn(2, *MAP)

    assert torch.equal(module(x), x.transpose(2, 3))


NAME = '"); import os; os.system("true'
ADD = call("add.Tensor", "sum", self=tensor("input0"), other=1)


def adding(**arguments: Any) -> dict[str, Any]:
    changed = Operator(ADD.target, {**ADD.arguments, **arguments}, ADD.results)
    return {"operators": (changed,), "result_name": "sum"}


def running(*operators: Operator, result: str = "sum") -> dict[str, Any]:
    return {"operators": operators, "result_name": result}


HOSTILE = {
    "no operator of the list": running(Operator("aten.from_file.default", {}, ("sum",))),
    "a random operator": running(call("rand_like.default", "sum", self=tensor("input0"))),
    "another namespace": running(Operator("prims.add.default", {}, ("sum",))),
    "code as a target": running(Operator("aten.add.Tensor(1);import os#", {}, ("sum",))),
    "a huge target": running(Operator("aten." + "a" * 100_000, {}, ("sum",))),
    "a result with quotes": running(Operator(ADD.target, ADD.arguments, (NAME,)), result=NAME),
    "a result with a newline": running(Operator(ADD.target, ADD.arguments, ("sum\nimport os",)), result="input0"),
    "a result that is dunder": running(Operator(ADD.target, ADD.arguments, ("__class__",)), result="__class__"),
    "a result that is a keyword": running(Operator(ADD.target, ADD.arguments, ("lambda",)), result="lambda"),
    "a result that is an input": running(Operator(ADD.target, ADD.arguments, ("input0",)), result="input0"),
    "two results of one name": running(ADD, ADD),
    "two results of one tensor": running(Operator(ADD.target, ADD.arguments, ("sum", "more"))),
    "no results": running(Operator(ADD.target, ADD.arguments, ()), result="input0"),
    "a result that nothing gives": running(ADD, result="nothing"),
    "what is read before it is there": running(call("neg.default", "sum", self=tensor("later"))),
    "an argument with code": running(Operator(ADD.target, {"self=1, other": tensor("input0")}, ("sum",))),
    "an argument that is dunder": adding(__class__=1),
    "a text that is no word": adding(alpha=NAME),
    "an equation with code": running(
        call("einsum.default", "sum", equation="ab->ba" + NAME, tensors=(tensor("input0"),))
    ),
    "a number type that is none": adding(dtype="float32)"),
    "a number type of torch's own": adding(dtype=6),
    "a tensor with code": adding(other=TensorName(NAME)),
    "a huge whole number": adding(other=10**30),
    "a number that is not finite": adding(other=float("inf")),
    "a list without end": adding(other=(1,) * 100_000),
    "half of a batch": adding(other=BatchSize(0)),
    "random in training": running(call("dropout.default", "sum", input=tensor("input0"), p=0.5, train=True)),
    "a device": adding(device="cuda"),
    "operators without end": running(*[call("neg.default", f"n{n}", self=tensor("input0")) for n in range(2_001)]),
    "a tensor of two dots": {"tensors_held": (HeldTensor("a.b", (1,)),)},
    "a tensor with a quote": {"tensors_held": (HeldTensor('a"', (1,)),)},
    "a tensor called as a method": {"tensors_held": (HeldTensor("forward", (1,)),)},
    "a tensor of torch's own": {"tensors_held": (HeldTensor("_parameters", (1,)),)},
    "a tensor of no number type": {"tensors_held": (HeldTensor("a", (1,), "float32)"),)},
    "a parameter of whole numbers": {"tensors_held": (HeldTensor("a", (1,), "int64"),)},
    "a tensor less than empty": {"tensors_held": (HeldTensor("a", (-1,)),)},
    "a tensor too large": {"tensors_held": (HeldTensor("a", (2**20, 2**20)),)},
    "a tensor held twice": {"tensors_held": (HeldTensor("a", (1,)), HeldTensor("a", (1,)))},
    "a tensor changed in place": {
        "tensors_held": (HeldTensor("a", (1,)),), **running(call("neg_.default", "sum", self=tensor("a")))
    },
    "words that end the text": {"words": '"""\nimport os'},
    "words without end": {"words": "a" * 1_000},
    "no inputs": {"input_shapes": ()},
    "an input of two axes": {"input_shapes": ((16, 8),)},
    "an empty result": {"result_shape": (0, 4, 4)},
    "MACs less than none": {"macs": -1},
}  # fmt: skip


@pytest.mark.parametrize("changes", HOSTILE.values(), ids=HOSTILE)
def test_what_is_not_plain_is_neither_read_nor_edited_nor_generated(changes: dict[str, Any]) -> None:
    layer = replace(ATTENTION, **changes)
    design = alone(layer)

    with pytest.raises(SourceError):
        torch_source(design)
    with pytest.raises(DesignFileError) as caught:
        storage.loads(storage.dumps(design))
    assert len(str(caught.value)) < 400
    with pytest.raises(EditError):
        set_fields(alone(ATTENTION), "node", changes)


def test_a_plain_change_of_the_same_form_is_read() -> None:
    design = alone(replace(ATTENTION, **running(ADD)))

    assert storage.loads(storage.dumps(design)) == design
    assert "torch.ops.aten.add.Tensor(self=input0, other=1)" in torch_source(design)


def test_a_key_that_stands_twice_inside_is_refused() -> None:
    data = storage.dumps(alone(replace(ATTENTION, **running(ADD))))

    with pytest.raises(DesignFileError, match="stands twice"):
        storage.loads(data.replace(b'"other": 1', b'"other": 1, "other": 2'))

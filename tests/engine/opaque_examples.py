"""Opaque nodes as an import makes them: an attention over the pixels of a map, and operators of many forms."""

from onebyone.layers import HeldTensor, Opaque
from onebyone.layers.operators import Argument, BatchSize, Operator, TensorName

MAP = (8, 4, 4)


def call(target: str, *results: str, **arguments: Argument) -> Operator:
    return Operator(f"aten.{target}", arguments, results)


def tensor(name: str) -> TensorName:
    return TensorName(name)


ATTENTION = Opaque(
    operators=(
        call("flatten.using_ints", "flatten", self=tensor("input0"), start_dim=2),
        call("transpose.int", "tokens", self=tensor("flatten"), dim0=1, dim1=2),
        call("linear.default", "qkv", input=tensor("tokens"), weight=tensor("qkv_weight"), bias=tensor("qkv_bias")),
        call("chunk.default", "q", "k", "v", self=tensor("qkv"), chunks=3, dim=2),
        call("transpose.int", "kt", self=tensor("k"), dim0=1, dim1=2),
        call("matmul.default", "products", self=tensor("q"), other=tensor("kt")),
        call("softmax.int", "shares", self=tensor("products"), dim=2),
        call("matmul.default", "sums", self=tensor("shares"), other=tensor("v")),
        call("transpose.int", "back", self=tensor("sums"), dim0=1, dim1=2),
        call("reshape.default", "result", self=tensor("back"), shape=(BatchSize(), 8, 4, 4)),
    ),
    input_shapes=(MAP,),
    result_shape=MAP,
    result_name="result",
    tensors_held=(HeldTensor("qkv_weight", (24, 8)), HeldTensor("qkv_bias", (24,))),
    macs=16 * 8 * 24 + 2 * 16 * 16 * 8,
    words="Attention",
)
MASKED = Opaque(
    operators=(
        call("masked_fill.Scalar", "float", self=tensor("input0"), mask=tensor("mask"), value="-inf"),
        call("max.dim", "largest", "", self=tensor("float"), dim=1, keepdim=True),
        call("relu_.default", "relu_", self=tensor("input1")),
        call("arange.default", "steps", end=4, dtype="float32"),
        call("split.Tensor", "only", self=tensor("relu_"), split_size=8, dim=1),
        call("add.Tensor", "self_", self=tensor("only"), other=tensor("steps"), alpha=0.5),
        call("where.self", "chosen", condition=tensor("mask"), self=tensor("self_"), other=tensor("input1")),
        call("index.Tensor", "picked", self=tensor("chosen"), indices=(None, tensor("order"))),
        call("mul.Scalar", "scaled", self=tensor("picked"), other=2),
        call("mean.dim", "mean", self=tensor("scaled"), dim=(2, 3)),
    ),
    input_shapes=(MAP, MAP),
    result_shape=(8,),
    result_name="mean",
    tensors_held=(HeldTensor("mask", (4, 4), "bool", "buffer"), HeldTensor("order", (8,), "int64", "buffer")),
    words="WindowAttention: shifted",
)

EXAMPLES = (ATTENTION, MASKED)

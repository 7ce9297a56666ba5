"""What a text in the search means: kinds by name and alias, with their numbers, the best first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onebyone.adding.entries import entries
from onebyone.adding.search import Answer, Place, search
from onebyone.design import Node
from onebyone.layers import (
    Activation,
    AnyLayer,
    Conv2d,
    Dropout,
    Input,
    Linear,
    MaxPool2d,
    Slice,
    Upsample,
)
from onebyone.layers.fields import checked_layer

ENTRIES = [entry for members in entries().values() for entry in members]
AFTER_MAP = Place(((96, 28, 28),))


def found(text: str, place: Place | None = None, recent: tuple[str, ...] = ()) -> Answer:
    return search(ENTRIES, text, place, recent)


def first(text: str, place: Place | None = None) -> AnyLayer:
    return found(text, place).suggestions[0].nodes[0].layer


@pytest.mark.parametrize(
    ("text", "layer"),
    [
        ("3x3 128", Conv2d(128, (3, 3), padding=(1, 1), activation="relu")),
        ("128 3×3", Conv2d(128, (3, 3), padding=(1, 1), activation="relu")),
        ("conv 3x3 128 s2 p1 g4 d2", Conv2d(128, (3, 3), (2, 2), (1, 1), (2, 2), 4, activation="relu")),
        ("64 7x7/2", Conv2d(64, (7, 7), (2, 2), (3, 3), activation="relu")),
        ("conv 3x3 / 2 stride 1 pad 0 8", Conv2d(8, (3, 3), activation="relu")),
        ("1x7 192", Conv2d(192, (1, 7), padding=(0, 3), activation="relu")),
        ("2x2 8", Conv2d(8, (2, 2), activation="relu")),
        ("3x3 128 bn relu", Conv2d(128, (3, 3), padding=(1, 1), norm="batch", activation="relu")),
        ("1x1 256 bn", Conv2d(256, norm="batch")),
        ("1x1 256 plain nobias", Conv2d(256, bias=False)),
        ("3x3 64 gelu", Conv2d(64, (3, 3), padding=(1, 1), activation="gelu")),
        ("dw 3x3 32", Conv2d(32, (3, 3), padding=(1, 1), groups=32, activation="relu")),
        ("pointwise 16", Conv2d(16, activation="relu")),
        ("max 3x3 s2", MaxPool2d((3, 3), (2, 2))),
        ("mp 2", MaxPool2d((2, 2))),
        ("maxpool", MaxPool2d((3, 3), (1, 1), (1, 1))),
        ("linear 1000", Linear(1000)),
        ("fc 10", Linear(10)),
        ("dropout 0.4", Dropout(0.4)),
        ("input 192x28x28", Input(192, 28, 28)),
        ("input 28x28x192", Input(192, 28, 28)),
        ("input 3 32 48", Input(3, 32, 48)),
        ("input 3 224", Input(3, 224, 224)),
        ("relu", Activation("relu")),
        ("silu", Activation("silu")),
        ("slice 64", Slice(0, 64)),
        ("upsample 4 bilinear", Upsample((4, 4), "bilinear")),
    ],
)
def test_numbers_are_understood_in_any_order(text: str, layer: AnyLayer) -> None:
    assert first(text) == layer


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1x1", "conv1x1"), ("cccp", "conv1x1"), ("pointwise", "conv1x1"), ("bottleneck", "resnet_bottleneck"),
        ("nin", "mlpconv"), ("max", "pool"), ("avgpool", "avg_pool"), ("gap", "global_pool"), ("bn", "norm"),
        ("lrn", "lrn"), ("fc", "linear"), ("cat", "concat"), ("sum", "add"), ("residual", "add"),
        ("shuffle", "shuffle"), ("se", "multiply"), ("inc red", "inception_reduced"), ("concta", "concat"),
        ("dropuot", "dropout"), ("mxpl", "pool"), ("flatt", "flatten"), ("CONCAT", "concat"),
    ],
)  # fmt: skip
def test_names_are_found_by_alias_start_slip_and_letters_in_order(text: str, key: str) -> None:
    assert found(text).suggestions[0].key == key


def test_a_suggestion_reads_what_it_makes() -> None:
    assert found("3x3 128 bn").suggestions[0].sentence == "3×3 convolution, 128 channels, padding 1, batch norm"
    assert found("3x3 128", AFTER_MAP).suggestions[0].result == "28×28×128"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("3x3 0", "Output channels needs a whole number from 1 to 1,048,576, not 0."),
        ("3x3 99999999", "Output channels needs a whole number from 1 to 1,048,576, not 99999999."),
        ("dropout 40", "Probability needs a number from 0 to 1, not 40."),
        ("2000x3 8", "Kernel needs two whole numbers, each from 1 to 1,023, but got (2000, 3)."),
        ("warp", "No layer is called “warp”. Try a name such as concat, or a size such as 3x3 128."),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(text: str, message: str) -> None:
    answer = found(text)

    assert answer.suggestions == ()
    assert answer.message == message


def test_a_convolution_keeps_the_channels_of_its_source() -> None:
    assert first("3x3", AFTER_MAP) == Conv2d(96, (3, 3), padding=(1, 1), activation="relu")


def test_behind_a_feature_map_the_usual_kinds_lead_and_what_cannot_follow_is_last_with_its_reason() -> None:
    answer = found("", AFTER_MAP)

    keys = [suggestion.key for suggestion in answer.suggestions]
    assert keys[:6] == ["conv1x1", "conv3x3", "pool", "conv5x5", "concat", "add"]
    assert "input" not in keys
    linear = next(suggestion for suggestion in answer.suggestions if suggestion.key == "linear")
    assert "needs a vector" in linear.reason
    reasons = [bool(suggestion.reason) for suggestion in answer.suggestions]
    assert reasons == sorted(reasons)


@pytest.mark.parametrize(
    ("place", "key"),
    [
        (Place(((1024,),)), "linear"),
        (Place(((1024, 1, 1),)), "flatten"),
        (Place(is_empty=True), "input"),
        (Place((None,)), "conv1x1"),
    ],
    ids=["vector", "point", "empty design", "unknown shape"],
)
def test_the_best_comes_first(place: Place, key: str) -> None:
    assert found("", place).suggestions[0].key == key


def test_a_module_fits_where_its_numbers_do() -> None:
    def resnext(channels: int) -> str:
        answer = found("resnext", Place(((channels, 14, 14),)))
        return next(item for item in answer.suggestions if item.is_module).reason

    assert resnext(256) == resnext(96) == ""
    assert "vector" in next(item.reason for item in found("resnext", Place(((96,),))).suggestions)


def test_several_nodes_are_merged() -> None:
    answer = found("", Place(((64, 28, 28), (128, 28, 28))))

    concat, *others = answer.suggestions
    assert (concat.key, concat.result, concat.reason) == ("concat", "28×28×192", "")
    assert "64 and 128 channels" in next(item for item in others if item.key == "add").reason
    assert "takes one input" in next(item for item in others if item.key == "conv1x1").reason


def test_the_last_ones_used_lead_while_nothing_is_typed() -> None:
    assert [item.key for item in found("", None, ("lrn", "slice")).suggestions[:2]] == ["lrn", "slice"]
    assert found("relu", None, ("lrn",)).suggestions[0].key == "activation"
    assert found("", AFTER_MAP, ("lrn",)).suggestions[0].key == "conv1x1"


WORDS = ["conv", "max", "3x3", "0", "-1", "1e9", "relu", "bn", "s2", "x/", "7x", "/", "g0", "input", "0.5"]


@given(
    st.text(max_size=40) | st.lists(st.sampled_from(WORDS)).map(" ".join),
    st.sampled_from([None, AFTER_MAP, Place(((5,),)), Place((None,))]),
)
def test_any_text_gives_sound_layers_or_a_sentence(text: str, place: Place | None) -> None:
    answer = found(text, place)

    assert answer.suggestions or answer.message.endswith(".")
    for suggestion in answer.suggestions:
        for node in suggestion.nodes:
            assert isinstance(node, Node) and checked_layer(node.layer) is node.layer

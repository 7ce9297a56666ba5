"""Every kind is complete; what a new one lacks is said in a sentence."""

from typing import Annotated, ClassVar, Literal

import pytest
from msgspec import Meta

from onebyone.layers import CATALOGUE, Layer
from onebyone.layers.fields import described, fields_of
from tests.engine.layers.lacking import lacking


@pytest.mark.parametrize("kind", CATALOGUE)
def test_the_kind_is_complete(kind: str) -> None:
    sentences = list(lacking(CATALOGUE[kind]))

    assert not sentences, " ".join(sentences)


@pytest.mark.parametrize("kind", CATALOGUE)
def test_every_choice_is_in_the_order_of_its_literal_and_has_a_title(kind: str) -> None:
    for field in fields_of(kind):
        assert len(field.choice_titles) == len(field.choices)
        assert all(field.choice_titles)


class Bare(Layer, frozen=True, tag="bare"):
    size: int
    stride: Annotated[int, Meta(title="Stride", ge=1, le=4)] | None = None

    since: ClassVar[int] = 99


def test_a_bare_kind_lacks_everything() -> None:
    assert list(lacking(Bare)) == [
        "bare has no label; messages name it by that.",
        "The docstring of bare has no section “Shape:”.",
        "The docstring of bare has no section “Source:”.",
        "bare names no family; it is drawn in its colour.",
        "bare came with format version 99, but the newest is 3.",
        "The field size of bare has no title; give it Meta(title=…).",
        "The field size of bare has no limits; give it Meta(ge=…, le=…).",
        "The field stride of bare does not say what it means to be empty; give it extra={'absent': …}.",
        "bare has no icon; draw resources/onebyone_resources/icons/bare.svg.",
        "bare is not in the catalogue of layers/__init__.py, so torch checks neither its shape nor its MACs.",
        "bare has no entry in the palette; add one to onebyone/adding/entries.py.",
    ]


def test_a_kind_of_the_palette_without_words_and_source_is_named_too(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = CATALOGUE["conv2d"]
    for member in ("summary", "formula", "torch_source"):
        monkeypatch.setattr(kind, member, getattr(Layer, member))
    monkeypatch.setattr(kind, "learns", False)

    assert list(lacking(kind)) == [
        "conv2d has no summary.",
        "conv2d has no formula.",
        "conv2d has no source; write torch_source or torch_expression.",
        "conv2d says learns = False, but its costs say True.",
    ]


class Chosen(Layer, frozen=True, tag="chosen"):
    mode: Annotated[
        Literal["zeros"] | Literal["reflect", "edge_pixels"], Meta(title="Mode", extra={"titles": {"zeros": "Zeros"}})
    ] = "zeros"


def test_a_choice_without_a_title_is_called_by_its_value() -> None:
    (field,) = described(Chosen)

    assert field.choices == ("zeros", "reflect", "edge_pixels")
    assert field.choice_titles == ("Zeros", "reflect", "edge pixels")

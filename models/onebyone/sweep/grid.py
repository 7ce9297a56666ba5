"""The variants of a design on a grid of values, and what each of them costs."""

from collections.abc import Iterator, Sequence
from math import prod

import msgspec

from onebyone import edits
from onebyone.analysis import Analysis, analyze
from onebyone.design import Design
from onebyone.shape import Shape
from onebyone.sweep.variation import Variation, check_variations
from onebyone.text import clean_line


class Sweep(msgspec.Struct, frozen=True):
    """A design and which of its fields take which values; variants are counted with the last field fastest."""

    design: Design
    variations: tuple[Variation, ...]

    @property
    def count(self) -> int:
        """How many variants there are."""
        return prod(self.lengths)

    @property
    def lengths(self) -> tuple[int, ...]:
        """How many values each field takes."""
        return tuple(len(variation.values) for variation in self.variations)

    @property
    def names(self) -> tuple[str, ...]:
        """The fields as they are written."""
        return tuple(variation.name for variation in self.variations)

    @property
    def present(self) -> tuple[int, ...]:
        """The values of the design as it is."""
        nodes = self.design.nodes_by_id()
        return tuple(getattr(nodes[variation.node].layer, variation.field) for variation in self.variations)

    def places_at(self, index: int) -> tuple[int, ...]:
        """Which value of each field a variant has."""
        places = []
        for length in reversed(self.lengths):
            index, place = divmod(index, length)
            places.append(place)
        return tuple(reversed(places))

    def values_at(self, index: int) -> tuple[int, ...]:
        """The values of a variant."""
        places = self.places_at(index)
        return tuple(variation.values[place] for variation, place in zip(self.variations, places, strict=True))

    def index_of(self, values: Sequence[int]) -> int | None:
        """The variant with these values, None where it is not on the grid."""
        index = 0
        for variation, value in zip(self.variations, values, strict=True):
            if value not in variation.values:
                return None
            index = index * len(variation.values) + variation.values.index(value)
        return index

    def design_at(self, index: int) -> Design:
        """A variant, under a name that says its values."""
        return self.named(self.values_at(index))

    def named(self, values: Sequence[int]) -> Design:
        """The design with these values, under a name that says them."""
        design = self.with_values(values)
        words = ", ".join(f"{name} {value}" for name, value in zip(self.names, values, strict=True))
        return edits.set_name(design, clean_line(f"{self.design.name or 'Untitled'} · {words}"))

    def with_values(self, values: Sequence[int]) -> Design:
        """The design with these values in the fields."""
        design = self.design
        for variation, value in zip(self.variations, values, strict=True):
            design = edits.set_fields(design, variation.node, {variation.field: value})
        return design


class Point(msgspec.Struct, frozen=True):
    """A variant: the values of its fields and its totals; None, with the first problem said, where it has an error."""

    values: tuple[int, ...]
    weights: int | None
    parameters: int | None
    macs: int | None
    peak_activation_bytes: int | None
    outputs: tuple[Shape | None, ...]
    problem: str = ""

    @property
    def is_valid(self) -> bool:
        """Whether it can be built and run."""
        return not self.problem


def make_sweep(design: Design, variations: Sequence[Variation]) -> Sweep:
    """A sweep that can be made.

    Raises:
        SweepError: The design cannot be varied like this; see `check_variations`.
    """
    check_variations(design, variations)
    return Sweep(design, tuple(variations))


def points(sweep: Sweep, analysis: Analysis | None = None, bytes_per_element: int = 4) -> Iterator[Point]:
    """All variants in order, each analysed when it is asked for, from the one before.

    Args:
        sweep: What is varied.
        analysis: The analysis of the design as it is, where there is one.
        bytes_per_element: Size of one value of the dtype.
    """
    previous = analysis if analysis is not None else analyze(sweep.design, bytes_per_element=bytes_per_element)
    design, before = sweep.design, sweep.present
    for index in range(sweep.count):
        values = sweep.values_at(index)
        for variation, value, old in zip(sweep.variations, values, before, strict=True):
            if value != old:
                design = edits.set_fields(design, variation.node, {variation.field: value})
        before = values
        previous = analyze(design, previous, previous.bytes_per_element)
        yield point_of(values, previous)


def point_of(values: tuple[int, ...], analysis: Analysis) -> Point:
    """The figures of a variant."""
    totals = analysis.totals
    outputs = tuple(totals.outputs[name] for name in analysis.output_ids if name in totals.outputs)
    problem = next((problem.message for problem in analysis.problems if problem.severity == "error"), "")
    return Point(values, totals.weights, totals.parameters, totals.macs, totals.peak_activation_bytes, outputs, problem)

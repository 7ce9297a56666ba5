"""Numbers and sentences of the Channels panel."""

import math

from onebyone.channels import Equivalence, FeatureMap, Term, WeightedSum

#: The spacing of float32 numbers near 1: 2 to the power of minus 23.
_STEP = 2.0**-23


def figure(value: float) -> str:
    """A number with three digits: "−0.312", "1.9e-06"."""
    text = f"{value:.3g}"
    return "−" + text[1:] if text.startswith("-") else text


def signed(value: float, is_first: bool = False) -> str:
    """A number as a term of a sum: "+ 0.312", "− 0.312"; without a plus where it is the first."""
    size = figure(abs(value))
    if value < 0:
        return f"− {size}"
    return size if is_first else f"+ {size}"


def range_words(shown: FeatureMap) -> str:
    """What black and white stand for in a map."""
    if shown.low == shown.high:
        return f"{figure(shown.low)} everywhere"
    return f"{figure(shown.low)} (black) to {figure(shown.high)} (white)"


def term_words(term: Term, is_first: bool = False) -> str:
    """One term: "+ 0.312 × map 12"."""
    return f"{signed(term.weight, is_first)} × map {term.channel}"


def sum_words(taken: WeightedSum) -> str:
    """The whole sum in a line, to be read and to be spoken."""
    parts = [term_words(term, place == 0) for place, term in enumerate(taken.terms)]
    if taken.others:
        parts.append("+ …")
    if taken.bias is not None:
        parts.append(f"{signed(taken.bias, not parts)} (bias)")
    return f"output {taken.output} = {' '.join(parts)}"


def step_at(size: float) -> float:
    """The distance from one float32 number to the next at a size."""
    return _STEP * 2.0 ** math.floor(math.log2(size)) if size > 0 else 0.0


def equivalence_words(found: Equivalence, shape: tuple[int, int, int]) -> str:
    """How far the differences can be trusted to be rounding, with the numbers."""
    apart = max(found.linear, found.cccp)
    where = f"Over all {shape[0]:,} × {shape[1]:,} × {shape[2]:,} values of this picture, in float32. "
    if apart == 0:
        return where + "No value differs, to the last bit."
    step = step_at(found.largest)
    words = f"Next to the largest value of {figure(found.largest)}, float32 numbers lie {figure(step)} apart"
    if step and apart <= 64 * step:
        return where + f"{words}: the differences are of the size of rounding."
    return where + f"{words}: these differences are larger than rounding explains."

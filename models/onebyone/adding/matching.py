"""Fuzzy matching of what was typed with the words of a name."""

from collections.abc import Iterable

EXACT = 100.0
PREFIX = 80.0
_WITHIN = 55.0
_TYPO = 45.0
_SUBSEQUENCE = 30.0
_LEAST_TYPO = 4


def plain(text: str) -> str:
    """A text as it is compared: lower case, with a plain x for the sign of multiplication."""
    return text.casefold().replace("×", "x").replace("…", "")


def best_score(typed: str, words: Iterable[str]) -> float:
    """How well what was typed fits the best of some words; 0 where it fits none."""
    return max((score(typed, word) for word in words), default=0.0)


def score(typed: str, word: str) -> float:
    """How well what was typed fits a word: the same, its start, a part, with one slip, or some letters in order."""
    if typed == word:
        return EXACT
    if word.startswith(typed):
        return PREFIX + 15 * len(typed) / len(word)
    if len(typed) < 2:
        return 0.0
    if typed in word:
        return _WITHIN
    if len(typed) >= _LEAST_TYPO and (_is_one_slip(typed, word) or _is_one_slip(typed, word[: len(typed)])):
        return _TYPO
    gaps = _gaps(typed, word)
    return 0.0 if gaps is None else max(_SUBSEQUENCE - gaps, 1.0)


def _is_one_slip(typed: str, word: str) -> bool:
    """Whether one letter too many, too few, wrong, or two swapped, make the difference."""
    if abs(len(typed) - len(word)) > 1:
        return False
    start = 0
    while start < min(len(typed), len(word)) and typed[start] == word[start]:
        start += 1
    rest, other = typed[start:], word[start:]
    is_swapped = rest[:2] == other[:2][::-1] and rest[2:] == other[2:]
    return is_swapped or rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]


def _gaps(typed: str, word: str) -> int | None:
    """The letters left out between those that were typed; None where they do not all come, in order."""
    if typed[0] != word[:1]:
        return None
    place = first = 0
    for letter in typed:
        place = word.find(letter, place) + 1
        if place == 0:
            return None
        first = first or place
    return place - first + 1 - len(typed)

"""What was typed into the search, taken apart: words, windows and numbers in any order."""

import re

import msgspec

from onebyone.adding.matching import plain
from onebyone.shape import Pair

_WINDOW = re.compile(r"(\d{1,9})[x*](\d{1,9})(?:[x*](\d{1,9}))?(?:/(\d{1,9}))?\Z")
_SETTING = re.compile(r"(stride|padding|pad|groups|group|dilation|s|p|g|d|/)=?(\d{1,9})(?:x(\d{1,9}))?\Z")
_INTEGER = re.compile(r"-?\d{1,18}\Z")
_DECIMAL = re.compile(r"-?\d*\.\d+\Z")
_SPACED = re.compile(r"\b(stride|padding|pad|groups|group|dilation)[ =]+(?=\d)|(?<=\w) */ *(?=\d)")
_SETTINGS = {"s": "stride", "/": "stride", "p": "padding", "g": "groups", "d": "dilation"}


class Query(msgspec.Struct):
    """The parts of a search: names are still words, numbers have lost their order among them."""

    words: list[str] = []
    window: Pair | None = None
    integers: list[int] = []
    decimals: list[float] = []
    settings: dict[str, Pair] = {}

    @property
    def has_numbers(self) -> bool:
        """Whether more than words was typed."""
        return bool(self.window or self.integers or self.decimals or self.settings)


def read_query(text: str) -> Query:
    """Takes a search apart: `conv 3x3/2 128 p1` has a word, a window, a number and two settings."""
    query = Query()
    spaced = _SPACED.sub(lambda found: f" {found[1] or '/'}", plain(text))
    for token in spaced.replace(",", " ").split():
        _read_token(query, token)
    return query


def _read_token(query: Query, token: str) -> None:
    window, setting = _WINDOW.match(token), _SETTING.match(token)
    if window is not None and window[3] is not None:
        query.integers += [int(window[place]) for place in (1, 2, 3)]
    elif window is not None and query.window is None:
        query.window = (int(window[1]), int(window[2]))
        if window[4] is not None:
            query.settings["stride"] = (int(window[4]), int(window[4]))
    elif setting is not None:
        name = _SETTINGS[setting[1][0]]
        query.settings[name] = (int(setting[2]), int(setting[3] or setting[2]))
    elif _INTEGER.match(token):
        query.integers.append(int(token))
    elif _DECIMAL.match(token):
        query.decimals.append(float(token))
    else:
        query.words.append(token)

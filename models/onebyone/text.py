"""Cleaning of text that people type: names, titles, notes."""

import re
import unicodedata

TITLE_LENGTH = 200
NAME_LENGTH = 200
NOTES_LENGTH = 100_000

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_CONTROL_BUT_NEWLINE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_NONCHARACTERS = re.compile("[\ufffe\uffff\ud800-\udfff]")


def clean_line(text: str, limit: int = TITLE_LENGTH) -> str:
    """One line without control characters (each becomes a space), trimmed, at most `limit` characters."""
    return _NONCHARACTERS.sub("", _CONTROL.sub(" ", text)).strip()[:limit].rstrip()


def clean_notes(text: str) -> str:
    """Like `clean_line` for text of several lines: newlines stay."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return _NONCHARACTERS.sub("", _CONTROL_BUT_NEWLINE.sub(" ", unified)).strip()[:NOTES_LENGTH].rstrip()


def visible(text: str) -> str:
    """The text with direction controls written as U+XXXX, so that what is shown is what is there."""
    if text.isascii():
        return text
    return "".join(f"U+{ord(c):04X}" if c in _BIDI or unicodedata.category(c) == "Cf" else c for c in text)

"""What goes wrong with a capture, in words."""


class CaptureError(Exception):
    """A module cannot be captured; the text is a sentence for the user."""


def reason_of(error: BaseException) -> str:
    """The first line of what an exception says, in a sentence's middle."""
    lines = [line.strip() for line in str(error).strip().splitlines() if line.strip()]
    text = lines[0] if lines else ""
    text = text if len(text) <= 300 else f"{text[:297]}…"
    return f"{type(error).__name__}: {text.rstrip('. ')}" if text else type(error).__name__


def a_or_an(word: str) -> str:
    """A word with its article."""
    return f"{'an' if word[:1].lower() in 'aeiou' else 'a'} {word}"

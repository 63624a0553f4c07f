"""Text as reports show it: nothing that a target or a client sent may steer a terminal or break a file."""

from __future__ import annotations

KEPT = "\n\t"


def printable(text: str) -> str:
    """The text with every control character, lone surrogate and invisible character written as an escape."""
    return "".join(each if each.isprintable() or each in KEPT else _escape(each) for each in text)


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 finding`, `2 findings`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def duration(seconds: float) -> str:
    """How long something took, for people."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")

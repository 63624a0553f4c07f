"""Seconds that an option asks for."""

from __future__ import annotations

LONGEST = 86_400.0
"""Seconds that an option may ask for at most: a day."""


def read_seconds(text: str) -> float:
    """A number of seconds above 0, of a day at most. Raises ValueError, also for infinity and what is no number."""
    plain = text.strip()
    if len(plain) < 40 and plain.isascii() and plain.replace(".", "", 1).isdigit() and 0 < float(plain) <= LONGEST:
        return float(plain)
    raise ValueError(f"takes seconds: a number above 0, of {LONGEST:.0f} at most, not {text!r:.60}")

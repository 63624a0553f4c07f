"""Errors of a query, which each family answers in its own error format."""

from __future__ import annotations

from typing import Literal

Flaw = Literal["syntax", "empty", "incomplete", "group", "too_large", "attribute", "comparison"]
"""What kind of mistake: the text cannot be read (`syntax`), says nothing (`empty`), breaks off (`incomplete`), does
not close what it opens (`group`), is above a limit (`too_large`), names no attribute (`attribute`), or compares one
in a way it cannot be compared (`comparison`)."""


class BadQuery(ValueError):
    """A query that cannot be answered. `detail` is one line, `position` the 0-based character where it went wrong."""

    def __init__(self, detail: str, *, flaw: Flaw = "syntax", position: int | None = None) -> None:
        super().__init__(detail)
        self.detail, self.flaw, self.position = detail, flaw, position


class SensitiveQuery(BadQuery):
    """A query about an attribute that must not be compared (RFC 7644 section 7.5.2)."""

"""What REST APIs refuse: what is wrong with a request, and what the vendor answers.

Nothing below the routes renders an error. A view raises one of the exceptions of the family (or of the directory, or of
HTTP), or a `Refusal`, which states the answer itself; the dialect turns either into its error format.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from provcheck.mock_targets.http.request import Request

Flaw = Literal["type", "required", "format", "too_long", "choice", "unknown", "read_only", "range"]
MAX_SHOWN = 100
"""Longest part of a value that a message repeats, in characters."""


class Invalid(Exception):
    """A value that the API cannot take. `field` is its dotted path or the name of a parameter; empty: the body."""

    def __init__(self, field: str, flaw: Flaw, value: object = None) -> None:
        self.field, self.flaw, self.value = field, flaw, value
        super().__init__(f"{field or 'the body'}: {_MEANING[flaw]}")


_MEANING: Mapping[Flaw, str] = {
    "type": "wrong type of value",
    "required": "a value is required",
    "format": "malformed value",
    "too_long": "the value is too long",
    "choice": "not one of the values that are allowed",
    "unknown": "there is no such field",
    "read_only": "the field is read-only",
    "range": "out of range",
}


class Refusal(Exception):
    """An answer that refuses: its HTTP status, the vendor's code and message, headers, and the flag that led to it.

    `more` are further members of the error, where the vendor's format has any.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        flag: str | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        self.status, self.code, self.message, self.flag = status, code, message, flag
        self.headers, self.more = dict(headers or {}), more
        super().__init__(message)


Refuse = Callable[[Any, "Request"], Refusal]
"""The refusal that an exception stands for."""


def refusal_of(told: Mapping[type[Exception], Refuse], error: Exception, request: Request) -> Refusal:
    """Return the refusal for an exception, by its nearest class in the table. Raises LookupError without one."""
    if isinstance(error, Refusal):
        return error
    for kind in type(error).__mro__:
        if kind in told:
            return told[kind](error, request)
    raise LookupError(f"the table has no row for {type(error).__name__}")


def shown(value: object) -> str:
    """A value as a message repeats it: short, and safe to encode."""
    return str(value)[:MAX_SHOWN].encode("utf-8", "replace").decode()

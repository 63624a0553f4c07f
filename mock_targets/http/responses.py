"""The answer of a view, and Flask responses that are delayed, truncated or not sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response

from provcheck.mock_targets.clock import Clock
from provcheck.mock_targets.http.errors import AnswerLost


@dataclass(slots=True)
class Answer:
    """Status, body (JSON-ready data, raw bytes, or None for no body at all) and extra headers."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class LostResponse(Response):
    """No answer: raises AnswerLost, on which servers and transports close the connection."""

    def __init__(self, *, resets: bool = False) -> None:
        super().__init__()
        self._resets = resets

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Raise AnswerLost instead of answering."""
        raise AnswerLost(resets=self._resets)


class TruncatedResponse(Response):
    """A response that sends its head and the first bytes of the body, then closes the connection."""

    def __init__(
        self, whole: bytes, *, keep: int, status: int, headers: Mapping[str, str], resets: bool = False
    ) -> None:
        framed = {**headers, "Content-Length": str(len(whole))}
        super().__init__(_cut(whole[:keep], resets=resets), status=status, headers=framed)


class DribbledResponse(Response):
    """A response that sends its body in small pieces over `seconds` of a clock."""

    PIECES = 20

    def __init__(self, whole: bytes, *, seconds: float, clock: Clock, status: int, headers: Mapping[str, str]) -> None:
        framed = {**headers, "Content-Length": str(len(whole))}
        super().__init__(_drops(whole, self.PIECES, seconds, clock), status=status, headers=framed)


def _cut(part: bytes, *, resets: bool) -> Iterator[bytes]:
    yield part
    raise AnswerLost(part, resets=resets)


def _drops(whole: bytes, pieces: int, seconds: float, clock: Clock) -> Iterator[bytes]:
    size = max(1, -(-len(whole) // pieces))
    starts = range(0, len(whole), size)
    for start in starts:
        if start:
            clock.sleep(seconds / max(1, len(starts) - 1))
        yield whole[start : start + size]

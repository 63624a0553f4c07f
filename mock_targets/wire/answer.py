"""What a view gives back, and the two kinds of Flask response that end a connection early."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response

from mock_targets.wire.errors import AnswerLost


@dataclass(slots=True)
class Answer:
    """Status, body (JSON-ready data, raw bytes, or None for no body at all) and extra headers."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class LostResponse(Response):
    """No answer: the connection just ends. Servers and transports understand the AnswerLost that this raises."""

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Raise AnswerLost in place of answering."""
        raise AnswerLost


class TruncatedResponse(Response):
    """The head and the first bytes of the body, then the connection ends."""

    def __init__(self, whole: bytes, *, keep: int, status: int, headers: Mapping[str, str]) -> None:
        super().__init__(_cut(whole[:keep]), status=status, headers={**headers, "Content-Length": str(len(whole))})


def _cut(part: bytes) -> Iterator[bytes]:
    yield part
    raise AnswerLost(part)

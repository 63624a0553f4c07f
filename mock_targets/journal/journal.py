"""The journal: every exchange with a target, with what was answered and what was applied to its state.

Secrets are redacted before anything is stored.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from provcheck.mock_targets.clock import Clock
from provcheck.mock_targets.journal.redaction import (
    in_its_size,
    redact_body,
    redact_headers,
    redact_query,
    redact_text,
    without,
)
from provcheck.mock_targets.memory_budget import MemoryBudget

Applied = Literal["yes", "no", "partly", "later", "none"]
"""What became of a change: `later` is not yet, `none` a request that only reads."""
AnswerState = Literal["complete", "lost", "truncated", "reset", "dribbled"]
"""What of an answer reached the client."""

DEFAULT_LIMIT = 10_000
"""Exchanges kept by default; the oldest are dropped first."""
BODY_LIMIT = 65_536
"""Bytes kept of one body."""
EXCHANGE_BYTES = 2000
"""What an exchange takes beside its texts, roughly: objects, times, names."""
INTENT_LIMIT = 1000
"""Intents kept of one exchange; the body of a request shows the others."""

RESET_LIMIT = 100
"""Requests ended by a reset that are kept."""


@dataclass(slots=True)
class Intent:
    """A change or a read that a request asks for: the operation, and the id and names of the entity."""

    operation: str
    kind: str | None = None
    id: str | None = None
    names: tuple[str, ...] = ()
    applied: bool = False

    @property
    def known_as(self) -> tuple[str, ...]:
        """Its names and its id."""
        return (*self.names, self.id) if self.id else self.names


@dataclass(slots=True)
class Exchange:
    """One request and its answer.

    `faults` are the names of the faults that struck, `moments` the moment of each. `refused_by` is the flag that
    forbade the operation. `connection` is the client's port, which stays the same for as long as its connection does;
    None in process.
    """

    seq: int
    at: datetime
    started: float
    method: str
    path: str
    query: str
    operation: str
    writes: bool
    request_headers: Mapping[str, str]
    request_body: bytes
    intents: list[Intent] = field(default_factory=list)
    status: int | None = None
    response_headers: Mapping[str, str] = field(default_factory=dict)
    response_body: bytes = b""
    duration: float = 0.0
    faults: list[str] = field(default_factory=list)
    moments: list[str] = field(default_factory=list)
    is_partial: bool = False
    is_postponed: bool = False
    answer: AnswerState = "complete"
    refused_by: str | None = None
    error: str | None = None
    connection: int | None = None
    size: int = 0
    """Bytes that it is counted with."""
    secrets: tuple[str, ...] = ()
    """Known secrets, which it must not hold."""
    last_begun: int = 0
    """Number of the newest exchange when this one was answered: those up to it were on their way by then."""
    parts: list[Exchange] = field(default_factory=list)
    """The operations of a batch request (SCIM Bulk, say), each an exchange of its own, in the order carried out."""
    batch: str | None = None
    """The operation of the whole request that this one is a part of."""

    def measured(self) -> int:
        """Bytes that it takes, roughly."""
        texts = (self.path, self.query, self.request_body, self.response_body, self.error or "")
        headers = (*self.request_headers.values(), *self.response_headers.values())
        named = sum([100 + sum(map(len, intent.names)) for intent in self.intents])  # lists: every request pays
        parts = sum([part.measured() for part in self.parts]) if self.parts else 0
        return EXCHANGE_BYTES + sum(map(len, texts)) + sum(map(len, headers)) + named + parts

    def intend(self, operation: str, *, kind: str | None, id: str | None, names: Iterable[str]) -> Intent:
        """Record what the request is about to do."""
        named = tuple([without(name, self.secrets) for name in names if name])
        intent = Intent(operation, kind, without(id, self.secrets) if id else id, named)
        if len(self.intents) < INTENT_LIMIT:
            self.intents.append(intent)
        return intent

    def fail(self, reason: str) -> None:
        """Record an error that the answer does not tell."""
        self.error = redact_text(reason, self.secrets)

    def strike(self, fault: str, moment: str) -> None:
        """Record a fault that takes effect."""
        self.faults.append(fault)
        self.moments.append(moment)

    def include(self, part: Exchange) -> None:
        """Record what became of an operation of this batch request as part of the whole."""
        self.parts.append(part)
        self.intents += part.intents[: INTENT_LIMIT - len(self.intents)]
        self.faults += part.faults
        self.moments += part.moments
        self.is_partial |= part.is_partial
        self.refused_by = part.refused_by or self.refused_by

    @property
    def applied(self) -> Applied:
        """What became of the change."""
        if not self.writes:
            return "none"
        if self.is_postponed:
            return "later"
        done = [intent.applied for intent in self.intents]
        if not done or not any(done):
            return "no"
        return "yes" if all(done) and not self.is_partial else "partly"

    def as_dict(self) -> dict[str, Any]:
        """The exchange as JSON-ready data."""
        first = self.intents[0] if self.intents else Intent(self.operation)
        return {
            "seq": self.seq,
            "at": self.at.isoformat(),
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "operation": self.operation,
            "kind": first.kind,
            "id": first.id,
            "names": list(first.names),
            "intents": [
                {"operation": i.operation, "kind": i.kind, "id": i.id, "names": list(i.names), "applied": i.applied}
                for i in self.intents
            ],
            "status": self.status,
            "applied": self.applied,
            "answer": self.answer,
            "fault": self.faults[0] if self.faults else None,
            "faults": list(self.faults),
            "moments": list(self.moments),
            "refused_by": self.refused_by,
            "duration_ms": round(self.duration * 1000, 3),
            "request": {"headers": dict(self.request_headers), "body": _text(self.request_body)},
            "response": {"headers": dict(self.response_headers), "body": _text(self.response_body)},
            "error": self.error,
            "connection": self.connection,
            "last_begun": self.last_begun,
            "parts": [part.as_dict() for part in self.parts],
        }


_DROPPED = -1
"""The size of an exchange that the journal no longer holds."""


class Journal:
    """The exchanges of one target, newest last: at most `limit` of them, and as many bytes as the budget allows."""

    def __init__(
        self,
        *,
        clock: Clock,
        secrets: Iterable[str] = (),
        limit: int = DEFAULT_LIMIT,
        budget: MemoryBudget | None = None,
    ) -> None:
        self._clock = clock
        self._limit, self._budget, self.bytes_held = limit, budget or MemoryBudget(), 0
        self._budget.join(self)
        self._secrets = tuple(dict.fromkeys(filter(None, secrets)))
        self._kept: deque[Exchange] = deque()
        self._seq = 0
        self.ended_by_reset: deque[str] = deque(maxlen=RESET_LIMIT)
        """Method and path of requests from before the last reset that ended after it; they applied nothing since."""
        self._lock = threading.Lock()

    def open(
        self,
        method: str,
        path: str,
        *,
        query: str = "",
        operation: str = "unknown",
        writes: bool = False,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        connection: int | None = None,
    ) -> Exchange:
        """Begin an exchange. It is kept from now on, so that one that never ends is recorded as well."""
        with self._lock:
            self._seq += 1
            exchange = Exchange(
                self._seq,
                self._clock.now(),
                self._clock.monotonic(),
                method,
                redact_text(path, self._secrets)[:BODY_LIMIT],
                redact_query(query, self._secrets)[:BODY_LIMIT],
                operation,
                writes,
                redact_headers(headers or {}, self._secrets),
                redact_body(body, self._secrets)[:BODY_LIMIT],  # in this order: a truncated body cannot be parsed
                connection=connection,
                secrets=self._secrets,
            )
            self._kept.append(exchange)
            self._weigh(exchange, EXCHANGE_BYTES + len(exchange.query) + len(exchange.request_body))
            return exchange

    def _weigh(self, exchange: Exchange, size: int) -> None:
        """Count an exchange with this size from now on, and drop the oldest ones for as long as all hold too much."""
        self.bytes_held += size - exchange.size
        exchange.size = size
        while len(self._kept) > self._limit or (self.bytes_held > self._budget.limit and len(self._kept) > 1):
            self._drop()

    def _drop(self) -> None:
        dropped = self._kept.popleft()
        self.bytes_held -= dropped.size
        dropped.size = _DROPPED

    def drop_oldest(self, size: int) -> None:
        """Drop the oldest exchanges until this many bytes are free, or one is left."""
        with self._lock:
            least = self.bytes_held - size
            while self.bytes_held > least and len(self._kept) > 1:
                self._drop()

    def close(self, exchange: Exchange, status: int | None, headers: Mapping[str, str], body: bytes) -> None:
        """Record the answer. A status of None means that none was sent."""
        exchange.status = status
        # The headers of an answer are the target's own words, except for those that a fault sets.
        exchange.response_headers = redact_headers(headers, self._secrets) if exchange.faults else headers
        exchange.response_body = in_its_size(redact_body(body[:BODY_LIMIT], self._secrets))
        exchange.duration = self._clock.monotonic() - exchange.started
        with self._lock:
            exchange.last_begun = self._seq
            if exchange.size != _DROPPED:
                self._weigh(exchange, exchange.measured())
        self._budget.add(exchange.size)

    def end_by_reset(self, exchange: Exchange) -> None:
        """Record that a request from before the last reset was not carried out any further."""
        exchange.fail("the target was reset meanwhile: nothing was applied after that")
        self.ended_by_reset.append(f"{exchange.method} {exchange.path}")

    def redacted(self, text: str) -> str:
        """A text about a request, such as a line of a log, without secrets."""
        return redact_text(text, self._secrets)

    @contextmanager
    def part(self, whole: Exchange, method: str, path: str, operation: str, body: bytes) -> Iterator[Exchange]:
        """One operation of a batch request, carried out in the with block; the block records its answer."""
        kept = redact_body(body, self._secrets)[:BODY_LIMIT]
        path = redact_text(path, self._secrets)[:BODY_LIMIT]
        now = self._clock.monotonic()
        part = Exchange(whole.seq, whole.at, now, method, path, "", operation, True, {}, kept, secrets=self._secrets)
        part.batch = whole.operation
        try:
            yield part
        finally:
            part.response_body = in_its_size(redact_body(part.response_body, self._secrets)[:BODY_LIMIT])
            part.duration = self._clock.monotonic() - now
            whole.include(part)

    def since(self, seq: int = 0) -> list[Exchange]:
        """The exchanges after a sequence number, oldest first."""
        with self._lock:
            return [exchange for exchange in self._kept if exchange.seq > seq]

    @property
    def last_seq(self) -> int:
        """The sequence number of the newest exchange; 0 when there is none."""
        return self._seq

    def clear(self) -> None:
        """Delete all exchanges and count from 1 again."""
        with self._lock:
            for exchange in self._kept:
                exchange.size = _DROPPED
            self._kept.clear()
            self.ended_by_reset.clear()
            self._seq = self.bytes_held = 0


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")

"""One request on its way through a target: what a view reads from, and how it announces what it will change.

A view announces every change with `intend` before it makes it, outside the directory's lock (a fault may wait there),
and calls `applied` once it is made. Permissions, faults and the journal hang on these two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import RequestEntityTooLarge

from mock_targets.control.faults import Fault
from mock_targets.control.flags import Behaviour
from mock_targets.control.journal import Exchange, Intent
from mock_targets.wire import json
from mock_targets.wire.answer import Answer
from mock_targets.wire.errors import Forbidden, PayloadTooLarge
from mock_targets.wire.flags import FLAG_OF_OPERATION
from mock_targets.wire.target import Target


class FaultStrikes(Exception):
    """A fault armed for this moment ends the request; nothing was changed by what it struck."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.name)
        self.fault = fault


class Call:
    """A request, the target it came to, and the flag values in force when it began."""

    __slots__ = ("_headers", "_json", "_pending", "behaviour", "exchange", "params", "request", "target")

    def __init__(self, target: Target, request: Request, exchange: Exchange, params: Mapping[str, Any]) -> None:
        self.target, self.request, self.exchange, self.params = target, request, exchange, params
        self.behaviour: Behaviour = target.behaviour
        self._headers: Headers | Mapping[str, str] = request.headers
        self._pending: list[Intent] = []
        self._json: Any = self

    def part(self, body: Any, headers: Mapping[str, str], **params: Any) -> Call:
        """One operation of several that came in one request: same exchange, its own body, headers and outcome."""
        part = Call(self.target, self.request, self.exchange, params)
        part.behaviour, part._json, part._headers = self.behaviour, body, headers
        return part

    def header(self, name: str) -> str | None:
        """A request header."""
        return self._headers.get(name)

    def json(self) -> Any:
        """The body as JSON. Raises BadJson."""
        if self._json is self:
            self._json = json.read(read_body(self.request))
        return self._json

    def argument(self, name: str) -> str | None:
        """A query parameter, or None. SCIM and its kin give the first one when it is repeated."""
        return self.request.args.get(name)

    def intend(
        self,
        operation: str,
        *,
        kind: str | None = None,
        id: str | None = None,
        names: Iterable[str] = (),
        permitted_by: str | None = None,
    ) -> None:
        """Announce an operation on an entity, by id and names, before doing it.

        Raises Forbidden when the flag that governs the operation (or `permitted_by`) is off, FaultStrikes when a
        fault was armed for it.
        """
        intent = self.exchange.intend(operation, kind=kind, id=id, names=names)
        self._pending.append(intent)
        flag = permitted_by or FLAG_OF_OPERATION.get(operation)
        if flag is not None and not getattr(self.behaviour, flag):
            raise Forbidden(f"{operation} is not allowed", flag=flag)
        self.strike(operation, (*intent.names, *((id,) if id else ())), part_of=self.exchange.operation)

    def strike(self, operation: str, names: Iterable[str] = (), *, part_of: str | None = None) -> None:
        """Let a fault that was armed for the moment before take effect: wait, or raise FaultStrikes."""
        fault = self.target.faults.take(operation, names, "before", part_of=part_of)
        if fault is None:
            return
        self.exchange.faults.append(fault.name)
        self.target.clock.sleep(fault.delay)
        if fault.status or fault.loses_answer:
            raise FaultStrikes(fault)

    def applied(self, id: str | None = None) -> None:
        """Note that everything announced through this call was done; `id` is that of a resource that this made."""
        for intent in self._pending:
            intent.applied = True
            intent.id = intent.id or id
        self._pending.clear()

    def answer(self, status: int, body: Any = None, **headers: str) -> Answer:
        """An answer with extra headers, underscores standing for dashes."""
        return Answer(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


def read_body(request: Request) -> bytes:
    """The raw body. Raises PayloadTooLarge."""
    environ = request.environ
    if not environ.get("CONTENT_LENGTH") and "HTTP_TRANSFER_ENCODING" not in environ:
        return b""  # most requests read; asking for a stream that is not there costs more than they do
    try:
        return request.get_data(cache=True)
    except RequestEntityTooLarge:
        raise PayloadTooLarge(f"the body is larger than {request.max_content_length} bytes") from None

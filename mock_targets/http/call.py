"""One request on its way through a target: what a view reads from, and how it announces what it will change.

A view announces every change with `intend` before it makes it, outside the directory's lock (a fault may wait there),
and calls `applied` once it is made. Permissions, faults and the journal hang on these two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from io import BytesIO
from typing import Any

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from provcheck.mock_targets.directory import Document, NotFound
from provcheck.mock_targets.faults import conditions as traits
from provcheck.mock_targets.faults.fault import Fault
from provcheck.mock_targets.faults.races import left_of, make_rival, quoted, shifted, take_away
from provcheck.mock_targets.http import json
from provcheck.mock_targets.http.errors import Forbidden, PayloadTooLarge
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.journal.journal import Exchange, Intent
from provcheck.mock_targets.target.common_flags import FLAG_OF_OPERATION
from provcheck.mock_targets.target.flags import Behaviour
from provcheck.mock_targets.target.target import Target

MAX_BODY = 4 * 1024 * 1024
"""Bytes that a target reads of one body; ten thousand members in one request fit well."""
_ONE_RESOURCE = (".get", ".update", ".replace", ".disable", ".delete")
"""Endings of the operations that reach a resource by its id."""


class FaultStrikes(Exception):
    """A fault armed for this moment ends the request; nothing was changed by what it struck."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.name)
        self.fault = fault


class Postponed(Exception):
    """A fault puts the whole request off: it is answered now, and made later."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.name)
        self.fault = fault


class Call:
    """A request, the target it came to, and the flag values in force when it began.

    `is_replay`: it was answered some time ago, and is only now carried out. `list_fault` says in what way its list
    goes wrong.
    """

    __slots__ = (
        "_announced",
        "_headers",
        "_json",
        "_kept",
        "_partial",
        "_pending",
        "behaviour",
        "exchange",
        "is_replay",
        "list_fault",
        "params",
        "request",
        "target",
    )

    def __init__(
        self,
        target: Target,
        request: Request,
        exchange: Exchange,
        params: Mapping[str, Any],
        *,
        is_replay: bool = False,
    ) -> None:
        self.target, self.request, self.exchange, self.params = target, request, exchange, params
        self.is_replay = is_replay
        self.list_fault: str | None = None
        self._announced: Counter[str] = Counter()
        self._partial: Fault | None = None
        self._kept = 0
        self.behaviour: Behaviour = target.behaviour
        self._headers: Mapping[str, str] | None = None
        self._pending: list[Intent] = []
        self._json: Any = self

    def part(self, body: Any, headers: Mapping[str, str], **params: Any) -> Call:
        """One operation of several that came in one request: same exchange, its own body, headers and outcome."""
        part = Call(self.target, self.request, self.exchange, params, is_replay=self.is_replay)
        part.behaviour, part._json, part._headers = self.behaviour, body, headers
        return part

    def header(self, name: str) -> str | None:
        """A request header."""
        if self._headers is None:
            return self.request.environ.get(_environ_name(name))
        return self._headers.get(name)

    def json(self) -> Any:
        """The body as JSON. Raises BadJson."""
        if self._json is self:
            self._json = json.read(read_body(self.request))
        return self._json

    def argument(self, name: str) -> str | None:
        """A query parameter, or None. SCIM and its kin give the first one when it is repeated."""
        arguments = self.request.args
        if name not in arguments:
            return None
        given = arguments[name]
        return given if self.list_fault is None else shifted(self.list_fault, name, given)

    def intend(
        self,
        operation: str,
        *,
        kind: str | None = None,
        id: str | None = None,
        names: Iterable[str] = (),
        permitted_by: str | None = None,
    ) -> bool:
        """Announce an operation on an entity, by id and names, before doing it. False: leave it out and say nothing.

        Raises Forbidden when the flag that governs the operation (or `permitted_by`) is off, NotFound for a resource
        that cannot be seen yet, FaultStrikes and Postponed when a fault was armed for it.
        """
        intent = self.exchange.intend(operation, kind=kind, id=id, names=names)
        flag = permitted_by or FLAG_OF_OPERATION.get(operation)
        if flag is not None and not getattr(self.behaviour, flag):
            raise Forbidden(f"{operation} is not allowed", flag=flag)
        if id is not None and operation.endswith(_ONE_RESOURCE) and self.target.replication_lag.hides_by_id(id):
            raise NotFound(kind or "", id)
        if self.target.faults.is_armed and not self._let_faults_in(intent):
            return False
        self._pending.append(intent)
        return True

    def _let_faults_in(self, intent: Intent) -> bool:
        operation, own = intent.operation, (*intent.names, *((intent.id,) if intent.id else ()))
        self._announced[operation] += 1
        whole, faults = self.exchange.operation, self.target.faults
        fault = faults.take(operation, own, "before", part_of=whole, occasion=self)
        if fault is not None:
            self._suffer(fault, intent)
        later = None if self.is_replay else faults.take(operation, own, "later", part_of=whole, occasion=self)
        if later is not None:
            self.exchange.strike(later.name, later.moment)
            raise Postponed(later)
        return not self._is_left_out(operation, own)

    def come_in(self, operation: str) -> None:
        """Let a fault that was armed for the whole request take effect: wait, or raise FaultStrikes."""
        if self.target.faults.is_armed:
            names = quoted(self.request.args.get("filter"))
            fault = self.target.faults.take(operation, names, "before", occasion=self, at_door=True)
            if fault is not None:
                self._suffer(fault, Intent(operation))

    def _suffer(self, fault: Fault, intent: Intent) -> None:
        self.exchange.strike(fault.name, fault.moment)
        self.target.clock.sleep(fault.delay)
        self.list_fault = fault.lists or self.list_fault
        if fault.rival is not None:
            make_rival(self.target, fault, intent)
        if fault.vanishes:
            take_away(self.target, intent)
        if fault.answers:
            raise FaultStrikes(fault)

    def _is_left_out(self, operation: str, own: tuple[str, ...]) -> bool:
        """Whether a fault lets this part of the request fall under the table."""
        if self._partial is None:
            self._partial = self.target.faults.take(
                operation, own, "partial", part_of=self.exchange.operation, occasion=self
            )
            if self._partial is None:
                return False
            self.exchange.strike(self._partial.name, self._partial.moment)
            self.target.clock.sleep(self._partial.delay)
        if not operation.startswith("member.") or not self._partial.matches(operation, own, None):
            return False
        self._kept += 1
        return self._kept > (self._partial.keeps or 0)

    def kept(self, operation: str, before: Document, after: Document) -> Document:
        """What a change of a resource comes to, if a fault lets some of the attributes fall under the table."""
        fault = self._partial
        if fault is None or not fnmatchcase(operation, fault.operation):
            return after
        left = left_of(before, after, fault)
        if left != after:
            self.exchange.is_partial = True
        return left

    @property
    def method(self) -> str:
        """The method of the request."""
        return self.request.method

    @property
    def parallel(self) -> int:
        """How many requests the target is answering, this one included."""
        return self.target.in_flight.count

    def has(self, trait: str) -> bool:
        """Whether the request is of this kind."""
        return traits.has_trait(self, trait)

    def announced(self, pattern: str) -> int:
        """How many operations that match the pattern were announced so far."""
        return sum(count for operation, count in self._announced.items() if fnmatchcase(operation, pattern))

    def applied(self, id: str | None = None) -> None:
        """Note that everything announced through this call was done; `id` is that of a resource that this made."""
        for intent in self._pending:
            intent.applied = True
            intent.id = intent.id or id
        self._pending.clear()

    def answer(self, status: int, body: Any = None, **headers: str) -> Answer:
        """An answer with extra headers, underscores standing for dashes."""
        return Answer(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


@lru_cache(maxsize=256)
def _environ_name(header: str) -> str:
    """Where WSGI keeps a request header (PEP 3333)."""
    name = header.upper().replace("-", "_")
    return name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"


def read_body(request: Request) -> bytes:
    """The raw body. Raises PayloadTooLarge."""
    environ = request.environ
    length, source = environ.get("CONTENT_LENGTH") or "0", environ.get("wsgi.input")
    if length == "0" and "HTTP_TRANSFER_ENCODING" not in environ:
        return b""  # most requests read; asking for a stream that is not there costs more than they do
    if type(source) is BytesIO and 0 < len(whole := source.getvalue()) <= MAX_BODY and length == str(len(whole)):
        return whole  # a server that has it all in hand already
    try:
        return request.get_data(cache=True)
    except RequestEntityTooLarge:
        raise PayloadTooLarge(f"the body is larger than {request.max_content_length} bytes") from None

"""A bulk request as data: its operations, what is wrong with each, and the order in which they can be done.

What is wrong with one operation is that operation's own failure; only a broken envelope refuses the request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from provcheck.mock_targets.http.request import Request, read_body
from provcheck.mock_targets.scim.errors import (
    InvalidSyntax,
    InvalidValue,
    NotFound,
    NotOffered,
    PayloadTooLarge,
    ScimError,
)

BULK_REQUEST_URN = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
_PATH = re.compile(r"/(Users|Groups)(?:/([^/?#]+))?")
_KINDS = {"Users": "User", "Groups": "Group"}
VERBS = {"POST": "create", "PUT": "replace", "PATCH": "update", "DELETE": "delete"}
PREFIX = "bulkId:"
_REQUEST = frozenset({"schemas", "Operations", "failOnErrors"})
_OPERATION = frozenset({"method", "path", "bulkId", "version", "data"})


@dataclass(slots=True)
class Operation:
    """One operation of a bulk request; with a `flaw` it fails with that and is not even tried."""

    method: str
    path: str
    kind: str = ""
    id: str | None = None
    bulk_id: str | None = None
    version: str | None = None
    data: Any = None
    flaw: ScimError | None = None

    def needs(self) -> set[str]:
        """The bulkIds that it refers to."""
        own = {self.id.removeprefix(PREFIX)} if self.id and self.id.startswith(PREFIX) else set()
        return own | set(references(self.data))


def read_bulk(request: Request) -> tuple[list[Operation], int | None]:
    """The operations and failOnErrors (None: never stop). Raises InvalidSyntax, PayloadTooLarge and NotOffered."""
    can = request.behaviour
    if not can.supports_bulk:
        raise NotOffered("bulk requests are not supported")
    if len(read_body(request.wsgi)) > can.bulk_max_payload_size:
        raise PayloadTooLarge(f"a bulk request has at most {can.bulk_max_payload_size} bytes (maxPayloadSize)")
    body = request.json()
    schemas = body.get("schemas") if isinstance(body, dict) else None
    if not isinstance(schemas, list) or BULK_REQUEST_URN not in schemas:
        raise InvalidSyntax(f"the body is a BulkRequest whose schemas name {BULK_REQUEST_URN}")
    _check_words(request, body, _REQUEST)
    items, limit = body.get("Operations"), body.get("failOnErrors")
    if not items:
        raise InvalidValue("Operations is required")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise InvalidSyntax("Operations is a list of operations, which are JSON objects")
    if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool) or limit < 0):
        raise InvalidValue("failOnErrors is a whole number")
    if len(items) > can.bulk_max_operations:
        raise PayloadTooLarge(f"a bulk request has at most {can.bulk_max_operations} operations (maxOperations)")
    for item in items:
        _check_words(request, item, _OPERATION)
    return _unambiguous([_operation(item) for item in items]), limit


def _check_words(request: Request, message: Mapping[str, Any], known: frozenset[str]) -> None:
    odd = next((key for key in message if key not in known), None)
    if odd is not None and not request.behaviour.ignores_unknown_attributes:
        raise InvalidSyntax(f"a bulk request has no {odd!r:.80}")


def _operation(item: Mapping[str, Any]) -> Operation:
    texts = {name: item.get(name) for name in ("method", "path", "bulkId", "version")}
    for name, value in texts.items():
        if value is not None and not isinstance(value, str):
            raise InvalidValue(f"{name} of an operation is a text")
    method, path = str(texts["method"] or ""), str(texts["path"] or "")
    match = _PATH.fullmatch(path)
    if method == "POST" and not texts["bulkId"]:
        raise InvalidValue("a POST in a bulk request needs a bulkId")
    operation = Operation(method, path, bulk_id=texts["bulkId"], version=texts["version"], data=item.get("data"))
    if match is not None:
        operation.kind, operation.id = _KINDS[match[1]], match[2] and unquote(match[2])
    operation.flaw = _flaw(operation)
    return operation


def _flaw(operation: Operation) -> ScimError | None:
    """What is wrong with an operation before its data is even looked at."""
    method, path = operation.method, operation.path
    if method not in VERBS:
        return InvalidValue(f"the method of an operation is one that writes, not {method!r:.40}")
    if not path:
        return InvalidValue("an operation needs a path")
    if not operation.kind:
        return NotFound(f"an operation has a path such as /Users/2819, not {path!r:.80}")
    if (method == "POST") != (operation.id is None):
        return ScimError(f"{method} does not go with the path {path!r:.80}", status=405)
    if method != "DELETE" and operation.data is None:
        return InvalidValue(f"a {method} in a bulk request needs data")
    return None


def _unambiguous(operations: list[Operation]) -> list[Operation]:
    seen: set[str] = set()
    for operation in operations:
        if operation.method == "POST" and operation.bulk_id is not None:
            if operation.bulk_id in seen:
                operation.flaw = InvalidValue(f"the bulkId {operation.bulk_id!r:.80} is given twice")
            seen.add(operation.bulk_id)
    return operations


def references(data: Any) -> Iterator[str]:
    """The bulkIds that are mentioned anywhere in some data."""
    if isinstance(data, str):
        if data.startswith(PREFIX):
            yield data.removeprefix(PREFIX)
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from references(value)
    elif isinstance(data, list):
        for value in data:
            yield from references(value)


def order_of(operations: list[Operation]) -> list[int]:
    """Places of the operations so that, where no circle forbids it, each comes after those it refers to."""
    made_by = {op.bulk_id: place for place, op in enumerate(operations) if op.method == "POST" and op.bulk_id}
    order: list[int] = []
    state: dict[int, str] = {}
    for first in range(len(operations)):
        stack = [first]
        while stack:
            place = stack[-1]
            if state.get(place) == "done":
                stack.pop()
                continue
            state[place] = "open"
            wanted = (made_by[need] for need in sorted(operations[place].needs()) if need in made_by)
            waiting = [other for other in wanted if other not in state]
            if waiting:
                stack.append(waiting[0])
                continue
            state[place] = "done"
            order.append(place)
            stack.pop()
    return order

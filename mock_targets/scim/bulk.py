"""Bulk requests: many operations in one, each with its own outcome (RFC 7644 section 3.7).

An operation that refers to one further down by bulkId waits for it. In a circle of references the memberships that
close it are added once every resource of the circle is there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mock_targets.scim.errors import InvalidSyntax, InvalidValue, NotOffered, PayloadTooLarge
from mock_targets.scim.schema import Json
from mock_targets.wire.answer import Answer
from mock_targets.wire.call import Call, FaultStrikes

BULK_REQUEST_URN = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
BULK_RESPONSE_URN = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
_PATH = re.compile(r"/(Users|Groups)(?:/([^/?#]+))?")
_KINDS = {"Users": "User", "Groups": "Group"}
_PREFIX = "bulkId:"

Perform = Callable[[Call, str, str, str | None], Answer]
"""Runs one operation: the part of the call, the method, the kind and the id (None for a create)."""


@dataclass(slots=True)
class Operation:
    """One operation of a bulk request, checked."""

    method: str
    kind: str
    id: str | None
    bulk_id: str | None
    version: str | None
    data: Any
    path: str

    def needs(self) -> set[str]:
        """The bulkIds that it refers to."""
        own = {self.id.removeprefix(_PREFIX)} if self.id and self.id.startswith(_PREFIX) else set()
        return own | set(_references(self.data))


def read_bulk(call: Call) -> tuple[list[Operation], int]:
    """The operations and failOnErrors (0: never stop). Raises InvalidSyntax, PayloadTooLarge and NotOffered."""
    if not call.behaviour.supports_bulk:
        raise NotOffered("bulk requests are not supported")
    if (call.request.content_length or 0) > call.behaviour.bulk_max_payload_size:
        raise PayloadTooLarge(f"a bulk request has at most {call.behaviour.bulk_max_payload_size} bytes")
    body = call.json()
    schemas = body.get("schemas") if isinstance(body, dict) else None
    if not isinstance(schemas, list) or BULK_REQUEST_URN not in schemas:
        raise InvalidSyntax(f"the body is a BulkRequest whose schemas name {BULK_REQUEST_URN}")
    items, limit = body.get("Operations"), body.get("failOnErrors", 0)
    if not isinstance(items, list) or not isinstance(limit, int) or isinstance(limit, bool) or limit < 0:
        raise InvalidSyntax("Operations is a list, failOnErrors a whole number")
    if len(items) > call.behaviour.bulk_max_operations:
        raise PayloadTooLarge(f"a bulk request has at most {call.behaviour.bulk_max_operations} operations")
    return [_operation(item) for item in items], limit


def _operation(item: Any) -> Operation:
    if not isinstance(item, dict):
        raise InvalidSyntax("every operation is a JSON object")
    texts = {name: item.get(name) for name in ("method", "path", "bulkId", "version")}
    for name, value in texts.items():
        if value is not None and not isinstance(value, str):
            raise InvalidSyntax(f"{name} of an operation is a text")
    method, path = str(texts["method"] or "").upper(), str(texts["path"] or "")
    match = _PATH.fullmatch(path)
    if method not in ("POST", "PUT", "PATCH", "DELETE") or match is None:
        raise InvalidSyntax(f"an operation has a method that writes and a path such as /Users, not {method} {path:.80}")
    if (method == "POST") != (match[2] is None):
        raise InvalidSyntax(f"{method} does not go with the path {path:.80}")
    if method == "POST" and not texts["bulkId"]:
        raise InvalidSyntax("a POST in a bulk request needs a bulkId")
    return Operation(method, _KINDS[match[1]], match[2], texts["bulkId"], texts["version"], item.get("data"), path)


@dataclass(slots=True)
class Bulk:
    """A bulk request being carried out."""

    call: Call
    perform: Perform
    refuse: Callable[[Exception], Answer]
    locate: Callable[[str, str], str]
    refusals: tuple[type[Exception], ...]
    ids: dict[str, str] = field(default_factory=dict)
    late: list[tuple[str, Any]] = field(default_factory=list)

    def run(self, operations: list[Operation], fail_on_errors: int) -> Json:
        """Every operation in an order that its references allow; the answers in the order of the request."""
        outcomes: dict[int, Json] = {}
        failures = 0
        for place in _order(operations):
            outcome = self._one(operations[place])
            outcomes[place] = outcome
            failures += int(outcome["status"]) >= 400
            if fail_on_errors and failures >= fail_on_errors:
                break
        self._close_circles()
        return {"schemas": [BULK_RESPONSE_URN], "Operations": [outcomes[place] for place in sorted(outcomes)]}

    def _one(self, operation: Operation) -> Json:
        outcome: Json = {"method": operation.method}
        if operation.bulk_id:
            outcome["bulkId"] = operation.bulk_id
        announced = len(self.call.exchange.intents)
        try:
            answer = self._perform(operation)
        except FaultStrikes as strike:
            answer = Answer(strike.fault.status or 500, strike.fault.body)
        except self.refusals as refusal:
            answer = self.refuse(refusal)
            if len(self.call.exchange.intents) == announced:
                self._note_refused(operation)
        id = answer.body.get("id") if isinstance(answer.body, dict) and answer.status < 300 else operation.id
        if operation.method == "POST" and answer.status < 300 and operation.bulk_id:
            self.ids[operation.bulk_id] = str(id)
        if id is not None:
            outcome["location"] = self.locate(operation.kind, str(id))
        if "ETag" in answer.headers:
            outcome["version"] = answer.headers["ETag"]
        outcome["status"] = str(answer.status)
        if answer.status >= 400 and answer.body is not None:
            outcome["response"] = answer.body
        return outcome

    def _note_refused(self, operation: Operation) -> None:
        """Let the journal know of an operation that was refused before it could announce itself."""
        verb = {"POST": "create", "PUT": "replace", "PATCH": "update", "DELETE": "delete"}[operation.method]
        self.call.exchange.intend(f"{operation.kind.lower()}.{verb}", kind=operation.kind, id=operation.id, names=())

    def _perform(self, operation: Operation) -> Answer:
        members = self._take_late(operation)
        data = self._resolved(operation.data)
        headers = {"If-Match": operation.version} if operation.version else {}
        part = self.call.part(data, headers)
        answer = self.perform(part, operation.method, operation.kind, self._id(operation.id))
        if members:
            self.late.append((str(answer.body["id"]), members))
        return answer

    def _take_late(self, operation: Operation) -> list[Any]:
        """Members that are not there yet, taken out of a group that is created in a circle of references."""
        if operation.method != "POST" or not isinstance(operation.data, dict) or operation.needs() <= self.ids.keys():
            return []
        members = operation.data.get("members")
        if operation.kind != "Group" or not isinstance(members, list):
            return []
        late = [member for member in members if set(_references(member)) - self.ids.keys()]
        operation.data = {**operation.data, "members": [member for member in members if member not in late]}
        return late

    def _close_circles(self) -> None:
        for id, members in self.late:
            known = [member for member in members if set(_references(member)) <= self.ids.keys()]
            value = self._resolved([{"value": member["value"]} for member in known])
            body = {
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                "Operations": [{"op": "add", "path": "members", "value": value}],
            }
            if known:
                self.perform(self.call.part(body, {}), "PATCH", "Group", id)

    def _id(self, id: str | None) -> str | None:
        return self._known(id.removeprefix(_PREFIX)) if id and id.startswith(_PREFIX) else id

    def _known(self, bulk_id: str) -> str:
        if bulk_id not in self.ids:
            raise InvalidValue(f"bulkId {bulk_id!r:.80} stands for no resource")
        return self.ids[bulk_id]

    def _resolved(self, data: Any) -> Any:
        if isinstance(data, str) and data.startswith(_PREFIX):
            return self._known(data.removeprefix(_PREFIX))
        if isinstance(data, list):
            return [self._resolved(item) for item in data]
        if isinstance(data, dict):
            return {key: self._resolved(value) for key, value in data.items()}
        return data


def _references(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        if data.startswith(_PREFIX):
            yield data.removeprefix(_PREFIX)
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from _references(value)
    elif isinstance(data, list):
        for value in data:
            yield from _references(value)


def _order(operations: list[Operation]) -> list[int]:
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

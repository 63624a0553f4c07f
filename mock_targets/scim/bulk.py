"""Bulk requests: many operations in one, each with its own outcome (RFC 7644 section 3.7).

An operation that refers to one further down by bulkId waits for it. In a circle of references the memberships that
close it are added once every resource of the circle is there.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote

from provcheck.mock_targets.http.answer_faults import AnswerFaults
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.journal.journal import Exchange
from provcheck.mock_targets.operations.context import FaultStrikes
from provcheck.mock_targets.scim.bulk_request import PREFIX, VERBS, Operation, order_of, read_bulk, references
from provcheck.mock_targets.scim.errors import Unresolved
from provcheck.mock_targets.scim.resources import Resources
from provcheck.mock_targets.scim.schema import Json

BULK_RESPONSE_URN = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"


def bulk(request: Request, resources: Resources) -> Answer:
    """Carry out a bulk request; 200 with the outcome of each operation."""
    operations, fail_on_errors = read_bulk(request)
    dialect = resources.dialect

    def perform(part: Request, method: str, kind: str, id: str | None) -> Answer:
        if id is None:
            return resources.create(part, kind)
        views = {"PUT": resources.replace, "PATCH": resources.modify, "DELETE": resources.delete}
        return views[method](part, kind, id)

    run = Bulk(
        request,
        perform,
        refuse=lambda error: dialect.error(request, error),
        root=dialect.root_of(request),
        root_path=request.path.rpartition("/")[0],
        refusals=dialect.every_refusal(),
    )
    return request.answer(200, run.run(operations, fail_on_errors))


Perform = Callable[[Request, str, str, str | None], Answer]
"""Runs one operation: the part of the request, the method, the kind and the id (None for a create)."""


@dataclass(slots=True)
class Bulk:
    """A bulk request being carried out."""

    request: Request
    perform: Perform
    refuse: Callable[[Exception], Answer]
    root: str
    root_path: str
    refusals: tuple[type[Exception], ...]
    ids: dict[str, str] = field(default_factory=dict)
    late: dict[int, tuple[str, Any]] = field(default_factory=dict)

    def run(self, operations: list[Operation], fail_on_errors: int | None) -> Json:
        """Every operation in an order that its references allow; the answers in the order of the request."""
        outcomes: dict[int, Json] = {}
        failures = 0
        for place in order_of(operations):
            outcome = self._one(place, operations[place])
            outcomes[place] = outcome
            failures += int(outcome["status"]) >= 400
            if fail_on_errors is not None and failures and failures >= fail_on_errors:
                break
        self._close_circles(outcomes)
        return {"schemas": [BULK_RESPONSE_URN], "Operations": [outcomes[place] for place in sorted(outcomes)]}

    def _one(self, place: int, operation: Operation) -> Json:
        outcome: Json = {"method": operation.method} if operation.method in VERBS else {}
        if operation.bulk_id:
            outcome["bulkId"] = operation.bulk_id
        with self._recorded(operation) as part:
            answer = self._attempt(part, partial(self._perform, place, operation))
            _record(part, answer)
        if operation.method != "POST":
            outcome["location"] = self.root + self._resolved_path(operation)
        elif answer.status < 300 and isinstance(answer.body, dict) and "id" in answer.body:
            id = str(answer.body["id"])
            self.ids[str(operation.bulk_id)] = id
            outcome["location"] = f"{self.root}{operation.path}/{quote(id, safe='')}"
        return _told(outcome, answer)

    def _recorded(self, operation: Operation) -> AbstractContextManager[Exchange]:
        """The exchange that the journal keeps of an operation, beside that of the whole request."""
        name = f"{operation.kind.lower()}.{VERBS.get(operation.method, 'unknown')}" if operation.kind else "unknown"
        body = b"" if operation.data is None else json.dumps(operation.data, ensure_ascii=False).encode()
        whole, journal = self.request.operations.exchange, self.request.target.journal
        return journal.part(whole, operation.method, self.root_path + operation.path, name, body)

    def _attempt(self, exchange: Exchange, act: Callable[[Exchange], Answer]) -> Answer:
        """What comes of an operation, a refusal included."""
        try:
            return act(exchange)
        except FaultStrikes as strike:
            if strike.firing.fault.ends_connection:
                raise
            return AnswerFaults(None, self.request.part(exchange, None, {})).in_place(strike.firing)
        except self.refusals as refusal:
            exchange.refused_by = getattr(refusal, "flag", None)
            return self.refuse(refusal)

    def _perform(self, place: int, operation: Operation, exchange: Exchange) -> Answer:
        if operation.flaw is not None:
            raise operation.flaw
        members = self._take_late(operation)
        data = self._resolved(operation.data)
        headers = {"If-Match": operation.version} if operation.version else {}
        part = self.request.part(exchange, data, headers)
        answer = self.perform(part, operation.method, operation.kind, self._id(operation.id))
        if members:
            self.late[place] = str(answer.body["id"]), members
        return answer

    def _take_late(self, operation: Operation) -> list[Any]:
        """Members that are not there yet, taken out of a group that is created in a circle of references."""
        if operation.method != "POST" or not isinstance(operation.data, dict) or operation.needs() <= self.ids.keys():
            return []
        members = operation.data.get("members")
        if operation.kind != "Group" or not isinstance(members, list):
            return []
        late = [member for member in members if set(references(member)) - self.ids.keys()]
        operation.data = {**operation.data, "members": [member for member in members if member not in late]}
        return late

    def _close_circles(self, outcomes: dict[int, Json]) -> None:
        for place, (id, members) in self.late.items():
            with self._recorded(Operation("PATCH", f"/Groups/{id}", "Group", id, data=members)) as part:
                answer = self._attempt(part, partial(self._add_members, id, members))
                _record(part, answer)
            if answer.status >= 400 or "ETag" in answer.headers:
                kept = {key: value for key, value in outcomes[place].items() if key != "status"}
                outcomes[place] = _told(kept, answer, done=201)

    def _add_members(self, id: str, members: list[Any], exchange: Exchange) -> Answer:
        operation = {"op": "add", "path": "members", "value": self._resolved(members)}
        body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]}
        return self.perform(self.request.part(exchange, body, {}), "PATCH", "Group", id)

    def _resolved_path(self, operation: Operation) -> str:
        """The path with the id that a bulkId in it stands for, if that is known."""
        bulk_id = (operation.id or "").removeprefix(PREFIX)
        if operation.id and operation.id != bulk_id and bulk_id in self.ids:
            return operation.path.replace(operation.id, self.ids[bulk_id])
        return operation.path

    def _id(self, id: str | None) -> str | None:
        return self._known(id.removeprefix(PREFIX)) if id and id.startswith(PREFIX) else id

    def _known(self, bulk_id: str) -> str:
        if bulk_id not in self.ids:
            raise Unresolved(f"bulkId {bulk_id!r:.80} stands for no resource")
        return self.ids[bulk_id]

    def _resolved(self, data: Any) -> Any:
        if isinstance(data, str) and data.startswith(PREFIX):
            return self._known(data.removeprefix(PREFIX))
        if isinstance(data, list):
            return [self._resolved(item) for item in data]
        if isinstance(data, dict):
            return {key: self._resolved(value) for key, value in data.items()}
        return data


def _record(part: Exchange, answer: Answer) -> None:
    """Record in the journal how an operation was answered."""
    part.status = answer.status
    part.response_body = b"" if answer.body is None else json.dumps(answer.body, ensure_ascii=False).encode()


def _told(outcome: Json, answer: Answer, *, done: int | None = None) -> Json:
    """The outcome with what the answer to the operation says (RFC 7644 section 3.7.3)."""
    if "ETag" in answer.headers:
        outcome["version"] = answer.headers["ETag"]
    failed = answer.status >= 400
    outcome["status"] = str(answer.status if failed or done is None else done)
    if failed and answer.body is not None:
        outcome["response"] = answer.body
    return outcome

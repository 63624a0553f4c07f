"""Rules on Bulk requests (RFC 7644 section 3.7)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from provcheck.harness.lint.conversation import Conversation
from provcheck.harness.lint.exchange import Exchange, listed
from provcheck.harness.lint.rule import Violation, on_each, rule

BULK = "RFC 7644, section 3.7"
BULK_REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
METHODS = ("POST", "PUT", "PATCH", "DELETE")


def _sends(x: Exchange) -> bool:
    return x.resource == "Bulk" and x.method == "POST" and bool(x.body)


@on_each("SCIM801", "error", BULK, f'Send "schemas": ["{BULK_REQUEST}"] and an array Operations.', needs="bulk")
def a_bulk_request_has_its_message(x: Exchange) -> Iterator[str]:
    """A Bulk request has the URN of BulkRequest and at least one operation."""
    if _sends(x) and x.version == "2.0" and BULK_REQUEST not in x.schemas:
        yield f"schemas is {x.body.get('schemas')!r}"
    if _sends(x) and not x.operations:
        yield "no Operations"


@on_each("SCIM802", "error", BULK, "Give each operation a method, a path, a bulkId with POST, and data.", needs="bulk")
def bulk_operations_are_complete(x: Exchange) -> Iterator[str]:
    """Every operation has a method, a path, `data` unless it deletes, and with POST a `bulkId`."""
    for number, op in enumerate(x.operations if _sends(x) else (), start=1):
        method = str(op.get("method")).upper()
        if method not in METHODS or not isinstance(op.get("path"), str):
            yield f"operation {number}: {op.get('method')!r} {op.get('path')!r}"
        elif method == "POST" and not op.get("bulkId"):
            yield f"operation {number}: POST without bulkId"
        elif method != "DELETE" and not isinstance(op.get("data"), dict):
            yield f"operation {number}: {method} without data"


@on_each(
    "SCIM803",
    "error",
    "RFC 7644, section 3.7.2",
    "Refer to the bulkId of a POST in the same request.",
    needs="bulk",
)
def bulk_references_lead_somewhere(x: Exchange) -> Iterator[str]:
    """A reference `bulkId:...` names the bulkId of an operation of the same request, and no bulkId is given twice."""
    if not _sends(x) or x.cut:
        return
    given = [str(op["bulkId"]) for op in x.operations if op.get("bulkId")]
    yield from (f"bulkId {each} twice" for each, times in sorted(Counter(given).items()) if times > 1)
    known = frozenset(given)
    for each in sorted(set(re.findall(r'"bulkId:([^"]+)"', x.text))):
        if each not in known:
            yield f"bulkId:{each}"


@rule(
    "SCIM804",
    "error",
    "RFC 7643, section 5 (bulk); RFC 7644, section 3.7.4",
    "Keep to maxOperations and maxPayloadSize.",
    needs="bulk",
)
def bulk_requests_keep_to_the_limits(conversation: Conversation) -> Iterator[Violation]:
    """A Bulk request is sent only where Bulk is supported, and within the limits that were announced."""
    for x, config in conversation.informed():
        if not _sends(x):
            continue
        most, size = config.limit("bulk", "maxOperations"), config.limit("bulk", "maxPayloadSize")
        if config.supports("bulk") is False:
            yield Violation((x.number,), "Bulk is not supported")
        elif most and len(x.operations) > most:
            yield Violation((x.number,), f"{len(x.operations)} operations, and {most} are allowed")
        elif size and x.size > size:
            yield Violation((x.number,), f"{x.size} bytes, and {size} are allowed")


@rule(
    "SCIM805",
    "info",
    "RFC 7644, section 3.7.3",
    "Set failOnErrors, or look at the status of each operation.",
    needs="bulk",
    at_end=True,
)
def failed_bulk_operations_are_taken_up(conversation: Conversation) -> Iterator[Violation]:
    """A client takes up what failed within a Bulk request that as a whole was answered 200."""
    for place, x in enumerate(conversation.exchanges):
        if not (_sends(x) and x.good):
            continue
        bad = [op for op in listed(x.answer.get("Operations")) if str(_status(op)).startswith(("4", "5"))]
        if bad and not any(later.writes or later.lists for later in conversation.exchanges[place + 1 :]):
            yield Violation((x.number,), f"{len(bad)} operations failed, and nothing followed")


def _status(operation: object) -> object:
    found = operation.get("status") if isinstance(operation, dict) else ""
    return found.get("code", "") if isinstance(found, dict) else found

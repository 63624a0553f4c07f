"""The operations of a batch request, each as an exchange of its own: what a rule says of a write holds in a batch too.

A batch format is a function that finds them; SCIM Bulk (RFC 7644 section 3.7) is one. The operations share number,
time and headers of the request that carried them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from provcheck.harness.lint.exchange import Exchange, Json, listed


def operations_apart(x: Exchange) -> Iterator[Exchange]:
    """The operations of a batch request, in its order; nothing for any other request."""
    for read in FORMATS:
        yield from read(x)


def _of_bulk(x: Exchange) -> Iterator[Exchange]:
    if x.resource != "Bulk" or x.method != "POST" or not x.operations:
        return
    outcomes = _outcomes(x)
    known = {}
    for operation, outcome in zip(x.operations, outcomes, strict=True):
        if operation.get("bulkId") and (id := _made(outcome)):
            known[f'"bulkId:{operation["bulkId"]}"'] = json.dumps(id)
    for operation, outcome in zip(x.operations, outcomes, strict=True):
        text = json.dumps(operation["data"]) if isinstance(operation.get("data"), dict) else ""
        for reference, id in known.items() if '"bulkId:' in text else ():
            text = text.replace(reference, id)
        yield _part(x, operation, outcome, text)


def _part(x: Exchange, operation: Json, outcome: Json, text: str) -> Exchange:
    path, _, query = str(operation.get("path") or "").partition("?")
    location, made = outcome.get("location"), _made(outcome)
    if "/bulkId:" in path and made:
        path = f"{path.rpartition('/')[0]}/{made}"
    headers = {name: value for name, value in x.headers.items() if name != "content-length"}
    headers |= {"if-match": operation["version"]} if isinstance(operation.get("version"), str) else {}
    told = {"etag": outcome.get("version"), "location": location}
    answer = outcome.get("response") or ({"id": made} if made and operation.get("bulkId") else None)
    return replace(
        x,
        method=str(operation.get("method") or "").upper(),
        path=x.prefix + path,
        query=query,
        headers=headers,
        text=text,
        status=_status(outcome) if x.good else x.status,
        answer_headers={name: value for name, value in told.items() if isinstance(value, str)},
        answer_text="" if answer is None else json.dumps(answer),
        batch=x,
    )


def _outcomes(x: Exchange) -> Sequence[Json]:
    """What the answer says of each operation: by bulkId where there is one, else by its place; nothing is unknown."""
    told = [each for each in listed(x.answer.get("Operations")) if isinstance(each, dict)]
    by_id = {str(each["bulkId"]): each for each in told if each.get("bulkId")}
    aligned = told if len(told) == len(x.operations) else [{}] * len(x.operations)
    return [by_id.get(str(each.get("bulkId")), place) for each, place in zip(x.operations, aligned, strict=True)]


def _made(outcome: Json) -> str:
    """The id at the end of the location that an outcome tells."""
    location = outcome.get("location")
    return location.rpartition("/")[2] if isinstance(location, str) and _status(outcome) in (200, 201) else ""


def _status(outcome: Json) -> int | None:
    """The status of an outcome: a text or a number; an object with a code in older drafts."""
    said: Any = outcome.get("status")
    text = str(said.get("code") if isinstance(said, dict) else said)
    return int(text) if len(text) == 3 and text.isascii() and text.isdecimal() else None


FORMATS: tuple[Callable[[Exchange], Iterator[Exchange]], ...] = (_of_bulk,)
"""Each finds the operations of one kind of batch request."""

"""What a fault makes of an answer: another one in its place, or the same with parts missing, added or rewritten.

Paths are dotted names of attributes. In a list answer the words of the list itself (`totalResults` and its kin) are
meant there, every other path in each resource of the list.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

from provcheck.mock_targets.faults.fault import Fault
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer

ROWS = "Resources"
LIST_WORDS = frozenset((ROWS, "totalResults", "itemsPerPage", "startIndex", "nextCursor"))
KEPT = frozenset(("schemas", "id", "meta"))
"""What `*` among the dropped attributes leaves in a resource."""
_SIGNS = re.compile(r"[\s().\-]")
_HOW: Mapping[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "compact": lambda text: _SIGNS.sub("", text),
}


def spoilt(request: Request, answer: Answer, fault: Fault, refused: Callable[[int], Answer]) -> Answer:
    """The answer as the fault has it. `refused` gives the target's own error for a status."""
    status, body = fault.status or answer.status, answer.body
    headers: dict[str, str | None] = dict(answer.headers)
    if fault.body is not None:
        body = fault.body.encode() if isinstance(fault.body, str) else fault.body
    elif fault.status is not None and fault.status >= 400:
        told = refused(fault.status)
        status, body, headers = told.status, told.body, dict(told.headers)
    elif fault.status is not None and fault.moment in ("before", "later"):
        body = None
    body = edited(_without_hidden(request, _relisted(request, body)), fault)
    headers |= fault.headers
    if fault.retry_date is not None:
        now = request.target.clock.now()
        headers["Date"] = format_datetime(now, usegmt=True)  # so that the pause can be told from one clock alone
        headers["Retry-After"] = format_datetime(now + timedelta(seconds=fault.retry_date), usegmt=True)
    return Answer(status, body, {name: value for name, value in headers.items() if value is not None})


def edited(body: Any, fault: Fault) -> Any:
    """A JSON body with the fault's drops, sets and rewrites; anything else as it is."""
    if not (fault.drops or fault.sets or fault.rewrites) or not isinstance(body, dict):
        return body
    body = copy.deepcopy(body)
    for path in fault.drops:
        for host in _hosts(body, path):
            _drop(host, path)
    for path, value in fault.sets.items():
        for host in _hosts(body, path):
            _put(host, path, value)
    for path, how in fault.rewrites.items():
        for host in _hosts(body, path):
            _rewrite(host, path.split("."), _HOW[how])
    return body


def listed(request: Request, answer: Answer) -> Answer:
    """A list answer as the faults that are in force show it: with wrong totals, empty, without what is hidden."""
    if request.method != "GET" or answer.status != 200:
        return answer
    return Answer(answer.status, _without_hidden(request, _relisted(request, answer.body)), answer.headers)


def _relisted(request: Request, body: Any) -> Any:
    how = request.operations.list_fault
    if how is None or not isinstance(body, dict) or ROWS not in body:
        return body
    if how == "empty":
        return {**body, ROWS: [], "totalResults": 0, "itemsPerPage": 0}
    if how == "total_of_page":
        return {**body, "totalResults": len(body[ROWS])}
    asked = request.wsgi.args.get("startIndex", "")
    return {**body, "startIndex": int(asked)} if asked.isascii() and asked.isdigit() and len(asked) < 16 else body


def _without_hidden(request: Request, body: Any) -> Any:
    replication_lag = request.target.replication_lag
    if not replication_lag.hides_any or not isinstance(body, dict) or not isinstance(body.get(ROWS), list):
        return body
    shown = [
        row
        for row in body[ROWS]
        if not (isinstance(row, dict) and replication_lag.hides_from_lists(str(row.get("id"))))
    ]
    gone = len(body[ROWS]) - len(shown)
    total = body.get("totalResults")
    counted = {"totalResults": max(0, total - gone)} if isinstance(total, int) else {}
    return {**body, ROWS: shown, **counted, **({"itemsPerPage": len(shown)} if "itemsPerPage" in body else {})}


def _hosts(body: dict[str, Any], path: str) -> list[dict[str, Any]]:
    rows = body.get(ROWS)
    if not isinstance(rows, list) or path.partition(".")[0] in LIST_WORDS:
        return [body]
    return [row for row in rows if isinstance(row, dict)]


def _drop(host: dict[str, Any], path: str) -> None:
    if path == "*":
        for name in [name for name in host if name not in KEPT]:
            del host[name]
        return
    *way, last = path.split(".")
    here: Any = host
    for step in way:
        here = here.get(step) if isinstance(here, dict) else None
    if isinstance(here, dict):
        here.pop(last, None)


def _put(host: dict[str, Any], path: str, value: Any) -> None:
    *way, last = path.split(".")
    for step in way:
        inner = host.get(step)
        host[step] = inner = inner if isinstance(inner, dict) else {}
        host = inner
    host[last] = value


def _rewrite(value: Any, path: list[str], how: Callable[[str], str]) -> None:
    if isinstance(value, list):
        for each in value:
            _rewrite(each, path, how)
        return
    if not isinstance(value, dict) or path[0] not in value:
        return
    here = value[path[0]]
    if isinstance(here, str):
        value[path[0]] = how(here)
    elif len(path) > 1:
        _rewrite(here, path[1:], how)
    else:
        _rewrite(here, ["value"], how)

"""Reads a target's journal: plain dicts, of a real or an imagined target. Intents say what a request meant.

The fields read are seq, at, operation, id, names, status, applied, fault, refused_by, path, query, intents,
duration_ms, last_begun and parts; absent ones are taken as unknown, so that an imagined journal may be shorter than a
real one. Each operation of a batch request (SCIM Bulk) is an exchange of its own, with the number of the whole.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from itertools import islice, takewhile
from operator import attrgetter
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

WRITES = frozenset({"create", "update", "replace", "disable", "delete", "add", "remove"})
LIMITED = 429
UNAUTHORIZED = 401
ON_ITS_WAY = 0.25
"""Seconds after an answer in which another request may arrive that was sent before the answer was read."""
TIMER = 0.02
"""Seconds that a timer may end too early: those of some runtimes count in milliseconds of another clock."""


_matches = lru_cache(maxsize=1024)(fnmatchcase)
"""Whether an operation matches a pattern: every check asks it of every exchange."""


@dataclass(frozen=True, slots=True)
class Act:
    """One operation on one entity, as a request announced it. `keys` are its names and its id, folded."""

    operation: str
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One exchange. `status` None: it was never answered. `refused_by` is the flag of the target that refused it.

    `lists_all`: it asked for everything there is, without a filter; `continues`: for a later page of that. `part`
    counts the operations of a batch request; 0 is the request itself. `answered` is when the answer was sent, and
    `last_begun` the number of the newest exchange at that time. `errs`: the body is an error, whatever the status says.
    `repeats`: it names a member twice.
    """

    seq: int
    acts: tuple[Act, ...]
    status: int | None
    applied: str
    fault: str | None
    refused_by: str | None
    at: datetime | None
    retry_after: str | None
    lists_all: bool = False
    continues: bool = False
    part: int = 0
    answered: datetime | None = None
    last_begun: int = 0
    errs: bool = False
    repeats: bool = False
    connection: str = ""

    @property
    def good(self) -> bool:
        """Whether the answer reported success."""
        return self.status is not None and self.status < 400 and not self.errs

    @property
    def finds_nothing(self) -> bool:
        """Whether it is a look-up of one resource that was answered: there is none. That is no error."""
        reads = self.acts[0].operation.endswith(".get") if self.acts else False
        return reads and self.status == 404 and self.fault is None and not self.writes

    @property
    def disturbed(self) -> bool:
        """Whether it failed, or a fault struck it, so that a careful client looks again."""
        return not self.good or self.fault is not None

    @property
    def writes(self) -> bool:
        """Whether it would change a resource."""
        return any(act.operation.rpartition(".")[2] in WRITES for act in self.acts) and not self.asks_for_token

    @property
    def asks_for_token(self) -> bool:
        """Whether it is a request to the token endpoint."""
        return any(act.operation.startswith("token.") for act in self.acts)

    @property
    def members(self) -> bool:
        """Whether it is about memberships, among other things."""
        return any(act.operation.startswith("member.") for act in self.acts)

    def does(self, pattern: str) -> bool:
        """Whether one of its operations matches a pattern."""
        return any(_matches(act.operation, pattern) for act in self.acts)


class Journal:
    """The exchanges of a run, oldest first, found by what they concern."""

    def __init__(self, entries: Iterable[Mapping[str, Any]] = ()) -> None:
        self.entries: tuple[Entry, ...] = tuple(
            _read(each, number) for whole in entries for number, each in enumerate(operations_apart(whole))
        )
        self.width = _width(self.entries)
        """The most requests that the client has, or may have, on their way at one time."""

    @cached_property
    def _by_key(self) -> Mapping[str, list[tuple[Entry, Act]]]:
        index: dict[str, list[tuple[Entry, Act]]] = {}
        for entry in self.entries:
            for act in entry.acts:
                for key in act.keys:
                    index.setdefault(key, []).append((entry, act))
        return index

    def doing(self, pattern: str, keys: Iterable[str] | None = None) -> tuple[Entry, ...]:
        """The exchanges of these operations; with keys, only those for an entity with one of these names or ids."""
        if keys is None:
            return tuple(entry for entry in self.entries if entry.does(pattern))
        found = {
            (entry.seq, entry.part): entry
            for key in keys
            for entry, act in self._by_key.get(key.casefold(), ())
            if _matches(act.operation, pattern)
        }
        return tuple(found[place] for place in sorted(found))

    def writes(self) -> tuple[Entry, ...]:
        """The exchanges that would change something."""
        return tuple(entry for entry in self.entries if entry.writes)

    def since(self, seq: int) -> Journal:
        """What came after a sequence number."""
        later = Journal()
        later.entries = tuple(entry for entry in self.entries if entry.seq > seq)
        later.width = self.width
        return later

    def sent_after(self, one: Entry) -> Iterator[Entry]:
        """The requests that were sent when the answer to this one was known to the client, oldest first.

        Of a client that sends several at once, the others may have sent some before they could know. None of those
        repeats the request: who does that knows the answer, and so does who sends more than a moment later.
        """
        first = bisect_right(self.entries, max(one.seq, one.last_begun), key=attrgetter("seq"))
        knows = self.width == 1
        for each in islice(self.entries, first, None):
            knows = knows or each.acts == one.acts or pause(one, each) > ON_ITS_WAY
            if knows and not each.part:
                yield each

    def too_early(self, one: Entry, seconds: float) -> Iterator[Entry]:
        """The requests that came sooner than this after an answer that the client knew by then."""
        return takewhile(lambda each: pause(one, each) < seconds, self.sent_after(one))

    def limited(self) -> Iterator[Entry]:
        """The requests that were answered with 429."""
        return (each for each in self.entries if each.status == LIMITED and not each.part)


def pause(one: Entry, other: Entry) -> float:
    """Seconds from the answer to a request to another request; infinite where they are not known."""
    if one.answered is None or other.at is None:
        return float("inf")
    return (other.at - one.answered).total_seconds() + TIMER


def operations_apart(raw: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """An exchange; of a batch request the request itself, about nothing but that, and then each of its operations."""
    parts: Sequence[Mapping[str, Any]] = raw.get("parts") or ()
    if not parts:
        yield raw
        return
    within = {fault for part in parts for fault in part["faults"]}
    fault = next((each for each in raw["faults"] if each not in within), None)
    yield {**raw, "intents": (), "id": None, "names": (), "fault": fault}
    for part in parts:
        # Where the answer is lost or an error, nothing is said about each operation.
        answered = {} if (raw.get("status") or 500) < 400 else {"status": raw.get("status"), "answer": raw["answer"]}
        yield {**part, **answered}


def _width(entries: Sequence[Entry]) -> int:
    """As many requests as really were on their way at one time, or as there were connections used before and after."""
    last = {entry.connection: entry.seq for entry in entries if entry.connection}
    under_way: list[int] = []
    held: list[int] = []
    opened: set[str] = set()
    width = 1
    for entry in entries:
        if entry.part:
            continue
        under_way = [until for until in under_way if until >= entry.seq] + [entry.last_begun]
        held = [until for until in held if until >= entry.seq]
        if entry.connection and entry.connection not in opened:
            opened.add(entry.connection)
            held.append(last[entry.connection])
        width = max(width, len(under_way), len(held))
    return width


def _read(raw: Mapping[str, Any], part: int = 0) -> Entry:
    operation = _operation(raw)
    intents: Sequence[Mapping[str, Any]] = raw.get("intents") or ()
    acts = tuple(_act(intent.get("operation", operation), intent) for intent in intents)
    if raw.get("parts") or (part and not acts and _refers_to_another(raw)):
        # Each operation of a batch says whom it is about, but for one about what another was to create, and did not.
        acts = (Act(operation, frozenset()),)
    acts = acts or ((_act(operation, raw),) if _says_whom(raw) else _from_request(operation, raw))
    at = raw.get("at")
    at = datetime.fromisoformat(at) if isinstance(at, str) else at
    is_list = operation.endswith(".list")
    headers = (raw.get("response") or {}).get("headers") or {}
    retry_after = next((value for name, value in headers.items() if name.casefold() == "retry-after"), None)
    return Entry(
        raw["seq"],
        acts,
        raw.get("status"),
        raw.get("applied") or "none",
        raw.get("fault"),
        raw.get("refused_by"),
        at,
        retry_after,
        is_list and not _names_a_filter(raw),
        is_list and _continues(raw),
        part,
        at and at + timedelta(milliseconds=raw.get("duration_ms") or 0),
        raw.get("last_begun") or raw["seq"],
        answers_an_error((raw.get("response") or {}).get("body")),
        _names_a_member_twice((raw.get("request") or {}).get("body")),
        str(raw.get("connection") or ""),
    )


def _names_a_member_twice(body: object) -> bool:
    if not isinstance(body, str) or "members" not in body:
        return False
    with suppress(ValueError, RecursionError):
        sent = json.loads(body)
        members = list(_added_members(sent)) if isinstance(sent, dict) else []
        return len(set(members)) < len(members)
    return False


def answers_an_error(body: object) -> bool:
    """Whether a body is an error of SCIM 2.0 or 1.1 (RFC 7644, 3.12); few bodies have to be read for that."""
    if not isinstance(body, str) or (':Error"' not in body and '"Errors"' not in body):
        return False
    with suppress(ValueError, RecursionError):
        told = json.loads(body)
        if isinstance(told, dict):
            schemas = told.get("schemas")
            return "Errors" in told or (isinstance(schemas, list) and any(str(s).endswith(":Error") for s in schemas))
    return False


def _refers_to_another(raw: Mapping[str, Any]) -> bool:
    """Whether an operation is about a resource that its batch request was to create (RFC 7644, 3.7.2)."""
    return "/bulkId:" in str(raw.get("path")) or '"bulkId:' in str((raw.get("request") or {}).get("body"))


_TOKENS = ("cursor", "pageToken", "page_token", "next_page_token")
"""Parameters that ask for a later page by what the page before gave."""


def _continues(raw: Mapping[str, Any]) -> bool:
    """Whether a list is asked for from a later place on: by startIndex (RFC 7644, 3.4.2.4), or a cursor or token."""
    asked: dict[str, Any] = {**dict(parse_qsl(str(raw.get("query") or ""))), **_searched(raw)}
    start = str(asked.get("startIndex") or "")
    return any(asked.get(name) for name in _TOKENS) or (start.isascii() and start.isdecimal() and int(start[:9]) > 1)


def _searched(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the body of POST .search asks for (RFC 7644, 3.4.3); nothing for any other request."""
    body = (raw.get("request") or {}).get("body") if raw.get("method") == "POST" else None
    with suppress(ValueError, TypeError, RecursionError):
        asked = json.loads(body or "null")
        return asked if isinstance(asked, dict) else {}
    return {}


def _names_a_filter(raw: Mapping[str, Any]) -> bool:
    """Whether a query says whom it asks for: in the query string, or in the body of POST .search."""
    return "filter=" in str(raw.get("query") or "") or bool(raw.get("names")) or bool(_searched(raw).get("filter"))


def _says_whom(raw: Mapping[str, Any]) -> bool:
    return bool(raw.get("id") or raw.get("names"))


def _operation(raw: Mapping[str, Any]) -> str:
    operation = str(raw.get("operation") or "unknown")
    # A target without groups knows no such path, and still the client asked about groups.
    return "group.unknown" if operation == "unknown" and "/groups" in str(raw.get("path", "")).casefold() else operation


def _act(operation: str, raw: Mapping[str, Any]) -> Act:
    keys = [*(raw.get("names") or ()), raw.get("id")]
    return Act(operation, frozenset(str(key).casefold() for key in keys if key))


def _from_request(operation: str, raw: Mapping[str, Any]) -> tuple[Act, ...]:
    """The entity of a request that was refused before the target evaluated it: from path, filter and body."""
    last = str(raw.get("path", "")).rstrip("/").rpartition("/")[2]
    keys = [last, *re.findall(r'"([^"]*)"', unquote_plus(str(raw.get("query") or "")))]
    members: list[str] = []
    with suppress(ValueError, TypeError, RecursionError):
        body = json.loads((raw.get("request") or {}).get("body") or "null")
        if isinstance(body, dict):
            emails = body.get("emails") if isinstance(body.get("emails"), list) else []
            # Stores call what names a user in many ways, and none of them nests it.
            keys += [text for text in body.values() if isinstance(text, str)]
            keys += [email.get("value") for email in emails or () if isinstance(email, dict)]
            operation = "user.disable" if operation == "user.update" and _turns_off_alone(body) else operation
            members = list(_added_members(body))
    meant = Act(operation, frozenset(key.casefold() for key in keys if isinstance(key, str) and key))
    return (meant, *(Act("member.add", frozenset((member.casefold(),))) for member in members))


def _turns_off_alone(body: Mapping[str, Any]) -> bool:
    """Whether a PATCH turns an account off and changes nothing else, in the ways of RFC 7644, 3.5.2, and SCIM 1.1."""
    operations = body.get("Operations")
    changes: list[Any] = []
    for each in operations if isinstance(operations, list) else [{"value": body}]:
        path, value = (each.get("path"), each.get("value")) if isinstance(each, dict) else (None, None)
        changes += [{path: value}] if path else [value]
    told = [
        {key: value for key, value in each.items() if key != "schemas"} for each in changes if isinstance(each, dict)
    ]
    return bool(told) and len(told) == len(changes) and all(each == {"active": False} for each in told)


def _added_members(body: Mapping[str, Any]) -> Iterator[str]:
    """Whom a body puts into a group, in the ways that RFC 7644, section 3.5.2, and SCIM 1.1 spell it."""
    lists: list[Any] = [body.get("members")]
    operations = body.get("Operations")
    for each in operations if isinstance(operations, list) else ():
        if isinstance(each, dict) and str(each.get("op")).casefold() in ("add", "replace"):
            value = each.get("value")
            inner = value.get("members") if isinstance(value, dict) else None
            lists.append(value if str(each.get("path")).casefold() == "members" else inner)
    for members in lists:
        for member in members if isinstance(members, list) else ():
            if isinstance(member, dict) and isinstance(member.get("value"), str) and "operation" not in member:
                yield member["value"]

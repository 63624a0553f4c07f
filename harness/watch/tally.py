"""The sync summary that a target's journal and state imply, without the source.

Impacted: distinct users (groups) that a write or a look-up by name was about; those that were removed for good are out.
Success: present, and the last attempt went well. Failed: the last attempt ended badly, or a look-up had several hits.
An account that was only turned off still counts: a leaver and a user disabled at the source look alike. Whoever was
only looked for and is not there may be Unsynced, or not be in the rule at all: the wire cannot tell, and neither can it
tell a user who is Partially Synced from one who is equal. Both counters are 0 here; `unknown_users` says how many are
open.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, unquote_plus

from provcheck.harness.model import Counters, SyncSummary
from provcheck.harness.oracle.journal import operations_apart

WRITES = frozenset({"create", "update", "replace", "disable", "delete"})
BY_NAME = {"User": ("id", "userName", "externalId", "email"), "Group": ("id", "displayName", "externalId")}
IDENTIFIERS = frozenset({"id", "username", "externalid", "displayname", "value"})
"""Attributes, folded, by which a filter asks for one user or group; `value` as in `emails[value eq "a@b"]`."""
Entry = Mapping[str, Any]
Snapshot = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts. `unknown_users` and `unknown_groups` were looked up and do not exist."""

    summary: SyncSummary
    unknown_users: int = 0
    unknown_groups: int = 0
    told: tuple[str, ...] = ()
    """Failed users and groups, and leavers left behind: each a name and the status of the answer."""

    @property
    def note(self) -> str:
        """Notes on what the counts cannot tell."""
        text = "Unsynced and Partially Synced cannot be known from the wire"
        open_ = [f"{n} {what}" for n, what in ((self.unknown_users, "users"), (self.unknown_groups, "groups")) if n]
        return f"{text}; only looked for, and not there: {', '.join(open_)}" if open_ else text


@dataclass(slots=True)
class _One:
    """One user or group, with all names that were seen for it."""

    keys: set[str] = field(default_factory=set)
    failed: str = ""
    open: bool = False
    """Whether a failed last write may have been applied; a later look-up decides."""
    removed: bool = False
    refused: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    """Memberships whose last attempt failed: how, and the names of the user if it may have been applied."""


class _Book:
    """Finds the user or group with any of a set of names, and merges those that share a name."""

    def __init__(self) -> None:
        self._by_key: dict[str, _One] = {}

    def one(self, keys: Iterable[str]) -> _One:
        """Return the one with any of these names; created if there is none."""
        folded = {key.casefold() for key in keys}
        found = list({id(each): each for key in folded if (each := self._by_key.get(key))}.values())
        first = found[0] if found else _One()
        for other in found[1:]:
            first.keys |= other.keys
            first.failed = first.failed or other.failed
            first.open = first.open or other.open
            first.removed = first.removed and other.removed
            first.refused |= other.refused
        first.keys |= folded
        self._by_key |= dict.fromkeys(first.keys, first)
        return first

    def all(self) -> list[_One]:
        """Return each once."""
        return list({id(each): each for each in self._by_key.values()}.values())


def tally(entries: Iterable[Entry], snapshot: Snapshot, *, has_groups: bool = True) -> Tally:
    """Return the counts that the exchanges and the state of a target imply."""
    books = {"User": _Book(), "Group": _Book()}
    ordered = sorted(entries, key=lambda each: int(each["seq"]))
    for entry in (operation for each in ordered for operation in operations_apart(each)):
        for act in entry.get("intents") or (entry,):
            named = act if act.get("names") or act.get("id") else _from_request(entry)
            _note(books, named, entry)
    users, unknown_users, told_users = _count(books["User"], snapshot.get("users", ()), "User")
    if not has_groups:
        return Tally(SyncSummary(users), unknown_users, 0, told_users)
    groups, unknown_groups, told_groups = _count(books["Group"], snapshot.get("groups", ()), "Group")
    return Tally(SyncSummary(users, groups), unknown_users, unknown_groups, told_users + told_groups)


def _from_request(entry: Entry) -> Entry:
    """Names in the body, filter and path of a request that the target refused before reading it."""
    body = _json((entry.get("request") or {}).get("body"))
    names = re.findall(r'"([^"]*)"', unquote_plus(str(entry.get("query") or "")))
    if isinstance(body, dict):
        names += [body[word] for word in ("userName", "displayName", "externalId") if isinstance(body.get(word), str)]
    last = str(entry.get("path", "")).rpartition("/")[2]
    about_one = str(entry.get("operation")).rpartition(".")[2] not in ("create", "list")
    return {"operation": entry.get("operation"), "names": names, "id": last if about_one else None}


def _note(books: Mapping[str, _Book], act: Entry, entry: Entry) -> None:
    kind, _, verb = str(act.get("operation") or "").rpartition(".")
    names = [str(each) for each in act.get("names") or ()]
    keys = [*names, *([str(act["id"])] if act.get("id") else [])]
    if kind == "member":
        _membership(books["Group"], act, entry, verb)
    elif kind in ("user", "group") and keys:
        if verb in WRITES:
            one = books[kind.capitalize()].one(keys)
            if not (kind == "user" and _about_members(entry)):  # counted for the group
                _wrote(one, kind, verb, entry)
        elif not (verb == "get" and entry.get("status") == 404) and _looks_up_by_name(entry, verb):
            _looked(books[kind.capitalize()].one(keys), kind, verb, entry)


def _looks_up_by_name(entry: Entry, verb: str) -> bool:
    """Return False for a list whose filter compares only what names nobody: memberships, user types, times."""
    compared = _compared(entry) if verb == "list" else []
    return not compared or any(word in IDENTIFIERS or word.startswith("emails") for word in compared)


def _compared(entry: Entry) -> list[str]:
    """Return the attributes, folded, that the filter of a list compares for equality; without their schema URN."""
    asked = parse_qs(str(entry.get("query") or "")).get("filter", [])
    body = _json((entry.get("request") or {}).get("body"))
    asked += [body["filter"]] if isinstance(body, dict) and isinstance(body.get("filter"), str) else []
    words = " ".join(asked).casefold().split()
    before = [word for word, operator in pairwise(words) if operator == "eq"]
    return [word.lstrip("(").rpartition(":")[2] for word in before]


def _about_members(entry: Entry) -> bool:
    return any(str(each.get("operation")).startswith("member.") for each in entry.get("intents") or ())


def _bad(entry: Entry) -> str:
    """Return how an exchange failed; empty if it succeeded."""
    status = entry.get("status")
    return "" if isinstance(status, int) and status < 400 else str(status or entry.get("answer", "no answer"))


def _wrote(one: _One, kind: str, verb: str, entry: Entry) -> None:
    bad = _bad(entry)
    one.removed = verb == "delete"
    one.failed = bad and f"{bad} on {kind}.{verb}"
    one.open = bad == "409" or _doubtful(entry)


def _doubtful(entry: Entry) -> bool:
    """Return True if a failed write may have been applied."""
    status = entry.get("status")
    return not isinstance(status, int) or status >= 500


def _looked(one: _One, kind: str, verb: str, entry: Entry) -> None:
    """Evaluate a look-up: it may decide a doubtful write, or show a second account."""
    bad, hits = _bad(entry), _hits(entry, one.keys)
    if bad:
        # An unsupported filter is no failure if the account exists in the end.
        one.failed, one.open = f"{bad} on {kind}.{verb}", verb == "list" and bad in ("400", "501")
    elif hits > 1:
        one.failed, one.open = f"{hits} hits on {kind}.{verb}", False
    elif hits == 1 and one.open:
        one.failed, one.open = "", False


def _hits(entry: Entry, keys: set[str]) -> int:
    """Count the resources in an answer that have one of these names, also if the filter was ignored."""
    answer = _json((entry.get("response") or {}).get("body"))
    if not isinstance(answer, dict):
        return 0
    found = answer.get("Resources")
    if not isinstance(found, list):
        return int(bool(answer.get("id")))
    meant = [each for each in found if isinstance(each, dict) and _means(each, keys)]
    ids = {str(each["id"]) for each in meant if each.get("id")}
    return len(ids) + sum(not each.get("id") for each in meant)


def _means(document: Entry, keys: set[str]) -> bool:
    emails = document.get("emails")
    values = [document.get(word) for word in ("id", "userName", "externalId", "displayName")]
    values += [each.get("value") for each in emails if isinstance(each, dict)] if isinstance(emails, list) else []
    known = {str(value).casefold() for value in values if value}
    return not known or bool(known & keys)


def _json(text: Any) -> Any:
    try:
        return json.loads(text or "null")
    except (ValueError, RecursionError):
        return None


def _membership(groups: _Book, act: Entry, entry: Entry, verb: str) -> None:
    """A membership counts for its group alone; the group is known by the part before the slash."""
    id, names = str(act.get("id") or ""), [str(each) for each in act.get("names") or ()]
    group = id.partition("/")[0] or (names[0].partition("/")[0] if names else "")
    if not group:
        return
    one, pair = groups.one([group]), (id or names[0]).casefold()
    bad = _bad(entry)
    reason = bad or ("" if act.get("applied", True) else f"{entry.get('status')}, and not applied,")
    if verb == "add" and reason:
        users = (name.partition("/")[2].casefold() for name in names if "/" in name)
        one.refused[pair] = f"{reason} on member.add", frozenset(users if not bad or _doubtful(entry) else ())
    else:
        one.refused.pop(pair, None)


def _count(book: _Book, present: Sequence[Entry], kind: str) -> tuple[Counters, int, tuple[str, ...]]:
    # Somebody looked up by a name and somebody written under another may be one: the target's own record tells.
    known = {str(each[word]).casefold() for each in present for word in BY_NAME[kind] if each.get(word)}
    for each in present:
        keys = {str(each[word]) for word in BY_NAME[kind] if each.get(word)}
        if any(key.casefold() in book._by_key for key in keys):
            book.one(keys)
    members = {
        str(each[word]).casefold(): frozenset(str(name).casefold() for name in each.get("members") or ())
        for each in present
        for word in BY_NAME[kind]
        if each.get(word)
    }

    def inside(keys: Iterable[str]) -> frozenset[str]:
        """Return the members of the group with one of these names."""
        return frozenset().union(*(members.get(key, frozenset()) for key in keys))

    ones = book.all()
    impacted = success = failed = unknown = 0
    told = []
    for one in ones:
        here, name = bool(one.keys & known), min(one.keys, key=lambda key: (len(key), key))
        if one.removed:
            if one.failed and here:
                told.append(f"left behind: {name}: {one.failed}")
            if not here or one.failed or kind == "Group":
                continue
        impacted += 1
        settled = (one.open and here and "list" in one.failed) or (one.failed.startswith("404") and not here)
        reason = "" if settled else one.failed
        reason = reason or next((how for how, user in one.refused.values() if not user & inside(one.keys)), "")
        failed += bool(reason)
        success += here and not reason
        unknown += not here and not reason
        told += [f"failed: {name}: {reason}"] if reason else []
    return Counters(impacted=impacted, success=success, failed=failed), unknown, tuple(told)

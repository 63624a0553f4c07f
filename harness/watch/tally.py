"""The sync summary that a target's journal and state imply, without the source.

Impacted: distinct users (groups) that a write or a look-up by name was about; those that were removed for good are out.
Success: present, and the last attempt went well. Failed: the last attempt ended badly. Whoever was only looked for and
is not there may be Unsynced, or not be in the rule at all: the wire cannot tell, and neither can it tell a user who is
Partially Synced from one who is equal. Both counters are 0 here, and `unknown` says how many are open.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

from harness.model import Counters, SyncSummary

WRITES = frozenset({"create", "update", "replace", "disable", "delete"})
BY_NAME = {"User": ("id", "userName", "externalId", "email"), "Group": ("id", "displayName", "externalId")}
Entry = Mapping[str, Any]
Snapshot = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Tally:
    """What can be counted. `unknown_users` and `unknown_groups` were looked for, and are not there."""

    summary: SyncSummary
    unknown_users: int = 0
    unknown_groups: int = 0
    failed: tuple[str, ...] = ()
    """Who failed: a name and the reason, as the answer's status."""

    @property
    def note(self) -> str:
        """What to say about the limits of it."""
        text = "Unsynced and Partially Synced cannot be known from the wire"
        open_ = [f"{n} {what}" for n, what in ((self.unknown_users, "users"), (self.unknown_groups, "groups")) if n]
        return f"{text}; only looked for, and not there: {', '.join(open_)}" if open_ else text


@dataclass(slots=True)
class _One:
    """One user or group, under all the names that were seen for it."""

    keys: set[str] = field(default_factory=set)
    failed: str = ""
    removed: bool = False
    refused: dict[str, str] = field(default_factory=dict)
    """Memberships whose last attempt ended badly."""


class _Book:
    """Finds the one that a set of names means, and joins what turns out to be the same."""

    def __init__(self) -> None:
        self._by_key: dict[str, _One] = {}

    def one(self, keys: Iterable[str]) -> _One:
        """The one with any of these names; made when there is none."""
        folded = {key.casefold() for key in keys}
        found = list({id(each): each for key in folded if (each := self._by_key.get(key))}.values())
        first = found[0] if found else _One()
        for other in found[1:]:
            first.keys |= other.keys
            first.failed = first.failed or other.failed
            first.removed = first.removed and other.removed
            first.refused |= other.refused
        first.keys |= folded
        self._by_key |= dict.fromkeys(first.keys, first)
        return first

    def all(self) -> list[_One]:
        """Each one once."""
        return list({id(each): each for each in self._by_key.values()}.values())


def tally(entries: Iterable[Entry], snapshot: Snapshot, *, has_groups: bool = True) -> Tally:
    """Count what the exchanges and the state of a target imply."""
    books = {"User": _Book(), "Group": _Book()}
    for entry in sorted(entries, key=lambda each: int(each["seq"])):
        for act in entry.get("intents") or (_from_request(entry),):
            _note(books, act, entry)
    users, unknown_users, failed_users = _count(books["User"], snapshot.get("users", ()), "User")
    if not has_groups:
        return Tally(SyncSummary(users), unknown_users, 0, failed_users)
    groups, unknown_groups, failed_groups = _count(books["Group"], snapshot.get("groups", ()), "Group")
    return Tally(SyncSummary(users, groups), unknown_users, unknown_groups, failed_users + failed_groups)


def _from_request(entry: Entry) -> Entry:
    """Who is meant by a request that was turned away before the target looked at it: body, filter and path tell."""
    if entry.get("names") or entry.get("id"):
        return entry
    try:
        body = json.loads((entry.get("request") or {}).get("body") or "null")
    except (ValueError, RecursionError):
        body = None
    names = re.findall(r'"([^"]*)"', unquote_plus(str(entry.get("query") or "")))
    if isinstance(body, dict):
        names += [body[word] for word in ("userName", "displayName", "externalId") if isinstance(body.get(word), str)]
    last = str(entry.get("path", "")).rpartition("/")[2]
    about_one = str(entry.get("operation")).rpartition(".")[2] not in ("create", "list")
    return {"operation": entry.get("operation"), "names": names, "id": last if about_one else None}


def _note(books: Mapping[str, _Book], act: Entry, entry: Entry) -> None:
    kind, _, verb = str(act.get("operation") or "").rpartition(".")
    status = entry.get("status")
    bad = "" if isinstance(status, int) and status < 400 else str(status or entry.get("answer", "no answer"))
    names = [str(each) for each in act.get("names") or ()]
    keys = [*names, *([str(act["id"])] if act.get("id") else [])]
    if kind == "member":
        _membership(books["Group"], str(act.get("id") or ""), names, bad if verb == "add" else "")
    elif kind in ("user", "group") and keys and not (verb == "get" and status == 404):
        one = books[kind.capitalize()].one(keys)
        if verb in WRITES or bad:
            one.failed = bad and f"{bad} on {kind}.{verb}"
        if verb in WRITES and not bad:
            one.removed = verb == "delete"


def _membership(groups: _Book, id: str, names: Sequence[str], bad: str) -> None:
    """A membership counts for its group alone; the group is known by the part before the slash."""
    pair = id.casefold() or next(iter(names), "").casefold()
    group = id.partition("/")[0] or (names[0].partition("/")[0] if names else "")
    if group:
        one = groups.one([group])
        if bad:
            one.refused[pair] = f"{bad} on member.add"
        else:
            one.refused.pop(pair, None)


def _count(book: _Book, present: Sequence[Entry], kind: str) -> tuple[Counters, int, tuple[str, ...]]:
    # Somebody looked up by a name and somebody written under another may be one: the target's own record tells.
    known = {str(each[word]).casefold() for each in present for word in BY_NAME[kind] if each.get(word)}
    for each in present:
        keys = {str(each[word]) for word in BY_NAME[kind] if each.get(word)}
        if any(key.casefold() in book._by_key for key in keys):
            book.one(keys)
    ones = book.all()
    impacted = success = failed = unknown = 0
    told = []
    for one in ones:
        here = bool(one.keys & known)
        if one.removed and not here and not one.failed:
            continue
        impacted += 1
        reason = one.failed or next(iter(one.refused.values()), "")
        failed += bool(reason)
        success += here and not reason
        unknown += not here and not reason
        told += [f"{min(one.keys, key=len)}: {reason}"] if reason else []
    return Counters(impacted=impacted, success=success, failed=failed), unknown, tuple(told)

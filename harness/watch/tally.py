"""The sync summary that a target's journal and state imply, without the source.

Impacted: distinct users (groups) that a write or a look-up by name was about; those that were removed for good are out.
Success: present, and the last attempt went well. Failed: the last attempt ended badly, or a look-up had several hits.
An account that was only turned off still counts: a leaver and a user disabled at the source look alike. Whoever was
only looked for and is not there counts as Unsynced, so that Success, Failed and Unsynced add up to Impacted, but may
not be in the rule at all: `unknown_users` says how many these are. Whether a user is Partially Synced or equal the wire
cannot tell: that counter is 0 here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provcheck.harness.checks import Trouble
from provcheck.harness.model import Counters, SyncSummary
from provcheck.harness.model.summary import Section
from provcheck.harness.oracle.journal import answers_an_error, operations_apart
from provcheck.harness.watch.asked import filter_of, named_in_request, names_asked_for, read_json, removals
from provcheck.harness.watch.identities import Identities, Identity, Refused

WRITES = frozenset({"create", "update", "replace", "disable", "delete"})
BY_NAME = {"User": ("userName", "externalId", "email"), "Group": ("displayName", "externalId")}
WHY = ("detail", "description", "message", "error")
"""Members of an error's body that say in words what was refused, by their names in the targets' error formats."""
LONGEST_REASON = 160
"""Characters of such words that are told."""
Entry = Mapping[str, Any]
Snapshot = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts. `unknown_users` and `unknown_groups` were looked up and do not exist."""

    summary: SyncSummary
    unknown_users: int = 0
    unknown_groups: int = 0
    troubles: tuple[Trouble, ...] = ()
    """Failed users and groups, and leavers left behind."""

    @property
    def told(self) -> tuple[str, ...]:
        """The troubles in words."""
        return tuple(each.describe() for each in self.troubles)

    @property
    def note(self) -> str:
        """Notes on what the counts cannot tell."""
        text = "Unsynced and Partially Synced cannot be known from the wire"
        open_ = [f"{n} {what}" for n, what in ((self.unknown_users, "users"), (self.unknown_groups, "groups")) if n]
        return f"{text}; counted as Unsynced, only looked for and not there: {', '.join(open_)}" if open_ else text


def tally(entries: Iterable[Entry], snapshot: Snapshot, *, has_groups: bool = True) -> Tally:
    """Return the counts that the exchanges and the state of a target imply."""
    books = {"User": Identities(), "Group": Identities()}
    ordered = sorted(entries, key=lambda each: int(each["seq"]))
    for entry in (operation for each in ordered for operation in operations_apart(each)):
        for act in entry.get("intents") or (entry,):
            for meant in _meant(act, entry):
                _note(books, meant, entry)
    users, of_users = _count(books["User"], snapshot.get("users", ()), "User")
    if not has_groups:
        return Tally(SyncSummary(users), users.unsynced, 0, of_users)
    groups, of_groups = _count(books["Group"], snapshot.get("groups", ()), "Group")
    return Tally(SyncSummary(users, groups), users.unsynced, groups.unsynced, of_users + of_groups)


def _meant(act: Entry, entry: Entry) -> Iterable[Entry]:
    """What an exchange was about; where the target refused it before reading it, from its body and path."""
    if act.get("names") or act.get("id"):
        return (act,)
    return removals(entry) or (named_in_request(entry),)


def _note(books: Mapping[str, Identities], act: Entry, entry: Entry) -> None:
    kind, _, verb = str(act.get("operation") or "").rpartition(".")
    names, id = [str(each) for each in act.get("names") or ()], str(act.get("id") or "")
    if kind in ("user", "group") and verb == "list":
        if asked := filter_of(entry):
            names, id = names_asked_for(asked, kind), ""
        if not asked and not names:
            _listed(books[kind.capitalize()], entry)
    if kind == "member":
        _membership(books["Group"], act, entry, verb)
    elif kind in ("user", "group") and (names or id):
        book, owns = books[kind.capitalize()], not act.get("asked")
        if verb in WRITES:
            one = book.one(names, id, owns=owns)
            if not (kind == "user" and _about_members(entry)):  # counted for the group
                _wrote(one, kind, verb, entry)
        elif not (verb == "get" and entry.get("status") == 404):
            _looked(book.one(names, id, owns=owns), kind, verb, entry)


def _listed(book: Identities, entry: Entry) -> None:
    """Evaluate a list of everybody: the one account of somebody whose last write is in doubt decides it."""
    rows: dict[int, tuple[Identity, set[str]]] = {}
    for row in _rows(entry) if not _bad(entry) else ():
        for one in book.known(_names(row), str(row.get("id") or "")):
            rows.setdefault(id(one), (one, set()))[1].add(str(row.get("id")))
    for one, ids in rows.values():
        if one.open and len(ids) == 1:
            one.failed, one.open = "", False


def _about_members(entry: Entry) -> bool:
    return any(str(each.get("operation")).startswith("member.") for each in entry.get("intents") or ())


def _bad(entry: Entry) -> str:
    """Return how an exchange failed; empty if it succeeded."""
    status = entry.get("status")
    if not isinstance(status, int) or status >= 400:
        return str(status or entry.get("answer", "no answer"))
    return f"{status} with an error inside" if answers_an_error((entry.get("response") or {}).get("body")) else ""


def _why(entry: Entry) -> str:
    """What a target said about a refusal, in brackets: the flag that caused it, or its own words."""
    words = str(entry.get("refused_by") or "")
    answers = [read_json((entry.get("response") or {}).get("body"))]
    while answers and not words:
        body = answers.pop()
        if isinstance(body, list | dict):
            answers += [each for each in (body.values() if isinstance(body, dict) else body) if isinstance(each, dict)]
        said = [body[word] for word in WHY if isinstance(body.get(word), str)] if isinstance(body, dict) else []
        words = next(filter(None, said), "")
    return f" ({words[:LONGEST_REASON]})" if words else ""


def _wrote(one: Identity, kind: str, verb: str, entry: Entry) -> None:
    bad = _bad(entry)
    one.removed = verb == "delete"
    one.failed, one.seq = bad and f"{bad} on {kind}.{verb}{_why(entry)}", int(entry["seq"])
    one.open = bad == "409" or _doubtful(entry)


def _doubtful(entry: Entry) -> bool:
    """Return True if a failed write may have been applied."""
    status = entry.get("status")
    return not isinstance(status, int) or not 400 <= status < 500


def _looked(one: Identity, kind: str, verb: str, entry: Entry) -> None:
    """Evaluate a look-up: it may decide a doubtful write, or show a second account."""
    bad, hits = _bad(entry), _hits(entry, {*one.names, one.id})
    if bad:
        # An unsupported filter is no failure if the account exists in the end.
        one.failed, one.open = f"{bad} on {kind}.{verb}{_why(entry)}", verb == "list" and bad in ("400", "501")
    elif hits > 1:
        one.failed, one.open = f"{hits} hits on {kind}.{verb}", False
    elif hits == 1 and one.open:
        one.failed, one.open = "", False
    one.seq = int(entry["seq"]) if bad or hits > 1 else one.seq


def _hits(entry: Entry, keys: set[str]) -> int:
    """Count the resources in an answer that have one of these names, also if the filter was ignored."""
    answer = read_json((entry.get("response") or {}).get("body"))
    if not isinstance(answer, dict) or not isinstance(answer.get("Resources"), list):
        return int(isinstance(answer, dict) and bool(answer.get("id")))
    meant = [each for each in _rows(entry) if not (known := _names(each)) or known & keys]
    ids = {str(each["id"]) for each in meant if each.get("id")}
    return len(ids) + sum(not each.get("id") for each in meant)


def _rows(entry: Entry) -> Iterator[Mapping[str, Any]]:
    """The resources in the answer to a list."""
    answer = read_json((entry.get("response") or {}).get("body"))
    found = answer.get("Resources") if isinstance(answer, dict) else None
    yield from (each for each in found if isinstance(each, dict)) if isinstance(found, list) else ()


def _names(document: Entry) -> set[str]:
    """The names of a resource, folded."""
    emails = document.get("emails")
    values = [document.get(word) for word in ("id", "userName", "externalId", "displayName")]
    values += [each.get("value") for each in emails if isinstance(each, dict)] if isinstance(emails, list) else []
    return {str(value).casefold() for value in values if value}


def _membership(groups: Identities, act: Entry, entry: Entry, verb: str) -> None:
    """A membership counts for its group alone; group and user are the parts before and after the slash."""
    id, names = str(act.get("id") or ""), [str(each) for each in act.get("names") or ()]
    group, _, user = id.partition("/")
    named = [group for group in [names[0].partition("/")[0] if names else ""] if group]
    if not (group or named):
        return
    one, pair = groups.one(() if group else named, group), (id or names[0]).casefold()
    bad = _bad(entry)
    reason = bad or ("" if act.get("applied", True) else f"{entry.get('status')}, and not applied,")
    if not reason or verb not in ("add", "remove"):
        one.refused.pop(pair, None)
        return
    users = [name.partition("/")[2] for name in names if "/" in name]
    how = f"{reason} on member.{verb}{f' of {users[0]}' if users else ''}{_why(entry)}"
    # An addition that was refused is a failure, whoever it was that added the user later on.
    decides = verb == "remove" or not bad or _doubtful(entry)
    folded = frozenset(each.casefold() for each in (*users, user) if each and decides)
    one.refused[pair] = Refused(how, int(entry["seq"]), folded, verb == "remove")


def _count(book: Identities, present: Sequence[Entry], kind: str) -> tuple[Counters, tuple[Trouble, ...]]:
    # Somebody looked up by a name and somebody written under another may be one: the target's own record tells.
    there: dict[int, frozenset[str]] = {}
    for each in present:
        names, id_ = [str(each[word]) for word in BY_NAME[kind] if each.get(word)], str(each.get("id") or "")
        if book.may_have(names, id_):
            members = (*(each.get("members") or ()), *(each.get("memberIds") or ()))
            there[id(book.one(names, id_))] = frozenset(str(member).casefold() for member in members)
    impacted = success = failed = 0
    troubles = []
    section: Section = "users" if kind == "User" else "groups"
    for one in book.all():
        here, name = id(one) in there, one.name
        if one.superseded and not here:
            continue  # erased, and made once more
        if one.removed:
            if one.failed and here:
                troubles.append(Trouble(name, section, one.failed, one.seq, left_behind=True))
            if not here or one.failed or kind == "Group":
                continue
        impacted += 1
        reason, seq = _reason(one, there.get(id(one)))
        failed += bool(reason)
        success += here and not reason
        troubles += [Trouble(name, section, reason, seq)] if reason else []
    unknown = impacted - success - failed
    return Counters(impacted=impacted, success=success, unsynced=unknown, failed=failed), tuple(troubles)


def _reason(one: Identity, members: frozenset[str] | None) -> tuple[str, int]:
    """Why one is Failed, and the exchange that shows it; empty if it is not. `members`: None if it is not there."""
    here = members is not None
    settled = (one.open and here and "list" in one.failed) or (one.failed.startswith("404") and not here)
    if one.failed and not settled:
        return one.failed, one.seq
    return next(((each.how, each.seq) for each in one.refused.values() if each.stands(members or frozenset())), ("", 0))

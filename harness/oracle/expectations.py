"""Judges what a scenario expects of target and journal: requests, accounts, groups, refusals, pauses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from provcheck.harness.model import Account, Finding, GroupAtTarget, HoldsBack, RefusedBy, Requests
from provcheck.harness.model.expectation import AtTarget
from provcheck.harness.oracle.journal import Journal
from provcheck.harness.oracle.simulation import same

Snapshot = Mapping[str, Sequence[Mapping[str, Any]]]


def judge(
    wanted: AtTarget,
    *,
    snapshot: Snapshot,
    journal: Journal,
    source: str,
    normalises: frozenset[str] = frozenset(),
) -> list[Finding]:
    """Findings about one expectation; none when it holds.

    `journal` covers the time since the previous checkpoint. `normalises` are words the target rewrites on its own.
    """
    match wanted:
        case Requests():
            broken = _requests(wanted, journal)
        case RefusedBy():
            broken = _refused(wanted, journal)
        case Account():
            broken = _account(wanted, snapshot, normalises)
        case GroupAtTarget():
            broken = _group(wanted, snapshot)
        case HoldsBack():
            broken = _holds_back(wanted, journal)
    return [
        Finding(_NAMES[type(wanted)], wanted.describe(), _entity(wanted), wanted.describe(), seen, source, exchanges)
        for seen, exchanges in broken
    ]


_NAMES = {
    Requests: "requests_as_expected",
    RefusedBy: "refusal_as_expected",
    Account: "account_as_expected",
    GroupAtTarget: "group_as_expected",
    HoldsBack: "holds_back_when_limited",
}
Broken = list[tuple[str, tuple[int, ...]]]


def _entity(wanted: AtTarget) -> str:
    match wanted:
        case Requests(operation, entity):
            return entity or operation
        case RefusedBy(flags):
            return ", ".join(flags)
        case Account(name) | GroupAtTarget(name):
            return name
        case _:
            return "connection"


def _requests(wanted: Requests, journal: Journal) -> Broken:
    keys = None if wanted.entity is None else (wanted.entity,)
    found = [entry for entry in journal.doing(wanted.operation, keys) if entry.writes or not wanted.writes]
    most = len(found) if wanted.at_most is None else wanted.at_most
    if wanted.at_least <= len(found) <= most:
        return []
    return [(f"{len(found)} such requests", tuple(entry.seq for entry in found))]


def _refused(wanted: RefusedBy, journal: Journal) -> Broken:
    seen = {entry.refused_by for entry in journal.entries if entry.refused_by}
    if seen & set(wanted.flags):
        return []
    return [(f"refusals by {', '.join(sorted(seen))}" if seen else "no refusal", ())]


def _account(wanted: Account, snapshot: Snapshot, normalises: frozenset[str]) -> Broken:
    found = [user for user in snapshot["users"] if same("userName", user.get("userName"), wanted.user_name)]
    if len(found) != wanted.count:
        return [(f"{len(found)} accounts {wanted.user_name}", ())]
    broken: Broken = []
    for user in found:
        if wanted.active is not None and bool(user.get("active", True)) is not wanted.active:
            broken.append((f"active is {user.get('active')}", ()))
        for word, value in wanted.holds.items():
            if word not in normalises and not same(word, user.get(word), value):
                broken.append((f"{word} is {user.get(word)!r}", ()))
    return broken


def _group(wanted: GroupAtTarget, snapshot: Snapshot) -> Broken:
    found = [group for group in snapshot["groups"] if same("userName", group.get("displayName"), wanted.name)]
    if len(found) != wanted.count:
        return [(f"{len(found)} groups {wanted.name}", ())]
    broken: Broken = []
    for group in found:
        members = {str(name).casefold() for name in group.get("members", ())}
        exactly = None if wanted.exactly is None else {name.casefold() for name in wanted.exactly}
        lacks = {name.casefold() for name in wanted.includes} - members
        has = {name.casefold() for name in wanted.excludes} & members
        if lacks or has or (exactly is not None and exactly != members):
            broken.append((f"members are {', '.join(sorted(members)) or 'nobody'}", ()))
    return broken


def _holds_back(wanted: HoldsBack, journal: Journal) -> Broken:
    early = journal.too_early(wanted.seconds)
    return [("a request came too early", tuple(entry.seq for entry in early))] if early else []

"""The target's state: accounts and groups as they must be there, and the Success of what is as it must be."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from provcheck.harness.checks import causes
from provcheck.harness.checks.causes import Cause
from provcheck.harness.checks.check import FROM_SCENARIO, Looks, Violation, check, numbers
from provcheck.harness.checks.checkpoint import DECIDED, NAMED
from provcheck.harness.model import Account, After, Counters, GroupAtTarget, SourceGroup, SourceUser
from provcheck.harness.model.core_words import FURTHER_WORDS
from provcheck.harness.oracle import Journal
from provcheck.harness.oracle.observed import IDENTIFYING, Observation, Remote, Snapshot, missing_members
from provcheck.harness.oracle.simulation import same

EXAMPLES = "pingone, Outbound provisioning sync summary examples"
STATUS = "pingone, Viewing sync status"


@check(
    source="our ruling: one account for each identity, whatever happened on the way",
    fix="Look up by the unique identifier, inactive accounts too, before creating; after 409 search and link "
    "instead of trying again.",
    phases=("scenario", "watch"),
)
def no_account_is_doubled(observation: Observation) -> Looks:
    """No source user has two accounts at the target, counting inactive ones."""
    for user in observation.scope.values():
        found = observation.own_accounts(user)
        made = observation.journal.doing("user.create", observation.keys(user))
        # Two accounts that were made out of band are not the client's fault.
        if len(found) > 1 and any(entry.applied == "yes" for entry in made):
            yield Violation(user.user_name, "one account", f"{len(found)} accounts", numbers(made))


@check(
    source=f"{STATUS}: Success are users fully synced to the target; {EXAMPLES}, row 6: or Partially Synced as well",
    fix="Count Success only after the target accepted the last change of the user; a 2xx with an error inside is "
    "no success.",
    needs=(DECIDED,),
)
def success_means_in_sync(observation: Observation, users: Counters) -> Looks:
    """A user who is a Success and not Partially Synced has an account that equals the source."""
    lagging = [
        user
        for user in observation.scope.values()
        if not any(observation.in_sync(user, account) for account in observation.accounts(user))
    ]
    most = len(observation.scope) - len(lagging) + users.partially_synced
    if lagging and users.success > most:
        names, why = [user.user_name for user in lagging], "; ".join(_lag(observation, user) for user in lagging[:5])
        tried = [entry for user in lagging[:5] for entry in observation.journal.doing("user.*", observation.keys(user))]
        yield Violation(few(names), f"at most {most} Success", f"{users.success} ({why})", numbers(tried))


def _lag(observation: Observation, user: SourceUser) -> str:
    """In what way a user is not in sync, in words."""
    found = observation.accounts(user)
    if not found:
        return f"{user.user_name} has no account"
    return f"{user.user_name} differs in {', '.join(observation.differences(user, found[0]))}"


@check(
    source=f"{EXAMPLES}, row 4: a membership that is not updated is a Failed event; {STATUS}: fully synced",
    fix="Count a group as Success only after the group and every membership of a user with an account are "
    "written, all chunks of them.",
    needs=(DECIDED,),
)
def group_success_means_written(observation: Observation, groups: Counters) -> Looks:
    """A group is a Success only if it exists with every member who has an account."""
    lacking: dict[str, tuple[int, ...]] = {}
    number = 0
    for group, found in impacted_groups(observation):
        number += 1
        if found is None or missing_members(observation, group, found)[0]:
            lacking[group.name] = numbers(observation.journal.doing("member.add", _pairs(observation, group)))
    most = number - len(lacking)
    if lacking and groups.success > most:
        shown = tuple(sorted({seq for seqs in lacking.values() for seq in seqs}))
        yield Violation(few(list(lacking)), f"at most {most} Success", str(groups.success), shown)


def _pairs(observation: Observation, group: SourceGroup) -> list[str]:
    members = [observation.scope[id] for id in group.members if id in observation.scope]
    return [f"{group.name}/{key}" for user in members for key in observation.keys(user)]


def impacted_groups(observation: Observation) -> Iterator[tuple[SourceGroup, Remote | None]]:
    """The groups that the rule selects where the target takes groups, each with the one of that name at the target."""
    if observation.connection.supports_groups and observation.rule.enabled:
        for group in observation.rule.impacted_groups(observation.population):
            yield group, observation.groups_by_name.get(group.name.casefold())


_BESIDE = ("profileUrl", "ims", "photos", "entitlements", "roles", "x509Certificates")
"""Attributes of RFC 7643, section 4.1, that no core word is about."""


@check(
    source="RFC 7644, section 3.5.1: PUT replaces all attributes; our ruling: what no rule maps is left as it is",
    fix="PATCH what changed; before a PUT read the account, and send back everything that it has, also when an "
    "account is turned off.",
    phases=("scenario",),
)
def unmapped_attributes_survive(observation: Observation, held: Snapshot, lately: Journal) -> Looks:
    """What the rule does not map is the same at an account after a step as before."""
    now = {account.get("id"): account for account in observation.snapshot["users"]}
    written = {key for entry in lately.writes() for act in entry.acts for key in act.keys}
    struck = {key for entry in lately.entries if entry.fault for act in entry.acts for key in act.keys}
    words = [word for word in FURTHER_WORDS if word not in observation.rule.mapping and word != "manager"]
    for before in held["users"]:
        keys = {str(before[word]).casefold() for word in ("id", *IDENTIFYING) if before.get(word)}
        after = now.get(before.get("id"))
        if after is None or not keys & written or keys & struck:
            continue
        mapped = {before.get("email"), after.get("email")}
        was, seen = _beside(before, words, mapped), _beside(after, words, mapped)
        for word in was:
            if was[word] and not same(word, seen[word], was[word]):
                sent = numbers(lately.doing("user.*", keys))
                yield Violation(str(before["userName"]), f"{word} {was[word]!r}", f"{seen[word]!r}", sent)


def _beside(account: Remote, words: Iterable[str], mapped: Container[object]) -> dict[str, object]:
    """What an account holds in these words and beside all of them, by attribute; `mapped` are e-mail addresses."""
    document = account.get("document")
    own = document if isinstance(document, Mapping) else {}
    emails = [each for each in own.get("emails") or () if isinstance(each, Mapping)]
    others = sorted(str(each.get("value")) for each in emails if each.get("value") not in mapped)
    held = {word: account.get(word) for word in words}
    return {**held, **{word: own.get(word) for word in _BESIDE}, "other e-mail addresses": ", ".join(others)}


def few(names: list[str]) -> str:
    """The names, or the first five of them."""
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


@check(
    source=FROM_SCENARIO,
    fix="Compare the account with the source after each sync: look up before creating, match without regard to "
    "case, write every mapped attribute.",
    phases=NAMED,
)
def account_as_expected(observation: Observation, expectation: After) -> Looks:
    """the accounts at the target are as the scenario says"""
    for wanted in expectation.wire:
        if isinstance(wanted, Account):
            for seen, cause in _account(wanted, observation):
                yield Violation(wanted.user_name, wanted.describe(), seen, rule=wanted.describe(), cause=cause)


def _account(wanted: Account, observation: Observation) -> Iterator[tuple[str, Cause]]:
    """What an expectation finds wrong."""
    users = observation.snapshot["users"]
    found = [user for user in users if same("userName", user.get("userName"), wanted.user_name)]
    if len(found) != wanted.count:
        cause = causes.MISSING if len(found) < wanted.count else causes.DOUBLED if wanted.count else causes.STILL_THERE
        yield f"{len(found)} accounts {wanted.user_name}", cause
        return
    for user in found:
        if wanted.active is not None and bool(user.get("active", True)) is not wanted.active:
            yield f"active is {user.get('active')}", causes.TURNED_OFF if wanted.active else causes.LEFT_ON
        for word, value in wanted.holds.items():
            if word not in observation.normalises | observation.own_words and not same(word, user.get(word), value):
                yield f"{word} is {user.get(word)!r}", causes.DIFFERS
        own: Mapping[str, object] = user.get("document") or wanted.document
        for word, value in wanted.document.items():
            if _in_order(own.get(word)) != _in_order(value):
                yield f"{word} is {own.get(word)!r}", causes.DIFFERS


def _in_order(value: object) -> object:
    """A value in a form in which neither the order of a list nor that of its objects' members matters."""
    if not isinstance(value, list):
        return value
    return sorted((dict(sorted(each.items())) if isinstance(each, Mapping) else each for each in value), key=str)


@check(
    source=FROM_SCENARIO,
    fix="Follow the configured handling of memberships: Merge adds, Overwrite makes them equal; write what "
    "waited once the user has an account.",
    phases=NAMED,
)
def group_as_expected(observation: Observation, expectation: After) -> Looks:
    """the groups at the target are as the scenario says"""
    for wanted in expectation.wire:
        if isinstance(wanted, GroupAtTarget):
            for seen, cause in _group(wanted, observation):
                yield Violation(wanted.name, wanted.describe(), seen, rule=wanted.describe(), cause=cause)


def _group(wanted: GroupAtTarget, observation: Observation) -> Iterator[tuple[str, Cause | None]]:
    """What an expectation finds wrong."""
    groups = observation.snapshot["groups"]
    found = [group for group in groups if same("userName", group.get("displayName"), wanted.name)]
    if len(found) != wanted.count:
        yield (
            f"{len(found)} groups {wanted.name}",
            Cause("group missing" if len(found) < wanted.count else "group there"),
        )
        return
    for group in found:
        members = {str(name).casefold() for name in group.get("members", ())}
        exactly = None if wanted.exactly is None else {name.casefold() for name in wanted.exactly}
        lacks = {name.casefold() for name in wanted.includes} - members
        has = {name.casefold() for name in wanted.excludes} & members
        if lacks or has or (exactly is not None and exactly != members):
            cause = causes.MEMBERS_LACK if lacks or (exactly or set()) - members else causes.MEMBERS_REMAIN
            yield f"members are {', '.join(sorted(members)) or 'nobody'}", cause

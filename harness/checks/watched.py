"""What a watch finds by itself: errors that stayed, and differences from the source, unless they are expected.

An expected counter excuses what it counts, and no more: `users.unsynced=1` one user without an account.
"""

from __future__ import annotations

from collections.abc import Iterator

from provcheck.harness.checks.check import Looks, Violation, check, numbers
from provcheck.harness.checks.checkpoint import Checkpoint, Trouble
from provcheck.harness.model import After, SourceGroup, SourceUser
from provcheck.harness.model.summary import Section
from provcheck.harness.oracle.observed import Observation, Remote, missing_members, present

WATCHED = "what was watched: target and journal"


def _expected(expectation: After | None, section: Section, counter: str) -> int:
    """How many an expectation says that a counter is; 0 where it says nothing."""
    counters = () if expectation is None else expectation.counters()
    return max((max(values) for of, name, values in counters if (of, name) == (section, counter)), default=0)


def _failed(checkpoint: Checkpoint, section: Section) -> list[Trouble]:
    """Those who were left with an error, and are in a counter."""
    return [each for each in checkpoint.troubles if each.section == section and not each.left_behind]


@check(
    source=WATCHED,
    fix="Look at the exchange: the target says what it refused. If it should, say so with --expect users.failed=N.",
    phases=("watch",),
)
def no_error_stays(checkpoint: Checkpoint) -> Looks:
    """Nobody is left with an error, unless it is expected.

    Whose account is what the source says needs no further write: the source may have gone back to what was there.
    """
    sections: tuple[Section, ...] = ("users", "groups")
    stayed = {section: _failed(checkpoint, section) for section in sections}
    for each in checkpoint.troubles:
        excused = len(stayed[each.section]) <= _expected(checkpoint.expectation, each.section, "failed")
        if each.left_behind or not (excused or _in_line(checkpoint.observation, each)):
            rule = "no leaver is left behind" if each.left_behind else ""
            yield Violation(each.entity, "no error", each.seen, (each.seq,), each.section, rule)


def _in_line(observation: Observation | None, trouble: Trouble) -> bool:
    """Whether the source is at hand, and the one account of this user is like it."""
    if observation is None or trouble.section != "users":
        return False
    meant = (user for user in observation.scope.values() if trouble.entity.casefold() in observation.keys(user))
    found = [(user, account) for user in meant for account in observation.accounts(user)]
    return len(found) == 1 and observation.in_sync(*found[0])


@check(
    source=WATCHED,
    fix="Write every mapped attribute and member, and turn off whoever is not in the source. What is kept back on "
    "purpose is said with --expect users.unsynced=N or users.partially_synced=N.",
    phases=("watch",),
)
def everybody_is_as_at_the_source(checkpoint: Checkpoint, observation: Observation) -> Looks:
    """The target holds the users, attributes, groups and members of the source, unless something else is expected."""
    expectation = checkpoint.expectation
    troubled = {each.entity.casefold() for each in _failed(checkpoint, "users")}
    users = [user for user in observation.scope.values() if not observation.keys(user) & troubled]
    yield from _more_than(_expected(expectation, "users", "partially_synced"), _different(observation, users))
    yield from _more_than(_expected(expectation, "users", "unsynced"), _without_account(observation, users))
    yield from _left_on(observation)
    if not observation.connection.supports_groups:
        return
    failed = _failed(checkpoint, "groups")
    broken = {each.entity.casefold() for each in failed}
    impacted = observation.rule.impacted_groups(observation.population)
    groups = [group for group in impacted if not {name.casefold() for name in observation.group_names(group)} & broken]
    yield from _more_than(_expected(expectation, "groups", "unsynced"), _not_there(observation, groups))
    spare = max(0, _expected(expectation, "groups", "failed") - len(failed))
    yield from _more_than(spare, _wrong_members(observation, groups, troubled))


def _more_than(expected: int, found: Iterator[Violation]) -> Looks:
    """What was found, if there is more of it than is expected."""
    all_of_them = list(found)
    yield from all_of_them if len(all_of_them) > expected else ()


def _without_account(observation: Observation, users: list[SourceUser]) -> Iterator[Violation]:
    for user in users:
        if not observation.accounts(user):
            yield Violation(user.user_name, "an account", "no account", _sent(observation, user), "users")


def _different(observation: Observation, users: list[SourceUser]) -> Iterator[Violation]:
    for user in users:
        accounts = observation.own_accounts(user) or observation.accounts(user)
        found = [(observation.differences(user, account), account) for account in accounts]
        differing, account = min(found, key=lambda each: len(each[0]), default=((), {}))
        if differing:
            wanted = {"active": user.active, **observation.rule.mapped(user)}
            expected = ", ".join(f"{word} = {wanted.get(word)!r}" for word in differing)
            seen = ", ".join(f"{word} = {account.get(word)!r}" for word in differing)
            yield Violation(user.user_name, expected, seen, _sent(observation, user), "users")


def _sent(observation: Observation, user: SourceUser) -> tuple[int, ...]:
    return numbers(observation.journal.doing("user.*", observation.keys(user)))


def _left_on(observation: Observation) -> Iterator[Violation]:
    """Accounts that the client wrote, and that are on, of nobody in the source."""
    known = {id(account) for user in observation.scope.values() for account in observation.accounts(user)}
    for account in observation.snapshot["users"]:
        if id(account) not in known and account.get("active", True):
            journal, key = observation.journal, str(account.get("id")).casefold()
            writes = [each for each in journal.doing("user.*", (key,)) if each.writes and not each.members]
            if any(each.good and each.applied == "yes" for each in writes):
                name = str(account.get("userName") or account.get("id"))
                yield Violation(name, "no active account: not in the source", "an active account", numbers(writes))


def _not_there(observation: Observation, groups: list[SourceGroup]) -> Iterator[Violation]:
    for group in groups:
        if observation.groups_by_name.get(group.name.casefold()) is None:
            yield Violation(group.name, "a group", "no group", section="groups")


def _wrong_members(observation: Observation, groups: list[SourceGroup], troubled: set[str]) -> Iterator[Violation]:
    for group in groups:
        found = observation.groups_by_name.get(group.name.casefold())
        if found is None:
            continue
        sure, doubtful = missing_members(observation, group, found)
        absent = [user for user in (*sure, *doubtful) if user.active and not observation.keys(user) & troubled]
        lacks, has = ", ".join(user.user_name for user in absent), ", ".join(_too_many(observation, group, found))
        expected = [f"with {lacks}"] * bool(lacks) + [f"without {has}"] * bool(has)
        seen = [f"without {lacks}"] * bool(lacks) + [f"with {has}"] * bool(has)
        if expected:
            yield Violation(group.name, "; ".join(expected), "; ".join(seen), section="groups")


def _too_many(observation: Observation, group: SourceGroup, found: Remote) -> list[str]:
    """Active members whom the source does not name: under Merge, of those that the client added."""
    members = [observation.scope[id] for id in group.members if id in observation.scope]
    wanted = {name for user in members for name in observation.names(user)}
    active = {str(each["userName"]).casefold() for each in observation.snapshot["users"] if each.get("active", True)}
    extra = sorted(present(found) & active - wanted)
    if observation.connection.group_membership_handling == "Overwrite":
        return extra
    pairs = {one: [f"{name}/{one}" for name in observation.group_names(group)] for one in extra}
    return [one for one in extra if any(each.good for each in observation.journal.doing("member.add", pairs[one]))]

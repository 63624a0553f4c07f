"""What a watch finds by itself: errors that stayed, and differences from the source, unless they are expected."""

from __future__ import annotations

from collections.abc import Iterator

from provcheck.harness.checks.check import Looks, Violation, check, numbers
from provcheck.harness.checks.checkpoint import Checkpoint
from provcheck.harness.model import After, SourceUser
from provcheck.harness.model.summary import Section
from provcheck.harness.oracle.observed import Observation, missing_members

WATCHED = "what was watched: target and journal"


def _named(expectation: After | None, section: Section, counter: str) -> bool:
    """Whether an expectation says what a counter must be: then it decides, and nothing here does."""
    return expectation is not None and any(each[:2] == (section, counter) for each in expectation.counters())


@check(
    source=WATCHED,
    fix="Look at the exchange: the target says what it refused. If it should, say so with --expect users.failed=N.",
    phases=("watch",),
)
def no_error_stays(checkpoint: Checkpoint) -> Looks:
    """Nobody is left with an error, unless it is expected."""
    for each in checkpoint.troubles:
        if each.left_behind or not _named(checkpoint.expectation, each.section, "failed"):
            rule = "no leaver is left behind" if each.left_behind else ""
            yield Violation(each.entity, "no error", each.seen, (each.seq,), each.section, rule)


@check(
    source=WATCHED,
    fix="Write every mapped attribute, and every member who has an account. What is kept back on purpose is said with "
    "--expect users.unsynced=N or users.partially_synced=N.",
    phases=("watch",),
)
def everybody_is_as_at_the_source(checkpoint: Checkpoint, observation: Observation) -> Looks:
    """Every user and group of the source is at the target as the source says, unless something else is expected."""
    failed = {each.entity.casefold() for each in checkpoint.troubles}
    for user in observation.scope.values():
        if not observation.keys(user) & failed:
            yield from _user(checkpoint.expectation, observation, user)
    if observation.connection.supports_groups:
        yield from _groups(checkpoint.expectation, observation, failed)


def _user(expectation: After | None, observation: Observation, user: SourceUser) -> Iterator[Violation]:
    accounts = observation.accounts(user)
    sent = numbers(observation.journal.doing("user.*", observation.keys(user)))
    if not accounts and not _named(expectation, "users", "unsynced"):
        yield Violation(user.user_name, "an account", "no account", sent, "users")
    elif accounts and not _named(expectation, "users", "partially_synced"):
        differing = observation.differences(user, accounts[0])
        if differing:
            wanted = {"active": user.active, **observation.rule.mapped(user)}
            expected = ", ".join(f"{word} = {wanted.get(word)!r}" for word in differing)
            seen = ", ".join(f"{word} = {accounts[0].get(word)!r}" for word in differing)
            yield Violation(user.user_name, expected, seen, sent, "users")


def _groups(expectation: After | None, observation: Observation, failed: set[str]) -> Iterator[Violation]:
    for group in observation.rule.impacted_groups(observation.population):
        found = observation.groups_by_name.get(group.name.casefold())
        if group.name.casefold() in failed:
            continue
        if found is None and not _named(expectation, "groups", "unsynced"):
            yield Violation(group.name, "a group", "no group", section="groups")
        elif found is not None and not _named(expectation, "groups", "success"):
            missing = ", ".join(user.user_name for user in missing_members(observation, group, found)[0])
            if missing:
                yield Violation(group.name, f"with {missing}", f"without {missing}", section="groups")

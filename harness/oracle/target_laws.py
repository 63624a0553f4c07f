"""The laws between a summary and the truth: what the target holds, and what its journal says was tried.

They compare numbers of entities, so they need no list of names from the client.
"""

from __future__ import annotations

from collections.abc import Iterator

from provcheck.harness.model import Counters, SourceGroup, SourceUser
from provcheck.harness.oracle.law import Case, Violation, law, numbers
from provcheck.harness.oracle.observed import (
    Observation,
    Remote,
    failed_attempt,
    group_keys,
    missing_members,
    own_write_failed,
)

EXAMPLES = "pingone, Outbound provisioning sync summary examples"
STATUS = "pingone, Viewing sync status"


def _both(case: Case) -> tuple[Observation, Counters] | None:
    """Observation and user counters, when there are both, the rule is enabled, and no user is open."""
    observation = case.observation
    if observation is None or case.summary is None or not observation.rule.enabled:
        return None
    if any(observation.unseen_user(user) for user in observation.scope.values()):
        return None
    return observation, case.summary.users


def _group_counters(case: Case) -> Counters | None:
    """The group counters, when there are some and no group is open."""
    if case.summary is None or any(observation.unseen_group(group) for observation, group, _ in _groups(case)):
        return None
    return case.summary.groups


def _few(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


@law(f"{STATUS}: Partial Synced are users for which an account does exist at the target")
def partially_synced_have_accounts(case: Case) -> Iterator[Violation]:
    """Partially Synced is at most the number of impacted users with an account."""
    if (both := _both(case)) is None:
        return
    observation, users = both
    present = sum(bool(observation.accounts(user)) for user in observation.scope.values())
    if users.partially_synced > present:
        yield Violation("users.partially_synced", f"at most {present}", str(users.partially_synced))


@law(f"{STATUS}: Unsynced are users for which an account doesn't exist at the target")
def unsynced_have_no_account(case: Case) -> Iterator[Violation]:
    """Unsynced is at most the number of impacted users without an account."""
    if (both := _both(case)) is None:
        return
    observation, users = both
    absent = [user.user_name for user in observation.scope.values() if not observation.accounts(user)]
    if users.unsynced > len(absent):
        yield Violation("users.unsynced", f"at most {len(absent)}", str(users.unsynced))


@law(f"{STATUS}: Failed are users not synced due to an error, Unsynced is something else")
def an_error_is_never_unsynced(case: Case) -> Iterator[Violation]:
    """A user whose last attempt ended in an error is Failed, not Unsynced."""
    if (both := _both(case)) is None:
        return
    observation, users = both
    if not observation.connection.create_users:
        # A create that once failed may since be withheld, which makes the user Unsynced again.
        return
    absent = [user for user in observation.scope.values() if not observation.accounts(user)]
    tried = {user.user_name: failed_attempt(observation.journal, observation.keys(user)) for user in absent}
    failed = {name: entry for name, entry in tried.items() if entry is not None}
    if failed and users.unsynced > len(absent) - len(failed):
        expected = f"at most {len(absent) - len(failed)} Unsynced"
        yield Violation(_few(list(failed)), expected, str(users.unsynced), numbers(failed.values()))


@law(f"{EXAMPLES}, rows 5 and 6: withheld is Unsynced or Partially Synced; an error made good leaves no trace")
def failed_needs_an_error_that_stayed(case: Case) -> Iterator[Violation]:
    """Failed is at most the number of users whose last attempt ended in an error: what was withheld is not Failed."""
    if (both := _both(case)) is None:
        return
    observation, users = both
    failed = [user for user in observation.scope.values() if _may_be_failed(observation, user)]
    if users.failed > len(failed):
        yield Violation("users.failed", f"at most {len(failed)}", str(users.failed))


def _may_be_failed(observation: Observation, user: SourceUser) -> bool:
    if observation.stopped:
        return True  # nobody can see whom a run had still to reach when it had to end
    return failed_attempt(observation.journal, observation.keys(user)) is not None or observation.ambiguous(user)


@law(f"{STATUS}: Failed are users not synced due to an error")
def an_error_that_stayed_is_failed(case: Case) -> Iterator[Violation]:
    """Every user without an account whose last attempt failed, and may be tried again, is counted as Failed."""
    if (both := _both(case)) is None or not both[0].connection.create_users:
        return
    observation, users = both
    absent = [user for user in observation.scope.values() if not observation.accounts(user)]
    tried = {user.user_name: failed_attempt(observation.journal, observation.keys(user)) for user in absent}
    failed = {name: entry for name, entry in tried.items() if entry is not None}
    if users.failed < len(failed):
        yield Violation(
            _few(list(failed)), f"at least {len(failed)} Failed", str(users.failed), numbers(failed.values())
        )


@law(f"{STATUS}: Success are users fully synced to the target")
def all_allowed_and_no_error_means_success(case: Case) -> Iterator[Violation]:
    """When every action is allowed and no request failed, everybody is a Success."""
    if (both := _both(case)) is None:
        return
    observation, users = both
    connection = observation.connection
    allowed = connection.create_users and connection.update_users and connection.disable_users
    undisturbed = all(entry.good for entry in observation.journal.entries)
    lagging = any(
        len(found := observation.accounts(user)) != 1 or not observation.in_sync(user, found[0])
        for user in observation.scope.values()
    )
    if allowed and undisturbed and not lagging and users.success != users.impacted:
        yield Violation("users.success", str(users.impacted), str(users.success))


@law(f"{STATUS}: Success are users fully synced to the target; {EXAMPLES}, row 6: or Partially Synced as well")
def success_means_in_sync(case: Case) -> Iterator[Violation]:
    """A user who is a Success and not Partially Synced has an account that equals the source."""
    if (both := _both(case)) is None:
        return
    observation, users = both
    lagging = [
        user
        for user in observation.scope.values()
        if not any(observation.in_sync(user, account) for account in observation.accounts(user))
    ]
    most = len(observation.scope) - len(lagging) + users.partially_synced
    if lagging and users.success > most:
        names, why = [user.user_name for user in lagging], "; ".join(_lag(observation, user) for user in lagging[:5])
        tried = [entry for user in lagging[:5] for entry in observation.journal.doing("user.*", observation.keys(user))]
        yield Violation(_few(names), f"at most {most} Success", f"{users.success} ({why})", numbers(tried))


def _lag(observation: Observation, user: SourceUser) -> str:
    """In what way a user is not in sync, in words."""
    found = observation.accounts(user)
    if not found:
        return f"{user.user_name} has no account"
    return f"{user.user_name} differs in {', '.join(observation.differences(user, found[0]))}"


@law("our ruling: one account for each identity, whatever happened on the way")
def no_account_is_doubled(case: Case) -> Iterator[Violation]:
    """No source user has two accounts at the target, counting inactive ones."""
    if case.observation is None:
        return
    for user in case.observation.scope.values():
        found = case.observation.accounts(user)
        made = case.observation.journal.doing("user.create", case.observation.keys(user))
        # Two accounts that somebody else made are not the client's fault.
        if len(found) > 1 and any(entry.applied == "yes" for entry in made):
            yield Violation(user.user_name, "one account", f"{len(found)} accounts", numbers(made))


def _groups(case: Case) -> Iterator[tuple[Observation, SourceGroup, Remote | None]]:
    if case.observation is None or case.summary is None or not case.observation.connection.supports_groups:
        return
    observation = case.observation
    for group in observation.rule.impacted_groups(observation.population) if observation.rule.enabled else ():
        yield observation, group, observation.groups_by_name.get(group.name.casefold())


def _pairs(observation: Observation, group: SourceGroup) -> list[str]:
    members = [observation.scope[id] for id in group.members if id in observation.scope]
    return [f"{group.name}/{key}" for user in members for key in observation.keys(user)]


@law(f"{EXAMPLES}, row 3: groups of failed users are a Success")
def a_user_error_fails_no_group(case: Case) -> Iterator[Violation]:
    """A group is Failed only when its own write, or a membership write that was tried, ended in an error."""
    groups = _group_counters(case)
    failed = [group.name for observation, group, found in _groups(case) if _may_have_failed(observation, group, found)]
    if groups is not None and case.observation is not None and groups.failed > len(failed):
        yield Violation("groups.failed", f"at most {len(failed)}", str(groups.failed))


def _may_have_failed(observation: Observation, group: SourceGroup, found: Remote | None) -> bool:
    keys = group_keys(observation, group)
    about = (*observation.journal.doing("group.*", keys), *observation.journal.doing("member.*", keys))
    # A target may answer that it took a membership, and not have it.
    dropped = found is not None and bool(missing_members(observation, group, found)[0])
    return dropped or any(not entry.good for entry in about)


@law(f"{EXAMPLES}, row 4: a membership that is not updated is a Failed event; {STATUS}: fully synced")
def group_success_means_written(case: Case) -> Iterator[Violation]:
    """A group is a Success only if it exists with every member who has an account."""
    groups = _group_counters(case)
    lacking: dict[str, tuple[int, ...]] = {}
    number = 0
    for observation, group, found in _groups(case):
        number += 1
        if found is None or missing_members(observation, group, found)[0]:
            lacking[group.name] = numbers(observation.journal.doing("member.add", _pairs(observation, group)))
    most = number - len(lacking)
    if groups is not None and lacking and groups.success > most:
        shown = tuple(sorted({seq for seqs in lacking.values() for seq in seqs}))
        yield Violation(_few(list(lacking)), f"at most {most} Success", str(groups.success), shown)


@law(f"{STATUS}: Failed are groups not synced due to an error")
def a_group_that_could_not_be_written_is_failed(case: Case) -> Iterator[Violation]:
    """A group that is not at the target because its own write failed is counted as Failed."""
    groups = _group_counters(case)
    failed = [
        group.name
        for observation, group, found in _groups(case)
        if found is None and own_write_failed(observation.journal, observation.group_names(group))
    ]
    if groups is not None and groups.failed < len(failed):
        yield Violation(_few(failed), f"at least {len(failed)} Failed", str(groups.failed))


LAWS = (
    partially_synced_have_accounts,
    unsynced_have_no_account,
    an_error_is_never_unsynced,
    failed_needs_an_error_that_stayed,
    an_error_that_stayed_is_failed,
    all_allowed_and_no_error_means_success,
    success_means_in_sync,
    no_account_is_doubled,
    a_user_error_fails_no_group,
    group_success_means_written,
    a_group_that_could_not_be_written_is_failed,
)

"""The counters against the truth: what the target holds, and what its journal says was tried.

They compare numbers of entities, so they need no list of names from the client.
"""

from __future__ import annotations

from provcheck.harness.checks.check import Looks, Violation, check, numbers
from provcheck.harness.checks.checkpoint import DECIDED
from provcheck.harness.checks.target_state import few, impacted_groups
from provcheck.harness.model import Counters, SourceGroup, SourceUser
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


@check(
    source=f"{STATUS}: Partial Synced are users for which an account does exist at the target",
    fix="Count users without an account as Unsynced or Failed, never as Partially Synced.",
    needs=(DECIDED,),
)
def partially_synced_have_accounts(observation: Observation, users: Counters) -> Looks:
    """Partially Synced is at most the number of impacted users with an account."""
    present = sum(bool(observation.accounts(user)) for user in observation.scope.values())
    if users.partially_synced > present:
        yield Violation("users.partially_synced", f"at most {present}", str(users.partially_synced), section="users")


@check(
    source=f"{STATUS}: Unsynced are users for which an account doesn't exist at the target",
    fix="Count a user whose account exists and differs as Partially Synced, not as Unsynced.",
    needs=(DECIDED,),
)
def unsynced_have_no_account(observation: Observation, users: Counters) -> Looks:
    """Unsynced is at most the number of impacted users without an account."""
    absent = [user.user_name for user in observation.scope.values() if not observation.accounts(user)]
    if users.unsynced > len(absent):
        yield Violation("users.unsynced", f"at most {len(absent)}", str(users.unsynced), section="users")


@check(
    source=f"{STATUS}: Failed are users not synced due to an error, Unsynced is something else",
    fix="Count what was tried and went wrong as Failed; Unsynced is what was not allowed to be tried.",
    needs=(DECIDED,),
)
def an_error_is_never_unsynced(observation: Observation, users: Counters) -> Looks:
    """A user whose last attempt ended in an error is Failed, not Unsynced."""
    if not observation.connection.create_users:
        # A create that once failed may since be withheld, which makes the user Unsynced again.
        return
    absent = [user for user in observation.scope.values() if not observation.accounts(user)]
    tried = {user.user_name: failed_attempt(observation.journal, observation.keys(user)) for user in absent}
    failed = {name: entry for name, entry in tried.items() if entry is not None}
    if failed and users.unsynced > len(absent) - len(failed):
        expected = f"at most {len(absent) - len(failed)} Unsynced"
        yield Violation(few(list(failed)), expected, str(users.unsynced), numbers(failed.values()))


@check(
    source=f"{EXAMPLES}, rows 5 and 6: withheld is Unsynced or Partially Synced; an error made good leaves no trace",
    fix="Count what a switch withheld as Unsynced or Partially Synced, and forget an error once a retry made it good.",
    needs=(DECIDED,),
)
def failed_needs_an_error_that_stayed(observation: Observation, users: Counters) -> Looks:
    """Failed is at most the number of users whose last attempt ended in an error: what was withheld is not Failed."""
    failed = [user for user in observation.scope.values() if _may_be_failed(observation, user)]
    if users.failed > len(failed):
        yield Violation("users.failed", f"at most {len(failed)}", str(users.failed), section="users")


def _may_be_failed(observation: Observation, user: SourceUser) -> bool:
    if observation.stopped:
        return True  # nobody can see whom a run had still to reach when it had to end
    if any(observation.kept(user, account) for account in observation.accounts(user)):
        return True  # the target said yes to a value that was cleared, and holds it still
    if observation.contested(user):
        return True  # the account that matches may be somebody else's, which no request shows
    return failed_attempt(observation.journal, observation.keys(user)) is not None or observation.ambiguous(user)


@check(
    source=f"{STATUS}: Failed are users not synced due to an error",
    fix="Keep a user as Failed until a later write succeeds; the search counts as a try, too.",
    needs=(DECIDED,),
)
def an_error_that_stayed_is_failed(observation: Observation, users: Counters) -> Looks:
    """Every user without an account whose last attempt failed, and may be tried again, is counted as Failed."""
    if not observation.connection.create_users:
        return
    absent = [user for user in observation.scope.values() if not observation.accounts(user)]
    tried = {user.user_name: failed_attempt(observation.journal, observation.keys(user)) for user in absent}
    failed = {name: entry for name, entry in tried.items() if entry is not None}
    if users.failed < len(failed):
        yield Violation(
            few(list(failed)), f"at least {len(failed)} Failed", str(users.failed), numbers(failed.values())
        )


@check(
    source=f"{STATUS}: Success are users fully synced to the target",
    fix="Count a user as Success when the write succeeded, or nothing was left to write; 204 is a success as well.",
    needs=(DECIDED,),
)
def all_allowed_and_no_error_means_success(observation: Observation, users: Counters) -> Looks:
    """When every action is allowed and no request failed, everybody is a Success."""
    connection = observation.connection
    allowed = connection.create_users and connection.update_users and connection.disable_users
    undisturbed = all(entry.good for entry in observation.journal.entries)
    lagging = any(
        len(found := observation.accounts(user)) != 1 or not observation.in_sync(user, found[0])
        for user in observation.scope.values()
    )
    if allowed and undisturbed and not lagging and users.success != users.impacted:
        yield Violation("users.success", str(users.impacted), str(users.success), section="users")


@check(
    source=f"{EXAMPLES}, row 3: groups of failed users are a Success",
    fix="Leave memberships of users without an account waiting; they fail no group.",
    needs=(DECIDED,),
)
def a_user_error_fails_no_group(observation: Observation, groups: Counters) -> Looks:
    """A group is Failed only when its own write, or a membership write that was tried, ended in an error."""
    failed = [
        group.name for group, found in impacted_groups(observation) if _may_have_failed(observation, group, found)
    ]
    if groups.failed > len(failed):
        yield Violation("groups.failed", f"at most {len(failed)}", str(groups.failed), section="groups")


def _may_have_failed(observation: Observation, group: SourceGroup, found: Remote | None) -> bool:
    keys = group_keys(observation, group)
    about = (*observation.journal.doing("group.*", keys), *observation.journal.doing("member.*", keys))
    # A target may answer that it took a membership, and not have it.
    dropped = found is not None and bool(missing_members(observation, group, found)[0])
    return dropped or any(not entry.good for entry in about)


@check(
    source=f"{STATUS}: Failed are groups not synced due to an error",
    fix="Count a group as Failed when the group itself could not be written.",
    needs=(DECIDED,),
)
def a_group_that_could_not_be_written_is_failed(observation: Observation, groups: Counters) -> Looks:
    """A group that is not at the target because its own write failed is counted as Failed."""
    failed = [
        group.name
        for group, found in impacted_groups(observation)
        if found is None and own_write_failed(observation.journal, observation.group_names(group))
    ]
    if groups.failed < len(failed):
        yield Violation(few(failed), f"at least {len(failed)} Failed", str(groups.failed))

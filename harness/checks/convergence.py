"""What holds once the target works again and everything is allowed: all is in line, is counted so, and stays so.

An incremental run has to make good what passing errors left behind; only a Full Resync has to undo what somebody else
did at the target, what a switch withheld, and what was refused for good at the time.
"""

from __future__ import annotations

from collections.abc import Iterable

from provcheck.harness.checks.check import Looks, Violation, check, numbers
from provcheck.harness.checks.checkpoint import RESYNCED
from provcheck.harness.model import SourceGroup, SourceUser
from provcheck.harness.oracle.journal import Entry
from provcheck.harness.oracle.observed import Remote, group_keys
from provcheck.harness.oracle.run_history import Evidence

EXAMPLES = "pingone, Outbound provisioning sync summary examples"
STATUS = "pingone, Viewing sync status"
GROUPS = "pingone, Configuring outbound group provisioning"
RULING = "our ruling"
NOT_FOUND = 404


@check(
    source=f"{RULING}: two incremental runs make good what passing errors left behind",
    fix="Keep who and what is Failed or waiting, and try it again on the next run, whether it changed at the "
    "source or not.",
    phases=("recovery",),
)
def passing_errors_heal_without_a_resync(evidence: Evidence) -> Looks:
    """After limits, server errors and lost answers alone, incremental runs bring everybody in line again."""
    if _passed(evidence):
        yield from _users_in_line(evidence)
        yield from _groups_in_line(evidence)


@check(
    source="the contract of the sync summary: an error that retries made good leaves no trace in the counters",
    fix="Replace the state of a user or group when a later write succeeds; keep errors of the past in the audit "
    "log alone.",
    phases=("recovery",),
)
def passing_errors_leave_no_trace(evidence: Evidence) -> Looks:
    """After limits, server errors and lost answers alone, incremental runs make everybody a Success again."""
    if _passed(evidence):
        yield from _counted_as_success(evidence)


def _passed(evidence: Evidence) -> bool:
    """Whether there was no other trouble than errors that pass."""
    history = evidence.history
    return not (history.lasting or history.withheld or history.touched)


@check(
    source=f"{STATUS}: Success are users fully synced to the target; our ruling: a Full Resync evaluates all anew",
    fix="On a Full Resync look every user up at the target as if it were new, compare every mapped attribute, "
    "and write what differs.",
    phases=RESYNCED,
)
def a_resync_brings_users_in_line(evidence: Evidence) -> Looks:
    """After a Full Resync every user in scope has one account of that name, which equals the source."""
    yield from _users_in_line(evidence)


@check(
    source=f"{STATUS}: Success are groups fully synced to the target; our ruling: a Full Resync evaluates all anew",
    fix="On a Full Resync look every group up at the target, compare its members, and write those that are missing.",
    phases=RESYNCED,
)
def a_resync_brings_groups_in_line(evidence: Evidence) -> Looks:
    """After a Full Resync every group in scope is there, with every active member who is in scope."""
    yield from _groups_in_line(evidence)


@check(
    source=f"{RULING}: a link is an id and not a name",
    fix="Keep the id of each group that was made or linked, read the group by it, and give it its name back.",
    phases=RESYNCED,
)
def a_group_renamed_at_the_target_keeps_its_link(evidence: Evidence) -> Looks:
    """A group that the client made and that was renamed at the target has its name again, and there is no second one.

    Not decided where the client was killed, or was told for a while that the group is not there.
    """
    history, observation = evidence.history, evidence.observation
    there = {str(group.get("id")) for group in observation.snapshot["groups"]}
    for id, name in {} if history.crashed or history.broken_off else history.renamed.items():
        made = [each for each in observation.journal.doing("group.create", (id,)) if each.good and not each.fault]
        denied = any(each.status == NOT_FOUND for each in observation.journal.doing("*", (id,)))
        source = next((group for group in evidence.groups if name in observation.group_names(group)), None)
        if id in there and made and not denied and source is not None and _always_there(evidence, source):
            found = [str(each.get("id")) for each in evidence.group(source)]
            told = f"groups {', '.join(found) or 'none'}"
            yield None if found == [id] else Violation(source.name, f"the group {id} alone", told, numbers(made))


def _always_there(evidence: Evidence, group: SourceGroup) -> bool:
    """Whether the group has been at the source ever since it was there first."""
    seen = [group.id in then.groups_by_id for then in evidence.observation.earlier]
    return all(seen[seen.index(True) :]) if True in seen else True


@check(
    source="pingone, connection pages: Allow Users to be Disabled",
    fix="On a Full Resync turn off the account of every user who is disabled at the source, whatever was sent "
    "for it before.",
    phases=RESYNCED,
)
def disabled_means_disabled(evidence: Evidence) -> Looks:
    """A user who is disabled at the source has no active account after a Full Resync."""
    for user in evidence.observation.scope.values():
        if not user.active:
            active = [each for each in evidence.named(user) if each.get("active", True)]
            yield (
                Violation(user.user_name, "no active account", "an active one", _tried(evidence, user))
                if active
                else None
            )


@check(
    source=f"{STATUS}: nobody is unsynced, partially synced or failed without a reason",
    fix="Count from the state of each user and group after the run; a Full Resync without an error leaves all of "
    "them a Success.",
    phases=RESYNCED,
)
def all_well_is_counted_as_success(evidence: Evidence) -> Looks:
    """After a Full Resync that nothing hindered, every user and every group is a Success and nothing else."""
    yield from _counted_as_success(evidence)


def _counted_as_success(evidence: Evidence) -> Looks:
    if evidence.summary is None:
        yield Violation("summary", "a summary", "none")
        return
    wanted = {"users": len(evidence.observation.scope), "groups": len(evidence.groups)}
    for section, counters in evidence.summary.as_dict().items():
        if counters is not None:
            good = {"impacted": wanted[section], "success": wanted[section]}
            wrong = {word: count for word, count in counters.items() if count != good.get(word, 0)}
            seen = ", ".join(f"{word} {count}" for word, count in wrong.items())
            yield Violation(section, f"Impacted and Success {wanted[section]}, else 0", seen) if wrong else None


@check(
    source=f"{RULING}: a Full Resync of what is in line has nothing to do",
    fix="Compare with what the target holds before writing; what is equal is left alone, also in a Full Resync.",
    phases=("repeated",),
)
def a_second_resync_writes_nothing(evidence: Evidence) -> Looks:
    """A Full Resync right after a Full Resync sends no request that would change anything."""
    if evidence.history.misled and evidence.observation.connection.membership_style == "user":
        return  # a target that shows no empty list is seen through only once it has shown a full one
    sent = [each for each in evidence.lately.entries if each.writes]
    names = ", ".join(sorted({act.operation for each in sent for act in each.acts}))
    yield Violation("target", "no write", f"{len(sent)} writes: {names}", numbers(sent)) if sent else None


@check(
    source=f"{STATUS}: the counters say how things stand, not what was done",
    fix="Count how users and groups stand, not what the last run did with them.",
    phases=("repeated",),
)
def a_second_resync_says_the_same(evidence: Evidence) -> Looks:
    """The sync summary after a second Full Resync is the same as after the first."""
    one, other = evidence.before, evidence.summary
    yield Violation("summary", str(one or "nothing"), str(other or "nothing")) if one != other else None


@check(
    source="pingone, connection pages: Deprovision users, Remove action",
    fix="Compare the users of the rule with the accounts that are linked, on every run, and deprovision whoever "
    "is no longer selected.",
    phases=RESYNCED,
)
def leavers_are_dealt_with(evidence: Evidence) -> Looks:
    """Who left the scope is turned off or deleted, as the connection says, or is told as an orphan."""
    history, observation = evidence.history, evidence.observation
    if "deprovision_users" in history.withheld:
        return
    for user in evidence.once_known.values():
        names = observation.names(user)
        if user.id in observation.scope or user.id not in history.met - history.forgotten or evidence.touched(names):
            continue
        left = observation.accounts(user)
        if history.removed != {"Delete"} or user.id in evidence.orphans:
            left = [] if user.id in evidence.orphans else [each for each in left if each.get("active", True)]
        wanted = "no account" if history.removed == {"Delete"} else "no active account"
        yield (
            Violation(user.user_name, f"{wanted}, or an orphan", "an account", _tried(evidence, user)) if left else None
        )


@check(
    source=f"{GROUPS}, Group membership handling: Overwrite",
    fix="With Overwrite, read the members of the group and remove those who are not members at the source.",
    phases=RESYNCED,
)
def overwrite_leaves_nobody_else(evidence: Evidence) -> Looks:
    """With Overwrite, a group holds after a Full Resync no active account but those of its members at the source."""
    connection = evidence.observation.connection
    if connection.group_membership_handling != "Overwrite" or connection.membership_style != "group":
        return
    active = {str(a["userName"]).casefold() for a in evidence.observation.snapshot["users"] if a.get("active", True)}
    for group in evidence.groups:
        wanted = {name for user in _members(evidence, group) for name in evidence.observation.names(user)}
        for found in evidence.group(group):
            extra = (_present(found) & active) - wanted
            yield Violation(group.name, "its members alone", ", ".join(sorted(extra)) + " too") if extra else None


@check(
    source=f"{GROUPS}, Group membership handling: Merge",
    fix="With Merge, add and remove single members; never replace the whole list of members.",
    phases=RESYNCED,
)
def merge_keeps_who_was_there(evidence: Evidence) -> Looks:
    """With Merge, whom somebody else put into a group stays in it."""
    if evidence.history.handled != {"Merge"}:
        return
    groups = {str(group.get("id")): group for group in evidence.observation.snapshot["groups"]}
    for guest in sorted(evidence.history.guests, key=str):
        found = groups.get(guest.group_id)
        if found is not None:
            there = guest.user_id in found.get("memberIds", ())
            yield None if there else Violation(guest.group, f"{guest.user} stays", "is out")


@check(
    source=f"{GROUPS}: who leaves a group at the source leaves it at the target",
    fix="Remember the memberships that were written, and remove those that are gone at the source.",
    phases=RESYNCED,
)
def who_left_a_group_is_out(evidence: Evidence) -> Looks:
    """A membership that the client wrote ends at the target once it has ended at the source."""
    history, observation = evidence.history, evidence.observation
    if history.touched or history.crashed or history.broken_off or observation.connection.membership_style == "none":
        return
    for group in evidence.groups:
        wanted = {id for id in group.members if id in observation.scope}
        past = {id for then in observation.earlier for g in then.groups if g.id == group.id for id in g.members}
        for found in evidence.group(group):
            for user in (observation.scope[id] for id in sorted(past - wanted) if id in observation.scope):
                still = bool(_present(found) & observation.names(user)) and user.active
                yield Violation(f"{group.name}/{user.user_name}", "no membership", "one") if still else None


def _users_in_line(evidence: Evidence) -> Looks:
    for user in evidence.observation.scope.values():
        found = evidence.named(user)
        if len(found) != 1:
            yield Violation(user.user_name, "one account", f"{len(found)} accounts", _tried(evidence, user))
        elif not evidence.observation.in_sync(user, found[0]) and not _unkept(evidence, user, found[0]):
            yield Violation(
                user.user_name,
                "an account like the source",
                _difference(evidence, user, found[0]),
                _tried(evidence, user),
            )
        else:
            yield None


def _unkept(evidence: Evidence, user: SourceUser, account: Remote) -> bool:
    """Whether all that is missing are words that the target once took and did not keep: it may not know them at all.

    A word that differs in case alone looks like the target's own way to write it.
    """
    names = evidence.observation.names(user)
    if not names & evidence.history.misled:
        return False
    if evidence.touched(names):
        return True  # what somebody else wrote looks like the target's own way to write what it was told
    wanted = {**evidence.observation.rule.mapped(user), "active": user.active}
    return all(account.get(word) is None or _alike(account[word], value) for word, value in wanted.items())


def _alike(shown: object, value: object) -> bool:
    """Whether a target that rewrites what it is told may have made the one of the other."""
    return str(shown).casefold() == str(value).casefold()


def _difference(evidence: Evidence, user: SourceUser, account: Remote) -> str:
    wanted = {**evidence.observation.rule.mapped(user), "active": user.active}
    differing = {word: account.get(word) for word, value in wanted.items() if account.get(word) != value}
    return ", ".join(f"{word} is {value!r}" for word, value in differing.items())


def _groups_in_line(evidence: Evidence) -> Looks:
    for group in evidence.groups:
        found = evidence.group(group)
        tried = numbers(evidence.observation.journal.doing("group.*", evidence.observation.group_names(group)))
        if len(found) > 1 and evidence.touched(evidence.observation.group_names(group)):
            yield None  # while a target denies what it has, a client may make it once more
        elif len(found) != 1:
            yield Violation(group.name, "one group", f"{len(found)} groups", tried)
        elif evidence.observation.connection.membership_style == "none":
            yield None
        else:
            missing = [
                user.user_name for user in _shown_members(evidence, group) if not _holds(evidence, found[0], user)
            ]
            seen = f"without {', '.join(missing)}"
            yield Violation(group.name, "all its members", seen, tried) if missing else None


def _shown_members(evidence: Evidence, group: SourceGroup) -> Iterable[SourceUser]:
    """The active members, but for those whom a target that shows no empty list said to have added, and had not.

    Where members are on the group a client can ask about one of them, unless that look-up failed.
    """
    on_the_user = evidence.observation.connection.membership_style == "user"
    looks = evidence.observation.journal.doing("group.list", group_keys(evidence.observation, group))
    blind = evidence.history.misled if on_the_user or not all(look.good for look in looks) else set()
    return (user for user in evidence.members(group) if not evidence.observation.names(user) & blind)


def _holds(evidence: Evidence, found: Remote, user: SourceUser) -> bool:
    return bool(_present(found) & evidence.observation.names(user))


def _members(evidence: Evidence, group: SourceGroup) -> Iterable[SourceUser]:
    scope = evidence.observation.scope
    return (scope[id] for id in group.members if id in scope)


def _present(found: Remote) -> set[str]:
    members = found.get("members")
    return {str(name).casefold() for name in members} if isinstance(members, list) else set()


def _tried(evidence: Evidence, user: SourceUser) -> tuple[int, ...]:
    entries: tuple[Entry, ...] = evidence.observation.journal.doing("user.*", evidence.observation.keys(user))
    return numbers([entry for entry in entries if entry.writes][-5:])

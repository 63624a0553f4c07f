"""Conduct: what a client may send, and what it must not, judged from the target's journal.

A withheld action is not even tried: the switches of the connection bind the client, whatever the target would permit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from provcheck.harness.checks.check import FROM_SCENARIO, Looks, Violation, check, numbers
from provcheck.harness.checks.checkpoint import NAMED
from provcheck.harness.model import After, HoldsBack, StopsWhenRefused
from provcheck.harness.oracle.journal import LIMITED, TIMER, UNAUTHORIZED, Act, Entry, Journal, pause
from provcheck.harness.oracle.observed import Observation

EXAMPLES = "pingone, Outbound provisioning sync summary examples"
FOR_GOOD = frozenset({400, 403, 405, 413, 422, 501})
"""Statuses that a second try of the same request does not change."""
MOST_TRIES = 3
"""Times that a write may be sent in one step although the target refuses it for good."""
GROUPS = "pingone, Configuring outbound group provisioning"
CONNECTION = "pingone, connection pages, the permissions of a connection"


@check(
    source=f"{EXAMPLES}, row 5: Allow Users to be Created isn't checked",
    fix="Ask the connection's CREATE_USERS before every create, retries and resyncs included; count a user "
    "without an account as Unsynced.",
)
def no_create_while_not_allowed(observation: Observation, recent: Journal) -> Looks:
    """While the connection does not allow users to be created, no create is sent."""
    if observation.connection.create_users:
        return
    sent = recent.doing("user.create")
    if sent:
        yield Violation("create_users", "no create", f"{len(sent)} creates", numbers(sent))


@check(
    source=f"{EXAMPLES}, row 6: Allow Users to be Updated is not checked",
    fix="Ask UPDATE_USERS before every change of an account; remember the user as Partially Synced instead.",
)
def no_update_while_not_allowed(observation: Observation, recent: Journal) -> Looks:
    """While the connection does not allow users to be updated, no update is sent.

    A membership written on the user is no update of the user.
    """
    if observation.connection.update_users:
        return
    sent = [entry for entry in recent.writes() if entry.does("user.update") or entry.does("user.replace")]
    sent = [entry for entry in sent if not entry.members and not entry.does("user.disable")]
    # What was turned away by a limit was never read: it may have been to turn somebody off.
    sent = [entry for entry in sent if entry.status != LIMITED]
    if sent:
        yield Violation("update_users", "no update", f"{len(sent)} updates", numbers(sent))


@check(
    source=CONNECTION, fix="Ask DISABLE_USERS before `active` becomes false, also when it comes inside another update."
)
def no_disable_while_not_allowed(observation: Observation, recent: Journal) -> Looks:
    """While the connection does not allow users to be disabled, no user in scope is turned off."""
    if observation.connection.disable_users:
        return
    for user in observation.scope.values():
        sent = recent.doing("user.disable", observation.keys(user))
        if sent:
            yield Violation(user.user_name, "not turned off", f"{len(sent)} requests", numbers(sent))


@check(
    source=CONNECTION,
    fix="Work out who left from the users of the rule before and after; never from an empty or partly read source.",
)
def nobody_in_scope_is_deprovisioned(observation: Observation, recent: Journal) -> Looks:
    """A user who is in scope and active at the source is neither deleted nor turned off."""
    for user in observation.scope.values():
        keys = observation.keys(user)
        sent = [entry for pattern in ("user.delete", "user.disable") for entry in recent.doing(pattern, keys)]
        ended = any(
            then.users_by_id[user.id].active is False for then in observation.earlier if user.id in then.users_by_id
        )
        was_out = any(user.id not in then.users_by_id for then in observation.earlier)
        # What was sent under a name that another person has, or had, may have been about that one.
        unsure = ended or was_out or observation.contested(user)
        if sent and user.active and not unsure and observation.rule.user_filter is None:
            yield Violation(user.user_name, "left alone", f"{len(sent)} requests", numbers(sent))


@check(
    source=CONNECTION,
    fix="Delete only if DEPROVISION_USERS is on and REMOVE_ACTION is Delete; else turn the account off.",
)
def deletes_only_as_remove_action(observation: Observation, recent: Journal) -> Looks:
    """Accounts are deleted only when the connection deprovisions and its remove action is Delete."""
    connection = observation.connection
    if connection.deprovision_users and connection.remove_action == "Delete":
        return
    kept = {str(account.get("id", "")).casefold() for account in observation.snapshot["users"]}
    # Some targets know no deletion: DELETE turns the account off there, and it is still to be seen.
    sent = [
        entry
        for entry in recent.doing("user.delete")
        if not (_turned_off(entry, kept) and connection.deprovision_users)
    ]
    if sent:
        yield Violation("remove_action", "no deletion", f"{len(sent)} deletions", numbers(sent))


def _turned_off(entry: Entry, kept: set[str]) -> bool:
    return any(act.keys & kept for act in entry.acts)


@check(
    source=f"{GROUPS}: to remove a group, clear the checkbox; our ruling: at the target it stays",
    fix="Leave a group that is taken out of the rule as it is; delete it only if GROUP_REMOVE_ACTION is Delete and "
    "DEPROVISION_USERS is on.",
)
def a_group_out_of_the_rule_stays(observation: Observation, recent: Journal) -> Looks:
    """A group that left the rule is deleted only when the connection deprovisions and says so."""
    connection = observation.connection
    if connection.group_remove_action == "Delete" and connection.deprovision_users:
        return
    for names, sent in _group_deletions(observation, recent):
        yield Violation(names[-1], "the group stays", f"{len(sent)} deletions", numbers(sent))


@check(
    source=f"{GROUPS}; our ruling: only what the rule made is the rule's to delete",
    fix="Remember which groups the client made itself; one that was there before is never deleted.",
)
def a_group_of_others_is_never_deleted(observation: Observation, recent: Journal) -> Looks:
    """A group that was there before the client came is not deleted, whatever the connection says."""
    for names, sent in _group_deletions(observation, recent):
        keys = {*names, *(key for entry in sent for act in entry.acts for key in act.keys)}
        if not any(entry.applied != "none" for entry in observation.journal.doing("group.create", keys)):
            yield Violation(names[-1], "the group stays", f"{len(sent)} deletions", numbers(sent))


@check(
    source="RFC 7643, section 2.4: a multi-valued attribute holds a value once",
    fix="Send each member of a group once, however often the source names the user.",
    phases=NAMED,
)
def no_member_is_named_twice(here: Journal) -> Looks:
    """a request names each member of a group once"""
    sent = [entry for entry in here.entries if entry.repeats]
    if sent:
        yield Violation("members", "each member once", f"{len(sent)} requests name one twice", numbers(sent))


def _group_deletions(observation: Observation, recent: Journal) -> Iterator[tuple[list[str], tuple[Entry, ...]]]:
    """The deletions of groups that the rule does not select any more, each with the names that the group had."""
    selected = {group.id for group in observation.rule.impacted_groups(observation.population)}
    lives: dict[str, list[str]] = {}
    for then in (*observation.earlier, observation.population):
        for group in then.groups:
            lives.setdefault(group.id, []).append(group.name)
    kept = {name.casefold() for id in lives.keys() & selected for name in lives[id]}
    for id in lives.keys() - selected:
        sent = recent.doing("group.delete", [name for name in lives[id] if name.casefold() not in kept])
        if sent:
            yield lives[id], sent


@check(
    source=f"{EXAMPLES}, row 1",
    fix="Leave out everything about groups and memberships where the connection does not support groups, "
    "look-ups included.",
)
def no_group_request_without_group_support(observation: Observation, recent: Journal) -> Looks:
    """A target that does not support group provisioning gets no request about groups or memberships."""
    if observation.connection.supports_groups:
        return
    sent = (*recent.doing("group.*"), *recent.doing("member.*"))
    if sent:
        yield Violation("groups", "no request about groups", f"{len(sent)} requests", numbers(sent))


@check(
    source="pingone, Viewing sync status, Steps; our ruling: a disabled rule writes nothing",
    fix="Ask whether the rule is enabled before each sync, and end there if it is not.",
)
def a_disabled_rule_writes_nothing(observation: Observation, recent: Journal) -> Looks:
    """While the rule is disabled nothing is written."""
    if observation.rule.enabled:
        return
    sent = recent.writes()
    if sent:
        yield Violation(observation.rule.name, "no write", f"{len(sent)} writes", numbers(sent))


@check(
    source="RFC 9110, section 10.2.3: Retry-After",
    fix="After 429, hold all requests to the target until Retry-After is over, not only the one that was refused.",
)
def waits_as_long_as_asked(observation: Observation) -> Looks:
    """After an answer 429 with a Retry-After in seconds, no request comes before that time is over.

    Requests that were on their way when it came do not count.
    """
    journal = observation.journal
    for one in journal.limited():
        asked = one.retry_after or ""
        early = next(journal.too_early(one, float(asked)), None) if asked.isdecimal() else None
        if early is not None:
            seen = f"{max(pause(one, early) - TIMER, 0.0):.3f} s"
            yield Violation("connection", f"a pause of {asked} s", seen, (one.seq, early.seq))


@check(
    source=FROM_SCENARIO,
    fix="After 429, hold all requests to the target until Retry-After is over, not only the one that was refused.",
    phases=NAMED,
)
def holds_back_when_limited(expectation: After, here: Journal) -> Looks:
    """no request comes before a pause that was asked for is over"""
    for wanted in expectation.wire:
        if not isinstance(wanted, HoldsBack):
            continue
        early = numbers(each for one in here.limited() for each in here.too_early(one, wanted.seconds))
        if early:
            rule = wanted.describe()
            yield Violation("connection", rule, "a request came too early", early, rule=rule)


@check(
    source=FROM_SCENARIO,
    fix="Stop the run at the first 401: the same credentials will not do better for the next user.",
    phases=NAMED,
)
def stops_when_refused(expectation: After, here: Journal) -> Looks:
    """no request comes after the credentials were refused"""
    for wanted in expectation.wire:
        refused = next((each for each in here.entries if each.status == UNAUTHORIZED), None)
        if not isinstance(wanted, StopsWhenRefused) or refused is None:
            continue
        after = list(here.sent_after(refused))
        asked = [each for each in after if each.asks_for_token]
        # With a new token the same request may be sent once more.
        rest = [each for each in after if not each.asks_for_token][int(any(each.good for each in asked)) :]
        later = numbers([*asked[1:], *rest])
        if later:
            rule = wanted.describe()
            yield Violation("connection", rule, f"{len(later)} requests", (refused.seq, *later), rule=rule)


@check(
    source="our ruling; RFC 9110, section 9.2.2: POST is not idempotent",
    fix="When the answer to a create is lost, search for the account before the create is sent again: it may be there.",
)
def a_create_without_answer_is_looked_up_first(observation: Observation) -> Looks:
    """A create whose answer was lost is not sent again before a look-up."""
    journal = observation.journal
    for lost in [entry for entry in journal.doing("user.create") if entry.status is None]:
        keys = {key for act in lost.acts for key in act.keys}
        again = [entry for entry in journal.doing("user.create", keys) if entry.seq > lost.seq]
        looks = [entry.seq for name in ("user.list", "search", "user.get") for entry in journal.doing(name)]
        if again and not any(lost.seq < seq < again[0].seq for seq in looks):
            yield Violation(_whom(observation, keys), "a look-up first", "sent again", (lost.seq, again[0].seq))


def _whom(observation: Observation, keys: Iterable[str]) -> str:
    """The user or group that these names and ids belong to, as a person would call it."""
    known = frozenset(keys)
    users = (user.user_name for user in observation.scope.values() if observation.keys(user) & known)
    groups = (group.name for group in observation.population.groups if group.name.casefold() in known)
    return next(users, None) or next(groups, None) or min(known, default="request")


@check(
    source="RFC 9110, section 15.5: a client error is the request's own; our ruling: three tries at most",
    fix="Retry 408, 429, 5xx and lost connections; take any other 4xx as final until the user changes.",
)
def what_is_refused_is_not_repeated(observation: Observation, lately: Journal) -> Looks:
    """A write that the target refuses for good is not sent again and again in one step."""
    refused: dict[frozenset[Act], list[Entry]] = {}
    for entry in lately.writes():
        if entry.status in FOR_GOOD and not entry.retry_after:
            refused.setdefault(frozenset(entry.acts), []).append(entry)
    for acts, sent in refused.items():
        if len(sent) > MOST_TRIES:
            keys = {key for act in acts for key in act.keys}
            yield Violation(
                _whom(observation, keys), f"at most {MOST_TRIES} tries", f"{len(sent)} tries", numbers(sent)
            )


@check(
    source="pingone, connection pages; AWS IAM Identity Center, SCIM limits: 100 members a request",
    fix="Split memberships into requests of at most the connection's number of members, and send all of them.",
)
def no_more_members_than_a_request_may_hold(observation: Observation, recent: Journal) -> Looks:
    """A request names no more members than the connection says that the target takes."""
    cap = observation.connection.members_per_request
    for entry in recent.entries if cap is not None else ():
        count = sum(act.operation.startswith("member.") for act in entry.acts)
        if cap is not None and count > cap:
            yield Violation("members_per_request", f"at most {cap} members", f"{count} members", (entry.seq,))

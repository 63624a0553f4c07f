"""The laws of conduct: what a client may send, judged from the target's journal.

A withheld action is not even tried: the switches of the connection bind the client, whatever the target would permit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from provcheck.harness.oracle.journal import LIMITED, Act, Entry
from provcheck.harness.oracle.law import Case, Violation, law, numbers
from provcheck.harness.oracle.observed import Observation

EXAMPLES = "pingone, Outbound provisioning sync summary examples"
FOR_GOOD = frozenset({400, 403, 405, 413, 422, 501})
"""Statuses that a second try of the same request does not change."""
PATIENCE = 3
CONNECTION = "pingone, connection pages, the permissions of a connection"


@law(f"{EXAMPLES}, row 5: Allow Users to be Created isn't checked")
def no_create_while_not_allowed(case: Case) -> Iterator[Violation]:
    """While the connection does not allow users to be created, no create is sent."""
    if case.observation is None or case.observation.connection.create_users:
        return
    sent = case.recent.doing("user.create")
    if sent:
        yield Violation("create_users", "no create", f"{len(sent)} creates", numbers(sent))


@law(f"{EXAMPLES}, row 6: Allow Users to be Updated is not checked")
def no_update_while_not_allowed(case: Case) -> Iterator[Violation]:
    """While the connection does not allow users to be updated, no update is sent.

    A membership written on the user is no update of the user.
    """
    if case.observation is None or case.observation.connection.update_users:
        return
    sent = [entry for entry in case.recent.writes() if entry.does("user.update") or entry.does("user.replace")]
    sent = [entry for entry in sent if not entry.members and not entry.does("user.disable")]
    if sent:
        yield Violation("update_users", "no update", f"{len(sent)} updates", numbers(sent))


@law(CONNECTION)
def no_disable_while_not_allowed(case: Case) -> Iterator[Violation]:
    """While the connection does not allow users to be disabled, no user in scope is turned off."""
    if case.observation is None or case.observation.connection.disable_users:
        return
    for user in case.observation.scope.values():
        sent = case.recent.doing("user.disable", case.observation.keys(user))
        if sent:
            yield Violation(user.user_name, "not turned off", f"{len(sent)} requests", numbers(sent))


@law(CONNECTION)
def nobody_in_scope_is_deprovisioned(case: Case) -> Iterator[Violation]:
    """A user who is in scope and active at the source is neither deleted nor turned off."""
    if case.observation is None:
        return
    for user in case.observation.scope.values():
        keys = case.observation.keys(user)
        sent = [entry for pattern in ("user.delete", "user.disable") for entry in case.recent.doing(pattern, keys)]
        ended = any(
            then.users_by_id[user.id].active is False
            for then in case.observation.earlier
            if user.id in then.users_by_id
        )
        was_out = any(user.id not in then.users_by_id for then in case.observation.earlier)
        if sent and user.active and not ended and not was_out and case.observation.rule.user_filter is None:
            yield Violation(user.user_name, "left alone", f"{len(sent)} requests", numbers(sent))


@law(CONNECTION)
def deletes_only_as_remove_action(case: Case) -> Iterator[Violation]:
    """Accounts are deleted only when the connection deprovisions and its remove action is Delete."""
    if case.observation is None:
        return
    connection = case.observation.connection
    if connection.deprovision_users and connection.remove_action == "Delete":
        return
    kept = {str(account.get("id", "")).casefold() for account in case.observation.snapshot["users"]}
    # Some targets know no deletion: DELETE turns the account off there, and it is still to be seen.
    sent = [
        entry
        for entry in case.recent.doing("user.delete")
        if not (_turned_off(entry, kept) and connection.deprovision_users)
    ]
    if sent:
        yield Violation("remove_action", "no deletion", f"{len(sent)} deletions", numbers(sent))


def _turned_off(entry: Entry, kept: set[str]) -> bool:
    return any(act.keys & kept for act in entry.acts)


@law(f"{EXAMPLES}, row 1")
def no_group_request_without_group_support(case: Case) -> Iterator[Violation]:
    """A target that does not support group provisioning gets no request about groups or memberships."""
    if case.observation is None or case.observation.connection.supports_groups:
        return
    sent = (*case.recent.doing("group.*"), *case.recent.doing("member.*"))
    if sent:
        yield Violation("groups", "no request about groups", f"{len(sent)} requests", numbers(sent))


@law("pingone, Viewing sync status, Steps; our ruling: a disabled rule writes nothing")
def a_disabled_rule_writes_nothing(case: Case) -> Iterator[Violation]:
    """While the rule is disabled nothing is written."""
    if case.observation is None or case.observation.rule.enabled:
        return
    sent = case.recent.writes()
    if sent:
        yield Violation(case.observation.rule.name, "no write", f"{len(sent)} writes", numbers(sent))


@law("RFC 9110, section 10.2.3: Retry-After")
def waits_as_long_as_asked(case: Case) -> Iterator[Violation]:
    """After an answer 429 with a Retry-After in seconds, no request comes before that time is over."""
    entries = [] if case.observation is None else case.observation.journal.entries
    for one, following in pairwise(entries):
        asked = one.retry_after if one.status == LIMITED and (one.retry_after or "").isdecimal() else None
        if asked is None or one.at is None or following.at is None:
            continue
        waited = (following.at - one.at).total_seconds()
        if waited < float(asked):
            yield Violation("connection", f"a pause of {asked} s", f"{waited:.3f} s", (one.seq, following.seq))


@law("our ruling; RFC 9110, section 9.2.2: POST is not idempotent")
def a_create_without_answer_is_looked_up_first(case: Case) -> Iterator[Violation]:
    """A create whose answer was lost is not sent again before a look-up."""
    if case.observation is None:
        return
    journal = case.observation.journal
    for lost in [entry for entry in journal.doing("user.create") if entry.status is None]:
        keys = {key for act in lost.acts for key in act.keys}
        again = [entry for entry in journal.doing("user.create", keys) if entry.seq > lost.seq]
        looks = [entry.seq for name in ("user.list", "search", "user.get") for entry in journal.doing(name)]
        if again and not any(lost.seq < seq < again[0].seq for seq in looks):
            yield Violation(_whom(case.observation, keys), "a look-up first", "sent again", (lost.seq, again[0].seq))


def _whom(observation: Observation, keys: Iterable[str]) -> str:
    """The user or group that these names and ids belong to, as a person would call it."""
    known = frozenset(keys)
    users = (user.user_name for user in observation.scope.values() if observation.keys(user) & known)
    groups = (group.name for group in observation.population.groups if group.name.casefold() in known)
    return next(users, None) or next(groups, None) or min(known, default="request")


@law("RFC 9110, section 15.5: a client error is the request's own; our ruling: three tries at most")
def what_is_refused_is_not_repeated(case: Case) -> Iterator[Violation]:
    """A write that the target refuses for good is not sent again and again in one step."""
    if case.observation is None:
        return
    refused: dict[frozenset[Act], list[Entry]] = {}
    for entry in case.lately.writes():
        if entry.status in FOR_GOOD and not entry.retry_after:
            refused.setdefault(frozenset(entry.acts), []).append(entry)
    for acts, sent in refused.items():
        if len(sent) > PATIENCE:
            keys = {key for act in acts for key in act.keys}
            yield Violation(
                _whom(case.observation, keys), f"at most {PATIENCE} tries", f"{len(sent)} tries", numbers(sent)
            )


@law("pingone, connection pages; AWS IAM Identity Center, SCIM limits: 100 members a request")
def no_more_members_than_a_request_may_hold(case: Case) -> Iterator[Violation]:
    """A request names no more members than the connection says that the target takes."""
    cap = None if case.observation is None else case.observation.connection.members_per_request
    for entry in case.recent.entries if cap is not None else ():
        count = sum(act.operation.startswith("member.") for act in entry.acts)
        if cap is not None and count > cap:
            yield Violation("members_per_request", f"at most {cap} members", f"{count} members", (entry.seq,))


LAWS = (
    no_create_while_not_allowed,
    no_update_while_not_allowed,
    no_disable_while_not_allowed,
    nobody_in_scope_is_deprovisioned,
    deletes_only_as_remove_action,
    no_group_request_without_group_support,
    a_disabled_rule_writes_nothing,
    waits_as_long_as_asked,
    a_create_without_answer_is_looked_up_first,
    what_is_refused_is_not_repeated,
    no_more_members_than_a_request_may_hold,
)

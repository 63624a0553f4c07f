"""What holds at every checkpoint of a generated scenario, faults or not.

Nobody gets two accounts, unmanaged accounts are left alone, every run ends, and nothing is sent again blindly or at
once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any

from provcheck.harness.checks.check import Looks, Violation, check, numbers
from provcheck.harness.checks.checkpoint import GENERATED
from provcheck.harness.model import SourceUser
from provcheck.harness.oracle.journal import Entry
from provcheck.harness.oracle.run_history import Evidence

RULING = "our ruling"
LONGEST = 6 * 3600.0
"""Seconds of virtual time that no run of a few users may take."""
TRIES = 60
"""Times that one and the same request may be sent in a row: a few calls, of fifteen tries where a limit is told."""
BROKEN = ("lost", "truncated", "reset")
"""Answers that do not reach the client as a whole."""
FIRST = 5
"""Tries of one call, between which there are pauses; a client that needs the answer once more may begin anew."""
AFTER_REFUSED = 2
"""Requests that may still be on their way when the credentials turn out to be refused."""
LATER = frozenset({429, 503})
"""Statuses that say: not now."""
UNSURE = frozenset({None, 500, 502, 503, 504})
"""Statuses after which a create may have been made, unless the body speaks of a limit; None is no answer."""


@check(
    source=f"{RULING}: one account for each identity, whatever happened on the way",
    fix="Look for the account by id and by every name that the user had before a create is sent, also after a "
    "crash or a lost answer.",
    phases=GENERATED,
)
def no_identity_gets_two_accounts(evidence: Evidence) -> Looks:
    """The client never leaves two accounts that it created for one and the same person, counting inactive ones."""
    observation, foreign = evidence.observation, evidence.history.foreign
    for user in evidence.once_known.values():
        if user.id in evidence.history.adrift:
            continue
        own = [each for each in observation.accounts(user) if str(each.get("id")) not in foreign]
        made = numbers(observation.journal.doing("user.create", observation.keys(user)))
        yield Violation(user.user_name, "one account", f"{len(own)} accounts", made) if len(own) > 1 else None


@check(
    source=f"{RULING}: what no rule selects is nobody's to change",
    fix="Write only to accounts that are linked to a user of the rule, or that match one by the unique identifier.",
    phases=GENERATED,
)
def strangers_are_left_alone(evidence: Evidence) -> Looks:
    """An account of somebody who was never at the source is neither changed, nor turned off, nor deleted."""
    now = {str(account["userName"]).casefold(): account for account in evidence.observation.snapshot["users"]}
    for name, then in evidence.history.unmanaged.items():
        account = now.get(name)
        if account is None:
            yield Violation(name, "the account", "none")
            continue
        changed = {word for word in then if word not in ("groups", "id") and then[word] != account.get(word)}
        seen = ", ".join(f"{word} is {account.get(word)!r}" for word in sorted(changed))
        yield Violation(name, "an account as it was made", seen) if changed else None


@check(
    source=f"{RULING}: every schedule of faults has an end, and so has every run",
    fix="Give every request a bounded number of tries and every pause an end; then count the entity as Failed "
    "and go on.",
    phases=GENERATED,
)
def every_run_ends(evidence: Evidence) -> Looks:
    """A run ends within the requests that its users, groups and faults call for, and within hours of waiting."""
    sent = len(evidence.exchanges)
    if sent >= evidence.most:
        yield Violation("run", f"less than {evidence.most} requests", f"{sent} requests")
    elif evidence.seconds > LONGEST:
        yield Violation("run", f"at most {LONGEST:.0f} s", f"{evidence.seconds:.0f} s")
    else:
        yield None


@check(
    source="RFC 9110, section 15.5.2; our ruling: no storm of requests with credentials that are refused",
    fix="Stop the run at the first 401, and count whom it did not reach as Failed.",
    phases=GENERATED,
)
def refused_credentials_end_the_run(evidence: Evidence) -> Looks:
    """After a 401 the run stops: the same credentials will not do better for the next user."""
    refused = next((each for each in evidence.exchanges if each["status"] == 401), None)
    if refused is None:
        return
    later = [each for each in evidence.exchanges if each["seq"] > refused["last_begun"]]
    seqs = tuple(each["seq"] for each in later)
    yield (
        Violation("connection", "the end of the run", f"{len(later)} more", seqs)
        if len(later) > AFTER_REFUSED
        else None
    )


@check(
    source="RFC 9110, section 9.2.2: POST is not idempotent; our ruling: look first",
    fix="After a lost answer, a 5xx or a broken body, search for the account or group before the create is sent again.",
    phases=GENERATED,
)
def an_unsure_create_is_looked_up_first(evidence: Evidence) -> Looks:
    """A create that may have been made although the answer says nothing of it is not sent again before a look-up."""
    creates = [each for each in evidence.exchanges if _creates(each)]
    for one, again in _same_in_a_row(creates):
        broken = one["answer"] in BROKEN and (one["status"] or 0) < 400
        if not broken and (one["status"] not in UNSURE or "LIMIT" in one["response"]["body"].upper()):
            continue
        between = [each for each in evidence.exchanges if one["seq"] < each["seq"] < again["seq"]]
        looked = any(each["method"] == "GET" or each["operation"] == "search" for each in between)
        yield None if looked else Violation(_whom(one), "a look-up first", "sent again", (one["seq"], again["seq"]))


@check(
    source="RFC 9110, section 9.2.2 and 10.2.3; our ruling: back-off, and an end to it",
    fix="Repeat 408, 429, 5xx and lost answers after a growing pause, a bounded number of times, look-ups included.",
    phases=GENERATED,
)
def what_failed_is_tried_again_with_patience(evidence: Evidence) -> Looks:
    """A request that met a passing error is sent again only after a pause, not for ever; a look-up at least once."""
    for _, run in groupby(evidence.exchanges, key=_fingerprint):
        tries = list(run)
        hasty = next((pair for pair in pairwise(tries[:FIRST]) if _passes(pair[0]) and _pause(*pair) <= 0), None)
        seqs = tuple(each["seq"] for each in tries)
        if len(tries) > TRIES:
            yield Violation(_whom(tries[0]), f"at most {TRIES} tries", f"{len(tries)} tries", seqs)
        elif hasty:
            yield Violation(_whom(tries[0]), "a pause before the next try", "none", tuple(e["seq"] for e in hasty))
        elif len(tries) == 1 and _put_off(tries[0]):
            later = (each for each in evidence.exchanges if each["seq"] > tries[0]["seq"])
            again = any(_fingerprint(each) == _fingerprint(tries[0]) for each in later)
            yield None if again else Violation(_whom(tries[0]), "another try", "none", seqs)
        elif len(tries) > 1 and _passes(tries[0]):
            yield None


@check(
    source=f"{RULING}: no more writes than there are differences",
    fix="Remember what was written and well answered in a run, and send it again only after a look that shows it "
    "missing.",
    phases=GENERATED,
)
def no_write_is_sent_twice(evidence: Evidence) -> Looks:
    """What was written and well answered is not written once more in the same run, without a look at it."""
    done: dict[Any, Mapping[str, Any]] = {}
    for each in evidence.exchanges:
        if each["applied"] == "none" or _failed(each) or each["fault"]:
            # After an error nobody knows any more what is there, and a second write may be owed to it.
            if _failed(each) or each["fault"]:
                done.clear()
            # Who looked again may have seen that it is not there.
            done = {key: write for key, write in done.items() if each["path"] not in key}
            continue
        before = done.setdefault(_fingerprint(each), each)
        yield Violation(_whom(each), "once", "twice", (before["seq"], each["seq"])) if before is not each else None


@check(
    source=f"{RULING}: one group for each group of the source, whatever it is called meanwhile",
    fix="Keep the id of each group at the target, and rename the group under that id instead of creating another one.",
    phases=GENERATED,
)
def no_group_is_made_twice(evidence: Evidence) -> Looks:
    """A group that gets another name keeps its group at the target; no second one is made beside it."""
    history, observation = evidence.history, evidence.observation
    for group in evidence.groups:
        names = {name.casefold() for name in observation.group_names(group)}
        if history.crashed or evidence.touched(names):
            continue  # a client that was killed, or told that there is none, cannot know of the first one
        there = [
            each for each in observation.snapshot["groups"] if str(each.get("displayName", "")).casefold() in names
        ]
        made = numbers(observation.journal.doing("group.create", names))
        yield Violation(group.name, "one group", f"{len(there)} groups", made) if len(there) > 1 else None


@check(
    source="pingone, connection pages: Deprovision users",
    fix="Ask DEPROVISION_USERS before an account is turned off or deleted because its user left the scope.",
    phases=GENERATED,
)
def nobody_is_deprovisioned_while_not_allowed(evidence: Evidence) -> Looks:
    """While the connection does not deprovision, the accounts of those who left the scope are left alone."""
    if evidence.observation.connection.deprovision_users:
        return
    for user in _outsiders(evidence):
        sent = _removals(evidence, user)
        yield Violation(user.user_name, "left alone", f"{len(sent)} requests", numbers(sent)) if sent else None


@check(
    source=f"{RULING}: a failed deprovisioning is told beside the counters",
    fix="Keep each leaver whose account could not be turned off or deleted, and report it as an orphan until it is.",
    phases=GENERATED,
)
def who_could_not_be_deprovisioned_is_told(evidence: Evidence) -> Looks:
    """Who left the scope, and whose account could not be turned off or deleted in this run, is told as an orphan."""
    for user in _outsiders(evidence):
        sent = _removals(evidence, user)
        # Where the target says that there is no such account, there is nothing left to be told.
        if not sent or sent[-1].good or sent[-1].status in (404, 410):
            continue
        meant = {key for act in sent[-1].acts for key in act.keys}
        left = (each for each in evidence.observation.accounts(user) if str(each.get("id")).casefold() in meant)
        if any(each.get("active", True) for each in left):
            told = user.id in evidence.orphans
            yield None if told else Violation(user.user_name, "told as an orphan", "not told", numbers(sent))


def _outsiders(evidence: Evidence) -> Iterator[SourceUser]:
    scope = evidence.observation.scope
    return (user for id, user in evidence.once_known.items() if id not in scope)


def _removals(evidence: Evidence, user: SourceUser) -> list[Entry]:
    """The requests of this run that would turn off or delete the account of a user, in order."""
    journal, keys = evidence.lately, evidence.observation.keys(user)
    sent = {each.seq: each for name in ("user.disable", "user.delete") for each in journal.doing(name, keys)}
    return [sent[seq] for seq in sorted(sent)]


def _creates(entry: Mapping[str, Any]) -> bool:
    return entry["method"] == "POST" and entry["operation"] in ("user.create", "group.create")


def _same_in_a_row(entries: list[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    last: dict[Any, Mapping[str, Any]] = {}
    for entry in entries:
        print_ = _fingerprint(entry)
        if print_ in last:
            yield last[print_], entry
        last[print_] = entry


def _fingerprint(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    return entry["method"], entry["path"], entry["query"], entry["request"]["body"]


def _failed(entry: Mapping[str, Any]) -> bool:
    return entry["status"] is None or entry["status"] >= 400 or entry["answer"] in BROKEN


def _passes(entry: Mapping[str, Any]) -> bool:
    """Whether an error may pass, so that a client tries again."""
    return entry["status"] is None or entry["status"] == 429 or entry["status"] >= 500


def _put_off(entry: Mapping[str, Any]) -> bool:
    """Whether a look-up by name was answered with: not now."""
    by_name = entry["operation"] in ("user.list", "group.list") and "filter=" in (entry["query"] or "")
    return by_name and entry["status"] in LATER


def _pause(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    return (datetime.fromisoformat(other["at"]) - datetime.fromisoformat(one["at"])).total_seconds()


def _whom(entry: Mapping[str, Any]) -> str:
    return str(next(iter(entry["names"]), None) or entry["id"] or entry["operation"])

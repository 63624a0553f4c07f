"""Every law can be broken, is broken by exactly what it speaks of, and says by whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from provcheck.harness import scenarios, vendors
from provcheck.harness.model import Connection, Counters, Population, Rule, SourceGroup, SourceUser, SyncSummary
from provcheck.harness.oracle import Case, Journal, Observation, laws
from tests.harness.imagined_run import rests

ADA, BEN = SourceUser("u-ada", "ada", email="ada@x"), SourceUser("u-ben", "ben", email="ben@x")
RED = SourceGroup("g-red", "Red", ("u-ada", "u-ben"))
BOTH = Population((ADA, BEN), (RED,))
GOOD = SyncSummary(Counters(2, 2), Counters(1, 1))


def account(user, **changes):
    words = {"userName": user.user_name, "externalId": user.id, "email": user.email, "active": True}
    return {"id": f"a-{user.user_name}", **words, **changes}


def group(*members):
    return {"id": "r-red", "displayName": "Red", "members": list(members)}


IN_SYNC = {"users": [account(ADA), account(BEN)], "groups": [group("ada", "ben")]}
EMPTY = {"users": [], "groups": []}


def entry(seq, operation, *names, status=200, applied="yes", **more):
    return {"seq": seq, "operation": operation, "names": list(names), "status": status, "applied": applied, **more}


def case(summary=GOOD, snapshot=IN_SYNC, journal=(), population=BOTH, rule=None, earlier=(), **switches):
    connection = Connection("scim", "Target", "http://x", **switches)
    read = Journal(journal)
    observation = Observation(population, rule or Rule(), connection, snapshot, read, earlier)
    return Case(summary, observation, read, read)


def users(*counters, groups=None):
    return SyncSummary(Counters(*counters), Counters(1, 1) if groups is None else Counters(*groups))


REFUSED = entry(1, "user.create", "ben", status=403, applied="no")
WITHOUT_BEN = {"users": [account(ADA)], "groups": [group("ada")]}
LIMITED = {"response": {"headers": {"Retry-After": "5"}}, "status": 429, "applied": "no"}

BROKEN = {
    "counters_stay_within_impacted": Case(users(2, 3)),
    "nobody_is_counted_twice": Case(users(2, 2, 0, 0, 1)),
    "everybody_is_counted": Case(users(2, 1)),
    "partially_synced_overlaps_success_alone": Case(users(2, 0, 0, 1, 2)),
    "groups_are_counted_once": Case(SyncSummary(Counters(2, 2), Counters(2, 2, 0, 0, 1))),
    "impacted_is_the_scope": case(users(4, 4)),
    "group_section_goes_with_group_support": case(SyncSummary(Counters(2, 2))),
    "summary_is_seen_only_while_enabled": case(rule=Rule(enabled=False)),
    "partially_synced_have_accounts": case(users(2, 0, 0, 2, 0), EMPTY),
    "unsynced_have_no_account": case(users(2, 1, 1)),
    "an_error_is_never_unsynced": case(users(2, 1, 1), WITHOUT_BEN, [REFUSED]),
    "failed_needs_an_error_that_stayed": case(users(2, 1, 0, 0, 1), WITHOUT_BEN, create_users=False),
    "an_error_that_stayed_is_failed": case(users(2, 2), WITHOUT_BEN, [REFUSED]),
    "all_allowed_and_no_error_means_success": case(users(2, 1, 0, 1)),
    "success_means_in_sync": case(users(2, 2), {**IN_SYNC, "users": [account(ADA), account(BEN, email="old@x")]}),
    "no_account_is_doubled": case(
        snapshot={**IN_SYNC, "users": [*IN_SYNC["users"], account(BEN, id="a-2", userName="ben2")]},
        journal=[entry(1, "user.create", "ben2", "ben@x")],
    ),
    "a_user_error_fails_no_group": case(users(2, 1, 0, 0, 1, groups=(1, 0, 0, 0, 1)), WITHOUT_BEN, [REFUSED]),
    "group_success_means_written": case(snapshot={**IN_SYNC, "groups": [group("ada")]}),
    "a_group_that_could_not_be_written_is_failed": case(
        users(2, 2, groups=(1, 1)),
        {**IN_SYNC, "groups": []},
        [entry(1, "group.create", "Red", status=403, applied="no")],
    ),
    "no_create_while_not_allowed": case(journal=[entry(1, "user.create", "ben")], create_users=False),
    "no_update_while_not_allowed": case(journal=[entry(1, "user.update", "ben")], update_users=False),
    "no_disable_while_not_allowed": case(journal=[entry(1, "user.disable", "ben")], disable_users=False),
    "nobody_in_scope_is_deprovisioned": case(journal=[entry(1, "user.disable", "ben")]),
    "deletes_only_as_remove_action": case(journal=[entry(1, "user.delete", "cem", id="a-cem")]),
    "no_group_request_without_group_support": case(
        SyncSummary(Counters(2, 2)),
        journal=[entry(1, "unknown", status=404, applied="none", path="/scim/Groups")],
        supports_groups=False,
    ),
    "a_disabled_rule_writes_nothing": case(None, journal=[entry(1, "user.create", "ben")], rule=Rule(enabled=False)),
    "waits_as_long_as_asked": case(
        journal=[
            entry(1, "user.create", "ben", at="2025-06-04T09:00:00+00:00", **LIMITED),
            entry(2, "user.create", "ben", at="2025-06-04T09:00:04+00:00"),
        ]
    ),
    "a_create_without_answer_is_looked_up_first": case(
        journal=[entry(1, "user.create", "ben", status=None), entry(2, "user.create", "ben")]
    ),
    "what_is_refused_is_not_repeated": case(
        journal=[entry(seq, "user.create", "ben", status=400, applied="no") for seq in range(1, 5)]
    ),
    "no_more_members_than_a_request_may_hold": case(
        journal=[entry(1, "group.update", "Red", intents=[{"operation": "member.add", "names": [n]} for n in "abc"])],
        members_per_request=2,
    ),
}


def test_every_law_has_a_case_that_breaks_it():
    assert set(BROKEN) == {law.name for law in laws.all()}


@pytest.mark.parametrize("law", laws.all(), ids=lambda law: law.name)
def test_a_law_can_be_broken_and_says_by_whom(law):
    findings = law.check(BROKEN[law.name])
    assert findings
    for finding in findings:
        assert finding.check == law.name
        assert finding.entity
        assert finding.expected != finding.seen


@pytest.mark.parametrize("law", laws.all(), ids=lambda law: law.name)
def test_a_law_says_its_claim_and_its_source(law):
    assert law.claim.endswith(".")
    assert law.source
    assert law.name.count("_") >= 2


def test_a_client_in_order_breaks_no_law():
    made = [entry(1, "user.create", "ada"), entry(2, "user.create", "ben"), entry(3, "group.create", "Red")]
    assert laws.check(case(journal=made)) == []


def test_the_summary_alone_is_enough_for_the_laws_of_the_counters():
    broken = {finding.check for finding in laws.check(Case(users(2, 1, 1, 0, 1)))}
    assert broken == {"nobody_is_counted_twice"}


def test_the_overlap_of_the_sixth_example_breaks_no_law():
    assert laws.check(Case(SyncSummary(Counters(5, 5, 0, 1, 0)))) == []


def test_a_finding_names_the_user_and_the_exchanges():
    finding = next(
        each for each in laws.check(BROKEN["an_error_is_never_unsynced"]) if each.check == "an_error_is_never_unsynced"
    )
    assert (finding.entity, finding.exchanges) == ("ben", (1,))


def test_waiting_as_long_as_asked_is_enough():
    patient = case(
        journal=[
            entry(1, "user.create", "ben", at="2025-06-04T09:00:00+00:00", **LIMITED),
            entry(2, "user.create", "ben", at="2025-06-04T09:00:05+00:00"),
        ]
    )
    assert not any(finding.check == "waits_as_long_as_asked" for finding in laws.check(patient))


def test_a_lost_create_that_was_looked_up_may_be_sent_again():
    careful = case(
        journal=[
            entry(1, "user.create", "ben", status=None),
            entry(2, "user.list", "ben", applied="none"),
            entry(3, "user.create", "ben"),
        ]
    )
    assert not any(f.check == "a_create_without_answer_is_looked_up_first" for f in laws.check(careful))


def test_a_deletion_that_leaves_the_account_is_a_way_of_turning_it_off():
    leaver = {**IN_SYNC, "users": [*IN_SYNC["users"], {"id": "a-cem", "userName": "cem", "active": False}]}
    turned_off = case(snapshot=leaver, journal=[entry(1, "user.delete", "cem", id="a-cem")])
    assert not any(finding.check == "deletes_only_as_remove_action" for finding in laws.check(turned_off))


def test_two_accounts_that_somebody_else_made_are_no_fault_of_the_client():
    twice = {**IN_SYNC, "users": [*IN_SYNC["users"], account(BEN, id="a-2", userName="ben2")]}
    assert not any(finding.check == "no_account_is_doubled" for finding in laws.check(case(snapshot=twice)))


def test_a_membership_that_the_target_dropped_may_fail_its_group():
    failed = case(users(2, 2, groups=(1, 0, 0, 0, 1)), {**IN_SYNC, "groups": [group("ada")]})
    assert laws.check(failed) == []


def test_three_refusals_of_one_write_are_allowed():
    sent = case(journal=[entry(seq, "user.create", "eve", status=400, applied="no") for seq in range(1, 4)])
    assert not any(finding.check == "what_is_refused_is_not_repeated" for finding in laws.check(sent))


def test_members_of_a_request_that_was_turned_away_are_read_from_its_body():
    body = '{"Operations": [{"op": "add", "path": "members", "value": [{"value": "A1"}, {"value": "A2"}]}]}'
    read = Journal([{"seq": 1, "operation": "group.update", "path": "/Groups/G1", "request": {"body": body}}])
    assert len(read.doing("member.add")) == 1
    assert len(read.doing("member.add", ["a2"])) == 1
    assert len(read.doing("group.update", ["G1"])) == 1


def test_a_membership_written_on_the_user_is_no_update_of_the_user():
    both = [{"operation": "user.update", "names": ["ben"]}, {"operation": "member.add", "names": ["Red/ben"]}]
    written = case(journal=[entry(1, "user.update", "ben", intents=both)], update_users=False)
    assert not any(finding.check == "no_update_while_not_allowed" for finding in laws.check(written))


@pytest.mark.parametrize(
    ("tampered", "caught"),
    [
        (lambda c: replace(c, impacted=4), "impacted_is_the_scope"),
        (lambda c: replace(c, success=0, failed=2), "failed_needs_an_error_that_stayed"),
        (lambda c: replace(c, success=0, unsynced=2), "unsynced_have_no_account"),
    ],
)
def test_a_false_summary_of_a_run_is_caught(tampered, caught):
    rest = next(rests(scenarios.named("e2")[0], vendors.configuration("scim")))
    false = replace(rest.summary, users=tampered(rest.summary.users))
    assert caught in {finding.check for finding in laws.check(replace(rest.case, summary=false))}

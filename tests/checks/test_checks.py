"""Every check that needs no scenario can be broken, is broken by exactly what it speaks of, and says by whom."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from provcheck.harness import checks, scenarios, vendors
from provcheck.harness.checks import Checkpoint, Trouble
from provcheck.harness.checks.check import MODULES
from provcheck.harness.model import Connection, Counters, Population, Rule, SourceGroup, SourceUser, SyncSummary
from provcheck.harness.oracle import Journal, Observation
from tests.checks.imagined_run import checkpoints

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
    return Checkpoint(summary=summary, observation=observation, recent=read, lately=read)


def users(*counters, groups=None):
    return SyncSummary(Counters(*counters), Counters(1, 1) if groups is None else Counters(*groups))


REFUSED = entry(1, "user.create", "ben", status=403, applied="no")
WITHOUT_BEN = {"users": [account(ADA)], "groups": [group("ada")]}
LIMITED = {"response": {"headers": {"Retry-After": "5"}}, "status": 429, "applied": "no"}

BROKEN = {
    "counters_stay_within_impacted": Checkpoint(summary=users(2, 3)),
    "nobody_is_counted_twice": Checkpoint(summary=users(2, 2, 0, 0, 1)),
    "everybody_is_counted": Checkpoint(summary=users(2, 1)),
    "partially_synced_overlaps_success_alone": Checkpoint(summary=users(2, 0, 0, 1, 2)),
    "groups_are_counted_once": Checkpoint(summary=SyncSummary(Counters(2, 2), Counters(2, 2, 0, 0, 1))),
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
    "a_group_out_of_the_rule_stays": case(
        journal=[entry(1, "group.delete", "Red", id="g-1")], rule=Rule(groups=()), group_remove_action="Keep"
    ),
    "a_group_of_others_is_never_deleted": case(
        journal=[entry(1, "group.delete", "Red", id="g-1")], rule=Rule(groups=()), group_remove_action="Delete"
    ),
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
    "no_error_stays": Checkpoint(phase="watch", troubles=(Trouble("ada", "users", "400 on user.create", 1),)),
    "everybody_is_as_at_the_source": replace(case(snapshot=WITHOUT_BEN), phase="watch"),
}


def test_every_check_of_summary_target_and_journal_has_a_case_that_breaks_it():
    alone = {"summary", "users", "groups", "observation", "recent", "lately", "checkpoint"}
    judged = {each.name for each in checks.of(("watch",)) if alone >= set(each.facts)}
    assert set(BROKEN) == judged


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_check_can_be_broken_and_says_by_whom(name):
    broken = [finding for finding in checks.judge(BROKEN[name]) if finding.check == name]
    assert broken
    for finding in broken:
        assert finding.entity
        assert finding.expected != finding.seen


def test_every_check_says_its_claim_its_source_and_how_a_client_is_mended():
    def offends(check):
        whole = check.claim and check.source and check.fix[0].isupper() and check.fix.endswith(".")
        return not whole or len(check.fix) >= 200 or not set(check.phases) <= set(checks.PHASES)

    assert [check.name for check in checks.all() if offends(check)] == []


def test_names_of_checks_are_given_once():
    names = [check.name for check in checks.all()]
    assert len(names) == len(set(names))


def test_every_module_of_checks_is_asked():
    here = {path.stem for path in Path(checks.__file__).parent.glob("*.py")}
    assert here == {*MODULES, "__init__", "causes", "check", "checkpoint"}


def test_a_check_is_asked_only_where_all_that_it_looks_at_is_there():
    asked = {check.name for check in checks.all() if check.judge(Checkpoint(summary=GOOD))[1]}
    assert "nobody_is_counted_twice" in asked
    assert "impacted_is_the_scope" not in asked
    silent = Checkpoint(summary=GOOD, offers=lambda capability: False)
    assert "counter_as_derived" not in {check.name for check in checks.all() if check.judge(silent)[1]}


def test_a_parameter_that_is_no_fact_of_a_checkpoint_is_refused_at_once():
    def asks_for_too_much(weather):
        """Never asked."""

    with pytest.raises(TypeError, match="a checkpoint has no weather"):
        checks.check(source="nobody", fix="Nothing.")(asks_for_too_much)


def test_a_client_in_order_breaks_no_check():
    made = [entry(1, "user.create", "ada"), entry(2, "user.create", "ben"), entry(3, "group.create", "Red")]
    assert checks.judge(case(journal=made)) == []


def test_the_summary_alone_is_enough_for_the_checks_of_sums():
    broken = {finding.check for finding in checks.judge(Checkpoint(summary=users(2, 1, 1, 0, 1)))}
    assert broken == {"nobody_is_counted_twice"}


def test_the_overlap_of_the_sixth_example_breaks_no_check():
    assert checks.judge(Checkpoint(summary=SyncSummary(Counters(5, 5, 0, 1, 0)))) == []


def test_a_finding_names_the_user_and_the_exchanges():
    finding = next(
        each
        for each in checks.judge(BROKEN["an_error_is_never_unsynced"])
        if each.check == "an_error_is_never_unsynced"
    )
    assert (finding.entity, finding.exchanges) == ("ben", (1,))


def test_waiting_as_long_as_asked_is_enough():
    patient = case(
        journal=[
            entry(1, "user.create", "ben", at="2025-06-04T09:00:00+00:00", **LIMITED),
            entry(2, "user.create", "ben", at="2025-06-04T09:00:05+00:00"),
        ]
    )
    assert not any(finding.check == "waits_as_long_as_asked" for finding in checks.judge(patient))


def test_a_lost_create_that_was_looked_up_may_be_sent_again():
    careful = case(
        journal=[
            entry(1, "user.create", "ben", status=None),
            entry(2, "user.list", "ben", applied="none"),
            entry(3, "user.create", "ben"),
        ]
    )
    assert not any(f.check == "a_create_without_answer_is_looked_up_first" for f in checks.judge(careful))


def test_a_deletion_that_leaves_the_account_is_a_way_of_turning_it_off():
    leaver = {**IN_SYNC, "users": [*IN_SYNC["users"], {"id": "a-cem", "userName": "cem", "active": False}]}
    turned_off = case(snapshot=leaver, journal=[entry(1, "user.delete", "cem", id="a-cem")])
    assert not any(finding.check == "deletes_only_as_remove_action" for finding in checks.judge(turned_off))


def test_two_accounts_that_somebody_else_made_are_no_fault_of_the_client():
    twice = {**IN_SYNC, "users": [*IN_SYNC["users"], account(BEN, id="a-2", userName="ben2")]}
    assert not any(finding.check == "no_account_is_doubled" for finding in checks.judge(case(snapshot=twice)))


def test_a_membership_that_the_target_dropped_may_fail_its_group():
    failed = case(users(2, 2, groups=(1, 0, 0, 0, 1)), {**IN_SYNC, "groups": [group("ada")]})
    assert checks.judge(failed) == []


def test_three_refusals_of_one_write_are_allowed():
    sent = case(journal=[entry(seq, "user.create", "eve", status=400, applied="no") for seq in range(1, 4)])
    assert not any(finding.check == "what_is_refused_is_not_repeated" for finding in checks.judge(sent))


def test_members_of_a_request_that_was_turned_away_are_read_from_its_body():
    body = '{"Operations": [{"op": "add", "path": "members", "value": [{"value": "A1"}, {"value": "A2"}]}]}'
    read = Journal([{"seq": 1, "operation": "group.update", "path": "/Groups/G1", "request": {"body": body}}])
    assert len(read.doing("member.add")) == 1
    assert len(read.doing("member.add", ["a2"])) == 1
    assert len(read.doing("group.update", ["G1"])) == 1


def test_a_membership_written_on_the_user_is_no_update_of_the_user():
    both = [{"operation": "user.update", "names": ["ben"]}, {"operation": "member.add", "names": ["Red/ben"]}]
    written = case(journal=[entry(1, "user.update", "ben", intents=both)], update_users=False)
    assert not any(finding.check == "no_update_while_not_allowed" for finding in checks.judge(written))


@pytest.mark.parametrize(("fault", "accused"), [(None, ["ben"]), ("attr.silently_ignored", [])])
def test_what_no_rule_maps_survives_unless_a_fault_took_it(fault, accused):
    held = {"users": [account(BEN, title="Dr.")], "groups": []}
    after = replace(case(journal=[entry(1, "user.update", "ben", fault=fault)]), held=held)
    found = [each for each in checks.judge(after) if each.check == "unmapped_attributes_survive"]
    assert [each.entity for each in found] == accused


def test_what_a_limit_turned_away_may_have_been_allowed():
    limited = case(journal=[entry(1, "user.update", "ben", **LIMITED)], update_users=False)
    assert not any(finding.check == "no_update_while_not_allowed" for finding in checks.judge(limited))


@pytest.mark.parametrize(
    ("tampered", "caught"),
    [
        (lambda c: replace(c, impacted=4), "impacted_is_the_scope"),
        (lambda c: replace(c, success=0, failed=2), "failed_needs_an_error_that_stayed"),
        (lambda c: replace(c, success=0, unsynced=2), "unsynced_have_no_account"),
    ],
)
def test_a_false_summary_of_a_run_is_caught(tampered, caught):
    checkpoint = next(checkpoints(scenarios.named("e2")[0], vendors.configuration("scim")))
    false = replace(checkpoint.summary, users=tampered(checkpoint.summary.users))
    assert caught in {finding.check for finding in checks.judge(replace(checkpoint, summary=false))}

"""Which cases are played with which client, and how they are changed to fit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from provcheck.harness.contract import CLIENT_CAPABILITIES, EVERYTHING, Description
from provcheck.harness.model import HoldsBack, VirtualClock
from provcheck.harness.run import cases, run
from provcheck.harness.run.applicability import Skipped, fitted
from tests.adapters.client_rig import one_case

ALL = frozenset(CLIENT_CAPABILITIES)


def without(*words: str) -> Description:
    return Description("client", "", ALL - set(words))


def test_a_client_that_offers_everything_plays_every_case_as_it_is() -> None:
    assert all(fitted(case, EVERYTHING, real_time=False) == case for case in cases())


@pytest.mark.parametrize(
    ("scenario", "profile", "lacking"),
    [
        ("joiner", "scim", "create"),
        ("e5-create-not-allowed", "scim", "switches"),
        ("e6-update-not-allowed", "scim", "switches"),
        ("leaver-is-disabled", "scim", "disable"),
        ("leaver-is-deleted", "scim", "delete"),
        ("leaver-by-filter", "scim", "rules"),
        ("leaver-not-deleted-is-an-orphan", "scim", "orphans"),
        ("more-than-1000-groups-warns", "scim", "warnings"),
        ("rule-disabled-from-the-start", "scim", "rules"),
        ("rule-disabled-hides-the-summary", "scim", "rules"),
        ("rename-keeps-the-account", "scim", "rename_user"),
        ("group-renamed", "scim", "rename_group"),
        ("conflict-that-cannot-be-linked", "scim", "match_by_email"),
        ("restart-keeps-the-links", "scim", "restart"),
        ("second-resync-writes-nothing", "scim", "resync"),
        ("same-name-group-merge", "scim", "merge_or_overwrite"),
        ("rate-limit-mid-run", "scim", "retries"),
        ("e4-five-groups-one-membership-fails", "scim", "memberships"),
        ("e4-five-groups-one-membership-fails", "scim+user-memberships", "user_memberships"),
        ("group-appears-later", "scim", "groups"),
        ("listing-in-short-pages", "scim", "no_filters"),
    ],
)
def test_a_scenario_is_skipped_for_a_client_that_lacks_what_it_takes(scenario: str, profile: str, lacking: str) -> None:
    (case,) = one_case(scenario, profile)
    with pytest.raises(Skipped, match=rf"does not offer .*\b{lacking}\b"):
        fitted(case, without(lacking), real_time=False)


def test_every_capability_but_those_that_only_report_skips_something() -> None:
    skipping = set()
    for word in CLIENT_CAPABILITIES:
        for case in cases():
            try:
                fitted(case, without(word), real_time=False)
            except Skipped:
                skipping.add(word)
                break
    assert skipping == ALL - {"summary", "audit"}


def test_a_target_that_the_client_does_not_serve_is_skipped() -> None:
    (case,) = one_case("joiner", "slack")
    with pytest.raises(Skipped, match="the client does not serve slack"):
        fitted(case, replace(EVERYTHING, targets=frozenset({"scim"})), real_time=False)


def test_a_client_without_groups_gets_a_connection_without_groups() -> None:
    (case,) = one_case("joiner")
    given = fitted(case, without("groups"), real_time=False).scenario.given
    assert given.connection["supports_groups"] is False


def test_pauses_are_short_when_the_time_is_real() -> None:
    (case,) = one_case("rate-limit-mid-run")
    scenario = fitted(case, EVERYTHING, real_time=True).scenario
    assert [fault.headers for fault in scenario.given.faults] == [{"Retry-After": "1"}]
    assert [each.seconds for each in scenario.then[0].wire if isinstance(each, HoldsBack)] == [1]


def test_the_reference_client_is_right_even_when_it_shows_no_summary() -> None:
    chosen = [case for case in cases(["scim"]) if case.configuration.id == "scim" and "large" not in case.scenario.tags]
    finished = run(chosen, offers=without("summary"), clock=VirtualClock())
    assert (finished.holds + finished.not_exercised, finished.skipped) == (len(chosen), 0)

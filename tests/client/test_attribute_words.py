"""Core words beside the usual seven travel from attributes of the source to each target, and are taken back again."""

from __future__ import annotations

from typing import Any

import pytest

from provcheck.harness.model.core_words import FURTHER_WORDS
from provcheck.harness.model.external_change import ChangeAccount, DeleteAccount
from provcheck.harness.model.population import Population
from provcheck.harness.model.rule import DEFAULT_MAPPING
from provcheck.harness.oracle.simulation import same
from provcheck.harness.testbed.external_changes import make_external_change
from tests.client.provisioning_rig import Rig, changed, people

WORDS = FURTHER_WORDS
_OF_SLACK = tuple(word for word in WORDS if word != "nickName")
KEPT = {"scim 2.0": WORDS, "scim 1.1": WORDS, "slack 2.0": _OF_SLACK, "slack 1.1": _OF_SLACK}
"""The words that each target keeps; Slack's nickName mirrors the user name."""
_TEXTS = [word for word in WORDS if word not in ("phoneNumbers", "address", "manager")]
FIRST: dict[str, Any] = {
    **{word: f"first {word}" for word in _TEXTS},
    "timezone": "Europe/London",
    "phoneNumbers": [{"value": "+44 1", "type": "work"}, {"value": "+44 2", "type": "mobile"}],
    "address": {"streetAddress": "1 High Street", "locality": "London", "country": "GB"},
    "manager": "ben",
}
SECOND: dict[str, Any] = {
    **{word: f"second {word}" for word in _TEXTS},
    "timezone": "Europe/Paris",
    "phoneNumbers": [{"value": "+33 3", "type": "work"}],
    "address": {"locality": "Paris", "postalCode": "75001"},
    "manager": "cem",
}


def rig_of(name: str) -> Rig:
    target, version = name.split()
    rig = Rig(target, scim_version=version)
    if version == "1.1":
        rig.configure(base_url=rig.target.urls["v1"])
    rig.change_rule(mapping={**DEFAULT_MAPPING, **{word: word for word in KEPT[name]}})
    return rig


def with_attributes(values: dict[str, Any]) -> Population:
    return changed(people("ada", "ben", "cem"), "ada", attributes=values)


def differing(rig: Rig, population: Population) -> list[str]:
    """The words in which the account is not what the rule wants, as the oracle compares them."""
    account = rig.account("ada")
    wanted = rig.rule.mapped(population.user("ada"))
    return [word for word in WORDS if not same(word, account.get(word), wanted.get(word))]


@pytest.mark.parametrize("name", KEPT)
def test_words_travel_to_the_target_and_change_there(name: str) -> None:
    rig = rig_of(name)
    for values in (FIRST, SECOND):
        population = with_attributes(values)
        rig.client.apply(population)
        assert differing(rig, population) == []
        assert rig.users == {"impacted": 3, "success": 3}
        since = rig.mark()
        rig.client.resync(population)
        assert rig.writes(since) == []


@pytest.mark.parametrize("name", KEPT)
def test_a_word_that_was_changed_out_of_band_is_put_right_by_a_full_resync(name: str) -> None:
    rig = rig_of(name)
    population = with_attributes(FIRST)
    rig.client.apply(population)
    assert make_external_change(rig.target, ChangeAccount("ada", {word: SECOND[word] for word in KEPT[name]}))
    assert set(differing(rig, population)) == set(KEPT[name])
    rig.client.resync(population)
    assert differing(rig, population) == []


@pytest.mark.parametrize("name", KEPT)
def test_a_word_that_the_source_does_not_have_any_more_is_cleared_at_the_target(name: str) -> None:
    rig = rig_of(name)
    rig.client.apply(with_attributes(FIRST))
    population = with_attributes({"department": "Engines", "timezone": "Europe/London"})
    rig.client.apply(population)
    assert differing(rig, population) == []
    assert rig.users == {"impacted": 3, "success": 3}
    since = rig.mark()
    rig.client.resync(population)
    assert rig.writes(since) == []


def with_manager(manager: str, *names: str) -> Population:
    return changed(people("ada", *names), "ada", attributes={"manager": manager})


def test_a_manager_without_an_account_waits_and_is_no_error() -> None:
    rig = rig_of("scim 2.0")
    rig.client.apply(with_manager("Ben"))
    assert "manager" not in rig.account("ada")
    assert rig.users == {"impacted": 1, "success": 1}
    rig.restart()
    rig.change_rule(mapping=rig.rule.mapping)
    rig.client.apply(with_manager("Ben", "ben"))
    assert rig.account("ada")["manager"] == "ben"
    assert rig.users == {"impacted": 2, "success": 2}


def test_an_account_that_is_made_anew_is_the_manager_again() -> None:
    rig = rig_of("scim 2.0")
    rig.client.apply(with_manager("ben", "ben"))
    make_external_change(rig.target, DeleteAccount("ben"))
    rig.client.resync(with_manager("ben", "ben"))
    assert rig.account("ada")["manager"] == "ben"
    assert rig.users == {"impacted": 2, "success": 2}


def test_a_manager_who_waits_is_withheld_while_updating_is_off() -> None:
    rig = rig_of("scim 2.0")
    rig.client.apply(with_manager("ben"))
    rig.configure(update_users=False)
    rig.client.apply(with_manager("ben", "ben"))
    assert "manager" not in rig.account("ada")
    assert rig.users == {"impacted": 2, "success": 2, "partially_synced": 1}


def test_a_value_that_the_target_does_not_clear_is_no_success_alone() -> None:
    rig = rig_of("scim 2.0")
    rig.client.apply(with_attributes(FIRST))
    rig.target.faults.arm_named("attr.cannot_clear")
    rig.client.apply(with_attributes({}))
    assert rig.users == {"impacted": 3, "success": 3, "partially_synced": 1}

"""Core words beside the usual seven travel from attributes of the source to each target, and are taken back again."""

from __future__ import annotations

import pytest

from provcheck.harness.model.external_change import ChangeAccount
from provcheck.harness.model.population import Population
from provcheck.harness.model.rule import ATTRIBUTE_WORDS, DEFAULT_MAPPING
from provcheck.harness.oracle.simulation import same
from provcheck.harness.testbed.external_changes import make_external_change
from tests.client.provisioning_rig import Rig, changed, people

_BUT_NICK_NAME = tuple(word for word in ATTRIBUTE_WORDS if word != "nickName")
KEPT = {
    "scim 2.0": ATTRIBUTE_WORDS,
    "scim 1.1": ATTRIBUTE_WORDS,
    "slack 2.0": _BUT_NICK_NAME,
    "slack 1.1": _BUT_NICK_NAME,
}
"""The words that each target keeps; Slack's nickName mirrors the user name."""
FIRST = {word: f"first {word}" for word in ATTRIBUTE_WORDS} | {"timezone": "Europe/London"}
SECOND = {word: f"second {word}" for word in ATTRIBUTE_WORDS} | {"timezone": "Europe/Paris"}


def rig_of(name: str) -> Rig:
    target, version = name.split()
    rig = Rig(target, scim_version=version)
    if version == "1.1":
        rig.configure(base_url=rig.target.urls["v1"])
    rig.change_rule(mapping={**DEFAULT_MAPPING, **{word: word for word in KEPT[name]}})
    return rig


def with_attributes(population: Population, values: dict[str, str]) -> Population:
    return changed(population, "ada", attributes=values)


def differing(rig: Rig, population: Population) -> list[str]:
    """The words in which the account is not what the rule wants, as the oracle compares them."""
    account = rig.account("ada")
    wanted = rig.rule.mapped(population.user("ada"))
    return [word for word in ATTRIBUTE_WORDS if word in wanted and not same(word, account.get(word), wanted[word])]


@pytest.mark.parametrize("name", KEPT)
def test_words_travel_to_the_target_and_change_there(name: str) -> None:
    rig = rig_of(name)
    for values in (FIRST, SECOND):
        population = with_attributes(people("ada"), values)
        rig.client.apply(population)
        assert differing(rig, population) == []
        assert rig.users == {"impacted": 1, "success": 1}
        since = rig.mark()
        rig.client.resync(population)
        assert rig.writes(since) == []


@pytest.mark.parametrize("name", KEPT)
def test_a_word_that_was_changed_out_of_band_is_put_right_by_a_full_resync(name: str) -> None:
    rig = rig_of(name)
    population = with_attributes(people("ada"), FIRST)
    rig.client.apply(population)
    assert make_external_change(rig.target, ChangeAccount("ada", {word: SECOND[word] for word in KEPT[name]}))
    assert set(differing(rig, population)) == set(KEPT[name])
    rig.client.resync(population)
    assert differing(rig, population) == []


def test_a_word_that_the_source_does_not_have_any_more_is_cleared_at_the_target() -> None:
    rig = rig_of("scim 2.0")
    rig.client.apply(with_attributes(people("ada"), FIRST))
    rig.client.apply(with_attributes(people("ada"), {"department": "Engines"}))
    account = rig.account("ada")
    assert {word: account[word] for word in ATTRIBUTE_WORDS if word in account} == {"department": "Engines"}

"""The core words are the same on both sides, and every store declares those that its target keeps."""

from __future__ import annotations

from provcheck.harness import vendors
from provcheck.harness.model.capability import keeps
from provcheck.harness.model.core_words import FURTHER_WORDS, WORDS
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.target.core_words import USER_WORDS


def test_the_harness_knows_every_word_of_seeds_and_snapshots():
    assert tuple(WORDS) == tuple(USER_WORDS)


UNDECLARED = {"zoom": keeps("userType", "manager")}
"""Words that a target keeps and its store does not declare: userType is a licence, of which there are three; a manager
is written by id alone."""


def test_a_target_configuration_declares_the_words_that_its_target_keeps():
    differing = []
    for store in vendors.stores():
        for configuration in store.configurations:
            places = Environment([configuration.target]).target(configuration.target).spec.core_mapping.user.places
            kept = keeps(*(word for word in FURTHER_WORDS if word in places)) - UNDECLARED.get(store.name, frozenset())
            declared = configuration.capabilities & keeps(*FURTHER_WORDS)
            is_plain = configuration is store.configurations[0]
            if not (declared == kept if is_plain else declared <= kept):
                differing.append(configuration.id)
    assert differing == []

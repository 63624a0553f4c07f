"""The core words are the same on both sides, and every store declares those that its target keeps."""

from __future__ import annotations

from provcheck.harness import vendors
from provcheck.harness.model.capability import keeps
from provcheck.harness.model.core_words import FURTHER_WORDS, WORDS
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.target.core_words import USER_WORDS


def test_the_harness_knows_every_word_of_seeds_and_snapshots():
    assert tuple(WORDS) == tuple(USER_WORDS)


def test_a_target_configuration_declares_the_words_that_its_target_keeps():
    differing = []
    for configuration in vendors.configurations():
        places = Environment([configuration.target]).target(configuration.target).spec.core_mapping.user.places
        kept = keeps(*(word for word in FURTHER_WORDS if word in places))
        if configuration.capabilities & keeps(*FURTHER_WORDS) != kept:
            differing.append(configuration.id)
    assert differing == []

"""The generator: a seed gives the same trial for ever, and what it draws has a defined outcome."""

from __future__ import annotations

import pytest

from provcheck.harness import vendors
from provcheck.harness.generate import trials
from provcheck.harness.generate.fault_kinds import KINDS
from provcheck.harness.generate.seeded_choice import SeededChoice
from provcheck.harness.model.external_change import ChangeAccount, DeleteAccount, ExternalChanges
from provcheck.harness.run import UnknownTarget
from provcheck.harness.testbed import Testbed


def test_choices_of_a_seed_are_the_same_on_every_machine() -> None:
    seeded = SeededChoice("0")
    assert [seeded.below(1000) for _ in range(5)] == [990, 569, 860, 651, 4]


def test_some_of_the_items_are_each_taken_once_and_in_order() -> None:
    seeded = SeededChoice("some")
    for _ in range(50):
        taken = seeded.some("abcde", 3)
        assert len(set(taken)) == 3
        assert list(taken) == sorted(taken)


def test_weights_are_kept_to() -> None:
    seeded = SeededChoice("weights")
    drawn = [seeded.weighted({"often": 9, "seldom": 1, "never": 0}) for _ in range(500)]
    assert drawn.count("never") == 0
    assert 20 < drawn.count("seldom") < 90


def test_a_seed_gives_the_same_trials_every_time() -> None:
    assert list(trials(40, seed="same")) == list(trials(40, seed="same"))
    assert list(trials(5, seed="same")) != list(trials(5, seed="other"))


def test_trials_go_through_the_targets_in_turn() -> None:
    ids = list(dict.fromkeys(trial.configuration.id for trial in trials(60)))
    assert set(ids) <= {each.id for each in vendors.configurations()}
    assert [trial.configuration.id for trial in trials(len(ids) + 2)] == [*ids, *ids[:2]]
    assert {trial.configuration.target for trial in trials(4, targets=["slack"])} == {"slack"}
    with pytest.raises(UnknownTarget, match="there is no target 'nix'"):
        trials(1, targets=["nix"])


def test_the_source_never_loses_everybody_and_names_are_never_passed_on() -> None:
    for trial in trials(200, seed="sane"):
        renamed = [
            edit.changes["user_name"]
            for step in trial.disruption
            for edit in getattr(step, "edits", ())
            if "user_name" in getattr(edit, "changes", {})
        ]
        assert len(renamed) == len(set(renamed))
        assert trial.given.population.users
        external = [edit for step in trial.disruption if isinstance(step, ExternalChanges) for edit in step.changes]
        assert all("userName" not in edit.changes for edit in external if isinstance(edit, ChangeAccount))


def test_every_kind_of_fault_can_be_armed_at_every_target() -> None:
    with Testbed(sorted({each.target for each in vendors.configurations()})) as testbed:
        for configuration in vendors.configurations():
            for name, kind in KINDS.items():
                fixture = testbed.fixture(configuration)
                fixture.arm([kind.fault(name, operation, None, 2, 1) for operation in kind.operations])


def test_nobody_deletes_accounts_where_the_target_keeps_them() -> None:
    steps = (step for trial in trials(60, seed="able", targets=["slack"]) for step in trial.disruption)
    edits = [edit for step in steps if isinstance(step, ExternalChanges) for edit in step.changes]
    assert edits
    assert not [edit for edit in edits if isinstance(edit, DeleteAccount)]

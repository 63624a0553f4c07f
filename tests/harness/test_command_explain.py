"""`provcheck explain`: scenarios, checks, lint rules, faults and flags, and what was probably meant."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from provcheck.harness import checks, scenarios
from provcheck.harness.cli import main
from provcheck.harness.commands.explain import KINDS
from provcheck.harness.model.expectation import LABELS
from provcheck.harness.testbed.catalog import faults, targets
from provcheck.harness.vendors import linter


def explain(*arguments: str):
    return CliRunner().invoke(main, ["explain", *arguments])


def test_every_scenario_says_claim_source_steps_and_expectation():
    def lacks(scenario):
        text = explain(scenario.name).stdout
        parts = (scenario.claim, f"Source: {scenario.source}", "Given", "When", "then")
        return [part for part in parts if part not in text]

    assert [scenario.name for scenario in scenarios.all() if lacks(scenario)] == []


def unexplained(kind, entries):
    """The names of this kind that are not explained with all that is known about them."""

    def lacks(name, *parts):
        result = explain(f"{kind}:{name}")
        return result.exit_code != 0 or any(part not in result.stdout for part in parts)

    return [name for name, *parts in entries if lacks(name, *parts)]


def test_every_check_says_claim_source_and_how_a_client_is_mended():
    entries = ((each.name, each.claim, f"Source: {each.source}", f"To mend it: {each.fix}") for each in checks.all())
    assert unexplained("check", entries) == []


def test_every_lint_rule_says_claim_source_and_how_a_client_is_mended():
    entries = ((each.id, each.claim, f"Source: {each.source}", f"To mend it: {each.fix}") for each in linter().rules)
    assert unexplained("rule", entries) == []


def test_every_fault_says_what_it_does_and_what_a_correct_client_does():
    entries = ((each.name, each.doc, f"A correct client: {each.client}") for each in faults())
    assert unexplained("fault", entries) == []


def test_every_flag_says_its_meaning_for_each_target_that_has_it():
    entries = ((flag.name, f"a flag of {target.name}", flag.doc) for target in targets() for flag in target.flags)
    assert unexplained("flag", entries) == []


def test_a_name_needs_no_kind_and_no_case():
    assert explain("NOBODY_IS_COUNTED_TWICE").stdout == explain("check:nobody_is_counted_twice").stdout
    rule = linter().rules[0]
    assert explain(rule.id.lower()).stdout == explain(f"rule:{rule.id}").stdout


def test_a_name_that_means_several_things_is_explained_once_for_each(monkeypatch):
    twin = faults()[0].name
    monkeypatch.setitem(KINDS, "rule", lambda: iter([(twin, "a rule of that name\n")]))
    result = explain(twin)
    assert result.exit_code == 0
    assert "a rule of that name" in result.stdout
    assert faults()[0].doc in result.stdout
    assert f"rule:{twin} or fault:{twin}" in result.stderr


def test_a_kind_is_held_to():
    result = explain("fault:nobody_is_counted_twice")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: no fault is called 'nobody_is_counted_twice'")


@pytest.mark.parametrize("name", ["Impacted", "impacted", "users.impacted", "counter:Impacted"])
def test_a_counter_is_explained_by_its_name_on_the_page_and_in_files(name):
    assert explain(name).stdout.startswith("Impacted: a counter of the sync summary\n\nDistinct users (groups) that")


def test_every_counter_is_explained():
    for label in LABELS.values():
        assert f"{label}: a counter of the sync summary\n" in explain(label).stdout


def test_a_target_configuration_is_explained_with_the_commands_that_use_it():
    text = explain("scim+no-groups").stdout
    assert "To serve it: provcheck serve scim --set scim.supports_groups=false" in text
    assert "To check a client on it: provcheck check --client CLIENT --target scim+no-groups" in text


def test_a_preset_is_told_apart_from_a_target_configuration():
    text = explain("okta").stdout
    assert text.startswith("okta: a preset of the mock target scim")
    assert "To serve it: provcheck serve scim --profile scim=okta" in text
    assert explain("scim+okta_like").stdout.startswith("scim+okta_like: a target configuration that check plays")


@pytest.mark.parametrize("name", ["e6", "E6", "e6-*"])
def test_a_short_name_is_enough(name):
    assert explain(name).stdout == scenarios.explain("e6-update-not-allowed")


def test_a_pattern_explains_all_that_it_matches():
    assert explain("e?-*").stdout.count("Source: ") == 6


@pytest.mark.parametrize(
    "name, meant",
    [
        ("e6-update-allowed", "e6-update-not-allowed"),
        ("nobody-is-counted-twice", "nobody_is_counted_twice"),
        ("counted_twice", "nobody_is_counted_twice"),
        ("is-disabled", "leaver-is-disabled"),
        ("fault:create.conflict", "create.conflict_exists"),
        ("flag:suports_groups", "supports_groups"),
        ("supports_grops", "supports_groups"),
        ("impactd", "impacted"),
        ("target:scim+no-group", "scim+no-groups"),
        ("preset:okt", "okta"),
    ],
)
def test_near_misses_are_suggested(name, meant):
    result = explain(name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert meant in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["zzzzzz", "", "[", "é\n"])
def test_nothing_near_is_one_line(name):
    result = explain(name)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: nothing is called ")
    assert result.stderr.count("\n") == 1

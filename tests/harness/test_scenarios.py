"""The catalogue of scenarios: complete, named, explained, and told apart by level."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from provcheck.harness import scenarios, vendors
from provcheck.harness.model import After, Apply, Citation, Given, Population, Resync, Scenario
from tests.every_case import failures

EXAMPLES = "pingone, Outbound provisioning sync summary examples"


def test_there_are_the_six_documented_examples_in_order():
    documented = [scenario for scenario in scenarios.all() if scenario.level == "documented"]
    assert [scenario.name.split("-")[0] for scenario in documented] == ["e1", "e2", "e3", "e4", "e5", "e6"]
    assert [str(scenario.source) for scenario in documented] == [f"{EXAMPLES}, row {n}" for n in range(1, 7)]


def test_there_are_at_least_twenty_derived_scenarios():
    assert sum(scenario.level == "derived" for scenario in scenarios.all()) >= 20


def test_names_are_unique_and_kebab_case():
    names = [scenario.name for scenario in scenarios.all()]
    assert max(Counter(names).values()) == 1
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in names)


def test_every_module_that_declares_scenarios_is_named():
    folder = Path(scenarios.__file__).parent
    declaring = [path.stem for path in folder.glob("*.py") if re.search(r"^SCENARIOS\b", path.read_text("utf-8"), re.M)]
    assert sorted(declaring) == sorted(scenarios.MODULES)


def test_every_scenario_says_its_claim_and_its_source_and_runs_somewhere():
    assert failures(check_what_a_scenario_says, scenarios.all()) == []


def check_what_a_scenario_says(scenario):
    assert scenario.claim.endswith(".")
    assert scenario.source.page
    assert scenario.source.place
    every = (*vendors.configurations(), *vendors.configurations("*+*"))
    assert any(not profile.lacks(scenario.needs) for profile in every)


def test_every_scenario_can_be_explained():
    assert failures(check_an_explanation, scenarios.all()) == []


def check_an_explanation(scenario):
    text = scenarios.explain(scenario.name)
    assert scenario.claim in text
    assert str(scenario.source) in text
    assert all(f"{number}. {step.describe()}" in text for number, step in enumerate(scenario.when, start=1))
    assert all(line in text for after in scenario.then for line in after.describe())


def test_the_first_example_runs_where_there_are_no_groups_alone():
    runs = {profile.id for profile in vendors.configurations() if not profile.lacks(scenarios.named("e1")[0].needs)}
    assert runs == {each.id for each in vendors.configurations() if not each.supports_groups}


@pytest.mark.parametrize("name", ["e2", "e3", "e4"])
def test_the_group_examples_run_with_both_membership_styles(name):
    runs = {profile.id for profile in vendors.configurations() if not profile.lacks(scenarios.named(name)[0].needs)}
    assert runs == {each.id for each in vendors.configurations() if each.supports_groups}


@pytest.mark.parametrize("name", ["e5", "e6"])
def test_the_switch_examples_run_everywhere(name):
    assert not any(profile.lacks(scenarios.named(name)[0].needs) for profile in vendors.configurations())


def test_scenarios_are_found_by_pattern():
    assert [each.name for each in scenarios.named("E6")] == ["e6-update-not-allowed"]
    assert len(scenarios.named("*-without-resync")) == 2
    assert scenarios.named("nothing-of-the-kind") == ()


def test_an_unknown_name_is_told_with_what_comes_near():
    with pytest.raises(scenarios.UnknownScenario, match="rate-limit-mid-run"):
        scenarios.get("rate-limit")


def test_the_id_of_a_user_is_never_a_name():
    for scenario in scenarios.all():
        assert all(user.id != user.user_name for user in scenario.given.population.users)


def test_user_names_need_no_rewriting_by_any_target():
    plain = (scenario for scenario in scenarios.all() if "any_user_name" not in scenario.needs)
    names = {user.user_name for scenario in plain for user in scenario.given.population.users}
    assert all(re.fullmatch(r"[a-z]{1,21}", name) for name in names)


def test_a_switch_that_is_off_at_the_start_is_denied_by_the_target_too():
    denied = {"create_users": "allows_create_users", "update_users": "allows_update_users"}
    for scenario in scenarios.all():
        for switch, flag in denied.items():
            if scenario.given.connection.get(switch) is False:
                assert scenario.given.flags.get(flag) is False, scenario.name


@pytest.mark.parametrize("steps", [(), (Apply(),), (After(),), (Apply(), After(), After()), (After(), Apply())])
def test_every_expectation_stands_behind_its_step(steps):
    with pytest.raises(ValueError, match=r"directly behind the step|nothing is expected"):
        Scenario("x", "x", "derived", "x.", Citation("p", "r"), Given(Population()), steps)


def test_steps_read_in_order_with_what_is_seen_after_them():
    seen = After(users={"impacted": 1})
    scenario = Scenario(
        *("x", "x", "derived", "x.", Citation("p", "r"), Given(Population())), (Resync(), Apply(), seen)
    )
    assert scenario.in_order == ((Resync(), None), (Apply(), seen))
    assert [scenario.after(number) for number in (1, 2)] == [None, seen]

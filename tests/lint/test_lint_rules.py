"""Every rule is broken by one example and left alone by another; no example of the good sort hides an error."""

from __future__ import annotations

import pytest

from provcheck.harness.lint import RULES, SEVERITIES, lint, rule_by_id
from tests.lint import examples_conduct, examples_requests, examples_vendors
from tests.lint.imagined_exchange import numbered

EXAMPLES = examples_requests.EXAMPLES | examples_conduct.EXAMPLES | examples_vendors.EXAMPLES
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def target_of(id: str) -> str:
    return {"SLACK": "slack", "GITHU": "github_emu"}.get(id[:5], "scim")


def ids(rule, entries) -> set[str]:
    return {finding.rule.id for finding in lint(numbered(entries), target=target_of(rule.id))}


def test_there_are_examples_for_every_rule_and_for_nothing_else():
    assert set(EXAMPLES) == {rule.id for rule in RULES}


def test_there_are_more_than_forty_rules_with_an_id_each():
    assert len(RULES) == len({rule.id for rule in RULES}) > 40


@each_rule
def test_a_rule_is_broken_by_what_breaks_it(rule):
    assert rule.id in ids(rule, EXAMPLES[rule.id][0])


@each_rule
def test_a_rule_leaves_alone_what_keeps_it(rule):
    assert rule.id not in ids(rule, EXAMPLES[rule.id][1])


@each_rule
def test_a_rule_says_what_it_claims_where_that_is_written_and_how_to_mend_it(rule):
    assert rule.severity in SEVERITIES
    assert rule.claim.endswith(".")
    assert rule.fix.endswith(".")
    assert len(rule.source) > 10 or rule.source == "our advice"
    assert rule_by_id(rule.id.lower()) is rule


@each_rule
def test_a_rule_is_silent_when_nothing_was_sent(rule):
    assert lint([], target=target_of(rule.id)) == []


@each_rule
def test_rules_of_a_vendor_are_for_no_other(rule):
    foreign = {"scim", "slack", "github_emu"} - {target_of(rule.id)}
    if rule.vendors in (("slack",), ("github",)):
        for target in foreign:
            found = lint(numbered(EXAMPLES[rule.id][0]), target=target)
            assert rule.id not in {finding.rule.id for finding in found}

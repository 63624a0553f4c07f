"""Every rule is broken by one example and left alone by another; no example of the good sort hides an error."""

from __future__ import annotations

import pytest

from provcheck.harness.lint import SEVERITIES, STANDARD
from provcheck.harness.lint.dialect import CAPABILITIES, UnknownCapability
from provcheck.harness.lint.rule import on_each
from provcheck.harness.vendors import linter
from tests.every_case import failures
from tests.lint import examples_conduct, examples_requests, examples_vendors
from tests.lint.imagined_exchange import ENTERPRISE as EXTENSION
from tests.lint.imagined_exchange import ask, numbered, user

LINTER = linter()
EXAMPLES = examples_requests.EXAMPLES | examples_conduct.EXAMPLES | examples_vendors.EXAMPLES


def target_of(id: str) -> str:
    return {"SLACK": "slack", "GITHU": "github_emu"}.get(id[:5], "scim")


def ids(rule, entries) -> set[str]:
    return {finding.rule.id for finding in LINTER.lint(numbered(entries), target=target_of(rule.id))}


def test_there_are_examples_for_every_rule_and_for_nothing_else():
    assert set(EXAMPLES) == {rule.id for rule in LINTER.rules}


def test_there_are_more_than_forty_rules_with_an_id_each():
    assert len(LINTER.rules) == len({rule.id for rule in LINTER.rules}) > 40


def test_every_rule_is_broken_by_what_breaks_it():
    assert failures(check_it_is_broken, LINTER.rules) == []


def check_it_is_broken(rule):
    assert rule.id in ids(rule, EXAMPLES[rule.id][0])


def test_every_rule_leaves_alone_what_keeps_it():
    assert failures(check_it_is_kept, LINTER.rules) == []


def check_it_is_kept(rule):
    assert rule.id not in ids(rule, EXAMPLES[rule.id][1])


def test_every_rule_says_what_it_claims_where_that_is_written_and_how_to_mend_it():
    assert failures(check_what_it_says, LINTER.rules) == []


def check_what_it_says(rule):
    assert rule.severity in SEVERITIES
    assert rule.claim.endswith(".")
    assert rule.fix.endswith(".")
    assert len(rule.source) > 10 or rule.source == "our advice"
    assert LINTER.rule(rule.id.lower()) is rule


def test_every_rule_is_silent_when_nothing_was_sent():
    assert failures(check_its_silence, LINTER.rules) == []


def check_its_silence(rule):
    assert LINTER.lint([], target=target_of(rule.id)) == []


@pytest.mark.parametrize("dialect", LINTER.dialects, ids=lambda each: each.name)
def test_the_rules_of_a_dialect_hold_in_no_other(dialect):
    foreign = {STANDARD.name, *(each.name for each in LINTER.dialects)} - {dialect.name}
    for rule in dialect.rules:
        assert LINTER.held_by(rule) == (dialect.name,)
        for target in foreign:
            found = LINTER.lint(numbered(EXAMPLES[rule.id][0]), target=target)
            assert rule.id not in {finding.rule.id for finding in found}


def test_every_capability_is_needed_by_a_rule():
    asked_within_a_rule = {"documents_as_sent", "extensions_replaced"}
    assert {rule.needs for rule in LINTER.rules if rule.needs} | asked_within_a_rule == set(CAPABILITIES)


def test_a_rule_cannot_need_what_no_dialect_can_have():
    with pytest.raises(UnknownCapability, match="levitation"):
        on_each("SCIM999", "error", "our advice", "Do not.", needs="levitation")


@pytest.mark.parametrize(
    ("target", "lost"), [("scim", {EXTENSION, "nickName"}), ("github_emu", {EXTENSION}), ("slack", set())]
)
def test_what_a_put_takes_away_depends_on_what_the_target_keeps(target, lost):
    known = {"id": "1", **user(), EXTENSION: {"department": "R"}, "nickName": "a"}
    read = ask("GET /Users/1", None, 200, known)
    found = LINTER.lint(numbered([read, ask("PUT /Users/1", user(), 200)]), target=target)
    seen = "".join(each.violation.seen for each in found if each.rule.id == "SCIM509")
    assert {name for name in (EXTENSION, "nickName") if name in seen} == lost


def bulk(*operations, at: float = 0.0, answers: list | None = None):
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": list(operations)}
    return ask("POST /Bulk", body, 200, {"Operations": answers or []}, at=at)


def create(name: str = "ada", **more):
    return {"method": "POST", "path": "/Users", "bulkId": name, "data": user(name, **more)}


@pytest.mark.parametrize(
    ("id", "entries"),
    [
        ("SCIM501", [bulk(create())]),
        ("SCIM505", [bulk(create(), answers=[{"bulkId": "ada", "status": "201", "location": "/Users/1"}])] * 2),
        ("SCIM503", [bulk(create(), answers=[{"bulkId": "ada", "status": "409", "response": {}}])] * 2),
        ("SCIM504", [bulk(create(), answers=[{"bulkId": "ada", "status": "409", "response": {}}])]),
        ("SCIM514", [bulk({"method": "DELETE", "path": "/Users"})]),
    ],
)
def test_what_holds_of_a_write_holds_of_an_operation_of_a_bulk_request(id, entries):
    assert id in {finding.rule.id for finding in LINTER.lint(numbered(entries), target="scim")}


def test_what_is_wrong_with_the_headers_of_a_bulk_request_is_wrong_once():
    entry = bulk(create("ada"), create("ben"))
    entry["request"]["headers"]["Content-Type"] = "text/plain"
    found = [each for each in LINTER.lint(numbered([entry]), target="scim") if each.rule.id == "SCIM101"]
    assert len(found) == 1


@pytest.mark.parametrize(("took", "wrong"), [(0.2, set()), (0.0, {"SCIM601", "SCIM606"})])
def test_requests_on_their_way_when_a_pause_or_a_refusal_arrives_do_not_count(took, wrong):
    limited = [ask("GET /Users/1", None, 429, answered={"Retry-After": "5"}, took=took)]
    limited += [ask(f"GET /Users/{n}", at=0.1) for n in (2, 3, 4)]
    refused = [ask(f"GET /Users/{n}", None, 401, at=9 + n / 100, took=took) for n in range(4)]
    linted = LINTER.lint(numbered([*limited, *refused]), target="scim")
    assert {each.rule.id for each in linted} & {"SCIM601", "SCIM606"} == wrong

"""What correct clients do differently is no violation: neither an error nor a warning, whatever their strategy."""

from __future__ import annotations

import json

import pytest

from provcheck.harness.lint import read_recording
from provcheck.harness.vendors import linter
from tests.lint.imagined_exchange import ask, found, group, look, numbered, op, patch, user

ADA = {"id": "1", **user(title="Dr")}
STAFF = {"id": "7", **group("staff", "1")}
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
SEARCH = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]}
ON_ITS_WAY = {"took": 0.2}


def create(status=201, **more):
    return ask("POST /Users", user(title="Dr"), status, ADA if status == 201 else None, **more)


def everybody(*hits, next=None, **more):
    return ask("GET /Users", None, 200, found(*hits, **({"nextCursor": next} if next else {})), **more)


def off(status=200, **more):
    return ask("PATCH /Users/1", patch(op("replace", "active", False)), status, **more)


def bulk_with_a_refusal():
    body = {"schemas": [BULK], "Operations": [{"method": "POST", "path": "/Users", "bulkId": "a", "data": user()}]}
    return ask("POST /Bulk", body, 200, {"Operations": [{"method": "POST", "bulkId": "a", "status": "400"}]})


def bulk_without_outcomes():
    body = {"schemas": [BULK], "Operations": [{"method": "POST", "path": "/Users", "bulkId": "a", "data": user()}]}
    return ask("POST /Bulk", body, 202)


ANONYMOUS = {"Authorization": None}
LIMITED = ask("GET /Users/1", None, 429, at=0, took=0.1, answered={"Retry-After": "1"})

LAWFUL = {
    "list_and_compare_in_each_run": [everybody(at=n, connection=1) for n in range(9)],
    "search_by_post": [ask("POST /.search", SEARCH, 200, found()), create()],
    "create_first_and_look_up_after_a_conflict": [create(409), look("ada", ADA)],
    "look_up_before_and_take_a_conflict_for_an_error": [everybody(), create(409)],
    "a_lost_create_sent_again_that_meets_itself": [look(), create(0), create(409, at=1), look("ada", ADA)],
    "post_then_patch": [look(), create(), ask("PATCH /Users/1", patch(op("replace", "title", "Dr")), 200)],
    "clear_a_value_by_leaving_it_out": [look(), create(), ask("PUT /Users/1", user(), 200)],
    "put_right_what_was_changed_out_of_band": [
        create(),
        *(each for _ in range(2) for each in (everybody(ADA), ask("PUT /Users/1", user(title="Dr"), 200))),
    ],
    "try_again_what_was_refused_once_something_else_was_changed": [
        each
        for n in range(5)
        for each in (off(400, at=n), ask("PATCH /Users/1", patch(op("replace", "title", str(n))), 200, at=n + 0.5))
    ],
    "empty_a_group": [
        ask("GET /Groups", None, 200, found(STAFF)),
        ask("PUT /Groups/7", group("staff", "1"), 200, STAFF),
        ask("PUT /Groups/7", group(members="left out"), 200),
    ],
    "members_one_by_one": [
        ask("PATCH /Groups/7", patch(op("add", "members", [{"value": str(n)}])), 200) for n in range(9)
    ],
    "create_again_who_was_deleted": [look(), create(), ask("DELETE /Users/1"), look(), create()],
    "create_again_who_is_missing_in_a_list": [everybody(), create(), everybody(), create()],
    "a_refusal_for_good_tried_once_in_each_run": [off(400, at=n) for n in range(3)],
    "an_id_that_is_gone_tried_once_in_the_next_run": [off(404), off(404, at=60)],
    "a_bulk_operation_that_failed_for_good": [bulk_with_a_refusal()],
    "a_bulk_operation_without_an_outcome_done_by_itself": [
        bulk_without_outcomes(),
        everybody(),
        ask("POST /Users", user(), 201, {"id": "1", **user()}),
    ],
    "workers_on_their_way_when_a_limit_comes": [
        LIMITED,
        *(ask(f"GET /Users/{n}", None, 200, at=0.05 + n / 100) for n in range(2, 10)),
    ],
    "workers_on_their_way_when_the_token_is_refused": [
        ask(f"GET /Users/{n}", None, 401, at=n / 100, **ON_ITS_WAY) for n in range(8)
    ],
    "one_refused_request_in_each_run": [ask("GET /Users", None, 401, at=n * 60) for n in range(8)],
    "credentials_after_a_challenge": [ask("GET /Users/1", None, 401, headers=ANONYMOUS), ask("GET /Users/1")],
    "a_token_request": [ask("POST /oauth/token", "", 200, headers=ANONYMOUS, base=""), ask("GET /Users/1")],
    "many_users_that_fail": [ask(f"GET /Users/{n}", None, 503, at=n / 100) for n in range(9)],
    "a_broken_connection_at_once_again": [ask("GET /Users/1", None, 0), ask("GET /Users/1", None, 200)],
    "waiting_as_long_as_asked_fifteen_times": [
        ask("GET /Users/1", None, 429, at=n, answered={"Retry-After": "1"}) for n in range(15)
    ],
    "cursors_that_are_the_same_in_each_run": [
        everybody(ADA, next="25"),
        ask("GET /Users?cursor=25", None, 200, found()),
    ]
    * 2,
    "filters_before_it_is_told_that_there_are_none": [
        look("ada", ADA),
        ask("GET /ServiceProviderConfig", None, 200, {"schemas": [], "filter": {"supported": False}}),
        everybody(ADA),
    ],
    "a_password_that_is_reset": [ask("PATCH /Users/1", patch(op("replace", "password", "x")), 200)],
    "a_put_of_who_was_made_without_an_answer": [
        look(),
        ask("POST /Users", user(), 201, answered={"Location": "http://h/v2/Users/1"}),
        ask("PUT /Users/1", user(), 200),
    ],
}
"""Strategy -> exchanges of a client that follows it."""


@pytest.mark.parametrize("strategy", LAWFUL)
def test_a_lawful_strategy_is_neither_an_error_nor_a_warning(strategy: str) -> None:
    findings = linter().lint(numbered(LAWFUL[strategy]), target="scim")
    assert {each.rule.id: each.violation.seen for each in findings if each.rule.severity != "info"} == {}


ORGANIZATION = "/scim/v2/organizations/acme"
"""Of an organization, `schemas` is optional (GitHub's page)."""


def test_schemas_are_asked_for_on_enterprises_and_not_on_organizations() -> None:
    bare = [
        ask("POST /Users", user(schemas="left out"), base=base) for base in (ORGANIZATION, "/scim/v2/enterprises/acme")
    ]
    bare += [
        ask("PATCH /Users/1", {"Operations": [op("replace", "active", False)]}, base=base)
        for base in (ORGANIZATION, "/scim/v2/enterprises/acme")
    ]
    findings = linter().lint(numbered(bare), target="github_emu")
    assert {(each.rule.id, *each.numbers) for each in findings if each.rule.id in ("SCIM201", "SCIM301")} == {
        ("SCIM201", 2),
        ("SCIM301", 4),
    }


@pytest.mark.parametrize(("target", "base"), [("scim", "/v2"), ("slack", "/scim/v2"), ("github_emu", "/scim/v2")])
def test_a_remove_with_a_value_is_told_on_every_target(target: str, base: str) -> None:
    removal = ask("PATCH /Groups/7", patch(op("remove", "members", [{"value": "1"}])), 200, base=base)
    assert "SCIM306" in {each.rule.id for each in linter().lint(numbered([removal]), target=target)}


def test_a_create_without_a_look_up_is_told_by_the_user_name() -> None:
    (finding,) = (each for each in linter().lint(numbered([create()]), target="scim") if each.rule.id == "SCIM501")
    assert finding.violation.seen == "ada was not looked up"


def test_listings_are_counted_within_a_minute_and_for_each_process() -> None:
    times = (0, 1, 2, 3, 100, 101)
    entries = [everybody(at=at, connection=1) for at in times] + [everybody(at=at, connection=2) for at in times[:2]]
    (finding,) = (each for each in linter().lint(numbered(entries), target="scim") if each.rule.id == "SCIM414")
    assert finding.numbers == (1, 2, 3, 4)
    assert finding.violation.seen == "GET /v2/Users listed everything 4 times within a minute"


def test_the_connection_of_a_request_is_read_from_journal_and_har(tmp_path) -> None:
    entry = {"startedDateTime": "2026-01-01T00:00:00Z", "time": 1, "connection": "51", "response": {"status": 200}}
    entry["request"] = {"method": "GET", "url": "http://h/scim/v2/Users", "headers": []}
    har, journal = tmp_path / "a.har", tmp_path / "a.json"
    har.write_text(json.dumps({"log": {"entries": [entry]}}))
    journal.write_text(json.dumps(numbered([everybody(connection=51)])))
    assert [read_recording(file)[0].exchanges[0].connection for file in (har, journal)] == ["51", "51"]

"""The pipeline that every HTTP target runs through, on the smallest target there can be."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from provcheck.mock_targets.faults.description import read_fault
from provcheck.mock_targets.http.errors import AnswerLost
from provcheck.mock_targets.http.pipeline import build_app
from provcheck.mock_targets.http.router import MAX_BODY
from provcheck.mock_targets.target.target import Target
from tests.fake_target import make_target

BEARER = {"Authorization": "Bearer fak-secret"}


@pytest.fixture
def target() -> Target:
    return make_target()


@pytest.fixture
def client(target: Target) -> FlaskClient:
    return build_app(target).test_client()


def create(client: FlaskClient, login: str = "ada", **options):
    return client.post("/people", json={"login": login}, headers=BEARER, **options)


def arm(target: Target, **description) -> None:
    target.faults.arm(read_fault(description))


def logins(target: Target) -> list[str]:
    return [record.document["login"] for record in target.directory.all("User")]


def last(target: Target):
    return target.journal.since()[-1]


def test_a_create_is_answered_applied_and_journalled(client, target):
    answer = create(client)
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"http://localhost/people/{answer.json['id']}"
    exchange = last(target)
    assert (exchange.operation, exchange.applied, exchange.status) == ("user.create", "yes", 201)
    assert exchange.intents[0].id == answer.json["id"]


def test_every_answer_carries_the_headers_of_the_error_format(client):
    assert create(client).headers["X-Fake"] == "yes"
    assert client.get("/nowhere").headers["X-Fake"] == "yes"


def test_an_empty_answer_has_no_content_type(client):
    id = create(client).json["id"]
    answer = client.delete(f"/people/{id}", headers=BEARER)
    assert (answer.status_code, answer.data, "Content-Type" in answer.headers) == (204, b"", False)


def test_an_unknown_url_is_refused_in_the_error_format_of_the_target(client, target):
    answer = client.get("/nowhere", headers=BEARER)
    assert (answer.status_code, answer.json) == (404, {"oops": "/nowhere does not exist"})
    assert answer.content_type == "application/vnd.fake+json"
    assert last(target).operation == "unknown"


@pytest.mark.parametrize("method", ["PUT", "OPTIONS", "TRACE"])
def test_a_method_that_no_route_has_is_refused_in_the_error_format_of_the_target(client, method):
    answer = client.open("/people", method=method, headers=BEARER)
    assert (answer.status_code, answer.json) == (405, {"oops": f"{method} is not allowed here"})


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer wrong", "Basic fak-secret", "fak-secret", "Bearer f\xe4k", "Bearer " + "x" * 100_000],
)
def test_a_request_without_the_token_changes_nothing(client, target, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = client.post("/people", json={"login": "ada"}, headers=headers)
    assert (answer.status_code, logins(target)) == (401, [])
    assert last(target).applied == "no"


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_name_of_the_scheme_has_no_case(client, scheme):
    assert client.get("/people", headers={"Authorization": f"{scheme} fak-secret"}).status_code == 200


def test_a_forbidden_action_changes_nothing_and_names_its_flag_in_the_journal(client, target):
    target.flags.set({"allows_create_users": False})
    answer = create(client)
    assert (answer.status_code, logins(target)) == (403, [])
    assert (last(target).refused_by, last(target).applied) == ("allows_create_users", "no")


def test_a_permission_given_back_lets_the_action_pass(client, target):
    target.flags.set({"allows_create_users": False})
    create(client)
    target.flags.set({"allows_create_users": True})
    assert create(client).status_code == 201


def test_a_conflict_changes_nothing(client, target):
    create(client)
    assert create(client, "ADA").status_code == 404  # the fake target answers every unknown thing so
    assert logins(target) == ["ada"]
    assert last(target).applied == "no"


def test_a_fault_before_the_change_leaves_the_state_alone(client, target):
    arm(target, operation="user.create", status=503, headers={"Retry-After": "2"})
    answer = create(client)
    assert (answer.status_code, answer.headers["Retry-After"], logins(target)) == (503, "2", [])
    assert (last(target).faults, last(target).applied) == (["fault-1"], "no")


def test_a_fault_after_the_change_lies_about_it(client, target):
    arm(target, operation="user.create", status=500, moment="after")
    assert (create(client).status_code, logins(target)) == (500, ["ada"])
    assert last(target).applied == "yes"


def test_a_fault_can_answer_with_its_own_body(client, target):
    arm(target, status=200, body={"strange": True})
    assert create(client).json == {"strange": True}


def test_a_fault_for_one_entity_spares_the_others(client, target):
    arm(target, operation="user.create", entity="BOB", status=503)
    assert [create(client, login).status_code for login in ("ada", "bob", "eve")] == [201, 503, 201]


def test_a_lost_answer_ends_the_connection_after_the_change(client, target):
    arm(target, operation="user.create", moment="after", loses_answer=True)
    with pytest.raises(AnswerLost):
        create(client)
    assert logins(target) == ["ada"]
    assert (last(target).answer, last(target).status, last(target).applied) == ("lost", None, "yes")


def test_an_answer_lost_before_the_change_leaves_the_state_alone(client, target):
    arm(target, operation="user.create", loses_answer=True)
    with pytest.raises(AnswerLost):
        create(client)
    assert logins(target) == []
    assert last(target).applied == "no"


def test_a_truncated_body_breaks_off_after_its_first_bytes(client, target):
    arm(target, operation="user.list", moment="after", truncates_at=4)
    answer = client.get("/people", headers=BEARER)
    chunks = iter(answer.response)
    assert next(chunks) == b'{"pe'
    with pytest.raises(AnswerLost):
        next(chunks)
    assert (answer.headers["Content-Length"], last(target).answer) == ("13", "truncated")


def test_a_delay_passes_on_the_targets_clock(client, target):
    arm(target, operation="user.list", delay=2.5)
    assert client.get("/people", headers=BEARER).status_code == 200
    assert last(target).duration == 2.5


def test_rate_limits_are_off_until_asked_for(client):
    assert {client.get("/people", headers=BEARER).status_code for _ in range(5)} == {200}


def test_an_enforced_rate_limit_refuses_and_says_when_to_come_back(client, target):
    target.flags.set({"enforces_rate_limits": True})
    answers = [client.get("/people", headers=BEARER) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert last(target).refused_by == "enforces_rate_limits"
    target.clock.sleep(int(answers[-1].headers["Retry-After"]))
    assert client.get("/people", headers=BEARER).status_code == 200


def test_a_crash_shows_its_inside_in_the_journal_only(client, target):
    answer = client.get("/crash", headers=BEARER)
    assert (answer.status_code, answer.json) == (500, {"oops": "internal error"})
    assert "the cellar is on fire" in (last(target).error or "")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b'"text"',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"login": NaN}',
        b'{"login": 1e999}',
        b'{"login": ' + b"9" * 5000 + b"}",
        b'{"login": "a", "login": "b"}',
        b'{"login": "\\ud800"}',
        b'{"login": "\xff"}',
        b"\x00",
    ],
)
def test_hostile_json_is_refused_and_changes_nothing(client, target, body):
    answer = client.post("/people", data=body, headers=BEARER)
    assert (answer.status_code, logins(target)) == (400, [])
    assert set(answer.json) == {"oops"}
    assert last(target).error is None


def test_a_body_over_the_limit_is_refused_in_the_error_format_of_the_target(client, target):
    answer = client.post("/people", data=b"x" * (MAX_BODY + 1), headers=BEARER)
    assert (answer.status_code, set(answer.json)) == (413, {"oops"})
    assert last(target).applied == "no"


def test_neither_token_nor_password_reaches_the_journal(client, target):
    client.post("/people?token=q-canary", json={"login": "ada", "password": "p-canary"}, headers=BEARER)
    kept = json.dumps([exchange.as_dict() for exchange in target.journal.since()])
    assert "fak-secret" not in kept
    assert "canary" not in kept


def test_a_reset_brings_back_the_first_state(client, target):
    create(client)
    target.flags.set({"shouts": True})
    arm(target, status=503)
    target.reset()
    assert (logins(target), target.behaviour.shouts, target.faults.describe()) == ([], False, [])
    assert target.journal.since() == []


def test_a_profile_sets_its_flags_and_takes_back_those_of_the_others(target):
    target.apply_profile("loud")
    target.apply_profile("small")
    assert (target.behaviour.shouts, target.behaviour.page_size) == (False, 2)


def test_a_profile_leaves_permissions_alone(target):
    target.flags.set({"allows_delete_users": False})
    target.apply_profile("loud")
    assert target.behaviour.allows_delete_users is False

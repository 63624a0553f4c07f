"""Rows 1 to 8, 65 and 70 of the conformance table: who is let in, which paths there are, what every answer carries."""

from __future__ import annotations

import pytest

from tests.vendors.github_rig import PLAIN_JSON, SCIM_JSON, TOKEN, Rig, is_basic_error, is_scim_error, user


@pytest.fixture
def github() -> Rig:
    return Rig()


@pytest.mark.parametrize("header", ["", "Bearer wrong", "token wrong", "Basic abc", f"Bearer {TOKEN}x", "Bearer \xff"])
def test_row_01_without_or_with_a_wrong_token(github, header):
    answer = github.get("/Users", headers={"Authorization": header})
    assert is_basic_error(answer, 401)
    assert is_basic_error(github.post("/Users", user(), headers={"Authorization": header}), 401)
    assert github.state() == []


@pytest.mark.parametrize("status", ["403", "404"])
def test_row_02_a_token_without_the_scope(status):
    github = Rig(token_scopes="repo, read:org", missing_scope_status=status)
    assert is_basic_error(github.get("/Users"), int(status))
    assert github.post("/Users", user()).status_code == int(status)
    assert github.state() == []


@pytest.mark.parametrize("scopes", ["scim:enterprise", "repo, admin:enterprise"])
def test_row_02_either_of_two_scopes_is_enough(scopes):
    assert Rig(token_scopes=scopes).get("/Users").status_code == 200


def test_row_02_an_enterprise_scope_does_not_open_an_organization():
    github = Rig(token_scopes="scim:enterprise")
    github.base = "/scim/v2/organizations/acme"
    assert is_scim_error(github.get("/Users"), 403)


def test_row_03_no_user_agent(github):
    assert is_basic_error(github.get("/Users", headers={"User-Agent": ""}), 403)
    github.set(requires_user_agent=False)
    assert github.get("/Users", headers={"User-Agent": ""}).status_code == 200


def test_row_04_an_api_version_that_does_not_exist(github):
    old = {"X-GitHub-Api-Version": "1999-01-01"}
    answer = github.get("/Users", headers=old)
    assert is_basic_error(answer, 400)
    assert "version" in answer.json["message"]
    github.set(refuses_unknown_api_versions=False)
    assert github.get("/Users", headers=old).status_code == 200


@pytest.mark.parametrize("version", ["2022-11-28", "2026-03-10"])
def test_row_04_an_api_version_that_exists(github, version):
    assert github.get("/Users", headers={"X-GitHub-Api-Version": version}).status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer", "token", "bearer", "Token"])
def test_row_05_both_schemes(github, scheme):
    assert github.get("/Users", headers={"Authorization": f"{scheme} {TOKEN}"}).status_code == 200


@pytest.mark.parametrize("path", ["/users", "/groups", "/USERS", "/Userss"])
def test_row_06_paths_are_compared_with_case(github, path):
    assert is_basic_error(github.get(path), 404)


@pytest.mark.parametrize("path", ["/Users/", "/Groups/", "//Users"])
def test_row_07_a_slash_too_many(github, path):
    assert is_basic_error(github.get(path), 404)


def test_row_07_a_slash_behind_an_id(github):
    id = github.add_user()
    assert is_basic_error(github.get(f"/Users/{id}/"), 404)


@pytest.mark.parametrize("path", ["ServiceProviderConfig", "Schemas", "ResourceTypes", "Me", "Bulk", "Users/.search"])
def test_row_08_there_is_no_discovery(github, path):
    assert is_basic_error(github.get(f"/{path}"), 404)
    assert is_basic_error(github.post(f"/{path}", {}), 404)


def test_an_enterprise_that_does_not_exist(github):
    github.base = "/scim/v2/enterprises/other"
    assert is_basic_error(github.get("/Users"), 404)
    github.set(enterprise="")
    assert github.get("/Users").status_code == 200
    location = github.post("/Users", user()).headers["Location"]
    assert location.startswith("http://localhost/scim/v2/enterprises/other/Users/")


def test_the_slug_of_an_enterprise_disregards_case(github):
    github.base = "/scim/v2/enterprises/ACME"
    assert github.get("/Users").status_code == 200


@pytest.mark.parametrize("shape", ["basic", "scim"])
def test_refusals_have_the_shape_that_the_flag_gives(shape):
    github = Rig(refusal_shape=shape, allows_create_users=False)
    is_shaped = is_basic_error if shape == "basic" else is_scim_error
    assert is_shaped(github.get("/Users", headers={"Authorization": ""}), 401)
    assert is_shaped(github.post("/Users", user()), 403)


def test_row_65_every_answer_says_what_it_is_and_how_much_is_left(github):
    id = github.add_user()
    answers = [github.get("/Users"), github.get("/Users/0"), github.get("/nowhere"), github.delete(f"/Users/{id}")]
    for answer in answers:
        assert int(answer.headers["x-ratelimit-remaining"]) > 0
        for word in ("limit", "used", "reset", "resource"):
            assert answer.headers[f"x-ratelimit-{word}"]
    assert [answer.headers["Content-Type"] for answer in answers[:3]] == [SCIM_JSON, PLAIN_JSON, PLAIN_JSON]


def test_row_65_without_the_rate_limit_headers():
    assert "x-ratelimit-limit" not in Rig(shows_rate_limit=False).get("/Users").headers


@pytest.mark.parametrize("body", [b"{", b"", b'{"a": NaN}', b'{"a": 1, "a": 2}', b'"\\ud800"', b"\xff", b"[" * 100000])
def test_row_70_invalid_json(github, body):
    answer = github.call("POST", "/Users", data=body, headers={"Content-Type": "application/scim+json"})
    assert is_scim_error(answer, 400)
    assert answer.json["message"] == "Problems parsing JSON"
    assert github.state() == []


@pytest.mark.parametrize("body", [[], "text", 7, None, True])
def test_row_70_a_body_that_is_no_object(github, body):
    id = github.add_user()
    before = github.state()
    for answer in (
        github.post("/Users", body),
        github.put(f"/Users/{id}", body),
        github.patch(f"/Users/{id}", body),
        github.post("/Groups", body),
    ):
        assert is_scim_error(answer, 400)
    assert github.state() == before


@pytest.mark.parametrize("accept", ["*/*", "application/vnd.github+json", "application/scim+json", "text/html"])
def test_every_accept_is_answered_alike(github, accept):
    assert github.get("/Users", headers={"Accept": accept}).mimetype == "application/scim+json"


@pytest.mark.parametrize("media_type", ["application/json", "application/scim+json", "text/plain"])
def test_a_body_may_have_any_type(github, media_type):
    assert github.post("/Users", user(), headers={"Content-Type": media_type}).status_code == 201

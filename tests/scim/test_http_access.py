"""Paths, methods, media types, versions and /Me."""

from __future__ import annotations

import pytest

from tests.scim.scim_rig import Scim, new_user, op, patch, refusal


@pytest.fixture
def scim() -> Scim:
    return Scim()


@pytest.mark.parametrize("path", ["/Nope", "/Users/x/y", "/Bulk/x", "/Me/x", "/users", "/Schema"])
def test_an_unknown_path_is_not_found(scim, path):
    assert refusal(scim.get(path)) == (404, None)


@pytest.mark.parametrize("path", ["/Users", "/", "", "/Groups/x", "/ServiceProviderConfig"])
def test_a_path_without_a_version_is_not_found_and_the_answer_says_where_to_look(scim, path):
    answer = scim.send("GET", path, root=f"{scim.environment.url}/scim")
    assert refusal(answer) == (404, None)
    assert "/v2 or /v1" in answer.json()["detail"]


@pytest.mark.parametrize("version", ["v3", "v2.1", "V2", "v99"])
def test_a_version_that_is_not_spoken_is_refused(scim, version):
    answer = scim.send("GET", f"/{version}/Users", root=f"{scim.environment.url}/scim")
    assert refusal(answer) == (400, "invalidVers")


@pytest.mark.parametrize(
    "method,path,allowed",
    [
        ("PUT", "/Users", "GET, HEAD, POST"),
        ("DELETE", "/Users", "GET, HEAD, POST"),
        ("POST", "/Users/x", "DELETE, GET, HEAD, PATCH, PUT"),
        ("GET", "/Bulk", "POST"),
        ("GET", "/.search", "POST"),
        ("OPTIONS", "/Users", "GET, HEAD, POST"),
        ("PATCH", "/Schemas", "GET, HEAD"),
        ("TRACE", "/Users", "GET, HEAD, POST"),
    ],
)
def test_a_method_that_a_path_has_not_is_refused_with_those_it_has(scim, method, path, allowed):
    answer = scim.send(method, path)
    assert refusal(answer) == (405, None)
    assert answer.headers["Allow"] == allowed


@pytest.mark.parametrize("path", ["/Users", "/ServiceProviderConfig", "/Users/nobody"])
def test_head_answers_what_get_would_without_the_body(scim, path):
    got, head = scim.get(path), scim.send("HEAD", path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["Content-Length"] == str(len(got.content))


@pytest.mark.parametrize("path", ["/Users/", "/ServiceProviderConfig/", "/Schemas/"])
def test_a_slash_at_the_end_is_passed_over(scim, path):
    assert scim.get(path).status_code == 200


@pytest.mark.parametrize(
    "media_type,status",
    [
        ("application/scim+json", 201),
        ("application/json", 201),
        ("application/scim+json; charset=utf-8", 201),
        ("APPLICATION/JSON", 201),
        ("", 201),
        ("text/plain", 415),
        ("application/xml", 415),
        ("application/x-www-form-urlencoded", 415),
        ("nonsense", 415),
    ],
)
def test_a_body_is_json_of_scim(scim, media_type, status):
    answer = scim.send("POST", "/Users", new_user(), headers={"Content-Type": media_type})
    assert answer.status_code == status
    assert len(list(scim.target.directory.all("User"))) == (status == 201)


@pytest.mark.parametrize(
    "method,path",
    [
        ("PUT", "/Users/{}"),
        ("PATCH", "/Users/{}"),
        ("POST", "/Bulk"),
        ("POST", "/.search"),
        ("POST", "/Users/.search"),
        ("POST", "/Me"),
        ("POST", "/Groups"),
    ],
)
def test_every_body_is_json_of_scim(scim, method, path):
    path = path.format(scim.create()["id"])
    assert refusal(scim.send(method, path, b"<x/>", headers={"Content-Type": "application/xml"})) == (415, None)


@pytest.mark.parametrize(
    "method,body",
    [
        ("GET", None),
        ("PUT", new_user("ada")),
        ("PATCH", patch(op("remove", "title"))),
        ("DELETE", None),
        ("POST", new_user("ada")),
    ],
)
def test_me_is_nobody_unless_a_subject_is_named(scim, method, body):
    assert refusal(scim.send(method, "/Me", body)) == (501, None)


def test_me_stands_for_its_subject(scim):
    id = scim.create("ada")["id"]
    scim.flags.me_subject = "Ada"
    assert scim.get("/Me").json()["id"] == id
    assert scim.patch("/Me", op("add", "title", "Countess")).json()["title"] == "Countess"
    assert "title" not in scim.send("PUT", "/Me", new_user("ada")).json()
    assert scim.send("POST", "/Me", new_user("bob")).json()["userName"] == "bob"
    assert scim.send("DELETE", "/Me").status_code == 204
    assert refusal(scim.get("/Me")) == (404, None)


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Bearer", "bearer  ", "Token x", "Bearer ünknown"])
@pytest.mark.parametrize("method,path", [("GET", "/Users"), ("POST", "/Users"), ("GET", "/Schemas"), ("POST", "/Bulk")])
def test_without_the_token_nothing_is_answered(scim, method, path, header):
    headers = {} if header is None else {"Authorization": header.encode("latin-1")}
    answer = scim.session.request(method, scim.base_url + path, json=new_user(), headers=headers)
    assert refusal(answer) == (401, None)
    assert scim.state() == []


def test_the_token_is_never_kept(scim):
    scim.get("/Users", attributes=scim.token)
    scim.send("POST", "/Users", new_user("ada", title=scim.token))
    assert scim.token not in repr([exchange.as_dict() for exchange in scim.journal])

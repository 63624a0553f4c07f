"""Whatever a request holds, GitHub's target answers below 500, and a refused request changes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.vendors.github_rig import ORGANIZATION, SERVER, Rig, group, operations, user

RIG = Rig()
ROUTES = sorted({tuple(endpoint.split(" ", 1)) for endpoint in RIG.client.application.view_functions})
WRITING = [(method, rule) for method, rule in ROUTES if method in ("POST", "PUT", "PATCH")]
READING = [(method, rule) for method, rule in ROUTES if method == "GET"]
WORDS = ["schemas", "id", "externalId", "userName", "active", "name", "givenName", "displayName", "emails", "roles",
         "members", "groups", "value", "type", "primary", "$ref", "display", "meta", "Operations", "op", "path",
         "name.familyName", "urn:ietf:params:scim:schemas:core:2.0:User", ""]  # fmt: skip
PATHS = ["userName", "active", "name", "name.givenName", "emails", "emails.value", "emails[type eq 'work'].value",
         'emails[value ne "x"]', "emails[", "members", 'members[value eq "$member"]', "members[value pr]",
         'members[not (value eq "a")].value', "members.value", "groups", "schemas", "id", "meta.location",
         "roles[primary eq true]",
         "urn:ietf:params:scim:schemas:core:2.0:User:userName", "displayName", "externalId", "", " ", "["]  # fmt: skip

texts = st.one_of(st.text(max_size=8), st.sampled_from(["$member", "$group", "\ud800", "mona@example.com", "User"]))
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), texts)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(WORDS), st.text(max_size=4)), inner, max_size=4),
    ),
    max_leaves=8,
)
likely = st.sampled_from([True, False, "x", "ada", [{"value": "$member"}], [{"value": "$group"}], {"value": "y"}, None])
steps = st.one_of(
    st.fixed_dictionaries(
        {"op": st.sampled_from(["add", "remove", "replace", "Add"]), "path": st.sampled_from(PATHS)},
        optional={"value": likely},
    ),
    st.fixed_dictionaries(
        {"op": st.sampled_from(["add", "remove", "replace"])},
        optional={"value": st.dictionaries(st.sampled_from(WORDS + PATHS), st.one_of(likely, values), max_size=3)},
    ),
    st.fixed_dictionaries({}, optional={"op": scalars, "path": values, "value": values}),
)
patches = st.one_of(st.lists(steps, min_size=1, max_size=3).map(lambda several: operations(*several)), values)
resources = st.one_of(
    st.dictionaries(st.sampled_from(WORDS), values, max_size=3).map(lambda changes: {**user("ada"), **changes}),
    st.dictionaries(st.sampled_from(WORDS), values, max_size=2).map(lambda changes: {**group("Other"), **changes}),
    values,
)
writes = st.sampled_from(WRITING).flatmap(
    lambda route: st.tuples(st.just(route), patches if route[0] == "PATCH" else resources)
)
queries = st.dictionaries(
    st.sampled_from(["filter", "startIndex", "count", "excludedAttributes", "attributes", "x"]),
    st.one_of(
        st.text(max_size=20),
        st.integers().map(str),
        st.sampled_from(
            ['userName eq "mona"', 'id eq "\\ud800"', "members", 'userName eq "a" or id eq "b"', "(" * 999]
        ),
    ),
    max_size=3,
)
flags = st.fixed_dictionaries(
    {},
    optional={
        "required_attributes": st.sampled_from(["observed", "documented"]),
        "membership_style": st.sampled_from(["group", "user", "none"]),
        "unknown_members": st.sampled_from(["rejected", "not_found", "skipped"]),
        "applies_filtered_user_paths": st.booleans(),
        "refuses_unknown_roles": st.booleans(),
        "reinstates_on_create": st.booleans(),
        "enforces_rate_limits": st.booleans(),
        "obfuscates_suspended_users": st.booleans(),
    },
)
relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def fresh() -> dict[str, str]:
    """The rig with one user, one group and one member of the organization; the ids that rules and bodies mean."""
    RIG.target.reset()
    RIG.base = "/scim/v2/enterprises/acme"
    member = RIG.add_user("mona")
    found = {"member": member, "group": RIG.add_group("Engineering", member)}
    RIG.base = ORGANIZATION
    found["organization"] = RIG.post("/Users", user("mona")).json["id"]
    RIG.base = ""
    return found


def url_of(rule: str, ids: dict[str, str]) -> str:
    kind = "organization" if rule.startswith("/scim/v2/organizations") else "group" if "/Groups" in rule else "member"
    path = rule.replace("<enterprise>", "acme").replace("<organization>", "acme")
    return path.replace("<id>", ids[kind])


def send(method: str, rule: str, *, ids: dict[str, str], **rest: Any) -> None:
    """One request; what must hold of every answer."""
    before = RIG.state()
    answer = RIG.call(method, url_of(rule, ids), **rest)
    assert RIG.last.error is None, RIG.last.error
    assert answer.status_code < 500
    assert not answer.data or isinstance(answer.json, dict)
    if answer.status_code >= 400:
        assert RIG.state() == before
        assert answer.json.get("message") or answer.json.get("detail")


def written(body: Any, ids: dict[str, str]) -> bytes:
    """A body as JSON, its placeholders filled in."""
    text = json.dumps(body)
    return text.replace("$member", ids["member"]).replace("$group", ids["group"]).encode()


@settings(relaxed, max_examples=250)
@given(write=writes, changed=flags)
def test_a_write_with_any_body(write, changed):
    (route, body), ids = write, fresh()
    RIG.set(**changed)
    send(*route, ids=ids, data=written(body, ids), headers={"Content-Type": "application/json"})


@settings(relaxed, max_examples=100)
@given(route=st.sampled_from(WRITING), body=st.binary(max_size=30))
def test_a_write_with_any_bytes(route, body):
    send(*route, ids=fresh(), data=body)


@settings(relaxed, max_examples=150)
@given(route=st.sampled_from(READING), query=queries)
def test_a_read_with_any_query(route, query):
    send(*route, ids=fresh(), query_string=query)


@settings(relaxed, max_examples=60)
@given(method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]), path=st.text(max_size=12))
@pytest.mark.parametrize("base", ["/", "/scim/v2/enterprises/acme/", f"{SERVER}/Users/", f"{ORGANIZATION}/Users/"])
def test_any_path(base, method, path):
    fresh()
    before = RIG.state()
    answer = RIG.client.open(
        base + path.replace("%", "%25").replace("?", "%3F").replace("#", "%23").lstrip("/\\"),
        method=method,
        headers={"Authorization": "Bearer ghp_secret", "User-Agent": "tests"},
    )
    assert answer.status_code < 500
    assert RIG.state() == before


@settings(relaxed, max_examples=60)
@given(name=st.sampled_from(["Authorization", "X-GitHub-Api-Version", "If-None-Match", "Accept", "Content-Type"]),
       value=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20))  # fmt: skip
def test_any_header(name, value):
    send("GET", "/scim/v2/enterprises/<enterprise>/Users/<id>", ids=fresh(), headers={name: value})


@pytest.mark.parametrize("route", WRITING, ids=" ".join)
def test_a_body_that_is_too_large_or_too_deep(route):
    ids = fresh()
    for body in (b'{"a":"' + b"x" * 10_000_000 + b'"}', b"[" * 50_000 + b"]" * 50_000, b'{"a":1e999}'):
        before = RIG.state()
        answer = RIG.call(route[0], url_of(route[1], ids), data=body)
        assert 400 <= answer.status_code < 500
        assert RIG.state() == before

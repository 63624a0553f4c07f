"""Whatever arrives on whatever route: never a 500, a refusal in the form of the version, and nothing changed by it."""

from __future__ import annotations

import json
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provcheck.mock_targets.http.router import MAX_BODY
from tests.scim.differential_cases import FILTERS
from tests.scim.scim_rig import BULK, CORE_1, ENTERPRISE, GROUP, PATCH, SEARCH, USER, Scim, new_user, patch

NESTED = b'{"schemas":["' + USER.encode() + b'"],"userName":"a","name":' + b'{"givenName":' * 5000 + b"1" + b"}" * 5001
BODIES = {
    "nested objects": NESTED,
    "nested lists": b"[" * 100_000,
    "a closed nest": b"[" * 50_000 + b"]" * 50_000,
    "infinity in figures": b'{"schemas":["' + USER.encode() + b'"],"userName":"a","title":1e999}',
    "minus infinity": b"-1e999",
    "NaN": b'{"userName":NaN}',
    "Infinity": b'{"userName":Infinity}',
    "a key twice": b'{"userName":"a","userName":"b"}',
    "a lone surrogate": b'{"schemas":["' + USER.encode() + b'"],"userName":"\\ud800"}',
    "a lone surrogate as key": b'{"\\udfff":1}',
    "a huge number": b'{"userName":' + b"9" * 5000 + b"}",
    "not UTF-8": b'{"userName":"\xff"}',
    "UTF-16": json.dumps(new_user()).encode("utf-16"),
    "a null byte": b"\x00",
    "a cut string": b'{"userName":"a',
    "two values": b"{}{}",
    "10 MB of nothing": b" " * (10 * 1024 * 1024),
    "10 MB of text": b'{"userName":"' + b"a" * (10 * 1024 * 1024) + b'"}',
}
ROUTES = [
    ("POST", "/Users"),
    ("PUT", "/Users/{user}"),
    ("PATCH", "/Users/{user}"),
    ("POST", "/Groups"),
    ("PATCH", "/Groups/{group}"),
    ("POST", "/Bulk"),
    ("POST", "/.search"),
    ("POST", "/Users/.search"),
]


@cache
def target() -> tuple[Scim, dict[str, str]]:
    """One target for all of this file; whatever is refused must leave it as it is."""
    scim = Scim()
    scim.learn_models()
    user = scim.create("ada", emails=[{"value": "a@x.org", "type": "work"}])["id"]
    return scim, {"user": user, "group": scim.create_group("Sales", user)["id"]}


def sent(method: str, path: str, body: object = None, **options):
    """A request that must not end in a 500; if it is refused, nothing may have changed."""
    scim, ids = target()
    before = scim.state()
    path = path.format(**ids) if "{" in path and "}" in path else path
    answer = scim.send(method, path, body, **options)
    assert answer.status_code != 500, scim.journal[-1].error
    assert answer.status_code in (200, 201, 204, 304, 400, 401, 403, 404, 405, 409, 412, 413, 415, 501)
    if answer.status_code >= 400:
        assert scim.state() == before
        assert scim.journal[-1].error is None
    return answer


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("method,path", ROUTES)
def test_a_hostile_body_is_refused(method, path, name):
    answer = sent(method, path, BODIES[name])
    assert answer.status_code == (413 if "10 MB" in name else 400)
    if "10 MB" not in name:
        assert answer.json()["scimType"] in ("invalidSyntax", "invalidValue")


@pytest.mark.parametrize("name", BODIES)
def test_a_hostile_body_is_refused_in_version_1(name):
    scim, _ = target()
    answer = scim.v1("POST", "/Users", BODIES[name])
    assert answer.status_code == (413 if "10 MB" in name else 400)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "(" * 100_000,
        'userName eq "' + "a" * 100_000 + '"',
        " or ".join(['userName eq "a"'] * 6000),
        "not (" * 20_000 + "title pr" + ")" * 20_000,
        'userName eq "\\ud800"',
        "\x00",
        "\ufffe eq 1",
        "emails[" * 1000,
    ],
)
@pytest.mark.parametrize("how", ["query", "body"])
def test_a_hostile_filter_is_refused(text, how):
    if how == "query":
        answer = sent("GET", "/Users", query={"filter": text})
    else:
        answer = sent("POST", "/Users/.search", {"schemas": [SEARCH], "filter": text})
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidFilter")


@pytest.mark.parametrize(
    "path", ["a" * 100_000, "emails[" * 3000, "emails[" + 'type eq "x" or ' * 500 + "type pr]", "\ud800", "urn:" * 5000]
)
def test_a_hostile_path_is_refused(path):
    answer = sent("PATCH", "/Users/{user}", patch({"op": "replace", "path": path, "value": 1}))
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        {"attributes": ",".join("abcdefgh" * 5000)},
        {"sortBy": "a" * 100_000},
        {"count": "9" * 5000},
        {"cursor": "x" * 100_000},
        {"startIndex": "٣"},
    ],
)
def test_a_hostile_query_is_refused(query):
    assert sent("GET", "/Users", query=query).status_code == 400


@pytest.mark.parametrize("count", [10_001])
def test_a_message_with_too_many_operations_is_refused(count):
    assert sent("PATCH", "/Users/{user}", patch(*[{"op": "remove", "path": "title"}] * count)).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"If-Match": ","},
        {"If-Match": '"' * 5000},
        {"If-Match": "a" + " " * 20_000 + '"'},
        {"If-None-Match": "a" * 9000 + '"'},
        {"If-None-Match": "W/" * 5000},
        {"Content-Type": "application/json;" * 500},
    ],
)
def test_a_hostile_header_is_read_or_refused(headers):
    sent("PUT", "/Users/{user}", new_user("ada", title="x"), headers=headers)


def test_the_limit_of_a_body_is_above_ten_thousand_members():
    members = ",".join('{"value":"5b181839-21c0-49e1-8ece-3dd610b40641"}' for _ in range(10_000))
    assert len(members) < MAX_BODY


names = st.sampled_from(
    [
        "userName",
        "schemas",
        "id",
        "meta",
        "name",
        "emails",
        "active",
        "password",
        "groups",
        "members",
        "displayName",
        "externalId",
        "value",
        "type",
        "primary",
        "$ref",
        "op",
        "path",
        "Operations",
        "method",
        "bulkId",
        "data",
        "failOnErrors",
        "filter",
        "count",
        "sortBy",
        "attributes",
        "startIndex",
        "cursor",
        ENTERPRISE,
        "manager",
        "x509Certificates",
        "operation",
    ]
)
words = st.sampled_from(
    [
        USER,
        GROUP,
        PATCH,
        SEARCH,
        BULK,
        ENTERPRISE,
        CORE_1,
        "add",
        "remove",
        "replace",
        "POST",
        "PUT",
        "DELETE",
        "/Users",
        "/Groups/bulkId:q",
        "bulkId:q",
        "q",
        "ada",
        'emails[type eq "work"].value',
        "members",
        "name.givenName",
        "",
        "True",
    ]
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | words
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names | st.text(max_size=5), inner, max_size=6),
    max_leaves=20,
)
shaped = st.one_of(
    values,
    st.dictionaries(names, values, max_size=6).map(lambda more: {**new_user("eve"), **more}),
    st.dictionaries(names, values, max_size=4).map(lambda more: {"schemas": [GROUP], "displayName": "G", **more}),
    st.lists(
        st.fixed_dictionaries(
            {"op": words | scalars}, optional={"path": words | st.text(max_size=12), "value": values}
        ),
        max_size=3,
    ).map(lambda each: {"schemas": [PATCH], "Operations": each}),
    st.lists(
        st.fixed_dictionaries(
            {"method": words}, optional={"path": words, "bulkId": words | scalars, "data": values, "version": scalars}
        ),
        max_size=3,
    ).map(lambda each: {"schemas": [BULK], "Operations": each}),
    st.dictionaries(names, scalars, max_size=4).map(lambda more: {"schemas": [SEARCH], **more}),
    st.dictionaries(names, values, max_size=4).map(lambda more: {"schemas": [CORE_1], "userName": "x", **more}),
)
queries = st.dictionaries(
    st.sampled_from(
        ["filter", "sortBy", "sortOrder", "startIndex", "count", "cursor", "attributes", "excludedAttributes", "x"]
    ),
    st.sampled_from(FILTERS) | st.text(max_size=20) | st.integers().map(str),
    max_size=3,
)
FUZZED = [
    "/Users",
    "/Users/{user}",
    "/Groups",
    "/Groups/{group}",
    "/Bulk",
    "/.search",
    "/Users/.search",
    "/Groups/.search",
    "/Me",
    "/",
    "",
    "/Schemas",
    f"/Schemas/{USER}",
    "/ResourceTypes",
    "/ResourceTypes/User",
    "/ServiceProviderConfig",
    "/Users/%00",
    "/Nope",
]
fuzz = settings(derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@settings(fuzz, max_examples=500)
@given(
    st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"]),
    st.sampled_from(FUZZED),
    shaped,
    queries,
    st.sampled_from(["rfc", "tolerant"]),
)
def test_any_request_is_answered(method, path, body, query, profile):
    scim, _ = target()
    scim.flags.profile(profile)
    if method == "DELETE" and path in ("/Users/{user}", "/Groups/{group}"):
        path = path.replace("{", "").replace("}", "")
    try:
        sent(method, path, None if method == "GET" else body, query=query)
    finally:
        scim.flags.profile("rfc")


@settings(fuzz, max_examples=200)
@given(
    st.sampled_from(["GET", "POST", "PUT", "PATCH"]),
    st.sampled_from(["/Users", "/Users/{user}", "/Groups", "/Groups/{group}", "/Schemas", "/Bulk"]),
    shaped,
    queries,
)
def test_any_request_is_answered_in_version_1(method, path, body, query):
    sent(method, path, None if method == "GET" else body, query=query, root=target()[0].urls["v1"])


@settings(fuzz, max_examples=150)
@given(st.sampled_from(["GET", "POST", "DELETE"]), st.text(max_size=30))
def test_any_path_is_answered(method, path):
    answer = sent(method, "/" + path.replace("?", "").replace("#", "").replace("{", "").replace("}", ""))
    assert answer.status_code in (200, 400, 404, 405, 501)

"""Requests that two service providers are asked, one at a time, from the same small population.

The population: `<0>` is the user ada (with work e-mail and externalId), `<1>` the user bob (inactive), `<2>` the group
Sales with ada in it.
"""

from __future__ import annotations

from typing import Any

from tests.scim.differences import Step
from tests.scim.scim_rig import BULK, ENTERPRISE, GROUP, SEARCH, USER, new_group, new_user, op, patch

WORK = {"value": "a@x.org", "type": "work", "primary": True}
POPULATION = (
    Step("POST", "/Users", new_user("ada", name={"givenName": "Ada"}, emails=[WORK], externalId="e1", active=True)),
    Step("POST", "/Users", new_user("bob", displayName="Bob", active=False)),
    Step("POST", "/Groups", new_group("Sales", "<0>")),
)

FILTERS = (
    'userName eq "ADA"',
    'userName ne "ada"',
    'userName co "D"',
    'userName sw "a"',
    'userName ew "b"',
    "userName pr",
    'name.givenName gt "A"',
    "active eq true",
    'active eq "true"',
    "active gt true",
    "active eq false",
    "not (active pr)",
    'emails.value eq "a@x.org"',
    'emails eq "a@x.org"',
    'emails[type eq "work"]',
    'emails[type eq "work" and value co "x"]',
    'not (userName eq "ada")',
    'userName eq "ada" or userName eq "bob"',
    '(userName eq "ada") and active eq true',
    'userName eq "ada" and (active eq false or active eq true)',
    "nope eq 1",
    "userName eq",
    "",
    "userName",
    "(((",
    'meta.created gt "2000-01-01T00:00:00Z"',
    'meta.created gt "yesterday"',
    'meta.resourceType eq "User"',
    'id eq "<0>"',
    'id eq "<2>"',
    'externalId eq "E1"',
    'externalId eq "e1"',
    'groups.value eq "<2>"',
    "groups pr",
    'password eq "x"',
    "title eq null",
    "title ne null",
    "userName eq 5",
    "emails pr",
    'emails.type ne "home"',
    f'{USER}:userName eq "ada"',
    f'{ENTERPRISE}:department eq "x"',
    f"{ENTERPRISE} pr",
    f"{ENTERPRISE}:department pr",
    'userName gt "b"',
    'userName ge "bob"',
    'userName lt "B"',
    'userName le "ada"',
    f'schemas eq "{USER}"',
    "name pr",
    'name eq "x"',
    'displayName ne "x"',
    'userName eq "a\\u0064a"',
    'USERNAME EQ "ada"',
    "nope pr",
    "emails[nope eq 1]",
    "nickName[type eq 1]",
    'emails[value eq "A@X.ORG"].type eq "work"',
    'urn:x:userName eq "ada"',
    'userName xx "ada"',
    'userName eq "ada" and',
    "userName eq 'ada'",
    "userName eq ada",
    'emails[type eq "work"',
    'emails.nope eq "x"',
)
QUERIES: tuple[dict[str, str], ...] = (
    {},
    {"sortBy": "userName"},
    {"sortBy": "userName", "sortOrder": "descending"},
    {"sortBy": "displayName"},
    {"sortBy": "displayName", "sortOrder": "descending"},
    {"sortBy": "nope"},
    {"sortBy": "name"},
    {"sortBy": "emails"},
    {"sortBy": "emails.value"},
    {"sortOrder": "descending"},
    {"sortOrder": "up"},
    {"count": "0"},
    {"count": "-1"},
    {"startIndex": "9"},
    {"startIndex": "x"},
    {"count": "x"},
    {"sortBy": "userName", "startIndex": "2"},
    {"sortBy": "userName", "startIndex": "0", "count": "1"},
    {"sortBy": "userName", "count": "1"},
    {"sortBy": "active"},
    {"sortBy": "password"},
    {"sortBy": "meta.lastModified"},
    {"sortBy": "id", "count": "0"},
)
SHOWN: tuple[dict[str, str], ...] = (
    {"attributes": "userName"},
    {"attributes": "emails.value"},
    {"attributes": "nope"},
    {"attributes": "groups"},
    {"excludedAttributes": "emails,name"},
    {"excludedAttributes": "id"},
    {"attributes": "name.givenName,meta.created"},
    {"attributes": "userName", "excludedAttributes": "name"},
    {"attributes": ""},
    {"attributes": "password"},
    {"excludedAttributes": "meta.location"},
    {"attributes": f"{USER}:userName"},
    {"attributes": ENTERPRISE},
    {"excludedAttributes": "userName"},
    {"attributes": "USERNAME, active"},
    {"attributes": "meta"},
)
USER_BODIES: tuple[Any, ...] = (
    new_user("ADA"),
    {"schemas": [USER]},
    {"userName": "x"},
    new_user("c", unknown=1),
    new_user("c", active="yes"),
    new_user("c", active="true"),
    new_user("c", emails={"value": "x"}),
    new_user("c", emails=["x"]),
    [],
    "x",
    new_user("c", emails=[{"value": 1}]),
    new_user("c", title=5),
    new_user("c", id="zz", meta={"resourceType": "User"}),
    {"schemas": ["urn:x"], "userName": "c"},
    {"schemas": [USER, "urn:x"], "userName": "c"},
    new_user(""),
    new_user("c", **{ENTERPRISE: {"department": "X"}}),
    new_user("c", UserNAME="x"),
    new_user("c", profileUrl="not a url"),
    {"schemas": [USER, ENTERPRISE], "userName": "c", ENTERPRISE: {"department": "X", "manager": {"value": "<0>"}}},
    {"schemas": [USER, ENTERPRISE], "userName": "c", ENTERPRISE: {"department": "X", "unknown": 1}},
    new_user("c", password="s3", nickName=None, emails=[]),
    {"SCHEMAS": [USER], "USERNAME": "c7"},
    new_user("c", emails=[{"value": "a", "primary": True}, {"value": "b", "primary": True}]),
    new_user("c", groups=[{"value": "<2>"}]),
    new_user("c", x509Certificates=[{"value": "notb64!"}]),
    new_user("c", profileUrl="https://example.com/c"),
    new_user("c", photos=[{"value": "x y"}]),
    new_user("c", name="x"),
    new_user("c", name={"nope": "x"}),
    new_user("c", phoneNumbers=[{"value": "+1"}], timezone="Europe/Paris", locale="en"),
)
GROUP_BODIES: tuple[Any, ...] = (
    new_group("X", "nobody"),
    {"schemas": [GROUP]},
    new_group("Y", "<0>", "<0>"),
    new_group("Y", members=[{}]),
    new_group("Y", members=[{"value": "<0>", "display": "D", "type": "User"}]),
    new_group("Y", members=[{"type": "User"}]),
    new_group("Sales"),
    new_group("Y", "<2>"),
    new_group("Y", "<0>", "<1>", externalId="g"),
    new_group("Y", active=True),
)
USER_PATCHES: tuple[Any, ...] = (
    patch(op("replace", "displayName", "N")),
    patch(op("replace", "nope", "N")),
    patch(op("remove", "nickName")),
    patch(op("add", "emails", [{"value": "b@x", "type": "home"}])),
    patch(op("replace", 'emails[type eq "work"].value', "w")),
    patch(op("replace", 'emails[type eq "nope"].value', "w")),
    patch(op("add", 'emails[type eq "nope"].value', "w")),
    patch(op("remove", 'emails[type eq "nope"]')),
    patch(op("remove", 'emails[type eq "work"]')),
    patch(op("remove", "emails")),
    patch(op("remove", "userName")),
    patch(op("remove")),
    patch(op("replace", "id", "x")),
    patch(op("replace", None, {"id": "x"})),
    patch(op("replace", "meta.created", "x")),
    patch(op("Replace", "displayName", "Z")),
    patch(op("zap", "displayName", "Z")),
    patch(),
    {"schemas": patch()["schemas"]},
    {"Operations": [op("remove", "title")]},
    patch(op("replace", "active", "False")),
    patch(op("replace", "name.familyName", "L")),
    patch(op("add", None, {"name": {"middleName": "M"}, "title": "T"})),
    patch(op("replace", None, {"name": {"middleName": "M"}})),
    patch(op("add", "userName")),
    patch(op("replace", "userName", "BOB")),
    patch(op("replace", "userName", None)),
    patch(op("replace", "emails", [{"value": "q", "primary": True}, {"value": "r"}])),
    patch(op("add", "emails", [{"value": "q", "primary": True}])),
    patch(op("add", "emails", {"value": "q"})),
    patch(op("replace", f"{ENTERPRISE}:department", "D")),
    patch(op("add", ENTERPRISE, {"department": "Q"})),
    patch(op("remove", ENTERPRISE)),
    patch(op("replace", "groups", [])),
    patch(op("remove", "emails", [{"value": "a@x.org"}])),
    patch(op("replace", "emails[", 1)),
    patch(op("replace", "schemas", [USER])),
    patch(op("add", "title", 5)),
    patch(op("add", "title", "T"), op("remove", "title")),
    patch(op("add", "title", "T"), op("add", "nope", 1)),
    patch(op("replace", "externalId", "e2")),
    patch(op("remove", "name.givenName")),
    patch(op("add", "name", {"givenName": "G"})),
    patch(op("replace", "password", "new")),
    patch(op("add", "userName", "")),
    patch(op("replace", "emails.value", "all@x")),
    {**patch(op("remove", "title")), "extra": 1},
    patch({**op("remove", "title"), "extra": 1}),
)
GROUP_PATCHES: tuple[Any, ...] = (
    patch(op("add", "members", [{"value": "<1>"}])),
    patch(op("add", "members", [{"value": "<0>"}])),
    patch(op("remove", "members")),
    patch(op("remove", 'members[value eq "<0>"]')),
    patch(op("remove", 'members[value eq "nobody"]')),
    patch(op("replace", "members", [{"value": "<1>"}])),
    patch(op("replace", 'members[value eq "<0>"].value', "<1>")),
    patch(op("replace", 'members[value eq "<0>"].display', "xx")),
    patch(op("replace", "displayName", "Guides")),
    patch(op("add", None, {"members": [{"value": "<1>"}], "displayName": "Z"})),
    patch(op("remove", "displayName")),
    patch(op("add", "members", [{"value": "nobody"}])),
    patch(op("replace", "members", [])),
)


def bulk(*operations: Any, **more: Any) -> Step:
    """A bulk request."""
    return Step("POST", "/Bulk", {"schemas": [BULK], "Operations": list(operations), **more})


def item(method: str, path: str, data: Any = None, **more: Any) -> dict[str, Any]:
    """One operation of a bulk request."""
    return {"method": method, "path": path, **({} if data is None else {"data": data}), **more}


ZOE, TEAM = new_user("zoe"), new_group("Team", "bulkId:q")
TITLE = patch(op("replace", "title", "x"))
BULKS = (
    bulk(item("POST", "/Users", ZOE, bulkId="q"), item("POST", "/Groups", TEAM, bulkId="g")),
    bulk(item("POST", "/Groups", TEAM, bulkId="g"), item("POST", "/Users", ZOE, bulkId="q")),
    bulk(item("POST", "/Users", new_user("ada"), bulkId="q"), item("PATCH", "/Users/<1>", TITLE), failOnErrors=1),
    bulk(item("POST", "/Users", new_user("ada"), bulkId="q"), item("PATCH", "/Users/<1>", TITLE)),
    bulk(item("POST", "/Users", new_user("ada"), bulkId="q"), item("PATCH", "/Users/<1>", TITLE), failOnErrors=2),
    bulk(item("DELETE", "/Users/<1>"), item("DELETE", "/Users/<1>"), item("PUT", "/Users/<0>", new_user("ada2"))),
    bulk(item("POST", "/Nope", ZOE, bulkId="q")),
    bulk(item("PUT", "/Users", ZOE)),
    bulk(item("POST", "/Users", ZOE)),
    bulk(item("GET", "/Users/<0>")),
    bulk({"path": "/Users/<0>"}),
    bulk({"method": "DELETE"}),
    bulk(item("POST", "/Users", bulkId="q")),
    bulk(item("PATCH", "/Users/bulkId:nope", TITLE)),
    bulk(item("POST", "/Users", new_user("k"), bulkId="q"), item("POST", "/Users", new_user("l"), bulkId="q")),
    bulk(
        item("POST", "/Groups", new_group("A", "bulkId:b"), bulkId="a"),
        item("POST", "/Groups", new_group("B", "bulkId:a"), bulkId="b"),
    ),
    bulk(1),
    Step("POST", "/Bulk", {"Operations": []}),
    bulk(),
    bulk(failOnErrors="x"),
    bulk(item("DELETE", "/Users/<0>"), failOnErrors="x"),
    bulk(item("POST", "/Users/<0>", ZOE, bulkId="q")),
    bulk(item("post", "/Users", ZOE, bulkId="q")),
    bulk(item("PATCH", "/Users/<0>", TITLE, version='W/"99"')),
    bulk(item("POST", "/Users", {"userName": "k"}, bulkId="q")),
    bulk(
        item("POST", "/Users", ZOE, bulkId="q"),
        item("PATCH", "/Groups/<2>", patch(op("add", "members", [{"value": "bulkId:q"}]))),
    ),
    bulk(item("PATCH", "/Users/<0>", patch(op("remove", 'emails[type eq "nope"]')))),
)


def search(**words: Any) -> dict[str, Any]:
    """A SearchRequest."""
    return {"schemas": [SEARCH], **words}


SEARCHES = (
    search(filter='userName eq "ada"'),
    search(filter="displayName pr"),
    search(attributes=["displayName"]),
    {"filter": "x"},
    search(count="1"),
    search(nope=1),
    search(attributes="userName"),
    search(sortOrder="x"),
    search(startIndex=0, count=-2),
    search(filter='userName eq "ada"', excludedAttributes=["name"]),
    search(sortBy="userName", count=1),
    search(filter=5),
    [],
)
CONDITIONS = (
    ("If-Match", "*"),
    ("If-Match", 'W/"0"'),
    ("If-None-Match", "*"),
    ("If-None-Match", 'W/"0"'),
    ("If-Match", '"x", *'),
)
STRAYS = (
    Step("GET", "/Me"),
    Step("GET", "/Nope"),
    Step("GET", "/Users/<0>/x"),
    Step("POST", "/Users/<0>", new_user("x")),
    Step("PUT", "/Users", new_user("x")),
    Step("DELETE", "/Users"),
    Step("PATCH", "/Users", patch()),
    Step("GET", "/Bulk"),
    Step("OPTIONS", "/Users"),
    Step("HEAD", "/Users/<0>"),
    Step("DELETE", "/Me"),
    Step("POST", "/ServiceProviderConfig", {}),
    Step("GET", "/Users/<2>"),
    Step("GET", "/Users/nobody"),
    Step("DELETE", "/Users/nobody"),
    Step("GET", "/Groups/<0>"),
)


def query(words: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Query parameters as a step holds them."""
    return tuple(words.items())


CASES: tuple[Step, ...] = (
    *(Step("GET", f"/{kind}/{id}") for kind, id in (("Users", "<0>"), ("Users", "<1>"), ("Groups", "<2>"))),
    *(Step("GET", "/Users", query=query({"filter": each})) for each in FILTERS),
    *(
        Step("GET", "/", query=query({"filter": each}))
        for each in ('userName eq "ada"', "displayName pr", "nope eq 1", 'meta.resourceType eq "Group"')
    ),
    *(
        Step("GET", path, query=query(each))
        for path in ("/Users", "/Groups")
        for each in QUERIES
        if "active" not in each.values()
    ),
    *(
        Step(*what, query=query(each))
        for each in SHOWN
        for what in (
            ("GET", "/Users"),
            ("GET", "/Users/<0>"),
            ("PATCH", "/Users/<0>", TITLE),
            ("PUT", "/Users/<0>", new_user("ada", title="T")),
            ("POST", "/Users", new_user("n", title="T")),
            ("GET", "/Groups/<2>"),
        )
    ),
    *(Step("POST", "/Users", each) for each in USER_BODIES),
    *(Step("PUT", "/Users/<1>", each) for each in USER_BODIES),
    *(Step("POST", "/Groups", each) for each in GROUP_BODIES),
    *(Step("PUT", "/Groups/<2>", each) for each in GROUP_BODIES),
    *(Step("PATCH", "/Users/<0>", each) for each in USER_PATCHES),
    *(Step("PATCH", "/Groups/<2>", each) for each in GROUP_PATCHES),
    *BULKS,
    *(Step("POST", f"{path}/.search", each) for path in ("/Users", "") for each in SEARCHES),
    *(
        Step(*what, headers=(each,))
        for each in CONDITIONS
        for what in (
            ("GET", "/Users/<0>"),
            ("PUT", "/Users/<0>", new_user("ada")),
            ("PATCH", "/Users/<0>", TITLE),
            ("DELETE", "/Users/<0>"),
        )
    ),
    Step("PATCH", "/Users/nobody", TITLE),
    Step("PATCH", "/Users/nobody", patch(op("replace", "nope", 1))),
    Step("PUT", "/Users/nobody", new_user("x")),
    Step("DELETE", "/Users/<0>"),
    Step("DELETE", "/Groups/<2>"),
    *STRAYS,
)

"""Whatever is sent to whichever route: never a 500, always Slack's shape, and a refused request changes nothing."""

import copy
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.vendors.slack_rig import CORE_1, ENTERPRISE_2, GUEST_2, PATCH_2, PROFILE_2, USER_2, Slack, code

SLACK = Slack(needs_extension_urns=False)
SLACK.seed(
    users=[{"userName": "ada", "email": "ada@example.com"}, {"userName": "ben", "email": "ben@example.com"}],
    groups=[{"displayName": "Sales", "members": ["ada"]}],
)
IDS = [user["id"] for user in SLACK.snapshot()["users"]]
GROUP = SLACK.snapshot()["groups"][0]["id"]
QUICK = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))

ATTRIBUTES = [
    *("schemas", "id", "externalId", "meta", "userName", "nickName", "name", "displayName", "profileUrl", "title"),
    *("timezone", "active", "emails", "photos", "groups", "addresses", "phoneNumbers", "roles", "userType", "password"),
    *("members", "Operations", "operations", "locale", "preferredLanguage", ENTERPRISE_2, GUEST_2, PROFILE_2),
]
PARTS = ["value", "type", "primary", "operation", "display", "givenName", "familyName", "manager", "managerId"]
PARTS += ["expiration", "startDate", "department", "attributes", "streetAddress", "locality", "op", "path"]
WORDS = ["delete", "multi", "work", "mobile", "ada", "ben@example.com", "2030-01-01T00:00:00Z", " ", "", *IDS, GROUP]
WORDS += [
    "add",
    "replace",
    "remove",
    "members",
    "emails[primary eq false]",
    "name.givenName",
    f"{ENTERPRISE_2}.manager",
]

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=30), st.sampled_from(WORDS)
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(PARTS) | st.text(max_size=9), inner, max_size=4)
    ),
    max_leaves=8,
)
selectors = st.one_of(
    st.text(max_size=20), st.sampled_from(['value eq "x"', "primary eq true", f"value eq {IDS[0]}", "type pr"])
)
paths = st.one_of(
    st.sampled_from(
        [*ATTRIBUTES, *WORDS, "name", "members", "urn:", "a.b.c", "emails[", "emails[]", f"{GUEST_2}:type"]
    ),
    st.builds(
        "{}[{}]{}".format, st.sampled_from(ATTRIBUTES), selectors, st.sampled_from(["", ".value", ".primary", ".x"])
    ),
    st.text(max_size=20),
)
operations = st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "replace", "remove", "Add", "x", 1])},
    optional={"path": paths | values, "value": values | st.dictionaries(paths, values, max_size=3)},
)
objects = st.dictionaries(st.sampled_from(ATTRIBUTES), values, max_size=6)
marks = st.fixed_dictionaries(
    {"value": st.sampled_from(["ada@example.com", "new@example.com", "555", "https://x.example/p.png", "Lead", None])},
    optional={
        "primary": st.sampled_from([True, False, "true", None]),
        "type": st.sampled_from(["work", "home", "mobile", None]),
        "operation": st.sampled_from(["delete", "add"]),
    },
)
short = st.sampled_from(["Lady", " ", "", None, "a" * 30, "x@y"])
likely = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.lists(marks, max_size=3) for name in ("emails", "phoneNumbers", "roles", "photos", "addresses")},
        **dict.fromkeys(("title", "displayName", "userType", "locale", "timezone", "nickName", "externalId"), short),
        "active": st.sampled_from([True, False, "False", None]),
        "name": st.dictionaries(st.sampled_from(["givenName", "familyName", "honorificPrefix"]), short),
        "meta": st.fixed_dictionaries({"attributes": st.lists(st.sampled_from(ATTRIBUTES + WORDS), max_size=4)}),
        ENTERPRISE_2: st.dictionaries(
            st.sampled_from(["department", "manager", "division"]), short | marks, max_size=3
        ),
        GUEST_2: st.sampled_from(
            [{"type": "multi"}, {"type": "multi", "expiration": "2030-01-01T00:00:00Z"}, {}, None]
        ),
        PROFILE_2: st.fixed_dictionaries({"startDate": st.sampled_from(["2024-04-10T00:00:00+0000", "soon", None])}),
        "members": st.lists(st.fixed_dictionaries({"value": st.sampled_from([*IDS, "U0"])}), max_size=3),
    },
)
likely_operations = st.fixed_dictionaries(
    {
        "op": st.sampled_from(["add", "replace", "remove"]),
        "path": st.sampled_from(
            ["emails", "phoneNumbers", "roles", "addresses", "photos", "active", "title", "members"]
        )
        | st.sampled_from(
            ["emails[primary eq false]", "emails[primary eq true].value", 'phoneNumbers[value eq "555"]']
        ),
    },
    optional={"value": st.lists(marks, max_size=2) | marks | short | st.booleans()},
)
bodies = st.one_of(
    values,
    st.builds(lambda body: {"schemas": [CORE_1], **body}, likely),
    st.builds(lambda body, odd: {"schemas": [CORE_1], **body, **odd}, likely, objects),
    st.builds(lambda ops: {"schemas": [PATCH_2], "Operations": ops}, st.lists(likely_operations, max_size=4)),
    st.builds(lambda body, more: {"schemas": [CORE_1], **more, **body}, objects, objects),
    st.builds(lambda ops: {"schemas": [PATCH_2], "Operations": ops}, st.lists(operations, max_size=4)),
    st.builds(
        lambda body, name: {
            "schemas": [USER_2],
            "userName": name,
            "emails": [{"value": f"{name}@example.com"}],
            **body,
        },
        likely,
        st.text("abc.-_", min_size=1, max_size=25),
    ),
)
routes = st.sampled_from(
    [
        *(("POST", "/Users"), ("POST", "/Groups")),
        *((method, f"/Users/{id}") for method in ("PUT", "PATCH") for id in (*IDS, "U0")),
        *((method, f"/Groups/{GROUP}") for method in ("PUT", "PATCH")),
    ]
)


def tried(version, method, path, **options):
    """The answer, after the checks that hold for every one."""
    before = copy.deepcopy(state())
    url = SLACK.urls["v1" if version == 1 else "base_url"] + path
    answer = SLACK.session.request(method, url, headers=SLACK.headers, **options)
    exchange = SLACK.journal[-1]
    assert exchange.error is None, exchange.error
    assert answer.status_code < 500
    if answer.content:
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        assert answer.content.startswith(b"{")
    if answer.status_code >= 400:
        assert method == "HEAD" or code(answer)
        assert state() == before
    return answer


def state():
    """Everything that can be changed."""
    directory = SLACK.target.directory
    kept = {
        record.id: (record.document, record.version) for kind in ("User", "Group") for record in directory.all(kind)
    }
    return kept, {id: list(directory.members(id)) for id in kept}


def read_back(version):
    """Whatever was stored can still be shown."""
    for path in ("/Users?count=1000", "/Groups?count=1000"):
        assert tried(version, "GET", path).status_code == 200


def clean():
    """Back to the two users and the group, with their ids."""
    directory = SLACK.target.directory
    for kind in ("User", "Group"):
        for record in list(directory.all(kind)):
            if record.id not in (*IDS, GROUP):
                directory.remove(kind, record.id)
    SLACK.journal.clear()


@QUICK
@given(st.sampled_from([1, 2]), routes, bodies)
def test_any_body(version, route, body):
    clean()
    answer = tried(version, *route, data=json.dumps(body).encode())
    if answer.status_code < 400:
        read_back(3 - version)


@QUICK
@given(st.sampled_from([1, 2]), routes, st.binary(max_size=60))
def test_any_bytes(version, route, body):
    assert tried(version, *route, data=body).status_code == 400 or not route[1].startswith("/Users/U0")


FILTER_WORDS = ["userName", "email", "restricted", "displayName", "eq", "co", "pr", "and", "or", "not", "(", ")", '"a"']
filters = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from([*FILTER_WORDS, "'1'", "1", '"', "\\", "[", "a b", '"\\u12"']), max_size=10).map(" ".join),
)


@QUICK
@given(
    st.sampled_from([1, 2]),
    st.sampled_from(["/Users", "/Groups", "/Schemas", "/nothing", f"/Users/{IDS[0]}"]),
    st.fixed_dictionaries(
        {},
        optional={
            "filter": filters,
            "count": st.text(max_size=5) | st.integers().map(str),
            "startIndex": st.text(max_size=5) | st.integers().map(str),
            "sortOrder": st.text(max_size=5),
            "attributes": st.text(max_size=9),
        },
    ),
)
def test_any_query(version, path, query):
    tried(version, "GET", path, params=query)


@QUICK
@given(st.sampled_from(["GET", "PUT", "PATCH", "DELETE", "POST", "HEAD"]), st.text(max_size=30))
def test_any_path(method, path):
    tried(1, method, f"/{path}", data=b"{}")


HOSTILE = {
    "nesting": b"[" * 100_000,
    "nested objects": b'{"a":' * 50_000,
    "infinity": b'{"schemas":["x"],"title":1e999}',
    "nan": b'{"schemas":["x"],"title":NaN}',
    "twice": b'{"schemas":["x"],"title":"a","title":"b"}',
    "surrogate": b'{"schemas":["x"],"title":"\\ud800"}',
    "not utf-8": b'{"schemas":["\xff"]}',
    "huge number": b'{"schemas":["x"],"active":' + b"9" * 5000 + b"}",
    "five megabytes": b'{"schemas":["x"],"title":"' + b"a" * 5_000_000 + b'"}',
}


def test_hostile_bodies_are_refused():
    clean()
    for name, body in HOSTILE.items():
        for version in (1, 2):
            for method, path in (("POST", "/Users"), ("PATCH", f"/Users/{IDS[0]}"), ("PUT", f"/Groups/{GROUP}")):
                assert 400 <= tried(version, method, path, data=body).status_code < 500, name


def test_a_filter_of_100000_characters_is_refused():
    answer = tried(1, "GET", "/Users", params={"filter": "username eq " + "a" * 100_000})
    assert answer.status_code == 400

"""Rows 54 to 68 of Slack's conformance table: groups, limits, and what is true of every answer."""

import pytest

from tests.vendors.slack_rig import CORE_1, GROUP_2, Slack, code, new_user, patch


@pytest.fixture
def slack():
    return Slack()


@pytest.fixture
def people(slack):
    slack.seed(
        users=[{"userName": name, "givenName": name.title(), "familyName": "X"} for name in ("ada", "ben", "cyd")]
    )
    return [user["id"] for user in slack.snapshot()["users"]]


@pytest.fixture
def group(slack, people):
    return slack.create_group("Sales", *people[:2])["id"]


@pytest.mark.parametrize("version, urn", [(1, CORE_1), (2, GROUP_2)])
def test_row_54_a_group_with_members(slack, people, version, urn):
    body = {
        "schemas": [urn],
        "displayName": "Sales",
        "externalId": "x",
        "members": [{"value": people[1], "$ref": None}],
    }
    answer = slack.of(version, "POST", "/Groups", body)
    assert answer.status_code == 201
    group = answer.json()
    assert list(group) == ["schemas", "id", "meta", "displayName", "members"]
    assert group["id"][0] == "S"
    assert group["schemas"] == [urn]
    assert group["members"] == [{"value": people[1], "display": "Ben X"}]


@pytest.mark.parametrize("body", [{}, {"members": []}, {"members": None}])
def test_row_54_a_group_without_members(slack, body):
    answer = slack.v1("POST", "/Groups", {"schemas": [CORE_1], "displayName": "Sales", **body})
    assert answer.status_code == 201
    assert answer.json()["members"] == []


@pytest.mark.parametrize("name", [None, "", 5])
def test_row_54_a_group_needs_a_name(slack, name):
    answer = slack.v2("POST", "/Groups", {"schemas": [GROUP_2], "displayName": name})
    assert answer.status_code == 400
    assert slack.snapshot()["groups"] == []


@pytest.mark.parametrize("change", ["displayName", "members"])
def test_row_55_patch_v1_groups_answers_204(slack, people, group, change):
    body = {"displayName": "Ops"} if change == "displayName" else {"members": [{"value": people[2]}]}
    answer = slack.v1("PATCH", f"/Groups/{group}", {"schemas": [CORE_1], **body})
    assert (answer.status_code, answer.content) == (204, b"")
    shown = slack.group(group)
    assert shown["displayName"] == ("Ops" if change == "displayName" else "Sales")
    assert len(shown["members"]) == (2 if change == "displayName" else 3)


def test_row_56_members_are_deleted_one_by_one_in_v1(slack, people, group):
    members = [{"value": people[0], "operation": "delete"}, {"value": people[2], "operation": "add"}]
    answer = slack.v1("PATCH", f"/Groups/{group}", {"schemas": [CORE_1], "members": members})
    assert answer.status_code == 204
    assert slack.members(group) == people[1:]


def test_row_56_all_members_are_deleted_by_meta_attributes(slack, group):
    body = {"schemas": [CORE_1], "meta": {"attributes": ["members"]}}
    assert slack.v1("PATCH", f"/Groups/{group}", body).status_code == 204
    assert slack.members(group) == []


@pytest.mark.parametrize(
    "operation, left",
    [
        (lambda p: {"op": "replace", "path": "members", "value": [{"value": p[2]}]}, [2]),
        (lambda p: {"op": "add", "path": "members", "value": [{"value": p[2]}, {"value": p[0]}]}, [0, 1, 2]),
        (lambda p: {"op": "Add", "path": "members", "value": {"value": p[2]}}, [0, 1, 2]),
        (lambda p: {"op": "remove", "path": "members"}, []),
        (lambda p: {"op": "replace", "value": {"members": [{"value": p[2]}], "displayName": "Sales"}}, [2]),
    ],
)
def test_row_57_operations_of_v2(slack, people, group, operation, left):
    answer = slack.v2("PATCH", f"/Groups/{group}", patch(operation(people)))
    assert answer.status_code == 200
    assert answer.json() == slack.group(group)
    assert slack.members(group) == [people[place] for place in left]


def test_row_57_a_group_is_renamed(slack, group):
    answer = slack.v2("PATCH", f"/Groups/{group}", patch({"op": "replace", "path": "displayName", "value": "Ops"}))
    assert answer.json()["displayName"] == "Ops"
    assert slack.v1("GET", "/Groups", filter='displayName eq "ops"').json()["Resources"][0]["id"] == group
    assert slack.v1("GET", "/Groups", filter="displayName eq Sales").json()["Resources"] == []


@pytest.mark.parametrize("path", ["members[value eq {}]", 'members[value eq "{}"]', "members[value EQ '{}']"])
def test_row_58_a_member_is_removed_by_its_id_quoted_or_not(slack, people, group, path):
    answer = slack.v2("PATCH", f"/Groups/{group}", patch({"op": "remove", "path": path.format(people[0])}))
    assert answer.status_code == 200
    assert slack.members(group) == [people[1]]


def test_row_59_only_the_members_listed_are_removed(slack, people, group):
    operation = {"op": "remove", "path": "members", "value": [{"value": people[1]}, {"value": people[2]}]}
    assert slack.v2("PATCH", f"/Groups/{group}", patch(operation)).status_code == 200
    assert slack.members(group) == [people[0]]


@pytest.mark.parametrize("version", [1, 2])
def test_row_60_put_without_members_empties_a_group(slack, group, version):
    answer = slack.of(version, "PUT", f"/Groups/{group}", {"schemas": [GROUP_2], "displayName": "Ops"})
    assert answer.status_code == 200
    assert (answer.json()["displayName"], answer.json()["members"]) == ("Ops", [])


def test_row_60_put_replaces_the_members(slack, people, group):
    body = {"schemas": [CORE_1], "displayName": "Sales", "members": [{"value": people[2]}, {"value": people[1]}]}
    answer = slack.v1("PUT", f"/Groups/{group}", body)
    assert {member["value"] for member in answer.json()["members"]} == set(people[1:])


@pytest.mark.parametrize("version", [1, 2])
def test_row_61_a_deleted_group_is_gone(slack, group, version):
    answer = slack.of(version, "DELETE", f"/Groups/{group}")
    assert (answer.status_code, answer.content) == (204, b"")
    gone = slack.of(version, "GET", f"/Groups/{group}")
    assert gone.status_code == 404
    assert code(gone) == "no_such_group"
    assert len(slack.snapshot()["users"]) == 3


def test_row_61_a_linked_group_is_not_deleted(slack, group):
    slack.flags.linked_groups = "sales"
    answer = slack.v2("DELETE", f"/Groups/{group}")
    assert answer.status_code == 403
    assert code(answer) == "idp_group_linked_to_channels"


@pytest.mark.parametrize("method, path", [("POST", "/Groups"), ("PATCH", "/Groups/{}"), ("PUT", "/Groups/{}")])
def test_row_62_more_than_15000_members_in_a_call(slack, group, method, path):
    members = [{"value": f"U{n}"} for n in range(15_001)]
    body = {"schemas": [CORE_1], "displayName": "All", "members": members}
    before = slack.snapshot()
    answer = slack.v1(method, path.format(group), body)
    assert answer.status_code == 400
    assert code(answer) == "too_many_users"
    assert slack.snapshot() == before


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("unknown", ["U0", "S"])
def test_row_63_an_unknown_member(slack, people, group, version, unknown):
    id = group if unknown == "S" else unknown
    before = slack.snapshot()
    body = {"schemas": [CORE_1], "displayName": "New", "members": [{"value": people[2]}, {"value": id}]}
    for method, path in (("POST", "/Groups"), ("PATCH", f"/Groups/{group}"), ("PUT", f"/Groups/{group}")):
        answer = slack.of(version, method, path, body)
        assert answer.status_code == 404
        assert code(answer) == "no_such_group_members"
    assert slack.snapshot() == before


def test_row_64_a_user_shows_the_groups(slack, people, group):
    for version in (1, 2):
        assert slack.user(people[0], version)["groups"] == [{"value": group, "display": "Sales"}]
        assert slack.user(people[2], version)["groups"] == []


def test_row_65_a_burst_over_the_limit(slack):
    slack.flags.enforces_rate_limits = True
    for n in range(20):
        slack.create(f"user{n}")
    answer = slack.v2("POST", "/Users", new_user("late"))
    assert answer.status_code == 429
    assert code(answer) == "too_many_requests"
    assert answer.headers["Retry-After"] == "1"
    assert slack.journal[-1].refused_by == "enforces_rate_limits"
    slack.clock.sleep(1)
    slack.create("late")


@pytest.mark.parametrize(
    "method, path, burst",
    [
        ("GET", "/Users/U0", 300),
        ("DELETE", "/Users/U0", 20),
        ("PATCH", "/Users/U0", 20),
        ("PUT", "/Groups/S0", 80),
        ("DELETE", "/Groups/S0", 20),
        ("POST", "/Groups", 20),
    ],
)
def test_row_65_every_endpoint_has_a_burst_of_its_own(slack, method, path, burst):
    slack.flags.enforces_rate_limits = True
    statuses = [slack.v1(method, path, {}).status_code for _ in range(burst + 1)]
    assert 429 not in statuses[:-1]
    assert statuses[-1] == 429


def test_row_65_limits_are_off_by_default(slack):
    for n in range(25):
        slack.create(f"user{n}")


@pytest.mark.parametrize("name", ["/nothing", "/Me", "/Bulk", "/.search", "/Users/U1/extra", "/ResourceTypes/User"])
@pytest.mark.parametrize("version", [1, 2])
def test_row_67_an_unknown_path(slack, version, name):
    answer = slack.of(version, "GET", name)
    assert answer.status_code == 404
    assert code(answer) == "bad_endpoint"


@pytest.mark.parametrize("name", ["v3", "v1.1", "2", "latest"])
def test_row_67_an_unknown_version(slack, name):
    answer = slack.send("GET", f"{slack.target.base_url}/scim/{name}/Users")
    assert answer.status_code == 404
    assert code(answer) == "unsupported_version"


@pytest.mark.parametrize("method, path", [("POST", "/Users/U1"), ("DELETE", "/Users"), ("OPTIONS", "/Users")])
def test_row_67_a_wrong_method(slack, method, path):
    answer = slack.v1(method, path)
    assert answer.status_code == 405
    assert code(answer) == "method_not_allowed"


def test_row_68_every_answer_is_plain_json_with_a_charset(slack, people, group):
    slack.v1("GET", "/Users")
    for version in (1, 2):
        for path in (
            "/Users",
            f"/Users/{people[0]}",
            f"/Groups/{group}",
            "/nothing",
            "/ServiceProviderConfigs",
            "/Users/U0",
        ):
            answer = slack.of(version, "GET", path)
            assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
            assert answer.content.startswith(b"{")

"""The switches that every target has, as Slack tells their refusals."""

import pytest

from tests.vendors.slack_rig import CORE_1, ENTERPRISE_2, PATCH_2, Slack, code, new_user, patch


@pytest.fixture
def slack():
    return Slack()


@pytest.fixture
def ids(slack):
    slack.seed(
        users=[{"userName": "ada", "email": "ada@example.com"}, {"userName": "ben", "email": "ben@example.com"}],
        groups=[{"displayName": "Sales", "members": ["ada"]}],
    )
    snapshot = slack.snapshot()
    return {"ada": snapshot["users"][0]["id"], "ben": snapshot["users"][1]["id"], "group": snapshot["groups"][0]["id"]}


OFF = {"schemas": [PATCH_2], "Operations": [{"op": "replace", "path": "active", "value": False}]}

FORBIDDEN = [
    ("allows_create_users", "POST", "/Users", new_user("cyd")),
    ("allows_update_users", "PATCH", "/Users/{ada}", {"schemas": [CORE_1], "title": "Lady"}),
    ("allows_update_users", "PUT", "/Users/{ada}", new_user("ada", title="Lady")),
    ("allows_disable_users", "PATCH", "/Users/{ada}", {"schemas": [CORE_1], "active": False}),
    ("allows_disable_users", "DELETE", "/Users/{ada}", None),
    ("allows_delete_users", "DELETE", "/Users/{ada}", None),
    ("allows_create_groups", "POST", "/Groups", {"schemas": [CORE_1], "displayName": "Ops"}),
    ("allows_update_groups", "PATCH", "/Groups/{group}", {"schemas": [CORE_1], "displayName": "Ops"}),
    ("allows_update_groups", "PATCH", "/Groups/{group}", {"schemas": [CORE_1], "members": [{"value": "{ben}"}]}),
    ("allows_update_groups", "PUT", "/Groups/{group}", {"schemas": [CORE_1], "displayName": "Ops"}),
    ("allows_delete_groups", "DELETE", "/Groups/{group}", None),
]


def filled(body, ids):
    if isinstance(body, dict) and "members" in body:
        return {**body, "members": [{"value": ids["ben"]}]}
    return body


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("flag, method, path, body", FORBIDDEN)
def test_a_forbidden_action_is_refused_and_changes_nothing(slack, ids, version, flag, method, path, body):
    slack.flags[flag] = False
    before = slack.snapshot()
    answer = slack.of(version, method, path.format(**ids), filled(body, ids))
    assert answer.status_code == 403
    assert code(answer) == "permission_denied"
    assert slack.snapshot() == before
    exchange = slack.journal[-1]
    assert (exchange.refused_by, exchange.applied) == (flag, "no")


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("flag, method, path, body", FORBIDDEN)
def test_the_same_action_is_taken_when_it_is_allowed(slack, ids, version, flag, method, path, body):
    before = slack.snapshot()
    answer = slack.of(version, method, path.format(**ids), filled(body, ids))
    assert answer.status_code < 300
    assert slack.journal[-1].applied == "yes"
    assert slack.journal[-1].refused_by is None
    assert slack.snapshot() != before or "title" in str(body)


def test_turning_off_and_changing_at_once_need_both_permissions(slack, ids):
    body = patch(*OFF["Operations"], {"op": "replace", "path": "title", "value": "Lady"})
    for flag in ("allows_update_users", "allows_disable_users"):
        slack.flags[flag] = False
        assert slack.v2("PATCH", f"/Users/{ids['ada']}", body).status_code == 403
        slack.flags[flag] = True
    assert slack.v2("PATCH", f"/Users/{ids['ada']}", OFF).status_code == 200


def test_deactivating_is_journalled_as_what_it_is(slack, ids):
    slack.v2("DELETE", f"/Users/{ids['ada']}")
    exchange = slack.journal[-1]
    assert [intent.operation for intent in exchange.intents] == ["user.delete", "user.disable"]
    assert exchange.applied == "yes"


def test_memberships_are_journalled_one_by_one(slack, ids):
    slack.v1("PATCH", f"/Groups/{ids['group']}", {"schemas": [CORE_1], "members": [{"value": ids["ben"]}]})
    operations = [intent.operation for intent in slack.journal[-1].intents]
    assert operations == ["group.update", "member.add"]


def test_one_refused_membership_leaves_the_group_as_it_was(slack, ids):
    slack.faults.arm("member.add", entity="Sales/ben", status=500)
    answer = slack.v2(
        "PATCH", f"/Groups/{ids['group']}", patch({"op": "add", "path": "members", "value": [{"value": ids["ben"]}]})
    )
    assert answer.status_code == 500
    assert code(answer) == "internal_error"
    assert slack.members(ids["group"]) == [ids["ada"]]


def test_without_groups_their_paths_are_unknown(slack, ids):
    slack.flags.supports_groups = False
    for method, path in (
        ("GET", "/Groups"),
        ("POST", "/Groups"),
        ("GET", f"/Groups/{ids['group']}"),
        ("DELETE", "/Groups/x"),
    ):
        answer = slack.v2(method, path, {})
        assert answer.status_code == 404
        assert code(answer) == "bad_endpoint"
        assert slack.journal[-1].refused_by == "supports_groups"
    assert [kind["id"] for kind in slack.v2("GET", "/ResourceTypes").json()["Resources"]] == ["User"]
    assert slack.user(ids["ada"])["groups"] == []
    assert slack.v1("GET", "/Schemas/Groups").status_code == 404


@pytest.mark.parametrize("style", ["user", "none"])
@pytest.mark.parametrize("version", [1, 2])
def test_the_group_side_is_read_only_in_other_styles(slack, ids, style, version):
    slack.flags.membership_style = style
    before = slack.snapshot()
    body = {"schemas": [CORE_1], "displayName": "Sales", "members": [{"value": ids["ben"]}]}
    requests = [
        ("POST", "/Groups", body),
        ("PUT", f"/Groups/{ids['group']}", body),
        ("PATCH", f"/Groups/{ids['group']}", body),
    ]
    if version == 2:
        requests.append(("PATCH", f"/Groups/{ids['group']}", patch({"op": "remove", "path": "members"})))
    for method, path, sent in requests:
        answer = slack.of(version, method, path, sent)
        assert answer.status_code == 403
        assert code(answer) == "permission_denied"
        assert slack.journal[-1].refused_by == "membership_style"
    assert slack.snapshot() == before


def test_a_group_is_still_made_renamed_and_read_in_other_styles(slack, ids):
    slack.flags.membership_style = "none"
    assert slack.create_group("Ops")["members"] == []
    read = slack.group(ids["group"])
    assert slack.v2("PUT", f"/Groups/{ids['group']}", read).status_code == 200
    renamed = slack.v2("PUT", f"/Groups/{ids['group']}", {"schemas": [CORE_1], "displayName": "New"})
    assert [member["value"] for member in renamed.json()["members"]] == [ids["ada"]]


def test_memberships_are_written_on_users_in_the_style_user(slack, ids):
    slack.flags.membership_style = "user"
    group = [{"value": ids["group"]}]
    slack.merge(ids["ben"], groups=group)
    assert slack.members(ids["group"]) == [ids["ada"], ids["ben"]]
    slack.merge(ids["ben"], groups=[{**group[0], "operation": "delete"}])
    assert slack.members(ids["group"]) == [ids["ada"]]
    slack.operate(ids["ben"], {"op": "add", "path": "groups", "value": group})
    assert slack.user(ids["ben"])["groups"] == [{"value": ids["group"], "display": "Sales"}]
    slack.operate(ids["ben"], {"op": "remove", "path": f"groups[value eq {ids['group']}]"})
    assert slack.user(ids["ben"])["groups"] == []
    made = slack.create("cyd", groups=group)
    assert made["groups"] == [{"value": ids["group"], "display": "Sales"}]
    emptied = slack.v2("PUT", f"/Users/{made['id']}", new_user("cyd", groups=[]))
    assert emptied.json()["groups"] == []


@pytest.mark.parametrize("groups", [[{"value": "S0"}], ["S0"], [{}], [7]])
def test_unknown_groups_are_refused_in_the_style_user(slack, ids, groups):
    slack.flags.membership_style = "user"
    answer = slack.merge(ids["ada"], groups=groups)
    assert answer.status_code == 400
    assert code(answer) == "groups_invalid"


def test_groups_of_a_user_are_read_only_by_default(slack, ids):
    for answer in (
        slack.merge(ids["ben"], groups=[{"value": ids["group"]}]),
        slack.operate(ids["ben"], {"op": "add", "path": "groups", "value": [{"value": ids["group"]}]}),
        slack.v2("PUT", f"/Users/{ids['ben']}", new_user("ben", groups=[{"value": ids["group"]}])),
    ):
        assert answer.status_code == 200
        assert answer.json()["groups"] == []


def test_a_seed_is_stored_as_slack_would_store_it(slack):
    slack.seed(
        users=[{"userName": "Ada.Lovelace@example.com", "externalId": "e1", "displayName": "Ada", "active": False}],
        groups=[{"displayName": "Sales", "externalId": "g1", "members": ["Ada.Lovelace@example.com"]}],
    )
    (user,), (group,) = slack.snapshot()["users"], slack.snapshot()["groups"]
    assert user | {"id": None, "document": None} == {
        "id": None,
        "document": None,
        "userName": "ada.lovelace",
        "externalId": "e1",
        "givenName": "Ada",
        "displayName": "Ada",
        "email": "Ada.Lovelace@example.com",
        "active": False,
        "timezone": "America/Los_Angeles",
        "groups": ["Sales"],
    }
    assert (group["externalId"], group["members"]) == ("g1", ["ada.lovelace"])
    assert slack.user(user["id"])["externalId"] == "e1"


def test_an_extension_of_another_person_is_no_surprise(slack, ids):
    boss = slack.operate(ids["ben"], {"op": "add", "path": f"{ENTERPRISE_2}:manager", "value": {"managerId": "ada"}})
    assert boss.json()[ENTERPRISE_2]["manager"] == {"managerId": ids["ada"]}

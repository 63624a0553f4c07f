"""Every flag of the Slack target in both positions; the common ones are in test_slack_permissions."""

import pytest

from provcheck.mock_targets.target.common_flags import COMMON_FLAGS
from provcheck.mock_targets.vendors.slack.dialect import SlackDialect
from tests.vendors.slack_rig import CORE_1, ENTERPRISE_2, GUEST_2, PROFILE_2, USER_2, Slack, code, new_user, patch

FLAGS = SlackDialect.declared()
GUEST = {"schemas": [USER_2, GUEST_2], GUEST_2: {"type": "multi"}}


def names(answer):
    return [resource.get("userName", resource.get("displayName")) for resource in answer.json()["Resources"]]


def test_every_flag_of_slack_is_tested_here_or_by_its_row():
    from pathlib import Path

    text = "".join(path.read_text() for path in Path(__file__).parent.glob("test_slack_*.py"))
    untested = [flag.name for flag in FLAGS if flag not in COMMON_FLAGS and flag.name not in text]
    assert untested == []


@pytest.mark.parametrize("flag", FLAGS, ids=lambda flag: flag.name)
def test_every_flag_says_what_it_does_and_where_it_comes_from(flag):
    assert flag.doc.endswith(".")
    assert flag.source
    assert flag.check(flag.default) == flag.default


@pytest.mark.parametrize(
    "flag, other, method, path, said",
    [
        ("status_of_unknown_id", 400, "GET", "/Users/U0", "no_such_user"),
        ("status_of_unknown_id", 400, "DELETE", "/Groups/S0", "no_such_group"),
        ("status_of_unknown_endpoint", 400, "GET", "/nothing", "bad_endpoint"),
        ("status_of_unknown_version", 400, "GET", "/../v9/Users", "unsupported_version"),
        ("status_of_wrong_method", 400, "DELETE", "/Users", "method_not_allowed"),
    ],
)
@pytest.mark.parametrize("switched", [False, True])
def test_statuses_that_nobody_documents(flag, other, method, path, said, switched):
    slack = Slack(**({flag: str(other)} if switched else {}))
    default = next(int(declared.default) for declared in FLAGS if declared.name == flag)
    url = slack.target.base_url + "/scim" + (path.removeprefix("/..") if "/.." in path else f"/v1{path}")
    answer = slack.send(method, url)
    assert answer.status_code == (other if switched else default)
    assert code(answer) == said


@pytest.mark.parametrize("status", ["404", "400"])
def test_status_of_unknown_members(status):
    slack = Slack(status_of_unknown_members=status)
    answer = slack.v2("POST", "/Groups", {"schemas": [CORE_1], "displayName": "G", "members": [{"value": "U0"}]})
    assert (str(answer.status_code), code(answer)) == (status, "no_such_group_members")


@pytest.mark.parametrize("status", ["403", "400"])
def test_status_of_refusals(status):
    slack = Slack(status_of_refusals=status, allows_create_users=False)
    answer = slack.v2("POST", "/Users", new_user())
    assert (str(answer.status_code), code(answer)) == (status, "permission_denied")


@pytest.mark.parametrize("status", ["409", "400"])
def test_status_of_taken_email(status):
    slack = Slack(status_of_taken_email=status)
    slack.create("ada")
    answer = slack.v2("POST", "/Users", new_user("ben", emails=[{"value": "ada@example.com"}]))
    assert str(answer.status_code) == status
    assert code(answer).startswith("email_taken")


def test_plan_enterprise_has_guests_and_no_limit_of_members():
    slack = Slack()
    assert slack.create("ada", **GUEST)["profileUrl"].startswith("https://example.enterprise.slack.com/")


def test_plan_business_plus_has_no_guests():
    slack = Slack(plan="business_plus")
    answer = slack.v2("POST", "/Users", new_user("ada", **GUEST))
    assert (answer.status_code, code(answer)) == (403, "permission_denied")
    assert slack.create("ben")["profileUrl"].startswith("https://example.slack.com/")


@pytest.mark.parametrize("plan, status", [("enterprise", 200), ("business_plus", 400)])
def test_plan_limits_the_members_of_a_group(plan, status):
    slack = Slack(plan=plan)
    slack.seed(users=[{"userName": f"user{n}"} for n in range(5001)])
    ids = [user["id"] for user in slack.snapshot()["users"]]
    group = slack.create_group("All", *ids[:5000])["id"]
    answer = slack.v2(
        "PATCH", f"/Groups/{group}", patch({"op": "add", "path": "members", "value": [{"value": ids[-1]}]})
    )
    assert answer.status_code == status
    if status == 400:
        assert code(answer) == "group_member_max_exceeded"
        assert slack.journal[-1].refused_by == "plan"
        fewer = patch({"op": "remove", "path": f"members[value eq {ids[0]}]"})
        assert slack.v2("PATCH", f"/Groups/{group}", fewer).status_code == 200


def test_plan_pro_has_no_scim():
    slack = Slack(plan="pro")
    answer = slack.v1("GET", "/Users")
    assert (answer.status_code, code(answer)) == (403, "plus_teams_only")
    assert slack.v1("GET", "/ServiceProviderConfigs").status_code == 200


def test_domain():
    assert Slack(domain="acme").create("ada")["profileUrl"] == "https://acme.enterprise.slack.com/team/ada"


@pytest.mark.parametrize(
    "flag, said", [("channel_names", "username_taken"), ("reserved_user_names", "username_not_allowed")]
)
def test_names_that_are_not_free(flag, said):
    slack = Slack(**{flag: "Ops, sales"})
    assert code(slack.v2("POST", "/Users", new_user("OPS"))).startswith(said)
    slack.flags[flag] = ""
    slack.create("OPS")


@pytest.mark.parametrize("flag", ["bot_users", "primary_owner", "forgotten_users", "linked_groups", "admins"])
def test_lists_of_names_are_empty_by_default(flag):
    assert Slack().flags[flag] == ""


@pytest.mark.parametrize("kept", [False, True])
def test_keeps_external_id(kept):
    slack = Slack(keeps_external_id=kept)
    made = slack.create("ada", externalId="e1")
    assert made["externalId"] == ("e1" if kept else "")
    assert slack.merge(made["id"], externalId="e2").json()["externalId"] == ("e1" if kept else "")


@pytest.mark.parametrize("rule, status", [("ignored", 200), ("refused", 400)])
def test_external_id_updates(rule, status):
    slack = Slack(external_id_updates=rule)
    id = slack.create("ada")["id"]
    assert slack.merge(id, externalId="").status_code == slack.merge(id, externalId=" ").status_code == 200
    answer = slack.merge(id, externalId="e2")
    assert answer.status_code == status
    assert status == 200 or code(answer) == "invalid_request_payload"


@pytest.mark.parametrize("rule, shown", [("accepted", "New"), ("ignored", "Old"), ("refused", None)])
def test_display_name_updates(rule, shown):
    slack = Slack(display_name_updates=rule)
    id = slack.create("ada", displayName="Old")["id"]
    answer = slack.merge(id, displayName="New")
    if shown is None:
        assert (answer.status_code, code(answer)) == (400, "invalid_display_name")
        assert slack.merge(id, displayName="Old").status_code == 200
    else:
        assert answer.json()["displayName"] == shown
    body = new_user("ada")
    assert slack.v2("PUT", f"/Users/{id}", body).json()["displayName"] == ("" if rule == "accepted" else "Old")


@pytest.mark.parametrize("form", ["by_value", "long", "short"])
def test_resource_form(form):
    slack = Slack(resource_form=form)
    plain, full = slack.create("ada"), slack.create("ben", userType="Employee")
    assert ("addresses" in plain) is (form == "long")
    assert ("addresses" in full) is (form != "short")
    assert (ENTERPRISE_2 in full["schemas"]) is (form != "short")


def test_resource_form_by_value_stays_long_once_a_value_was_given():
    slack = Slack()
    id = slack.create("ada", userType="Employee")["id"]
    assert slack.merge(id, userType=" ").json()["userType"] is None


@pytest.mark.parametrize("wins, name", [(True, "ada"), (False, "countess")])
def test_stale_nick_name_wins(wins, name):
    slack = Slack(stale_nick_name_wins=wins)
    user = slack.create("ada")
    answer = slack.v1("PUT", f"/Users/{user['id']}", {**user, "userName": "countess"})
    assert (answer.json()["userName"], answer.json()["nickName"]) == (name, name)


@pytest.mark.parametrize("needed", [True, False])
def test_needs_extension_urns(needed):
    slack = Slack(needs_extension_urns=needed)
    made = slack.create("ada", **{GUEST_2: {"type": "multi"}, PROFILE_2: {"startDate": "2024-04-10T00:00:00+0000"}})
    assert (GUEST_2 in made) is not needed
    assert (PROFILE_2 in made) is not needed


@pytest.mark.parametrize("at_once", [False, True])
def test_shows_photos_at_once(at_once):
    slack = Slack(shows_photos_at_once=at_once)
    url = "https://example.com/a.jpg"
    made = slack.create("ada", photos=[{"value": url}])
    assert (made["photos"] == [{"value": url, "type": "photo"}]) is at_once
    assert slack.user(made["id"])["photos"] == [{"value": url, "type": "photo"}]
    changed = slack.merge(made["id"], photos=[{"value": "https://example.com/b.jpg"}]).json()
    assert changed["photos"][0]["value"] == ("https://example.com/b.jpg" if at_once else url)


@pytest.mark.parametrize("shown", [False, True])
def test_shows_empty_second_email(shown):
    slack = Slack(shows_empty_second_email=shown)
    emails = slack.create("ada", userType="Employee")["emails"]
    assert emails[1:] == ([{"value": "", "primary": False}] if shown else [])
    assert len(slack.create("ben")["emails"]) == 1


@pytest.mark.parametrize("delay", [0, 10])
def test_deactivation_delay(delay):
    slack = Slack(deactivation_delay=delay)
    id = slack.create("ada")["id"]
    slack.v2("DELETE", f"/Users/{id}")
    assert slack.user(id)["active"] is (delay > 0)
    slack.clock.sleep(11)
    assert slack.user(id)["active"] is False


@pytest.mark.parametrize("needed", [True, False])
def test_needs_schemas(needed):
    slack = Slack(needs_schemas=needed)
    id, group = slack.create("ada")["id"], slack.create_group("Sales")["id"]
    body = {key: value for key, value in new_user("ada").items() if key != "schemas"}
    for version, method, path, sent in (
        (1, "PUT", f"/Users/{id}", body),
        (2, "PUT", f"/Users/{id}", body),
        (1, "PATCH", f"/Groups/{group}", {"displayName": "Ops"}),
        (2, "PATCH", f"/Users/{id}", {"Operations": [{"op": "replace", "path": "title", "value": "Lady"}]}),
    ):
        answer = slack.of(version, method, path, sent)
        assert answer.status_code == (400 if needed else 204 if "Groups" in path else 200)
        assert not needed or code(answer) == "missing_schema_element"
    assert code(slack.v1("POST", "/Users", body)) == "missing_schema_element"


@pytest.mark.parametrize("rule, left", [("listed", 1), ("all", 0)])
def test_remove_with_values(rule, left):
    slack = Slack(remove_with_values=rule)
    slack.seed(users=[{"userName": "ada"}, {"userName": "ben"}])
    ids = [user["id"] for user in slack.snapshot()["users"]]
    group = slack.create_group("Sales", *ids)["id"]
    operation = {"op": "remove", "path": "members", "value": [{"value": ids[0]}]}
    assert slack.v2("PATCH", f"/Groups/{group}", patch(operation)).status_code == 200
    assert slack.members(group) == ids[2 - left :]


@pytest.mark.parametrize("with_body", [True, False])
def test_answers_unchanged_patch_with_body(with_body):
    slack = Slack(answers_unchanged_patch_with_body=with_body)
    id = slack.create("ada")["id"]
    operation = {"op": "replace", "path": "title", "value": "Lady"}
    assert slack.operate(id, operation).status_code == 200
    assert slack.operate(id, operation).status_code == (200 if with_body else 204)
    assert slack.merge(id, title="Lady").status_code == 200


@pytest.mark.parametrize("rule, status", [("ignored", 200), ("refused", 400)])
def test_v1_patch_op_bodies(rule, status):
    slack = Slack(v1_patch_op_bodies=rule)
    id, group = slack.create("ada")["id"], slack.create_group("Sales")["id"]
    body = patch({"op": "replace", "path": "displayName", "value": "New"})
    answer = slack.v1("PATCH", f"/Users/{id}", body)
    assert answer.status_code == status
    assert slack.user(id)["displayName"] == "ada"
    assert slack.v1("PATCH", f"/Groups/{group}", body).status_code == (204 if status == 200 else 400)
    assert slack.group(group)["displayName"] == "Sales"


@pytest.mark.parametrize("allowed", [True, False])
def test_allows_duplicate_group_names(allowed):
    slack = Slack(allows_duplicate_group_names=allowed)
    slack.create_group("Sales")
    other = slack.create_group("Ops")["id"]
    for answer in (
        slack.v1("POST", "/Groups", {"schemas": [CORE_1], "displayName": "SALES"}),
        slack.v1("PUT", f"/Groups/{other}", {"schemas": [CORE_1], "displayName": "sales"}),
    ):
        assert allowed or (answer.status_code, code(answer)) == (409, "group_creation_failed")
        assert not allowed or answer.status_code in (200, 201)
    assert slack.v1("PUT", f"/Groups/{other}", {"schemas": [CORE_1], "displayName": "OPS"}).status_code == 200


@pytest.mark.parametrize(
    "flag, refused",
    [
        ("refuses_deactivated_members", True),
        ("refuses_deactivated_members", False),
        ("refuses_guest_members", True),
        ("refuses_guest_members", False),
    ],
)
def test_who_may_not_join_a_group(flag, refused):
    slack = Slack(**{flag: refused})
    person = slack.create("ada", **(GUEST if "guest" in flag else {}))["id"]
    if "deactivated" in flag:
        slack.v1("DELETE", f"/Users/{person}")
    answer = slack.v2("POST", "/Groups", {"schemas": [CORE_1], "displayName": "G", "members": [{"value": person}]})
    assert answer.status_code == (400 if refused else 201)
    assert not refused or code(answer) == "unable_to_add_deleted_or_guest_to_group"


def test_a_deactivated_member_may_stay():
    slack = Slack()
    person, other = slack.create("ada")["id"], slack.create("ben")["id"]
    group = slack.create_group("G", person)["id"]
    slack.v1("DELETE", f"/Users/{person}")
    answer = slack.v1(
        "PUT",
        f"/Groups/{group}",
        {"schemas": [CORE_1], "displayName": "G", "members": [{"value": person}, {"value": other}]},
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("by, shown", [("real_name", "Ada Love"), ("display_name", "Countess"), ("user_name", "ada")])
def test_member_display(by, shown):
    slack = Slack(member_display=by)
    id = slack.create("ada", name={"givenName": "Ada", "familyName": "Love"}, displayName="Countess")["id"]
    assert slack.create_group("G", id)["members"] == [{"value": id, "display": shown}]


@pytest.mark.parametrize("with_body", [True, False])
def test_answers_group_patch_with_body(with_body):
    slack = Slack(answers_group_patch_with_body=with_body)
    group = slack.create_group("G")["id"]
    answer = slack.v2("PATCH", f"/Groups/{group}", patch({"op": "replace", "path": "displayName", "value": "H"}))
    assert answer.status_code == (200 if with_body else 204)
    assert bool(answer.content) is with_body


@pytest.mark.parametrize("shown", [True, False])
def test_lists_deactivated_users(shown):
    slack = Slack(lists_deactivated_users=shown)
    slack.seed(users=[{"userName": "ada", "active": False}, {"userName": "ben"}])
    assert names(slack.v2("GET", "/Users")) == (["ada", "ben"] if shown else ["ben"])
    assert slack.v2("GET", "/Users").json()["totalResults"] == (2 if shown else 1)
    assert names(slack.v2("GET", "/Users", filter='userName eq "ada"')) == ["ada"]


@pytest.mark.parametrize("order", ["oldest_first", "newest_first"])
def test_list_order(order):
    slack = Slack(list_order=order)
    slack.seed(users=[{"userName": f"user{n}"} for n in range(5)])
    expected = [f"user{n}" for n in range(5)]
    if order == "newest_first":
        expected.reverse()
    assert names(slack.v1("GET", "/Users")) == expected
    assert names(slack.v1("GET", "/Users", filter="username sw user")) == expected
    assert names(slack.v1("GET", "/Users", startIndex=2, count=2)) == expected[1:3]
    assert names(slack.v1("GET", "/Users", startIndex=5, count=2)) == expected[4:]
    assert names(slack.v1("GET", "/Users", startIndex=9)) == []


@pytest.mark.parametrize("allowed", [False, True])
def test_filters_on_other_attributes(allowed):
    slack = Slack(filters_on_other_attributes=allowed)
    slack.create("ada", title="Lady", name={"familyName": "Love"})
    for text in ('title eq "lady"', 'name.familyName sw "lo"', "active eq true"):
        answer = slack.v2("GET", "/Users", filter=text)
        assert answer.status_code == (200 if allowed else 400)
        assert names(answer) == ["ada"] if allowed else code(answer) == "invalid_query"


@pytest.mark.parametrize("needed", [True, False])
def test_discovery_needs_token(needed):
    slack = Slack(discovery_needs_token=needed)
    for path in ("/ResourceTypes", "/Schemas", "/Schemas/Users"):
        answer = slack.send("GET", slack.urls["base_url"] + path, headers={})
        assert answer.status_code == (401 if needed else 200)


@pytest.mark.parametrize("announced", [True, False])
def test_announces_patch(announced):
    slack = Slack(announces_patch=announced)
    assert slack.v1("GET", "/ServiceProviderConfigs").json()["patch"] == {"supported": announced}


@pytest.mark.parametrize("in_v1_shape", [False, True])
def test_v2_errors_in_v1_shape(in_v1_shape):
    slack = Slack(v2_errors_in_v1_shape=in_v1_shape)
    assert ("Errors" in slack.v2("GET", "/Users/U0").json()) is in_v1_shape


@pytest.mark.parametrize("order, status", [("ascending", 200), ("descending", 200), ("upwards", 400)])
def test_a_sort_order_is_checked_and_passed_over(order, status):
    answer = Slack().v1("GET", "/Users", sortOrder=order, sortBy="userName")
    assert answer.status_code == status
    assert status == 200 or code(answer) == "invalid_sort_order"

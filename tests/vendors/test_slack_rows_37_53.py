"""Rows 37 to 53 of Slack's conformance table: changing, overwriting and deactivating users."""

import pytest

from tests.vendors.slack_rig import (
    CORE_1,
    ENTERPRISE_1,
    ENTERPRISE_2,
    GUEST_1,
    GUEST_2,
    PROFILE_2,
    USER_2,
    Slack,
    code,
    new_user,
)

TWO_EMAILS = [{"value": "p@example.com", "primary": True}, {"value": "s@example.com", "type": "home"}]
FULL = {
    "displayName": "Ada L",
    "title": "Countess",
    "userType": "Employee",
    "preferredLanguage": "en_US",
    "locale": "en_US",
    "timezone": "America/Chicago",
    "name": {"givenName": "Ada", "familyName": "Lovelace", "honorificPrefix": "Ms."},
    "emails": TWO_EMAILS,
    "phoneNumbers": [{"value": "222", "type": "work"}, {"value": "333", "type": "mobile"}],
    "addresses": [{"streetAddress": "1 St", "locality": "Rome", "region": "RM", "postalCode": "1", "country": "IT"}],
    "roles": ["Lead"],
    "photos": [{"value": "https://example.com/a.jpg"}],
    ENTERPRISE_2: {"employeeNumber": "1", "department": "R&D", "manager": {"managerId": "U1"}},
}


@pytest.fixture
def slack():
    return Slack()


@pytest.fixture
def ada(slack):
    return slack.create("ada", **FULL)["id"]


def ok(answer):
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(slack, answer, said, status=400):
    assert answer.status_code == status, answer.text
    assert code(answer).startswith(said)


@pytest.mark.parametrize("attribute", ["userName", "nickName"])
def test_row_37_user_name_and_nick_name_mirror_each_other_in_v1(slack, ada, attribute):
    user = ok(slack.merge(ada, **{attribute: "countess"}))
    assert (user["userName"], user["nickName"]) == ("countess", "countess")
    assert user["profileUrl"].endswith("/team/countess")


def test_row_37_other_attributes_stay(slack, ada):
    before = slack.user(ada)
    after = ok(slack.merge(ada, title="Lady"))
    assert after["title"] == "Lady"
    for key in ("name", "emails", "phoneNumbers", "addresses", "roles", "locale", "displayName", "timezone"):
        assert after[key] == before[key]


@pytest.mark.parametrize("attribute, said", [("userName", "long_username"), ("nickName", "long_nickname")])
def test_row_37_the_limit_of_21_has_two_codes(slack, ada, attribute, said):
    refused(slack, slack.merge(ada, **{attribute: "a" * 22}), said)


@pytest.mark.parametrize("name", ["", " ", None])
def test_row_37_a_user_name_cannot_be_emptied(slack, ada, name):
    answer = slack.operate(ada, {"op": "replace", "path": "userName", "value": name})
    refused(slack, answer, "username_empty")
    refused(slack, slack.operate(ada, {"op": "remove", "path": "userName"}), "username_empty")


def test_row_37_a_taken_user_name_is_refused_in_changes_too(slack, ada):
    slack.create("ben")
    refused(slack, slack.merge(ada, userName="BEN"), "username_taken (username=ben)", 409)


@pytest.mark.parametrize("active", [False, True])
def test_row_38_a_patch_of_a_user_in_v1_does_without_schemas(slack, ada, active):
    assert ok(slack.v1("PATCH", f"/Users/{ada}", {"active": active}))["active"] is active


def test_row_38_active_is_toggled(slack, ada):
    assert ok(slack.merge(ada, active=False))["active"] is False
    assert ok(slack.merge(ada, active=True))["active"] is True


@pytest.mark.parametrize("attribute", ["title", "displayName", "userType", "locale", "preferredLanguage", "timezone"])
def test_row_39_a_blank_clears_an_attribute(slack, ada, attribute):
    user = ok(slack.merge(ada, **{attribute: " "}))
    assert user[attribute] == {"title": "", "displayName": "", "timezone": "America/Los_Angeles"}.get(attribute)


def test_row_40_meta_attributes_clears_what_it_lists(slack, ada):
    listed = ["roles", "name.familyName", "addresses", "phoneNumbers", f"{ENTERPRISE_1}.department", "emails"]
    user = ok(slack.merge(ada, meta={"attributes": listed}))
    assert user["roles"] == [{"value": None, "primary": True}]
    assert user["name"] == {"givenName": "Ada", "familyName": "", "honorificPrefix": "Ms."}
    assert user["emails"] == [{"value": "p@example.com", "primary": True}]
    assert user["addresses"][0]["locality"] is None
    assert [phone["value"] for phone in user["phoneNumbers"]] == [None, None]
    assert user[ENTERPRISE_1]["department"] is None
    assert user[ENTERPRISE_1]["employeeNumber"] == "1"


@pytest.mark.parametrize(
    "listed, left",
    [
        (f"{ENTERPRISE_1}.manager.managerId", {"employeeNumber": "1", "department": "R&D"}),
        (ENTERPRISE_1, {}),
    ],
)
def test_row_40_extensions_are_cleared_by_dotted_paths(slack, ada, listed, left):
    user = ok(slack.merge(ada, meta={"attributes": [listed]}))
    assert user[ENTERPRISE_1]["manager"] == {"managerId": None}
    assert {key: value for key, value in user[ENTERPRISE_1].items() if isinstance(value, str)} == left


def test_row_40_a_whole_name_is_cleared(slack, ada):
    user = ok(slack.merge(ada, meta={"attributes": ["name"]}))
    assert user["name"] == {"givenName": "", "familyName": "", "honorificPrefix": None}


def test_row_41_the_primary_address_cannot_be_deleted(slack, ada):
    answer = slack.merge(ada, emails=[{"value": "p@example.com", "operation": "delete"}])
    refused(slack, answer, "missing_primary_email")
    assert len(slack.user(ada)["emails"]) == 2


def test_row_41_the_second_address_can_be_deleted(slack, ada):
    user = ok(slack.merge(ada, emails=[{"value": "s@example.com", "operation": "delete"}]))
    assert user["emails"] == [{"value": "p@example.com", "primary": True}]


def test_row_41_the_primary_address_can_be_exchanged(slack, ada):
    sent = [{"value": "p@example.com", "operation": "delete"}, {"value": "new@example.com", "primary": True}]
    user = ok(slack.merge(ada, emails=sent))
    assert [email["value"] for email in user["emails"]] == ["new@example.com", "s@example.com"]


@pytest.mark.parametrize(
    "attribute, sent, left",
    [
        ("phoneNumbers", [{"value": "222", "operation": "delete"}], [None, "333"]),
        (
            "phoneNumbers",
            [{"value": "222", "operation": "delete"}, {"value": "333", "operation": "delete"}],
            [None] * 2,
        ),
        ("roles", [{"value": "Lead", "operation": "delete"}], [None]),
        ("roles", [{"value": "Other", "operation": "delete"}], ["Lead"]),
    ],
)
def test_row_41_other_values_are_deleted_by_what_they_are(slack, ada, attribute, sent, left):
    user = ok(slack.merge(ada, **{attribute: sent}))
    assert [item["value"] for item in user[attribute]] == left


@pytest.mark.parametrize("part, left", [({}, None), ({"region": "LA"}, "Rome")])
def test_row_41_an_address_is_deleted_only_if_all_of_it_is_named(slack, ada, part, left):
    named = FULL["addresses"][0] | {"operation": "delete"} | part
    assert ok(slack.merge(ada, addresses=[named]))["addresses"][0]["locality"] == left


@pytest.mark.parametrize("op", ["replace", "Replace", "add", "REPLACE"])
def test_row_42_operations_of_v2(slack, ada, op):
    answer = slack.operate(
        ada,
        {"op": op, "path": "active", "value": False},
        {"op": op, "path": "userName", "value": "Countess"},
    )
    user = ok(answer)
    assert (user["active"], user["userName"], user["nickName"]) == (False, "countess", "countess")


@pytest.mark.parametrize(
    "path, value",
    [
        ("nickName", "countess"),
        ("displayName", "First Last"),
        ("title", "Tour Guide"),
        ("userType", "Contractor"),
        ("preferredLanguage", "fr_FR"),
        ("locale", "fr_FR"),
        ("timezone", "Europe/Rome"),
    ],
)
def test_row_42_every_simple_path(slack, ada, path, value):
    assert ok(slack.operate(ada, {"op": "replace", "path": path, "value": value}))[path] == value


def test_row_42_names_are_changed_in_part_or_as_a_whole(slack, ada):
    assert ok(slack.operate(ada, {"op": "replace", "path": "name.givenName", "value": "A"}))["name"]["givenName"] == "A"
    user = ok(slack.operate(ada, {"op": "remove", "path": "name.honorificPrefix"}))
    assert user["name"] == {"givenName": "A", "familyName": "Lovelace", "honorificPrefix": None}
    user = ok(slack.operate(ada, {"op": "add", "path": "name", "value": {"familyName": "L", "honorificPrefix": "Dr."}}))
    assert user["name"] == {"givenName": "A", "familyName": "L", "honorificPrefix": "Dr."}


def test_row_42_an_operation_without_path(slack, ada):
    user = ok(
        slack.operate(ada, {"op": "replace", "value": {"title": "Lady", "name.givenName": "A", "active": "False"}})
    )
    assert (user["title"], user["name"]["givenName"], user["active"]) == ("Lady", "A", False)


@pytest.mark.parametrize(
    "path, value, key, kept",
    [
        (f"{ENTERPRISE_2}:employeeNumber", "121", "employeeNumber", "121"),
        (f"{ENTERPRISE_2}.manager.managerId", "U7", "manager", {"managerId": "U7"}),
        (f"{ENTERPRISE_2}:manager", {"managerId": "U7"}, "manager", {"managerId": "U7"}),
        (ENTERPRISE_2, {"division": "D"}, "division", "D"),
    ],
)
def test_row_43_extensions_are_reached_by_colon_and_by_dot(slack, ada, path, value, key, kept):
    user = ok(slack.operate(ada, {"op": "add", "path": path, "value": value}))
    assert user[ENTERPRISE_2][key] == kept
    assert user[ENTERPRISE_2]["department"] == "R&D"


def test_row_43_extensions_are_removed_in_part_and_as_a_whole(slack, ada):
    user = ok(slack.operate(ada, {"op": "remove", "path": f"{ENTERPRISE_2}.manager.managerId"}))
    assert user[ENTERPRISE_2]["manager"] == {"managerId": None}
    assert user[ENTERPRISE_2]["department"] == "R&D"
    user = ok(slack.operate(ada, {"op": "remove", "path": ENTERPRISE_2}))
    assert user[ENTERPRISE_2]["department"] is None


def test_row_43_the_start_date_comes_in_a_partial_user(slack, ada):
    body = {"schemas": [PROFILE_2], PROFILE_2: {"startDate": "2024-04-10T00:00:00+0000"}}
    user = ok(slack.v2("PATCH", f"/Users/{ada}", body))
    assert user[PROFILE_2] == {"startDate": "2024-04-10T00:00:00+0000"}
    assert PROFILE_2 in user["schemas"]


@pytest.mark.parametrize("path", ["emails[primary eq false]", 'emails[value eq "s@example.com"]', "emails"])
def test_row_44_the_second_address_is_removed(slack, ada, path):
    user = ok(slack.operate(ada, {"op": "remove", "path": path}))
    assert user["emails"] == [{"value": "p@example.com", "primary": True}]


@pytest.mark.parametrize("path", ["emails[primary eq true]", 'emails[value eq "p@example.com"]'])
def test_row_44_the_primary_address_is_not(slack, ada, path):
    refused(slack, slack.operate(ada, {"op": "remove", "path": path}), "missing_primary_email")


@pytest.mark.parametrize(
    "operation, left",
    [
        (("replace", "emails[primary eq false]", {"value": "n@example.com", "type": "work"}), ["p", "n"]),
        (("replace", "emails[primary eq true].value", "n@example.com"), ["n", "s"]),
        (("replace", 'emails[type eq "work"].value', "n@example.com"), ["n", "s"]),
        (("replace", 'emails[value eq "x@example.com"].value', "n@example.com"), ["p", "s"]),
        (("add", "emails", {"value": "n@example.com", "type": "home"}), ["p", "n"]),
        (("add", "emails", [{"value": "n@example.com", "primary": True}]), ["n", "s"]),
        (("replace", "emails", [{"value": "n@example.com"}]), ["n"]),
    ],
)
def test_row_44_addresses_are_changed(slack, ada, operation, left):
    op, path, value = operation
    user = ok(slack.operate(ada, {"op": op, "path": path, "value": value}))
    assert [email["value"].partition("@")[0] for email in user["emails"]] == left
    assert [email["primary"] for email in user["emails"]] == [True, False][: len(left)]


@pytest.mark.parametrize("value", [[], None])
def test_row_44_addresses_are_not_replaced_with_nothing(slack, ada, value):
    refused(slack, slack.operate(ada, {"op": "replace", "path": "emails", "value": value}), "email_empty")


@pytest.mark.parametrize("sent", [{"startDate": " "}, {"startDate": None}])
def test_row_43_a_start_date_is_cleared(slack, ada, sent):
    start = {PROFILE_2: {"startDate": "2024-04-10T00:00:00+0000"}}
    ok(slack.v2("PATCH", f"/Users/{ada}", {"schemas": [PROFILE_2], **start}))
    assert PROFILE_2 not in ok(slack.v2("PATCH", f"/Users/{ada}", {"schemas": [PROFILE_2], PROFILE_2: sent}))


@pytest.mark.parametrize(
    "operation, left",
    [
        ({"op": "replace", "path": 'phoneNumbers[value eq "333"].value', "value": "111"}, ["222", "111"]),
        ({"op": "replace", "path": 'phoneNumbers[value eq "222"].value', "value": "111"}, ["111", "333"]),
        ({"op": "remove", "path": 'phoneNumbers[value eq "222"]'}, [None, "333"]),
        ({"op": "remove", "path": "phoneNumbers"}, [None, None]),
        ({"op": "add", "path": "phoneNumbers", "value": {"value": "111", "primary": True}}, ["222", "111"]),
        ({"op": "add", "path": "phoneNumbers", "value": [{"value": "111", "type": "work"}]}, ["111", "333"]),
        ({"op": "replace", "path": "phoneNumbers", "value": [{"value": "111", "type": "work"}]}, ["111", None]),
    ],
)
def test_row_44_phone_numbers_are_changed(slack, ada, operation, left):
    assert [phone["value"] for phone in ok(slack.operate(ada, operation))["phoneNumbers"]] == left


@pytest.mark.parametrize("path", ["address", "addresses", "roles", "photos"])
def test_row_44_what_there_is_one_of_is_removed(slack, ada, path):
    user = ok(slack.operate(ada, {"op": "remove", "path": path}))
    kept = {"address": user["addresses"][0]["locality"], "addresses": user["addresses"][0]["locality"]}
    assert kept.get(path) is None
    assert path != "roles" or user["roles"] == [{"value": None, "primary": True}]
    assert path != "photos" or slack.user(ada)["photos"][0]["value"].startswith("https://secure.gravatar.com/")


def test_row_44_part_of_the_address_is_changed(slack, ada):
    user = ok(slack.operate(ada, {"op": "replace", "path": 'addresses[type eq "work"].locality', "value": "Bari"}))
    assert (user["addresses"][0]["locality"], user["addresses"][0]["region"]) == ("Bari", "RM")


def test_row_45_a_password_is_not_changed(slack, ada):
    refused(slack, slack.merge(ada, password="x"), "password_change_not_allowed")
    refused(slack, slack.operate(ada, {"op": "replace", "path": "password", "value": "x"}), "password_change_not")


def test_row_46_an_external_id_is_not_changed(slack, ada):
    assert ok(slack.merge(ada, externalId="x"))["externalId"] == ""
    assert ok(slack.operate(ada, {"op": "add", "path": "externalId", "value": "x"}))["externalId"] == ""
    assert ok(slack.v2("PUT", f"/Users/{ada}", new_user("ada", externalId="x")))["externalId"] == ""


def test_row_46_a_profile_url_is_set_once(slack):
    made = slack.create("ben", profileUrl="https://login.example.com/ben")
    assert made["profileUrl"] == "https://login.example.com/ben"
    changed = ok(slack.merge(made["id"], profileUrl="https://example.com/x"))
    assert changed["profileUrl"] == made["profileUrl"]


def test_row_47_what_was_read_can_be_put_back(slack, ada):
    read = slack.user(ada, 1)
    read["schemas"] = [read["schemas"]] * len(read["schemas"])
    written = ok(slack.v1("PUT", f"/Users/{ada}", read))
    assert written == slack.user(ada, 1)
    for key in set(read) - {"schemas"}:
        assert written[key] == read[key], key


def test_row_48_put_blanks_what_it_does_not_give(slack, ada):
    user = ok(slack.v2("PUT", f"/Users/{ada}", new_user("countess")))
    assert (user["title"], user["displayName"], user["timezone"]) == ("", "", "America/Los_Angeles")
    assert user["name"] == {"givenName": "Ada", "familyName": "Lovelace", "honorificPrefix": None}
    assert (user["userType"], user["locale"], user["preferredLanguage"]) == (None, None, None)
    assert user["addresses"] == [dict.fromkeys(["streetAddress", "locality", "region", "postalCode", "country"])]
    assert user["roles"] == [{"value": None, "primary": True}]
    assert user[ENTERPRISE_2]["department"] is None
    assert user["emails"] == [{"value": "countess@example.com", "primary": True}]
    assert user["nickName"] == "countess"


@pytest.mark.parametrize("active", [True, False])
def test_row_48_put_without_active_leaves_it(slack, ada, active):
    slack.merge(ada, active=active)
    assert ok(slack.v2("PUT", f"/Users/{ada}", new_user("ada")))["active"] is active


@pytest.mark.parametrize("missing, said", [("userName", "username_required"), ("emails", "email_empty")])
def test_row_48_put_needs_what_post_needs(slack, ada, missing, said):
    body = new_user("ada")
    del body[missing]
    refused(slack, slack.v2("PUT", f"/Users/{ada}", body), said)


def test_row_49_delete_answers_200_every_time_in_v1(slack, ada):
    for _ in range(3):
        answer = slack.v1("DELETE", f"/Users/{ada}")
        assert (answer.status_code, answer.content) == (200, b"")


def test_row_50_delete_answers_204_every_time_in_v2(slack, ada):
    for _ in range(3):
        answer = slack.v2("DELETE", f"/Users/{ada}")
        assert (answer.status_code, answer.content) == (204, b"")
    assert [exchange.applied for exchange in slack.journal][-3:] == ["yes"] * 3


def test_row_51_the_deactivated_person_stays(slack, ada):
    group = slack.create_group("Sales", ada)
    slack.v1("DELETE", f"/Users/{ada}")
    for version in (1, 2):
        user = slack.user(ada, version)
        assert (user["active"], user["userName"]) == (False, "ada")
    assert slack.members(group["id"]) == [ada]


def test_row_51_a_deactivated_person_is_reactivated(slack, ada):
    slack.v1("DELETE", f"/Users/{ada}")
    assert ok(slack.v1("PUT", f"/Users/{ada}", new_user("ada", 1, active=True)))["active"] is True


def test_row_52_both_conversions_reactivate_in_v1(slack, ada):
    slack.v1("DELETE", f"/Users/{ada}")
    guest = ok(slack.v1("PATCH", f"/Users/{ada}", {"schemas": [CORE_1, GUEST_1], GUEST_1: {"type": "multi"}}))
    assert (guest["active"], guest[GUEST_1]) == (True, {"type": "multi"})
    slack.v1("DELETE", f"/Users/{ada}")
    full = ok(slack.merge(ada, meta={"attributes": [GUEST_1]}))
    assert full["active"] is True
    assert GUEST_1 not in full


def test_row_52_both_conversions_reactivate_in_v2(slack, ada):
    slack.v2("DELETE", f"/Users/{ada}")
    value = {"type": "multi", "expiration": "2030-11-30T23:59:59Z"}
    guest = ok(slack.operate(ada, {"op": "add", "path": GUEST_2, "value": value}))
    assert (guest["active"], guest[GUEST_2]) == (True, value)
    assert ok(slack.operate(ada, {"op": "remove", "path": f"{GUEST_2}.expiration"}))[GUEST_2] == {"type": "multi"}
    slack.v2("DELETE", f"/Users/{ada}")
    full = ok(slack.operate(ada, {"op": "remove", "path": GUEST_2}))
    assert full["active"] is True
    assert USER_2 in full["schemas"]
    assert GUEST_2 not in full


@pytest.mark.parametrize(
    "flag, said",
    [
        ("bot_users", "cannot_disable_bot_user_with_scim"),
        ("primary_owner", "cannot_disable_primary_owner"),
        ("forgotten_users", "cannot_modify_gdpr"),
    ],
)
def test_row_53_some_people_cannot_be_deactivated(slack, ada, flag, said):
    slack.flags[flag] = "Ada, someone.else"
    for answer in (
        slack.v1("DELETE", f"/Users/{ada}"),
        slack.v2("DELETE", f"/Users/{ada}"),
        slack.merge(ada, active=False),
        slack.operate(ada, {"op": "replace", "path": "active", "value": False}),
    ):
        refused(slack, answer, said, 403)
        assert slack.journal[-1].refused_by == flag
    assert slack.user(ada)["active"] is True


@pytest.mark.parametrize("flag", ["primary_owner", "admins"])
def test_row_53_some_people_cannot_be_made_guests(slack, ada, flag):
    slack.flags[flag] = "ada"
    answer = slack.operate(ada, {"op": "add", "path": GUEST_2, "value": {"type": "multi"}})
    refused(slack, answer, "cannot_make_user_guest", 403)

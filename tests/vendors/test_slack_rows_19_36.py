"""Rows 19 to 36 of Slack's conformance table: creating users."""

import pytest

from tests.vendors.slack_rig import (
    CORE_1,
    ENTERPRISE_1,
    ENTERPRISE_2,
    GUEST_1,
    GUEST_2,
    USER_2,
    Slack,
    code,
    new_user,
)


@pytest.fixture
def slack():
    return Slack()


def refused(slack, version, **changes):
    before = slack.snapshot()
    answer = slack.of(version, "POST", "/Users", new_user("ada", version) | changes)
    assert slack.snapshot() == before
    return answer


def test_row_19_the_smallest_user_of_v1(slack):
    answer = slack.v1("POST", "/Users", new_user("ada", 1))
    assert answer.status_code == 201
    user = answer.json()
    assert list(user) == [
        *("schemas", "id", "externalId", "meta", "userName", "nickName", "name", "displayName", "profileUrl", "title"),
        *("timezone", "active", "emails", "photos", "groups"),
    ]
    assert user["id"][0] in "UW"
    assert (user["externalId"], user["nickName"], user["active"], user["groups"]) == ("", "ada", True, [])
    assert (user["displayName"], user["name"]) == ("ada", {"givenName": "ada", "familyName": ""})
    assert user["schemas"] == [CORE_1]
    assert user["meta"]["location"] == f"{slack.urls['v1']}/Users/{user['id']}"


@pytest.mark.parametrize("days, created", [(0, "2025-12-31T16:00:00-08:00"), (181, "2026-06-30T17:00:00-07:00")])
def test_row_19_times_follow_the_daylight_saving_of_los_angeles(slack, days, created):
    slack.clock.sleep(days * 86400)
    assert slack.create("ada")["meta"]["created"] == created


def test_row_19_slashes_are_escaped_in_v1(slack):
    assert rb"\/Users\/" in slack.v1("POST", "/Users", new_user("ada", 1)).content


def test_row_20_the_smallest_user_of_v2(slack):
    answer = slack.v2("POST", "/Users", new_user("ada"))
    assert answer.status_code == 201
    user = answer.json()
    assert user["schemas"] == [USER_2]
    assert user["meta"]["location"] == f"{slack.urls['base_url']}/Users/{user['id']}"


def test_row_20_both_versions_show_the_same_user(slack):
    made = slack.create("ada", 1)
    shown = slack.user(made["id"], 2)
    for key in set(made) - {"schemas", "meta"}:
        assert made[key] == shown[key]


def test_row_21_schemas_are_required(slack):
    body = new_user("ada", 1)
    del body["schemas"]
    for version in (1, 2):
        answer = slack.of(version, "POST", "/Users", body)
        assert answer.status_code == 400
        assert code(answer) == "missing_schema_element"
    assert answer.json()["status"] == 400


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(
    "changes, said",
    [
        ({"userName": None}, "username_required"),
        ({"userName": " "}, "username_empty"),
        ({"userName": 5}, "username_invalid"),
        ({"emails": None}, "email_empty"),
        ({"emails": []}, "email_empty"),
        ({"emails": [{"primary": True}]}, "email_invalid"),
        ({"emails": [{"value": "nobody"}]}, "bad_email_address"),
        ({"emails": ["ada@example.com"]}, "emails_invalid"),
    ],
)
def test_row_22_user_name_and_address_are_required(slack, version, changes, said):
    answer = refused(slack, version, **changes)
    assert answer.status_code == 400
    assert code(answer) == said


@pytest.mark.parametrize("version", [1, 2])
def test_row_23_a_user_name_of_22_characters(slack, version):
    answer = refused(slack, version, userName="a" * 22)
    assert answer.status_code == 400
    assert code(answer) == f"long_username (user={'a' * 22})"
    assert slack.create("a" * 21)["userName"] == "a" * 21


def test_row_24_a_reserved_user_name(slack):
    answer = refused(slack, 1, userName="slackbot")
    assert answer.status_code == 400
    assert code(answer) == "username_not_allowed (user=slackbot)"


def test_row_25_a_user_name_is_kept_in_lower_case(slack):
    assert slack.create("guestUser")["userName"] == "guestuser"


@pytest.mark.parametrize(
    "given, kept",
    [("Ada.Love@example.com", "ada.love"), ("a-very-long-name-indeed@example.com", "a-very-long-name-inde")],
)
def test_row_26_an_address_as_user_name(slack, given, kept):
    assert slack.create(given)["userName"] == kept


def test_row_27_special_characters_become_underscores(slack):
    assert slack.create("ada!love/x.y_z-1")["userName"] == "ada_love_x.y_z-1"


@pytest.mark.parametrize("version", [1, 2])
def test_row_28_a_taken_user_name(slack, version):
    slack.create("ada")
    answer = refused(slack, version, userName="ADA", emails=[{"value": "other@example.com"}])
    assert answer.status_code == 409
    assert answer.reason.upper() == "CONFLICT"
    assert code(answer) == "username_taken (username=ada)"


def test_row_28_a_deactivated_person_keeps_the_user_name(slack):
    slack.v2("DELETE", f"/Users/{slack.create('ada')['id']}")
    assert code(refused(slack, 2, emails=[{"value": "other@example.com"}])).startswith("username_taken")


def test_row_28_channels_share_the_name_space(slack):
    answer = refused(slack, 2, userName="random")
    assert answer.status_code == 409
    assert code(answer) == "username_taken (username=random)"


def test_row_29_a_taken_address(slack):
    holder = slack.create("ada")
    slack.v1("DELETE", f"/Users/{holder['id']}")
    answer = refused(slack, 1, userName="ben", emails=[{"value": "ADA@example.com"}])
    assert answer.status_code == 409
    assert code(answer).startswith("email_taken (")
    assert f"existing_user={holder['id']}" in code(answer)


@pytest.mark.parametrize(
    "name, said",
    [
        ("ada@work", "invalid_name_specials (user=ada)"),
        ("@ada", "invalid_starts_with_at (user=ada)"),
        ("a" * 81, "invalid_name_maxlength (user=ada)"),
        ("ada \U0001f600", "invalid_emoji_not_allowed"),
        (7, "invalid_attribute_format"),
    ],
)
def test_row_30_a_bad_display_name(slack, name, said):
    answer = refused(slack, 1, displayName=name)
    assert answer.status_code == 400
    assert code(answer) == said


def test_row_31_a_password_is_never_shown(slack):
    made = slack.create("ada", password="Doctor!Who??")
    assert "password" not in made
    assert "password" not in slack.user(made["id"])
    assert not any(b"Doctor" in exchange.request_body + exchange.response_body for exchange in slack.journal)


@pytest.mark.parametrize(
    "emails",
    [
        [{"value": "p@example.com", "type": "work"}, {"value": "s@example.com", "type": "home"}],
        [{"value": "s@example.com", "type": "home"}, {"value": "p@example.com", "type": "work"}],
        [{"value": "s@example.com", "type": "work"}, {"value": "p@example.com", "primary": True}],
        [{"value": "p@example.com"}, {"value": "s@example.com"}, {"value": "t@example.com"}],
    ],
)
def test_row_32_two_addresses_are_kept_without_type(slack, emails):
    assert slack.create("ada", emails=emails)["emails"] == [
        {"value": "p@example.com", "primary": True},
        {"value": "s@example.com", "primary": False},
    ]


@pytest.mark.parametrize(
    "sent, mobile, primary",
    [
        ([{"value": "5", "type": "work"}, {"value": "4", "type": "mobile"}], "5", "4"),
        ([{"value": "2", "primary": False}, {"value": "3", "primary": True}], "2", "3"),
        ([{"value": "3", "primary": True}, {"value": "2"}], "2", "3"),
        ([{"value": "3"}], None, "3"),
        ([{"value": "3", "primary": False}], None, "3"),
        ([{"value": "3", "type": "mobile"}], None, "3"),
        ([{"value": "2", "type": "work"}], "2", None),
    ],
)
def test_row_33_phone_numbers_go_into_two_slots(slack, sent, mobile, primary):
    made = slack.create("ada", phoneNumbers=sent)
    assert made["phoneNumbers"] == [{"value": mobile, "type": "mobile"}, {"value": primary, "primary": True}]


def test_row_34_a_multi_channel_guest(slack):
    guest = {"type": "multi", "expiration": "2030-11-30T23:59:59Z"}
    made = slack.create("ada", 1, schemas=[CORE_1, GUEST_1], **{GUEST_1: guest})
    assert made[GUEST_1] == guest
    assert made["schemas"] == [CORE_1, GUEST_1]
    shown = slack.user(made["id"])
    assert shown[GUEST_2] == guest
    assert shown["schemas"] == [USER_2, GUEST_2]


def test_row_34_the_name_of_a_guest_without_one_is_the_display_name(slack):
    made = slack.create("guestUser", schemas=[USER_2, GUEST_2], displayName="Guest", **{GUEST_2: {"type": "multi"}})
    assert made["name"] == {"givenName": "Guest", "familyName": ""}


@pytest.mark.parametrize(
    "guest", [{"type": "single"}, {}, {"type": "multi", "expiration": "soon"}, "multi", {"type": 1}]
)
def test_row_35_no_other_guests(slack, guest):
    answer = refused(slack, 2, schemas=[USER_2, GUEST_2], **{GUEST_2: guest})
    assert answer.status_code == 400
    assert code(answer) == "invalid_attribute_format"


@pytest.mark.parametrize("version, urn", [(1, ENTERPRISE_1), (2, ENTERPRISE_2)])
@pytest.mark.parametrize("manager", [{}, {"id": "U1"}, "U1"])
def test_row_36_a_manager_without_manager_id(slack, version, urn, manager):
    answer = refused(slack, version, **{urn: {"manager": manager}})
    assert answer.status_code == 400
    assert code(answer) == "improper_enterprise_schema_format"


@pytest.mark.parametrize("by", ["id", "email", "userName"])
def test_row_36_a_manager_is_named_in_three_ways(slack, by):
    boss = slack.create("boss")
    named = {"id": boss["id"], "email": "boss@example.com", "userName": "boss"}[by]
    made = slack.create("ada", **{ENTERPRISE_2: {"department": "R&D", "manager": {"managerId": named}}})
    assert made[ENTERPRISE_2]["manager"] == {"managerId": boss["id"]}
    assert made[ENTERPRISE_2]["department"] == "R&D"
    assert made[ENTERPRISE_2]["costCenter"] is None

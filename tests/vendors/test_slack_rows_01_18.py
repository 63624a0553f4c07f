"""Rows 1 to 18 of Slack's conformance table: authentication, discovery, lists and filters."""

import pytest

from tests.vendors.slack_rig import CORE_1, ENTERPRISE_1, GUEST_2, LIST_2, USER_2, Slack, code


@pytest.fixture
def slack():
    return Slack()


WRONG = {"Authorization": "Bearer xoxp-wrong"}


def names(answer):
    assert answer.status_code == 200, answer.text
    return [user["userName"] for user in answer.json()["Resources"]]


def seed(slack, *user_names):
    slack.seed(users=[{"userName": name, "email": f"{name}@example.com"} for name in user_names])


@pytest.mark.parametrize(
    "method, path", [("GET", "/Users"), ("POST", "/Users"), ("GET", "/Groups"), ("GET", "/Users/U1")]
)
def test_row_01_a_bad_token_is_refused_in_v1(slack, method, path):
    answer = slack.send(method, slack.urls["v1"] + path, headers=WRONG)
    assert answer.status_code == 401
    assert answer.json() == {"Errors": {"description": "invalid_authentication", "code": 401}}


def test_row_02_a_bad_token_is_refused_in_the_shape_of_v1_in_v2_as_well(slack):
    answer = slack.send("GET", slack.urls["base_url"] + "/Users", headers=WRONG)
    assert answer.status_code == 401
    assert answer.json() == {"Errors": {"description": "invalid_authentication", "code": 401}}


def test_row_02_a_missing_header_has_its_own_code(slack):
    answer = slack.send("GET", slack.urls["base_url"] + "/Users", headers={})
    assert answer.status_code == 401
    assert answer.json() == {"Errors": {"description": "missing_authentication", "code": 401}}


def test_row_02_an_empty_token_is_a_bad_one(slack):
    answer = slack.send("GET", slack.urls["base_url"] + "/Users", headers={"Authorization": "Bearer "})
    assert code(answer) == "invalid_authentication"


@pytest.mark.parametrize("label", ["v1", "base_url"])
def test_row_03_the_configuration_needs_no_good_token(slack, label):
    answer = slack.send("GET", slack.urls[label] + "/ServiceProviderConfigs", headers=WRONG)
    assert answer.status_code == 200
    assert answer.json()["authenticationSchemes"][0]["type"] == "oauthbearertoken"


def test_row_04_the_configuration_denies_filters_and_bulk(slack):
    body = slack.v2("GET", "/ServiceProviderConfig").json()
    assert body["filter"] == {"supported": False, "maxResults": 0}
    assert body["patch"] == {"supported": True}
    assert body["bulk"] == {"supported": False, "maxOperations": 0, "maxPayloadSize": 0}
    assert not {"schemas", "meta"} & set(body)


def test_row_05_resource_types_are_a_list_without_counts(slack):
    body = slack.v2("GET", "/ResourceTypes").json()
    assert set(body) == {"schemas", "Resources"}
    assert [kind["id"] for kind in body["Resources"]] == ["User", "Group"]
    assert GUEST_2 in [extension["schema"] for extension in body["Resources"][0]["schemaExtensions"]]


def test_row_05_version_1_has_no_resource_types(slack):
    assert code(slack.v1("GET", "/ResourceTypes")) == "bad_endpoint"


def test_row_06_the_schema_of_users_in_v1(slack):
    body = slack.v1("GET", "/Schemas/Users").json()
    assert body["schema"] == [CORE_1, ENTERPRISE_1]
    rows = {row["name"]: row for row in body["attributes"]}
    assert rows["active"]["type"] == "string"
    assert rows["emails"]["multiValuedAttributeChildName"] == "email"
    manager = next(row for row in rows[ENTERPRISE_1]["subAttributes"] if row["name"] == "manager")
    assert manager["subAttributes"]["name"] == "managerId"
    assert not {"externalId", "meta"} & set(rows)


def test_row_06_the_schema_of_groups_in_v1(slack):
    body = slack.v1("GET", "/Schemas/Groups").json()
    assert body["schema"] == CORE_1
    assert "id" not in body
    assert [row["name"] for row in body["attributes"]] == ["id", "displayName", "members"]


@pytest.mark.parametrize("name", ["Users", "Groups"])
def test_row_06_the_same_schemas_in_v2(slack, name):
    body = slack.v2("GET", f"/Schemas/{name}").json()
    assert body["id"].endswith(name[:-1])
    assert {"userName", "members"} & {row["name"] for row in body["attributes"]}


def test_row_07_all_schemas_of_v2(slack):
    body = slack.v2("GET", "/Schemas").json()
    assert body["schemas"] == [LIST_2]
    assert USER_2 in [schema["id"] for schema in body["Resources"]]


def test_row_08_a_page_has_ten_resources(slack):
    seed(slack, *(f"user{n}" for n in range(12)))
    body = slack.v1("GET", "/Users").json()
    assert len(body["Resources"]) == 10
    assert list(body) == ["totalResults", "itemsPerPage", "startIndex", "schemas", "Resources"]
    assert (body["totalResults"], body["itemsPerPage"], body["startIndex"]) == (12, 10, 1)


@pytest.mark.parametrize("version", [1, 2])
def test_row_09_a_page_has_a_thousand_resources_at_most(slack, version):
    seed(slack, *(f"user{n}" for n in range(1001)))
    body = slack.of(version, "GET", "/Users", count=5000).json()
    assert len(body["Resources"]) == body["itemsPerPage"] == 1000
    assert body["totalResults"] == 1001


def test_row_10_the_second_page_of_one(slack):
    seed(slack, "ada", "ben", "cyd")
    body = slack.v2("GET", "/Users", count=1, startIndex=2).json()
    assert (body["itemsPerPage"], body["startIndex"]) == (1, 2)
    assert [user["userName"] for user in body["Resources"]] == ["ben"]
    assert list(body) == ["schemas", "Resources", "totalResults", "itemsPerPage", "startIndex"]


def test_row_11_items_per_page_counts_what_came(slack):
    seed(slack, "ada", "ben")
    assert slack.v1("GET", "/Users", count=5).json()["itemsPerPage"] == 2


@pytest.mark.parametrize(
    "query", [{"count": "x"}, {"count": "-1"}, {"startIndex": "0"}, {"startIndex": "-7"}, {"count": "9" * 40}]
)
def test_row_11_numbers_that_make_no_sense_are_passed_over(slack, query):
    seed(slack, "ada")
    assert slack.v2("GET", "/Users", **query).json()["startIndex"] == 1


@pytest.mark.parametrize(
    "text", ['userName Eq "Carly"', 'username eq "carly"', "USERNAME EQ 'carly'", "username eq carly"]
)
def test_row_12_case_does_not_count_in_filters(slack, text):
    seed(slack, "carly", "carlyle")
    assert names(slack.v1("GET", "/Users", filter=text)) == ["carly"]


def test_row_13_filters_work_in_v2(slack):
    seed(slack, "ada", "ben")
    assert names(slack.v2("GET", "/Users", filter='userName eq "ben"')) == ["ben"]


@pytest.mark.parametrize("name", ["emails", "emails.value", "email"])
def test_row_14_addresses_are_found(slack, name):
    seed(slack, "ada", "ben")
    assert names(slack.v2("GET", "/Users", filter=f'{name} eq "BEN@example.com"')) == ["ben"]
    assert names(slack.v1("GET", "/Users", filter=f"{name} eq ben@example.com")) == ["ben"]


@pytest.mark.parametrize("text", ["restricted eq 1", "restricted eq '1'", 'Restricted EQ "1"', "restricted eq true"])
def test_row_15_multi_channel_guests_are_found(slack, text):
    seed(slack, "ada")
    slack.create("guest", schemas=[USER_2, GUEST_2], **{GUEST_2: {"type": "multi"}})
    assert names(slack.v1("GET", "/Users", filter=text)) == ["guest"]
    assert names(slack.v1("GET", "/Users", filter="ultra_restricted eq 1")) == []


@pytest.mark.parametrize("path", ["/Users", "/Groups"])
@pytest.mark.parametrize("version", [1, 2])
def test_row_16_a_junk_filter_is_no_filter(slack, path, version):
    answer = slack.of(version, "GET", path, filter="foo", count=-1)
    assert answer.status_code == 400
    assert code(answer) == "no_filters (is_aggregate_call=1)"


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "no_filters"),
        ("username eq", "incomplete_filter"),
        ('username eq "a" and', "incomplete_filter"),
        ('(username eq "a"', "invalid_filter_group"),
        ('username eq "a")', "invalid_filter_group"),
        ('username is "a"', "invalid_query"),
        ('title eq "a"', "invalid_query"),
        ('username eq "a', "invalid_query"),
        ('username eq "a" "b"', "invalid_query"),
        ("username eq " + "a" * 9000, "query_building_failed"),
        (" or ".join(["username pr"] * 200), "query_building_failed"),
        ("(" * 100 + "username pr" + ")" * 100, "invalid_filter_group"),
    ],
)
def test_row_16_other_bad_filters_have_codes_of_their_own(slack, text, said):
    answer = slack.v1("GET", "/Users", filter=text)
    assert answer.status_code == 400
    assert code(answer).startswith(said)


@pytest.mark.parametrize(
    "text, found",
    [
        ('username sw "a"', ["ada", "amy"]),
        ('username co "E"', ["ben"]),
        ("username pr", ["ada", "ben", "amy"]),
        ('username gt "amy"', ["ben"]),
        ('username le "amy"', ["ada", "amy"]),
        ('username lt "amy" or username ge "ben"', ["ada", "ben"]),
        ('username sw "a" and (email co "amy" or username eq "ben")', ["amy"]),
        ('username eq "a\\u006dy"', ["amy"]),
    ],
)
def test_row_17_every_documented_operator(slack, text, found):
    seed(slack, "ada", "ben", "amy")
    assert names(slack.v1("GET", "/Users", filter=text)) == found


@pytest.mark.parametrize("version", [1, 2])
def test_row_17_a_filter_without_a_hit(slack, version):
    body = slack.of(version, "GET", "/Users", filter='userName eq "nobody"').json()
    assert (body["totalResults"], body["Resources"]) == (0, [])


@pytest.mark.parametrize("version", [1, 2])
def test_row_18_an_unknown_user(slack, version):
    answer = slack.of(version, "GET", "/Users/U0")
    assert answer.status_code == 404
    assert code(answer) == "no_such_user"

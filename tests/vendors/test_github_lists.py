"""Rows 9 to 15 of the conformance table: lists, pages and the one filter that there is."""

from __future__ import annotations

import pytest

from tests.vendors.github_rig import Rig, is_scim_error, user


@pytest.fixture
def github() -> Rig:
    return Rig()


def test_row_09_get_users(github):
    github.add_users(40)
    body = github.get("/Users").json
    assert body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]
    assert (body["startIndex"], body["itemsPerPage"], body["totalResults"]) == (1, 30, 40)
    assert len(body["Resources"]) == 30


def test_row_09_an_empty_list_is_answered_200(github):
    body = github.get("/Users").json
    assert (body["totalResults"], body["itemsPerPage"], body["Resources"]) == (0, 0, [])


def test_row_10_start_index_and_count(github):
    github.add_users(40)
    body = github.get("/Users?startIndex=31&count=100").json
    assert (body["startIndex"], body["itemsPerPage"], body["totalResults"]) == (31, 10, 40)
    assert body["Resources"][0]["userName"] == "user30"


@pytest.mark.parametrize(
    "query, start, size",
    [
        ("startIndex=0", 1, 3),
        ("startIndex=-5", 1, 3),
        ("count=0", 1, 0),
        ("count=-1", 1, 0),
        ("startIndex=9", 9, 0),
        ("count=2", 1, 2),
    ],
)
def test_row_10_numbers_out_of_range_are_brought_into_it(github, query, start, size):
    github.add_users(3)
    body = github.get(f"/Users?{query}").json
    assert (body["startIndex"], body["itemsPerPage"], body["totalResults"]) == (start, size, 3)


@pytest.mark.parametrize("query", ["startIndex=x", "count=1.5", "count=", "startIndex=\u0663", f"count={'9' * 30}"])
def test_row_10_what_is_no_number(github, query):
    assert is_scim_error(github.get(f"/Users?{query}"), 400, "invalidValue")


def test_row_11_count_is_at_most_100(github):
    github.add_users(120)
    assert len(github.get("/Users?count=500").json["Resources"]) == 100
    github.set(max_page_size=110, default_page_size=7)
    assert len(github.get("/Users?count=500").json["Resources"]) == 110
    assert len(github.get("/Users").json["Resources"]) == 7


@pytest.mark.parametrize("text", ['userName eq "mona@example.com"', 'USERNAME Eq  "mona@example.com" '])
def test_row_12_filter_by_user_name(github, text):
    id = github.add_user("mona")
    github.add_user("hubot")
    assert [found["id"] for found in github.find("Users", text).json["Resources"]] == [id]


def test_row_12_case_of_a_user_name(github):
    github.add_user("mona")
    assert github.find("Users", 'userName eq "MONA@example.com"').json["totalResults"] == 1
    github.set(folds_user_names=False)
    assert github.find("Users", 'userName eq "MONA@example.com"').json["totalResults"] == 0
    assert github.find("Users", 'userName eq "mona@example.com"').json["totalResults"] == 1


def test_row_13_filter_by_external_id(github):
    github.add_user("mona")
    assert github.find("Users", 'externalId eq "ext-mona"').json["totalResults"] == 1
    assert github.find("Users", 'externalId eq "EXT-MONA"').json["totalResults"] == 0


def test_row_14_filter_by_id_and_display_name(github):
    id = github.add_user("mona")
    github.add_user("hubot")
    assert [found["id"] for found in github.find("Users", f'id eq "{id}"').json["Resources"]] == [id]
    assert [found["id"] for found in github.find("Users", 'displayName eq "Mona Octocat"').json["Resources"]] == [id]
    assert github.find("Users", f'id eq "{github.add_group()}"').json["totalResults"] == 0


def test_row_14_a_filter_with_escapes(github):
    id = github.add_user("mona", displayName='The "Lisa" \\ Octocat')
    found = github.find("Users", 'displayName eq "The \\"Lisa\\" \\\\ Octocat"').json["Resources"]
    assert [one["id"] for one in found] == [id]


@pytest.mark.parametrize(
    "text",
    [
        'userName eq "a" and externalId eq "b"',
        'userName eq "a" or userName eq "b"',
        'not (userName eq "a")',
        'emails.value eq "a"',
        'active eq "true"',
        "active eq true",
        'userName co "a"',
        "userName pr",
        "userName eq a",
        "userName eq 'a'",
        'userName eq "a',
        'userName eq "\\ud800"',
        'userName eq "\\x"',
        "",
        "(" * 100_000,
        'userName eq "' + "a" * 100_000 + '"',
    ],
)
def test_row_15_filters_that_are_refused(github, text):
    assert is_scim_error(github.find("Users", text), 400, "invalidFilter")


@pytest.mark.parametrize("text", ['userName eq "a"', 'members eq "a"', 'members[value eq "a"]'])
def test_row_15_groups_have_fewer_filters(github, text):
    assert is_scim_error(github.find("Groups", text), 400, "invalidFilter")


def test_a_filtered_list_is_paged_as_well(github):
    for name in ("ada", "bob", "cleo"):
        assert github.post("/Users", user(name, displayName="Same")).status_code == 201
    body = github.get("/Users", query_string={"filter": 'displayName eq "Same"', "startIndex": 2, "count": 1}).json
    assert (body["totalResults"], body["itemsPerPage"], body["startIndex"]) == (3, 1, 2)
    assert body["Resources"][0]["userName"] == "bob@example.com"

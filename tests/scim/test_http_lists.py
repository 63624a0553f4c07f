"""Filters, sorting, pages, cursors and searches over HTTP (RFC 7644 sections 3.4.2 and 3.4.3, RFC 9865)."""

from __future__ import annotations

import pytest

from tests.scim.scim_rig import ENTERPRISE, SEARCH, USER, Scim, refusal


@pytest.fixture(scope="module")
def people() -> Scim:
    scim = Scim()
    scim.create(
        "Ada",
        name={"givenName": "Ada", "familyName": "Lovelace"},
        active=True,
        title="Countess",
        emails=[{"value": "ada@work.example", "type": "work", "primary": True}],
        externalId="E1",
        **{ENTERPRISE: {"department": "Maths", "manager": {"value": "m1"}}},
    )
    scim.create("bob", name={"givenName": "Bob"}, active=False, emails=[{"value": "bob@home.example", "type": "home"}])
    scim.create("Cleo", displayName="Queen", active=True)
    scim.create_group("Sales", scim.target.directory.find("User", "userName", "ada")[0].id)
    return scim


@pytest.mark.parametrize(
    "text,found",
    [
        ('userName eq "ADA"', ["Ada"]),
        ('userName ne "ada"', ["bob", "Cleo"]),
        ('userName co "O"', ["bob", "Cleo"]),
        ('userName sw "c"', ["Cleo"]),
        ('userName ew "B"', ["bob"]),
        ("title pr", ["Ada"]),
        ('userName gt "b"', ["bob", "Cleo"]),
        ('userName ge "bob"', ["bob", "Cleo"]),
        ('userName lt "bob"', ["Ada"]),
        ('userName le "bob"', ["Ada", "bob"]),
        ("active eq false", ["bob"]),
        ("active ne true", ["bob"]),
        ('externalId eq "E1"', ["Ada"]),
        ('externalId eq "e1"', []),
        ('name.familyName eq "lovelace"', ["Ada"]),
        ('emails.value co "example"', ["Ada", "bob"]),
        ('emails eq "ada@work.example"', ["Ada"]),
        ('emails[type eq "work" and value sw "ada"]', ["Ada"]),
        ('emails[type eq "home"]', ["bob"]),
        ("not (title pr)", ["bob", "Cleo"]),
        ('userName eq "ada" or userName eq "cleo"', ["Ada", "Cleo"]),
        ('active eq true and (title pr or displayName eq "queen")', ["Ada", "Cleo"]),
        ("active eq true and not (title pr)", ["Cleo"]),
        (f'{USER}:userName eq "bob"', ["bob"]),
        (f'{ENTERPRISE}:department eq "maths"', ["Ada"]),
        (f'{ENTERPRISE}:manager.value eq "m1"', ["Ada"]),
        ("groups pr", ["Ada"]),
        ('groups.display eq "sales"', ["Ada"]),
        ('meta.created gt "2020-01-01T00:00:00Z"', ["Ada", "bob", "Cleo"]),
        ('meta.lastModified lt "2020-01-01T00:00:00Z"', []),
        ("title eq null", ["bob", "Cleo"]),
        ('schemas eq "urn:none"', []),
    ],
)
def test_a_filter_finds_what_it_describes(people, text, found):
    assert people.names(filter=text) == found
    body = {"schemas": [SEARCH], "filter": text}
    searched = people.send("POST", "/Users/.search", body).json()
    assert [each["userName"] for each in searched["Resources"]] == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "userName",
        "userName eq",
        'userName xx "a"',
        'hat eq "a"',
        "active gt true",
        "userName eq 5",
        "(((",
        'title eq "a" and',
        'meta.created gt "yesterday"',
        "emails[hat eq 1]",
        "name eq 'x'",
        'userName eq "a" ' * 3,
        'name eq "Ada"',
    ],
)
def test_a_filter_that_means_nothing_is_refused(people, text):
    assert refusal(people.get("/Users", filter=text)) == (400, "invalidFilter")


@pytest.mark.parametrize("path", ["/Users", "/Groups", "/"])
def test_a_secret_cannot_be_searched_for(people, path):
    status = refusal(people.get(path, filter='password eq "x"'))
    assert status == ((400, "invalidFilter") if path == "/Groups" else (403, "sensitive"))


@pytest.mark.parametrize(
    "query,found",
    [
        ({"sortBy": "userName"}, ["Ada", "bob", "Cleo"]),
        ({"sortBy": "userName", "sortOrder": "descending"}, ["Cleo", "bob", "Ada"]),
        ({"sortBy": "name.givenName"}, ["Ada", "bob", "Cleo"]),
        ({"sortBy": "displayName"}, ["Cleo", "Ada", "bob"]),
        ({"sortBy": "displayName", "sortOrder": "descending"}, ["Ada", "bob", "Cleo"]),
        ({"sortBy": "emails"}, ["Ada", "bob", "Cleo"]),
        ({"sortBy": "active"}, ["bob", "Ada", "Cleo"]),
        ({"sortBy": f"{ENTERPRISE}:department"}, ["Ada", "bob", "Cleo"]),
    ],
)
def test_a_list_is_sorted_as_asked(people, query, found):
    assert people.names(**query) == found


@pytest.mark.parametrize("query", [{"sortBy": "hat"}, {"sortBy": "name"}, {"sortBy": "userName", "sortOrder": "up"}])
def test_a_list_cannot_be_sorted_by_anything(people, query):
    assert refusal(people.get("/Users", **query)) == (400, "invalidValue")


@pytest.mark.parametrize(
    "query,found,start",
    [
        ({}, ["Ada", "bob", "Cleo"], 1),
        ({"count": 2}, ["Ada", "bob"], 1),
        ({"startIndex": 2}, ["bob", "Cleo"], 2),
        ({"startIndex": 2, "count": 1}, ["bob"], 2),
        ({"startIndex": 0, "count": 1}, ["Ada"], 1),
        ({"startIndex": -5}, ["Ada", "bob", "Cleo"], 1),
        ({"count": 0}, [], 1),
        ({"count": -1}, [], 1),
        ({"startIndex": 9}, [], 9),
        ({"startIndex": 2, "count": 1, "sortBy": "userName", "sortOrder": "descending"}, ["bob"], 2),
        ({"count": 1, "filter": "active eq true"}, ["Ada"], 1),
    ],
)
def test_a_page_is_cut_where_it_is_asked_for(people, query, found, start):
    body = people.get("/Users", **query).json()
    assert [each["userName"] for each in body["Resources"]] == found
    assert body["startIndex"] == start
    assert body["totalResults"] == (2 if "filter" in query else 3)


@pytest.mark.parametrize("query", [{"count": "x"}, {"startIndex": "1.5"}, {"count": "9" * 30}, {"startIndex": ""}])
def test_a_page_needs_whole_numbers(people, query):
    assert refusal(people.get("/Users", **query)) == (400, "invalidValue")


@pytest.mark.parametrize(
    "search",
    [lambda scim, **q: scim.get("/", **q), lambda scim, **q: scim.send("POST", "/.search", {"schemas": [SEARCH], **q})],
)
def test_a_search_at_the_root_finds_every_kind(people, search):
    kinds = [each["meta"]["resourceType"] for each in search(people).json()["Resources"]]
    assert kinds == ["User", "User", "User", "Group"]
    (group,) = search(people, filter='displayName eq "sales"').json()["Resources"]
    assert group["members"][0]["display"] == "Ada"
    names = [each.get("displayName") for each in search(people, sortBy="displayName").json()["Resources"]]
    assert names == ["Queen", "Sales", None, None]


def test_the_base_url_itself_is_the_root(people):
    assert people.get("").json()["totalResults"] == 4


@pytest.mark.parametrize(
    "body,expected",
    [
        ({"filter": "title pr"}, (400, "invalidSyntax")),
        ([], (400, "invalidSyntax")),
        ({"schemas": [SEARCH], "hat": 1}, (400, "invalidSyntax")),
        ({"schemas": [SEARCH], "count": "1"}, (400, "invalidValue")),
        ({"schemas": [SEARCH], "attributes": "name"}, (400, "invalidValue")),
        ({"schemas": [SEARCH], "filter": 5}, (400, "invalidValue")),
        ({"schemas": [SEARCH], "sortOrder": "up"}, (400, "invalidValue")),
    ],
)
@pytest.mark.parametrize("path", ["/.search", "/Users/.search"])
def test_a_search_request_has_a_form(people, path, body, expected):
    assert refusal(people.send("POST", path, body)) == expected


class TestCursors:
    """Paging by cursor (RFC 9865)."""

    @pytest.fixture
    def scim(self) -> Scim:
        scim = Scim()
        for name in "abcde":
            scim.create(name)
        return scim

    def walk(self, scim: Scim, **query) -> list[list[str]]:
        pages, cursor = [], ""
        while cursor is not None:
            body = scim.get("/Users", cursor=cursor, **query).json()
            assert "startIndex" not in body
            pages.append([each["userName"] for each in body["Resources"]])
            cursor = body.get("nextCursor")
        return pages

    def test_a_traversal_shows_each_resource_once(self, scim):
        assert self.walk(scim, count=2) == [["a", "b"], ["c", "d"], ["e"]]

    def test_a_traversal_keeps_its_order_and_filter(self, scim):
        query = {"count": 1, "sortBy": "userName", "sortOrder": "descending", "filter": 'userName gt "b"'}
        assert self.walk(scim, **query) == [["e"], ["d"], ["c"]]

    def test_a_traversal_is_not_disturbed_by_changes(self, scim):
        first = scim.get("/Users", cursor="", count=2).json()
        scim.send("DELETE", f"/Users/{first['Resources'][0]['id']}")
        scim.create("aa")
        body = scim.get("/Users", cursor=first["nextCursor"], count=2).json()
        assert [each["userName"] for each in body["Resources"]] == ["c", "d"]

    def test_a_cursor_may_be_used_twice(self, scim):
        cursor = scim.get("/Users", cursor="", count=2).json()["nextCursor"]
        first, second = (scim.get("/Users", cursor=cursor, count=2).json()["Resources"] for _ in range(2))
        assert first == second

    def test_a_search_pages_by_cursor_as_well(self, scim):
        body = {"schemas": [SEARCH], "cursor": "", "count": 3}
        answer = scim.send("POST", "/.search", body).json()
        assert len(answer["Resources"]) == 3
        rest = scim.send("POST", "/.search", {**body, "cursor": answer["nextCursor"]}).json()
        assert len(rest["Resources"]) == 2

    def test_a_cursor_that_was_never_given_out_is_refused(self, scim):
        assert refusal(scim.get("/Users", cursor="made-up")) == (400, "invalidCursor")

    def test_a_cursor_belongs_to_its_query(self, scim):
        cursor = scim.get("/Users", cursor="", count=2).json()["nextCursor"]
        assert refusal(scim.get("/Users", cursor=cursor, filter="title pr")) == (400, "invalidCursor")
        assert refusal(scim.get("/Groups", cursor=cursor)) == (400, "invalidCursor")

    def test_a_cursor_expires(self, scim):
        cursor = scim.get("/Users", cursor="", count=2).json()["nextCursor"]
        scim.clock.sleep(3601)
        assert refusal(scim.get("/Users", cursor=cursor)) == (400, "expiredCursor")

    @pytest.mark.parametrize("count", [0, -1])
    def test_a_count_below_one_goes_with_no_cursor(self, scim, count):
        assert refusal(scim.get("/Users", cursor="", count=count)) == (400, "invalidCount")

    def test_a_cursor_goes_with_no_start_index(self, scim):
        assert refusal(scim.get("/Users", cursor="", startIndex=1)) == (400, "invalidValue")

    def test_a_reset_forgets_the_cursors(self, scim):
        cursor = scim.get("/Users", cursor="", count=2).json()["nextCursor"]
        scim.reset()
        assert refusal(scim.get("/Users", cursor=cursor)) == (400, "invalidCursor")

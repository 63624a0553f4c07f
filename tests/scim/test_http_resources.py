"""Creating, reading, replacing, changing and deleting resources over HTTP (RFC 7644 sections 3.3 to 3.6, 3.9, 3.14)."""

from __future__ import annotations

import pytest

from tests.scim.scim_rig import ENTERPRISE, GROUP, USER, Scim, new_group, new_user, op, patch, refusal


@pytest.fixture
def scim() -> Scim:
    return Scim()


def test_a_created_user_is_answered_with_its_location_and_version(scim):
    answer = scim.send("POST", "/Users", new_user("ada"))
    body = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == body["meta"]["location"] == f"http://localhost/scim/v2/Users/{body['id']}"
    assert answer.headers["ETag"] == body["meta"]["version"] == 'W/"1"'


def test_a_created_user_is_read_as_it_was_answered(scim):
    made = scim.create("ada", name={"givenName": "Ada"}, **{ENTERPRISE: {"department": "Maths"}})
    assert made["schemas"] == [USER, ENTERPRISE]
    assert scim.user(made["id"]) == made


@pytest.mark.parametrize(
    "body,expected",
    [
        ({"schemas": [USER]}, (400, "invalidValue")),
        ({"userName": "ada"}, (400, "invalidSyntax")),
        ({"schemas": [GROUP], "userName": "ada"}, (400, "invalidSyntax")),
        (new_user("ada", hat="red"), (400, "invalidSyntax")),
        (new_user("ada", title=5), (400, "invalidValue")),
        (new_user("ada", active="yes"), (400, "invalidValue")),
        (new_user("ada", emails={"value": "a"}), (400, "invalidValue")),
        (new_user("ada", profileUrl="nowhere at all"), (400, "invalidValue")),
        (
            new_user("ada", emails=[{"value": "a", "primary": True}, {"value": "b", "primary": True}]),
            (400, "invalidValue"),
        ),
        ([], (400, "invalidSyntax")),
        ("ada", (400, "invalidSyntax")),
        (None, (400, "invalidSyntax")),  # no body at all
        (b"{", (400, "invalidSyntax")),
        (b"", (400, "invalidSyntax")),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_body_that_is_no_user_is_refused_and_changes_nothing(scim, method, body, expected):
    path = "/Users" if method == "POST" else f"/Users/{scim.create('old')['id']}"
    before = scim.state()
    assert refusal(scim.send(method, path, body)) == expected
    assert scim.state() == before


@pytest.mark.parametrize("name", ["ada", "ADA", "aDa"])
def test_a_user_name_is_unique_whatever_its_case(scim, name):
    scim.create("Ada")
    assert refusal(scim.send("POST", "/Users", new_user(name))) == (409, "uniqueness")


@pytest.mark.parametrize(
    "change",
    [
        lambda scim, own: scim.send("PUT", f"/Users/{own}", new_user("ADA")),
        lambda scim, own: scim.patch(f"/Users/{own}", op("replace", "userName", "ADA")),
    ],
)
def test_a_taken_user_name_cannot_be_changed_to(scim, change):
    scim.create("ada")
    bob = scim.create("bob")
    assert refusal(change(scim, bob["id"])) == (409, "uniqueness")
    assert scim.user(bob["id"]) == bob


def test_two_groups_may_have_one_name(scim):
    assert scim.create_group("Sales")["id"] != scim.create_group("Sales")["id"]


@pytest.mark.parametrize(
    "method,body", [("GET", None), ("PUT", new_user("x")), ("PATCH", patch(op("remove", "title"))), ("DELETE", None)]
)
@pytest.mark.parametrize("path", ["/Users/nobody", "/Groups/nobody"])
def test_what_does_not_exist_is_not_found(scim, method, body, path):
    assert refusal(scim.send(method, path, body)) == (404, None)


@pytest.mark.parametrize("path", ["/Users", "/Groups"])
def test_an_id_belongs_to_one_kind_of_resource(scim, path):
    user, group = scim.create(), scim.create_group()
    other = group if path == "/Users" else user
    assert scim.get(f"{path}/{other['id']}").status_code == 404


def test_a_replace_leaves_nothing_of_what_is_not_named(scim):
    id = scim.create("ada", title="Countess", name={"givenName": "Ada"})["id"]
    body = scim.send("PUT", f"/Users/{id}", new_user("ada", displayName="Ada")).json()
    assert body.keys() == {"schemas", "id", "userName", "displayName", "meta"}


def test_a_replace_passes_over_what_is_read_only(scim):
    ada = scim.create("ada")
    body = new_user("ada", id="other", meta={"created": "2001-01-01T00:00:00Z"}, groups=[{"value": "x"}])
    after = scim.send("PUT", f"/Users/{ada['id']}", body).json()
    assert (after["id"], after["meta"]["created"]) == (ada["id"], ada["meta"]["created"])


def test_a_password_is_taken_but_never_shown(scim):
    id = scim.create("ada", password="t1meMa$heen")["id"]
    assert "t1meMa$heen" not in scim.get(f"/Users/{id}", attributes="password").text
    assert scim.target.directory.get("User", id).document["password"] == "(set)"


def test_a_deleted_user_is_gone_from_everywhere(scim):
    ada = scim.create("ada")
    group = scim.create_group("Sales", ada["id"])
    answer = scim.send("DELETE", f"/Users/{ada['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert scim.get(f"/Users/{ada['id']}").status_code == 404
    assert "members" not in scim.get(f"/Groups/{group['id']}").json()
    assert scim.create("ada")["id"] != ada["id"]


@pytest.mark.parametrize(
    "operation,name,value",
    [
        (op("replace", "displayName", "Ada L."), "displayName", "Ada L."),
        (
            op("add", "emails", [{"value": "b@x.org", "type": "home"}]),
            "emails",
            [{"value": "a@x.org", "type": "work"}, {"value": "b@x.org", "type": "home"}],
        ),
        (op("replace", 'emails[type eq "work"].value', "w@x.org"), "emails", [{"value": "w@x.org", "type": "work"}]),
        (op("remove", 'emails[type eq "work"]'), "emails", None),
        (op("remove", "emails"), "emails", None),
        (op("add", "name.familyName", "Lovelace"), "name", {"givenName": "Ada", "familyName": "Lovelace"}),
        (op("replace", "name", {"givenName": "A"}), "name", {"givenName": "A"}),
        (op("remove", "name.givenName"), "name", None),
        (op("add", None, {"title": "Countess"}), "title", "Countess"),
        (op("replace", f"{USER}:title", "Countess"), "title", "Countess"),
        (op("add", ENTERPRISE, {"department": "Maths"}), ENTERPRISE, {"department": "Maths"}),
        (op("add", f"{ENTERPRISE}:manager.value", "26"), ENTERPRISE, {"manager": {"value": "26"}}),
        (op("replace", "externalId", "e2"), "externalId", "e2"),
    ],
)
def test_a_patch_does_what_its_path_says(scim, operation, name, value):
    id = scim.create(
        "ada", displayName="Ada", name={"givenName": "Ada"}, emails=[{"value": "a@x.org", "type": "work"}]
    )["id"]
    after = scim.patch(f"/Users/{id}", operation).json()
    assert after.get(name) == value
    assert scim.user(id) == after


@pytest.mark.parametrize(
    "operation,scim_type",
    [
        (op("replace", "hat", "x"), "invalidPath"),
        (op("replace", "emails[", "x"), "invalidPath"),
        (op("replace", "emails[hat eq 1].value", "x"), "invalidFilter"),
        (op("replace", 'emails[type eq "home"].value', "x"), "noTarget"),
        (op("remove"), "noTarget"),
        (op("remove", "userName"), "mutability"),
        (op("replace", "id", "x"), "mutability"),
        (op("replace", "groups", []), "mutability"),
        (op("replace", "active", "False"), "invalidValue"),
        (op("add", "title"), "invalidValue"),
        (op("Replace", "title", "x"), "invalidSyntax"),
        (1, "invalidSyntax"),
    ],
)
def test_a_patch_that_cannot_be_done_is_refused_as_a_whole(scim, operation, scim_type):
    id = scim.create("ada", title="Countess", emails=[{"value": "a@x.org", "type": "work"}])["id"]
    before = scim.state()
    assert refusal(scim.patch(f"/Users/{id}", op("replace", "title", "Lady"), operation)) == (400, scim_type)
    assert scim.state() == before


def test_a_change_makes_a_new_version_and_no_change_makes_none(scim):
    scim.create("ada")
    id = scim.create("bob")["id"]
    assert scim.patch(f"/Users/{id}", op("add", "title", "x")).headers["ETag"] == 'W/"2"'
    scim.clock.sleep(5)
    again = scim.patch(f"/Users/{id}", op("add", "title", "x"))
    assert again.headers["ETag"] == 'W/"2"'
    assert again.json()["meta"]["lastModified"] == again.json()["meta"]["created"]


@pytest.mark.parametrize(
    "tag,status", [('W/"1"', 304), ('"1"', 304), ("*", 304), ('W/"0", W/"1"', 304), ('W/"9"', 200)]
)
def test_a_version_that_the_client_holds_is_not_sent_again(scim, tag, status):
    id = scim.create()["id"]
    answer = scim.send("GET", f"/Users/{id}", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.headers["ETag"]) == (status, 'W/"1"')


@pytest.mark.parametrize(
    "method,body", [("PUT", new_user("ada", title="x")), ("PATCH", patch(op("add", "title", "x"))), ("DELETE", None)]
)
@pytest.mark.parametrize(
    "header,tag,goes_on",
    [
        ("If-Match", 'W/"1"', True),
        ("If-Match", "*", True),
        ("If-Match", 'W/"0", "1"', True),
        ("If-Match", 'W/"0"', False),
        ("If-None-Match", 'W/"0"', True),
        ("If-None-Match", "*", False),
        ("If-None-Match", 'W/"1"', False),
    ],
)
def test_a_change_heeds_its_precondition(scim, method, body, header, tag, goes_on):
    id = scim.create()["id"]
    before = scim.state()
    answer = scim.send(method, f"/Users/{id}", body, headers={header: tag})
    if goes_on:
        assert answer.status_code < 300
        assert scim.state() != before
    else:
        assert refusal(answer) == (412, None)
        assert scim.state() == before
        assert scim.journal[-1].applied == "no"


@pytest.mark.parametrize(
    "query,shown",
    [
        ({"attributes": "userName"}, {"schemas", "id", "userName"}),
        ({"attributes": "USERNAME,title"}, {"schemas", "id", "userName", "title"}),
        ({"attributes": "name.givenName"}, {"schemas", "id", "name"}),
        ({"attributes": "hat"}, {"schemas", "id"}),
        ({"attributes": f"{ENTERPRISE}:department"}, {"schemas", "id", ENTERPRISE}),
        ({"excludedAttributes": "name,id,schemas,meta"}, {"schemas", "id", "userName", "title", ENTERPRISE}),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "list", "search"])
def test_an_answer_shows_the_attributes_that_are_asked_for(scim, method, query, shown):
    extension = {ENTERPRISE: {"department": "Maths"}}
    body = new_user("ada", title="x", name={"givenName": "Ada", "familyName": "L"}, **extension)
    if method == "POST":
        seen = scim.send("POST", "/Users", body, query=query).json()
    else:
        path = f"/Users/{scim.made('/Users', body)['id']}"
        if method == "list":
            seen = scim.get("/Users", **query).json()["Resources"][0]
        elif method == "search":
            lists = {key: value.split(",") for key, value in query.items()}
            message = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], **lists}
            seen = scim.send("POST", "/Users/.search", message).json()["Resources"][0]
        else:
            change = {"GET": None, "PUT": body, "PATCH": patch(op("replace", "title", "y"))}[method]
            seen = scim.send(method, path, change, query=query).json()
    assert seen.keys() == shown
    if "name.givenName" in query.values():
        assert seen["name"] == {"givenName": "Ada"}


def test_attributes_and_excluded_attributes_exclude_each_other(scim):
    assert refusal(scim.get("/Users", attributes="name", excludedAttributes="title")) == (400, "invalidValue")


def test_a_refused_request_leaves_a_true_record(scim):
    scim.create("ada")
    scim.send("POST", "/Users", new_user("ada"))
    last = scim.journal[-1]
    assert (last.operation, last.status, last.applied, last.error) == ("user.create", 409, "no", None)
    assert last.intents[0].names == ("ada",)


@pytest.mark.parametrize("number", ["created", "lastModified"])
def test_times_are_utc_with_milliseconds(scim, number):
    assert scim.create()["meta"][number] == "2026-01-01T00:00:00.000Z"


def test_a_group_is_created_with_its_members(scim):
    ada, bob = scim.create("ada"), scim.create("bob", displayName="Bob")
    members = scim.create_group("Sales", ada["id"], bob["id"])["members"]
    assert [(each["value"], each["display"], each["type"]) for each in members] == [
        (ada["id"], "ada", "User"),
        (bob["id"], "Bob", "User"),
    ]
    assert members[0]["$ref"] == ada["meta"]["location"]


def test_a_group_may_hold_groups(scim):
    inner = scim.create_group("Inner")
    outer = scim.made("/Groups", new_group("Outer", inner["id"]))
    assert outer["members"][0]["type"] == "Group"

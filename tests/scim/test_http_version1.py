"""SCIM 1.1 below /v1, over the same state as 2.0 below /v2."""

from __future__ import annotations

import pytest

from tests.scim.scim_rig import CORE_1, ENTERPRISE, USER, Scim, op, refusal

ENTERPRISE_1 = "urn:scim:schemas:extension:enterprise:1.0"


@pytest.fixture
def scim() -> Scim:
    return Scim()


def person(name: str = "ada", **more):
    return {"schemas": [CORE_1], "userName": name, **more}


def told(answer) -> tuple[int, str]:
    """Status and description of a refusal."""
    (error,) = answer.json()["Errors"]
    assert error["code"] == str(answer.status_code)
    return answer.status_code, error["description"]


def test_a_user_made_in_one_version_is_read_in_the_other(scim):
    body = person(
        **{"schemas": [CORE_1, ENTERPRISE_1], ENTERPRISE_1: {"department": "Maths", "manager": {"managerId": "26"}}}
    )
    answer = scim.v1("POST", "/Users", body)
    made = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == made["meta"]["location"] == f"http://localhost/scim/v1/Users/{made['id']}"
    assert made[ENTERPRISE_1] == {"department": "Maths", "manager": {"managerId": "26"}}
    other = scim.user(made["id"])
    assert other["schemas"] == [USER, ENTERPRISE]
    assert other[ENTERPRISE] == {"department": "Maths", "manager": {"value": "26"}}
    assert "/v2/" in other["meta"]["location"]


def test_a_user_made_in_version_2_is_read_in_version_1(scim):
    id = scim.create("ada", name={"givenName": "Ada"})["id"]
    seen = scim.v1("GET", f"/Users/{id}").json()
    assert seen["schemas"] == [CORE_1]
    assert seen["name"] == {"givenName": "Ada"}
    assert seen["meta"].keys() == {"created", "lastModified", "location", "version"}


def test_a_user_is_replaced(scim):
    id = scim.create("ada", title="x")["id"]
    answer = scim.v1("PUT", f"/Users/{id}", person("ada", displayName="Ada"))
    assert answer.status_code == 200
    assert scim.user(id).keys() >= {"displayName"}
    assert "title" not in scim.user(id)


@pytest.mark.parametrize(
    "body,expected",
    [
        ({"title": "Countess"}, {"title": "Countess", "displayName": "Ada"}),
        ({"meta": {"attributes": ["displayName"]}}, {}),
        ({"meta": {"attributes": ["displayName"]}, "title": "x"}, {"title": "x"}),
        ({"active": False}, {"active": False, "displayName": "Ada"}),
    ],
)
def test_a_patch_is_a_partial_resource(scim, body, expected):
    id = scim.create("ada", displayName="Ada")["id"]
    answer = scim.v1("PATCH", f"/Users/{id}", {"schemas": [CORE_1], **body})
    assert answer.status_code == 200
    seen = scim.user(id)
    assert {key: seen[key] for key in ("title", "displayName", "active") if key in seen} == expected


def test_a_patch_of_a_list_adds_and_deletes(scim):
    id = scim.create("ada", emails=[{"value": "a@x.org", "type": "work"}])["id"]
    emails = [{"value": "a@x.org", "type": "work", "operation": "delete"}, {"value": "b@x.org", "type": "home"}]
    scim.v1("PATCH", f"/Users/{id}", {"schemas": [CORE_1], "emails": emails})
    assert scim.user(id)["emails"] == [{"value": "b@x.org", "type": "home"}]


def test_members_are_added_and_deleted(scim):
    ada, bob = scim.create("ada")["id"], scim.create("bob")["id"]
    made = scim.v1("POST", "/Groups", {"schemas": [CORE_1], "displayName": "Sales", "members": [{"value": ada}]}).json()
    assert made["members"] == [{"value": ada, "display": "ada", "type": "User"}]
    members = [{"value": ada, "operation": "delete"}, {"value": bob}]
    answer = scim.v1("PATCH", f"/Groups/{made['id']}", {"schemas": [CORE_1], "members": members})
    assert [each["value"] for each in answer.json()["members"]] == [bob]
    assert scim.v1("GET", f"/Users/{bob}").json()["groups"][0]["display"] == "Sales"


@pytest.mark.parametrize("kind", ["user", "group"])
def test_a_patch_may_be_answered_without_a_body(scim, kind):
    scim.flags[f"answers_{kind}_patch_with_body"] = False
    path = f"/Users/{scim.create()['id']}" if kind == "user" else f"/Groups/{scim.create_group()['id']}"
    assert scim.v1("PATCH", path, {"schemas": [CORE_1], "displayName": "x"}).status_code == 204


def test_a_delete_is_answered_200(scim):
    id = scim.create()["id"]
    assert scim.v1("DELETE", f"/Users/{id}").status_code == 200
    assert told(scim.v1("GET", f"/Users/{id}"))[0] == 404


@pytest.mark.parametrize(
    "text,found",
    [
        ('userName eq "ADA"', ["ada"]),
        ('urn:scim:schemas:core:1.0:userName sw "b"', ["bob"]),
        (f'{ENTERPRISE_1}:department eq "maths"', ["ada"]),
        (f'{ENTERPRISE_1}:manager.managerId eq "26"', ["ada"]),
        ("title pr", ["bob"]),
        ('userName gt "a" and active eq true', ["bob"]),
        ('emails co "x.org"', ["ada"]),
    ],
)
def test_a_filter_speaks_version_1(scim, text, found):
    scim.create(
        "ada", emails=[{"value": "a@x.org"}], **{ENTERPRISE: {"department": "Maths", "manager": {"value": "26"}}}
    )
    scim.create("bob", title="x", active=True)
    body = scim.v1("GET", "/Users", filter=text).json()
    assert body["schemas"] == [CORE_1]
    assert [each["userName"] for each in body["Resources"]] == found


def test_a_list_is_sorted_paged_and_cut_to_attributes(scim):
    for name in ("ada", "bob", "eve"):
        scim.create(name, title="x")
    query = {
        "sortBy": "userName",
        "sortOrder": "descending",
        "startIndex": 2,
        "count": 1,
        "attributes": f"{CORE_1}:userName",
    }
    body = scim.v1("GET", "/Users", **query).json
    assert (body()["totalResults"], body()["startIndex"], body()["itemsPerPage"]) == (3, 2, 1)
    assert scim.session.hooks["response"] == [scim.judge]
    assert body()["Resources"][0]["userName"] == "bob"
    assert "title" not in body()["Resources"][0]


def test_what_came_later_is_passed_over(scim):
    scim.create("ada", title="x")
    body = scim.v1("GET", "/Users", excludedAttributes="title", cursor="").json()
    assert body["Resources"][0]["title"] == "x"
    assert "nextCursor" not in body


def test_the_configuration_is_that_of_version_1(scim):
    config = scim.v1("GET", "/ServiceProviderConfigs").json()
    assert config["bulk"]["supported"] is False
    assert config["xmlDataFormat"] == {"supported": False}
    assert config["authenticationSchemes"][0]["type"] == "oauthbearertoken"
    scim.flags.supports_patch = False
    assert scim.v1("GET", "/ServiceProviderConfigs").json()["patch"] == {"supported": False}


@pytest.mark.parametrize("name", ["User", "Users", "urn:scim:schemas:core:1.0:User"])
def test_a_schema_has_the_attributes_of_version_1(scim, name):
    schema = scim.v1("GET", f"/Schemas/{name}").json()
    rows = {row["name"]: row for row in schema["attributes"]}
    assert rows["userName"]["required"] is True
    assert rows["groups"]["readOnly"] is True
    assert rows["manager"]["schema"] == ENTERPRISE_1
    assert [sub["name"] for sub in rows["manager"]["subAttributes"]] == ["managerId", "displayName"]
    assert schema["endpoint"] == "/Users"


def test_schemas_are_listed(scim):
    assert [each["name"] for each in scim.v1("GET", "/Schemas").json()["Resources"]] == ["User", "Group"]
    scim.flags.supports_groups = False
    assert [each["name"] for each in scim.v1("GET", "/Schemas").json()["Resources"]] == ["User"]
    assert told(scim.v1("GET", "/Schemas/Group"))[0] == 404


@pytest.mark.parametrize(
    "method,path,body,status",
    [
        ("GET", "/Users/nobody", None, 404),
        ("GET", "/Nope", None, 404),
        ("GET", "/ServiceProviderConfig", None, 404),
        ("GET", "/Me", None, 404),
        ("POST", "/Users", {"schemas": [USER], "userName": "x"}, 400),
        ("POST", "/Users", {"schemas": [CORE_1]}, 400),
        ("POST", "/Users", [], 400),
        ("POST", "/Users", b"{", 400),
        ("PUT", "/Users", {}, 405),
        ("POST", "/Bulk", {}, 501),
        ("GET", "/Users?filter=nope", None, 400),
        ("GET", "/Users?count=x", None, 400),
        ("PATCH", "/Users/nobody", person(), 404),
    ],
)
def test_a_refusal_is_told_in_version_1(scim, method, path, body, status):
    assert told(scim.v1(method, path, body))[0] == status


def test_a_taken_name_is_a_conflict_in_both_versions(scim):
    scim.v1("POST", "/Users", person("ada"))
    assert told(scim.v1("POST", "/Users", person("ADA")))[0] == 409
    assert refusal(scim.send("POST", "/Users", {"schemas": [USER], "userName": "ada"})) == (409, "uniqueness")


def test_credentials_are_asked_for_in_version_1(scim):
    answer = scim.session.get(f"{scim.urls['v1']}/Users")
    assert told(answer)[0] == 401


def test_a_permission_holds_in_version_1(scim):
    id = scim.create("ada", active=True)["id"]
    scim.flags.allows_disable_users = False
    assert told(scim.v1("PATCH", f"/Users/{id}", {"schemas": [CORE_1], "active": False}))[0] == 403
    assert scim.journal[-1].refused_by == "allows_disable_users"
    assert scim.user(id)["active"] is True


def test_memberships_may_be_written_on_the_user(scim):
    scim.flags.membership_style = "user"
    group = scim.create_group()["id"]
    made = scim.v1("POST", "/Users", person("ada", groups=[{"value": group}])).json()
    assert scim.members(group) == [made["id"]]


def test_a_stale_version_is_refused(scim):
    id = scim.create()["id"]
    scim.patch(f"/Users/{id}", op("add", "title", "x"))
    answer = scim.send("PUT", f"/Users/{id}", person(), root=scim.urls["v1"], headers={"If-Match": 'W/"1"'})
    assert told(answer)[0] == 412


def test_a_patch_can_take_a_whole_extension_away(scim):
    body = person(**{"schemas": [CORE_1, ENTERPRISE_1], ENTERPRISE_1: {"department": "Maths"}})
    id = scim.v1("POST", "/Users", body).json()["id"]
    answer = scim.v1("PATCH", f"/Users/{id}", {"schemas": [CORE_1], "meta": {"attributes": [ENTERPRISE_1]}})
    assert answer.status_code == 200
    assert ENTERPRISE_1 not in answer.json()


def test_a_patch_cannot_take_away_the_whole_resource(scim):
    id = scim.v1("POST", "/Users", person()).json()["id"]
    answer = scim.v1("PATCH", f"/Users/{id}", {"schemas": [CORE_1], "meta": {"attributes": [CORE_1]}})
    assert told(answer) == (400, "a whole resource cannot be removed by PATCH")

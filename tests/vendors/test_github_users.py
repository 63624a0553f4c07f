"""Rows 16 to 43 of the conformance table: users, from their creation to their deletion."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from provcheck.mock_targets.target.seeding import seed
from provcheck.mock_targets.vendors.github_emu.login import ROLES
from tests.vendors.github_rig import Rig, group, is_basic_error, is_scim_error, operations, replacing, user


@pytest.fixture
def github() -> Rig:
    return Rig()


def test_row_16_post_users_full(github):
    answer = github.post("/Users", user(roles=[{"value": "User", "primary": True}]))
    body = answer.json
    assert answer.status_code == 201
    assert body["meta"]["resourceType"] == "User"
    assert (body["roles"], body["active"]) == ([{"value": "user", "primary": True}], True)
    assert body["meta"]["location"] == f"http://localhost/scim/v2/enterprises/acme/Users/{body['id']}"
    assert answer.headers["Location"] == body["meta"]["location"]
    assert github.get(f"/Users/{body['id']}").json == body


@pytest.mark.parametrize("rule", ["observed", "documented"])
@pytest.mark.parametrize("missing", ["schemas", "userName", "externalId", "emails"])
def test_row_17_post_users_without_a_required_attribute(missing, rule):
    github = Rig(required_attributes=rule)
    assert is_scim_error(github.post("/Users", user(**{missing: None})), 400)
    assert github.state() == []


@pytest.mark.parametrize(
    "empty", [{"emails": []}, {"emails": [{"type": "work"}]}, {"userName": ""}, {"externalId": ""}]
)
def test_row_17_post_users_with_an_empty_attribute(github, empty):
    assert is_scim_error(github.post("/Users", user(**empty)), 400, "invalidValue")


@pytest.mark.parametrize("rule, status", [("observed", 201), ("documented", 400)])
@pytest.mark.parametrize(
    "changes",
    [
        {"displayName": None},
        {"active": None},
        {"emails": [{"value": "mona@example.com"}]},
        {"name": {"givenName": "Mona"}},
    ],
)
def test_row_18_what_only_the_api_description_requires(changes, rule, status):
    assert Rig(required_attributes=rule).post("/Users", user(**changes)).status_code == status


def test_row_18_a_user_is_active_unless_it_says_otherwise(github):
    assert github.post("/Users", user(active=None)).json["active"] is True


def test_row_19_post_users_duplicate_external_id(github):
    github.add_user("mona")
    assert is_scim_error(github.post("/Users", user("hubot", externalId="ext-mona")), 409, "uniqueness")
    assert github.post("/Users", user("hubot", externalId="EXT-MONA")).status_code == 201


@pytest.mark.parametrize("name", ["mona@example.com", "MONA@example.com", "mona@elsewhere.example", "CORP\\mona"])
def test_row_20_post_users_duplicate_user_name(github, name):
    github.add_user("mona")
    before = github.state()
    assert is_scim_error(github.post("/Users", user("other", userName=name)), 409, "uniqueness")
    assert github.state() == before


def test_row_21_post_users_duplicate_email(github):
    github.add_user("mona")
    twin = user("hubot", emails=[{"value": "MONA@example.com", "type": "work", "primary": True}])
    assert is_scim_error(github.post("/Users", twin), 409, "uniqueness")
    github.set(unique_emails=False)
    assert github.post("/Users", twin).status_code == 201


@pytest.mark.parametrize("length, status", [(34, 201), (35, 400)])
def test_row_22_a_login_is_at_most_39_characters_with_its_short_code(github, length, status):
    assert github.post("/Users", user(userName="m" * length + "@example.com")).status_code == status


def test_row_22_the_limit_is_a_flag():
    github = Rig(max_login_length=10)
    assert is_scim_error(github.post("/Users", user(userName="monalisa")), 400, "invalidValue")
    assert github.post("/Users", user(userName="mona")).status_code == 201


@pytest.mark.parametrize("length, status", [(30, 201), (31, 400)])
def test_row_22_data_residency_leaves_30_characters(length, status):
    assert Rig(shortcode="").post("/Users", user(userName="m" * length)).status_code == status


@pytest.mark.parametrize("name", ["!The.Octocat", "The!!Octocat", "octocat-", "@example.com", "\u00e9", "..."])
def test_row_23_names_that_make_no_login(github, name):
    assert is_scim_error(github.post("/Users", user(userName=name)), 400, "invalidValue")
    assert github.state() == []


@pytest.mark.parametrize("name", ["internal\\The.Octocat", "The!Octocat", "The.Octocat@example.com", "the-octocat"])
def test_row_24_names_that_make_the_same_login(github, name):
    assert github.post("/Users", user("a", userName="The.Octocat")).status_code == 201
    assert is_scim_error(github.post("/Users", user("b", userName=name)), 409, "uniqueness")


def test_row_24_a_guest_of_another_tenant(github):
    github.add_user(userName="bob_partner.com#EXT#@tenant.example")
    assert github.post("/Users", user("b", userName="bob-partner-com")).status_code == 409


@pytest.mark.parametrize("role", sorted(ROLES))
def test_row_25_every_role_is_echoed(github, role):
    assert github.post("/Users", user(roles=[{"value": role}])).json["roles"] == [{"value": role}]


def test_row_26_an_unknown_role(github):
    assert is_scim_error(github.post("/Users", user(roles=[{"value": "king"}])), 400, "invalidValue")
    assert github.state() == []
    github.set(refuses_unknown_roles=False)
    assert github.post("/Users", user(roles=[{"value": "King"}])).json["roles"] == [{"value": "King"}]


def test_row_27_get_users_shows_the_groups(github):
    id = github.add_user()
    group_id = github.add_group("Engineering", id)
    ref = f"http://localhost/scim/v2/enterprises/acme/Groups/{group_id}"
    assert github.get(f"/Users/{id}").json["groups"] == [{"value": group_id, "$ref": ref, "display": "Engineering"}]


@pytest.mark.parametrize("id", ["0", "7fce0092-d52e-4f76-b727-3955bd72c939", "%20", "%00", "a%22b"])
def test_row_28_get_an_unknown_user(github, id):
    assert is_basic_error(github.get(f"/Users/{id}"), 404)


def test_row_28_the_id_of_a_group_is_no_user(github):
    assert is_basic_error(github.get(f"/Users/{github.add_group()}"), 404)


def test_row_29_put_users_full(github):
    id = github.add_user()
    answer = github.put(f"/Users/{id}", user("hubot", roles=[{"value": "enterprise_owner"}]))
    assert answer.status_code == 200
    assert answer.json["userName"] == "hubot@example.com"
    assert answer.json["roles"] == [{"value": "enterprise_owner"}]
    assert github.find("Users", 'userName eq "mona@example.com"').json["totalResults"] == 0


def test_row_30_put_users_without_name(github):
    id = github.add_user()
    answer = github.put(f"/Users/{id}", user(name=None, displayName=None, roles=None))
    assert answer.json["name"] == {"givenName": "", "familyName": ""}
    assert "displayName" not in answer.json
    assert "roles" not in answer.json


def test_row_31_put_active_false_and_true(github):
    id = github.add_user()
    assert github.put(f"/Users/{id}", user(active=False)).json["active"] is False
    assert [intent.operation for intent in github.last.intents] == ["user.disable"]
    assert github.put(f"/Users/{id}", user(active=True)).json["active"] is True


def test_row_32_patch_active_false_by_path(github):
    id = github.add_user()
    answer = github.patch(f"/Users/{id}", replacing("active", False))
    assert (answer.status_code, answer.json["active"]) == (200, False)
    assert [intent.operation for intent in github.last.intents] == ["user.disable"]


def test_row_33_patch_active_false_without_path(github):
    id = github.add_user()
    answer = github.patch(f"/Users/{id}", operations({"op": "replace", "value": {"active": False}}))
    assert (answer.status_code, answer.json["active"]) == (200, False)


def test_row_34_patch_active_true(github):
    id = github.add_user(active=False)
    assert github.patch(f"/Users/{id}", replacing("active", True)).json["active"] is True


@pytest.mark.parametrize(
    "path, value, read",
    [
        ("displayName", "Mona Lisa", lambda body: body["displayName"]),
        ("name.familyName", "Lisa", lambda body: body["name"]["familyName"]),
        ("userName", "hubot@example.com", lambda body: body["userName"]),
        ("externalId", "E1", lambda body: body["externalId"]),
        ("roles", [{"value": "billing_manager"}], lambda body: body["roles"]),
    ],
)
def test_row_35_patch_an_attribute(github, path, value, read):
    id = github.add_user()
    answer = github.patch(f"/Users/{id}", replacing(path, value))
    assert (answer.status_code, read(answer.json)) == (200, value)


def test_row_35_a_renamed_user_is_found_by_the_new_name_only(github):
    id = github.add_user()
    github.patch(f"/Users/{id}", replacing("userName", "hubot"))
    assert github.find("Users", 'userName eq "hubot"').json["Resources"][0]["id"] == id
    assert github.post("/Users", user("mona2", userName="mona@example.com")).status_code == 201


@pytest.mark.parametrize("name, status", [("a" * 60, 400), ("!a", 400), ("hubot", 200)])
def test_row_35_a_new_user_name_must_make_a_login(github, name, status):
    id = github.add_user()
    assert github.patch(f"/Users/{id}", replacing("userName", name)).status_code == status


@pytest.mark.parametrize("path", ["emails[type eq 'work'].value", 'emails[type eq "work"].value'])
@pytest.mark.parametrize("applies", [True, False])
def test_row_36_patch_a_path_with_a_filter(path, applies):
    github = Rig(applies_filtered_user_paths=applies)
    id = github.add_user()
    answer = github.patch(f"/Users/{id}", replacing(path, "new@example.com"))
    assert answer.status_code == 200
    assert answer.json["emails"][0]["value"] == ("new@example.com" if applies else "mona@example.com")


def test_row_36_other_operations_of_the_message_still_count():
    github = Rig(applies_filtered_user_paths=False)
    id = github.add_user()
    both = operations(
        {"op": "replace", "path": 'emails[type eq "work"].value', "value": "new@example.com"},
        {"op": "replace", "path": "displayName", "value": "Lisa"},
    )
    assert github.patch(f"/Users/{id}", both).json["displayName"] == "Lisa"


def test_row_36_a_role_by_a_filter_with_a_string_boolean(github):
    id = github.add_user(roles=[{"value": "user", "primary": True}])
    answer = github.patch(f"/Users/{id}", replacing('roles[primary eq "True"].value', "guest_collaborator"))
    assert answer.json["roles"] == [{"value": "guest_collaborator", "primary": True}]


@pytest.mark.parametrize(
    "body, scim_type",
    [
        ({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]}, "invalidSyntax"),
        (operations(), "invalidSyntax"),
        (operations({"op": "increase", "path": "active", "value": True}), "invalidSyntax"),
        ({**replacing("active", False), "schemas": ["urn:x"]}, "invalidSyntax"),
        ({"Operations": replacing("active", False)["Operations"]}, "invalidSyntax"),
        (replacing("active", "perhaps"), "invalidValue"),
        (replacing("emails[type", "x"), "invalidPath"),
        (operations({"op": "remove", "path": "userName"}), "mutability"),
    ],
)
def test_row_37_patch_messages_that_are_refused(github, body, scim_type):
    id = github.add_user()
    before = github.state()
    assert is_scim_error(github.patch(f"/Users/{id}", body), 400, scim_type)
    assert github.state() == before


def test_row_38_patch_user_name_to_a_taken_one(github):
    github.add_user("mona")
    id = github.add_user("hubot")
    before = github.state()
    assert is_scim_error(github.patch(f"/Users/{id}", replacing("userName", "MONA")), 409, "uniqueness")
    assert is_scim_error(github.put(f"/Users/{id}", user("hubot", externalId="ext-mona")), 409, "uniqueness")
    taken = [{"value": "mona@example.com"}]
    assert is_scim_error(github.patch(f"/Users/{id}", replacing("emails", taken)), 409, "uniqueness")
    assert github.state() == before


def test_row_39_a_suspended_user_is_listed_and_readable(github):
    id = github.add_user(active=False)
    assert [found["active"] for found in github.get("/Users").json["Resources"]] == [False]
    assert github.get(f"/Users/{id}").json["active"] is False


@pytest.mark.parametrize("hides", [True, False])
def test_row_40_a_suspended_member_is_hidden_in_groups(hides):
    github = Rig(hides_suspended_members=hides)
    id = github.add_user()
    group_id = github.add_group("Engineering", id)
    github.patch(f"/Users/{id}", replacing("active", False))
    assert github.members(group_id) == ([] if hides else [id])
    assert len(github.get(f"/Users/{id}").json["groups"]) == (0 if hides else 1)
    github.patch(f"/Users/{id}", replacing("active", True))
    assert github.members(group_id) == [id]


@pytest.mark.parametrize("obfuscates", [False, True])
def test_what_a_suspended_user_reads_is_a_flag(obfuscates):
    github = Rig(obfuscates_suspended_users=obfuscates)
    id = github.add_user(active=False)
    body = github.get(f"/Users/{id}").json
    assert (body["userName"] == "mona@example.com") is not obfuscates
    assert (body["emails"][0]["value"] == "mona@example.com") is not obfuscates
    github.patch(f"/Users/{id}", replacing("active", True))
    assert github.get(f"/Users/{id}").json["userName"] == "mona@example.com"


def test_row_41_delete_users(github):
    answer = github.delete(f"/Users/{github.add_user()}")
    assert (answer.status_code, answer.data) == (204, b"")
    assert "Content-Type" not in answer.headers


def test_row_42_after_a_delete_nothing_is_there(github):
    id = github.add_user()
    group_id = github.add_group("Engineering", id)
    github.delete(f"/Users/{id}")
    for answer in (
        github.get(f"/Users/{id}"),
        github.patch(f"/Users/{id}", replacing("active", True)),
        github.put(f"/Users/{id}", user()),
        github.delete(f"/Users/{id}"),
    ):
        assert is_basic_error(answer, 404)
    assert github.get("/Users").json["totalResults"] == 0
    assert github.members(group_id) == []


def test_row_43_post_again_after_delete(github):
    id = github.add_user()
    github.delete(f"/Users/{id}")
    answer = github.post("/Users", user())
    assert answer.status_code == 201
    assert answer.json["id"] != id


@pytest.mark.parametrize("reinstates", [False, True])
def test_post_of_a_suspended_users_external_id(reinstates):
    github = Rig(reinstates_on_create=reinstates)
    id = github.add_user(active=False)
    answer = github.post("/Users", user(displayName="Back"))
    if reinstates:
        assert (answer.status_code, answer.json["id"], answer.json["active"]) == (201, id, True)
    else:
        assert is_scim_error(answer, 409, "uniqueness")
    assert len(github.state()) == 1


def test_post_of_an_active_users_external_id_is_a_conflict_all_the_same():
    github = Rig(reinstates_on_create=True)
    github.add_user()
    assert github.post("/Users", user()).status_code == 409


@pytest.mark.parametrize("shape", ["scim", "basic"])
def test_conflicts_have_the_shape_that_the_flag_gives(shape):
    github = Rig(conflict_shape=shape)
    github.add_user()
    is_shaped = is_scim_error if shape == "scim" else is_basic_error
    assert is_shaped(github.post("/Users", user()), 409)


def test_reinstating_by_post_needs_the_permission_to_create():
    github = Rig(reinstates_on_create=True, allows_create_users=False)
    seed(github.target, {"users": [{"userName": "mona", "externalId": "ext-mona", "active": False}]})
    before = github.state()
    assert is_basic_error(github.post("/Users", user()), 403)
    assert github.state() == before


def test_of_many_who_ask_for_one_address_at_once_one_gets_it(github):
    taken = [{"value": "shared@example.com"}]
    bodies = [user(f"user{place}", emails=taken) for place in range(24)]
    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(answer.status_code for answer in pool.map(lambda body: github.post("/Users", body), bodies))
    assert statuses == [201] + [409] * 23


def test_attributes_that_github_does_not_know_are_passed_over(github):
    extra = {"nickName": "M", "password": "secret", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {}}
    body = github.post("/Users", user(**extra)).json
    assert not extra.keys() & body.keys()


@pytest.mark.parametrize("style, status", [("user", 200), ("group", 400), ("none", 400)])
def test_memberships_are_written_on_the_user_where_that_is_the_style(style, status):
    github = Rig(membership_style=style)
    group_id, id = github.post("/Groups", group()).json["id"], github.add_user()
    answer = github.patch(f"/Users/{id}", operations({"op": "add", "path": "groups", "value": [{"value": group_id}]}))
    assert answer.status_code == status
    assert github.members(group_id) == ([id] if style == "user" else [])
    github.delete(f"/Users/{id}")
    created = github.post("/Users", user(groups=[{"value": group_id}])).json["id"]
    assert github.members(group_id) == ([created] if style == "user" else [])


def test_a_group_that_does_not_exist_cannot_be_joined():
    github = Rig(membership_style="user")
    assert is_scim_error(github.post("/Users", user(groups=[{"value": "nobody"}])), 400, "invalidValue")
    assert github.state() == []

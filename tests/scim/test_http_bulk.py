"""Bulk requests over HTTP (RFC 7644 section 3.7)."""

from __future__ import annotations

import json

import pytest

from tests.scim.scim_rig import BULK, Scim, new_group, new_user, op, patch, refusal


@pytest.fixture
def scim() -> Scim:
    return Scim()


def create(name: str, bulk_id: str = "u", **more):
    return {"method": "POST", "path": "/Users", "bulkId": bulk_id, "data": new_user(name, **more)}


def group(name: str, *members: str, bulk_id: str = "g"):
    return {"method": "POST", "path": "/Groups", "bulkId": bulk_id, "data": new_group(name, *members)}


def statuses(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [each["status"] for each in answer.json()["Operations"]]


def test_each_operation_is_answered_in_its_place(scim):
    ada, bob = scim.create("ada"), scim.create("bob")
    answer = scim.bulk(
        create("eve", "e"),
        {"method": "PUT", "path": f"/Users/{ada['id']}", "data": new_user("ada", title="x")},
        {"method": "PATCH", "path": f"/Users/{ada['id']}", "data": patch(op("remove", "title"))},
        {"method": "DELETE", "path": f"/Users/{bob['id']}"},
    )
    assert statuses(answer) == ["201", "200", "200", "204"]
    first, second, third, fourth = answer.json()["Operations"]
    assert first["bulkId"] == "e"
    assert scim.session.get(first["location"], headers=scim.headers).json()["userName"] == "eve"
    assert (second["location"], second["version"]) == (ada["meta"]["location"], 'W/"2"')
    assert third["version"] == 'W/"3"'
    assert fourth["location"] == bob["meta"]["location"]


def test_the_journal_names_every_operation(scim):
    scim.bulk(create("ada", "a"), create("bob", "b"))
    assert [(each.operation, each.names) for each in scim.journal[-1].intents] == [
        ("user.create", ("ada",)),
        ("user.create", ("bob",)),
    ]
    assert scim.journal[-1].applied == "yes"


def test_the_journal_keeps_every_operation_as_an_exchange_of_its_own_without_secrets(scim):
    scim.bulk(create("ada", "a", password="open sesame"), create("ADA", "b"), group("staff", "nobody"))
    shown = scim.journal[-1].as_dict()
    assert (shown["operation"], shown["status"], shown["applied"]) == ("bulk", 200, "partly")
    made, refused, without_member = shown["parts"]
    assert (made["seq"], made["method"], made["path"], made["status"]) == (shown["seq"], "POST", "/v2/Users", 201)
    assert (made["operation"], made["names"][0], made["applied"]) == ("user.create", "ada", "yes")
    assert (refused["status"], refused["applied"]) == (409, "no")
    assert json.loads(refused["response"]["body"])["scimType"] == "uniqueness"
    assert (without_member["operation"], without_member["status"]) == ("group.create", 400)
    assert "open sesame" not in json.dumps(shown)


def test_one_failure_does_not_undo_the_others_and_the_journal_says_partly(scim):
    answer = scim.bulk(create("ada", "a"), create("ADA", "b"), create("bob", "c"))
    assert statuses(answer) == ["201", "409", "201"]
    failed = answer.json()["Operations"][1]
    assert failed["response"]["scimType"] == "uniqueness"
    assert "location" not in failed
    assert scim.journal[-1].applied == "partly"


@pytest.mark.parametrize("limit,done", [(1, 2), (2, 3), (3, 4), (0, 2), (None, 4)])
def test_a_request_ends_with_the_errors_it_accepts(scim, limit, done):
    more = {} if limit is None else {"failOnErrors": limit}
    answer = scim.bulk(create("ada", "a"), create("ada", "b"), create("ada", "c"), create("bob", "d"), **more)
    assert len(statuses(answer)) == done


@pytest.mark.parametrize("backwards", [False, True])
def test_a_bulk_id_stands_for_what_is_made_under_it(scim, backwards):
    operations = [create("ada", "a"), group("Sales", "bulkId:a")]
    answer = scim.bulk(*(reversed(operations) if backwards else operations))
    assert statuses(answer) == ["201", "201"]
    (record,) = scim.target.directory.find("Group", "displayName", "Sales")
    assert scim.members(record.id) == [scim.target.directory.find("User", "userName", "ada")[0].id]


def test_a_bulk_id_may_stand_in_a_path_and_in_a_patch(scim):
    sales = scim.create_group("Sales")
    answer = scim.bulk(
        create("ada", "a"),
        {"method": "PATCH", "path": "/Users/bulkId:a", "data": patch(op("add", "title", "x"))},
        {
            "method": "PATCH",
            "path": f"/Groups/{sales['id']}",
            "data": patch(op("add", "members", [{"value": "bulkId:a"}])),
        },
    )
    assert statuses(answer) == ["201", "200", "200"]
    assert "bulkId:" not in answer.text
    assert len(scim.members(sales["id"])) == 1


def test_a_circle_of_groups_is_closed(scim):
    answer = scim.bulk(group("A", "bulkId:b", bulk_id="a"), group("B", "bulkId:a", bulk_id="b"))
    assert statuses(answer) == ["201", "201"]
    a, b = (scim.target.directory.find("Group", "displayName", name)[0].id for name in "AB")
    assert (scim.members(a), scim.members(b)) == ([b], [a])
    versions = {each["bulkId"]: each["version"] for each in answer.json()["Operations"]}
    assert versions["a"] == scim.get(f"/Groups/{a}").headers["ETag"]


def test_a_circle_that_may_not_be_closed_is_that_operations_failure(scim):
    scim.flags.allows_update_groups = False
    answer = scim.bulk(group("A", "bulkId:b", bulk_id="a"), group("B", "bulkId:a", bulk_id="b"))
    assert sorted(statuses(answer)) == ["201", "403"]
    assert (scim.journal[-1].refused_by, scim.journal[-1].applied) == ("allows_update_groups", "partly")


def test_a_forbidden_operation_is_refused_by_its_flag(scim):
    scim.flags.allows_delete_users = False
    id = scim.create("ada")["id"]
    answer = scim.bulk(create("bob", "b"), {"method": "DELETE", "path": f"/Users/{id}"})
    assert statuses(answer) == ["201", "403"]
    assert (scim.journal[-1].refused_by, scim.journal[-1].applied) == ("allows_delete_users", "partly")


def test_the_version_of_an_operation_is_a_precondition(scim):
    id = scim.create("ada")["id"]
    operation = {"method": "PATCH", "path": f"/Users/{id}", "data": patch(op("add", "title", "x"))}
    answer = scim.bulk({**operation, "version": 'W/"9"'}, {**operation, "version": 'W/"1"'})
    assert statuses(answer) == ["412", "200"]


@pytest.mark.parametrize(
    "operation,status",
    [
        ({"method": "POST", "path": "/Nope", "bulkId": "a", "data": new_user()}, "404"),
        ({"method": "POST", "path": "/Me", "bulkId": "a", "data": new_user()}, "404"),
        ({"method": "PUT", "path": "/Users", "data": new_user()}, "405"),
        ({"method": "POST", "path": "/Users/x", "bulkId": "a", "data": new_user()}, "405"),
        ({"method": "POST", "path": "/Users", "bulkId": "a"}, "400"),
        ({"method": "POST", "path": "/Users", "bulkId": "a", "data": {"schemas": []}}, "400"),
        ({"method": "GET", "path": "/Users"}, "400"),
        ({"method": "post", "path": "/Users", "bulkId": "a", "data": new_user()}, "400"),
        ({"path": "/Users"}, "400"),
        ({"method": "DELETE"}, "400"),
        ({"method": "DELETE", "path": "/Users/nobody"}, "404"),
        ({"method": "DELETE", "path": "/Users/bulkId:none"}, "409"),
        ({"method": "POST", "path": "/Groups", "bulkId": "g", "data": new_group("A", "bulkId:none")}, "409"),
        ({"method": "PATCH", "path": "/Users/nobody", "data": 5}, "404"),
    ],
)
def test_an_operation_that_cannot_be_done_fails_alone(scim, operation, status):
    answer = scim.bulk(operation, create("eve", "last"))
    assert statuses(answer) == [status, "201"]
    assert answer.json()["Operations"][0]["response"]["status"] == status


def test_a_bulk_id_is_given_once(scim):
    assert statuses(scim.bulk(create("ada", "a"), create("bob", "a"))) == ["201", "400"]


@pytest.mark.parametrize(
    "body,expected",
    [
        ({"Operations": [create("ada")]}, (400, "invalidSyntax")),
        ({"schemas": [BULK]}, (400, "invalidValue")),
        (
            {"schemas": [BULK], "Operations": [{"method": "POST", "path": "/Users", "data": new_user()}]},
            (400, "invalidValue"),
        ),
        ([], (400, "invalidSyntax")),
        (b"{", (400, "invalidSyntax")),
    ],
)
def test_a_bulk_request_has_a_form(scim, body, expected):
    assert refusal(scim.send("POST", "/Bulk", body)) == expected


@pytest.mark.parametrize(
    "operations,more",
    [
        ([1], {}),
        ("x", {}),
        ([create("ada")], {"failOnErrors": "x"}),
        ([create("ada")], {"failOnErrors": -1}),
        ([create("ada")], {"hat": 1}),
        ([{**create("ada"), "hat": 1}], {}),
        ([{"method": 1}], {}),
    ],
)
def test_the_words_of_a_bulk_request_have_types(scim, operations, more):
    body = {"schemas": [BULK], "Operations": operations, **more}
    assert scim.send("POST", "/Bulk", body).status_code == 400
    assert scim.state() == []


def test_a_request_with_too_many_operations_is_refused_as_a_whole(scim):
    scim.flags.bulk_max_operations = 2
    answer = scim.bulk(*(create(name, name) for name in "abc"))
    assert refusal(answer) == (413, None)
    assert "maxOperations" in answer.json()["detail"]
    assert scim.state() == []


def test_a_request_with_too_many_bytes_is_refused_as_a_whole(scim):
    scim.flags.bulk_max_payload_size = 500
    answer = scim.bulk(create("ada", title="x" * 500))
    assert refusal(answer) == (413, None)
    assert "maxPayloadSize" in answer.json()["detail"]


def test_a_fault_for_one_operation_strikes_that_one(scim):
    scim.faults.arm("user.create", entity="bob", status=503)
    assert statuses(scim.bulk(create("ada", "a"), create("bob", "b"), create("eve", "c"))) == ["201", "503", "201"]
    assert [record.document["userName"] for record in scim.target.directory.all("User")] == ["ada", "eve"]

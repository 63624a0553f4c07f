"""Custom attributes from schema files: enforced like those of the RFC, over HTTP."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from provcheck.mock_targets.commands.options import schema_file
from provcheck.mock_targets.commands.serve import serve
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.target.target import BadSchema
from tests.scim.scim_rig import CORE_1, USER, Scim, new_group, new_user, op, refusal

BADGE = "urn:example:params:scim:schemas:extension:badge:2.0:User"
TEAM = "urn:example:params:scim:schemas:extension:team:2.0:Group"


def row(name: str, **more):
    base = {
        "name": name,
        "type": "string",
        "multiValued": False,
        "description": name,
        "required": False,
        "caseExact": False,
    }
    return {**base, "mutability": "readWrite", "returned": "default", "uniqueness": "none", **more}


BADGE_SCHEMA = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
    "id": BADGE,
    "name": "Badge",
    "attributes": [
        row("number", uniqueness="server"),
        row("code", uniqueness="global", caseExact=True),
        row("floor", type="integer"),
        row("height", type="decimal"),
        row("valid", type="boolean"),
        row("since", type="dateTime"),
        row("picture", type="binary", caseExact=True),
        row("page", type="reference", referenceTypes=["external"], caseExact=True),
        row("kind", required=True),
        row("origin", mutability="immutable"),
        row("printed", mutability="readOnly"),
        row("pin", mutability="writeOnly", returned="never"),
        row("remark", returned="request"),
        row("stamp", returned="always"),
        row("tags", multiValued=True),
        row("colour", canonicalValues=["red", "blue"]),
        row("doors", type="complex", multiValued=True, subAttributes=[row("value", uniqueness="server"), row("type")]),
    ],
}
TEAM_SCHEMA = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
    "id": TEAM,
    "name": "Team",
    "attributes": [row("budget", type="integer")],
}


@pytest.fixture
def files(tmp_path):
    for name, schema in (("badge.json", BADGE_SCHEMA), ("team.json", TEAM_SCHEMA)):
        (tmp_path / name).write_text(json.dumps(schema), encoding="utf-8")
    return [("User", tmp_path / "badge.json"), ("Group", str(tmp_path / "team.json"))]


@pytest.fixture
def scim(files) -> Scim:
    scim = Scim(schemas=files)
    scim.learn_models()
    return scim


def badge(name: str = "ada", **values):
    return new_user(name, schemas=[USER, BADGE], **{BADGE: {"kind": "staff", "stamp": "ok", **values}})


def made(scim: Scim, name: str = "ada", **values):
    return scim.made("/Users", badge(name, **values))


def test_discovery_shows_the_custom_schemas(scim):
    assert scim.get(f"/Schemas/{BADGE}").json()["name"] == "Badge"
    kinds = scim.get("/ResourceTypes").json()["Resources"]
    assert {"schema": BADGE, "required": False} in kinds[0]["schemaExtensions"]
    assert {"schema": TEAM, "required": False} in kinds[1]["schemaExtensions"]


@pytest.mark.parametrize(
    "name,good,bad",
    [
        ("floor", 4, "4"),
        ("floor", -1, 1.5),
        ("height", 1.5, "tall"),
        ("valid", True, "true"),
        ("since", "2026-01-01T00:00:00Z", "yesterday"),
        ("picture", "aGVsbG8=", "not base64!"),
        ("page", "https://example.com/a", "not a page"),
        ("tags", ["a", "b"], "a"),
        ("number", "7", 7),
        ("doors", [{"value": "north", "type": "main"}], ["north"]),
        ("doors", [{"type": "main"}], [{"hat": 1}]),
    ],
)
def test_a_custom_attribute_has_its_type(scim, name, good, bad):
    assert made(scim, **{name: good})[BADGE][name] == good
    assert scim.send("POST", "/Users", badge("bob", **{name: bad})).status_code == 400
    id = made(scim, "eve")["id"]
    assert scim.patch(f"/Users/{id}", op("replace", f"{BADGE}:{name}", bad)).status_code == 400


@pytest.mark.parametrize("number,status", [("A7", 409), ("a7", 409), ("A8", 201)])
def test_a_unique_value_is_unique_whatever_its_case(scim, number, status):
    made(scim, number="A7")
    answer = scim.send("POST", "/Users", badge("bob", number=number))
    assert answer.status_code == status
    assert status == 201 or refusal(answer) == (409, "uniqueness")


@pytest.mark.parametrize("code,status", [("A7", 409), ("a7", 201)])
def test_a_unique_value_that_is_case_exact_is_unique_as_written(scim, code, status):
    made(scim, code="A7")
    assert scim.send("POST", "/Users", badge("bob", code=code)).status_code == status


def test_a_unique_sub_attribute_is_unique_among_all_values(scim):
    made(scim, doors=[{"value": "north"}, {"value": "south"}])
    answer = scim.send("POST", "/Users", badge("bob", doors=[{"value": "SOUTH"}]))
    assert refusal(answer) == (409, "uniqueness")


def test_a_unique_value_cannot_be_changed_to_a_taken_one_and_is_free_again_later(scim):
    ada, bob = made(scim, number="1"), made(scim, "bob", number="2")
    path = f"/Users/{bob['id']}"
    assert refusal(scim.patch(path, op("replace", f"{BADGE}:number", "1"))) == (409, "uniqueness")
    assert refusal(scim.send("PUT", path, badge("bob", number="1"))) == (409, "uniqueness")
    scim.send("DELETE", f"/Users/{ada['id']}")
    assert scim.patch(path, op("replace", f"{BADGE}:number", "1")).status_code == 200


def test_a_required_attribute_is_required_where_its_extension_is(scim):
    assert scim.create("eve")["schemas"] == [USER]
    body = new_user("ada", schemas=[USER, BADGE], **{BADGE: {"floor": 1}})
    assert refusal(scim.send("POST", "/Users", body)) == (400, "invalidValue")
    id = made(scim)["id"]
    assert refusal(scim.patch(f"/Users/{id}", op("remove", f"{BADGE}:kind"))) == (400, "mutability")


def test_an_immutable_attribute_is_set_once(scim):
    id = made(scim, origin="Rome")["id"]
    path = f"/Users/{id}"
    assert refusal(scim.patch(path, op("replace", f"{BADGE}:origin", "Oslo"))) == (400, "mutability")
    assert refusal(scim.send("PUT", path, badge(origin="Oslo"))) == (400, "mutability")
    assert scim.send("PUT", path, badge(origin="Rome")).status_code == 200
    late = made(scim, "bob")["id"]
    assert scim.patch(f"/Users/{late}", op("add", f"{BADGE}:origin", "Oslo")).json()[BADGE]["origin"] == "Oslo"


def test_a_read_only_attribute_is_passed_over_in_a_whole_and_refused_in_a_patch(scim):
    user = made(scim, printed="now")
    assert "printed" not in user[BADGE]
    assert refusal(scim.patch(f"/Users/{user['id']}", op("add", f"{BADGE}:printed", "now"))) == (400, "mutability")


def test_a_write_only_attribute_is_taken_and_never_shown_or_compared(scim):
    user = made(scim, pin="1234")
    assert "pin" not in user[BADGE]
    assert "1234" not in scim.get(f"/Users/{user['id']}", attributes=f"{BADGE}:pin").text
    assert refusal(scim.get("/Users", filter=f'{BADGE}:pin eq "1234"')) == (403, "sensitive")


def test_an_attribute_returned_on_request_is_shown_when_it_is_named(scim):
    user = made(scim, remark="late", stamp="ok")
    assert "remark" not in user[BADGE]
    shown = scim.get(f"/Users/{user['id']}", attributes=f"{BADGE}:remark").json()
    assert shown[BADGE] == {"remark": "late", "stamp": "ok"}


def test_an_attribute_returned_always_is_shown_whatever_is_asked(scim):
    id = made(scim, stamp="ok", floor=1)["id"]
    assert scim.get(f"/Users/{id}", attributes="userName").json()[BADGE] == {"stamp": "ok"}
    assert scim.get(f"/Users/{id}", excludedAttributes=BADGE).json()[BADGE]["stamp"] == "ok"


@pytest.mark.parametrize(
    "text,found",
    [
        (f'{BADGE}:number eq "a7"', ["ada"]),
        (f'{BADGE}:code eq "a7"', []),
        (f'{BADGE}:code eq "A7"', ["ada"]),
        (f"{BADGE}:floor gt 3", ["ada"]),
        (f"{BADGE}:valid eq false", ["bob"]),
        (f'{BADGE}:since lt "2026-06-01T00:00:00+02:00"', ["ada"]),
        (f'{BADGE}:tags eq "x"', ["bob"]),
        (f'{BADGE}:doors[type eq "main"]', ["ada"]),
    ],
)
def test_custom_attributes_are_filtered_by_their_own_rules(scim, text, found):
    made(scim, number="A7", code="A7", floor=4, since="2026-01-01T00:00:00Z", doors=[{"value": "n", "type": "main"}])
    made(scim, "bob", floor=2, valid=False, tags=["x", "y"])
    assert scim.names(filter=text) == found
    assert scim.names(sortBy=f"{BADGE}:floor") == ["bob", "ada"]


def test_a_group_has_its_own_extension(scim):
    body = new_group("Sales", schemas=["urn:ietf:params:scim:schemas:core:2.0:Group", TEAM], **{TEAM: {"budget": 5}})
    assert scim.made("/Groups", body)[TEAM] == {"budget": 5}
    assert scim.send("POST", "/Groups", {**body, TEAM: {"budget": "5"}}).status_code == 400


def test_version_1_carries_custom_attributes_too(scim):
    answer = scim.v1(
        "POST", "/Users", {"schemas": [CORE_1, BADGE], "userName": "ada", BADGE: {"kind": "staff", "floor": 4}}
    )
    assert answer.json()[BADGE] == {"kind": "staff", "floor": 4}


def test_a_reset_keeps_the_schemas_and_frees_the_values(scim):
    made(scim, number="1")
    scim.reset()
    made(scim, number="1")
    assert refusal(scim.send("POST", "/Users", badge("bob", number="1"))) == (409, "uniqueness")


@pytest.mark.parametrize(
    "text,expected",
    [("a.json", ("User", "a.json")), ("a.json:Group", ("Group", "a.json")), ("/x:y/a.json", ("User", "/x:y/a.json"))],
)
def test_the_command_line_names_a_kind_after_the_file(text, expected):
    assert schema_file(text) == expected


@pytest.mark.parametrize(
    "arguments,message",
    [
        (["scim", "--schema", "missing.json"], "missing.json: No such file or directory"),
        (["scim", "--schema", "{badge}:Device"], "there is no resource type 'Device' to extend"),
        (["scim", "--schema", "{bad}"], "bad.json: is not valid JSON: line 1, column 2: "),
        (["scim", "--schema", "{badge}", "--schema", "{badge}"], "is there already"),
        (["slack", "--schema", "{badge}"], "none of the targets takes custom schemas: slack"),
    ],
)
def test_a_schema_that_cannot_be_used_is_one_line(files, tmp_path, arguments, message):
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    filled = [each.format(badge=tmp_path / "badge.json", bad=tmp_path / "bad.json") for each in arguments]
    result = CliRunner().invoke(serve, [*filled, "--port", "0"])
    assert result.exit_code == 2
    assert message in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_an_environment_refuses_schemas_that_nothing_takes(files):
    with pytest.raises(BadSchema):
        Environment(["slack"], schemas=files)

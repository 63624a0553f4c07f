"""A watch with the source: whatever the target holds at the end that the source does not say is found."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from provcheck.harness.model import Connection, Population, SourceGroup, SourceUser
from provcheck.harness.watch import Expectations, judged

ADA, BEN = (
    SourceUser(name, name, email=f"{name}@x", external_id=f"u-{name}", family_name="Okri") for name in ("ada", "ben")
)
SOURCE = Population((ADA, BEN), (SourceGroup("red", "Red", ("ada", "ben")),))
HERE = Connection(kind="scim", name="", base_url="")


def at_target(name: str, **words: Any) -> dict[str, Any]:
    known = {"userName": name, "externalId": f"u-{name}", "email": f"{name}@x", "familyName": "Okri", "active": True}
    return {"id": f"id-{name}", **known, **words}


def red(*members: str) -> dict[str, Any]:
    return {"id": "id-red", "displayName": "Red", "members": list(members), "memberIds": [f"id-{m}" for m in members]}


def wrote(operation: str, *names: str, id: str, status: int = 201, body: Any = None) -> dict[str, Any]:
    intent = {"operation": operation, "names": list(names), "id": id, "applied": status < 400}
    applied = "yes" if status < 400 else "no"
    base = {"operation": operation, "status": status, "applied": applied, "intents": [intent], "method": "POST"}
    return {**base, "request": {"body": json.dumps(body)}, "response": {"body": None}, "path": ""}


def made(name: str, **body: Any) -> dict[str, Any]:
    return wrote("user.create", name, f"u-{name}", f"{name}@x", id=f"id-{name}", body={"userName": name, **body})


def added(name: str, status: int = 200) -> dict[str, Any]:
    return wrote("member.add", f"Red/{name}", id=f"id-red/id-{name}", status=status)


MADE = (made("ada"), made("ben"), wrote("group.create", "Red", id="id-red"), added("ada"), added("ben"))
IN_LINE = {"users": [at_target("ada"), at_target("ben")], "groups": [red("ada", "ben")]}


def found(
    snapshot: dict[str, Any], *expected: str, journal: tuple[dict[str, Any], ...] = MADE, source: Population = SOURCE
) -> list[tuple[str, str, str]]:
    entries = [{**each, "seq": number} for number, each in enumerate(journal, 1)]
    wanted = Expectations.read(expected, targets=["scim"])
    result = judged(entries, snapshot, HERE, target="scim", source=source, expectations=wanted)
    return [(each.entity, each.expected, each.seen) for each in result.findings]


def test_a_target_like_the_source_has_no_finding():
    assert found(IN_LINE, "users.success=2,users.failed=0,groups.success=1,groups.failed=0") == []


NOT_MEMBER = ("Red", "with ben", "without ben")
LEAVER = at_target("cem")
DIFFERENCES = {
    "a member is missing": ({"groups": [red("ada")]}, NOT_MEMBER),
    "a group is missing": ({"groups": []}, ("Red", "a group", "no group")),
    "a user is missing": ({"users": [at_target("ada")]}, ("ben", "an account", "no account")),
    "an attribute differs": (
        {"users": [at_target("ada"), at_target("ben", familyName="Oki")]},
        ("ben", "familyName = 'Okri'", "familyName = 'Oki'"),
    ),
    "an account is off": (
        {"users": [at_target("ada"), at_target("ben", active=False)]},
        ("ben", "active = True", "active = False"),
    ),
    "a leaver is on": (
        {"users": [*IN_LINE["users"], LEAVER]},
        ("cem", "no active account: not in the source", "an active account"),
    ),
    "a member is one too many": (
        {"users": [*IN_LINE["users"], LEAVER], "groups": [red("ada", "ben", "cem")]},
        ("Red", "without cem", "with cem"),
    ),
    "a value that was cleared is there": (
        {"users": [at_target("ada"), at_target("ben", givenName="Ben")]},
        ("ben", "givenName = None", "givenName = 'Ben'"),
    ),
}


@pytest.mark.parametrize(
    "expected",
    [
        "users.impacted=2",
        "groups.failed=0,users.failed=0",
        "groups.success=1,users.unsynced=0,users.partially_synced=0",
    ],
)
@pytest.mark.parametrize("name", DIFFERENCES)
def test_what_differs_is_found_whatever_else_is_expected(name, expected):
    holds, wanted = DIFFERENCES[name]
    journal = (made("ada"), made("ben", givenName="Ben"), *MADE[2:], made("cem"), added("cem"))
    assert wanted in found({**IN_LINE, **holds}, expected, journal=journal)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a user is missing", "users.unsynced=1"),
        ("a group is missing", "groups.unsynced=1"),
        ("an attribute differs", "users.partially_synced=1"),
        ("a member is missing", "groups.failed=1"),
    ],
)
def test_an_expected_counter_excuses_as_many_as_it_counts(name, expected):
    holds, _ = DIFFERENCES[name]
    assert found({**IN_LINE, **holds}, expected) == []


def test_an_expected_counter_excuses_no_more_than_it_counts():
    snapshot = {**IN_LINE, "users": [at_target("ada"), at_target("ben", familyName="Oki")]}
    source = replace(SOURCE, users=(replace(ADA, family_name="King"), BEN))
    told = found(snapshot, "users.partially_synced=1", source=source)
    assert {entity for entity, _, _ in told} == {"ada", "ben", "users.partially_synced"}


def test_an_error_that_stays_is_found_though_none_is_expected():
    journal = (*MADE[:4], added("ben", status=400))
    assert ("Red", "no error", "400 on member.add of ben") in found(
        {**IN_LINE, "groups": [red("ada")]}, "groups.failed=0", journal=journal
    )


@pytest.mark.parametrize(("here", "told"), [(at_target("ben"), 0), (at_target("ben", familyName="Oki"), 1)])
def test_a_refused_update_of_an_account_that_is_like_the_source_is_no_error_that_stays(here, told):
    refused = wrote("user.update", "ben", id="id-ben", status=400)
    assert len(found({**IN_LINE, "users": [at_target("ada"), here]}, journal=(*MADE, refused))) == told


def test_who_was_there_before_is_no_leaver_and_no_member_too_many():
    snapshot = {"users": [*IN_LINE["users"], LEAVER], "groups": [red("ada", "ben", "cem")]}
    assert found(snapshot) == []


def test_a_value_that_was_there_before_may_stay():
    assert found({**IN_LINE, "users": [at_target("ada"), at_target("ben", givenName="Ben")]}) == []

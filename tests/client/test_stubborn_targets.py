"""Targets that rewrite, drop or ignore what they are told: no loops, no false success, nothing taken twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import orjson
import requests

from provcheck.harness.client import ReferenceClient
from provcheck.harness.model.clock import VirtualClock
from provcheck.harness.model.connection import Connection
from provcheck.harness.model.population import Population
from provcheck.harness.model.rule import Rule
from provcheck.harness.vendors import connect
from tests.client.provisioning_rig import Rig, Script, changed, people, person, team

Twist = Callable[[dict[str, Any]], object]


class Stubborn:
    """A small SCIM target whose every stored document passes through a twist; PATCH answers with or without a body."""

    def __init__(
        self, twist: Twist = lambda document: None, *, answers: bool = True, shows_members: bool = True
    ) -> None:
        self.twist, self.answers, self.shows_members = twist, answers, shows_members
        self.keeps_members = True
        self.users: dict[str, dict[str, Any]] = {}
        self.groups: dict[str, dict[str, Any]] = {}
        self.script = Script(self.answer)
        self.client = ReferenceClient(
            Connection("scim", "s", "http://stubborn.example", token="t"),
            Rule(),
            connect=connect,
            session=self.script.session(),
            clock=VirtualClock(),
        )

    def writes(self) -> list[str]:
        return [line for line in self.script.lines if not line.startswith("GET")]

    def answer(self, request: requests.PreparedRequest) -> Any:
        path, _, query = request.path_url.partition("?")
        body = orjson.loads(request.body) if request.body else {}
        _, resource, *rest = path.split("/")
        if resource not in ("Users", "Groups"):
            return 404, "{}"
        held = self.users if resource == "Users" else self.groups
        if not rest:
            return self._collection(request, held, unquote(query), body)
        if rest[0] not in held:
            return 404, "{}"
        if request.method == "PATCH":
            before = orjson.loads(orjson.dumps(held[rest[0]]))
            for operation in body["Operations"]:
                self._apply(held[rest[0]], operation)
            held[rest[0]]["before"] = before
            self.twist(held[rest[0]])
            held[rest[0]].pop("before", None)
            return (200, self._shown(held[rest[0]])) if self.answers else (204, b"")
        return 200, self._shown(held[rest[0]])

    def _collection(self, request: requests.PreparedRequest, held: dict[str, Any], query: str, body: Any) -> Any:
        if request.method == "GET":
            wanted = query.split('"')[1].casefold()
            names = [each for each in held.values() if self._name(each).casefold() == wanted]
            return 200, orjson.dumps(
                {"totalResults": len(names), "Resources": [orjson.loads(self._shown(n)) for n in names]}
            )
        document = {**body, "id": f"{len(held) + 1}-{request.path_url[1]}"}
        self.twist(document)
        held[document["id"]] = document
        return 201, self._shown(document)

    @staticmethod
    def _name(document: dict[str, Any]) -> str:
        return str(document.get("userName") or document.get("displayName"))

    def _shown(self, document: dict[str, Any]) -> bytes:
        return orjson.dumps({k: v for k, v in document.items() if k != "members" or self.shows_members})

    def _apply(self, document: dict[str, Any], operation: dict[str, Any]) -> None:
        path = operation["path"]
        if path.startswith("members"):
            if operation["op"] == "add" and self.keeps_members:
                document.setdefault("members", []).extend(operation["value"])
            elif operation["op"] == "remove":
                document["members"] = [m for m in document.get("members", []) if f'"{m["value"]}"' not in path]
            return
        target, last = document, path
        if "." in path:
            first, last = path.split(".")
            target = document.setdefault(first, {})
        target[last] = operation.get("value")


def lowered(document: dict[str, Any]) -> None:
    if "userName" in document:
        document["userName"] = document["userName"].lower()


def formatted(document: dict[str, Any]) -> None:
    if "name" in document:
        document["name"]["familyName"] = document["name"]["familyName"].upper()


def nameless(document: dict[str, Any]) -> None:
    document.pop("externalId", None)


def frozen(document: dict[str, Any]) -> None:
    if "before" in document and "name" in document:
        document["name"]["familyName"] = document["before"]["name"]["familyName"]


def users(target: Stubborn) -> dict[str, int]:
    return {name: count for name, count in target.client.summary().users.as_dict().items() if count}


def test_a_lower_cased_name_is_no_difference() -> None:
    target = Stubborn(lowered)
    population = Population((person("ada", user_name="Ada"),))
    target.client.apply(population)
    target.client.resync(population)
    assert target.writes() == ["POST /Users"]
    assert users(target) == {"impacted": 1, "success": 1}


def test_a_value_that_the_target_rewrites_is_not_sent_again_and_again() -> None:
    for answers in (True, False):
        target = Stubborn(formatted, answers=answers)
        target.client.apply(people("ada"))
        population = changed(people("ada"), "ada", family_name="Byron")
        target.client.apply(population)
        for _ in range(3):
            target.client.resync(population)
        assert users(target) == {"impacted": 1, "success": 1}
        assert len(target.writes()) <= 3


def test_a_value_that_the_target_does_not_keep_is_not_sent_again_and_again() -> None:
    target = Stubborn(nameless)
    target.client.apply(people("ada"))
    target.client.resync(people("ada"))
    target.client.resync(people("ada"))
    assert target.writes() == ["POST /Users"]
    assert users(target) == {"impacted": 1, "success": 1}


def test_a_change_that_the_target_ignores_is_a_success_that_is_out_of_date() -> None:
    target = Stubborn(frozen)
    target.client.apply(people("ada"))
    population = changed(people("ada"), "ada", family_name="Byron")
    target.client.apply(population)
    assert users(target) == {"impacted": 1, "success": 1, "partially_synced": 1}
    count = len(target.writes())
    target.client.apply(population)
    assert len(target.writes()) == count
    target.client.resync(population)
    assert users(target) == {"impacted": 1, "success": 1, "partially_synced": 1}
    assert len(target.writes()) == count + 1, "a Full Resync evaluates the user as if it were new"


def test_two_changes_that_the_target_ignores_are_one_success_that_is_out_of_date() -> None:
    target = Stubborn(frozen)
    target.client.apply(people("ada"))
    target.client.apply(changed(people("ada"), "ada", family_name="Byron"))
    target.client.apply(changed(people("ada"), "ada", family_name="King"))
    assert users(target) == {"impacted": 1, "success": 1, "partially_synced": 1}


def test_a_rewritten_value_that_somebody_else_changes_is_put_right() -> None:
    target = Stubborn(formatted)
    target.client.apply(people("ada"))
    next(iter(target.users.values()))["name"]["familyName"] = "Vandal"
    target.client.resync(people("ada"))
    assert next(iter(target.users.values()))["name"]["familyName"] == "EXAMPLE"


def test_members_that_are_never_shown_are_trusted_and_not_written_again() -> None:
    target = Stubborn(answers=False, shows_members=False)
    population = Population((person("ada"), person("bob")), (team("g", "ada", "bob"),))
    target.client.apply(population)
    count = len(target.writes())
    target.client.resync(population)
    assert len(target.writes()) == count
    summary = target.client.summary().groups
    assert summary is not None
    assert summary.success == 1


def test_members_that_are_accepted_and_not_kept_fail_the_group() -> None:
    target = Stubborn()
    population = Population((person("ada"),), (team("g", "ada"),))
    target.client.apply(population)
    target.keeps_members = False
    target.client.apply(Population((person("ada"), person("bob")), (team("g", "ada", "bob"),)))
    summary = target.client.summary().groups
    assert summary is not None
    assert (summary.success, summary.failed) == (0, 1)
    target.keeps_members = True
    target.client.apply(Population((person("ada"), person("bob")), (team("g", "ada", "bob"),)))
    summary = target.client.summary().groups
    assert summary is not None
    assert (summary.success, summary.failed) == (1, 0)


def test_a_name_that_is_no_text_fails_its_user_alone() -> None:
    target = Stubborn()
    target.client.apply(Population((person("ada", user_name="\ud800", external_id="x"), person("bob"))))
    assert users(target) == {"impacted": 2, "success": 1, "failed": 1}


def test_where_pages_are_to_be_had_by_cursor_alone_the_listing_is_read_to_its_end_by_cursor() -> None:
    flags = {"supports_index_paging": False, "counts_results_of_cursors": False, "supports_filter": False}
    rig = Rig(flags={**flags, "max_page_size": 2})
    names = [f"u{number}" for number in range(5)]
    rig.target.seed(users=[{"userName": name} for name in names])
    rig.client.apply(people(*names))
    assert rig.users["success"] == 5
    assert len(rig.target.snapshot()["users"]) == 5


def test_a_member_is_not_taken_out_by_put_where_the_others_cannot_be_seen() -> None:
    rig = Rig(flags={"supports_patch": False, "shows_members": False})
    names = ("ada", "bob", "eve")
    staff = Population(tuple(person(name) for name in names), (team("g", *names),))
    rig.client.apply(staff)
    assert rig.members("Group g") == {"ada", "bob", "eve"}
    rig.client.apply(Population(staff.users, (team("g", "ada", "bob"),)))
    assert rig.members("Group g") == {"ada", "bob", "eve"}
    assert rig.groups == {"impacted": 1, "failed": 1}


def test_a_directory_that_shows_what_is_made_five_seconds_later_gets_nothing_twice() -> None:
    rig = Rig(flags={"visibility_delay_by_id": 5, "visibility_delay_by_filter": 5})
    rig.target.faults.arm("*.create", moment="after", loses_answer=True, times=2)
    rig.client.apply(Population((person("ada"), person("bob")), (team("g", "ada", "bob"),)))
    assert rig.members("Group g") == {"ada", "bob"}
    assert rig.users == {"impacted": 2, "success": 2}
    assert rig.groups == {"impacted": 1, "success": 1}

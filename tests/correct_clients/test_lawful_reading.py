"""What the oracle makes of requests and names that only some correct clients send or meet."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from provcheck.harness import vendors
from provcheck.harness.adapters import ReferenceAdapter
from provcheck.harness.model import (
    After,
    Apply,
    AuditRecord,
    CaseFinished,
    Citation,
    Connection,
    Event,
    FaultSpec,
    Given,
    Population,
    Restart,
    Rule,
)
from provcheck.harness.oracle import Journal, Observation, observe
from provcheck.harness.run import Case, run
from provcheck.harness.scenarios.people import account, person, source
from provcheck.harness.scenarios.phrases import derived
from provcheck.harness.watch import tally
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.testing import Handle, session
from tests.correct_clients.selection import written

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
SEARCH = {"seq": 1, "method": "POST", "operation": "user.list", "path": "/Users/.search", "status": 200}


@pytest.mark.parametrize(("asked", "everything"), [({"filter": 'userName eq "ada"'}, False), ({"count": 100}, True)])
def test_a_post_search_is_a_look_up_if_its_body_has_a_filter(asked: dict[str, object], everything: bool) -> None:
    (entry,) = Journal([{**SEARCH, "request": {"body": json.dumps(asked)}}]).entries
    assert entry.lists_all is everything


@pytest.mark.parametrize(
    ("sent", "operation"),
    [
        ({"Operations": [{"op": "replace", "path": "active", "value": False}]}, "user.disable"),
        ({"Operations": [{"op": "replace", "value": {"active": False}}]}, "user.disable"),
        ({"schemas": ["urn:ietf:params:scim:schemas:core:1.0"], "active": False}, "user.disable"),
        ({"Operations": [{"op": "replace", "value": {"active": False, "title": "Dr"}}]}, "user.update"),
        ({"Operations": [{"op": "replace", "path": "active", "value": True}]}, "user.update"),
        ({"Operations": [3]}, "user.update"),
    ],
)
def test_turning_off_is_no_update_where_the_target_refuses_every_patch(sent: object, operation: str) -> None:
    refused = {"seq": 1, "method": "PATCH", "operation": "user.update", "path": "/Users/1", "status": 501}
    (entry,) = Journal([{**refused, "request": {"body": json.dumps(sent)}}]).entries
    assert [act.operation for act in entry.acts] == [operation]


def test_an_operation_that_was_refused_within_a_200_is_an_error_that_stayed() -> None:
    environment = Environment(["scim"])
    scim = Handle(environment.targets["scim"])
    scim.flags["supports_bulk"] = True
    scim.faults.arm("user.create", entity="ben", moment="before", status=400, times=None)
    data = [written({}, account(name), "2.0") for name in ("ada", "ben")]
    operations = [{"method": "POST", "path": "/Users", "bulkId": each["userName"], "data": each} for each in data]
    body = {"schemas": [BULK], "Operations": operations}
    with session(environment) as http:
        answer = http.post(f"{scim.base_url}/Bulk", json=body, headers=scim.headers)
    entries, snapshot = [each.as_dict() for each in scim.journal], scim.snapshot()
    assert [each["status"] for each in answer.json()["Operations"]] == ["201", "400"]
    observation = Observation(
        Population((person("ada"), person("ben")), ()),
        Rule(),
        Connection(kind="scim", name="", base_url="", supports_groups=False),
        snapshot,
        Journal(entries),
    )
    counted = {name: str(value) for name, value in observe(observation).users.items()}
    assert counted == {"impacted": "2", "success": "1", "unsynced": "0", "partially_synced": "0", "failed": "1"}
    assert tally(entries, snapshot).summary.users.as_dict() == {name: int(value) for name, value in counted.items()}


def entry(seq: int, who: str, *, until: int, status: int = 200, after: float = 0.0) -> dict[str, object]:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=after)
    return {"seq": seq, "at": at, "operation": "user.get", "id": who, "status": status, "last_begun": until}


@pytest.mark.parametrize(
    ("later", "early"),
    [
        ([entry(2, "b", until=3), entry(3, "c", until=3), entry(4, "a", until=4, after=2)], []),
        ([entry(2, "b", until=3), entry(3, "c", until=3), entry(4, "d", until=4)], []),
        ([entry(2, "b", until=3), entry(3, "c", until=3), entry(4, "a", until=4)], [4]),
        ([entry(2, "b", until=3), entry(3, "c", until=3), entry(4, "d", until=4, after=0.5)], [4]),
        ([entry(2, "b", until=2)], [2]),
    ],
    ids=["waited", "one that could not know", "the same again", "later than on its way", "one by one"],
)
def test_requests_on_their_way_when_a_limit_arrives_are_not_too_early(
    later: list[dict[str, object]], early: list[int]
) -> None:
    together = any(each["last_begun"] != each["seq"] for each in later)
    journal = Journal([entry(1, "a", until=3 if together else 1, status=429), *later])
    (limited,) = journal.limited()
    assert [each.seq for each in journal.too_early(limited, 1.0)] == early


def test_a_name_that_passed_to_another_person_is_not_a_second_account_of_the_first() -> None:
    ada, ben = person("ada"), person("ben")
    before = Population((ada, ben), ())
    renamed = person("ada", user_name="augusta", email="augusta@example.com")
    heir = person("ben", user_name="ada", email="ada@example.com")
    snapshot = {
        "users": [
            {"id": "1", **account("ada", userName="augusta", email="augusta@example.com")},
            {"id": "2", **account("ben", userName="ada", email="ada@example.com")},
        ],
        "groups": [],
    }
    now = Population((renamed, heir), ())
    seen = Observation(now, Rule(), Connection(kind="scim", name="", base_url=""), snapshot, Journal(), (before,))
    assert [[each["id"] for each in seen.accounts(user)] for user in (renamed, heir)] == [["1"], ["2"]]


def test_an_account_by_a_name_that_two_people_have_is_nobodys_second_one() -> None:
    ada, ben = person("ada", email="team@example.com"), person("ben", email="team@example.com")
    accounts = [{"id": each.user_name, **account(each.user_name, email=each.email)} for each in (ada, ben)]
    snapshot = {"users": accounts, "groups": []}
    seen = Observation(
        Population((ada, ben)), Rule(), Connection(kind="scim", name="", base_url=""), snapshot, Journal()
    )
    assert [[each["id"] for each in seen.accounts(user)] for user in (ada, ben)] == [["ada"], ["ben"]]
    assert seen.contested(ada)
    assert seen.contested(ben)


def test_failures_told_before_a_restart_still_count() -> None:
    failing = FaultSpec("user.create", "ben", times=None, status=400)
    steps = (Apply(), After(users={"failed": 1}), Restart(), After(users={"failed": 1}))
    given = Given(source(("ada", "ben")), faults=(failing,))
    scenario = derived("told-before", "A failure, then a restart", "It is told.", Citation("test", ""), given, steps)
    ended: list[Event] = []
    run([Case(scenario, vendors.configurations("scim+")[0])], listeners=[ended.append], make_client=Forgetful)
    (finished,) = (each for each in ended if isinstance(each, CaseFinished))
    assert (finished.verdict, finished.findings, finished.reason) == ("holds", (), "")


class Forgetful(ReferenceAdapter):
    """Its audit log begins anew with each restart, as the contract says."""

    begun = 0

    def restart(self) -> None:
        self.begun += len(self.audit())
        super().restart()

    def audit(self) -> tuple[AuditRecord, ...]:
        return super().audit()[self.begun :]

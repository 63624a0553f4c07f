"""What the oracle makes of requests and names that only some correct clients send or meet."""

from __future__ import annotations

import json

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
from provcheck.harness.oracle import Journal, Observation
from provcheck.harness.run import Case, run
from provcheck.harness.scenarios.people import account, person, source
from provcheck.harness.scenarios.phrases import derived

SEARCH = {"seq": 1, "method": "POST", "operation": "user.list", "path": "/Users/.search", "status": 200}


@pytest.mark.parametrize(("asked", "everything"), [({"filter": 'userName eq "ada"'}, False), ({"count": 100}, True)])
def test_a_post_search_is_a_look_up_if_its_body_has_a_filter(asked: dict[str, object], everything: bool) -> None:
    (entry,) = Journal([{**SEARCH, "request": {"body": json.dumps(asked)}}]).entries
    assert entry.lists_all is everything


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

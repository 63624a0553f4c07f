"""The call budget: what a client may ask of a target in one step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import requests

from provcheck.harness.adapters import ReferenceAdapter
from provcheck.harness.model import CaseFinished, Clock, Connection, Event, Finding, Population, Rule
from provcheck.harness.run import Case, run
from tests.adapters.client_rig import one_case

CHECK = "stays_within_the_call_budget"


class Asks(ReferenceAdapter):
    """The reference client, which also asks for something once for each group."""

    path = ""

    def __init__(self, connection: Connection, rule: Rule, session: requests.Session, clock: Clock) -> None:
        super().__init__(connection, rule, session, clock)
        self._to, self._by = connection, session

    def apply(self, population: Population) -> None:
        super().apply(population)
        for _ in population.groups:
            headers = {"Authorization": f"Bearer {self._to.token}"}
            self._by.get(f"{self._to.base_url}{self.path}", headers=headers)


class ListsUsers(Asks):
    path = "/Users"


class ListsGroups(Asks):
    path = "/Groups?startIndex=1&count=100"


class LooksUp(Asks):
    path = '/Users?filter=userName%20eq%20"ada"'


def found(made: Any, case: Case) -> list[Finding]:
    seen: list[Finding] = []

    def listen(event: Event) -> None:
        if isinstance(event, CaseFinished):
            seen.extend(event.findings)

    run([case], make_client=made, listeners=[listen])
    return [each for each in seen if each.check == CHECK]


@pytest.mark.parametrize(("made", "entity"), [(ListsUsers, "users"), (ListsGroups, "groups")])
def test_listing_everything_once_for_each_group_is_a_finding(made: Any, entity: str) -> None:
    (case,) = one_case("e4-five-groups-one-membership-fails")
    first = found(made, case)[0]
    assert (first.entity, first.seen) == (entity, "5 listings")
    assert len(first.exchanges) == 5


def test_a_look_up_for_each_group_is_within_the_budget() -> None:
    (case,) = one_case("e4-five-groups-one-membership-fails")
    assert found(LooksUp, case) == []


def test_a_scenario_may_have_a_budget_of_its_own() -> None:
    (case,) = one_case("joiner")
    (over, *_) = found(ReferenceAdapter, replace(case, scenario=replace(case.scenario, calls=2)))
    assert (over.entity, over.expected) == ("requests", "at most 2 requests")

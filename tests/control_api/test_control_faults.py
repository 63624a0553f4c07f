"""Faults through the control API: the catalogue, arming by name, profiles that bring faults, and what is refused."""

from __future__ import annotations

import pytest
import requests

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.faults import catalog as faults
from provcheck.mock_targets.testing import session


class Api:
    """Calls paths of the control API of a SCIM target."""

    def __init__(self) -> None:
        self.environment = Environment(["scim"], clock=VirtualClock(), seed=1)
        self.session = session(self.environment)

    def __call__(self, method: str, path: str, **options) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.environment.control_token}"}
        return self.session.request(method, self.environment.control_url() + path, headers=headers, **options)

    def arm(self, **fault) -> requests.Response:
        return self("POST", "/targets/scim/faults", json=fault)


@pytest.fixture
def api() -> Api:
    return Api()


def test_the_catalogue_can_be_read(api):
    listed = api("GET", "/faults").json()["faults"]
    assert [each["name"] for each in listed] == list(faults.CATALOGUE)
    assert listed[0]["client"]


@pytest.mark.parametrize("name", faults.CATALOGUE)
def test_every_fault_of_the_catalogue_is_armed_by_its_name(api, name):
    answer = api.arm(fault=name, entity="jane")
    assert (answer.status_code, answer.json()["name"], answer.json()["entity"]) == (201, name, "jane")


def test_an_armed_fault_strikes_and_the_journal_says_how(api):
    api.arm(fault="create.conflict_exists", entity="jane")
    target = api.environment.target("scim")
    body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "jane"}
    headers = {"Authorization": f"Bearer {target.token}", "Content-Type": "application/scim+json"}
    assert api.session.post(f"{target.base_url}/v2/Users", json=body, headers=headers).status_code == 409
    (exchange,) = api("GET", "/targets/scim/journal").json()["exchanges"]
    assert (exchange["fault"], exchange["moments"], exchange["applied"]) == ("create.conflict_exists", ["before"], "no")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"fault": "create.conflict_exist"}, "did you mean create.conflict_exists"),
        ({"fault": "conn.reset", "keeps": 2}, "cannot be felt at the moment after"),
        ({"fault": ["conn.reset"]}, "fault is the name of a fault"),
        ({"moment": "later"}, "needs an effect"),
        ({"operation": "user.crate", "status": 503}, "did you mean user.create"),
        ({"operation": "user.create", "lists": "empty"}, "the fault cannot be shown: lists needs *.list"),
    ],
)
def test_what_cannot_be_armed_is_refused_with_the_reason(api, fault, told):
    answer = api.arm(**fault)
    assert answer.status_code == 422
    assert told in answer.json()["detail"]
    assert api("GET", "/targets/scim/faults").json() == {"faults": []}


def test_a_profile_brings_its_faults(api):
    assert api("PATCH", "/targets/scim/flags", json={"profile": "wso2_paging"}).status_code == 200
    armed = api("GET", "/targets/scim/faults").json()["faults"]
    assert [fault["name"] for fault in armed] == ["paging.repeat_or_skip", "paging.total_wrong"]
    described = api("GET", "/targets/scim").json()
    assert described["profile_faults"]["wso2_paging"][0] == {"fault": "paging.repeat_or_skip"}
    api("PATCH", "/targets/scim/flags", json={"profile": "rfc"})
    assert api("GET", "/targets/scim/faults").json() == {"faults": []}


def test_a_profile_that_is_refused_arms_nothing(api):
    assert api("PATCH", "/targets/scim/flags", json={"profile": "wso2_paging", "speed": 1}).status_code == 422
    assert api("GET", "/targets/scim/faults").json() == {"faults": []}

"""The control API: what it says about targets and what it does to them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from provcheck.mock_targets.control_api.openapi import TABLE
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.target.target import Target
from provcheck.mock_targets.testing import session
from tests.fake_target import make_environment


@pytest.fixture
def environment() -> Environment:
    return make_environment(tenants=True)


@pytest.fixture
def target(environment: Environment) -> Target:
    return environment.target("fake")


class Api:
    """Calls paths below the control API with its token."""

    def __init__(self, environment: Environment, session: requests.Session) -> None:
        self.environment, self.session = environment, session

    def __call__(self, method: str, path: str, **options) -> requests.Response:
        return self.session.request(method, self.environment.control_url() + path, **options)

    def use(self, method: str, path: str, **options) -> requests.Response:
        """A call to the fake target itself."""
        headers = {"Authorization": f"Bearer {self.environment.target('fake').token}"}
        return self.session.request(method, f"{self.environment.url}/fake{path}", headers=headers, **options)


@pytest.fixture
def api(environment: Environment) -> Iterator[Api]:
    with session(environment) as made:
        made.headers["Authorization"] = f"Bearer {environment.control_token}"
        yield Api(environment, made)


def test_targets_are_listed_with_where_they_are(api, target):
    (listed,) = api("GET", "/targets").json()["targets"]
    assert listed["base_url"] == "http://localhost/fake"
    assert listed["urls"] == {"base_url": "http://localhost/fake", "old_base_url": "http://localhost/fake/old"}
    assert listed["token"] == target.token


def test_a_target_describes_its_flags_and_profiles(api):
    described = api("GET", "/targets/fake").json()
    flags = {flag["name"]: flag for flag in described["flags"]}
    assert flags["allows_create_users"]["value"] is True
    assert flags["membership_style"]["choices"] == ["group", "user", "none"]
    assert described["profiles"] == {"loud": {"shouts": True}, "small": {"page_size": 2}}


def test_a_flag_that_is_set_holds_at_once(api):
    answer = api("PATCH", "/targets/fake/flags", json={"allows_create_users": False})
    assert answer.json()["flags"]["allows_create_users"] is False
    assert api.use("POST", "/people", json={"login": "ada"}).status_code == 403


def test_a_profile_is_applied_before_the_values_beside_it(api):
    flags = api("PATCH", "/targets/fake/flags", json={"profile": "small", "shouts": True}).json()["flags"]
    assert (flags["page_size"], flags["shouts"]) == (2, True)


@pytest.mark.parametrize(
    "body",
    [
        {"nothing": 1},
        {"shouts": "yes"},
        {"shouts": True, "page_size": -1},
        {"profile": "okta"},
        {"profile": 3},
        {"shouts": True, "profile": "okta"},
    ],
)
def test_a_flag_change_that_does_not_fit_changes_nothing(api, target, body):
    before = target.flags.values()
    answer = api("PATCH", "/targets/fake/flags", json=body)
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert target.flags.values() == before


def test_a_seed_is_in_the_snapshot(api):
    people = {"users": [{"userName": "ada"}], "groups": [{"displayName": "staff", "members": ["ada"]}]}
    assert api("POST", "/targets/fake/seed", json=people).json() == {"users": 1, "groups": 1}
    shot = api("GET", "/targets/fake/snapshot").json()
    assert shot["users"][0]["groups"] == ["staff"]
    assert shot["groups"][0]["members"] == ["ada"]


def test_a_seed_that_does_not_fit_is_refused(api):
    answer = api("POST", "/targets/fake/seed", json={"users": [{"userName": "ada"}, {"userName": "ada"}]})
    assert (answer.status_code, answer.json()["detail"]) == (422, "User with login 'ada' already exists")
    assert api("GET", "/targets/fake/snapshot").json() == {"users": [], "groups": []}


def test_the_journal_can_be_read_on_from_where_one_stopped(api):
    for login in ("ada", "bob", "eve"):
        api.use("POST", "/people", json={"login": login})
    first = api("GET", "/targets/fake/journal", params={"limit": 2}).json()
    assert [exchange["names"] for exchange in first["exchanges"]] == [["ada"], ["bob"]]
    assert (first["next"], first["last_seq"]) == (2, 3)
    assert first["target"] == "fake"
    rest = api("GET", "/targets/fake/journal", params={"since": first["next"]}).json()
    assert [exchange["names"] for exchange in rest["exchanges"]] == [["eve"]]
    assert api("GET", "/targets/fake/journal", params={"since": 3}).json()["next"] == 3


@pytest.mark.parametrize("path", ["/targets/fake/journal.har", "/targets/fake/journal?format=har"])
def test_the_journal_is_to_be_had_as_an_archive(api, path):
    api.use("POST", "/people", json={"login": "ada"})
    (entry,) = api("GET", path).json()["log"]["entries"]
    assert entry["request"]["url"] == "http://localhost/fake/people"


@pytest.mark.parametrize("query", ["since=x", "since=-1", "limit=1.5", "since=²"])
def test_a_bad_place_in_the_journal_is_refused(api, query):
    assert api("GET", f"/targets/fake/journal?{query}").status_code == 422


def test_exchanges_are_counted(api):
    api.use("POST", "/people", json={"login": "ada"})
    assert api("POST", "/targets/fake/journal/count", json={"operation": "user.create"}).json()["count"] == 1


def test_what_never_happened_names_what_came_nearest(api):
    api.use("POST", "/people", json={"login": "ada"})
    found = api("POST", "/targets/fake/journal/count", json={"operation": "user.create", "entity": "bob"}).json()
    assert (found["count"], found["nearest"]["missed"][0]["criterion"]) == (0, "entity")


@pytest.mark.parametrize(
    "criteria, line",
    [
        ({"colour": "red"}, "criteria has no 'colour'; it has "),
        ({"operation": "user.crate"}, "there is no operation 'user.crate'; did you mean user.create"),
        ({"operation": "member.ad"}, "there is no operation 'member.ad'; did you mean member.add"),
        ({"refused_by": "allows_create_user"}, "did you mean allows_create_users"),
        ({"status": "201"}, "criteria: status is a whole number, not '201'"),
    ],
)
def test_criteria_that_nothing_can_meet_are_refused_with_the_nearest_name(api, criteria, line):
    refused = api("POST", "/targets/fake/journal/count", json=criteria)
    assert refused.status_code == 422
    assert line in refused.json()["detail"]


def test_an_armed_fault_fires_and_is_counted(api):
    armed = api("POST", "/targets/fake/faults", json={"operation": "user.create", "status": 503})
    assert (armed.status_code, armed.json()["id"]) == (201, "fault-1")
    assert api.use("POST", "/people", json={"login": "ada"}).status_code == 503
    (listed,) = api("GET", "/targets/fake/faults").json()["faults"]
    assert listed["fired"] == 1


def test_a_fault_can_be_removed_alone_or_with_all_others(api):
    for _ in range(3):
        api("POST", "/targets/fake/faults", json={"status": 503})
    assert api("DELETE", "/targets/fake/faults/fault-2").status_code == 204
    assert [fault["id"] for fault in api("GET", "/targets/fake/faults").json()["faults"]] == ["fault-1", "fault-3"]
    assert api("DELETE", "/targets/fake/faults").status_code == 204
    assert api("GET", "/targets/fake/faults").json() == {"faults": []}


def test_an_unknown_fault_cannot_be_removed(api):
    assert api("DELETE", "/targets/fake/faults/fault-9").status_code == 404


@pytest.mark.parametrize("path", ["/targets/fake/reset", "/reset"])
def test_a_reset_brings_back_the_first_state(api, target, path):
    api("POST", "/targets/fake/seed", json={"users": [{"userName": "ada"}]})
    api("PATCH", "/targets/fake/flags", json={"shouts": True})
    assert api("POST", path).status_code == 204
    assert target.directory.count("User") == 0
    assert target.behaviour.shouts is False


def test_an_unknown_target_is_not_found_and_the_known_are_named(api):
    answer = api("GET", "/targets/nobody/snapshot")
    assert (answer.status_code, answer.json()["detail"]) == (404, "there is no target 'nobody'; there are fake")


def test_an_unknown_path_is_a_problem_document(api):
    answer = api("GET", "/nothing")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")


def test_a_wrong_method_names_the_right_ones(api):
    answer = api("PUT", "/targets")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("body", [b"", b"{", b"NaN", b'{"a": 1, "a": 2}', b"[" * 100_000])
def test_what_is_not_json_is_refused(api, body):
    answer = api("POST", "/targets/fake/faults", data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400


@pytest.mark.parametrize("body", [[], "text", 3, None])
def test_a_body_that_is_no_object_is_refused(api, body):
    answer = api("POST", "/targets/fake/faults", json=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)


def test_our_own_failure_is_told_without_its_inside(api, target, monkeypatch, caplog):
    monkeypatch.setattr(target.faults, "describe", lambda: 1 / 0)
    answer = api("GET", "/targets/fake/faults")
    assert answer.status_code == 500
    assert "ZeroDivision" not in answer.text
    assert "ZeroDivision" in caplog.text


def test_a_space_has_a_control_api_of_its_own(api, target):
    in_space = f"{api.environment.url}/~blue/_control/targets/fake"
    api.session.patch(f"{in_space}/flags", json={"shouts": True})
    assert api.session.get(in_space).json()["base_url"] == "http://localhost/~blue/fake"
    assert api.environment.tenant("blue").targets["fake"].behaviour.shouts is True
    assert target.behaviour.shouts is False


def test_no_route_takes_a_query_parameter_that_it_does_not_have_or_one_twice(api):
    offenders = []
    for route in TABLE:
        path = route.rule.replace("<target>", "fake").replace("<fault>", "f1").replace("<tenant>", "t1")
        for query in ("nope=1", *(f"{name}=1&{name}=1" for name in route.query)):
            if not route.open and (answer := api(route.method, f"{path}?{query}", json={})).status_code != 422:
                offenders.append(f"{route.name}?{query}: {answer.status_code}")
    assert offenders == []
    told = api("GET", "/targets/fake/journal?sinc=1").json()["detail"]
    assert told == "journal has no query parameter 'sinc'; did you mean since?"

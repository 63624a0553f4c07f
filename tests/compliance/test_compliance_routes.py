"""Every route of every target, asked for what it does not have, and by those whom it does not know."""

from __future__ import annotations

import pytest

from provcheck.mock_targets import registry
from tests.compliance.compliance_rig import Rig, make_rig
from tests.compliance.drivers import REFUSING, driver_at
from tests.compliance.test_compliance_hostile_input import path_of, routes

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
ROUTES = [(name, *route) for name in registry.names() for route in routes(name) if route[0] != "HEAD"]
RULES = sorted({(name, rule) for name, _, rule in ROUTES})


def rig_of(target: str) -> Rig:
    rig = make_rig(next(driver for driver in REFUSING if driver.target == target))
    rig.seeder()
    return rig


def ask(rig, method, path, *, headers=None):
    body = None if method in ("GET", "HEAD", "DELETE") else {"schemas": []}
    given = rig.headers if headers is None else headers
    return rig.session.request(method, rig.target.base_url + path, json=body, headers=given)


@pytest.mark.parametrize("target, rule", RULES)
def test_a_method_that_a_path_does_not_have_is_refused_in_the_error_format_of_the_target(target, rule):
    rig = rig_of(target)
    path, before = path_of(rig, rule), rig.state()
    driver = driver_at(target, rig.target.spec.base_paths, path)
    known = {method for name, method, each in ROUTES if (name, each) == (target, rule)}
    may_be_an_id = f"{rule.rpartition('/')[0]}/<id>" in {each for name, _, each in ROUTES if name == target}
    for method in METHODS:
        if method in known or (method == "HEAD" and "GET" in known):
            continue
        answer = ask(rig, method, path)
        # A path such as /Users/.search may be read as a resource with a strange id.
        expected = {driver.status_of_wrong_method} | ({404} if may_be_an_id else set())
        assert answer.status_code in expected, method
        if method == "HEAD":
            continue
        driver.check_error(answer)
        if answer.status_code == 405:
            assert set(answer.headers["Allow"].split(", ")) >= known
    assert rig.state() == before
    rig.check()


@pytest.mark.parametrize("target, method, rule", [route for route in ROUTES if "<id>" in route[2]])
@pytest.mark.parametrize("id", ["nobody", "%00", "x" * 3000, "a%2Fb", "%F0%9F%A6%8A"])
def test_an_unknown_id_is_a_4xx_in_the_error_format_of_the_target(target, method, rule, id):
    rig = rig_of(target)
    before = rig.state()
    path = path_of(rig, rule.replace("<id>", "\x01")).replace("\x01", id)
    driver = driver_at(target, rig.target.spec.base_paths, path)
    answer = ask(rig, method, path)
    assert answer.status_code in (400, 404), answer.text
    driver.check_error(answer)
    assert (rig.state(), rig.last.error) == (before, None)


@pytest.mark.parametrize("target, method, rule", ROUTES)
def test_a_request_without_credentials_is_refused_unless_the_path_is_open(target, method, rule):
    rig = rig_of(target)
    path, before = path_of(rig, rule), rig.state()
    driver = driver_at(target, rig.target.spec.base_paths, path)
    answer = ask(rig, method, path, headers={"User-Agent": "somebody"})
    if any(path.removesuffix(".scim").endswith(each) for each in driver.open_paths):
        assert answer.status_code == 200
    else:
        assert answer.status_code == driver.status_without_credentials
        driver.check_error(answer)
    assert (rig.state(), rig.last.error) == (before, None)


@pytest.mark.parametrize(
    "path",
    ["", "/", "/nothing", "//", "/Users//", "/%2e%2e/", "/users", "/Users/a/b", "/\u00e4", "/%00", "/%ff"],
)
def test_a_path_that_is_not_there_is_refused_in_the_error_format_of_the_target(rig, path):
    answer = rig.session.get(rig.url + path, headers=rig.headers)
    assert answer.status_code < 500
    if answer.status_code >= 300:
        assert answer.status_code in (400, 404, 405)
        rig.driver.check_error(answer)
    assert rig.last.error is None


def test_the_host_that_a_client_claims_is_in_no_answer(rig):
    ask = rig.driver.read_user(rig.ids["ada"])
    answer = rig.send(ask, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in answer.text + str(answer.headers)


def test_no_answer_lets_pages_of_other_sites_read_it(rig):
    answer = rig.send(rig.driver.read_user(rig.ids["ada"]), headers={"Origin": "https://evil.example"})
    assert [name for name in answer.headers if name.lower().startswith("access-control-")] == []

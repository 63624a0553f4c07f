"""Hostile input on every route that writes: a clear 4xx in the target's own shape, nothing changed, never a crash."""

from __future__ import annotations

import json

import pytest

from provcheck.mock_targets import registry
from tests.compliance.compliance_rig import Rig, make_rig, person
from tests.compliance.drivers import REFUSING, driver_at

WRITING = {"POST", "PUT", "PATCH"}
BODIES = {
    "empty": b"",
    "cut": b'{"userName": "dot"',
    "no_json": b"userName=dot&active=true",
    "xml": b"<User><userName>dot</userName></User>",
    "null": b"null",
    "text": b'"dot"',
    "number": b"1",
    "array": b"[]",
    "array_of_users": b'[{"userName": "dot"}]',
    "deep_arrays": b"[" * 100_000,
    "deep_objects": b'{"a":' * 100_000,
    "deep_and_closed": b'{"userName":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    "infinite": b'{"userName": 1e999}',
    "not_a_number": b'{"userName": NaN}',
    "infinity": b'{"userName": -Infinity}',
    "huge_number": b'{"userName": ' + b"9" * 5_000 + b"}",
    "twice": b'{"userName": "dot", "userName": "dan", "displayName": "a", "displayName": "b"}',
    "lone_surrogate": b'{"userName": "\\ud800", "displayName": "\\udfff"}',
    "surrogate_key": b'{"\\ud800": 1}',
    "not_utf8": b'{"userName": "\xff\xfe"}',
    "utf16": '{"userName": "dot"}'.encode("utf-16"),
    "nul": b"\x00",
    "large": b'{"userName": "' + b"x" * 10_000_000 + b'"}',
}


def routes(name: str) -> list[tuple[str, str]]:
    """Method and rule of every route of a target's app."""
    rules = make_rig(next(driver for driver in REFUSING if driver.target == name)).environment.main.app(name).url_map
    return sorted((method, rule.rule) for rule in rules.iter_rules() for method in rule.methods or ())


def path_of(rig: Rig, rule: str) -> str:
    """The path of a rule, with ids that exist."""
    id = rig.ids["Staff" if "/groups/" in rule.lower() else "ada"]
    rule = rule.replace("<member>", rig.ids["ada"]).replace("<alias>", "a@example.com")
    return rule.replace("<id>", id).replace("<enterprise>", "acme").replace("<organization>", "acme")


WRITES = [(name, *route) for name in registry.names() for route in routes(name) if route[0] in WRITING]


def send(rig: Rig, method: str, rule: str, body: bytes, content_type: str):
    """The answer, and the driver whose shape it must have."""
    path = path_of(rig, rule)
    driver = driver_at(rig.name, rig.target.spec.base_paths, path)
    headers = {**rig.headers, "Content-Type": content_type}
    answer = rig.session.request(method, rig.target.base_url + path, data=body, headers=headers)
    return answer, driver


@pytest.mark.parametrize("target, method, rule", WRITES)
def test_hostile_bodies_are_refused_and_change_nothing(target, method, rule):
    rig = make_rig(next(driver for driver in REFUSING if driver.target == target))
    rig.seeder()
    before, wrong = rig.state(), {}
    for name, body in BODIES.items():
        answer, driver = send(rig, method, rule, body, "application/json")
        driver.check_error(answer)
        if not 400 <= answer.status_code < 500 and answer.status_code != 501:
            wrong[name] = answer.status_code
        assert rig.last.error is None, name
        assert rig.last.applied in ("no", "none"), name
        assert rig.state() == before, name
    assert wrong == {}
    rig.check()


@pytest.mark.parametrize("target, method, rule", WRITES)
@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/xml", "text/plain", "*"],
)
def test_a_body_of_another_type_that_is_no_json_is_refused(target, method, rule, content_type):
    rig = make_rig(next(driver for driver in REFUSING if driver.target == target))
    rig.seeder()
    before = rig.state()
    answer, driver = send(rig, method, rule, b"userName=dot&password=x", content_type)
    assert 400 <= answer.status_code < 500 or answer.status_code == 501
    driver.check_error(answer)
    assert (rig.state(), rig.last.error) == (before, None)


def test_a_type_that_is_not_json_is_refused_where_types_are_checked(rig):
    body = json.dumps(rig.driver.user(person("dot")))
    headers = {**rig.headers, "Content-Type": "text/plain"}
    answer = rig.session.post(f"{rig.url}/Users", data=body, headers=headers)
    assert answer.status_code == (415 if rig.driver.checks_media_types else 201)
    if rig.driver.checks_media_types:
        rig.driver.check_error(answer)


@pytest.mark.parametrize(
    "text",
    [
        'userName eq "' + "x" * 100_000 + '"',
        "(" * 100_000,
        "not " * 25_000 + "userName pr",
        " or ".join(['userName eq "a"'] * 6_000),
        "userName eq " + "9" * 100_000,
        'emails[type eq "' * 6_000,
        "a." * 50_000 + 'b eq "c"',
        'userName eq "' + "\\" * 99_999 + '"',
    ],
    ids=["value", "brackets", "nots", "terms", "digits", "paths", "dots", "escapes"],
)
def test_a_filter_of_a_hundred_thousand_characters_is_refused(rig, text):
    answer = rig.session.get(f"{rig.url}/Users", params={"filter": text}, headers=rig.headers)
    assert 400 <= answer.status_code < 500, answer.text[:200]
    rig.driver.check_error(answer)
    assert rig.last.error is None
    assert len(answer.content) < 20_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "eq",
        "userName",
        "userName eq",
        'userName xx "a"',
        'userName eq "a',
        'userName eq "a" and',
        "\x00",
        "(((",
    ],
)
def test_a_filter_that_is_none_is_refused(rig, text):
    answer = rig.session.get(f"{rig.url}/Users", params={"filter": text}, headers=rig.headers)
    if text.strip() or answer.status_code >= 300:
        assert answer.status_code == 400
        rig.driver.check_error(answer)


@pytest.mark.parametrize("word", ["userName", "displayName", "givenName", "email", "externalId"])
@pytest.mark.parametrize("value", [None, 7, True, [], {}, ["a"], {"a": 1}, "\x00", "x" * 1_000_000, "\u202e", "'; --"])
def test_a_strange_value_never_breaks_a_target(rig, word, value):
    before = rig.state()
    answer = rig.send(rig.driver.create_user(person("dot", **{word: value})))
    assert answer.status_code < 500
    assert rig.last.error is None
    if answer.status_code >= 300:
        rig.driver.check_error(answer)
        assert rig.state() == before

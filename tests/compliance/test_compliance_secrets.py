"""Canaries: what is secret is never kept, never shown and never told, wherever a client puts it."""

from __future__ import annotations

import json

import pytest

from tests.compliance.compliance_rig import Rig, person
from tests.compliance.drivers import Ask

CANARY = "canary-8f3a"


def told(rig: Rig) -> str:
    """Everything that anyone can read of a target through its control API, and what the target keeps for itself."""
    control = {"Authorization": f"Bearer {rig.environment.control_token}"}
    base = f"{rig.environment.control_url()}/targets/{rig.name}"
    texts = [rig.session.get(base + path, headers=control).text for path in ("/journal", "/journal.har", "/snapshot")]
    count = {"operation": "nothing.*"}
    texts.append(rig.session.post(base + "/journal/count", headers=control, json=count).text)
    texts.append(json.dumps([exchange.as_dict() for exchange in rig.journal]))
    texts.append(repr(rig.state()))
    return "\n".join(texts)


def test_the_token_is_in_no_exchange(rig):
    rig.send(rig.driver.read_user(rig.ids["ada"]))
    rig.session.get(f"{rig.url}/Users", params={"access_token": rig.token, "note": rig.token}, headers=rig.headers)
    rig.session.get(f"{rig.url}/Users/{rig.token}", headers={**rig.headers, "X-Trace": f"was {rig.token}"})
    rig.send(rig.driver.create_user(person("dot", displayName=rig.token)), headers={"Authorization": None})
    assert rig.token not in told(rig)


@pytest.mark.parametrize("header", ["Authorization", "Proxy-Authorization", "Cookie", "X-Api-Key"])
def test_a_credential_in_a_header_is_not_kept(rig, header):
    value = f"Bearer {CANARY}" if header.endswith("ion") else CANARY
    answer = rig.send(rig.driver.read_user(rig.ids["ada"]), headers={header: value})
    assert CANARY not in told(rig) + answer.text + str(answer.headers)


@pytest.mark.parametrize("name", ["access_token", "token", "password", "client_secret"])
def test_a_credential_in_the_query_is_not_kept(rig, name):
    answer = rig.session.get(f"{rig.url}/Users", params={"count": "1", name: CANARY}, headers=rig.headers)
    assert CANARY not in told(rig) + answer.text


def asks_with_a_password(rig):
    driver, ada = rig.driver, rig.ids["ada"]
    create, overwrite = driver.user(person("dot")), driver.user(person("ada"))
    return {
        "create": Ask("POST", "/Users", {**create, "password": CANARY}),
        "create_with_number": Ask("POST", "/Users", {**create, "password": 8835559912}),
        "create_with_list": Ask("POST", "/Users", {**create, "password": [CANARY]}),
        "create_with_object": Ask("POST", "/Users", {**create, "password": {"value": CANARY}}),
        "overwrite": Ask("PUT", f"/Users/{ada}", {**overwrite, "password": CANARY}),
        "patch": driver.set_password(ada, CANARY),
        "other_case": Ask("POST", "/Users", {**create, "PassWord": CANARY}),
    }


@pytest.mark.parametrize(
    "name",
    [
        "create",
        "create_with_number",
        "create_with_list",
        "create_with_object",
        "overwrite",
        "patch",
        "other_case",
    ],
)
def test_a_password_is_neither_kept_nor_shown(rig, name):
    answer = rig.send(asks_with_a_password(rig)[name])
    assert answer.status_code < 500
    everything = told(rig) + answer.text
    assert CANARY not in everything
    assert "8835559912" not in everything


def test_a_password_in_a_search_is_neither_kept_nor_echoed(rig):
    answer = rig.send(Ask("GET", "/Users", query={"filter": f'password eq "{CANARY}"'}))
    assert 400 <= answer.status_code < 500
    rig.driver.check_error(answer)
    assert CANARY not in told(rig) + answer.text


def test_a_password_in_a_broken_body_is_not_kept(rig):
    broken = '{"userName": "dot", "password": "' + CANARY
    answer = rig.session.post(
        f"{rig.url}/Users", data=broken, headers={**rig.headers, "Content-Type": "application/json"}
    )
    assert answer.status_code == 400
    assert CANARY not in told(rig) + answer.text


def test_a_secret_spelled_with_escapes_is_not_kept(rig):
    body = json.dumps({**rig.driver.user(person("dot")), "password": CANARY}).replace('"password"', '"passw\\u006frd"')
    answer = rig.session.post(
        f"{rig.url}/Users", data=body, headers={**rig.headers, "Content-Type": "application/json"}
    )
    assert CANARY not in told(rig) + answer.text


def test_the_inside_of_a_crash_is_not_told(rig, monkeypatch):
    def crash(*_, **__):
        raise RuntimeError(f"{CANARY} at /some/place.py")

    monkeypatch.setattr(rig.target.directory, "get", crash)
    answer = rig.send(rig.driver.read_user(rig.ids["ada"]))
    assert answer.status_code == 500
    rig.driver.check_error(answer)
    assert CANARY not in answer.text
    assert "Traceback" not in answer.text
    assert CANARY in (rig.last.error or "")
    rig.journal.clear()


def test_no_answer_of_the_control_api_but_the_list_of_targets_holds_the_token(rig):
    assert rig.token not in told(rig)

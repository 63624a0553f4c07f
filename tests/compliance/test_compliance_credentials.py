"""Who is let in: whatever is not the token is told so in the target's own shape, and compared in constant time.

`rig.refused` fails if the status is another, the error has not the target's shape, or anything changed; `rig.done` if
the request does not succeed.
"""

from __future__ import annotations

import hmac

import pytest

from tests.compliance.compliance_actions import ACTIONS
from tests.compliance.compliance_rig import person

wrong = pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        "Basic d3Jvbmc6d3Jvbmc=",
        "Basic !!!",
        b"Bearer \x80\xff\xfe",
        "Bearer töken".encode(),
        "Bearer " + "x" * 1_000_000,
        "Bearer \x01",
    ],
    ids=[
        "missing",
        "empty",
        "bare",
        "no_token",
        "wrong",
        "basic",
        "broken",
        "bytes",
        "utf8",
        "long",
        "control",
    ],
)


@wrong
def test_wrong_credentials_are_refused_for_reading_and_for_writing(rig, authorization):
    for ask in (rig.driver.read_user(rig.ids["ada"]), rig.driver.create_user(person("dot"))):
        headers = {"Authorization": authorization}
        before, answer = rig.state(), _raw(rig, ask, headers)
        assert (answer.status_code, rig.state()) == (401, before)
        rig.driver.check_error(answer)
        assert rig.last.error is None


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_no_write_is_allowed_without_credentials(rig, action):
    rig.refused(action.ask(rig), 401, headers={"Authorization": None})


@pytest.mark.parametrize("part", ["first_half", "longer", "other_case", "padded_inside"])
def test_something_like_the_token_is_not_the_token(rig, part):
    token = rig.token
    near = {
        "first_half": token[: len(token) // 2],
        "longer": token + "x",
        "other_case": token.swapcase(),
        "padded_inside": token[:4] + " " + token[4:],
    }[part]
    rig.refused(rig.driver.read_user(rig.ids["ada"]), 401, headers={"Authorization": f"Bearer {near}"})


def test_a_token_in_the_url_lets_nobody_in(rig):
    for name in ("access_token", "token"):
        answer = rig.session.get(f"{rig.url}/Users", params={name: rig.token})
        assert answer.status_code == 401


def test_without_credentials_an_unknown_id_is_answered_like_a_known_one(rig):
    known, unknown = (
        rig.send(rig.driver.read_user(id), headers={"Authorization": "Bearer wrong"}).json()
        for id in (rig.ids["ada"], "nobody")
    )
    assert known == unknown


@pytest.mark.parametrize("given", ["Bearer wrong", b"Bearer \xff"])
def test_tokens_are_compared_as_bytes_in_constant_time(rig, monkeypatch, given):
    compared = []
    real = hmac.compare_digest

    def watched(left, right):
        compared.append((left, right))
        return real(left, right)

    monkeypatch.setattr("provcheck.mock_targets.http.authentication.hmac.compare_digest", watched)
    _raw(rig, rig.driver.read_user(rig.ids["ada"]), {"Authorization": given})
    assert compared
    assert all(isinstance(each, bytes) for pair in compared for each in pair)
    assert any(rig.token.encode() in pair for pair in compared)


def test_two_environments_never_share_a_token(rig):
    from provcheck.mock_targets.environment import Environment

    tokens = {Environment([rig.name], seed=1).target(rig.name).token for _ in range(3)}
    assert len(tokens) == 3


def _raw(rig, ask, headers):
    given = {name: value for name, value in headers.items() if value is not None}
    return rig.session.request(ask.method, rig.url + ask.path, json=ask.body, headers=given)

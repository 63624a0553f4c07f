"""The token endpoint: grant types, scopes, refusals, expiry on the clock, revocation, and faults."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.http.oauth import keys
from provcheck.mock_targets.testing import Handle, session

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


class Rig(Handle):
    """A target, and a client of its token endpoint."""

    def __init__(self) -> None:
        self.environment = Environment(["scim"], clock=VirtualClock(), seed=7, seeded_tokens=True)
        super().__init__(self.environment.target("scim"))
        self.session = session(self.environment)
        self.clock = self.target.clock

    @property
    def client(self) -> tuple[str, str]:
        return self.tokens.client_id, self.tokens.client_secret

    def ask(self, grant: str, *, auth: Any = True, path: str = "/token", **form: str) -> requests.Response:
        url = str(self.token_url).removesuffix("/token") + path
        return self.session.post(url, data={"grant_type": grant, **form}, auth=self.client if auth is True else auth)

    def granted(self, grant: str = "client_credentials", **more: Any) -> dict[str, Any]:
        answer = self.ask(grant, **more)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def refused(self, grant: str, **more: Any) -> tuple[int, str]:
        answer = self.ask(grant, **more)
        assert answer.headers["Cache-Control"] == "no-store"
        return answer.status_code, answer.json()["error"]

    def use(self, token: str) -> requests.Response:
        return self.session.get(f"{self.base_url}/Users", headers={"Authorization": f"Bearer {token}"})

    def assertion(self, *, algorithm: str = "RS256", **claims: Any) -> str:
        now = self.clock.now().timestamp()
        known = {"iss": self.tokens.client_id, "sub": "ada", "aud": self.token_url, "iat": now, "exp": now + 60}
        head = _encoded(json.dumps({"alg": algorithm, "typ": "JWT"}).encode())
        signed = f"{head}.{_encoded(json.dumps({**known, **claims}).encode())}"
        key = keys.key_of(self.target)
        return f"{signed}.{_encoded(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


_SHARED = Rig()


@pytest.fixture
def rig() -> Iterator[Rig]:
    _SHARED.reset()
    yield _SHARED
    assert [exchange.error for exchange in _SHARED.journal if exchange.error] == []


def test_the_credentials_of_the_client_give_a_token_that_the_target_accepts(rig):
    body = rig.granted()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3600)
    assert rig.use(body["access_token"]).status_code == 200
    assert rig.use(rig.token).status_code == 200
    assert rig.use("other").status_code == 401


def test_the_client_may_authenticate_in_the_body(rig):
    client, secret = rig.client
    assert "access_token" in rig.granted(auth=None, client_id=client, client_secret=secret)


@pytest.mark.parametrize("accepted, in_header, in_body", [("basic", 200, 401), ("body", 401, 200)])
def test_a_flag_says_where_the_client_authenticates(rig, accepted, in_header, in_body):
    rig.flags["client_authentication"] = accepted
    client, secret = rig.client
    body = rig.ask("client_credentials", auth=None, client_id=client, client_secret=secret)
    assert (rig.ask("client_credentials").status_code, body.status_code) == (in_header, in_body)


def test_a_token_expires_on_the_clock_of_the_target(rig):
    rig.flags["token_lifetime"] = 60
    body = rig.granted()
    assert body["expires_in"] == 60
    rig.clock.sleep(59)
    assert rig.use(body["access_token"]).status_code == 200
    rig.clock.sleep(1)
    answer = rig.use(body["access_token"])
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    assert "expired" in answer.json()["detail"]


def test_a_token_needs_a_scope_that_the_flag_asks_for(rig):
    rig.flags["requires_scopes"] = "scim.write, scim.admin"
    without, with_it = rig.granted(scope="scim.read"), rig.granted(scope="scim.read scim.write")
    assert (without["scope"], with_it["scope"]) == ("scim.read", "scim.read scim.write")
    answer = rig.use(without["access_token"])
    assert answer.status_code == 403
    assert 'error="insufficient_scope", scope="scim.admin scim.write"' in answer.headers["WWW-Authenticate"]
    assert rig.journal[-1].refused_by == "requires_scopes"
    assert rig.use(with_it["access_token"]).status_code == 200
    assert rig.use(rig.token).status_code == 200


@pytest.mark.parametrize(
    "grant, more, expected",
    [
        ("client_credentials", {"auth": ("somebody", "x")}, (401, "invalid_client")),
        ("client_credentials", {"auth": None}, (401, "invalid_client")),
        ("client_credentials", {"client_secret": "x"}, (400, "invalid_request")),
        ("client_credentials", {"scope": "a  b"}, (400, "invalid_scope")),
        ("", {}, (400, "invalid_request")),
        ("authorization_code", {"code": "x"}, (400, "unsupported_grant_type")),
        ("refresh_token", {"refresh_token": "x"}, (400, "invalid_grant")),
        ("refresh_token", {}, (400, "invalid_request")),
        ("password", {"username": "ada", "password": "x"}, (400, "invalid_grant")),
        (JWT_BEARER, {"assertion": "a.b.c"}, (400, "invalid_grant")),
        (JWT_BEARER, {"assertion": "x" * 100_000}, (400, "invalid_grant")),
        (DEVICE, {"device_code": "x"}, (400, "invalid_grant")),
    ],
)
def test_a_refusal_has_the_code_of_the_rfc(rig, grant, more, expected):
    assert rig.refused(grant, **more) == expected
    assert rig.tokens.has_issued is False


def test_a_client_refused_in_the_header_is_asked_for_basic_credentials(rig):
    assert rig.ask("client_credentials", auth=("a", "b")).headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize("body", [b"grant_type=a&grant_type=b", b"grant_type=%ff", b"a=1&" * 200, b"{}", b""])
def test_a_body_that_is_no_form_is_refused(rig, body):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = rig.session.post(rig.token_url, data=body, headers=headers, auth=rig.client)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_an_assertion_gives_a_token_for_its_subject(rig):
    body = rig.granted(JWT_BEARER, auth=None, assertion=rig.assertion())
    assert rig.use(body["access_token"]).status_code == 200
    assert rig.tokens.find(body["access_token"]).subject == "ada"


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 1},
        {"exp": "soon"},
        {"aud": "https://elsewhere.example"},
        {"aud": None},
        {"iss": "somebody"},
        {"iss": 7},
        {"nbf": 4e9},
        {"algorithm": "none"},
        {"algorithm": "HS256"},
    ],
)
def test_an_assertion_that_is_not_meant_is_refused(rig, claims):
    assert rig.refused(JWT_BEARER, auth=None, assertion=rig.assertion(**claims)) == (400, "invalid_grant")


def test_an_assertion_that_was_altered_is_refused(rig):
    head, claims, _ = rig.assertion().split(".")
    signature = rig.assertion(sub="bob").rpartition(".")[2]
    assert rig.refused(JWT_BEARER, auth=None, assertion=f"{head}.{claims}.{signature}") == (400, "invalid_grant")


def test_a_refresh_token_gives_access_tokens_and_stays(rig):
    for _ in range(2):
        body = rig.granted("refresh_token", refresh_token=rig.tokens.refresh_token)
        assert "refresh_token" not in body
        assert rig.use(body["access_token"]).status_code == 200


def test_a_refresh_token_that_rotates_is_good_for_one_use(rig):
    rig.flags["rotates_refresh_tokens"] = True
    first = rig.granted("password", username="ada", password=rig.token, scope="a b")["refresh_token"]
    second = rig.granted("refresh_token", refresh_token=first, scope="a")["refresh_token"]
    assert rig.refused("refresh_token", refresh_token=first) == (400, "invalid_grant")
    assert rig.refused("refresh_token", refresh_token=second, scope="b c") == (400, "invalid_scope")


def test_a_refused_scope_does_not_use_up_a_refresh_token(rig):
    rig.flags["rotates_refresh_tokens"] = True
    token = rig.granted("password", username="ada", password=rig.token, scope="a")["refresh_token"]
    assert rig.refused("refresh_token", refresh_token=token, scope="b") == (400, "invalid_scope")
    assert "access_token" in rig.granted("refresh_token", refresh_token=token)


def test_a_device_is_told_to_wait_until_the_user_agrees(rig):
    device = rig.ask("", path="/device_authorization", client_id=rig.client[0], auth=None).json()
    code = {"device_code": device["device_code"], "client_id": rig.client[0], "auth": None}
    assert rig.refused(DEVICE, **code) == (400, "authorization_pending")
    assert rig.refused(DEVICE, **code) == (400, "slow_down")
    rig.clock.sleep(device["interval"])
    assert rig.use(rig.granted(DEVICE, **code)["access_token"]).status_code == 200
    assert rig.refused(DEVICE, **code) == (400, "invalid_grant")


def test_a_device_code_expires(rig):
    code = rig.ask("", path="/device_authorization").json()["device_code"]
    rig.clock.sleep(900)
    assert rig.refused(DEVICE, device_code=code) == (400, "expired_token")


def test_a_client_can_revoke_its_token(rig):
    token = rig.granted()["access_token"]
    assert rig.ask("", path="/revoke", token=token).status_code == 200
    assert rig.ask("", path="/revoke", token="unknown").status_code == 200
    assert "revoked" in rig.use(token).json()["detail"]


@pytest.mark.parametrize(
    "path",
    ["/scim/oauth2/.well-known/oauth-authorization-server", "/.well-known/oauth-authorization-server/scim/oauth2"],
)
def test_the_metadata_names_the_endpoints(rig, path):
    body = rig.session.get(rig.environment.url + path).json()
    assert body["token_endpoint"] == rig.token_url
    assert rig.token_url.startswith(body["issuer"])
    assert "client_credentials" in body["grant_types_supported"]


@pytest.mark.parametrize(
    "fault, status, error",
    [
        ({"status": 429, "headers": {"Retry-After": "2"}}, 429, "temporarily_unavailable"),
        ({"status": 503}, 503, "temporarily_unavailable"),
        ({"status": 400, "body": {"error": "invalid_grant"}}, 400, "invalid_grant"),
    ],
)
def test_faults_strike_the_token_endpoint_in_its_own_words(rig, fault, status, error):
    rig.faults.arm("token.create", **fault)
    assert rig.use(rig.token).status_code == 200
    answer = rig.ask("client_credentials")
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert "access_token" in rig.granted()


def test_a_slow_token_endpoint_takes_its_time_on_the_clock(rig):
    rig.faults.arm("token.create", delay=30)
    before = rig.clock.monotonic()
    rig.granted()
    assert rig.clock.monotonic() - before == 30


def test_the_journal_holds_no_secret_of_the_token_endpoint(rig):
    device = rig.ask("", path="/device_authorization").json()
    assertion = rig.assertion()
    tokens = [rig.granted()["access_token"], device["device_code"], assertion]
    rig.granted(JWT_BEARER, auth=None, assertion=assertion)
    rig.refused(DEVICE, device_code=device["device_code"])
    client, secret = rig.client
    rig.granted(auth=None, client_id=client, client_secret=secret)
    rig.granted("refresh_token", refresh_token=rig.tokens.refresh_token)
    rig.granted("password", username="ada", password=rig.token)
    rig.use(tokens[0])
    kept = json.dumps([exchange.as_dict() for exchange in rig.journal])
    held = [each for each in (*tokens, secret, rig.tokens.refresh_token, rig.token) if each in kept]
    assert held == []
    assert '"token_type\\":\\"Bearer' in kept

"""Who gets through to the control API: programs with its token, never a web page."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from provcheck.mock_targets.control_api.guard import allowed_hosts
from provcheck.mock_targets.environment import Environment
from tests.fake_target import make_environment

PATHS = [
    ("GET", "/targets"),
    ("GET", "/targets/fake"),
    ("PATCH", "/targets/fake/flags"),
    ("POST", "/targets/fake/seed"),
    ("GET", "/targets/fake/snapshot"),
    ("GET", "/targets/fake/journal"),
    ("GET", "/targets/fake/journal.har"),
    ("POST", "/targets/fake/journal/count"),
    ("GET", "/targets/fake/faults"),
    ("POST", "/targets/fake/faults"),
    ("DELETE", "/targets/fake/faults"),
    ("DELETE", "/targets/fake/faults/fault-1"),
    ("POST", "/targets/fake/reset"),
    ("POST", "/reset"),
    ("GET", "/openapi.json"),
    ("GET", "/nothing"),
]


@pytest.fixture
def environment() -> Environment:
    return make_environment(url="http://127.0.0.1:8080")


@pytest.fixture
def client(environment: Environment) -> FlaskClient:
    return environment.main.control().test_client()


def send(client: FlaskClient, method: str, path: str, token: str | None, **headers: str):
    sent = {"Host": "127.0.0.1:8080", **{name.replace("_", "-"): value for name, value in headers.items()}}
    if token is not None:
        sent["Authorization"] = f"Bearer {token}"
    return client.open(path, method=method, headers=sent)


@pytest.mark.parametrize(("method", "path"), PATHS)
@pytest.mark.parametrize("token", [None, "", "wrong", "\xff\xfe", "x" * 100_000])
def test_nothing_is_to_be_had_without_the_control_token(client, method, path, token):
    answer = send(client, method, path, token)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_the_token_of_a_target_does_not_open_the_control_api(client, environment):
    assert send(client, "GET", "/targets", environment.target("fake").token).status_code == 401


def test_health_needs_no_token(client):
    assert send(client, "GET", "/health", None).json == {"status": "ok"}


@pytest.mark.parametrize(
    "host", ["evil.test", "evil.test:8080", "127.0.0.1", "127.0.0.1:9", "localhost:80", "", "a@127.0.0.1:8080"]
)
@pytest.mark.parametrize("path", ["/targets", "/health", "/nothing"])
def test_a_foreign_host_name_is_misdirected(client, environment, host, path):
    assert send(client, "GET", path, environment.control_token, Host=host).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "LOCALHOST:8080", "[::1]:8080"])
def test_the_names_of_the_loopback_are_ours(client, environment, host):
    assert send(client, "GET", "/targets", environment.control_token, Host=host).status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Origin": "http://[::1"},
        {"Origin": "http://127.0.0.1:9"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_a_web_page_of_another_site_is_refused_whatever_it_holds(client, environment, method, headers):
    path = "/targets" if method == "GET" else "/reset"
    assert send(client, method, path, environment.control_token, **headers).status_code == 403


def test_a_page_of_our_own_may_ask(client, environment):
    own = {"Origin": "http://127.0.0.1:8080", "Sec_Fetch_Site": "same-origin"}
    assert send(client, "GET", "/targets", environment.control_token, **own).status_code == 200


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp"]
)
def test_a_write_that_a_form_could_send_is_refused(client, environment, content_type):
    answer = send(client, "POST", "/reset", environment.control_token, Content_Type=content_type)
    assert answer.status_code == 415


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_no_answer_lets_other_origins_read_it(client, environment, method, path):
    for token in (None, environment.control_token):
        answer = send(client, method, path, token, Origin="https://evil.test", Content_Type="application/json")
        assert not [name for name, _ in answer.headers if name.lower().startswith("access-control")]


def test_no_answer_is_kept_by_caches(client, environment):
    assert send(client, "GET", "/targets", environment.control_token).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://localhost", "localhost"),
        ("http://localhost", "127.0.0.1:80"),
        ("https://idp.test", "idp.test"),
        ("https://idp.test:8443", "idp.test:8443"),
        ("http://[::1]:81", "[::1]:81"),
    ],
)
def test_the_default_port_may_be_left_out(url, host):
    assert host in allowed_hosts(url)


def test_another_port_may_not_be_left_out():
    assert "idp.test" not in allowed_hosts("https://idp.test:8443")

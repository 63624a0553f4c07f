"""An environment in process: what a `requests` caller sees is what a real connection would show."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from provcheck.mock_targets import registry
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.testing import Handle, WsgiAdapter, mount, session
from tests.fake_target import make_environment


@pytest.fixture
def environment() -> Environment:
    return make_environment()


@pytest.fixture
def target(environment: Environment) -> Handle:
    return Handle(environment.target("fake"))


@pytest.fixture(params=["adapter", "mount"])
def caller(request: pytest.FixtureRequest, environment: Environment, target: Handle) -> Iterator[requests.Session]:
    """A session that reaches the environment one way or the other."""
    if request.param == "adapter":
        with session(environment) as made:
            made.headers.update(target.headers)
            yield made
    else:
        with mount(environment), requests.Session() as made:
            made.headers.update(target.headers)
            yield made


def test_a_call_is_answered(caller, target):
    answer = caller.post(f"{target.base_url}/people", json={"login": "ada"})
    assert (answer.status_code, answer.reason, answer.json()["login"]) == (201, "Created", "ada")
    assert answer.headers["x-fake"] == "yes"
    assert answer.url == f"{target.base_url}/people"


def test_query_and_path_arrive_decoded_once(caller, target):
    caller.get(f"{target.base_url}/people/a%20%C3%A4%252F", params={"q": "x y&z"})
    exchange = target.journal[-1]
    assert (exchange.path, exchange.query) == ("/people/a ä%2F", "q=x+y%26z")


@pytest.mark.parametrize("body", ['{"login": "ä"}', '{"login": "ä"}'.encode(), iter([b'{"login"', ': "ä"}'.encode()])])
def test_any_kind_of_body_arrives(environment, target, body):
    with session(environment) as caller:
        answer = caller.post(f"{target.base_url}/people", data=body, headers=target.headers)
    assert answer.json()["login"] == "ä"


def test_a_file_is_a_body_too(environment, target, tmp_path):
    (tmp_path / "body.json").write_text('{"login": "ada"}')
    with session(environment) as caller, (tmp_path / "body.json").open("rb") as body:
        assert caller.post(f"{target.base_url}/people", data=body, headers=target.headers).status_code == 201


def test_a_lost_answer_is_a_connection_error(caller, target):
    target.faults.arm("user.create", moment="after", loses_answer=True)
    with pytest.raises(requests.exceptions.ConnectionError):
        caller.post(f"{target.base_url}/people", json={"login": "ada"})
    assert target.snapshot()["users"][0]["userName"] == "ada"


def test_a_truncated_body_is_a_chunked_encoding_error(caller, target):
    target.faults.arm("user.list", truncates_at=4)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        caller.get(f"{target.base_url}/people")


def test_a_truncated_body_that_is_streamed_breaks_off_where_it_was_cut(caller, target):
    target.faults.arm("user.list", truncates_at=4)
    answer = caller.get(f"{target.base_url}/people", stream=True)
    assert answer.status_code == 200
    pieces = answer.iter_content(2)
    assert next(pieces) + next(pieces) == b'{"pe'
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        next(pieces)


@pytest.mark.parametrize(("timeout", "late"), [(1, True), ((5, 1), True), (3, False), (None, False)])
def test_an_answer_later_than_the_callers_timeout_is_a_read_timeout(caller, target, timeout, late):
    target.faults.arm("user.create", delay=2)
    url = f"{target.base_url}/people"
    if late:
        with pytest.raises(requests.exceptions.ReadTimeout):
            caller.post(url, json={"login": "ada"}, timeout=timeout)
    else:
        assert caller.post(url, json={"login": "ada"}, timeout=timeout).status_code == 201
    assert len(target.snapshot()["users"]) == 1


def test_an_answered_stream_can_be_read_in_pieces(caller, target):
    answer = caller.get(f"{target.base_url}/people", stream=True)
    assert b"".join(answer.iter_content(3)) == b'{"people":[]}'


def test_mounted_real_urls_of_a_vendor_are_answered(environment, target):
    with mount(environment):
        assert requests.get("https://api.fake.example/people", headers=target.headers).json() == {"people": []}


def test_a_target_can_be_mounted_anywhere_and_then_lives_there(environment, target):
    with mount(environment, {"https://idp.test/acme/": "fake"}):
        answer = requests.post("https://idp.test/acme/people", json={"login": "ada"}, headers=target.headers)
        assert answer.headers["Location"].startswith("https://idp.test/acme/people/")
        assert target.base_url == "https://idp.test/acme"
    assert target.base_url == "http://localhost/fake"


@pytest.mark.parametrize(
    "url", ["https://elsewhere.test/", "https://idp.test/acmes/people", "http://localhost.evil.test/"]
)
def test_nothing_else_is_reached_while_mounted(environment, url):
    with mount(environment, {"https://idp.test/acme": "fake"}), pytest.raises(requests.exceptions.ConnectionError):
        requests.get(url)


def test_an_unknown_target_is_not_mounted(environment):
    with pytest.raises(registry.UnknownTarget), mount(environment, {"https://idp.test": "nobody"}):
        pass


def test_the_control_api_is_mounted_too(environment):
    headers = {"Authorization": f"Bearer {environment.control_token}"}
    with mount(environment):
        assert requests.get(f"{environment.control_url()}/targets", headers=headers).status_code == 200


def test_any_wsgi_app_can_stand_behind_the_adapter():
    def app(environ, start_response):
        write = start_response("200 OK", [("Content-Type", "text/plain")])
        write(environ["HTTP_HOST"].encode())
        return [b"!"]

    with requests.Session() as caller:
        caller.mount("https://x.test", WsgiAdapter(app))
        assert caller.get("https://x.test:8443/").text == "x.test:8443!"

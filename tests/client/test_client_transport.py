"""The way out: headers, bounds, redirects, and what each kind of answer is taken for."""

from __future__ import annotations

import base64
from typing import Any

import orjson
import pytest
import requests
from urllib3.exceptions import NewConnectionError

from provcheck.harness.client import transport as transport_module
from provcheck.harness.client.outcome import Outcome
from provcheck.harness.client.transport import Transport, basic, bearer
from provcheck.harness.model.clock import VirtualClock
from provcheck.harness.model.connection import BadConnection, Connection
from provcheck.harness.vendors import connect
from tests.client.provisioning_rig import Script

URL = "https://target.example/scim"


def answered(*entries: Any, method: str = "GET", document: Any = None) -> tuple[Any, Script]:
    script = Script(entries)
    transport = Transport(script.session(), URL, authorization=bearer("hush"))
    return transport.send(method, "/Users", document), script


def test_a_request_carries_agent_credentials_and_media_types() -> None:
    _, script = answered((200, "{}"), method="POST", document={"userName": "ädä"})
    request = script.asked[0]
    assert request.headers["Authorization"] == "Bearer hush"
    assert request.headers["User-Agent"].startswith("provcheck")
    assert request.headers["Content-Type"] == "application/scim+json"
    assert request.headers["Content-Length"] == str(len(request.body))
    assert orjson.loads(request.body) == {"userName": "ädä"}


def test_a_read_carries_no_body_and_no_content_type() -> None:
    _, script = answered((200, "{}"))
    assert script.asked[0].body is None
    assert "Content-Type" not in script.asked[0].headers


@pytest.mark.parametrize(
    "status, method, outcome",
    [
        (200, "GET", Outcome.OK),
        (201, "POST", Outcome.OK),
        (400, "POST", Outcome.REFUSED),
        (401, "GET", Outcome.UNAUTHORIZED),
        (403, "POST", Outcome.REFUSED),
        (404, "GET", Outcome.MISSING),
        (405, "PATCH", Outcome.REFUSED),
        (408, "POST", Outcome.UNKNOWN),
        (409, "POST", Outcome.CONFLICT),
        (410, "DELETE", Outcome.MISSING),
        (413, "PATCH", Outcome.REFUSED),
        (425, "POST", Outcome.RETRYABLE),
        (429, "POST", Outcome.THROTTLED),
        (500, "GET", Outcome.RETRYABLE),
        (500, "POST", Outcome.UNKNOWN),
        (501, "PATCH", Outcome.REFUSED),
        (502, "PUT", Outcome.UNKNOWN),
        (503, "GET", Outcome.RETRYABLE),
        (504, "DELETE", Outcome.UNKNOWN),
    ],
)
def test_an_answer_is_sorted_by_its_status_and_by_whether_it_writes(status: int, method: str, outcome: Outcome) -> None:
    reply, _ = answered((status, "{}"), method=method)
    assert reply.outcome is outcome


@pytest.mark.parametrize(
    "status, body, headers",
    [
        (403, "{}", {"x-ratelimit-remaining": "0"}),
        (403, "{}", {"Retry-After": "3"}),
        (403, '{"message": "You have exceeded a secondary rate limit."}', {}),
        (500, '{"detail": "REQUEST_LIMIT_EXCEEDED"}', {}),
        (400, '{"Errors": [{"description": "too_many_requests", "code": 400}]}', {}),
    ],
)
def test_a_limit_is_known_in_other_words_too(status: int, body: str, headers: dict[str, str]) -> None:
    reply, _ = answered((status, body, headers), method="POST")
    assert reply.outcome is Outcome.THROTTLED


@pytest.mark.parametrize(
    "error, method, outcome",
    [
        (requests.exceptions.ConnectTimeout(), "POST", Outcome.RETRYABLE),
        (requests.exceptions.ReadTimeout(), "POST", Outcome.UNKNOWN),
        (requests.exceptions.ReadTimeout(), "GET", Outcome.RETRYABLE),
        (requests.exceptions.ConnectionError(), "PATCH", Outcome.UNKNOWN),
        (requests.exceptions.SSLError(), "GET", Outcome.UNREACHABLE),
        (requests.exceptions.InvalidURL(), "GET", Outcome.UNREACHABLE),
        (ConnectionResetError(), "POST", Outcome.UNKNOWN),
    ],
)
def test_silence_is_sorted_by_whether_the_request_may_have_arrived(
    error: Exception, method: str, outcome: Outcome
) -> None:
    reply, _ = answered(error, method=method)
    assert reply.outcome is outcome
    assert reply.status == 0


def test_a_refused_connection_never_carried_the_write() -> None:
    inner = requests.exceptions.ConnectionError(type("Reason", (), {"reason": NewConnectionError(None, "no")})())
    reply, _ = answered(inner, method="POST")
    assert reply.outcome is Outcome.RETRYABLE


@pytest.mark.parametrize("body", ["", "<html>", "[1]", '{"id":'])
def test_of_a_write_the_status_counts_even_when_the_body_cannot_be_used(body: str) -> None:
    reply, _ = answered((201, body), method="POST")
    assert reply.ok
    assert reply.document is None


@pytest.mark.parametrize("body", ["", "<html>", '{"id":'])
def test_a_read_whose_body_cannot_be_used_is_asked_again(body: str) -> None:
    reply, _ = answered((200, body))
    assert reply.outcome is Outcome.RETRYABLE


def test_an_error_page_is_not_quoted_and_plain_words_are() -> None:
    assert answered((502, "<html>secret</html>"))[0].detail == ""
    assert answered((502, "upstream died"))[0].summary() == "HTTP 502: upstream died"


@pytest.mark.parametrize(
    "body, detail",
    [
        ('{"detail": "no such thing", "scimType": "invalidValue"}', "no such thing"),
        ('{"Errors": {"description": "long_username", "code": 400}}', "long_username"),
        ('{"Errors": [{"description": "bad", "code": "400"}]}', "bad"),
        ('{"message": "Bad credentials"}', "Bad credentials"),
        ('{"Errors": 7}', ""),
        ("[]", ""),
    ],
)
def test_the_words_of_an_error_are_found_in_every_shape(body: str, detail: str) -> None:
    assert answered((400, body))[0].detail == detail


def test_a_body_larger_than_the_bound_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport_module, "LARGEST_BODY", 100)
    reply, _ = answered((200, '{"a": "' + "x" * 200 + '"}'))
    assert reply.outcome is Outcome.RETRYABLE
    assert "larger" in reply.detail


def test_a_redirect_on_the_same_host_is_followed_by_reads() -> None:
    reply, script = answered((301, "", {"Location": "/scim/v2/Users"}), (200, '{"ok": 1}'))
    assert reply.document == {"ok": 1}
    assert script.asked[1].url == "https://target.example/scim/v2/Users"


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/",
        "http://target.example/scim",
        "//evil.example/x",
        "https://target.example:8443/",
        "http://[::1",
    ],
)
def test_a_redirect_to_another_host_is_never_followed(location: str) -> None:
    reply, script = answered((302, "", {"Location": location}))
    assert reply.outcome is Outcome.REFUSED
    assert len(script.asked) == 1


def test_a_write_follows_only_redirects_that_keep_the_method() -> None:
    assert answered((302, "", {"Location": "/x"}), method="POST")[0].outcome is Outcome.REFUSED
    reply, script = answered((307, "", {"Location": "/x"}), (201, "{}"), method="POST", document={"a": 1})
    assert reply.ok
    assert script.asked[1].body == b'{"a":1}'


def test_a_redirect_in_a_circle_ends() -> None:
    reply, script = answered(*[(302, "", {"Location": "/x"})] * 9)
    assert reply.outcome is Outcome.REFUSED
    assert len(script.asked) < 6


def test_a_media_type_that_is_not_liked_is_changed_once_and_kept() -> None:
    script = Script([(415, "{}"), (201, "{}"), (201, "{}")])
    transport = Transport(script.session(), URL)
    assert transport.send("POST", "/Users", {}).ok
    assert transport.send("POST", "/Users", {}).ok
    assert [request.headers["Content-Type"] for request in script.asked] == [
        "application/scim+json",
        "application/json",
        "application/json",
    ]


def test_a_value_that_is_no_text_is_refused_and_not_sent() -> None:
    reply, script = answered((201, "{}"), method="POST", document={"userName": "\ud800"})
    assert reply.outcome is Outcome.REFUSED
    assert script.asked == []


def _header(**fields: Any) -> str | None:
    script = Script([(404, "{}")])
    connection = Connection("scim", "c", URL, **fields)
    connect(connection, script.session(), VirtualClock()).read_account("1")
    return script.asked[0].headers.get("Authorization")


def test_every_way_of_authentication_has_its_header() -> None:
    assert _header(token="t") == "Bearer t"
    assert _header(token="t", authorization_type="token") == "token t"
    assert _header(authentication_method="None") is None
    assert (
        _header(authentication_method="Basic Authentication", basic_auth_user="u", basic_auth_password="p:ä")
        == "Basic " + base64.b64encode("u:p:ä".encode()).decode()
    )
    assert basic("u", "p") == "Basic dTpw"


def test_client_credentials_without_a_token_are_refused_with_a_reason() -> None:
    with pytest.raises(BadConnection, match="OAUTH_CLIENT_ID"):
        _header(authentication_method="OAuth 2 Client Credentials")

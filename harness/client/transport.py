"""One way out to one target: sends a request, reads a bounded answer, and classifies it.

The status is looked at before the body, and the credentials never follow a redirect to another host.
Requests are prepared by hand (headers once per connection) and handed to the session's own adapter, because
`Session.request` merges cookies, proxies and environment anew on every call, which costs more than the rest together.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import orjson
import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError, NewConnectionError

from provcheck.harness.client.connection_errors import cause, host_of
from provcheck.harness.client.oauth import AccessTokens
from provcheck.harness.client.outcome import Json, Outcome, Reply, classify, explanation
from provcheck.harness.model.redaction import Redactor

USER_AGENT = "provcheck-sync/1"
CONNECT_SECONDS = 10.0
READ_SECONDS = 60.0
LARGEST_BODY = 64 * 1024 * 1024
LONGEST_REDIRECT_CHAIN = 3
FORM = "application/x-www-form-urlencoded"
MEDIA_TYPES = ("application/scim+json", "application/json")


def bearer(token: str, *, scheme: str = "Bearer") -> str:
    """The Authorization value of a token under the given scheme (RFC 6750 section 2.1)."""
    return f"{scheme} {token}"


def basic(user: str, password: str) -> str:
    """The Authorization value of a user and a password (RFC 7617 section 2)."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


class Transport:
    """Sends requests below one base URL; never raises for anything a target or a network does."""

    def __init__(
        self,
        session: requests.Session,
        base_url: str,
        *,
        authorization: str | None = None,
        media_type: str = MEDIA_TYPES[0],
        headers: Mapping[str, str] | None = None,
        timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
        tokens: AccessTokens | None = None,
    ) -> None:
        """`tokens` give the Authorization header of each request, in place of `authorization`."""
        self._session, self._tokens = session, tokens
        self._base = base_url.rstrip("/")
        self._media_type = media_type
        self._timeout = timeout
        self._headers = {"User-Agent": USER_AGENT, "Accept": f"{media_type}, application/json;q=0.9, */*;q=0.1"}
        self._headers["Connection"] = "keep-alive"
        self._headers["Accept-Encoding"] = "identity"
        if authorization is not None:
            self._headers["Authorization"] = authorization
        self._headers.update(headers or {})
        self._redactor = Redactor([(authorization or "").partition(" ")[2]])
        """A target may quote the credentials; what it says is kept in the state and shown."""
        self._settings = session.merge_environment_settings(self._base, {}, True, _chosen(session), None)

    def send(self, method: str, path: str, document: Json | None = None) -> Reply:
        """Send one request; a 415 is tried once more with the other JSON media type, which is then kept.

        A 401 is tried once more with a new access token, where tokens can be had.
        """
        if self._tokens is None:
            return self._send(method, path, document)
        reply = self._with_token(self._tokens, method, path, document)
        if reply.outcome is Outcome.UNAUTHORIZED and reply.status == 401 and self._tokens.discard():
            return self._with_token(self._tokens, method, path, document)
        return reply

    def _with_token(self, tokens: AccessTokens, method: str, path: str, document: Json | None) -> Reply:
        header = tokens.header(self._ask_for_token)
        if isinstance(header, Reply):
            return header
        self._headers["Authorization"] = header
        self._redactor.learn([header.partition(" ")[2]])
        return self._send(method, path, document)

    def _ask_for_token(self, url: str, authorization: str, form: Mapping[str, str]) -> Reply:
        """POST a form to the token endpoint; redirects are not followed, because they would take the secret along."""
        self._redactor.learn([authorization.partition(" ")[2]])
        headers = {"Authorization": authorization, "Content-Type": FORM, "Accept": MEDIA_TYPES[1]}
        return self._exchange("POST", url, urlencode(form).encode(), headers)

    def _send(self, method: str, path: str, document: Json | None) -> Reply:
        reply = self._follow(method, self._base + path, document)
        if document is not None and self.asks_for_another_type(reply):
            kept = self._media_type
            self._media_type = MEDIA_TYPES[1 - MEDIA_TYPES.index(kept)]
            reply = self._follow(method, self._base + path, document)
            if reply.status == 415:
                self._media_type = kept
        return reply

    @staticmethod
    def asks_for_another_type(reply: Reply) -> bool:
        """Whether a body was refused for its media type (RFC 9110 section 15.5.16)."""
        return reply.status == 415

    def _follow(self, method: str, url: str, document: Json | None) -> Reply:
        for _ in range(LONGEST_REDIRECT_CHAIN + 1):
            reply = self._exchange(method, url, document)
            if not 300 <= reply.status < 400:
                return reply
            try:
                target = urljoin(url, reply.header("Location"))
            except ValueError:
                return Reply(Outcome.REFUSED, reply.status, detail="redirect to a malformed URL not followed")
            if not _may_follow(method, reply.status, url, target):
                return Reply(
                    Outcome.REFUSED,
                    reply.status,
                    detail=self._redactor.text(f"redirect to {_origin(target)} not followed"),
                )
            url = target
        return Reply(Outcome.REFUSED, reply.status, detail="too many redirects")

    def _exchange(
        self, method: str, url: str, document: Json | bytes | None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        try:
            request = self._prepare(method, url, document, headers or {})
        except TypeError:
            # A lone surrogate has no form in UTF-8; only the request with it fails.
            return Reply(Outcome.REFUSED, detail="a value is not text that can be sent")
        try:
            adapter = self._session.get_adapter(url)
            response = adapter.send(request, stream=True, timeout=self._timeout, **_sendable(self._settings))
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            reply = _unanswered(method, url, error)
        else:
            reply = _read(method, response)
        return replace(reply, detail=self._redactor.text(reply.detail)) if reply.detail else reply

    def _prepare(
        self, method: str, url: str, document: Json | bytes | None, more: Mapping[str, str]
    ) -> requests.PreparedRequest:
        request = requests.PreparedRequest()
        request.method = method
        request.url = url
        headers: CaseInsensitiveDict[str] = CaseInsensitiveDict(self._headers)
        if document is not None:
            body = document if isinstance(document, bytes) else orjson.dumps(document)
            request.body = body
            headers["Content-Type"] = self._media_type
            headers["Content-Length"] = str(len(body))
        elif method in ("POST", "PUT", "PATCH"):
            headers["Content-Length"] = "0"
        headers.update(more)
        request.headers = headers
        return request


def _chosen(session: requests.Session) -> str | None:
    """The file of authorities that the session was given: it goes before one of the environment."""
    return session.verify if isinstance(session.verify, str) else None


def _sendable(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: settings[name] for name in ("verify", "cert", "proxies")}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _may_follow(method: str, status: int, source: str, target: str) -> bool:
    return _origin(source) == _origin(target) and (method == "GET" or status in (307, 308)) and status != 304


def _unanswered(method: str, url: str, error: Exception) -> Reply:
    """Sort a failure to get an answer: only a request that cannot have left is surely not applied."""
    detail = f"{host_of(url)}: {cause(error)}"
    if isinstance(error, requests.exceptions.SSLError):
        return Reply(Outcome.UNREACHABLE, detail=detail)
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, ValueError)) and not (
        isinstance(error, requests.exceptions.JSONDecodeError)
    ):
        return Reply(Outcome.UNREACHABLE, detail=f"{host_of(url)}: the address of the target cannot be used")
    if method == "GET" or isinstance(error, requests.exceptions.ConnectTimeout) or _never_connected(error):
        return Reply(Outcome.RETRYABLE, detail=detail)
    return Reply(Outcome.UNKNOWN, detail=detail)


def _never_connected(error: Exception) -> bool:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError)


def _read(method: str, response: requests.Response) -> Reply:
    status, headers = response.status_code, response.headers
    try:
        body = _bounded(response)
    except (requests.RequestException, HTTPError, OSError) as error:
        return _cut(method, status, headers, type(error).__name__)
    finally:
        response.close()
    if body is None:
        return _cut(method, status, headers, "the answer is larger than this client reads")
    if not body.strip():
        return _bare(method, status, headers)
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        if status < 300:
            return _cut(method, status, headers, "the answer is not JSON")
        return Reply(classify(method, status, headers, ""), status, None, headers, _first_words(body))
    detail, scim_type = explanation(document) if status >= 300 else ("", "")
    found = document if isinstance(document, dict) else None
    return Reply(classify(method, status, headers, detail), status, found, headers, detail, scim_type)


def _bounded(response: requests.Response) -> bytes | None:
    pieces, size = [], 0
    for piece in response.iter_content(1 << 16):
        size += len(piece)
        if size > LARGEST_BODY:
            return None
        pieces.append(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _bare(method: str, status: int, headers: Mapping[str, str]) -> Reply:
    if method == "GET" and status < 300:
        return Reply(Outcome.RETRYABLE, status, None, headers, "the answer is empty")
    return Reply(classify(method, status, headers, ""), status, None, headers)


def _cut(method: str, status: int, headers: Mapping[str, str], why: str) -> Reply:
    """A body that cannot be used: a read is asked again; of a write the status still counts."""
    if method == "GET" and status < 300:
        return Reply(Outcome.RETRYABLE, status, None, headers, why)
    return Reply(classify(method, status, headers, ""), status, None, headers, why)


def _first_words(body: bytes) -> str:
    text = body[:400].decode("utf-8", "replace")
    return "" if text.lstrip().startswith("<") else text[:120]
